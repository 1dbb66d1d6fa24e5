//! Request: body → replay? → address's wall → fields → proof of work, where suspicious → site's wall → promise →
//! `receive-request` of every plugin → one transaction → receipt.

mod acceptance;

use std::{net::IpAddr, time::Duration};

use jiff::Timestamp;
use porchlight_model::{
    agent::AgentId,
    attachment::Attachment,
    form::FormKind,
    offer::{Offer, VisitorContext},
    plugin::{Decision, Provenance, Routing},
    reply::ExpectedReply,
    request::{Origin, Request},
    site::Site,
    submission::{self, Draft, Problem, ProblemCode, Submission},
};
use porchlight_runtime::Hook;
use porchlight_store::{AcceptError, Accepted, IdempotencyKey, Replay, Spent, StoreError};

use super::{
    brought::{self, Brought, brought},
    change::may_write_to,
    offer::offer,
};
use crate::{
    app::App,
    plugins::SitePlugin,
    sites::LiveSite,
    wire::{proof::Challenge, submission::SubmissionBody},
};

/// How often another reference is tried when the one drawn is in use. At a million requests a draw hits one in a thousand
/// times: eight in a row do not happen.
const REFERENCE_DRAWS: u32 = 8;

/// Why a submission was not kept.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Fields that have to be mended.
    #[error("fields have to be mended")]
    Fields(Vec<Problem>),
    /// The idempotency key belongs to another body.
    #[error("the idempotency key was used with another body")]
    KeyReused,
    /// Something is suspicious: it is taken with the proof of work asked for here.
    #[error("a proof of work is asked for")]
    Unproven(Box<Challenge>),
    /// Too much was submitted; there is this long to wait.
    #[error("too much was submitted")]
    TooMany(Duration),
    /// It came by an e-mail that was taken before.
    #[error("the e-mail was taken before")]
    TakenBefore,
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A submission that is kept.
pub struct Submitted {
    /// The request it became, or had become before.
    pub request: Request,
    /// The one-time id of a link to its status, where one was made for whoever submitted it; it counts as used.
    pub visit: Option<String>,
}

/// How a submission came.
pub struct Arrival {
    /// The client's idempotency key, with the hash of the body.
    pub idempotency: Option<IdempotencyKey>,
    /// Problems found while the body was taken apart.
    pub problems: Vec<Problem>,
    /// Where it came from.
    pub address: IpAddr,
    /// Whether whoever submitted it should be led to a page of its own (forms without JavaScript).
    pub follow_by: FollowBy,
}

/// How whoever submitted a request follows it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum FollowBy {
    /// By the tracking token.
    #[default]
    Token,
    /// By a page of our own.
    Page,
}

/// Takes a submission in. Returns only once it, and what is to be sent because of it, is durable.
pub async fn submit(
    app: &App,
    live: &LiveSite,
    body: SubmissionBody,
    mut arrival: Arrival,
) -> Result<Submitted, SubmitError> {
    let now = app.now();
    if let Some(request) = replayed(app, arrival.idempotency.as_ref(), now).await? {
        return Ok(Submitted { request, visit: None });
    }
    app.walls.submission(arrival.address).map_err(SubmitError::TooMany)?;
    let problems = std::mem::take(&mut arrival.problems);
    let submission = checked(app, live, &body, problems, now)?;
    let brought = brought(app, &live.site.key, &body, &arrival, now)?;
    if let Some(used) = app.store.lookup_spent(brought.spends()).await? {
        return Err(used_up(app, live, brought, used, now));
    }
    let (idempotency, follow_by) = (arrival.idempotency, arrival.follow_by);
    let came = Came { brought, idempotency, follow_by, ..Came::default() };
    take(app, live, submission, came, now).await
}

