//! Metrics for Prometheus: counts and times, never a person.

use std::{fmt, time::Duration};

use axum::http::Method;
use porchlight_model::{
    plugin::{Outcome, Provenance},
    request::Request,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// What is counted.
pub struct Metrics {
    registry: Registry,
    answers: Family<AnswerLabels, Counter>,
    times: Family<RouteLabels, Histogram>,
    requests: Family<RequestLabels, Counter>,
    plugin_calls: Family<PluginLabels, Counter>,
    plugin_times: Family<HookLabels, Histogram>,
    letters_left_out: Family<SiteLabels, Counter>,
    mails: Family<MailLabels, Counter>,
    sign_ins: Family<SignInLabels, Counter>,
    waiting: Gauge,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SiteLabels {
    site: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct MailLabels {
    outcome: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SignInLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct AnswerLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    site: String,
    kind: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct PluginLabels {
    site: String,
    plugin: String,
    hook: String,
    outcome: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct HookLabels {
    plugin: String,
    hook: String,
}

const SECONDS: [f64; 10] = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0];

fn times() -> Histogram {
    Histogram::new(SECONDS)
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("porchlight");
        let answers = Family::default();
        let times = Family::new_with_constructor(times as fn() -> Histogram);
        let requests = Family::default();
        let plugin_calls = Family::default();
        let plugin_times = Family::new_with_constructor(self::times as fn() -> Histogram);
        registry.register("http_answers", "HTTP requests answered", answers.clone());
        registry.register("http_answer_seconds", "Time until an HTTP request was answered", times.clone());
        registry.register("requests_kept", "Visitors' requests kept", requests.clone());
        registry.register("plugin_calls", "Calls of plugins, by how they ended", plugin_calls.clone());
        registry.register("plugin_call_seconds", "Time a call of a plugin took", plugin_times.clone());
        let letters_left_out = Family::default();
        registry.register(
            "letters_left_out",
            "Letters not sent, because their address was sent too many",
            letters_left_out.clone(),
        );
        let mails = Family::default();
        registry.register("mails_in", "E-mails that came in, by what became of them", mails.clone());
        let sign_ins = Family::default();
        registry.register("sign_ins", "Tries to sign in to the console, by how they ended", sign_ins.clone());
        let waiting = Gauge::default();
        registry.register("deliveries_waiting", "Deliveries that wait to be sent", waiting.clone());
        Self {
            registry,
            answers,
            times,
            requests,
            plugin_calls,
            plugin_times,
            letters_left_out,
            mails,
            sign_ins,
            waiting,
        }
    }
}

impl Metrics {
    /// Counts an answered HTTP request.
    pub fn answered(&self, method: &Method, route: &str, status: u16, elapsed: Duration) {
        let method = if is_usual(method) { method.as_str() } else { "other" };
        let labels = AnswerLabels { method: method.to_owned(), route: route.to_owned(), status };
        self.answers.get_or_create(&labels).inc();
        self.times.get_or_create(&RouteLabels { route: route.to_owned() }).observe(elapsed.as_secs_f64());
    }

    /// Counts a visitor's request.
    pub fn request_kept(&self, request: &Request) {
        let labels = RequestLabels { site: request.site.clone(), kind: request.kind.as_str().to_owned() };
        self.requests.get_or_create(&labels).inc();
    }

    /// Counts a letter to a requester that is not sent.
    pub fn letter_left_out(&self, site: &str) {
        self.letters_left_out.get_or_create(&SiteLabels { site: site.to_owned() }).inc();
    }

    /// Counts a mail that came in.
    pub fn mail_came(&self, outcome: &str) {
        self.mails.get_or_create(&MailLabels { outcome: outcome.to_owned() }).inc();
    }

    /// Counts a try to sign in.
    pub fn sign_in(&self, outcome: &'static str) {
        self.sign_ins.get_or_create(&SignInLabels { outcome }).inc();
    }

    /// Counts a call of a plugin.
    pub fn plugin_called(&self, site: &str, call: &Provenance) {
        let (plugin, hook) = (call.plugin.clone(), call.hook.clone());
        let outcome = outcome(&call.outcome).to_owned();
        let labels = PluginLabels { site: site.to_owned(), plugin: plugin.clone(), hook: hook.clone(), outcome };
        self.plugin_calls.get_or_create(&labels).inc();
        let seconds = Duration::from_micros(call.wall_us).as_secs_f64();
        self.plugin_times.get_or_create(&HookLabels { plugin, hook }).observe(seconds);
    }

    /// Everything counted, in the OpenMetrics text format; `waiting` deliveries are in the outbox now.
    pub fn text(&self, waiting: u64) -> Result<String, fmt::Error> {
        self.waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
        let mut page = String::new();
        text::encode(&mut page, &self.registry)?;
        Ok(page)
    }
}

/// Methods are labels only where they are of a bounded number.
fn is_usual(method: &Method) -> bool {
    [Method::GET, Method::POST, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::HEAD].contains(method)
}

fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Answered { .. } => "answered",
        Outcome::Error { .. } => "error",
        Outcome::Trap { .. } => "trap",
        Outcome::Limit { .. } => "limit",
        Outcome::Missing { .. } => "missing",
    }
}
