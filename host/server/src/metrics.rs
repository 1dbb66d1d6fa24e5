//! Metrics for Prometheus: counts and times, never a person.

use std::{fmt, time::Duration};

use axum::http::Method;
use jiff::Timestamp;
use porchlight_model::{
    delivery::Target,
    plugin::{Outcome, Provenance},
    request::Request,
};
use porchlight_store::Waiting;
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
    outbox: OutboxMetrics,
}

/// What is known of the outbox now, target by target: the mail server, and each endpoint by its hash.
#[derive(Default)]
struct OutboxMetrics {
    waiting: Family<TargetLabels, Gauge>,
    oldest: Family<TargetLabels, Gauge>,
    open: Family<TargetLabels, Gauge>,
}

impl OutboxMetrics {
    fn register(registry: &mut Registry) -> Self {
        let outbox = Self::default();
        registry.register("outbox_waiting", "Deliveries that wait for a target", outbox.waiting.clone());
        registry.register("outbox_oldest_seconds", "Since when the oldest of them waits", outbox.oldest.clone());
        registry.register(
            "outbox_circuit_open",
            "1 where a target is left to rest, as it kept failing",
            outbox.open.clone(),
        );
        outbox
    }

    /// Nothing of a target is said any longer than there is something to say.
    fn set(&self, waiting: &[Waiting], open: &[Target], now: Timestamp) {
        [&self.waiting, &self.oldest, &self.open].into_iter().for_each(Family::clear);
        for Waiting { target, count, since } in waiting {
            let labels = TargetLabels { target: target.as_str().to_owned() };
            self.waiting.get_or_create(&labels).set(i64::try_from(*count).unwrap_or(i64::MAX));
            self.oldest.get_or_create(&labels).set(now.duration_since(*since).as_secs().max(0));
            self.open.get_or_create(&labels).set(0);
        }
        for target in open {
            self.open.get_or_create(&TargetLabels { target: target.as_str().to_owned() }).set(1);
        }
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct TargetLabels {
    target: String,
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
        let outbox = OutboxMetrics::register(&mut registry);
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
            outbox,
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

    /// Everything counted, in the OpenMetrics text format, with what waits in the outbox now and which targets rest.
    pub fn text(&self, waiting: &[Waiting], open: &[Target], now: Timestamp) -> Result<String, fmt::Error> {
        let all: u64 = waiting.iter().map(|waiting| waiting.count).sum();
        self.waiting.set(i64::try_from(all).unwrap_or(i64::MAX));
        self.outbox.set(waiting, open, now);
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
