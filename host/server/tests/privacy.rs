//! Nothing of a person stands in log or metrics, whatever they do and whatever addresses they ask for, and once they are
//! erased nothing of them is left in any file.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use anyhow::{Context, Result};
use jiff::Timestamp;
use porchlight_model::delivery::Rooms;
use porchlight_store::{Settings, SqliteStore, Store};
use porchlight_testkit::{Host, HostOptions, PATIENCE, SmtpSink, mail::free_port, wait_until};
use reqwest::{Client, Method, RequestBuilder, StatusCode, redirect::Policy};
use serde_json::{Value, json};

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

/// Media type of a sent form.
const FORM: &str = "application/x-www-form-urlencoded";

/// What is looked for, whatever its case: every field that is a text holds the word.
const CANARIES: [&str; 4] = ["canary", "9169876543", "916 987-65-43", "канарейк"];

async fn start(data: &Path, port: u16) -> Result<Host> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/pet-shop").canonicalize()?;
    let options = HostOptions::with_arguments(["serve", "--watch"]).argument(example).data(data).unlimited();
    let options = options
        .environment("PORCHLIGHT_LISTEN", "127.0.0.1:0")
        .environment("PORCHLIGHT_METRICS__LISTEN", "127.0.0.1:0")
        .environment("PORCHLIGHT_LOG__LEVEL", "debug")
        .environment("PORCHLIGHT_MAIL__SERVER", &format!("smtp://127.0.0.1:{port}"))
        .environment("PORCHLIGHT_MAIL__FROM", "help@shop.example");
    Host::start(Path::new(env!("CARGO_BIN_EXE_porchlight")), options).await
}

/// The canaries in some bytes.
fn found(bytes: &[u8]) -> Vec<&'static str> {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    CANARIES.into_iter().filter(|canary| text.contains(canary)).collect()
}

/// Every file below a folder that holds a canary.
fn nests(folder: &Path) -> Result<Vec<String>> {
    let mut nests = vec![];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            nests.extend(self::nests(&path)?);
        } else {
            let found = found(&fs::read(&path)?);
            nests.extend(found.iter().map(|canary| format!("{canary} in {}", path.display())));
        }
    }
    Ok(nests)
}

/// As a browser of theirs sends it.
fn hers(request: RequestBuilder) -> RequestBuilder {
    let request =
        request.header("User-Agent", "canary-agent/1.0").header("Referer", "https://shop.example/canary?canary=1");
    request.header("Cookie", "canary=canary").header("X-Canary", "canary")
}

async fn json(request: RequestBuilder, status: StatusCode) -> Result<Value> {
    let answer = hers(request).send().await?;
    assert_eq!(answer.status(), status);
    let text = answer.text().await?;
    Ok(if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? })
}

fn person(mut body: Value) -> Value {
    let fields = json!({
        "name": "Канарейка Canary", "phone": "+7 916 987-65-43", "email": "Canary.Person@example.com",
        "text": "canary ".repeat(600), "page": format!("https://shop.example/canary?q={}", "canary".repeat(300)), "locale": "ru",
    });
    if let (Some(body), Some(fields)) = (body.as_object_mut(), fields.as_object()) {
        body.extend(fields.clone());
    }
    body
}

async fn submitted(host: &Host, body: Value) -> Result<String> {
    let post = host.post(REQUESTS, &person(body)).header("Idempotency-Key", format!("canary-{}", uuid()));
    Ok(json(post, StatusCode::CREATED).await?["tracking_token"].as_str().context("a token")?.to_owned())
}

/// A number that no other submission has.
fn uuid() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

async fn slots(host: &Host) -> Result<Vec<Value>> {
    let offer = json(host.get("/v1/sites/pet-shop/offer?page=https://shop.example/canary"), StatusCode::OK).await?;
    Ok(offer["forms"]["callback"]["slots"].as_array().context("slots")?.clone())
}

