//! The first-party plugins, built for WebAssembly, in the real runtime.
//!
//! `cargo xtask test` builds them (`cargo build --profile guest --target wasm32-wasip2`) and names their folder in
//! `PORCHLIGHT_GUESTS`.
#![expect(clippy::expect_used, reason = "a test may break off where it is")]

#[path = "support/shop.rs"]
mod shop;

use std::path::PathBuf;

use porchlight_model::{
    offer::{Lengthened, Notice, NoticeLevel, OfferPatch, PromiseTarget},
    plugin::{Decision, Outcome, Priority},
};
use porchlight_runtime::{Called, Component, Hook, Plugin, Runtime, RuntimeSettings};
use serde_json::{Value, json};

struct Host {
    runtime: Runtime,
    plugin: Plugin,
}

impl Host {
    async fn with(name: &str, settings: Value) -> Self {
        let runtime = Runtime::new(RuntimeSettings::default()).expect("a runtime");
        let component = load(&runtime, name).await;
        let plugin = runtime.bind(&component, name, "pet-shop", &settings, None).expect("the settings fit");
        Self { runtime, plugin }
    }

    async fn receive(&self, text: &str) -> Called<Decision> {
        let (visitor, site, submission) = (shop::visitor(), shop::site(), shop::submission(text));
        self.runtime.receive_request(&self.plugin, &visitor, &site, &submission, shop::now()).await
    }

    async fn shape(&self) -> Called<OfferPatch> {
        let (visitor, site, offer) = (shop::visitor(), shop::site(), shop::offer());
        self.runtime.shape_offer(&self.plugin, &visitor, &site, &offer, shop::now()).await
    }
}

