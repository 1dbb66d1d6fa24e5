//! Programs hear of it: webhooks to endpoints that check them with the specification's own library.

mod shop;

use std::{collections::HashSet, time::Duration};

use anyhow::{Context, Result};
use porchlight_testkit::{
    PATIENCE, SmtpSink, WebhookSink, wait_until,
    webhooks::{Answers, ReceivedWebhook},
};
use serde_json::json;

use shop::{SECRET, Shop};

/// What a webhook tells of.
fn kind(webhook: &ReceivedWebhook) -> &str {
    webhook.body["type"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn life_of_a_request_is_told_signed_and_as_the_request_is_then() -> Result<()> {
    let (mail, crm) = (SmtpSink::start().await?, WebhookSink::start(SECRET, &Answers::with(&[204])).await?);
    let closing = WebhookSink::start(SECRET, &Answers::with(&[200])).await?;
    let shop = Shop::start(&mail, &[(&crm.url(), ""), (&closing.url(), r#"events = ["request.resolved"]"#)]).await?;
    let receipt = shop.submit("Щенок боится будки").await?;
    let received = crm.wait_for(1).await?.remove(0);
    assert_eq!((kind(&received), received.path.as_str()), ("request.received", "/hooks"));
    let data = &received.body["data"];
    assert_eq!(
        (&data["reference"], &data["status"], &data["site"]),
        (&receipt["reference"], &json!("received"), &json!("corner"))
    );
    assert_eq!(data["requester"], json!({"name": "Анна", "email": "anna@example.com"}));
    assert_eq!(
        (&data["event"], &data["entries"][0]["text"]),
        (&json!({"by": "requester"}), &json!("Щенок боится будки"))
    );

    let desk = shop.desk(&mail).await?;
    desk.press("accept").await?;
    desk.press("resolve").await?;
    shop.erase(&receipt).await?;
    let all = crm.wait_for(4).await?;
    let kinds: HashSet<&str> = all.iter().map(kind).collect();
    assert_eq!(kinds, ["request.received", "request.accepted", "request.resolved", "request.erased"].into());
    assert_eq!(all.iter().map(|webhook| &webhook.id).collect::<HashSet<_>>().len(), 4);
    let erased = all.iter().find(|webhook| kind(webhook) == "request.erased").context("the end")?;
    let left = json!({"site": "corner", "reference": receipt["reference"], "id": data["id"]});
    assert_eq!(erased.body["data"], left, "and nothing of the person");
    assert_eq!(
        closing.wait_for(1).await?.iter().map(kind).collect::<Vec<_>>(),
        ["request.resolved"],
        "what it asked for"
    );

    let log = shop.host().log();
    for private in ["Анна", "anna", "будки", "/hooks", SECRET] {
        assert!(!log.contains(private), "`{private}` in {log}");
    }
    Ok(())
}

#[tokio::test]
async fn slow_endpoint_delays_neither_another_nor_the_mail() -> Result<()> {
    let slow = Answers::with(&[200]).after(PATIENCE * 2);
    let (mail, slow) = (SmtpSink::start().await?, WebhookSink::start(SECRET, &slow).await?);
    let quick = WebhookSink::start(SECRET, &Answers::with(&[200])).await?;
    let shop = Shop::start(&mail, &[(&slow.url(), ""), (&quick.url(), "")]).await?;
    for number in 0..20 {
        shop.submit(&format!("Вопрос {number}")).await?;
    }
    assert_eq!(quick.wait_for(20).await?.len(), 20);
    mail.wait_for(40).await?;
    assert_eq!(slow.received()?.len(), 8, "and the slow one has no more than it takes at a time");
    shop.kill()
}

#[tokio::test]
async fn webhook_that_was_not_taken_comes_again_under_its_id() -> Result<()> {
    let (mail, crm) = (SmtpSink::start().await?, WebhookSink::start(SECRET, &Answers::with(&[503, 204])).await?);
    let shop = Shop::start(&mail, &[(&crm.url(), "")]).await?;
    shop.submit("Ещё раз").await?;
    // The first retry comes 30 seconds after the failure; more than twice that, for a slow machine.
    let twice = async || crm.received().ok().filter(|received| received.len() >= 2);
    let received = wait_until("the second try", Duration::from_secs(90), twice).await?;
    assert_eq!(received[0].id, received[1].id);
    assert!(shop.host().log().contains("the endpoint answered with 503"), "{}", shop.host().log());
    Ok(())
}

#[tokio::test]
async fn target_that_keeps_failing_is_measured_apart_from_those_that_work() -> Result<()> {
    let (mail, crm) = (SmtpSink::start().await?, WebhookSink::start(SECRET, &Answers::with(&[500])).await?);
    let shop = Shop::start(&mail, &[(&crm.url(), "")]).await?;
    for number in 0..6 {
        shop.submit(&format!("Вопрос {number}")).await?;
    }
    mail.wait_for(12).await?;
    let of = |page: &str, name: &str, target: &str| -> Option<u64> {
        let line = page.lines().find(|line| line.starts_with(&format!("porchlight_{name}{{target=\"{target}")))?;
        line.rsplit(' ').next()?.parse().ok()
    };
    let page = wait_until("the circuit to open", PATIENCE, async || {
        let page = shop.measured().await.ok()?;
        (of(&page, "outbox_circuit_open", "webhook corner ") == Some(1)
            && of(&page, "outbox_waiting", "mail").is_none())
        .then_some(page)
    })
    .await?;
    assert_eq!(of(&page, "outbox_waiting", "webhook corner "), Some(6), "{page}");
    assert!(of(&page, "outbox_oldest_seconds", "webhook corner ").is_some_and(|seconds| seconds < 600), "{page}");
    assert_eq!(of(&page, "outbox_circuit_open", "mail"), None, "{page}");
    assert!(!page.contains("/hooks"), "endpoints are told by their hashes");
    Ok(())
}

#[tokio::test]
async fn endpoint_that_knows_another_secret_refuses_what_it_gets() -> Result<()> {
    let other = format!("{}AAAA", &SECRET[..SECRET.len() - 4]);
    let (mail, crm) = (SmtpSink::start().await?, WebhookSink::start(&other, &Answers::with(&[204])).await?);
    let shop = Shop::start(&mail, &[(&crm.url(), "")]).await?;
    shop.submit("Кто там?").await?;
    let first = async || crm.received().ok()?.into_iter().next();
    let first = wait_until("the webhook", PATIENCE, first).await?;
    assert!(first.fault.is_some_and(|fault| fault.contains("signature")), "it is checked indeed");
    let refused = async || shop.host().log().contains("the endpoint answered with 401").then_some(());
    wait_until("the refusal in the log", PATIENCE, refused).await
}

#[tokio::test]
async fn what_keeps_webhooks_from_going_out_is_said_when_the_site_is_taken_up() -> Result<()> {
    let mail = SmtpSink::start().await?;
    let url = "http://10.1.2.3/hooks";
    let shop = Shop::start(&mail, &[(url, ""), ("https://crm.example/other-secret", "secret = \"OTHER\"")]).await?;
    let log = shop.host().log();
    assert!(
        log.contains("its address is a private address, and nothing is sent there unless `[egress] allow`"),
        "{log}"
    );
    assert!(log.contains("the secret `OTHER` is not set: write it into `[secrets]`"), "{log}");
    assert!(!log.contains("other-secret"), "{log}");
    Ok(())
}
