//! GET `/c/{site}`: the panel as a page of our own. Its forms work without JavaScript.

pub mod forms;

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::{SignedDuration, Timestamp};
use porchlight_model::{
    answers::{Answer, Guide},
    hours::{Availability, State as Hours},
    locale::Locale,
    offer::{Offer, OfferedChannel, VisitorContext},
    submission::{Problem as FieldProblem, ProblemCode},
    texts::Texts,
};
use serde::Deserialize;

use super::{
    locale,
    offer::{form_token, require_site},
    page::{self, Day, Frame},
    problem::{Fault, Problem},
};
use crate::{app::App, flows, sites::LiveSite, wiring::chance};

/// How the page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct PageQuery {
    locale: Option<String>,
}

#[derive(Template)]
#[template(path = "hosted.html")]
struct HostedPage {
    frame: Frame,
    site_name: String,
    open: bool,
    state: String,
    opens: Option<String>,
    notices: Vec<String>,
    reach_heading: String,
    channels: Vec<ChannelLine>,
    callback: Option<Form>,
    message: Option<Form>,
    no_slots: String,
    slot_label: String,
    labels: Labels,
    form_token: String,
    attempt: String,
    self_help_heading: String,
    helped: Helped,
    all_requests: String,
    guides: Vec<Arc<Guide>>,
    answers: Arc<[Arc<Answer>]>,
}

/// How it is asked whether an answer helped.
struct Helped {
    ask: String,
    yes: String,
    no: String,
}

struct ChannelLine {
    href: String,
    label: String,
    value: String,
    when: String,
    reply: Option<String>,
}

struct Labels {
    phone: String,
    name: String,
    email: String,
    optional: String,
    text_callback: String,
    text_message: String,
    contact_hint: String,
}

/// A form with what was typed into it and what is wrong with that.
struct Form {
    kind: &'static str,
    title: String,
    hint: Option<String>,
    submit: String,
    consent: Option<String>,
    days: Vec<Day>,
    summary: Option<String>,
    values: HashMap<String, String>,
    errors: HashMap<String, String>,
}

impl Form {
    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    fn error(&self, name: &str) -> Option<&String> {
        self.errors.get(name)
    }
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    values: HashMap<String, String>,
    problems: Vec<FieldProblem>,
    failed: Option<String>,
}

impl Typed {
    /// A hidden field as it was sent, where nothing is known to be wrong with it: what could not be kept for now may be kept
    /// after all, and is then the same request when it is sent again.
    fn hidden(&self, name: &str) -> Option<String> {
        self.failed.as_ref().and_then(|_| self.values.get(name)).filter(|value| !value.is_empty()).cloned()
    }
}

/// The page.
pub async fn read(
    State(app): State<App>,
    Path(site): Path<String>,
    query: Result<Query<PageQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let locale = spoken(query, &headers, &live);
    shown(&app, &live, locale, Typed::default(), StatusCode::OK).await.map_err(|fault| fault.said_in(locale))
}

pub fn spoken(query: Result<Query<PageQuery>, QueryRejection>, headers: &HeaderMap, live: &LiveSite) -> Locale {
    let asked = query.ok().and_then(|Query(query)| query.locale);
    locale::negotiate(asked.as_deref(), headers, &live.site)
}

async fn shown(
    app: &App,
    live: &Arc<LiveSite>,
    locale: Locale,
    typed: Typed,
    status: StatusCode,
) -> Result<Response, Fault> {
    let now = app.now();
    let visitor = VisitorContext { locale, page: None, time_zone: None };
    let shaped = flows::offer::offer(app, live, &visitor, now).await?;
    let form_token = typed.hidden("form_token").unwrap_or_else(|| form_token(app, live, now));
    Ok(page::html(status, locale, &hosted_page(live, locale, shaped.offer, typed, form_token)))
}

fn hosted_page(live: &LiveSite, locale: Locale, offer: Offer, typed: Typed, form_token: String) -> HostedPage {
    let (site, texts) = (&live.site, Texts::of(locale));
    let writer = Writer { texts, now: offer.now, live };
    let callback = offer.callback.as_ref().map(|form| {
        let days = page::days(&form.slots, texts, offer.now, &site.time_zone);
        writer.form(
            "callback",
            "panel-callback-title",
            "panel-action-callback",
            None,
            form.consent.clone(),
            days,
            &typed,
        )
    });
    let message = offer.message.as_ref().map(|form| {
        let hint = writer.promise(form.availability, form.expected_reply(site, offer.now));
        writer.form(
            "message",
            "panel-message-title",
            "panel-message-submit",
            hint,
            form.consent.clone(),
            Vec::new(),
            &typed,
        )
    });
    let (state, opens) = writer.state(offer.availability);
    HostedPage {
        frame: Frame {
            lang: locale.tag(),
            title: texts.say_with("page-title", &[("site", &site.name)]),
            site_key: site.key.clone(),
            home: page::home(site),
        },
        site_name: site.name.clone(),
        open: offer.availability.state == Hours::Open,
        state,
        opens,
        notices: offer.notices.into_iter().map(|notice| notice.text).collect(),
        reach_heading: texts.say("panel-reach-heading"),
        channels: offer.channels.iter().map(|channel| writer.channel(channel)).collect(),
        callback,
        message,
        no_slots: texts.say("panel-callback-no-slots"),
        slot_label: texts.say("page-slot-label"),
        labels: labels(texts),
        form_token,
        attempt: typed.hidden("attempt").unwrap_or_else(|| chance::uuid().simple().to_string()),
        self_help_heading: texts.say("panel-self-help-heading"),
        helped: Helped {
            ask: texts.say("panel-helped"),
            yes: texts.say("panel-helped-yes"),
            no: texts.say("panel-helped-no"),
        },
        all_requests: texts.say("panel-links"),
        guides: offer.guides,
        answers: offer.answers,
    }
}

