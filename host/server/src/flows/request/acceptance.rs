//! What is kept of a submission in one transaction: the request that it becomes, and all that goes with it.

use porchlight_model::{
    delivery::{Letter, Payload},
    form::CallbackForm,
    letters,
    measure::Measures,
    notices,
    reference::Reference,
    request::{Actor, Entry, Event, Handling, Happening, Origin, Request, RequestId, Status},
};
use porchlight_store::{Acceptance, Audited, Booking};

use super::{
    super::{
        change::{delivery, noticed},
        links,
    },
    Entered, FollowBy, Taken,
};
use crate::{app::App, contacts, tokens, wiring::chance};

/// All that is kept, and the one-time id of the page to go on to, where that is wanted.
pub(super) fn acceptance(app: &App, taken: &Taken<'_>) -> (Acceptance, Option<String>) {
    let site = &taken.live.site;
    let request = request(taken);
    let mut letters = letters::of_new(site, &request);
    letters.retain(|letter| taken.has_letter || *letter != Letter::NewToRequester);
    let deliver = |letter| delivery(&request, Payload::Letter { letter }, taken.now);
    let notices = noticed(&request, notices::of_new(site, &request), taken.now);
    let deliveries = letters.into_iter().map(deliver).chain(notices).collect();
    let mut spends = taken.came.brought.spends();
    let visit = (taken.came.follow_by == FollowBy::Page).then(|| links::link(&request, chance::bytes(), taken.now));
    let visit = visit.map(|link| {
        let id = tokens::link(&app.keys, link);
        spends.push(links::spent_by(link, &id));
        id
    });
    let booking = |(slot, form): (_, &CallbackForm)| Booking {
        slot,
        capacity: form.slots.capacity,
        open_at_most: form.open_at_most,
    };
    let slot = request.slot.zip(site.callback.as_ref()).map(booking);
    let provenance = taken.provenance.clone();
    let contacts = contacts::of_requester(&app.keys, &request.requester);
    let audited = taken.came.entered.map(|entered| audited(entered, &request));
    let idempotency = taken.came.idempotency.clone();
    let measures = Some(Measures::of(&request, site));
    let acceptance =
        Acceptance { request, slot, idempotency, spends, deliveries, provenance, contacts, audited, measures };
    (acceptance, visit)
}

fn audited(entered: Entered, request: &Request) -> Audited {
    Audited {
        at: request.received_at(),
        agent: entered.agent,
        site: Some(request.site.clone()),
        action: "entered".to_owned(),
        request: Some(request.id),
    }
}

/// What its requester said with it, and what came along.
fn first_entry(taken: &Taken<'_>) -> Option<Entry> {
    let (text, attachments) = (taken.submission.text.clone(), taken.came.attachments.clone());
    let says_something = text.is_some() || !attachments.is_empty();
    let (id, at) = (chance::uuid(), taken.now);
    says_something.then(|| Entry { id, from: Actor::Requester, at, text: text.unwrap_or_default(), attachments })
}

fn request(taken: &Taken<'_>) -> Request {
    let (submission, site, now) = (&taken.submission, &taken.live.site, taken.now);
    Request {
        id: RequestId(chance::uuid()),
        site: site.key.clone(),
        reference: Reference::from_random(&site.reference_prefix, chance::bytes()),
        kind: submission.kind,
        status: Status::Received,
        events: vec![Event {
            at: now,
            by: Actor::Requester,
            agent: taken.came.entered.map(|entered| entered.agent),
            what: Happening::Received,
        }],
        requester: submission.requester.clone(),
        slot: submission.slot,
        reply_by: submission.reply_by,
        locale: submission.locale,
        page: submission.page.clone(),
        consent: submission.consent.clone(),
        promise: taken.promise,
        routing: taken.routing.clone(),
        entries: first_entry(taken).into_iter().collect(),
        rating: None,
        handling: Handling { origin: origin(taken), ..Handling::default() },
        revision: 0,
    }
}

fn origin(taken: &Taken<'_>) -> Origin {
    let usual = if taken.came.brought.mail.is_some() { Origin::Email } else { Origin::Web };
    taken.came.entered.map_or(usual, |entered| entered.origin)
}
