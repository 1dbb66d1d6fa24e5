//! GET, POST `/r/{site}/{id}`: a mailed link. A button posts, a cookie for that page alone is set, the status shows.
//!
//! Opening the address changes nothing, so that a mail program that looks at links beforehand uses none up.

use std::{str::FromStr, sync::Arc};

use askama::Template;
use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, Timestamp};
use porchlight_model::{
    locale::Locale,
    request::{Author, Request, RequestId, Status},
    submission::{Problem as FieldProblem, ProblemCode},
    texts::Texts,
};
use porchlight_store::{Spending, Spent};
use serde::Deserialize;

use super::{
    hosted::forms::{form_body, values},
    listener::Peer,
    locale,
    offer::require_site,
    page::{self, Day, Frame},
    problem::{Fault, Problem},
    progress::{self, EntryLine, StepLine},
    walls::changing,
};
use crate::{
    app::App,
    flows::{
        self,
        own::{self, OwnError, Wish},
        request::{LINK_LIFE, spent_by},
    },
    sites::LiveSite,
    tokens,
};

const COOKIE: &str = "porchlight-visit";

/// How long after its first use a link's button still opens it.
const SECOND_PRESS: SignedDuration = SignedDuration::from_secs(30);

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
    app: App,
    live: Arc<LiveSite>,
    locale: Locale,
    path: String,
    /// The link's one-time id.
    id: String,
}

/// A link that works, or has worked.
struct Opened {
    request: RequestId,
    spent: Spent,
}

/// The page: the status to whoever pressed the button here, the button to everybody else.
pub async fn read(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    query: Result<Query<LinkQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let page = page_of(app, &site, &id, &headers)?;
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
    let page = page_of(app, &site, &id, &headers)?;
    page.acted(peer, &headers, sent).await.map_err(|fault| fault.said_in(page.locale))
}

fn page_of(app: App, site: &str, id: &str, headers: &HeaderMap) -> Result<Page, Problem> {
    let live = require_site(&app, site, headers)?;
    let locale = locale::negotiate(None, headers, &live.site);
    let path = format!("/r/{}/{id}", live.site.key);
    Ok(Page { app, live, locale, path, id: id.to_owned() })
}

impl Page {
    async fn shown(&self, headers: &HeaderMap, said: Option<&str>) -> Result<Response, Fault> {
        let Some(link) = self.link().await? else { return Ok(self.expired()) };
        if self.is_visitor(headers) {
            let alert = match said {
                Some("changed") => Some("page-changed"),
                Some("cancelled") => Some("page-cancelled"),
                _ => None,
            };
            return self.status(link.request, alert.map(|id| Texts::of(self.locale).say(id)), StatusCode::OK).await;
        }
        Ok(match self.app.store.spent_at(link.spent).await? {
            Some(_) => self.used(),
            None => self.notice(StatusCode::OK, &["link-explain"], Some("link-open")),
        })
    }

    async fn acted(&self, peer: Peer, headers: &HeaderMap, sent: Body) -> Result<Response, Fault> {
        let bytes = form_body(&self.app, headers, sent).await?;
        let values = values(&bytes);
        let action = values.get("action").map_or("", String::as_str);
        if action == "open" {
            return self.opened(headers).await;
        }
        let Some(link) = self.link().await? else { return Ok(self.expired()) };
        if !self.is_visitor(headers) {
            return Ok(self.used());
        }
        changing(&self.app, peer, headers)?;
        let wish = match action {
            "cancel" => Ok(Wish::Cancel),
            "slot" => slot(values.get("slot")),
            _ => Err(FieldProblem { field: "action".to_owned(), code: ProblemCode::UnknownValue }),
        };
        match wish {
            Ok(wish) => self.changed(link.request, &wish).await,
            Err(problem) => self.refused(link.request, &problem).await,
        }
    }

    /// The link, unless it has expired or its request is gone.
    async fn link(&self) -> Result<Option<Opened>, Fault> {
        let link = tokens::read_link(&self.app.keys, &self.id).filter(|link| self.app.now() < link.expires_at);
        let Some(link) = link else { return Ok(None) };
        let request = self.app.store.lookup_request(link.request).await?;
        let ours = request.is_some_and(|request| request.site == self.live.site.key);
        Ok(ours.then(|| Opened { request: link.request, spent: spent_by(link, &self.id) }))
    }