/// What a submission in order came with.
#[derive(Default)]
pub struct Came {
    /// What it uses up.
    pub brought: Brought,
    /// The client's idempotency key, with the hash of the body.
    pub idempotency: Option<IdempotencyKey>,
    /// How whoever submitted it follows it.
    pub follow_by: FollowBy,
    /// Files that came with it, and were kept before.
    pub attachments: Vec<Attachment>,
    /// How an agent came to enter it by hand, if one did.
    pub entered: Option<Entered>,
}

/// Takes in a submission in which everything is in order, whichever way it came. Returns only once it, and what is to be sent
/// because of it, is durable.
pub async fn take(
    app: &App,
    live: &LiveSite,
    submission: Submission,
    came: Came,
    now: Timestamp,
) -> Result<Submitted, SubmitError> {
    app.walls.site(&live.site.key).map_err(SubmitError::TooMany)?;
    decide_and_keep(app, live, submission, came, now).await
}

async fn decide_and_keep(
    app: &App,
    live: &LiveSite,
    submission: Submission,
    came: Came,
    now: Timestamp,
) -> Result<Submitted, SubmitError> {
    let visitor = VisitorContext { locale: submission.locale, page: submission.page.clone(), time_zone: None };
    let shaped = offer(app, live, &visitor, now).await?;
    let (routing, decisions) = decided(app, live, &visitor, &submission, now).await?;
    let provenance = shaped.provenance.into_iter().chain(decisions).collect();
    let promise = promise(&shaped.offer, &live.site, &submission, now);
    let has_letter = may_write_to(app, &live.site.key, submission.requester.email.as_ref());
    keep(app, &Taken { live, submission, came, routing, promise, provenance, has_letter, now }).await
}

async fn replayed(app: &App, key: Option<&IdempotencyKey>, now: Timestamp) -> Result<Option<Request>, SubmitError> {
    let Some(key) = key else { return Ok(None) };
    match app.store.lookup_replay(key, now).await? {
        None => Ok(None),
        Some(Replay::Same(request)) => Ok(Some(*request)),
        Some(Replay::Other) => Err(SubmitError::KeyReused),
    }
}

/// The submission, if every field is in order and it was not a machine that filled the form.
fn checked(
    app: &App,
    live: &LiveSite,
    body: &SubmissionBody,
    mut problems: Vec<Problem>,
    now: Timestamp,
) -> Result<Submission, SubmitError> {
    problems.extend(brought::problems(app, &live.site.key, body, now));
    match submission::validate(&body.draft, &live.site, now) {
        Ok(submission) if problems.is_empty() => Ok(submission),
        Ok(_) => Err(SubmitError::Fields(problems)),
        Err(found) => {
            let fresh = found.into_iter().filter(|new| problems.iter().all(|old| old.field != new.field));
            let fresh: Vec<Problem> = fresh.collect();
            problems.extend(fresh);
            Err(SubmitError::Fields(problems))
        }
    }
}

/// What is promised to this visitor: what the offer shows, or the slot chosen.
fn promise(offer: &Offer, site: &Site, submission: &Submission, now: Timestamp) -> Option<ExpectedReply> {
    match (submission.kind, submission.slot) {
        (FormKind::Callback, Some(slot)) => Some(ExpectedReply::at_slot(slot, now)),
        (FormKind::Callback, None) => offer.callback.as_ref()?.expected_reply(site, now),
        (FormKind::Message, _) => offer.message.as_ref()?.expected_reply(site, now),
    }
}

