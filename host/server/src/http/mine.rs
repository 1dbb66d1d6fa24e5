//! GET, POST `/mine/{site}` and `/mine/{site}/{id}`: all requests of whoever reads the mail of an address, without JavaScript:
//! the form that asks for the link, and the list that the mailed link opens (`visit`).

use askama::Template;
use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use porchlight_model::{
    delivery::Reader, form::FormKind, locale::Locale, request::Request, submission::ProblemCode, texts::Texts,
};
use porchlight_store::{Page as Part, Place, RequestFilter};
use serde::Deserialize;

use super::{
    hosted::forms::{form_body, values},
    links::{self, Wish, address, want},
    listener::Peer,
    locale,
    offer::require_site,
    page::{self, Frame},
    problem::{Fault, Problem, field},
    progress,
    visit::{self, Latch, Latched},
    walls::changing,
};
use crate::{
    app::App,
    flows::{
        links::{link, path_of, spent_by},
        mailbox::{self, Wanted},
    },
    sites::LiveSite,
    tokens::{self, MailboxLink},
    wire::listing::cursor,
    wiring::chance,
};

/// Requests on one page of the list.
const SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "ask.html")]
struct AskPage {
    frame: Frame,
    hint: String,
    label: String,
    typed: String,
    error: Option<String>,
    submit: String,
    back: String,
}

#[derive(Template)]
#[template(path = "mine.html")]
struct ListPage {
    frame: Frame,
    alert: Option<String>,
    requests: Vec<Line>,
    none: String,
    show: String,
    older: Option<String>,
    older_label: String,
    back: String,
}

struct Line {
    reference: String,
    kind: String,
    status: String,
    promise: Option<String>,
    received: String,
}

/// How the form is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct AskQuery {
    locale: Option<String>,
}

/// The form that asks for a link.
pub async fn form(
    State(app): State<App>,
    Path(site): Path<String>,
    query: Result<Query<AskQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let locale = spoken(query, &headers, &live);
    Ok(asking(&live, locale, StatusCode::OK, String::new(), None))
}

/// The form, sent: says the same, as soon, whether the address is known or not.
pub async fn ask(
    State(app): State<App>,
    Path(site): Path<String>,
    query: Result<Query<AskQuery>, QueryRejection>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let locale = spoken(query, &headers, &live);
    let bytes = form_body(&app, &headers, sent).await.map_err(|fault| fault.said_in(locale))?;
    changing(&app, peer, &headers).map_err(|fault| fault.said_in(locale))?;
    let typed = values(&bytes).remove("email").unwrap_or_default();
    let email = match address(&Wish { email: Some(typed.clone()), locale: None }) {
        Ok(email) => email,
        Err(Fault::Fields(problems)) => {
            let error = problems.first().map(|problem| Texts::of(locale).problem(problem));
            return Ok(asking(&live, locale, StatusCode::UNPROCESSABLE_ENTITY, typed, error));
        }
        Err(fault) => return Err(fault.said_in(locale)),
    };
    want(&app, Wanted { live: live.clone(), email, locale }).map_err(|fault| fault.said_in(locale))?;
    Ok(page::notice(&live.site, locale, StatusCode::ACCEPTED, "list-ask-title", &["panel-links-sent"], None))
}

fn spoken(query: Result<Query<AskQuery>, QueryRejection>, headers: &HeaderMap, live: &LiveSite) -> Locale {
    let asked = query.ok().and_then(|Query(query)| query.locale);
    locale::negotiate(asked.as_deref(), headers, &live.site)
}

fn asking(live: &LiveSite, locale: Locale, status: StatusCode, typed: String, error: Option<String>) -> Response {
    let texts = Texts::of(locale);
    let page = AskPage {
        frame: frame(live, locale, "list-ask-title"),
        hint: texts.say("panel-links-hint"),
        label: texts.say("panel-field-email"),
        typed,
        error,
        submit: texts.say("panel-links-submit"),
        back: texts.say_with("page-back-to-site", &[("site", &live.site.name)]),
    };
    page::html(status, locale, &page)
}

fn frame(live: &LiveSite, locale: Locale, title: &str) -> Frame {
    let (site, texts) = (&live.site, Texts::of(locale));
    let title = texts.say_with(title, &[("site", &site.name)]);
    Frame { lang: locale.tag(), title, site_key: site.key.clone(), home: page::home(site) }
}

/// Which part of the list is shown.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    before: Option<String>,
}

/// The list to whoever pressed the button here, the button to everybody else.
pub async fn read(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    query: Result<Query<ListQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let page = page_of(app, &site, id, &headers)?;
    let before = query.ok().and_then(|Query(query)| query.before);
    page.shown(&headers, before.as_deref()).await.map_err(|fault| fault.said_in(page.locale))
}

/// The button, and those of the list, which lead to a request's own page.
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
    let link = mailbox::read_link(&app, site, &id);
    Ok(Page { app, live, id, link, locale })
}

