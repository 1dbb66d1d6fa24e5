//! POST `/v1/request/attachments`, GET `/v1/request/attachments/{id}`: files of one's own request, by its tracking token.
//!
//! The body of a POST is the file, `Content-Type` says what it is and what it is called. Whatever it says, a file leaves only as a
//! download: no browser shows or runs one of ours within this origin.

use std::{io, sync::Arc, time::Duration};

use axum::{
    Extension, Json,
    body::Body,
    extract::{Path, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{self, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use http_body_util::BodyExt;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use porchlight_model::{
    attachment::Attachment,
    request::{Request, RequestId},
};
use tokio::time::timeout;

use super::{
    body,
    conversation::entry_id,
    file_name::file_name,
    listener::Peer,
    own::{require, spoken},
    problem::{Fault, Problem},
    submit::given_key,
    walls::changing,
};
use crate::{
    app::App,
    flows::attach::{Brought, By, attach},
    sites::LiveSite,
    uploads::{Upload, Uploader},
    wire,
};

/// How many times as much as a file may have is still read, and let fall, of one that is too large: who is answered while still
/// sending may never see the answer.
const HEARD_OUT: usize = 4;

/// Adds a file: 201 once it is durable. The same `Idempotency-Key` adds it once.
pub async fn send(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<wire::attachment::Attachment>), Problem> {
    let (request, live) = require(&app, &headers).await?;
    let added = added(&app, &live, &request, peer, &headers, sent).await;
    let added = added.map_err(|fault| fault.said_in(spoken(&headers, &request)))?;
    Ok((StatusCode::CREATED, Json(wire::attachment::Attachment::from(&added))))
}

async fn added(
    app: &App,
    live: &Arc<LiveSite>,
    request: &Request,
    peer: Peer,
    headers: &HeaderMap,
    sent: Body,
) -> Result<Attachment, Fault> {
    changing(app, peer, headers)?;
    let entry = entry_id(request, given_key(headers)?);
    let uploader = Uploader::Requester(peer.client(headers, &app.trusted_proxies));
    let (brought, upload) = brought(app, request.id, uploader, headers, sent).await?;
    let by = By { app: app.clone(), live: Arc::clone(live), request: request.id, agent: None };
    Ok(attach(by, entry, brought, upload).await?)
}

/// The file that is a request's whole body, and its place among those on their way in.
pub async fn brought(
    app: &App,
    request: RequestId,
    uploader: Uploader,
    headers: &HeaderMap,
    sent: Body,
) -> Result<(Brought, Upload), Fault> {
    body::require_plain(headers)?;
    let said = headers.get(CONTENT_TYPE).map(|said| said.to_str().unwrap_or("?").to_owned());
    let name = said.as_deref().and_then(file_name);
    let upload = app.uploads.begin(request, uploader).ok_or(Fault::UploadsBusy)?;
    let arriving = timeout(Duration::from_secs(app.uploads.limits.seconds), arrived(app, sent));
    let content = arriving.await.map_err(|_| Fault::Timeout)??;
    Ok((Brought { name, said, content }, upload))
}

async fn arrived(app: &App, mut sent: Body) -> Result<Vec<u8>, Fault> {
    let most = app.uploads.limits.file_bytes.saturating_mul(HEARD_OUT);
    let mut arrived = Arrived::default();
    while let Some(frame) = sent.frame().await {
        if let Ok(data) = frame.map_err(|_| Fault::BadBody)?.into_data() {
            arrived.take(app, &data);
        }
        if arrived.length > most {
            break;
        }
    }
    arrived.whole(app)
}

/// What has arrived of a file. Of one that is too large nothing is kept.
#[derive(Default)]
pub struct Arrived {
    content: Vec<u8>,
    length: usize,
}

impl Arrived {
    /// Takes the next bytes.
    pub fn take(&mut self, app: &App, data: &[u8]) {
        self.length += data.len();
        if self.length <= app.uploads.limits.file_bytes {
            self.content.extend_from_slice(data);
        } else {
            self.content = Vec::new();
        }
    }

    /// All of it, unless that is too much.
    pub fn whole(self, app: &App) -> Result<Vec<u8>, Fault> {
        if self.length == self.content.len() { Ok(self.content) } else { Err(too_large(app)) }
    }
}

/// A file has more bytes than it may.
pub fn too_large(app: &App) -> Fault {
    Fault::FileTooLarge(app.uploads.limits.megabytes())
}

/// A file of one's own request.
pub async fn read(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let (request, _) = require(&app, &headers).await?;
    download(&app, &request, &file).await.map_err(|fault| fault.said_in(spoken(&headers, &request)))
}

/// A file of a request, as a download: piece by piece, so that a large one takes little memory.
pub async fn download(app: &App, request: &Request, file: &str) -> Result<Response, Fault> {
    let file = file.parse().ok().and_then(|id| request.attachment(id)).ok_or(Fault::NotFound)?;
    let first = app.store.attachment_piece(file.id, 0).await?.ok_or(Fault::NotFound)?;
    let (app, id, size) = (app.clone(), file.id, file.size);
    let begun = Reading { next: Some(first), place: 0, left: size };
    let pieces = stream::try_unfold(begun, move |reading| {
        let app = app.clone();
        async move { reading.on(&app, id).await }
    });
    let mut response = Body::from_stream(pieces).into_response();
    careful(response.headers_mut(), file);
    Ok(response)
}

/// A file that is being read.
struct Reading {
    next: Option<Vec<u8>>,
    place: u32,
    left: u64,
}

impl Reading {
    /// The piece at hand, and the next one with it. A file that is erased meanwhile breaks off.
    async fn on(self, app: &App, id: uuid::Uuid) -> Result<Option<(Bytes, Self)>, io::Error> {
        let Some(piece) = self.next else { return Ok(None) };
        let (left, place) = (self.left.saturating_sub(piece.len() as u64), self.place + 1);
        let next = match left {
            0 => None,
            _ => {
                let next = app.store.attachment_piece(id, place).await.map_err(io::Error::other)?;
                Some(next.ok_or_else(|| io::Error::other("the file is gone"))?)
            }
        };
        Ok(Some((Bytes::from(piece), Self { next, place, left })))
    }
}

/// What keeps a file from ever being more than a download.
const CAREFUL: [(header::HeaderName, &str); 5] = [
    (CONTENT_TYPE, "application/octet-stream"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "private, no-store"),
];

fn careful(headers: &mut HeaderMap, file: &Attachment) {
    for (name, value) in CAREFUL {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    // RFC 6266, section 4.3, and RFC 8187: everything but letters and digits is written as its bytes.
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename*=UTF-8''{name}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
}
