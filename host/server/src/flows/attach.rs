//! Attach: a file → what is it? → is there room? → kept, piece by piece → an entry that names it, in one transaction.
//!
//! Nothing of a file that is refused is ever written. One that is kept and then not needed, because somebody was quicker or the
//! request changed, is let go of at once; where even that is cut off, it is swept away within two hours.

use jiff::{SignedDuration, Timestamp};
use porchlight_model::{
    attachment::{Attachment, FileType, cleaned, recognised},
    request::{self, Actor, Answered, Entry, Request, RequestId, RequesterChange},
};
use porchlight_store::{KeepAttachmentError, NewAttachment, Store, StoreError};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    change::{ChangeFailed, field, require, revised},
    handle::Case,
    own,
};
use crate::{app::App, hexadecimal::hexadecimal, sites::LiveSite, wiring::chance};

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

/// Who adds a file.
#[derive(Clone, Copy)]
pub enum By<'a> {
    /// The requester of this request, at its site.
    Requester(&'a App, &'a LiveSite, RequestId),
    /// An agent, who handles it.
    Agent(Case<'a>),
}

/// Adds a file to a request's conversation, as an entry of this id; the same file under the same id is not added again. Returns
/// only once it is durable.
pub async fn attach(by: By<'_>, entry: Uuid, brought: Brought) -> Result<Attachment, ChangeFailed> {
    let (app, live, id) = match by {
        By::Requester(app, live, id) => (app, live, id),
        By::Agent(case) => (case.app, case.live, case.id),
    };
    let (file, content) = examined(brought).await?;
    let current = require(app, id).await?;
    if let Some(known) = known(&current, entry, &file)? {
        return Ok(known);
    }
    // Before anything is written: whether it may be added at all.
    next(by, &current, entry, &file, app.now())?;
    let new = NewAttachment { id: file.id, site: live.site.key.clone(), content };
    let kept = app.store.keep_attachment(new, app.uploads.limits.site_bytes, app.now()).await;
    kept.map_err(|error| not_kept(error, &live.site.key))?;
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

async fn named(by: By<'_>, entry: Uuid, file: &Attachment) -> Result<Request, ChangeFailed> {
    let is_there = |current: &Request| current.entries.iter().any(|known| known.id == entry);
    let make = |current: &Request, now| match is_there(current) {
        true => Ok(current.clone()),
        false => next(by, current, entry, file, now),
    };
    match by {
        By::Requester(app, live, id) => revised(app, live, id, |current, now| Ok((make(current, now)?, None))).await,
        By::Agent(case) => case.changed("attached", make).await,
    }
}

/// The request with the file.
fn next(
    by: By<'_>,
    current: &Request,
    entry: Uuid,
    file: &Attachment,
    now: Timestamp,
) -> Result<Request, ChangeFailed> {
    let entry = |from| Entry { id: entry, from, at: now, text: String::new(), attachments: vec![file.clone()] };
    match by {
        By::Requester(app, live, _) => {
            app.uploads.limits.room().require(current.attachments(), file.size)?;
            let written = RequesterChange::Entry(entry(Actor::Requester), own::promised_anew(live, now));
            Ok(request::change(current, written, now)?)
        }
        By::Agent(case) => {
            case.app.uploads.limits.room().require(current.attachments(), file.size)?;
            Ok(request::answer(current, entry(Actor::Agent), Answered::Open, now)?)
        }
    }
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
