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
    own::{require, said},
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

/// How many requests are followed at once.
const FOLLOWERS: usize = 1_024;

/// Says the request as it stands, unless the client has that, and again whenever it has changed.
pub async fn follow(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let (request, live) = require(&app, &headers).await?;
    if app.changes.followers() >= FOLLOWERS {
        let wait = Fault::from(SILENCE);
        return Err(wait.said_in(super::own::spoken(&headers, &request)));
    }
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let silence = SILENCE.min(Duration::from_secs(app.limits.reading_seconds) / 2);
    let followed = Followed {
        follower: app.changes.follow(request.id),
        id: request.id,
        known,
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
    silence: Duration,
    until: Instant,
}

type Piece = Result<Bytes, Infallible>;

/// The next piece of the stream, and what follows after it, if anything does.
async fn next(mut followed: Followed) -> Option<(Piece, Option<Followed>)> {
    let request = match followed.news().await {
        Ok(request) => request,
        Err(last) => return Some((Ok(Bytes::from_static(last.as_bytes())), None)),
    };
    let piece = match request {
        Some(request) => followed.told(&request),
        None => Bytes::from_static(b":\n\n"),
    };
    (Instant::now() < followed.until).then_some((Ok(piece), Some(followed)))
}

impl Followed {
    /// The request, once it is another than the client has; `None` after a silence. An error is the stream's last word.
    async fn news(&mut self) -> Result<Option<Request>, &'static str> {
        let silent_until = Instant::now() + self.silence;
        loop {
            match self.app.store.lookup_request(self.id).await {
                Ok(Some(request)) if self.known != Some(request.revision) => return Ok(Some(request)),
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

    fn told(&mut self, request: &Request) -> Bytes {
        self.known = Some(request.revision);
        let said = said(request, &self.live, &self.headers, self.app.now());
        // What our own types hold can be written; JSON has no line breaks of its own.
        let json = serde_json::to_string(&said).unwrap_or_default();
        Bytes::from(format!("id: {}\nevent: request\ndata: {json}\n\n", request.revision))
    }
}
