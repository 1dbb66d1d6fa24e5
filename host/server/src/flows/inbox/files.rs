//! Files that came with a mail: what may be kept is kept before the entry that names it, the rest is named in its text.

use porchlight_delivery::inbox::Attachment as Came;
use porchlight_model::{attachment::Attachment, request::Request};
use porchlight_store::{KeepAttachmentError, NewAttachment, StoreError};

use super::super::{
    attach::{Brought, examined},
    change::ChangeFailed,
};
use crate::{app::App, sites::LiveSite};

/// Takes out of what came with a mail those files that are kept, for a request or a new one.
///
/// # Errors
/// The store failed: the mail should come again. What was kept until then is swept away.
pub async fn keep(
    app: &App,
    live: &LiveSite,
    current: Option<&Request>,
    came: &mut Vec<Came>,
) -> Result<Vec<Attachment>, StoreError> {
    let (mut kept, mut others) = (Vec::new(), Vec::new());
    for mut file in came.drain(..) {
        let brought = Brought {
            name: file.name.clone(),
            said: Some(file.media.clone()),
            content: std::mem::take(&mut file.content),
        };
        match keep_one(app, live, current, &kept, brought).await? {
            Some(attachment) => kept.push(attachment),
            None => others.push(file),
        }
    }
    *came = others;
    Ok(kept)
}

async fn keep_one(
    app: &App,
    live: &LiveSite,
    current: Option<&Request>,
    beside: &[Attachment],
    brought: Brought,
) -> Result<Option<Attachment>, StoreError> {
    let limits = &app.uploads.limits;
    let there = current.into_iter().flat_map(Request::attachments).chain(beside);
    let has_room = limits.room().require(there, brought.content.len() as u64).is_ok();
    if !has_room || brought.content.len() > limits.file_bytes {
        return Ok(None);
    }
    let (file, content) = match examined(brought).await {
        Ok(examined) => examined,
        Err(ChangeFailed::Store(error)) => return Err(error),
        Err(_) => return Ok(None),
    };
    let new = NewAttachment { id: file.id, site: live.site.key.clone(), content };
    match app.store.keep_attachment(new, limits.site_bytes, app.now()).await {
        Ok(()) => Ok(Some(file)),
        Err(KeepAttachmentError::SiteFull) => Ok(None),
        Err(KeepAttachmentError::Store(error)) => Err(error),
    }
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