fn guest(name: &str) -> Vec<u8> {
    let folder = std::env::var("PORCHLIGHT_GUESTS").expect("PORCHLIGHT_GUESTS names the folder of built guests");
    let path = PathBuf::from(folder).join(format!("{}.wasm", name.replace('-', "_")));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

async fn load(runtime: &Runtime, name: &str) -> Component {
    runtime.load(&guest(name)).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn routing_settings() -> Value {
    json!({
        "rules": [
            { "words": ["возврат", "обмен"], "team": "returns", "topic": "возврат", "tag": "возврат", "priority": "high" },
            { "words": ["счёт"], "tag": "бухгалтерия" }
        ],
        "blocked": ["казино"],
        "max_links": 1
    })
}

#[tokio::test]
async fn each_plugin_exports_just_its_hooks() {
    let runtime = Runtime::new(RuntimeSettings::default()).expect("a runtime");
    let routing = load(&runtime, "request-routing").await;
    assert_eq!(routing.hooks(), [Hook::Describe, Hook::ReceiveRequest]);
    assert_eq!(routing.description().name, "request-routing");
    assert_eq!(routing.description().version, env!("CARGO_PKG_VERSION"));
    assert!(routing.description().sdk.starts_with("porchlight-sdk "));
    assert_eq!(routing.sha256().len(), 64);
    let rush = load(&runtime, "rush-notice").await;
    assert_eq!(rush.hooks(), [Hook::Describe, Hook::ShapeOffer]);
    assert_eq!(rush.description().summary, "In a dated rush, lengthens the expected reply and says so in a notice.");
}

#[tokio::test]
async fn a_request_goes_to_the_team_its_words_belong_to() {
    let called =
        Host::with("request-routing", routing_settings()).await.receive("Хочу вернуть: возврата и счета жду").await;
    let Some(Decision::Accept(routing)) = called.answer else { panic!("{:?}", called.provenance) };
    assert_eq!(routing.team.as_deref(), Some("returns"));
    assert_eq!(routing.tags, ["возврат", "бухгалтерия"]);
    assert_eq!(routing.priority, Priority::High);
    let changes = ["team=returns", "topic=возврат", "tag=возврат", "tag=бухгалтерия", "priority=high"];
    assert_eq!(called.provenance.outcome, Outcome::Answered { changes: changes.map(str::to_owned).to_vec() });
}

#[tokio::test]
async fn unwanted_content_is_refused_at_its_field_in_the_visitors_language() {
    let host = Host::with("request-routing", routing_settings()).await;
    for (text, begins) in [
        ("Лучшее КАЗИНО", "Сообщение похоже на рекламу"),
        ("http://a http://b", "Слишком много ссылок: можно не больше 1"),
    ] {
        let Some(Decision::Refuse(refusals)) = host.receive(text).await.answer else { panic!("{text} was kept") };
        assert_eq!((refusals.len(), refusals[0].field.as_str()), (1, "text"));
        assert!(refusals[0].message.starts_with(begins), "{}", refusals[0].message);
    }
}

#[tokio::test]
async fn a_rush_lengthens_promises_and_says_so() {
    let rush = json!({ "from": "2026-11-20", "until": "2026-11-22T22:31", "multiplier": 2, "reply_hours": { "message": 8 },
                       "notice": { "ru": "Отвечаем дольше обычного." }, "level": "warning" });
    let host = Host::with("rush-notice", json!({ "rushes": [rush] })).await;
    let patch = host.shape().await.answer.expect("a patch");
    assert_eq!(patch.notices, [Notice { level: NoticeLevel::Warning, text: "Отвечаем дольше обычного.".to_owned() }]);
    assert_eq!(
        patch.lengthened,
        [
            Lengthened { target: PromiseTarget::Channel("phone".to_owned()), seconds: 120 },
            Lengthened { target: PromiseTarget::Message, seconds: 28_800 },
        ]
    );
}

#[tokio::test]
async fn a_rush_that_is_over_by_the_sites_clock_changes_nothing() {
    // It is 22:30 in Moscow, and 19:30 in UTC.
    let rush = json!({ "from": "2026-11-20", "until": "2026-11-22T22:30", "multiplier": 2 });
    let host = Host::with("rush-notice", json!({ "rushes": [rush] })).await;
    assert_eq!(host.shape().await.answer, Some(OfferPatch::default()));
}

#[tokio::test]
async fn settings_that_a_schema_cannot_judge_are_an_error_of_the_plugin() {
    let host = Host::with("rush-notice", json!({ "rushes": [{ "from": "2026-11-22", "until": "2026-11-20" }] })).await;
    let message = "settings: `/rushes/0/until` comes before `from`".to_owned();
    assert_eq!(host.shape().await.provenance.outcome, Outcome::Error { code: "invalid".to_owned(), message });
}

#[tokio::test]
async fn settings_are_held_to_the_plugins_own_schema() {
    let runtime = Runtime::new(RuntimeSettings::default()).expect("a runtime");
    let component = load(&runtime, "request-routing").await;
    let settings = json!({ "rules": [{ "words": [], "prio": "high" }], "max_links": -1, "blockd": [] });
    let error = runtime.bind(&component, "routing", "pet-shop", &settings, None).expect_err("they do not fit");
    let mut pointers: Vec<_> = error.problems.iter().map(|problem| problem.pointer.as_str()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["", "/max_links", "/rules/0", "/rules/0/words"], "{error}");
    assert!(error.to_string().contains("'blockd' was unexpected"), "{error}");
}

#[tokio::test]
async fn a_plugin_cut_off_anywhere_is_refused() {
    let runtime = Runtime::new(RuntimeSettings::default()).expect("a runtime");
    let whole = guest("rush-notice");
    for part in 0..20 {
        let cut = &whole[..whole.len() * part / 20];
        let error = runtime.load(cut).await.expect_err("it must not load").to_string();
        assert!(error.starts_with("this is no WebAssembly component"), "{part}/20: {error}");
    }
}

#[tokio::test]
async fn a_fresh_call_is_measured() {
    let routing = Host::with("request-routing", routing_settings()).await;
    let rush = Host::with("rush-notice", json!({})).await;
    let (mut received, mut shaped) = (Vec::new(), Vec::new());
    for _ in 0..1_000 {
        let (receive, shape) = (routing.receive("Как оформить возврат?").await, rush.shape().await);
        assert!(receive.answer.is_some() && shape.answer.is_some());
        received.push(receive.provenance.wall_us);
        shaped.push(shape.provenance.wall_us);
    }
    for (name, mut walls) in [("request-routing", received), ("rush-notice", shaped)] {
        let first = walls[0];
        walls.sort_unstable();
        let (median, worst) = (walls[walls.len() / 2], walls[walls.len() * 99 / 100]);
        println!(
            "{name}: {} bytes; fresh call {median} µs, first {first} µs, 99 of 100 within {worst} µs",
            guest(name).len()
        );
    }
}