/// A life with everything that can happen: two calls and a message, moved, answered otherwise, cancelled, listed.
async fn lived(host: &Host) -> Result<Vec<String>> {
    let slots = slots(host).await?;
    let mut tokens = vec![];
    for slot in &slots[..2] {
        tokens.push(submitted(host, json!({"kind": "callback", "slot": slot["from"]})).await?);
    }
    tokens.push(submitted(host, json!({"kind": "message", "consent": true})).await?);
    for (token, wish) in [
        (&tokens[0], json!({"slot": slots[5]["from"]})),
        (&tokens[1], json!({"reply_by": "email"})),
        (&tokens[1], json!({"status": "cancelled"})),
        (&tokens[2], json!({"reply_by": "phone"})),
    ] {
        json(host.request(Method::PATCH, "/v1/request").bearer_auth(token).json(&wish), StatusCode::OK).await?;
    }
    // What is refused names them too.
    let wrong = person(json!({"kind": "message", "canary": "canary"}));
    json(host.post(REQUESTS, &wrong), StatusCode::UNPROCESSABLE_ENTITY).await?;
    let path = "/v1/request?email=canary.person@example.com&phone=9169876543";
    json(host.get(path).bearer_auth("canary"), StatusCode::UNAUTHORIZED).await?;
    json(host.post("/v1/sites/pet-shop/links", &json!({"email": "canary.person@example.com"})), StatusCode::ACCEPTED)
        .await?;
    hers(host.get("/c/pet-shop?canary=canary")).send().await?;
    hers(host.get("/canary/9169876543")).send().await?;
    Ok(tokens)
}

/// Opens the mailed list and a request from it, as they would.
async fn listed(host: &Host, sink: &SmtpSink) -> Result<()> {
    let link = wait_until("the letter with the list", PATIENCE, async || {
        let mails = sink.mails().ok()?;
        let link = mails.iter().find_map(|mail| mail.text.split_whitespace().find(|word| word.contains("/mine/")));
        link.map(str::to_owned)
    })
    .await?;
    let id = link.rsplit('/').next().context("an id")?;
    let exchange = host.request(Method::POST, &format!("/v1/sites/pet-shop/links/{id}"));
    let given = json(exchange, StatusCode::OK).await?;
    let token = given["requester_token"].as_str().context("a token")?;
    let list = json(host.get("/v1/requests").bearer_auth(token), StatusCode::OK).await?;
    assert_eq!(list["requests"].as_array().map(Vec::len), Some(3));
    Ok(())
}

