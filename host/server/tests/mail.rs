//! Somebody hears of it: e-mails by a real SMTP server.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result};
use jiff::Timestamp;
use porchlight_model::delivery::Rooms;
use porchlight_store::{Settings, SqliteStore, Store};
use porchlight_testkit::{Host, HostOptions, SmtpSink, mail::free_port, samples::Sample, wait_until};
use reqwest::StatusCode;
use serde_json::Value;
use tempfile::TempDir;

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_porchlight"))
}

/// A host that serves the pet shop and sends by the SMTP server on this port.
async fn sending_by(port: u16) -> Result<(TempDir, Host)> {
    let data = tempfile::tempdir()?;
    let host = sending_from(data.path(), port).await?;
    Ok((data, host))
}

async fn sending_from(data: &Path, port: u16) -> Result<Host> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/pet-shop").canonicalize()?;
    let options = HostOptions::with_arguments(["serve", "--watch"]).argument(example).data(data);
    let options = options
        .unlimited()
        .environment("PORCHLIGHT_LISTEN", "127.0.0.1:0")
        .environment("PORCHLIGHT_MAIL__SERVER", &format!("smtp://127.0.0.1:{port}"))
        .environment("PORCHLIGHT_MAIL__FROM", "help@shop.example");
    Host::start(binary(), options).await
}

/// What a command says of a data folder.
fn deliveries(data: &Path, arguments: &[&str]) -> Result<(bool, String)> {
    let mut command = std::process::Command::new(binary());
    let output = command.arg("deliveries").args(arguments).arg("--data").arg(data).output()?;
    Ok((output.status.success(), String::from_utf8(output.stdout)? + String::from_utf8(output.stderr)?.as_str()))
}

/// Gives up whatever waits in a data folder, as the worker does after three days.
async fn give_up(data: &Path) -> Result<()> {
    let store = SqliteStore::open(&data.join("porchlight.db"), Settings::default())?;
    store.release_deliveries().await?;
    for delivery in store.claim_deliveries(Timestamp::MAX, Timestamp::MAX, Rooms::each(100)).await? {
        store.mark_dead(delivery.id, "the mail server could not be reached", Timestamp::UNIX_EPOCH).await?;
    }
    Ok(())
}

async fn submit(host: &Host, text: &str) -> Result<String> {
    let answer = host.post("/v1/sites/pet-shop/requests", &Sample::message(text).body()).send().await?;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let receipt: Value = answer.json().await?;
    Ok(receipt["reference"].as_str().context("a reference")?.to_owned())
}

#[tokio::test]
async fn business_and_requester_get_reference_promise_and_link() -> Result<()> {
    let sink = SmtpSink::start().await?;
    let (_data, host) = sending_by(sink.port()).await?;
    let reference = submit(&host, "Щенок боится будки").await?;
    let mails = sink.wait_for(2).await?;
    let to = |address: &str| mails.iter().find(|mail| mail.envelope_to == [address]).context(address.to_owned());
    let business = to("owner@shop.example")?;
    assert!(business.subject.contains(&reference), "{}", business.subject);
    assert!(
        business.text.contains("Щенок боится будки") && business.text.contains("anna@example.com"),
        "{}",
        business.text
    );
    let requester = to("anna@example.com")?;
    assert!(requester.subject.contains(&reference) && requester.text.contains(&reference), "{}", requester.subject);
    let link = requester.text.lines().find(|line| line.contains("/r/pet-shop/")).context("a link")?.trim();
    let page = reqwest::Client::new().get(link).header("Accept-Language", "ru").send().await?;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(
        page.text().await?.contains("name=\"action\" value=\"open\""),
        "a button, and nothing shown before it is pressed"
    );
    Ok(())
}

