//! Attach: a file → what is it? → is there room? → kept, piece by piece → an entry that names it, in one transaction.
//!
//! Nothing of a file that is refused is ever written. One that is kept and then not needed, because somebody was quicker or the
//! request changed, is let go of at once, even where whoever brought it hung up; where the host itself is cut off, it is swept away
//! within two hours.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use porchlight_model::{
    agent::Agent,
    attachment::{Attachment, FileType, cleaned, recognised},
    request::{self, Actor, Answered, ChangeRefused, Entry, Request, RequestId, RequesterChange},
};
use porchlight_store::{KeepAttachmentError, NewAttachment, Store, StoreError};
use sha2::{Digest, Sha256};
use tracing::Instrument;
use uuid::Uuid;

use super::{
    change::{ChangeFailed, field, require, revised},
    handle::Case,
    own,
};
use crate::{app::App, hexadecimal::hexadecimal, sites::LiveSite, uploads::Upload, wiring::chance};

/// How long a file may belong to nothing before it counts as left behind: longer than keeping one takes.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_hours(1);

/// A file as it was brought.
pub struct Brought {
    /// What it is called, if it is said.
    pub name: Option<String>,
    /// What it is said to be: a media type.
    pub said: Option<String>,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Who adds a file, and to which request.
pub struct By {
    /// The host.
    pub app: App,
    /// The site.
    pub live: Arc<LiveSite>,
    /// The request.
    pub request: RequestId,
    /// The agent who handles it; else it is its requester.
    pub agent: Option<Agent>,
}

/// Adds a file to a request's conversation, as an entry of this id; the same file under the same id is not added again. Returns
/// only once it is durable. Whoever stops waiting for that changes nothing: a file that is begun is named, or let go of.
pub async fn attach(by: By, entry: Uuid, brought: Brought, upload: Upload) -> Result<Attachment, ChangeFailed> {
    let adding = async move {
        let added = added(&by, entry, brought).await;
        // The place of what is held in memory until here.
        drop(upload);
        added
    };
    let adding = tokio::spawn(adding.in_current_span());
    adding.await.map_err(|error| StoreError::Failed(Box::new(error)))?
}

async fn added(by: &By, entry: Uuid, brought: Brought) -> Result<Attachment, ChangeFailed> {
    let (app, site) = (&by.app, &by.live.site.key);
    let (file, content) = examined(brought).await?;
    let current = require(app, by.request).await?;
    if let Some(known) = known(&current, entry, &file)? {
        return Ok(known);
    }
    // Before anything is written: whether it may be added at all.
    next(by, &current, entry, &file, app.now())?;
    let new = NewAttachment { id: file.id, site: site.clone(), content };
    let kept = app.store.keep_attachment(new, app.uploads.limits.site_bytes, app.now()).await;
    kept.map_err(|error| not_kept(error, site))?;
    let named = named(by, entry, &file).await;
    match &named {
        Ok(request) if request.attachment(file.id).is_some() => return Ok(file),
        // Somebody was quicker with the same one, or it may not be added after all.
        Ok(_) | Err(_) => app.store.discard_attachment(file.id).await?,
    }
    known(&named?, entry, &file)?.ok_or(ChangeFailed::Busy)
}

/// What a file is, where looking holds up nobody else.
pub async fn examined(brought: Brought) -> Result<(Attachment, Vec<u8>), ChangeFailed> {
    let examining = tokio::task::spawn_blocking(move || {
        let Brought { name, said, content } = brought;
        let file_type = recognised(&content, said.as_deref())?;
        Ok((described(name.as_deref(), file_type, &content), content))
    });
    let examined = examining.await.map_err(|error| StoreError::Failed(Box::new(error)))?;
    examined.map_err(|why: porchlight_model::attachment::NotTaken| field("file", why.into()))
}

/// What a request says of a file.
fn described(name: Option<&str>, file_type: FileType, content: &[u8]) -> Attachment {
    Attachment {
        id: chance::uuid(),
        name: cleaned(name.unwrap_or_default(), file_type),
        file_type,
        size: content.len() as u64,
        sha256: hexadecimal(&Sha256::digest(content)),
    }
}

/// The file that an entry of this id brought before.
fn known(request: &Request, entry: Uuid, file: &Attachment) -> Result<Option<Attachment>, ChangeFailed> {
    let Some(known) = request.entries.iter().find(|known| known.id == entry) else { return Ok(None) };
    let same = known.attachments.iter().find(|known| known.sha256 == file.sha256);
    same.cloned().map(Some).ok_or(ChangeFailed::KeyReused)
}

async fn named(by: &By, entry: Uuid, file: &Attachment) -> Result<Request, ChangeFailed> {
    let By { app, live, request: id, agent } = by;
    let is_there = |current: &Request| current.entries.iter().any(|known| known.id == entry);
    let make = |current: &Request, now| match is_there(current) {
        true => Ok(current.clone()),
        false => next(by, current, entry, file, now),
    };
    match agent {
        None => revised(app, live, *id, |current, now| Ok((make(current, now)?, None))).await,
        Some(agent) => Case { app, live, agent, id: *id }.changed("attached", make).await,
    }
}

/// The request with the file.
fn next(by: &By, current: &Request, entry: Uuid, file: &Attachment, now: Timestamp) -> Result<Request, ChangeFailed> {
    let entry = |from| Entry { id: entry, from, at: now, text: String::new(), attachments: vec![file.clone()] };
    require_room(&by.app, current, std::slice::from_ref(file))?;
    if by.agent.is_some() {
        return Ok(request::answer(current, entry(Actor::Agent), Answered::Open, now)?);
    }
    let written = RequesterChange::Entry(entry(Actor::Requester), own::promised_anew(&by.live, now));
    Ok(request::change(current, written, now)?)
}

/// Checks that files may be added to those of a request, all of them.
pub fn require_room(app: &App, current: &Request, files: &[Attachment]) -> Result<(), ChangeRefused> {
    let room = app.uploads.limits.room();
    let mut further = files.iter().enumerate();
    further.try_for_each(|(before, file)| room.require(current.attachments().chain(&files[..before]), file.size))
}

fn not_kept(error: KeepAttachmentError, site: &str) -> ChangeFailed {
    match error {
        KeepAttachmentError::SiteFull => {
            tracing::warn!(
                site,
                "a file is not taken: the site's files have all the room that `attachments.site_bytes` gives"
            );
            ChangeFailed::SiteFull
        }
        KeepAttachmentError::Store(error) => error.into(),
    }
}

/// The whole content of a file, as far as it is there.
pub async fn whole(store: &dyn Store, id: Uuid) -> Result<Vec<u8>, StoreError> {
    let mut content = Vec::new();
    for place in 0.. {
        match store.attachment_piece(id, place).await? {
            Some(piece) => content.extend(piece),
            None => break,
        }
    }
    Ok(content)
}

/// Lets go of files that were left behind by whoever brought them, or by an erasure that was cut off.
pub async fn sweep(app: &App) -> Result<u64, StoreError> {
    let begun_by = app.now().saturating_sub(ON_ITS_WAY).unwrap_or(Timestamp::MIN);
    app.store.sweep_attachments(begun_by).await
}
