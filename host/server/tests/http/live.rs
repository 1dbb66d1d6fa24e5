//! One's own request, live.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    desk::{Asked, asked},
    shop,
};

async fn message() -> Result<Asked> {
    asked(&Sample::message("Щенок боится будки").body()).await?.opened().await
}

/// A stream of events being read.
struct Events {
    stream: Response,
    unread: String,
}

impl Events {
    async fn of(asked: &Asked, last: Option<&str>) -> Result<Self> {
        let follow = asked.host.get("/v1/request/events").bearer_auth(&asked.token);
        let follow = last.into_iter().fold(follow, |follow, id| follow.header("Last-Event-ID", id));
        let stream = follow.send().await?.error_for_status()?;
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        assert_eq!(stream.headers()["cache-control"], "no-store");
        Ok(Self { stream, unread: String::new() })
    }

    /// The next event's fields; comments are passed over. `None` where the stream has ended.
    async fn next(&mut self) -> Result<Option<Event>> {
        loop {
            while let Some((event, rest)) = self.unread.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.unread = rest;
                if !event.starts_with(':') {
                    return Event::read(&event).map(Some);
                }
            }
            let Some(piece) = self.stream.chunk().await? else { return Ok(None) };
            self.unread.push_str(std::str::from_utf8(&piece)?);
        }
    }
}

struct Event {
    id: String,
    name: String,
    data: Value,
}

impl Event {
    fn read(event: &str) -> Result<Self> {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
        let data = serde_json::from_str(&field("data: ")).with_context(|| event.to_owned())?;
        Ok(Self { id: field("id: "), name: field("event: "), data })
    }
}

#[tokio::test]
async fn what_happens_is_seen_as_it_happens() -> Result<()> {
    let asked = message().await?;
    let mut events = Events::of(&asked, None).await?;
    let first = events.next().await?.context("an event")?;
    assert_eq!((first.name.as_str(), &first.data["status"]), ("request", &json!("received")));
    asked.press("accept").await?;
    assert_eq!(events.next().await?.context("an event")?.data["status"], "accepted");
    asked.answer("Да.", "&resolve=yes").await?;
    let answered = events.next().await?.context("an event")?;
    assert_eq!((&answered.data["status"], &answered.data["entries"][1]["text"]), (&json!("resolved"), &json!("Да.")));
    Ok(())
}

#[tokio::test]
async fn who_comes_back_hears_what_was_missed_and_nothing_twice() -> Result<()> {
    let asked = message().await?;
    let first = Events::of(&asked, None).await?.next().await?.context("an event")?;
    asked.press("accept").await?;
    let mut events = Events::of(&asked, Some(&first.id)).await?;
    let missed = events.next().await?.context("an event")?;
    assert_eq!(missed.data["status"], "accepted");
    let mut again = Events::of(&asked, Some(&missed.id)).await?;
    asked.press("resolve").await?;
    assert_eq!(again.next().await?.context("an event")?.data["status"], "resolved", "nothing before it");
    let odd = Events::of(&asked, Some("nonsense")).await?.next().await?.context("an event")?;
    assert_eq!(odd.data["status"], "resolved", "whoever says nothing of use gets all of it");
    Ok(())
}

#[tokio::test]
async fn a_stream_ends_when_the_request_is_erased() -> Result<()> {
    let asked = message().await?;
    let mut events = Events::of(&asked, None).await?;
    events.next().await?.context("an event")?;
    let erase = asked.host.request(reqwest::Method::DELETE, "/v1/request").bearer_auth(&asked.token);
    shop::json(erase, StatusCode::NO_CONTENT).await?;
    assert_eq!(events.next().await?.context("a last event")?.name, "gone");
    assert!(events.next().await?.is_none(), "it has ended");
    Ok(())
}

#[tokio::test]
async fn a_host_that_stops_lets_go_of_its_streams() -> Result<()> {
    let asked = message().await?;
    let mut events = Events::of(&asked, None).await?;
    events.next().await?.context("an event")?;
    let (status, _) = asked.host.stop().await?;
    assert!(status.success());
    assert!(events.next().await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_quiet_stream_outlives_the_time_a_client_has_to_read() -> Result<()> {
    let options = HostOptions::demo().clock(shop::SUNDAY_NIGHT).environment("PORCHLIGHT_LIMITS__READING_SECONDS", "1");
    let host = Host::start(shop::binary(), options.unlimited()).await?;
    let body = Sample::message("Тихо").body();
    let receipt = shop::json(host.post("/v1/sites/pet-shop/requests", &body), StatusCode::CREATED).await?;
    let token = receipt["tracking_token"].as_str().context("a token")?;
    let mut stream = host.get("/v1/request/events").bearer_auth(token).send().await?;
    let begun = std::time::Instant::now();
    while begun.elapsed() < std::time::Duration::from_secs(3) {
        stream.chunk().await?.context("the stream was cut off")?;
    }
    Ok(())
}
