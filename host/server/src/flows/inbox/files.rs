//! Files that came with a mail: what may be kept is kept before the entry that names it, the rest is named in its text.

use porchlight_delivery::inbox::{Attachment as Came, Incoming};
use porchlight_model::{attachment::Attachment, request::Request};
use porchlight_store::{KeepAttachmentError, NewAttachment, StoreError};

use super::super::{
    attach::{Brought, examined},
    change::ChangeFailed,
};
use crate::{app::App, sites::LiveSite, uploads::MailPlace};

/// A place in memory for the files that came with a mail, if any did.
///
/// # Errors
/// There is none in time: the mail should come again.
pub async fn place(app: &App, says: &Incoming) -> Result<Option<MailPlace>, StoreError> {
    if says.attachments.is_empty() {
        return Ok(None);
    }
    let place = app.uploads.wait().await;
    place.map(Some).ok_or_else(|| StoreError::Failed("too many files are on their way in".into()))
}

/// Takes out of what came with a mail those files that are kept, for a request or a new one, and those that it has already. Where
/// nothing else would be left of the mail, the latter stay, to be named.
///
/// # Errors
/// The store failed: the mail should come again. What was kept until then is swept away.
pub async fn keep(
    app: &App,
    live: &LiveSite,
    current: Option<&Request>,
    says: &mut Incoming,
) -> Result<Vec<Attachment>, StoreError> {
    let (mut kept, mut others, mut known) = (Vec::new(), Vec::new(), Vec::new());
    for mut file in says.attachments.drain(..) {
        let brought = Brought {
            name: file.name.clone(),
            said: Some(file.media.clone()),
            content: std::mem::take(&mut file.content),
        };
        match keep_one(app, live, current, &kept, brought).await? {
            Became::Kept(attachment) => kept.push(attachment),
            Became::Known => known.push(file),
            Became::NotTaken => others.push(file),
        }
    }
    if kept.is_empty() && others.is_empty() && says.text.is_empty() {
        others = known;
    }
    says.attachments = others;
    Ok(kept)
}

/// What became of a file.
enum Became {
    Kept(Attachment),
    /// The request has the same one: a signature's picture comes with every mail.
    Known,
    NotTaken,
}

async fn keep_one(
    app: &App,
    live: &LiveSite,
    current: Option<&Request>,
    beside: &[Attachment],
    brought: Brought,
) -> Result<Became, StoreError> {
    let limits = &app.uploads.limits;
    if brought.content.len() > limits.file_bytes {
        return Ok(Became::NotTaken);
    }
    let (file, content) = match examined(brought).await {
        Ok(examined) => examined,
        Err(ChangeFailed::Store(error)) => return Err(error),
        Err(_) => return Ok(Became::NotTaken),
    };
    let there = || current.into_iter().flat_map(Request::attachments).chain(beside);
    if there().any(|known| known.sha256 == file.sha256) {
        return Ok(Became::Known);
    }
    if limits.room().require(there(), file.size).is_err() {
        return Ok(Became::NotTaken);
    }
    let new = NewAttachment { id: file.id, site: live.site.key.clone(), content };
    match app.store.keep_attachment(new, limits.site_bytes, app.now()).await {
        Ok(()) => Ok(Became::Kept(file)),
        Err(KeepAttachmentError::SiteFull) => Ok(Became::NotTaken),
        Err(KeepAttachmentError::Store(error)) => Err(error),
    }
}

/// A file that was kept and then had no room, to be named with what was not taken.
pub fn named(file: &Attachment) -> Came {
    let bytes = usize::try_from(file.size).unwrap_or(usize::MAX);
    Came { name: Some(file.name.clone()), bytes, media: String::new(), content: Vec::new() }
}

/// Lets go of the files that the request did not come to name: the mail had been taken before, or is not taken at all.
pub async fn settle(app: &App, kept: &[Attachment], request: Option<&Request>) -> Result<(), StoreError> {
    for file in kept {
        if request.is_none_or(|request| request.attachment(file.id).is_none()) {
            app.store.discard_attachment(file.id).await?;
        }
    }
    Ok(())
}
