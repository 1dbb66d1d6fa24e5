//! The whole interface, tried by its own description: `schemathesis` sends what the document allows and what it does not, and
//! compares what is answered with what the document says.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};

use crate::{
    console::people::{self, OWNER, Person},
    doors::{id, two_lists},
    hosted::browser,
    shop,
};

const SETTINGS: &str = include_str!("schemathesis/settings.toml");
const HOOKS: &str = include_str!("schemathesis/hooks.py");
const MAIL_SECRET: &str = "0123456789-a-long-secret";

/// What ends a session or takes away what the others are tried with: tried last, one by one.
const ENDING: [&str; 5] = ["changePassword", "eraseForRequester", "eraseRequest", "signOut", "signOutEverywhere"];

/// How many examples are made of each operation.
fn examples() -> &'static str {
    if std::env::var_os("PORCHLIGHT_FULL").is_some() { "100" } else { "15" }
}

/// The cookie that a link's button sets, without its name.
async fn visit(host: &Host, path: &str) -> Result<String> {
    let press = browser()?.post(host.url(path)).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let welcome = press.body("action=open").send().await?;
    let cookie = welcome.headers().get(header::SET_COOKIE).context("a cookie")?.to_str()?;
    Ok(cookie.split(['=', ';']).nth(1).context("a value")?.to_owned())
}

/// What is filled into the settings, by name.
type Filled = Vec<(&'static str, String)>;

/// A session and a request, for one run.
async fn fresh(host: &Host) -> Result<Filled> {
    let owner = Person::signed_in(host, OWNER).await?;
    let slot = shop::slots(host).await?.into_iter().nth(3).context("a slot")?;
    let call = Sample::callback(&slot).with("email", "anna@example.com").with("text", "Щенок боится будки");
    let left = people::left(host, &owner, call).await?;
    let session = owner.cookies.split(['=', ';']).nth(1).context("a session")?.to_owned();
    Ok(vec![("TRACKING", left.token), ("REQUEST", left.id), ("SESSION", session)])
}

/// What all runs have in common: links that letters lead to, what they are exchanged for, and a canned reply.
async fn lasting(host: &Host) -> Result<Filled> {
    let owner = Person::signed_in(host, OWNER).await?;
    let reply = json!({"title": "Thanks", "text": "{name}"});
    let reply = owner.post("sites/pet-shop/replies", reply, StatusCode::CREATED).await?;
    let [list, other] = two_lists(host).await?;
    let exchange = host.post(&format!("/v1/sites/pet-shop/links/{}", id(&other)), &json!({}));
    let exchanged = shop::json(exchange, StatusCode::OK).await?;
    let desk = shop::mailed_link(host, "", "/desk/pet-shop/").await?;
    let link = shop::mailed_link(host, "", "/r/pet-shop/").await?;
    let text = |value: &Value| value.as_str().map(str::to_owned).context("a text");
    Ok(vec![
        ("EXAMPLES", examples().to_owned()),
        ("MAIL", MAIL_SECRET.to_owned()),
        ("REQUESTER", text(&exchanged["requester_token"])?),
        ("REPLY", text(&reply["id"])?),
        ("LINK", id(&link).to_owned()),
        ("VISIT", visit(host, &link).await?),
        ("DESK", id(&desk).to_owned()),
        ("DESK_VISIT", visit(host, &desk).await?),
        ("LIST", id(&list).to_owned()),
        ("LIST_VISIT", visit(host, &list).await?),
    ])
}

/// Runs it with these settings; fails with what it found.
async fn tried(host: &Host, folder: &Path, filled: &[(&str, String)], arguments: &[&str]) -> Result<()> {
    let fill = |settings: String, (name, value): &(&str, String)| settings.replace(&format!("{{{name}}}"), value);
    fs::write(folder.join("schemathesis.toml"), filled.iter().fold(SETTINGS.to_owned(), fill))?;
    let program = std::env::var_os("PORCHLIGHT_SCHEMATHESIS")
        .context("PORCHLIGHT_SCHEMATHESIS is not set: run `cargo xtask test`, or set it to the path of schemathesis")?;
    let mut command = Command::new(program);
    command.args(["--config-file", "schemathesis.toml", "run", &host.url("/v1/openapi.json")]).args(arguments);
    command.current_dir(folder).env("PYTHONUTF8", "1");
    // On a thread of its own, so that connections that end meanwhile are noticed here.
    let output = tokio::task::spawn_blocking(move || command.output()).await?.context("schemathesis did not start")?;
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
    people::people_of(&host)?;
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("hooks.py"), HOOKS)?;
    let others: Vec<&str> = ENDING.iter().flat_map(|name| ["--exclude-operation-id", name]).collect();
    let first = fresh(&host).await?;
    let lasting = lasting(&host).await?;
    tried(&host, folder.path(), &[first, lasting.clone()].concat(), &others).await?;
    for name in ENDING {
        let filled = [fresh(&host).await?, lasting.clone()].concat();
        tried(&host, folder.path(), &filled, &["--include-operation-id", name]).await?;
    }
    let log = host.killed()?;
    assert!(!log.contains("panicked"), "{log}");
    Ok(())
}