/// What the page of a link works with.
struct Page {
    app: App,
    live: std::sync::Arc<LiveSite>,
    id: String,
    link: Option<MailboxLink>,
    locale: Locale,
}

impl Page {
    async fn shown(&self, headers: &HeaderMap, before: Option<&str>) -> Result<Response, Fault> {
        let Some(link) = &self.link else { return Ok(self.expired()) };
        match self.latch(link).look(headers).await? {
            Latched::Open => self.list(link, links::place(before)?, None).await,
            Latched::Shut => Ok(self.notice(StatusCode::OK, "list-explain", Some("list-open"))),
            Latched::Used => Ok(self.used()),
        }
    }

    async fn acted(&self, peer: Peer, headers: &HeaderMap, sent: Body) -> Result<Response, Fault> {
        let bytes = form_body(&self.app, headers, sent).await?;
        let values = values(&bytes);
        let Some(link) = &self.link else { return Ok(self.expired()) };
        let action = values.get("action").map_or("", String::as_str);
        if action == "open" {
            return Ok(self.latch(link).press(headers).await?.unwrap_or_else(|| self.used()));
        }
        if self.latch(link).look(headers).await? != Latched::Open {
            return Ok(self.used());
        }
        if action != "show" {
            return Err(field("action", ProblemCode::UnknownValue));
        }
        changing(&self.app, peer, headers)?;
        match self.request(link, values.get("reference").cloned().unwrap_or_default()).await? {
            Some(request) => self.led_to(&request).await,
            None => self.list(link, None, Some("list-gone")).await,
        }
    }

    fn latch<'a>(&'a self, link: &MailboxLink) -> Latch<'a> {
        let path = mailbox::path_of(&self.live.site.key, &self.id);
        Latch { app: &self.app, path, id: &self.id, spent: mailbox::spent_by(link, &self.id) }
    }

    /// The mailbox's request of a reference.
    async fn request(&self, link: &MailboxLink, reference: String) -> Result<Option<Request>, Fault> {
        let filter = RequestFilter {
            site: Some(self.live.site.key.clone()),
            reference: Some(reference),
            ..RequestFilter::default()
        };
        let found = self.app.store.requests(&filter).await?.requests.pop();
        Ok(found.filter(|request| mailbox::owns(&self.app.keys, &link.mailbox, request)))
    }

    /// Leads to the request's own page by a link that counts as used, here.
    async fn led_to(&self, request: &Request) -> Result<Response, Fault> {
        let (app, now) = (&self.app, self.app.now());
        let link = link(request, chance::bytes(), now);
        let id = tokens::link(&app.keys, link);
        app.store.spend(spent_by(link, &id), now).await?;
        let path = path_of(Reader::Requester, &self.live.site.key, &id);
        let cookie = visit::cookie(app, &path, &id);
        Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&path)).into_response())
    }

    async fn list(&self, link: &MailboxLink, before: Option<Place>, alert: Option<&str>) -> Result<Response, Fault> {
        let part = mailbox::requests(&self.app, &link.mailbox, before, SHOWN).await?;
        let page = self.list_page(&part, alert, self.app.now());
        let status = if alert.is_some() { StatusCode::NOT_FOUND } else { StatusCode::OK };
        Ok(page::html(status, self.locale, &page))
    }

    fn list_page(&self, part: &Part, alert: Option<&str>, now: Timestamp) -> ListPage {
        let (site, texts) = (&self.live.site, Texts::of(self.locale));
        ListPage {
            frame: frame(&self.live, self.locale, "list-title"),
            alert: alert.map(|id| texts.say(id)),
            requests: part.listing.requests.iter().map(|request| self.line(request, now)).collect(),
            none: texts.say("list-none"),
            show: texts.say("list-show"),
            older: part.next.map(cursor),
            older_label: texts.say("list-older"),
            back: texts.say_with("page-back-to-site", &[("site", &site.name)]),
        }
    }

    fn line(&self, request: &Request, now: Timestamp) -> Line {
        let (zone, texts) = (&self.live.site.time_zone, Texts::of(self.locale));
        let received = texts.moment(request.received_at(), now, zone);
        Line {
            reference: request.reference.as_str().to_owned(),
            kind: texts.say(match request.kind {
                FormKind::Callback => "list-callback",
                FormKind::Message => "list-message",
            }),
            status: texts.status(request.status),
            promise: progress::promise(request, texts, now, zone),
            received: texts.say_with("list-received", &[("moment", &received)]),
        }
    }

    fn expired(&self) -> Response {
        self.notice(StatusCode::NOT_FOUND, "list-expired", None)
    }

    fn used(&self) -> Response {
        self.notice(StatusCode::GONE, "list-used", None)
    }

    fn notice(&self, status: StatusCode, line: &str, button: Option<&str>) -> Response {
        page::notice(&self.live.site, self.locale, status, "list-title", &[line], button)
    }
}
