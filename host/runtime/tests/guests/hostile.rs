//! Guests that mean harm, or merely crash: the host's own answer stands, and the operator learns why.

use porchlight_model::{
    offer::OfferPatch,
    plugin::{Decision, Outcome, Routing},
};
use porchlight_runtime::{Called, Plugin, Runtime, RuntimeSettings};

use crate::{
    shop,
    text::{ACCEPTED, Guest, TEAM},
};

const SPIN: &str = "(loop (br 0)) unreachable";

struct Host {
    runtime: Runtime,
    plugin: Plugin,
}

impl Host {
    async fn with(guest: Guest) -> Self {
        let runtime = Runtime::new(RuntimeSettings::default()).expect("a runtime");
        let component = runtime.load(&guest.build()).await.expect("it loads");
        let plugin = runtime.bind(&component, "guest", "pet-shop", &serde_json::json!({}), None).expect("it binds");
        Self { runtime, plugin }
    }

    async fn receive(&self) -> Called<Decision> {
        let submission = shop::submission("Здравствуйте");
        self.runtime.receive_request(&self.plugin, &shop::visitor(), &shop::site(), &submission, shop::now()).await
    }

    async fn shape(&self) -> Called<OfferPatch> {
        let (visitor, site, offer) = (shop::visitor(), shop::site(), shop::offer());
        self.runtime.shape_offer(&self.plugin, &visitor, &site, &offer, shop::now()).await
    }
}

async fn received(guest: Guest) -> Outcome {
    let called = Host::with(guest).await.receive().await;
    assert_eq!(called.answer, None);
    called.provenance.outcome
}

fn limit(limit: &str, allowed: &str) -> Outcome {
    Outcome::Limit { limit: limit.to_owned(), allowed: allowed.to_owned() }
}

fn trap_message(outcome: Outcome) -> String {
    match outcome {
        Outcome::Trap { message } => message,
        other => panic!("no trap: {other:?}"),
    }
}

#[tokio::test]
async fn a_harmless_guest_answers_every_hook() {
    let host = Host::with(Guest::default()).await;
    assert_eq!(host.receive().await.answer, Some(Decision::Accept(Routing::default())));
    let shaped = host.shape().await;
    assert_eq!(shaped.answer, Some(OfferPatch::default()));
    assert_eq!(shaped.provenance.outcome, Outcome::Answered { changes: Vec::new() });
    assert_eq!((shaped.provenance.plugin.as_str(), shaped.provenance.version.as_str()), ("guest", "1.0.0"));
    assert_eq!(shaped.provenance.facts["memory_bytes"], (2 * 65_536).to_string());
}

#[tokio::test]
async fn a_trap_in_any_hook_leaves_the_hosts_answer() {
    let guest = Guest { shape: Some("unreachable"), receive: Some("unreachable"), ..Guest::default() };
    let host = Host::with(guest).await;
    for outcome in [host.receive().await.provenance.outcome, host.shape().await.provenance.outcome] {
        assert!(trap_message(outcome).contains("unreachable"));
    }
}

#[tokio::test]
async fn a_trap_spoils_nothing_for_the_next_call() {
    // Traps on the first call if anything of an earlier instance were left: it counts its calls in memory.
    let once = "(i32.store (i32.const 512) (i32.add (i32.load (i32.const 512)) (i32.const 1)))
                (if (i32.gt_u (i32.load (i32.const 512)) (i32.const 1)) (then unreachable)) i32.const 320";
    let host = Host::with(Guest { receive: Some(once), shape: Some("unreachable"), ..Guest::default() }).await;
    for _ in 0..20 {
        host.shape().await;
        assert!(host.receive().await.answer.is_some());
    }
}

#[tokio::test]
async fn an_endless_loop_ends_at_the_cpu_limit() {
    let host = Host::with(Guest { receive: Some(SPIN), ..Guest::default() }).await;
    let mut outcomes = Vec::new();
    // On a machine busy elsewhere the wall limit may come first, now and then.
    for _ in 0..5 {
        let outcome = host.receive().await.provenance.outcome;
        if outcome == limit("cpu", "20 ms") {
            return;
        }
        outcomes.push(outcome);
    }
    panic!("no cpu limit: {outcomes:?}");
}

