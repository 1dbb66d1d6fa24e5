//! GET, POST `/desk/{site}/{id}`: the business's page of a request, by the link in its letter (`visit`).

use std::collections::HashMap;

use askama::Template;
use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use porchlight_model::{
    delivery::Reader,
    form::FormKind,
    letters::{self, Fact},
    reply::Basis,
    request::{Actor, AgentAction, Answered, Request, RequestId, Status, Urgency},
    site::Site,
    submission::{self, Problem as FieldProblem, ProblemCode},
    texts::Texts,
};
use serde::Deserialize;

use super::{
    hosted::forms::{form_body, values},
    listener::Peer,
    offer::require_site,
    page::{self, Frame},
    problem::{Fault, Problem, field},
    progress::{self, EntryLine, StepLine},
    visit::{Door, MailedLink},
    walls::changing,
};
use crate::{
    app::App,
    flows::{
        change::{self, ChangeFailed},
        desk,
    },
};

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage {
    frame: Frame,
    promise: Option<PromiseLine>,
    alert: Option<String>,
    steps: Vec<StepLine>,
    conversation: String,
    entries: Vec<EntryLine>,
    heading: String,
    facts: Vec<Fact>,
    buttons: Vec<Button>,
    revision: u32,
    answer: Option<AnswerForm>,
    /// A message is answered by writing, a call by calling.
    answer_first: bool,
}

/// The form to write to the requester.
struct AnswerForm {
    label: String,
    hint: String,
    send: String,
    send_and_resolve: String,
}

struct PromiseLine {
    class: &'static str,
    text: String,
}

struct Button {
    action: &'static str,
    label: String,
}

/// What the page was just led to by.
#[derive(Debug, Deserialize)]
pub struct DeskQuery {
    said: Option<String>,
}

/// What the page works with. It speaks the site's language, whoever looks: that is the business's.
struct Page(MailedLink);

/// The request as it stands, to whoever pressed the button here; the button to everybody else.
pub async fn read(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    query: Result<Query<DeskQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let page = page_of(app, &site, id, &headers)?;
    let said = query.ok().and_then(|Query(query)| query.said);
    page.shown(&headers, said.as_deref()).await.map_err(|fault| fault.said_in(page.site().locale))
}

/// The button, and those of the page.
pub async fn act(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let page = page_of(app, &site, id, &headers)?;
    page.acted(peer, &headers, sent).await.map_err(|fault| fault.said_in(page.site().locale))
}

fn page_of(app: App, site: &str, id: String, headers: &HeaderMap) -> Result<Page, Problem> {
    let live = require_site(&app, site, headers)?;
    Ok(Page(MailedLink { app, live, reader: Reader::Business, id }))
}

impl Page {
    async fn shown(&self, headers: &HeaderMap, said: Option<&str>) -> Result<Response, Fault> {
        match self.0.look(headers).await? {
            Door::Open(request) => {
                let alert = (said == Some("saved")).then(|| self.texts().say("desk-saved"));
                Ok(self.page(&request, alert, StatusCode::OK))
            }
            other => Ok(self.closed(&other)),
        }
    }

    async fn acted(&self, peer: Peer, headers: &HeaderMap, sent: Body) -> Result<Response, Fault> {
        let bytes = form_body(&self.0.app, headers, sent).await?;
        let values = values(&bytes);
        let action = values.get("action").map_or("", String::as_str);
        if action == "open" {
            return Ok(self.0.press(headers).await?.unwrap_or_else(|door| self.closed(&door)));
        }
        let request = match self.0.look(headers).await? {
            Door::Open(request) => request,
            Door::Shut => return Ok(self.closed(&Door::Used)),
            other => return Ok(self.closed(&other)),
        };
        changing(&self.0.app, peer, headers)?;
        if action == "answer" {
            return self.answered(request.id, &values).await;
        }
        let named = AgentAction::ALL.into_iter().find(|known| known.as_str() == action);
        let named = named.ok_or_else(|| field("action", ProblemCode::UnknownValue))?;
        let revision = values.get("revision").and_then(|written| written.parse().ok());
        let revision = revision.ok_or_else(|| field("revision", ProblemCode::UnknownValue))?;
        self.done(request.id, named, revision).await
    }

    async fn answered(&self, id: RequestId, values: &HashMap<String, String>) -> Result<Response, Fault> {
        let then = if values.contains_key("resolve") { Answered::Resolved } else { Answered::Open };
        let text = values.get("text").map_or(Err(ProblemCode::Required), |text| submission::text(text));
        let answered = match text {
            Ok(text) => desk::answer(&self.0.app, &self.0.live, id, &text, then).await,
            Err(code) => Err(ChangeFailed::Field(FieldProblem { field: "text".to_owned(), code })),
        };
        self.said(id, answered).await
    }

