//! GET, POST `/r/{site}/{id}`: the requester's page of a request, by a mailed link (`visit`).

use std::str::FromStr;

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
    locale::Locale,
    request::{Actor, Request, RequestId, Status},
    submission::{Problem as FieldProblem, ProblemCode},
    texts::Texts,
};
use serde::Deserialize;

use super::{
    hosted::forms::{form_body, values},
    listener::Peer,
    locale,
    offer::require_site,
    page::{self, Day, Frame},
    problem::{Fault, Problem},
    progress::{self, EntryLine, StepLine},
    visit::{Door, MailedLink},
    walls::changing,
};
use crate::{
    app::App,
    flows::{
        self,
        change::{self, ChangeFailed},
        own::{self, Wish},
    },
};

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    frame: Frame,
    reference: String,
    promise: Option<String>,
    alert: Option<String>,
    steps: Vec<StepLine>,
    conversation: String,
    entries: Vec<EntryLine>,
    is_final: bool,
    days: Vec<Day>,
    slot_label: String,
    change_slot: String,
    cancel: String,
    back: String,
}

/// What the page was just led to by.
#[derive(Debug, Deserialize)]
pub struct LinkQuery {
    said: Option<String>,
}

/// What a link's page works with.
struct Page {
    link: MailedLink,
    locale: Locale,
}

/// The page: the status to whoever pressed the button here, the button to everybody else.
pub async fn read(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    query: Result<Query<LinkQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let page = page_of(app, &site, id, &headers)?;
    let said = query.ok().and_then(|Query(query)| query.said);
    page.shown(&headers, said.as_deref()).await.map_err(|fault| fault.said_in(page.locale))
}

/// The button, and what the status page's own forms do.
pub async fn act(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let page = page_of(app, &site, id, &headers)?;
    page.acted(peer, &headers, sent).await.map_err(|fault| fault.said_in(page.locale))
}

fn page_of(app: App, site: &str, id: String, headers: &HeaderMap) -> Result<Page, Problem> {
    let live = require_site(&app, site, headers)?;
    let locale = locale::negotiate(None, headers, &live.site);
    Ok(Page { link: MailedLink { app, live, reader: Reader::Requester, id }, locale })
}

impl Page {
    async fn shown(&self, headers: &HeaderMap, said: Option<&str>) -> Result<Response, Fault> {
        let request = match self.link.look(headers).await? {
            Door::Open(request) => request,
            other => return Ok(self.closed(&other)),
        };
        let alert = match said {
            Some("changed") => Some("page-changed"),
            Some("cancelled") => Some("page-cancelled"),
            _ => None,
        };
        self.status(&request, alert.map(|id| Texts::of(self.locale).say(id)), StatusCode::OK).await
    }

    async fn acted(&self, peer: Peer, headers: &HeaderMap, sent: Body) -> Result<Response, Fault> {
        let bytes = form_body(&self.link.app, headers, sent).await?;
        let values = values(&bytes);
        let action = values.get("action").map_or("", String::as_str);
        if action == "open" {
            return Ok(self.link.press(headers).await?.unwrap_or_else(|door| self.closed(&door)));
        }
        let request = match self.link.look(headers).await? {
            Door::Open(request) => request.id,
            Door::Shut => return Ok(self.closed(&Door::Used)),
            other => return Ok(self.closed(&other)),
        };
        changing(&self.link.app, peer, headers)?;
        let wish = match action {
            "cancel" => Ok(Wish::Cancel),
            "slot" => slot(values.get("slot")),
            _ => Err(FieldProblem { field: "action".to_owned(), code: ProblemCode::UnknownValue }),
        };
        match wish {
            Ok(wish) => self.changed(request, &wish).await,
            Err(problem) => self.refused(request, &problem).await,
        }
    }

