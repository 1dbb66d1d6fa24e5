//! Change: a request's next revision, kept with the letters that it calls for. Whoever makes it: its requester (`own`) or the
//! business (`desk`).

use jiff::Timestamp;
use porchlight_model::{
    contact::EmailAddress,
    delivery::{Delivery, Letter, Notice, Payload, Reader},
    letters,
    measure::Measures,
    notices,
    request::{ChangeRefused, Request, RequestId},
    slots::Slot,
    submission::{Problem, ProblemCode},
};
use porchlight_store::{Audited, Change, ChangeError, StoreError};

use crate::{app::App, sites::LiveSite, wiring::chance};

/// How often a change is made again when somebody else changed the request in between.
const ATTEMPTS: u32 = 4;

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum ChangeFailed {
    /// There is no such request any more.
    #[error("there is no such request")]
    Gone,
    /// A field has to be mended.
    #[error("a field has to be mended")]
    Field(Problem),
    /// The request's state does not allow it.
    #[error(transparent)]
    Refused(#[from] ChangeRefused),
    /// The idempotency key belongs to another entry.
    #[error("the idempotency key was used with another entry")]
    KeyReused,
    /// The site has no room for another file.
    #[error("the site has no room for another file")]
    SiteFull,
    /// Others keep changing it.
    #[error("the request was changed in between")]
    Busy,
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The request of an id, if it is there and of a site that is served.
pub async fn require(app: &App, id: RequestId) -> Result<Request, ChangeFailed> {
    app.store.lookup_request(id).await?.ok_or(ChangeFailed::Gone)
}

/// Makes the next revision of a request, once more where somebody else changed it in between, and writes the letters it calls
/// for. `make` gives it with the slot to take, if it is another, and how many calls that holds. Returns only once it is durable;
/// a revision that is the same is not kept again.
pub async fn revised(
    app: &App,
    live: &LiveSite,
    id: RequestId,
    make: impl Fn(&Request, Timestamp) -> Result<(Request, Option<(Slot, u32)>), ChangeFailed>,
) -> Result<Request, ChangeFailed> {
    revised_by(app, live, id, None, make).await
}

/// The same, by a signed-in agent: what was done is noted in the audit log, in the same transaction.
pub async fn revised_by(
    app: &App,
    live: &LiveSite,
    id: RequestId,
    audited: Option<&Audited>,
    make: impl Fn(&Request, Timestamp) -> Result<(Request, Option<(Slot, u32)>), ChangeFailed>,
) -> Result<Request, ChangeFailed> {
    let mut decided = Decided::default();
    for _ in 0..ATTEMPTS {
        let (current, now) = (require(app, id).await?, app.now());
        let (next, slot) = make(&current, now)?;
        if next.revision == current.revision {
            return Ok(current);
        }
        let mut deliveries = letters(app, live, &current, &next, &mut decided, now);
        deliveries.extend(noticed(&next, notices::of_change(&live.site, &current, &next), now));
        let change = Change {
            request: next.clone(),
            slot,
            deliveries,
            audited: audited.cloned(),
            measures: Some(Measures::of(&next, &live.site)),
        };
        match app.store.change_request(change).await {
            Ok(()) => {
                app.outbox.notify_one();
                app.changes.tell(id);
                if current.slot != next.slot || next.status.is_final() {
                    app.recent.forget();
                }
                return Ok(next);
            }
            Err(ChangeError::Stale) => {}
            Err(ChangeError::SlotTaken) => return Err(slot_problem(ProblemCode::SlotTaken)),
            Err(ChangeError::Store(error)) => return Err(error.into()),
        }
    }
    Err(ChangeFailed::Busy)
}

/// Which letters that somebody else causes go out, once that is decided: a change that is made again because others were quicker
/// is counted at the walls once.
#[derive(Default)]
struct Decided(Vec<(Letter, bool)>);

impl Decided {
    fn of(&mut self, letter: Letter, decide: impl FnOnce() -> bool) -> bool {
        if let Some((_, goes)) = self.0.iter().find(|(known, _)| *known == letter) {
            return *goes;
        }
        let goes = decide();
        self.0.push((letter, goes));
        goes
    }
}

fn letters(
    app: &App,
    live: &LiveSite,
    current: &Request,
    next: &Request,
    decided: &mut Decided,
    now: Timestamp,
) -> Vec<Delivery> {
    let called_for = letters::of_change(&live.site, current, next).into_iter();
    let to = next.requester.email.as_ref();
    // What the business or the host itself has to say is sent however many letters there were: strangers cannot cause it.
    let is_free = |letter: &Letter| {
        let is_caused_here =
            matches!(letter, Letter::AnswerToRequester { .. } | Letter::MissedToRequester | Letter::LaterToRequester);
        letter.reader() == Reader::Business || is_caused_here
    };
    let goes = |letter: &Letter| is_free(letter) || decided.of(*letter, || may_write_to(app, &live.site.key, to));
    called_for.filter(goes).map(|letter| delivery(next, Payload::Letter { letter }, now)).collect()
}

/// Whether a requester is sent a letter now. Nobody has shown that the address is theirs: it gets a few an hour and no more.
pub fn may_write_to(app: &App, site: &str, address: Option<&EmailAddress>) -> bool {
    address.is_some_and(|address| counted(app, site, app.walls.letter(address)))
}

/// Whether somebody is sent a letter with a link to all their requests now: a few an hour, beside all else.
pub fn may_link_to(app: &App, site: &str, address: &EmailAddress) -> bool {
    counted(app, site, app.walls.link(address))
}

fn counted(app: &App, site: &str, may: bool) -> bool {
    if !may {
        tracing::warn!(site, "a letter to a requester is left out: its address was sent too many within the hour");
        app.metrics.letter_left_out(site);
    }
    may
}

/// A field has to be mended.
pub fn field(name: &str, code: ProblemCode) -> ChangeFailed {
    ChangeFailed::Field(Problem { field: name.to_owned(), code })
}

/// The slot has to be mended.
pub fn slot_problem(code: ProblemCode) -> ChangeFailed {
    field("slot", code)
}

/// Deliveries of notices about a request.
pub fn noticed(request: &Request, notices: Vec<Notice>, now: Timestamp) -> impl Iterator<Item = Delivery> {
    notices.into_iter().map(move |notice| delivery(request, Payload::Notice(notice), now))
}

/// A delivery about a request, due at once.
pub fn delivery(request: &Request, payload: Payload, now: Timestamp) -> Delivery {
    Delivery {
        id: chance::uuid(),
        site: request.site.clone(),
        request: Some(request.id),
        since: now,
        due_at: now,
        attempts: 0,
        payload,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_decided_of_once_however_often_a_change_is_made() {
        let (mut decided, mut asked) = (Decided::default(), 0);
        for _ in 0..ATTEMPTS {
            let mut ask = |goes| {
                asked += 1;
                goes
            };
            assert!(decided.of(Letter::NewToRequester, || ask(true)));
            assert!(!decided.of(Letter::MissedToRequester, || ask(false)));
        }
        assert_eq!(asked, 2);
    }
}
