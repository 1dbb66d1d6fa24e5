//! Visitors who submit, one message after the other, and try again with the same key until they are answered.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use anyhow::{Context, Result, bail};
use porchlight_testkit::{Host, samples::Sample};
use reqwest::{Client, Response, StatusCode, header};
use serde_json::Value;
use tokio::{sync::watch, task::JoinSet};

/// A submission that was answered 201.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    /// What it says; no other says the same.
    pub text: String,
    /// The reference it was given.
    pub reference: String,
    /// The token to follow it by.
    pub token: String,
}

/// One attempt to submit.
pub async fn submit(http: &Client, address: &str, key: &str) -> reqwest::Result<Response> {
    let message = Sample::message(&text(key)).body();
    http.post(format!("{address}/v1/sites/pet-shop/requests"))
        .header("Idempotency-Key", key)
        .json(&message)
        .send()
        .await
}

/// What a submission of this key says.
pub fn text(key: &str) -> String {
    format!("Вопрос {key}")
}

impl Acknowledged {
    /// Reads the answer to the submission of a key.
    pub async fn read(key: &str, answer: Response) -> reqwest::Result<Self> {
        let receipt: Value = answer.json().await?;
        let of = |field: &str| receipt[field].as_str().unwrap_or_default().to_owned();
        Ok(Self { text: text(key), reference: of("reference"), token: of("tracking_token") })
    }
}

/// Visitors at work.
pub struct Visitors {
    visits: JoinSet<Result<Vec<Acknowledged>>>,
    address: watch::Sender<String>,
    acknowledged: Arc<AtomicUsize>,
    leaving: Arc<AtomicBool>,
}

impl Visitors {
    /// So many of them begin to submit to a host.
    pub fn arrive(count: usize, host: &Host) -> Self {
        let (address, _) = watch::channel(host.address().to_owned());
        let mut visitors =
            Self { visits: JoinSet::new(), address, acknowledged: Arc::default(), leaving: Arc::default() };
        for number in 0..count {
            let visit = Visit {
                number,
                http: Client::new(),
                address: visitors.address.subscribe(),
                acknowledged: Arc::clone(&visitors.acknowledged),
                leaving: Arc::clone(&visitors.leaving),
            };
            visitors.visits.spawn(visit.until_told_to_leave());
        }
        visitors
    }

    /// Where the host is now, after it was killed and started again.
    pub fn go_to(&self, host: &Host) {
        self.address.send_replace(host.address().to_owned());
    }

    /// How many submissions have been acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Each finishes what it is at; gives all that was acknowledged.
    pub async fn leave(self) -> Result<Vec<Acknowledged>> {
        self.leaving.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for visit in self.visits.join_all().await {
            all.extend(visit?);
        }
        Ok(all)
    }
}

struct Visit {
    number: usize,
    http: Client,
    address: watch::Receiver<String>,
    acknowledged: Arc<AtomicUsize>,
    leaving: Arc<AtomicBool>,
}

impl Visit {
    async fn until_told_to_leave(mut self) -> Result<Vec<Acknowledged>> {
        let mut all = Vec::new();
        while !self.leaving.load(Ordering::Relaxed) {
            let key = format!("{}-{}", self.number, all.len());
            all.push(self.submit(&key).await?);
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
        Ok(all)
    }

    /// Submits once, and again wherever no answer came; any answer but 201 is one too many.
    async fn submit(&mut self, key: &str) -> Result<Acknowledged> {
        loop {
            let address = self.address.borrow_and_update().clone();
            if let Ok(answer) = submit(&self.http, &address, key).await {
                if answer.status() != StatusCode::CREATED {
                    bail!("{key} was answered {}: {}", answer.status(), answer.text().await?);
                }
                if let Ok(acknowledged) = Acknowledged::read(key, answer).await {
                    return Ok(acknowledged);
                }
            }
            self.address.changed().await.context("nobody starts the host again")?;
        }
    }
}

/// A refusal that says what it is, when to come again, and a sentence.
pub async fn ensure_clear(refusal: Response) -> Result<()> {
    assert_eq!(refusal.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refusal.headers()[header::CONTENT_TYPE], "application/problem+json");
    let seconds: u32 = refusal.headers()[header::RETRY_AFTER].to_str()?.parse()?;
    assert!(seconds > 0);
    let problem: Value = refusal.json().await?;
    assert_eq!(problem["type"], "urn:porchlight:error:unavailable");
    assert_eq!(problem["title"], "Сейчас не получилось это сохранить. Ничего не отправлено: попробуйте через минуту");
    Ok(())
}
