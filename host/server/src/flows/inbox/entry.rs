//! An entry that came by mail: its text, and the files for which the request has room.

use porchlight_delivery::inbox::Incoming;
use porchlight_model::{
    agent::Agent,
    attachment::Attachment,
    locale::Locale,
    request::{self, Actor, Answered, ChangeRefused, Entry, Request},
};
use porchlight_store::StoreError;
use uuid::Uuid;

use super::{
    super::{
        attach::require_room,
        change::{ChangeFailed, revised},
        handle::Case,
        own,
    },
    files, text,
};
use crate::{app::App, sites::LiveSite};

/// Who wrote a mail to a conversation.
pub enum Writer<'a> {
    /// Its requester.
    Requester,
    /// An agent, from their own address.
    Agent(&'a Agent),
    /// The business, from the site's address.
    Owner,
}

/// An entry that is to be written as a mail says.
pub struct MailedEntry<'a> {
    /// The host.
    pub app: &'a App,
    /// The site.
    pub live: &'a LiveSite,
    /// The request, as it was when the mail came.
    pub request: &'a Request,
    /// The entry's id, and those that it may have been kept by before.
    pub ids: &'a [Uuid],
    /// The language of whoever reads it.
    pub reader: Locale,
    /// Who wrote it.
    pub by: Writer<'a>,
}

impl MailedEntry<'_> {
    /// Writes it, with the files that are kept. Where others took their room meanwhile, none of them is, and the text names them.
    ///
    /// # Errors
    /// The store failed: the mail should come again.
    pub async fn write(&self, says: &mut Incoming) -> Result<Result<Request, ChangeFailed>, StoreError> {
        let kept = files::keep(self.app, self.live, Some(self.request), says).await?;
        let change = self.write_with(&self.said(says), &kept).await;
        files::settle(self.app, &kept, change.as_ref().ok()).await?;
        if !matches!(change, Err(ChangeFailed::Refused(ChangeRefused::NoRoom))) {
            return Ok(change);
        }
        says.attachments.extend(kept.iter().map(files::named));
        Ok(self.write_with(&self.said(says), &[]).await)
    }

    fn said(&self, says: &Incoming) -> String {
        text::of_entry(says, self.reader).unwrap_or_default()
    }

    async fn write_with(&self, said: &str, kept: &[Attachment]) -> Result<Request, ChangeFailed> {
        let Self { app, live, request: Request { id, .. }, ids, .. } = *self;
        match self.by {
            Writer::Requester => own::write_with(app, live, *id, ids[0], said, kept).await,
            Writer::Agent(agent) => Case { app, live, agent, id: *id }.answer_by_mail(ids[0], said, kept).await,
            Writer::Owner => self.answer(said, kept).await,
        }
    }

    /// The owner's own answer, by the site's address.
    async fn answer(&self, said: &str, kept: &[Attachment]) -> Result<Request, ChangeFailed> {
        revised(self.app, self.live, self.request.id, |current, now| {
            if has(current, self.ids) {
                return Ok((current.clone(), None));
            }
            require_room(self.app, current, kept)?;
            let (text, attachments) = (said.to_owned(), kept.to_vec());
            let entry = Entry { id: self.ids[0], from: Actor::Agent, at: now, text, attachments };
            Ok((request::answer(current, entry, Answered::Open, now)?, None))
        })
        .await
    }
}

/// Whether an entry is there, by any of these ids.
pub fn has(request: &Request, entries: &[Uuid]) -> bool {
    request.entries.iter().any(|known| entries.contains(&known.id))
}