    async fn done(&self, id: RequestId, action: AgentAction, revision: u32) -> Result<Response, Fault> {
        self.said(id, desk::act(&self.0.app, &self.0.live, id, action, revision).await).await
    }

    async fn said(&self, id: RequestId, done: Result<Request, ChangeFailed>) -> Result<Response, Fault> {
        match done {
            Ok(_) => Ok(Redirect::to(&format!("{}?said=saved", self.0.path())).into_response()),
            Err(ChangeFailed::Gone) => Ok(self.closed(&Door::Gone)),
            Err(error @ (ChangeFailed::Refused(_) | ChangeFailed::Busy)) => {
                let problem = Fault::from(error).said_in(self.site().locale);
                let request = change::require(&self.0.app, id).await?;
                Ok(self.page(&request, Some(problem.title()), StatusCode::CONFLICT))
            }
            Err(ChangeFailed::Field(problem)) => {
                let request = change::require(&self.0.app, id).await?;
                Ok(self.page(&request, Some(self.texts().problem(&problem)), StatusCode::UNPROCESSABLE_ENTITY))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn closed(&self, door: &Door) -> Response {
        let (status, line, button) = match door {
            Door::Shut => (StatusCode::OK, "desk-explain", Some("desk-open")),
            Door::Used => (StatusCode::GONE, "desk-used", None),
            Door::Gone | Door::Open(_) => (StatusCode::NOT_FOUND, "desk-expired", None),
        };
        page::notice(self.site(), self.site().locale, status, "desk-request", &[line], button)
    }

    fn site(&self) -> &Site {
        &self.0.live.site
    }

    fn texts(&self) -> &'static Texts {
        Texts::of(self.site().locale)
    }

    fn page(&self, request: &Request, alert: Option<String>, status: StatusCode) -> Response {
        let (site, texts, now) = (self.site(), self.texts(), self.0.app.now());
        let title = texts.say_with("desk-title", &[("reference", request.reference.as_str()), ("site", &site.name)]);
        let page = DeskPage {
            frame: Frame { lang: site.locale.tag(), title, site_key: site.key.clone(), home: page::home(site) },
            promise: self.promise(request, now),
            alert,
            steps: progress::steps(request, texts, now, &site.time_zone),
            conversation: texts.say("page-conversation"),
            entries: progress::entries(request, Actor::Agent, &self.0.path(), texts, now, &site.time_zone),
            heading: texts.say("desk-facts"),
            facts: letters::facts(site, request, now),
            buttons: self.buttons(request),
            revision: request.revision,
            answer_first: request.kind == FormKind::Message,
            answer: (request.status != Status::Cancelled).then(|| self.answer_form(request)),
        };
        page::html(status, site.locale, &page)
    }

    fn answer_form(&self, request: &Request) -> AnswerForm {
        let hint = match request.requester.email {
            Some(_) => "desk-answer-by-mail",
            None => "desk-answer-on-page",
        };
        AnswerForm {
            label: self.texts().say("desk-answer"),
            hint: self.texts().say(hint),
            send: self.texts().say("desk-answer-send"),
            send_and_resolve: self.texts().say("desk-answer-send-resolve"),
        }
    }

    /// What was promised, while nobody has answered.
    fn promise(&self, request: &Request, now: Timestamp) -> Option<PromiseLine> {
        let promise = request.open_promise()?;
        let (texts, zone) = (self.texts(), &self.site().time_zone);
        let (id, moment) = match request.slot.filter(|_| promise.basis == Basis::Slot) {
            Some(slot) => ("desk-call", texts.moment(slot.from, now, zone)),
            None => ("desk-promise", texts.moment_by(promise.by, now, zone)),
        };
        let promised = texts.say_with(id, &[("moment", &moment)]);
        let (class, text) = match request.urgency(now) {
            Urgency::Calm => ("calm", promised),
            Urgency::DueSoon => ("closed", promised),
            Urgency::Overdue => ("error", texts.say_with("desk-overdue", &[("promised", &promised)])),
        };
        Some(PromiseLine { class, text })
    }

    fn buttons(&self, request: &Request) -> Vec<Button> {
        let actions = request.agent_actions().into_iter().map(AgentAction::as_str);
        actions.map(|action| Button { action, label: self.texts().say(&format!("desk-{action}")) }).collect()
    }
}