/// Asks every plugin in order. Those that fail leave a mark, and the submission goes on.
async fn decided(
    app: &App,
    live: &LiveSite,
    visitor: &VisitorContext,
    submission: &Submission,
    now: Timestamp,
) -> Result<(Routing, Vec<Provenance>), SubmitError> {
    let mut routing = Routing::default();
    let mut provenance = Vec::new();
    for plugin in &live.plugins {
        provenance.extend(plugin.mark(Hook::ReceiveRequest));
        let Some(plugin) = SitePlugin::answering(plugin, Hook::ReceiveRequest) else { continue };
        let called = app.runtime.receive_request(plugin, visitor, &live.site, submission, now).await;
        app.metrics.plugin_called(&live.site.key, &called.provenance);
        provenance.push(called.provenance);
        match called.answer {
            Some(Decision::Refuse(refusals)) => {
                let refused = |refusal: porchlight_model::plugin::Refusal| Problem {
                    field: refusal.field,
                    code: ProblemCode::Refused(refusal.message),
                };
                return Err(SubmitError::Fields(refusals.into_iter().map(refused).collect()));
            }
            Some(Decision::Accept(decision)) => routing = routing.overlaid(decision),
            None => {}
        }
    }
    Ok((routing, provenance))
}

/// A submission with all that was decided about it.
struct Taken<'a> {
    live: &'a LiveSite,
    submission: Submission,
    came: Came,
    routing: Routing,
    promise: Option<ExpectedReply>,
    provenance: Vec<Provenance>,
    has_letter: bool,
    now: Timestamp,
}

/// How an agent came to enter a submission by hand.
#[derive(Clone, Copy)]
pub struct Entered {
    /// Who.
    pub agent: AgentId,
    /// How its requester came.
    pub origin: Origin,
}

/// Takes a submission in that an agent entered by hand, for somebody who called or came by: what shows that a person sent it is not
/// asked for, all else is the same.
pub async fn enter(
    app: &App,
    live: &LiveSite,
    draft: &Draft,
    entered: Entered,
    idempotency: Option<IdempotencyKey>,
) -> Result<Request, SubmitError> {
    let now = app.now();
    if let Some(request) = replayed(app, idempotency.as_ref(), now).await? {
        return Ok(request);
    }
    let submission = submission::validate(draft, &live.site, now).map_err(SubmitError::Fields)?;
    let came = Came { idempotency, entered: Some(entered), ..Came::default() };
    Ok(decide_and_keep(app, live, submission, came, now).await?.request)
}

async fn keep(app: &App, taken: &Taken<'_>) -> Result<Submitted, SubmitError> {
    for _ in 0..REFERENCE_DRAWS {
        let (acceptance, visit) = acceptance::acceptance(app, taken);
        let request = acceptance.request.clone();
        match app.store.accept(acceptance).await {
            Ok(Accepted::New) => {
                app.outbox.notify_one();
                if request.slot.is_some() {
                    app.recent.forget();
                }
                app.metrics.request_kept(&request);
                return Ok(Submitted { request, visit });
            }
            Ok(Accepted::Replayed(request)) => return Ok(Submitted { request: *request, visit: None }),
            Err(AcceptError::ReferenceTaken) => {}
            Err(AcceptError::KeyReused) => return Err(SubmitError::KeyReused),
            Err(AcceptError::SlotTaken) => {
                return Err(SubmitError::Fields(vec![Problem {
                    field: "slot".to_owned(),
                    code: ProblemCode::SlotTaken,
                }]));
            }
            Err(AcceptError::AttachmentGone) => return Err(StoreError::Failed("a file of it is gone".into()).into()),
            Err(AcceptError::Spent(used)) => return Err(used_up(app, taken.live, taken.came.brought, used, taken.now)),
            Err(AcceptError::Store(error)) => return Err(error.into()),
        }
    }
    Err(SubmitError::Store(StoreError::Failed("no free reference was drawn".into())))
}

/// Another request was sent by the same form, or with the same proof of work.
fn used_up(app: &App, live: &LiveSite, brought: Brought, used: Spent, now: Timestamp) -> SubmitError {
    if brought.form == Some(used) {
        return SubmitError::Fields(vec![Problem { field: "form_token".to_owned(), code: ProblemCode::FormUsed }]);
    }
    if brought.mail == Some(used) {
        return SubmitError::TakenBefore;
    }
    brought::asked(app, &live.site.key, now)
}
