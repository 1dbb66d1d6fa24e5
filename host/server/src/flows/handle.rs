//! Handle: what a signed-in agent does about a request. The request says which agent it was, and so does the audit log, in the
//! same transaction.

use porchlight_model::{
    agent::{Agent, AgentId},
    attachment::Attachment,
    request::{self, Actor, AgentAction, Answered, Entry, Note, Request, RequestId},
};
use porchlight_store::Audited;
use uuid::Uuid;

use super::{
    attach::require_room,
    change::{ChangeFailed, field, revised_by},
    own,
};
use crate::{app::App, sites::LiveSite, wiring::chance};

/// A request, at its site, and who handles it.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The host.
    pub app: &'a App,
    /// The site.
    pub live: &'a LiveSite,
    /// The agent.
    pub agent: &'a Agent,
    /// The request.
    pub id: RequestId,
}

impl Case<'_> {
    /// Does something about it, for somebody who saw it at `revision`.
    pub async fn act(&self, action: AgentAction, revision: u32) -> Result<Request, ChangeFailed> {
        self.changed(action.as_str(), |current, now| Ok(request::act(current, action, revision, now)?)).await
    }

    /// Writes to its requester; an entry that is there already is not written again. `text` is checked.
    pub async fn answer(&self, entry: Uuid, text: &str, then: Answered) -> Result<Request, ChangeFailed> {
        self.answered("answered", entry, (text, &[]), then).await
    }

    /// The same by e-mail, which proves nothing of its writer: the audit log calls it by another name. Files were kept before; there
    /// has to be room for them all, and `text` may be empty beside them.
    pub async fn answer_by_mail(
        &self,
        entry: Uuid,
        text: &str,
        attachments: &[Attachment],
    ) -> Result<Request, ChangeFailed> {
        self.answered("answered-by-mail", entry, (text, attachments), Answered::Open).await
    }

    async fn answered(
        &self,
        action: &str,
        entry: Uuid,
        (text, attachments): (&str, &[Attachment]),
        then: Answered,
    ) -> Result<Request, ChangeFailed> {
        self.changed(action, |current, now| {
            match current.entries.iter().find(|known| known.id == entry) {
                Some(known) if known.text == text => return Ok(current.clone()),
                Some(_) => return Err(ChangeFailed::KeyReused),
                None => {}
            }
            require_room(self.app, current, attachments)?;
            let (text, attachments) = (text.to_owned(), attachments.to_vec());
            let entry = Entry { id: entry, from: Actor::Agent, at: now, text, attachments };
            Ok(request::answer(current, entry, then, now)?)
        })
        .await
    }

    /// Gives it to a colleague, or to nobody.
    pub async fn assign(&self, assignee: Option<AgentId>, revision: u32) -> Result<Request, ChangeFailed> {
        let action = if assignee.is_some() { "assigned" } else { "unassigned" };
        self.changed(action, |current, _| at(current, revision).map(|current| current.assigned(assignee))).await
    }

    /// Writes a note for colleagues.
    pub async fn note(&self, text: &str) -> Result<Request, ChangeFailed> {
        let (id, agent) = (chance::uuid(), self.agent.id);
        self.changed("noted", |current, now| {
            let note = Note { id, agent, at: now, text: text.to_owned() };
            current.noted(note).map_err(|code| field("text", code))
        })
        .await
    }

    /// Gives it other tags.
    pub async fn tag(&self, tags: &[String], revision: u32) -> Result<Request, ChangeFailed> {
        self.changed("tagged", |current, _| {
            at(current, revision)?.tagged(tags.to_vec()).map_err(|code| field("tags", code))
        })
        .await
    }

    /// Erases it and all that belongs to it. That it was is noted first: a note without an erasure harms nobody.
    pub async fn erase(&self, request: &Request) -> Result<(), ChangeFailed> {
        self.app.store.record(self.audited("erased")).await?;
        own::erase(self.app, self.live, request).await
    }

    /// Makes a change that the audit log calls by this name, and that says whose it is.
    pub async fn changed(
        &self,
        action: &str,
        make: impl Fn(&Request, jiff::Timestamp) -> Result<Request, ChangeFailed>,
    ) -> Result<Request, ChangeFailed> {
        let audited = self.audited(action);
        revised_by(self.app, self.live, self.id, Some(&audited), |current, now| {
            let mut next = make(current, now)?;
            sign(&mut next, current, self.agent.id);
            Ok((next, None))
        })
        .await
    }

    fn audited(&self, action: &str) -> Audited {
        let (site, request) = (Some(self.live.site.key.clone()), Some(self.id));
        Audited { at: self.app.now(), agent: self.agent.id, site, action: action.to_owned(), request }
    }
}

/// The request, if it is as somebody saw it.
fn at(current: &Request, revision: u32) -> Result<&Request, ChangeFailed> {
    if current.revision == revision { Ok(current) } else { Err(request::ChangeRefused::Changed.into()) }
}

/// Says in what happened just now which agent it was.
fn sign(next: &mut Request, current: &Request, agent: AgentId) {
    let new = next.events.iter_mut().skip(current.events.len());
    new.for_each(|event| event.agent = Some(agent));
}