fn labels(texts: &Texts) -> Labels {
    Labels {
        phone: texts.say("panel-field-phone"),
        name: texts.say("panel-field-name"),
        email: texts.say("panel-field-email"),
        optional: texts.say("panel-optional"),
        text_callback: texts.say("panel-field-text-callback"),
        text_message: texts.say("panel-field-text-message"),
        contact_hint: texts.say("panel-field-contact-hint"),
    }
}

/// Whether the time of day alone says when: within the next 24 hours.
fn is_soon(moment: Timestamp, now: Timestamp) -> bool {
    moment.duration_since(now) < SignedDuration::from_hours(24)
}

/// Says parts of an offer in a language.
struct Writer<'a> {
    texts: &'a Texts,
    now: Timestamp,
    live: &'a LiveSite,
}

impl Writer<'_> {
    fn moment(&self, moment: Timestamp) -> String {
        self.texts.moment(moment, self.now, &self.live.site.time_zone)
    }

    fn clock(&self, moment: Timestamp) -> String {
        self.texts.clock(moment, &self.live.site.time_zone)
    }

    fn state(&self, availability: Availability) -> (String, Option<String>) {
        match (availability.state, availability.changes_at) {
            (Hours::Open, Some(until)) => {
                (self.texts.say_with("panel-open-until", &[("time", &self.clock(until))]), None)
            }
            (Hours::Open, None) => (self.texts.say("panel-open-always"), None),
            (Hours::Closed, opens) => {
                let opens = opens.map(|at| self.texts.say_with("panel-opens", &[("moment", &self.moment(at))]));
                (self.texts.say("panel-closed"), opens)
            }
        }
    }

    fn channel(&self, channel: &OfferedChannel) -> ChannelLine {
        let availability = channel.availability;
        let when = match (availability.state, availability.changes_at) {
            (Hours::Open, Some(until)) if is_soon(until, self.now) => {
                self.texts.say_with("panel-channel-until", &[("time", &self.clock(until))])
            }
            (Hours::Open, Some(_)) => self.texts.say("panel-channel-open"),
            (Hours::Open, None) => self.texts.say("panel-channel-always"),
            (Hours::Closed, Some(from)) if is_soon(from, self.now) => {
                self.texts.say_with("panel-channel-from", &[("moment", &self.clock(from))])
            }
            (Hours::Closed, Some(from)) => self.texts.say_with("panel-opens", &[("moment", &self.moment(from))]),
            (Hours::Closed, None) => self.texts.say("panel-channel-closed"),
        };
        let reply = channel.expected_reply(&self.live.site, self.now).map(|reply| {
            let said = self.texts.promised_reply(channel.promise, reply, self.now, &self.live.site.time_zone);
            self.texts.say_with("panel-replies", &[("text", &said)])
        });
        ChannelLine {
            href: channel.href.clone(),
            label: channel.label.clone(),
            value: channel.value.clone(),
            when,
            reply,
        }
    }

    fn promise(
        &self,
        availability: Availability,
        reply: Option<porchlight_model::reply::ExpectedReply>,
    ) -> Option<String> {
        let id = match availability.state {
            Hours::Open => "panel-message-hint",
            Hours::Closed => "panel-message-closed-hint",
        };
        let said = self.texts.expected_reply(reply?, self.now, &self.live.site.time_zone);
        Some(self.texts.say_with(id, &[("moment", &said)]))
    }

    #[expect(clippy::too_many_arguments, reason = "each is a word on the form")]
    fn form(
        &self,
        kind: &'static str,
        title: &str,
        submit: &str,
        hint: Option<String>,
        consent: Option<String>,
        days: Vec<Day>,
        typed: &Typed,
    ) -> Form {
        let own = typed.values.get("kind").is_some_and(|sent| sent == kind);
        let values = if own { typed.values.clone() } else { HashMap::new() };
        let said = |problem: &FieldProblem| (problem.field.clone(), self.texts.problem(problem));
        let errors = if own { typed.problems.iter().map(said).collect() } else { HashMap::new() };
        let summary = typed.failed.clone().or_else(|| self.summary(&typed.problems));
        Form {
            kind,
            title: self.texts.say(title),
            hint,
            submit: self.texts.say(submit),
            consent,
            days,
            summary: summary.filter(|_| own),
            values,
            errors,
        }
    }

    /// What stands above a form: what is wrong with its token, which nobody sees, or that something is marked below.
    fn summary(&self, problems: &[FieldProblem]) -> Option<String> {
        let id = match problems.iter().find(|problem| problem.field == "form_token") {
            Some(problem) if problem.code == ProblemCode::FormUsed => "problem-form-used",
            Some(_) => "problem-form-expired",
            None if problems.is_empty() => return None,
            None => "error-fields",
        };
        Some(self.texts.say(id))
    }
}