    async fn opened(&self, headers: &HeaderMap) -> Result<Response, Fault> {
        let Some(link) = self.link().await? else { return Ok(self.expired()) };
        let now = self.app.now();
        match self.app.store.spend(link.spent, now).await? {
            Spending::Now => Ok(self.welcomed()),
            Spending::Before(_) if self.is_visitor(headers) => Ok(Redirect::to(&self.path).into_response()),
            // A second press before the first one's answer arrived: browsers then drop the first answer, and its cookie.
            Spending::Before(used_at) if now.duration_since(used_at) < SECOND_PRESS => Ok(self.welcomed()),
            Spending::Before(_) => Ok(self.used()),
        }
    }

    fn welcomed(&self) -> Response {
        let cookie = cookie(&self.app, &self.path, &self.id);
        ([(header::SET_COOKIE, cookie)], Redirect::to(&self.path)).into_response()
    }

    async fn changed(&self, request: RequestId, wish: &Wish) -> Result<Response, Fault> {
        match own::change(&self.app, &self.live, request, wish).await {
            Ok(request) => {
                let said = if request.status == Status::Cancelled { "cancelled" } else { "changed" };
                Ok(Redirect::to(&format!("{}?said={said}", self.path)).into_response())
            }
            Err(OwnError::Field(problem)) => self.refused(request, &problem).await,
            Err(error @ (OwnError::Refused(_) | OwnError::Busy)) => {
                let problem = Fault::from(error).said_in(self.locale);
                self.status(request, Some(problem.title()), StatusCode::CONFLICT).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn refused(&self, request: RequestId, problem: &FieldProblem) -> Result<Response, Fault> {
        let alert = Texts::of(self.locale).problem(problem);
        self.status(request, Some(alert), StatusCode::UNPROCESSABLE_ENTITY).await
    }

    fn is_visitor(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == COOKIE && tokens::is_link_visit(&self.app.keys, &self.id, value))
    }

    fn expired(&self) -> Response {
        self.notice(StatusCode::NOT_FOUND, &["link-expired"], None)
    }

    fn used(&self) -> Response {
        self.notice(StatusCode::GONE, &["link-used"], None)
    }

    fn notice(&self, status: StatusCode, lines: &[&str], button: Option<&str>) -> Response {
        page::notice(&self.live.site, self.locale, status, "link-title", lines, button)
    }

    async fn status(&self, id: RequestId, alert: Option<String>, status: StatusCode) -> Result<Response, Fault> {
        let request = own::require(&self.app, id).await?;
        let now = self.app.now();
        let days = self.days(&request, now).await?;
        Ok(page::html(status, self.locale, &self.status_page(&request, alert, days, now)))
    }

    async fn days(&self, request: &Request, now: Timestamp) -> Result<Vec<Day>, Fault> {
        let Some(form) = self.live.site.callback.as_ref().filter(|_| request.slot.is_some()) else {
            return Ok(Vec::new());
        };
        let zone = form.hours.zone();
        let days =
            porchlight_model::slots::Days { first: zone.to_datetime(now).date(), count: form.slots.days_ahead + 1 };
        let bookings = flows::offer::bookings(&self.app, &self.live.site, now).await?;
        let slots = porchlight_model::slots::slots(form, days, &bookings, now);
        Ok(page::days(&slots, Texts::of(self.locale), now, zone))
    }

    fn status_page(&self, request: &Request, alert: Option<String>, days: Vec<Day>, now: Timestamp) -> StatusPage {
        let (site, texts) = (&self.live.site, Texts::of(self.locale));
        let title = texts.say_with("link-title", &[("site", &site.name)]);
        let promise = request.promise.filter(|_| !request.status.is_final());
        StatusPage {
            frame: Frame { lang: self.locale.tag(), title, site_key: site.key.clone(), home: page::home(site) },
            reference: request.reference.as_str().to_owned(),
            promise: promise.map(|reply| self.promise(request, reply, now)),
            alert,
            steps: progress::steps(request, texts, now, &site.time_zone),
            conversation: texts.say("page-conversation"),
            entries: progress::entries(request, Author::Requester, texts, now, &site.time_zone),
            is_final: request.status.is_final(),
            days,
            slot_label: texts.say("page-slot-label"),
            change_slot: texts.say("panel-change-slot"),
            cancel: texts.say("panel-cancel"),
            back: texts.say_with("page-back-to-site", &[("site", &site.name)]),
        }
    }

    fn promise(&self, request: &Request, reply: porchlight_model::reply::ExpectedReply, now: Timestamp) -> String {
        let (texts, zone) = (Texts::of(self.locale), &self.live.site.time_zone);
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

/// The cookie that shows the button was pressed here; it is sent to this page alone.
pub fn cookie(app: &App, path: &str, one_time_id: &str) -> String {
    let token = tokens::link_visit(&app.keys, one_time_id);
    let secure = if app.public_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path={path}; Max-Age={}; HttpOnly; SameSite=Lax{secure}", LINK_LIFE.as_secs())
}