#[tokio::test]
async fn an_endless_loop_in_the_start_function_is_told_while_loading() {
    let guest = Guest { more: "(func $start (loop (br 0))) (start $start)".to_owned(), ..Guest::default() };
    let runtime = Runtime::new(RuntimeSettings::default()).expect("a runtime");
    let said = runtime.load(&guest.build()).await.expect_err("it must not load").to_string();
    assert!(said.starts_with("its `describe` failed: it used more "), "{said}");
}

#[tokio::test]
async fn a_loop_does_not_keep_the_worker_from_others() {
    let host = Host::with(Guest { receive: Some(SPIN), ..Guest::default() }).await;
    let others = async {
        let mut turns = 0_u32;
        loop {
            tokio::task::yield_now().await;
            turns += 1;
            if turns == 10 {
                return turns;
            }
        }
    };
    // One worker only: without yielding, the spinning guest would be over before the others had ten turns.
    tokio::select! {
        biased;
        called = host.receive() => panic!("the others got no turn: {called:?}"),
        turns = others => assert_eq!(turns, 10),
    }
}

#[tokio::test]
async fn hungry_guests_are_stopped_at_their_memory() {
    let grow = "(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable";
    let host = Host::with(Guest { receive: Some(grow), ..Guest::default() }).await;
    let called = host.receive().await;
    assert_eq!(called.provenance.outcome, limit("memory", "16 MiB"));
    assert_eq!(called.provenance.facts["memory_bytes"], (16 << 20).to_string());
}

#[tokio::test]
async fn a_guest_that_lives_with_less_memory_may_answer() {
    let ask = "(drop (memory.grow (i32.const 4000))) i32.const 320";
    let host = Host::with(Guest { receive: Some(ask), ..Guest::default() }).await;
    assert_eq!(host.receive().await.answer, Some(Decision::Accept(Routing::default())));
}

#[tokio::test]
async fn a_site_can_give_less_memory_than_the_guest_begins_with() {
    let runtime = Runtime::new(RuntimeSettings::default()).expect("a runtime");
    let component = runtime.load(&Guest { pages: 32, ..Guest::default() }.build()).await.expect("it loads");
    let plugin = runtime.bind(&component, "guest", "s", &serde_json::json!({}), Some(1 << 20)).expect("it binds");
    assert_eq!(Host { runtime, plugin }.receive().await.provenance.outcome, limit("memory", "1 MiB"));
}

#[tokio::test]
async fn bottomless_recursion_is_a_trap() {
    let guest = Guest {
        receive: Some("(call $down)"),
        more: "(func $down (result i32) (call $down))".to_owned(),
        ..Guest::default()
    };
    assert!(trap_message(received(guest).await).contains("stack exhausted"));
}

#[tokio::test]
async fn a_string_longer_than_the_memory_is_a_trap() {
    let guest = Guest {
        receive: Some(TEAM),
        more: "(func $s (global.set $length (i32.const 0x40000000))) (start $s)".to_owned(),
        ..Guest::default()
    };
    let message = trap_message(received(guest).await);
    assert!(message.contains("out of bounds"), "{message}");
}

#[tokio::test]
async fn a_string_outside_the_memory_is_a_trap() {
    let guest = Guest {
        receive: Some(TEAM),
        more: "(func $s (global.set $at (i32.const -2))) (start $s)".to_owned(),
        ..Guest::default()
    };
    let message = trap_message(received(guest).await);
    assert!(message.contains("out of bounds"), "{message}");
}

#[tokio::test]
async fn more_data_than_may_cross_the_boundary_is_a_limit() {
    let guest = Guest {
        receive: Some(TEAM),
        pages: 40,
        more: "(func $s (global.set $length (i32.const 0x200000))) (start $s)".to_owned(),
        ..Guest::default()
    };
    assert_eq!(received(guest).await, limit("payload", "256 KiB"));
}

