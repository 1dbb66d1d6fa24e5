//! POST `/r/{site}/{id}/attachments`, GET `…/{file}`, and the same for the business below `/desk/`: files, without JavaScript.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    body::Body,
    extract::{FromRequest, Multipart, Path, Request as Sent, State, multipart::MultipartError},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use http_body_util::Limited;
use porchlight_model::{delivery::Reader, request::RequestId, submission::ProblemCode};
use tokio::time::timeout;

use super::{
    super::{
        attachments::{Arrived, download, too_large},
        hosted::forms::require_own,
        listener::Peer,
        locale,
        offer::require_site,
        problem::{Fault, Problem, field},
        visit::{Door, MailedLink},
        walls::changing,
    },
    Page, page_of,
};
use crate::{
    app::App,
    flows::{
        attach::{Brought, By, attach},
        change::ChangeFailed,
    },
    uploads::{Upload, Uploader},
    wiring::chance,
};

/// The form of the status page, with a file in it.
pub async fn send(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    Extension(peer): Extension<Peer>,
    sent: Sent,
) -> Result<Response, Problem> {
    let headers = sent.headers().clone();
    let page = page_of(app, &site, id, &headers)?;
    page.brought(peer, &headers, sent).await.map_err(|fault| fault.said_in(page.locale))
}

/// A file, for its requester.
pub async fn read(
    State(app): State<App>,
    Path((site, id, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    opened(app, Reader::Requester, (site, id), &file, &headers).await
}

/// A file, for the business.
pub async fn read_at_desk(
    State(app): State<App>,
    Path((site, id, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    opened(app, Reader::Business, (site, id), &file, &headers).await
}

async fn opened(
    app: App,
    reader: Reader,
    (site, id): (String, String),
    file: &str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let live = require_site(&app, &site, headers)?;
    let locale = match reader {
        Reader::Requester => locale::negotiate(None, headers, &live.site),
        Reader::Business => live.site.locale,
    };
    let link = MailedLink { app, live, reader, id };
    let found = match link.look(headers).await {
        Ok(Door::Open(request)) => download(&link.app, &request, file).await,
        Ok(_) => Err(Fault::NotFound),
        Err(fault) => Err(fault),
    };
    found.map_err(|fault| fault.said_in(locale))
}

impl Page {
    async fn brought(&self, peer: Peer, headers: &HeaderMap, sent: Sent) -> Result<Response, Fault> {
        let app = &self.link.app;
        require_own(app, headers)?;
        let request = match self.link.look(headers).await? {
            Door::Open(request) => request.id,
            Door::Shut => return Ok(self.closed(&Door::Used)),
            other => return Ok(self.closed(&other)),
        };
        changing(app, peer, headers)?;
        let uploader = Uploader::Requester(peer.client(headers, &app.trusted_proxies));
        let added = match chosen(app, request, uploader, sent).await {
            Ok((brought, upload)) => attach(self.by(request), chance::uuid(), brought, upload).await,
            Err(Fault::Fields(mut problems)) if problems.len() == 1 => Err(ChangeFailed::Field(problems.remove(0))),
            Err(fault @ (Fault::FileTooLarge(_) | Fault::UploadsBusy)) => return self.not_taken(request, fault).await,
            Err(fault) => return Err(fault),
        };
        match added {
            Err(ChangeFailed::SiteFull) => self.not_taken(request, Fault::SiteFull).await,
            other => self.became(request, other.map(|_| "sent")).await,
        }
    }

    fn by(&self, request: RequestId) -> By {
        By { app: self.link.app.clone(), live: Arc::clone(&self.link.live), request, agent: None }
    }

    /// The page as it was, and why the file is not there.
    async fn not_taken(&self, request: RequestId, fault: Fault) -> Result<Response, Fault> {
        let (status, problem) = (fault.said().0, fault.said_in(self.locale));
        let mut response = self.status(&self.require(request).await?, Some(problem.title()), status).await?;
        problem.mark(response.headers_mut());
        Ok(response)
    }
}

/// The file that was chosen in a form (RFC 7578), and its place among those on their way in.
async fn chosen(app: &App, request: RequestId, uploader: Uploader, sent: Sent) -> Result<(Brought, Upload), Fault> {
    let upload = app.uploads.begin(request, uploader).ok_or(Fault::UploadsBusy)?;
    let arriving = timeout(Duration::from_secs(app.uploads.limits.seconds), arrived(app, sent));
    let brought = arriving.await.map_err(|_| Fault::Timeout)??;
    Ok((brought, upload))
}

async fn arrived(app: &App, sent: Sent) -> Result<Brought, Fault> {
    let most = app.uploads.limits.file_bytes.saturating_mul(2);
    let sent = sent.map(|body| Body::new(Limited::new(body, most)));
    let mut form = Multipart::from_request(sent, &()).await.map_err(|_| Fault::UnsupportedMediaType)?;
    let broken = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(app),
        _ => Fault::BadBody,
    };
    while let Some(mut part) = form.next_field().await.map_err(broken)? {
        if part.name() != Some("file") {
            continue;
        }
        let (name, said) = (part.file_name().map(str::to_owned), part.content_type().map(str::to_owned));
        let mut arrived = Arrived::default();
        while let Some(piece) = part.chunk().await.map_err(broken)? {
            arrived.take(app, &piece);
        }
        return Ok(Brought { name, said, content: arrived.whole(app)? });
    }
    Err(field("file", ProblemCode::Required))
}
