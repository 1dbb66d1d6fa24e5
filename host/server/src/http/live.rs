//! GET `/v1/request/events`: one's own request, live, as server-sent events (WHATWG HTML, section 9.2), by its tracking token.
//!
//! Each event is the whole request as it stands; its id is the revision. Whoever comes back with `Last-Event-ID` hears of it
//! only once it has changed since, so nothing is missed and nothing has to be kept for who may come back.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use porchlight_model::request::{Request, RequestId};
use tokio::time::{Instant, timeout_at};

use super::{
    own::{require, said, spoken},
    problem::{Fault, Problem},
};
use crate::{
    app::App,
    changes::{Follower, Stopping},
    sites::LiveSite,
};

/// How long nothing is said at most: proxies end what is silent for a minute. It is also how soon a change is seen that another
/// process made.
const SILENCE: Duration = Duration::from_secs(20);

/// How long one stream goes on; browsers come back by themselves, and whoever is gone is noticed.
const LIFE: Duration = Duration::from_secs(600);

/// Says the request as it stands, unless the client has that, and again whenever it has changed.
pub async fn follow(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let (request, live) = require(&app, &headers).await?;
    let Some(follower) = app.changes.follow(request.id) else {
        return Err(Fault::from(SILENCE).said_in(spoken(&headers, &request)));
    };
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let silence = SILENCE.min(Duration::from_secs(app.limits.reading_seconds) / 2);
    let followed = Followed {
        follower,
        id: request.id,
        known,
        said: None,
        until: Instant::now() + LIFE,
        silence,
        live,
        headers,
        app,
    };
    let events = stream::unfold(Some(followed), |followed| async { next(followed?).await });
    let body = Body::from_stream(events);
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"))], body).into_response())
}

/// A request that is followed.
struct Followed {
    app: App,
    live: Arc<LiveSite>,
    headers: HeaderMap,
    id: RequestId,
    follower: Follower,
    /// The revision that the client has.
    known: Option<u32>,
    /// What was said last: what changes among the business's own people alone is not said again.
    said: Option<String>,
    silence: Duration,
    until: Instant,
}

type Piece = Result<Bytes, Infallible>;

/// The next piece of the stream, and what follows after it, if anything does.
async fn next(mut followed: Followed) -> Option<(Piece, Option<Followed>)> {
    let news = match followed.news().await {
        Ok(news) => news,
        Err(last) => return Some((Ok(Bytes::from_static(last.as_bytes())), None)),
    };
    let piece = news.unwrap_or(Bytes::from_static(b":\n\n"));
    (Instant::now() < followed.until).then_some((Ok(piece), Some(followed)))
}

impl Followed {
    /// How the request stands, once it is another than the client has; `None` after a silence. An error is the stream's last word.
    async fn news(&mut self) -> Result<Option<Bytes>, &'static str> {
        let silent_until = Instant::now() + self.silence;
        loop {
            match self.app.store.lookup_request(self.id).await {
                Ok(Some(request)) if self.known != Some(request.revision) => {
                    if let Some(news) = self.told(&request) {
                        return Ok(Some(news));
                    }
                }
                Ok(Some(_)) => {}
                Ok(None) => return Err("event: gone\ndata: {}\n\n"),
                Err(_) => return Err(":\n\n"),
            }
            match timeout_at(silent_until, self.follower.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(Stopping)) => return Err(":\n\n"),
                Err(_) => return Ok(None),
            }
        }
    }

    /// The event that says how it stands; `None` where that is what was said last.
    fn told(&mut self, request: &Request) -> Option<Bytes> {
        self.known = Some(request.revision);
        let said = said(request, &self.live, &self.headers, self.app.now());
        // What our own types hold can be written; JSON has no line breaks of its own.
        let json = serde_json::to_string(&said).unwrap_or_default();
        if self.said.as_ref() == Some(&json) {
            return None;
        }
        let event = format!("id: {}\nevent: request\ndata: {json}\n\n", request.revision);
        self.said = Some(json);
        Some(Bytes::from(event))
    }
}
