//! GET, POST `/answer/{site}/{id}`: the business's page of a request, by the link in its letter.
//!
//! Opening the address shows and changes nothing, so that a mail program that looks at links beforehand takes nothing on. A
//! button posts.

use std::sync::Arc;

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
    form::FormKind,
    letters::{self, Fact},
    request::{AgentAction, Author, Request, RequestId, Status, Urgency},
    submission::ProblemCode,
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
    walls::changing,
};
use crate::{
    app::App,
    flows::{
        answer,
        own::{self, OwnError},
    },
    sites::LiveSite,
    tokens,
};

#[derive(Template)]
#[template(path = "answer.html")]
struct AnswerPage {
    frame: Frame,
    promise: Option<PromiseLine>,
    alert: Option<String>,
    steps: Vec<StepLine>,
    conversation: String,
    entries: Vec<EntryLine>,
    heading: String,
    facts: Vec<Fact>,
    buttons: Vec<Button>,
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
pub struct AnswerQuery {
    said: Option<String>,
}

/// What can be done, by the name that forms give it.
const ACTIONS: [(&str, AgentAction); 4] = [
    ("accept", AgentAction::Accept),
    ("reached", AgentAction::Reached),
    ("no-answer", AgentAction::NoAnswer),
    ("resolve", AgentAction::Resolve),
];

/// What the page works with. It speaks the site's language, whoever looks: that is the business's.
struct Page {
    app: App,
    live: Arc<LiveSite>,
    id: String,
}

/// The request as it stands.
pub async fn read(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    query: Result<Query<AnswerQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let page = Page { live: require_site(&app, &site, &headers)?, app, id };
    let said = query.is_ok_and(|Query(query)| query.said.is_some());
    page.shown(said.then_some("answer-saved")).await.map_err(|fault| fault.said_in(page.live.site.locale))
}

/// A button.
pub async fn act(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let page = Page { live: require_site(&app, &site, &headers)?, app, id };
    page.acted(peer, &headers, sent).await.map_err(|fault| fault.said_in(page.live.site.locale))
}

impl Page {
    async fn shown(&self, alert: Option<&str>) -> Result<Response, Fault> {
        let Some(request) = self.request().await? else { return Ok(self.expired()) };
        Ok(self.page(&request, alert.map(|id| self.texts().say(id)), StatusCode::OK))
    }

    async fn acted(&self, peer: Peer, headers: &HeaderMap, sent: Body) -> Result<Response, Fault> {
        changing(&self.app, peer, headers)?;
        let bytes = form_body(&self.app, headers, sent).await?;
        let values = values(&bytes);
        let named = values.get("action").map_or("", String::as_str);
        let action = ACTIONS.iter().find(|(name, _)| *name == named);
        let (_, action) = action.ok_or_else(|| field("action", ProblemCode::UnknownValue))?;
        let Some(request) = self.request().await? else { return Ok(self.expired()) };
        match answer::act(&self.app, request.id, *action).await {
            Ok(_) => {
                let path = format!("/answer/{}/{}?said=saved", self.live.site.key, self.id);
                Ok(Redirect::to(&path).into_response())
            }
            Err(OwnError::Gone) => Ok(self.expired()),
            Err(error @ (OwnError::Refused(_) | OwnError::Busy)) => self.refused(request.id, error).await,
            Err(error) => Err(error.into()),
        }
    }

    /// The page as it is after somebody else was quicker.
    async fn refused(&self, id: RequestId, error: OwnError) -> Result<Response, Fault> {
        let problem = Fault::from(error).said_in(self.live.site.locale);
        let request = own::require(&self.app, id).await?;
        Ok(self.page(&request, Some(problem.title()), StatusCode::CONFLICT))
    }

    /// The request that the link leads to, unless the link has expired or the request is gone.
    async fn request(&self) -> Result<Option<Request>, Fault> {
        let link = tokens::read_answer(&self.app.keys, &self.id).filter(|link| self.app.now() < link.expires_at);
        let Some(link) = link else { return Ok(None) };
        let request = self.app.store.lookup_request(link.request).await?;
        Ok(request.filter(|request| request.site == self.live.site.key))
    }

    fn expired(&self) -> Response {
        let site = &self.live.site;
        page::notice(site, site.locale, StatusCode::NOT_FOUND, "link-title", &["link-expired"], None)
    }

    fn texts(&self) -> &'static Texts {
        Texts::of(self.live.site.locale)
    }

    fn page(&self, request: &Request, alert: Option<String>, status: StatusCode) -> Response {
        let (site, texts, now) = (&self.live.site, self.texts(), self.app.now());
        let title = texts.say_with("answer-title", &[("reference", request.reference.as_str()), ("site", &site.name)]);
        let page = AnswerPage {
            frame: Frame { lang: site.locale.tag(), title, site_key: site.key.clone(), home: page::home(site) },
            promise: self.promise(request, now),
            alert,
            steps: progress::steps(request, texts, now, &site.time_zone),
            conversation: texts.say("page-conversation"),
            entries: progress::entries(request, Author::Agent, texts, now, &site.time_zone),
            heading: texts.say("answer-facts"),
            facts: letters::facts(site, request, now),
            buttons: self.buttons(request),
        };
        page::html(status, site.locale, &page)
    }

    /// What was promised, while nobody has answered.
    fn promise(&self, request: &Request, now: Timestamp) -> Option<PromiseLine> {
        let promise = request.promise.filter(|_| !request.status.is_final() && request.answered_at().is_none())?;
        let (texts, zone) = (self.texts(), &self.live.site.time_zone);
        let (id, moment) = match request.slot {
            Some(slot) => ("answer-call", texts.moment(slot.from, now, zone)),
            None => ("answer-promise", texts.moment_by(promise.by, now, zone)),
        };
        let promised = texts.say_with(id, &[("moment", &moment)]);
        let (class, text) = match request.urgency(now) {
            Urgency::Calm => ("calm", promised),
            Urgency::DueSoon => ("closed", promised),
            Urgency::Overdue => ("error", texts.say_with("answer-overdue", &[("promised", &promised)])),
        };
        Some(PromiseLine { class, text })
    }

    fn buttons(&self, request: &Request) -> Vec<Button> {
        let is_call = request.kind == FormKind::Callback;
        let fits = |action| match action {
            AgentAction::Accept => request.status == Status::Received,
            AgentAction::Reached | AgentAction::NoAnswer => is_call,
            AgentAction::Resolve => !is_call,
        };
        let open = ACTIONS.into_iter().filter(|(_, action)| !request.status.is_final() && fits(*action));
        open.map(|(action, _)| Button { action, label: self.texts().say(&format!("answer-{action}")) }).collect()
    }
}
