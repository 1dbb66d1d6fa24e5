//! People who answer, and how they come in.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use anyhow::{Context, Result, ensure};
use porchlight_testkit::{Host, HostOptions, PATIENCE, samples::Sample, wait_until};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::shop;

pub const PASSWORD: &str = "correct horse battery staple";
pub const OWNER: &str = "vera@shop.example";
pub const AGENT: &str = "boris@shop.example";
/// Owns another site.
pub const STRANGER: &str = "gleb@cinema.example";

const CINEMA: &str = r#"key = "cinema"
name = "Кинотеатр"
reference_prefix = "KN"
locale = "ru"
time_zone = "Europe/Moscow"
hours = "24/7"

[forms.message]
expected_reply = "2h"
"#;

/// Runs a command beside the host, with something on its standard input.
pub fn command(data: &Path, arguments: &[&str], input: &str) -> Result<Output> {
    let mut command = Command::new(shop::binary());
    command.args(arguments).arg("--data").arg(data);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn()?;
    // It may end before it reads.
    drop(child.stdin.take().context("a pipe")?.write_all(input.as_bytes()));
    Ok(child.wait_with_output()?)
}

fn done(data: &Path, arguments: &[&str], input: &str) -> Result<()> {
    let output = command(data, arguments, input)?;
    ensure!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Adds an agent of sites.
pub fn add(data: &Path, email: &str, role: &str, sites: &[&str]) -> Result<()> {
    let name = email.split('@').next().unwrap_or_default();
    let mut arguments = vec!["agent", "add", email, "--name", name, "--role", role];
    sites.iter().for_each(|site| arguments.extend(["--site", site]));
    done(data, &arguments, &format!("{PASSWORD}\n"))
}

/// Another site, with its owner, once the host has taken it up.
pub async fn add_cinema(host: &Host) -> Result<()> {
    add_cinema_with(host, CINEMA).await
}

/// The same with another site file.
pub async fn add_cinema_with(host: &Host, file: &str) -> Result<()> {
    let (data, folder) = (host.data(), tempfile::tempdir()?);
    std::fs::write(folder.path().join("site.toml"), file)?;
    done(data, &["site", "apply", &folder.path().display().to_string()], "")?;
    add(data, STRANGER, "owner", &["cinema"])?;
    let taken_up = async || {
        let offer = host.get("/v1/sites/cinema/offer").send().await.ok()?;
        offer.status().is_success().then_some(())
    };
    wait_until("the site to be taken up", PATIENCE, taken_up).await
}

/// The pet shop on Sunday night with an owner and an agent.
pub async fn shop() -> Result<Host> {
    let host = shop::at_night().await?;
    people_of(&host)?;
    Ok(host)
}

pub fn people_of(host: &Host) -> Result<()> {
    add(host.data(), OWNER, "owner", &[])?;
    add(host.data(), AGENT, "agent", &["pet-shop"])
}

/// The pet shop at a moment, in a folder that outlives it.
pub async fn later(data: &Path, moment: &str) -> Result<Host> {
    Host::start(shop::binary(), HostOptions::demo().clock(moment).data(data).unlimited()).await
}

/// Somebody with a browser.
#[derive(Clone)]
pub struct Person<'a> {
    pub host: &'a Host,
    /// What its browser sends as `Cookie`.
    pub cookies: String,
}

impl<'a> Person<'a> {
    /// Somebody who has not signed in.
    pub fn nobody(host: &'a Host) -> Self {
        Self { host, cookies: String::new() }
    }

    /// Somebody who signs in.
    pub async fn signed_in(host: &'a Host, email: &str) -> Result<Self> {
        let welcome = attempt(host, &json!({"email": email, "password": PASSWORD})).send().await?;
        ensure!(welcome.status() == StatusCode::NO_CONTENT, "{}", welcome.text().await?);
        Ok(Self { host, cookies: cookies(&welcome) })
    }

    pub fn call(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        self.host.request(method, &format!("/v1/console/{path}")).header("Cookie", &self.cookies)
    }

    pub async fn get(&self, path: &str) -> Result<Value> {
        shop::json(self.call("GET", path), StatusCode::OK).await
    }

    pub async fn post(&self, path: &str, body: Value, status: StatusCode) -> Result<Value> {
        shop::json(self.call("POST", path).json(&body), status).await
    }

    pub async fn status(&self, method: &str, path: &str) -> Result<StatusCode> {
        Ok(self.call(method, path).send().await?.status())
    }
}

/// A try to sign in, to be sent.
pub fn attempt(host: &Host, body: &Value) -> RequestBuilder {
    host.post("/v1/console/session", body)
}

/// What a browser sends back of the cookies that an answer sets.
pub fn cookies(answer: &Response) -> String {
    let set = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
}

/// A request that a visitor left.
pub struct Left {
    pub id: String,
    pub reference: String,
    pub token: String,
    /// Id of a file that they sent with it, if they did.
    pub file: String,
}

/// Leaves a request, and finds its id.
pub async fn left(host: &Host, agent: &Person<'_>, sample: Sample) -> Result<Left> {
    let receipt = shop::json(host.post("/v1/sites/pet-shop/requests", &sample.body()), StatusCode::CREATED).await?;
    let text = |name: &str| receipt[name].as_str().map(str::to_owned).context("a text");
    let (reference, token) = (text("reference")?, text("tracking_token")?);
    let found = agent.get(&format!("sites/pet-shop/requests?q={reference}")).await?;
    let id = found["requests"][0]["id"].as_str().context("found by its reference")?.to_owned();
    Ok(Left { id, reference, token, file: String::new() })
}

/// Leaves a request with a file, and finds both ids.
pub async fn left_with_file(host: &Host, agent: &Person<'_>, sample: Sample) -> Result<Left> {
    let left = left(host, agent, sample).await?;
    let path = "/v1/request/attachments";
    let sent = host
        .request(Method::POST, path)
        .bearer_auth(&left.token)
        .header("Content-Type", "text/plain; name=a.txt")
        .body("40 × 60");
    let file = shop::json(sent, StatusCode::CREATED).await?["id"].as_str().context("an id")?.to_owned();
    Ok(Left { file, ..left })
}

/// What its requester sees.
pub async fn seen(host: &Host, token: &str) -> Result<Value> {
    shop::json(host.get("/v1/request").bearer_auth(token), StatusCode::OK).await
}