/// The business answers the message, and they rate that and write again.
async fn talked_about(host: &Host, sink: &SmtpSink, token: &str) -> Result<()> {
    let page = wait_until("the letter to the business", PATIENCE, async || {
        let mails = sink.mails().ok()?;
        let mail = mails.into_iter().find(|mail| mail.subject.contains("новое сообщение"))?;
        mail.text.split_whitespace().find(|word| word.contains("/desk/")).map(str::to_owned)
    })
    .await?;
    let business = Client::builder().redirect(Policy::none()).build()?;
    let post = |form: &str| business.post(&page).header("Content-Type", FORM).body(form.to_owned());
    let opened = post("action=open").send().await?;
    let cookie = opened.headers()["set-cookie"].to_str()?.split(';').next().unwrap_or_default().to_owned();
    let answer = post("action=answer&text=canary&resolve=yes").header("Cookie", cookie).send().await?;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let rating = host.post("/v1/request/rating", &json!({"stars": 5, "comment": "canary"})).bearer_auth(token);
    json(rating, StatusCode::OK).await?;
    let file = "canary, 9169876543, канарейка; ".repeat(30_000);
    let sent = host.request(Method::POST, "/v1/request/attachments").bearer_auth(token);
    let name = "canary-%D0%BA%D0%B0%D0%BD%D0%B0%D1%80%D0%B5%D0%B9%D0%BA%D0%B0.txt";
    let said = format!("text/plain; charset=utf-8; name*=UTF-8''{name}");
    let file = json(sent.body(file).header("Content-Type", said), StatusCode::CREATED).await?;
    let path = format!("/v1/request/attachments/{}", file["id"].as_str().context("an id")?);
    assert_eq!(hers(host.get(&path).bearer_auth(token)).send().await?.status(), StatusCode::OK);
    let lie = host.request(Method::POST, "/v1/request/attachments").bearer_auth(token);
    json(
        lie.body("<svg>canary</svg>").header("Content-Type", "image/jpeg; name=canary.jpg"),
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await?;
    let entry = host.post("/v1/request/entries", &json!({"text": "canary ".repeat(300)})).bearer_auth(token);
    assert_eq!(json(entry, StatusCode::CREATED).await?["entries"].as_array().map(Vec::len), Some(4));
    Ok(())
}

/// Lets everything that waits for another try, with why the last one failed, be tried when a host starts.
async fn try_again_at_once(data: &Path) -> Result<()> {
    let store = SqliteStore::open(&data.join("porchlight.db"), Settings::default())?;
    store.release_deliveries().await?;
    for delivery in store.claim_deliveries(Timestamp::MAX, Timestamp::MAX, Rooms::each(100)).await? {
        store.mark_failed(delivery.id, "the mail server could not be reached", Timestamp::UNIX_EPOCH).await?;
    }
    Ok(())
}

async fn metrics(host: &Host) -> Result<String> {
    let printed = host.printed();
    let address = printed.lines().find_map(|line| line.strip_prefix("metrics on ")).context("an address")?;
    Ok(reqwest::get(address).await?.text().await?)
}

/// Readers that go on until they are told to stop.
fn readers(host: &Host, stop: &Arc<AtomicBool>) -> Vec<tokio::task::JoinHandle<u32>> {
    let reader = |_| {
        let (address, stop) = (host.url("/v1/sites/pet-shop/slots"), Arc::clone(stop));
        tokio::spawn(async move {
            let (client, mut reads) = (Client::new(), 0);
            while !stop.load(Ordering::Relaxed) {
                reads += u32::from(client.get(&address).send().await.is_ok_and(|answer| answer.status().is_success()));
            }
            reads
        })
    };
    (0..4).map(reader).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_person_is_in_log_or_metrics_and_nothing_is_left_of_who_was_erased() -> Result<()> {
    let (data, port) = (tempfile::tempdir()?, free_port()?);
    let host = start(data.path(), port).await?;
    let tokens = lived(&host).await?;
    wait_until("a letter to fail", PATIENCE, async || host.log().contains("delivery failed").then_some(())).await?;
    let (_, before) = host.stop().await?;
    assert_eq!(found(before.as_bytes()), [""; 0], "in the log, while mail was down");
    assert!(!nests(data.path())?.is_empty(), "what is kept is found by looking like this");

    let sink = SmtpSink::start_on(port).await?;
    try_again_at_once(data.path()).await?;
    let host = start(data.path(), port).await?;
    listed(&host, &sink).await?;
    talked_about(&host, &sink, &tokens[2]).await?;
    let texts: String = sink.wait_for(4).await?.into_iter().map(|mail| mail.text).collect();
    assert!(found(texts.as_bytes()).contains(&"canary"), "letters do name them");
    assert_eq!(found(metrics(&host).await?.as_bytes()), [""; 0], "in the metrics");

    let stop = Arc::new(AtomicBool::new(false));
    let readers = readers(&host, &stop);
    for token in &tokens {
        json(host.request(Method::DELETE, "/v1/request").bearer_auth(token), StatusCode::NO_CONTENT).await?;
    }
    assert_eq!(nests(data.path())?, [""; 0], "while the host serves");
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await? > 0, "others went on reading");
    }
    let again = json!({"email": "canary.person@example.com"});
    json(host.post("/v1/sites/pet-shop/links", &again), StatusCode::ACCEPTED).await?;
    let (_, log) = host.stop().await?;
    assert!(log.contains("/v1/requests") && log.contains("delivery sent"), "the log is there: {log}");
    assert_eq!(found(log.as_bytes()), [""; 0], "in the log");
    assert_eq!(nests(data.path())?, [""; 0], "after it has stopped");
    Ok(())
}