#[tokio::test]
async fn mailed_link_opens_once_by_its_button() -> Result<()> {
    let sink = SmtpSink::start().await?;
    let (_data, host) = sending_by(sink.port()).await?;
    let reference = submit(&host, "Откройте меня").await?;
    let mails = sink.wait_for(2).await?;
    let mail = mails.iter().find(|mail| mail.envelope_to == ["anna@example.com"]).context("the requester's")?;
    let link = mail.text.lines().find(|line| line.contains("/r/pet-shop/")).context("a link")?.trim().to_owned();
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let press = || {
        let post = browser.post(&link).header("Content-Type", "application/x-www-form-urlencoded").body("action=open");
        post.send()
    };
    let first = press().await?;
    assert_eq!(first.status(), StatusCode::SEE_OTHER);
    let cookie = first.headers()["set-cookie"].to_str()?.split(';').next().unwrap_or_default().to_owned();
    assert_eq!(press().await?.status(), StatusCode::SEE_OTHER, "a double press opens it all the same");
    let status = browser.get(&link).header("Cookie", cookie).send().await?.text().await?;
    assert!(status.contains(&reference) && status.contains("Откройте меня"), "{status}");
    Ok(())
}

#[tokio::test]
async fn mail_waits_for_a_server_that_is_down_and_then_arrives_once() -> Result<()> {
    let port = free_port()?;
    let (_data, host) = sending_by(port).await?;
    let reference = submit(&host, "Сервер спит").await?;
    let failed = async || host.log().contains("could not be reached").then_some(());
    wait_until("a failed attempt in the log", Duration::from_secs(30), failed).await?;
    let sink = SmtpSink::start_on(port).await?;
    // The first retry comes 30 seconds after the failure; twice that, for a slow machine.
    let arrived = async || sink.mails().ok().filter(|mails| mails.len() >= 2);
    let mails = wait_until("both mails", Duration::from_secs(120), arrived).await?;
    assert_eq!(mails.len(), 2);
    assert!(mails.iter().all(|mail| mail.subject.contains(&reference)));
    let ids: std::collections::HashSet<_> = mails.iter().map(|mail| mail.message_id.clone()).collect();
    assert_eq!(ids.len(), 2);
    assert!(!host.log().contains("anna@example.com"), "no address in the log");
    Ok(())
}

#[tokio::test]
async fn letters_that_were_given_up_are_listed_and_sent_again_when_asked_for() -> Result<()> {
    let port = free_port()?;
    let (data, host) = sending_by(port).await?;
    let reference = submit(&host, "Три дня без почты").await?;
    host.stop().await?;
    give_up(data.path()).await?;
    let sink = SmtpSink::start_on(port).await?;
    let host = sending_from(data.path(), port).await?;

    let (_, listed) = deliveries(data.path(), &["list"])?;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 2, "{listed}");
    assert!(lines.iter().all(|line| line.contains(&reference) && line.ends_with("could not be reached")), "{listed}");
    assert!(!listed.contains("anna"), "{listed}");
    let id = lines[0].split('\t').next().context("an id")?;
    assert_eq!(deliveries(data.path(), &["resend", id])?, (true, "1 to be sent again\n".to_owned()));
    assert_eq!(sink.wait_for(1).await?[0].message_id, Some(format!("{id}@shop.example")), "under its own id");
    let (done, said) = deliveries(data.path(), &["resend", id])?;
    assert!(!done && said.contains("`porchlight deliveries list` names those"), "{said}");
    assert_eq!(deliveries(data.path(), &["resend", "--all"])?, (true, "1 to be sent again\n".to_owned()));
    sink.wait_for(2).await?;
    assert_eq!(deliveries(data.path(), &["list"])?, (true, String::new()));
    host.stop().await?;
    Ok(())
}

#[tokio::test]
async fn host_without_a_mail_server_says_so_loudly() -> Result<()> {
    let options = HostOptions::with_arguments(["serve"]).environment("PORCHLIGHT_LISTEN", "127.0.0.1:0");
    let host = Host::start(binary(), options).await?;
    assert!(host.log().contains("no mail server is configured"), "{}", host.log());
    Ok(())
}