    async fn changed(&self, request: RequestId, wish: &Wish) -> Result<Response, Fault> {
        match own::change(&self.link.app, &self.link.live, request, wish).await {
            Ok(request) => {
                let said = if request.status == Status::Cancelled { "cancelled" } else { "changed" };
                Ok(Redirect::to(&format!("{}?said={said}", self.link.path())).into_response())
            }
            Err(ChangeFailed::Field(problem)) => self.refused(request, &problem).await,
            Err(error @ (ChangeFailed::Refused(_) | ChangeFailed::Busy)) => {
                let problem = Fault::from(error).said_in(self.locale);
                self.status(&self.require(request).await?, Some(problem.title()), StatusCode::CONFLICT).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn refused(&self, request: RequestId, problem: &FieldProblem) -> Result<Response, Fault> {
        let alert = Texts::of(self.locale).problem(problem);
        self.status(&self.require(request).await?, Some(alert), StatusCode::UNPROCESSABLE_ENTITY).await
    }

    async fn require(&self, id: RequestId) -> Result<Request, Fault> {
        Ok(change::require(&self.link.app, id).await?)
    }

    fn closed(&self, door: &Door) -> Response {
        match door {
            Door::Shut => self.notice(StatusCode::OK, &["link-explain"], Some("link-open")),
            Door::Used => self.notice(StatusCode::GONE, &["link-used"], None),
            Door::Gone | Door::Open(_) => self.notice(StatusCode::NOT_FOUND, &["link-expired"], None),
        }
    }

    fn notice(&self, status: StatusCode, lines: &[&str], button: Option<&str>) -> Response {
        page::notice(&self.link.live.site, self.locale, status, "link-title", lines, button)
    }

    async fn status(&self, request: &Request, alert: Option<String>, status: StatusCode) -> Result<Response, Fault> {
        let now = self.link.app.now();
        let days = self.days(request, now).await?;
        Ok(page::html(status, self.locale, &self.status_page(request, alert, days, now)))
    }

    async fn days(&self, request: &Request, now: Timestamp) -> Result<Vec<Day>, Fault> {
        let Some(form) = self.link.live.site.callback.as_ref().filter(|_| request.slot.is_some()) else {
            return Ok(Vec::new());
        };
        let zone = form.hours.zone();
        let days =
            porchlight_model::slots::Days { first: zone.to_datetime(now).date(), count: form.slots.days_ahead + 1 };
        let bookings = flows::offer::bookings(&self.link.app, &self.link.live.site, now).await?;
        let slots = porchlight_model::slots::slots(form, days, &bookings, now);
        Ok(page::days(&slots, Texts::of(self.locale), now, zone))
    }

    fn status_page(&self, request: &Request, alert: Option<String>, days: Vec<Day>, now: Timestamp) -> StatusPage {
        let (site, texts) = (&self.link.live.site, Texts::of(self.locale));
        let title = texts.say_with("link-title", &[("site", &site.name)]);
        let promise = request.open_promise();
        StatusPage {
            frame: Frame { lang: self.locale.tag(), title, site_key: site.key.clone(), home: page::home(site) },
            reference: request.reference.as_str().to_owned(),
            promise: promise.map(|reply| self.promise(request, reply, now)),
            alert,
            steps: progress::steps(request, texts, now, &site.time_zone),
            conversation: texts.say("page-conversation"),
            entries: progress::entries(request, Actor::Requester, texts, now, &site.time_zone),
            is_final: request.status.is_final(),
            days,
            slot_label: texts.say("page-slot-label"),
            change_slot: texts.say("panel-change-slot"),
            cancel: texts.say("panel-cancel"),
            back: texts.say_with("page-back-to-site", &[("site", &site.name)]),
        }
    }

    fn promise(&self, request: &Request, reply: porchlight_model::reply::ExpectedReply, now: Timestamp) -> String {
        let (texts, zone) = (Texts::of(self.locale), &self.link.live.site.time_zone);
        match request.slot {
            Some(slot) => texts.say_with("panel-status-call", &[("moment", &texts.moment(slot.from, now, zone))]),
            None => texts.say_with("panel-status-due", &[("moment", &texts.expected_reply(reply, now, zone))]),
        }
    }
}

fn slot(chosen: Option<&String>) -> Result<Wish, FieldProblem> {
    let moment = chosen.and_then(|written| Timestamp::from_str(written).ok());
    moment.map(Wish::Slot).ok_or_else(|| FieldProblem { field: "slot".to_owned(), code: ProblemCode::SlotInvalid })
}
