//! GET, POST `/r/{site}/{id}`: the requester's page of a request, by a mailed link (`visit`).

pub mod files;

use std::{collections::HashMap, str::FromStr};

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
    reply::Basis,
    request::{Actor, Rating, Request, RequestId, Stars, Status},
    submission::{self, Problem as FieldProblem, ProblemCode},
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
        change::{self, ChangeFailed, field},
        own::{self, Wish},
    },
    wiring::chance,
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
    calendar: Option<Calendar>,
    write: Option<WriteForm>,
    file: Option<FileForm>,
    rate: Option<RateForm>,
    back: String,
}

/// The file for one's own calendar.
struct Calendar {
    href: String,
    label: String,
}

/// The form to write again.
struct WriteForm {
    label: String,
    submit: String,
}

/// The form to send a file.
struct FileForm {
    action: String,
    label: String,
    submit: String,
}

/// The form to say how good the answer was.
struct RateForm {
    title: String,
    stars: Vec<Star>,
    comment: String,
    written: String,
    submit: String,
}

struct Star {
    count: u8,
    label: String,
    chosen: bool,
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
            Some("sent") => Some("page-sent"),
            Some("rated") => Some("page-rated"),
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
        let done = match action {
            "cancel" => self.wished(request, &Wish::Cancel).await,
            "slot" => self.moved(request, values.get("slot")).await,
            "write" => self.written(request, values.get("text")).await,
            "rate" => self.rated(request, &values).await,
            _ => Err(field("action", ProblemCode::UnknownValue)),
        };
        self.became(request, done).await
    }

    /// Leads back to the page after something was done there, or shows it again with what stands in the way.
    async fn became(&self, request: RequestId, done: Result<&'static str, ChangeFailed>) -> Result<Response, Fault> {
        match done {
            Ok(said) => Ok(Redirect::to(&format!("{}?said={said}", self.link.path())).into_response()),
            Err(ChangeFailed::Field(problem)) => self.refused(request, &problem).await,
            Err(error @ (ChangeFailed::Refused(_) | ChangeFailed::Busy)) => {
                let problem = Fault::from(error).said_in(self.locale);
                self.status(&self.require(request).await?, Some(problem.title()), StatusCode::CONFLICT).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn moved(&self, request: RequestId, chosen: Option<&String>) -> Result<&'static str, ChangeFailed> {
        let moment = chosen.and_then(|written| Timestamp::from_str(written).ok());
        let moment = moment.ok_or_else(|| field("slot", ProblemCode::SlotInvalid))?;
        self.wished(request, &Wish::Slot(moment)).await
    }

    async fn wished(&self, request: RequestId, wish: &Wish) -> Result<&'static str, ChangeFailed> {
        let request = own::change(&self.link.app, &self.link.live, request, wish).await?;
        Ok(if request.status == Status::Cancelled { "cancelled" } else { "changed" })
    }

    async fn written(&self, request: RequestId, text: Option<&String>) -> Result<&'static str, ChangeFailed> {
        let text = text.map_or(Err(ProblemCode::Required), |text| submission::text(text));
        let text = text.map_err(|code| field("text", code))?;
        own::write(&self.link.app, &self.link.live, request, chance::uuid(), &text).await?;
        Ok("sent")
    }

    async fn rated(&self, request: RequestId, values: &HashMap<String, String>) -> Result<&'static str, ChangeFailed> {
        let stars = values.get("stars").and_then(|count| Stars::try_from(count.parse::<u8>().ok()?).ok());
        let stars = stars.ok_or_else(|| field("stars", ProblemCode::Required))?;
        let comment = values.get("comment").filter(|comment| !comment.trim().is_empty());
        let comment = comment.map(|comment| submission::text(comment)).transpose();
        let comment = comment.map_err(|code| field("comment", code))?;
        own::rate(&self.link.app, &self.link.live, request, &Rating { stars, comment }).await?;
        Ok("rated")
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
        StatusPage {
            frame: Frame { lang: self.locale.tag(), title, site_key: site.key.clone(), home: page::home(site) },
            reference: request.reference.as_str().to_owned(),
            promise: progress::promise(request, texts, now, &site.time_zone),
            alert,
            steps: progress::steps(request, texts, now, &site.time_zone),
            conversation: texts.say("page-conversation"),
            entries: progress::entries(request, Actor::Requester, &self.link.path(), texts, now, &site.time_zone),
            is_final: request.status.is_final(),
            days,
            slot_label: texts.say("page-slot-label"),
            change_slot: texts.say("panel-change-slot"),
            cancel: texts.say("panel-cancel"),
            calendar: self.calendar(request, texts),
            write: (request.status != Status::Cancelled).then(|| write_form(request, texts)),
            file: (request.status != Status::Cancelled).then(|| self.file_form(texts)),
            rate: (request.status == Status::Resolved).then(|| rate_form(request, texts)),
            back: texts.say_with("page-back-to-site", &[("site", &site.name)]),
        }
    }

    fn file_form(&self, texts: &Texts) -> FileForm {
        let action = format!("{}/attachments", self.link.path());
        FileForm { action, label: texts.say("panel-file"), submit: texts.say("page-file-submit") }
    }

    fn calendar(&self, request: &Request, texts: &Texts) -> Option<Calendar> {
        let promise = request.open_promise().filter(|promise| promise.basis == Basis::Slot);
        let href = || format!("{}/calendar.ics", self.link.path());
        promise.map(|_| Calendar { href: href(), label: texts.say("panel-calendar") })
    }
}

fn write_form(request: &Request, texts: &Texts) -> WriteForm {
    let label = if request.status == Status::Resolved { "panel-write-again" } else { "panel-write-more" };
    WriteForm { label: texts.say(label), submit: texts.say("panel-write-submit") }
}

fn rate_form(request: &Request, texts: &Texts) -> RateForm {
    let given = request.rating.as_ref();
    let star = |count| Star {
        count,
        label: texts.say(&format!("panel-stars-{count}")),
        chosen: given.is_some_and(|rating| u8::from(rating.stars) == count),
    };
    RateForm {
        title: texts.say(if given.is_some() { "panel-rate-again" } else { "panel-rate" }),
        stars: (1..=5).rev().map(star).collect(),
        comment: texts.say("panel-rate-comment"),
        written: given.and_then(|rating| rating.comment.clone()).unwrap_or_default(),
        submit: texts.say("panel-rate-submit"),
    }
}
