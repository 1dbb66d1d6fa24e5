//! What guests may do besides answering: write lines, within bounds, and find WASI inert.

use std::sync::{Arc, Mutex};

use porchlight_model::plugin::{Decision, Outcome};
use porchlight_runtime::{Called, Runtime, RuntimeSettings};

use crate::{shop, text::Guest};
use tracing::{Event, Level, Metadata, Subscriber, field::Visit, span};

const WASI: &[&str] = &[
    "package wasi:io@0.2.6;
     interface error { resource error; }
     interface streams {
        use error.{error};
        variant stream-error { last-operation-failed(error), closed }
        resource output-stream { blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>; }
     }",
    "package wasi:cli@0.2.6;
     interface environment { get-environment: func() -> list<tuple<string, string>>; }
     interface exit { exit: func(status: result); }
     interface stderr { use wasi:io/streams@0.2.6.{output-stream}; get-stderr: func() -> output-stream; }",
    "package wasi:clocks@0.2.6;
     interface wall-clock { record datetime { seconds: u64, nanoseconds: u32 } now: func() -> datetime; }",
    "package wasi:random@0.2.6; interface random { get-random-u64: func() -> u64; }",
    "package wasi:sockets@0.2.6;
     interface tcp-create-socket {
        enum error-code { unknown, access-denied }
        resource tcp-socket;
        create-tcp-socket: func(family: u8) -> result<tcp-socket, error-code>;
     }",
];

const HOOKS: &str = "export porchlight:plugin/describe@0.1.0; export porchlight:plugin/receive-request@0.1.0;";

/// Lines written to the log, with their levels.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(Level, String)>>>);

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "plugin"
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = String::new();
        event.record(&mut Line(&mut line));
        self.0.lock().expect("the log").push((*event.metadata().level(), line));
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        match field.name() {
            "message" => self.0.insert_str(0, &format!("{value:?}")),
            name => self.0.push_str(&format!(" {name}={value:?}")),
        }
    }
}

async fn receive(guest: Guest) -> (Called<Decision>, Vec<(Level, String)>) {
    let runtime = Runtime::new(RuntimeSettings::default()).expect("a runtime");
    let component = runtime.load(&guest.build()).await.expect("it loads");
    let plugin = runtime.bind(&component, "guest", "pet-shop", &serde_json::json!({}), None).expect("it binds");
    let log = Log::default();
    let _listening = tracing::subscriber::set_default(log.clone());
    let submission = shop::submission("?");
    let called = runtime.receive_request(&plugin, &shop::visitor(), &shop::site(), &submission, shop::now()).await;
    let lines = log.0.lock().expect("the log").clone();
    (called, lines)
}

async fn with_wasi(world: &str, imports: &'static str, receive_body: &'static str) -> Called<Decision> {
    let world: &'static str = Box::leak(format!("{world} {HOOKS}").into_boxed_str());
    let guest = Guest { packages: WASI, world, imports, shape: None, receive: Some(receive_body), ..Guest::default() };
    receive(guest).await.0
}

#[tokio::test]
async fn a_log_line_says_plugin_site_and_hook() {
    let (called, lines) = receive(Guest {
        receive: Some("(call $log (i32.const 2) (i32.const 64) (i32.const 5)) i32.const 320"),
        ..Guest::default()
    })
    .await;
    assert!(called.answer.is_some());
    let line = r#"guest plugin="guest" site="pet-shop" hook="receive-request""#;
    assert_eq!(lines, [(Level::WARN, line.to_owned())]);
}

