//! The whole interface, tried by its own description: `schemathesis` sends what the document allows and what it does not, and
//! compares what is answered with what the document says.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use reqwest::{StatusCode, header};
use serde_json::json;

use crate::{
    console::people::{self, OWNER, Person},
    hosted::browser,
    shop,
};

const SETTINGS: &str = include_str!("schemathesis/settings.toml");
const HOOKS: &str = include_str!("schemathesis/hooks.py");
const MAIL_SECRET: &str = "0123456789-a-long-secret";

/// What ends a session or takes away what the others are tried with: tried last, each until it has done so.
const ENDING: [&str; 5] = ["changePassword", "eraseForRequester", "eraseRequest", "signOut", "signOutEverywhere"];

/// How many examples are made of each operation.
fn examples() -> &'static str {
    if std::env::var_os("PORCHLIGHT_FULL").is_some() { "300" } else { "15" }
}

/// The one-time id at the end of a link's path.
fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The cookie that a link's button sets, without its name.
async fn visit(host: &Host, path: &str) -> Result<String> {
    let press = browser()?.post(host.url(path)).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let welcome = press.body("action=open").send().await?;
    let cookie = welcome.headers().get(header::SET_COOKIE).context("a cookie")?.to_str()?;
    Ok(cookie.split(['=', ';']).nth(1).context("a value")?.to_owned())
}

/// The settings, with what opens things at this host.
async fn settings(host: &Host) -> Result<String> {
    people::people_of(host)?;
    let owner = Person::signed_in(host, OWNER).await?;
    let slot = shop::slots(host).await?.into_iter().nth(3).context("a slot")?;
    let call = Sample::callback(&slot).with("email", "anna@example.com").with("text", "Щенок боится будки");
    let left = people::left(host, &owner, call).await?;
    let reply =
        owner.post("sites/pet-shop/replies", json!({"title": "t", "text": "{name}"}), StatusCode::CREATED).await?;
    let wish = host.post("/v1/sites/pet-shop/links", &json!({"email": "anna@example.com", "locale": "ru"}));
    shop::json(wish, StatusCode::ACCEPTED).await?;
    let list = shop::mailed_link(host, "показать все ваши обращения", "/mine/pet-shop/").await?;
    let exchange = host.post(&format!("/v1/sites/pet-shop/links/{}", id(&list)), &json!({}));
    let requester = shop::json(exchange, StatusCode::OK).await?["requester_token"].clone();
    let desk = shop::mailed_link(host, "", "/desk/pet-shop/").await?;
    let link = shop::mailed_link(host, "", "/r/pet-shop/").await?;
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned).context("a text");
    let session = owner.cookies.split(['=', ';']).nth(1).context("a session")?;
    let filled = [
        ("EXAMPLES", examples().to_owned()),
        ("TRACKING", left.token.clone()),
        ("REQUESTER", text(&requester)?),
        ("MAIL", MAIL_SECRET.to_owned()),
        ("SESSION", session.to_owned()),
        ("VISIT", visit(host, &link).await?),
        ("REQUEST", left.id.clone()),
        ("LINK", id(&link).to_owned()),
        ("DESK", id(&desk).to_owned()),
        ("LIST", id(&list).to_owned()),
        ("REPLY", text(&reply["id"])?),
    ];
    Ok(filled
        .iter()
        .fold(SETTINGS.to_owned(), |settings, (name, value)| settings.replace(&format!("{{{name}}}"), value)))
}

/// Runs it in a folder that has its settings; fails with what it found.
fn tried(host: &Host, folder: &Path, arguments: &[String]) -> Result<()> {
    let program = std::env::var_os("PORCHLIGHT_SCHEMATHESIS")
        .context("PORCHLIGHT_SCHEMATHESIS is not set: run `cargo xtask test`, or set it to the path of schemathesis")?;
    let mut command = Command::new(program);
    command.args(["--config-file", "schemathesis.toml", "run", &host.url("/v1/openapi.json")]).args(arguments);
    let output = command.current_dir(folder).env("PYTHONUTF8", "1").output().context("schemathesis did not start")?;
    let said = String::from_utf8_lossy(&output.stdout);
    anyhow::ensure!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    println!("{said}");
    Ok(())
}

#[tokio::test]
async fn schemathesis_finds_nothing_that_is_not_as_the_document_says() -> Result<()> {
    let options = HostOptions::demo().clock(shop::WEDNESDAY_NOON).unlimited();
    let options = options.environment("PORCHLIGHT_MAIL__INBOUND_SECRET", MAIL_SECRET);
    let host = Host::start(shop::binary(), options).await?;
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("schemathesis.toml"), settings(&host).await?)?;
    fs::write(folder.path().join("hooks.py"), HOOKS)?;
    let of = |choice: &str| ENDING.iter().flat_map(|name| [choice.to_owned(), (*name).to_owned()]).collect::<Vec<_>>();
    tried(&host, folder.path(), &of("--exclude-operation-id"))?;
    tried(&host, folder.path(), &of("--include-operation-id"))?;
    let log = host.killed()?;
    assert!(!log.contains("panicked"), "{log}");
    Ok(())
}