#[tokio::test]
async fn a_list_of_a_billion_is_refused_before_it_is_made() {
    // Ids of answers to show first: a list of strings, all at the same place.
    let list = "(i32.store (i32.const 280) (i32.const 0x100000)) i32.const 256";
    let called = Host::with(Guest { shape: Some(list), pages: 200, ..Guest::default() }).await.shape().await;
    assert_eq!(called.answer, None);
    assert_eq!(called.provenance.outcome, limit("payload", "256 KiB"));
}

#[tokio::test]
async fn text_that_is_not_utf8_is_a_trap() {
    let guest = Guest {
        receive: Some(TEAM),
        more: r#"(func $s (global.set $at (i32.const 4096))) (start $s) (data (i32.const 4096) "\ff\fe")"#.to_owned(),
        ..Guest::default()
    };
    let message = trap_message(received(guest).await);
    assert!(message.contains("utf-8"), "{message}");
}

#[tokio::test]
async fn an_unknown_case_of_a_variant_is_a_trap() {
    let guest =
        Guest { receive: Some("(i32.store8 (i32.const 324) (i32.const 77)) i32.const 320"), ..Guest::default() };
    assert!(trap_message(received(guest).await).contains("discriminant"));
}

#[tokio::test]
async fn an_error_of_the_contract_is_no_trap() {
    let error = "(i32.store8 (i32.const 320) (i32.const 1)) (i32.store8 (i32.const 324) (i32.const 3))
                 (i32.store (i32.const 328) (i32.const 64)) (i32.store (i32.const 332) (i32.const 5)) i32.const 320";
    let outcome = received(Guest { receive: Some(error), ..Guest::default() }).await;
    assert_eq!(outcome, Outcome::Error { code: "unavailable".to_owned(), message: "guest".to_owned() });
}

#[tokio::test]
async fn an_answer_beyond_the_contracts_bounds_is_an_error() {
    let guest = Guest {
        receive: Some(TEAM),
        more: "(func $s (global.set $at (i32.const 4096)) (global.set $length (i32.const 65))
               (memory.fill (i32.const 4096) (i32.const 97) (i32.const 65))) (start $s)"
            .to_owned(),
        ..Guest::default()
    };
    let message = "a team has 65 characters, 1 to 64 are allowed".to_owned();
    assert_eq!(received(guest).await, Outcome::Error { code: "contract".to_owned(), message });
    let empty_refusal =
        "(i32.store8 (i32.const 324) (i32.const 1)) (i32.store (i32.const 328) (i32.const 0)) i32.const 320";
    let message = "a refusal names no field".to_owned();
    let outcome = received(Guest { receive: Some(empty_refusal), ..Guest::default() }).await;
    assert_eq!(outcome, Outcome::Error { code: "contract".to_owned(), message });
}

#[tokio::test]
async fn a_hook_that_is_not_exported_is_missing() {
    let guest = Guest {
        world: "export porchlight:plugin/describe@0.1.0; export porchlight:plugin/receive-request@0.1.0;",
        imports: "",
        shape: None,
        receive: Some(ACCEPTED),
        ..Guest::default()
    };
    let called = Host::with(guest).await.shape().await;
    let message = "it does not export `shape-offer`".to_owned();
    assert_eq!(called.provenance.outcome, Outcome::Missing { message });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_spinning_calls_at_once_all_end_and_a_good_one_still_answers() {
    let host = std::sync::Arc::new(Host::with(Guest { shape: Some(SPIN), ..Guest::default() }).await);
    let spinning: Vec<_> = (0..200)
        .map(|_| {
            let host = std::sync::Arc::clone(&host);
            tokio::spawn(async move { host.shape().await })
        })
        .collect();
    for call in spinning {
        let outcome = call.await.expect("no panic").provenance.outcome;
        assert!(matches!(outcome, Outcome::Limit { .. }), "{outcome:?}");
    }
    assert!(host.receive().await.answer.is_some());
}