#[tokio::test]
async fn a_flood_of_log_lines_is_cut_off_and_counted() {
    let flood = "(local $n i32) (loop (call $log (i32.const 0) (i32.const 0) (i32.const 2000))
        (local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if 0 (i32.lt_u (local.get $n) (i32.const 1000))))
        i32.const 320";
    let (called, lines) = receive(Guest { receive: Some(flood), ..Guest::default() }).await;
    assert!(called.answer.is_some(), "{:?}", called.provenance);
    assert_eq!(lines.len(), 65);
    let (longest, last) = (lines[0].1.split(" plugin=").next().expect("a line"), &lines[64]);
    assert_eq!(longest.chars().count(), 1_024);
    assert!(last.1.starts_with("too many lines: 936 left out"), "{}", last.1);
}

#[tokio::test]
async fn the_last_words_on_standard_error_explain_a_trap() {
    let called = with_wasi(
        "import wasi:cli/stderr@0.2.6;",
        r#"(import "wasi:cli/stderr@0.2.6" "get-stderr" (func $stderr (result i32)))
           (import "wasi:io/streams@0.2.6" "[method]output-stream.blocking-write-and-flush"
                (func $write (param i32 i32 i32 i32)))"#,
        "(call $write (call $stderr) (i32.const 64) (i32.const 19) (i32.const 2048)) unreachable",
    )
    .await;
    let message = "guest 1.0.0 by hand (wasm trap: wasm `unreachable` instruction executed)".to_owned();
    assert_eq!(called.provenance.outcome, Outcome::Trap { message });
}

#[tokio::test]
async fn leaving_by_exit_is_a_trap() {
    let imports = r#"(import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))"#;
    let called = with_wasi("import wasi:cli/exit@0.2.6;", imports, "(call $exit (i32.const 0)) i32.const 320").await;
    assert_eq!(called.provenance.outcome, Outcome::Trap { message: "the plugin called `exit`".to_owned() });
}

#[tokio::test]
async fn there_is_no_environment() {
    let called = with_wasi(
        "import wasi:cli/environment@0.2.6;",
        r#"(import "wasi:cli/environment@0.2.6" "get-environment" (func $environment (param i32)))"#,
        "(i32.store (i32.const 2052) (i32.const 9)) (call $environment (i32.const 2048))
         (if (i32.load (i32.const 2052)) (then unreachable)) i32.const 320",
    )
    .await;
    assert!(called.answer.is_some(), "{:?}", called.provenance);
}

#[tokio::test]
async fn the_wall_clock_stands_at_the_moment_the_call_is_about() {
    assert_eq!(shop::now().as_second(), 1_795_375_800);
    let called = with_wasi(
        "import wasi:clocks/wall-clock@0.2.6;",
        r#"(import "wasi:clocks/wall-clock@0.2.6" "now" (func $now (param i32)))"#,
        "(call $now (i32.const 2048))
         (if (i64.ne (i64.load (i32.const 2048)) (i64.const 1795375800)) (then unreachable)) i32.const 320",
    )
    .await;
    assert!(called.answer.is_some(), "{:?}", called.provenance);
}

#[tokio::test]
async fn random_numbers_differ() {
    let called = with_wasi(
        "import wasi:random/random@0.2.6;",
        r#"(import "wasi:random/random@0.2.6" "get-random-u64" (func $random (result i64)))"#,
        "(if (i64.eq (call $random) (call $random)) (then unreachable)) i32.const 320",
    )
    .await;
    assert!(called.answer.is_some(), "{:?}", called.provenance);
}

#[tokio::test]
async fn a_socket_is_refused_not_trapped() {
    let called = with_wasi(
        "import wasi:sockets/tcp-create-socket@0.2.6;",
        r#"(import "wasi:sockets/tcp-create-socket@0.2.6" "create-tcp-socket" (func $socket (param i32 i32)))"#,
        "(call $socket (i32.const 0) (i32.const 2048))
         (if (i32.ne (i32.load8_u (i32.const 2048)) (i32.const 1)) (then unreachable))
         (if (i32.ne (i32.load8_u (i32.const 2052)) (i32.const 1)) (then unreachable)) i32.const 320",
    )
    .await;
    assert!(called.answer.is_some(), "{:?}", called.provenance);
}
