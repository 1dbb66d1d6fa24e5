//! What is loaded and what is refused, and whether the refusal says the mend.

use porchlight_runtime::{Component, Hook, LoadError, Runtime, RuntimeSettings};
use serde_json::json;

use crate::{shop, text::Guest};

fn runtime() -> Runtime {
    Runtime::new(RuntimeSettings::default()).expect("a runtime")
}

async fn refused(bytes: &[u8]) -> String {
    runtime().load(bytes).await.expect_err("it must not load").to_string()
}

async fn loaded(guest: Guest) -> Component {
    runtime().load(&guest.build()).await.expect("it loads")
}

#[tokio::test]
async fn a_component_tells_its_hooks_and_what_it_is() {
    let component = loaded(Guest::default()).await;
    assert_eq!(component.hooks(), Hook::ALL);
    let description = component.description();
    assert_eq!((description.name.as_str(), description.version.as_str()), ("guest", "1.0.0"));
    assert_eq!((description.sdk.as_str(), &description.settings_schema), ("by hand", &None));
    assert_eq!(component.sha256().len(), 64);
}

#[tokio::test]
async fn a_text_file_is_told_from_a_component() {
    let said = refused("[[plugins]]\nname = \"order-status\"\n".as_bytes()).await;
    assert_eq!(
        said,
        "this is no WebAssembly component: it is a text file; give the `.wasm` file that the build writes"
    );
    assert!(refused(b"").await.ends_with("the file is empty"));
    assert!(refused(&[0xff; 64]).await.contains("does not begin like WebAssembly"));
}

#[tokio::test]
async fn a_core_module_is_told_which_target_to_build_for() {
    let said = refused(&wat::parse_str("(module)").expect("a module")).await;
    assert!(said.ends_with("build with `--target wasm32-wasip2`"), "{said}");
}

#[tokio::test]
async fn a_component_cut_off_anywhere_is_refused() {
    let whole = Guest::default().build();
    for part in 0..20 {
        let said = refused(&whole[..whole.len() * part / 20]).await;
        assert!(said.starts_with("this is no WebAssembly component: "), "{part}/20: {said}");
    }
}

#[tokio::test]
async fn no_flipped_bit_harms_the_host() {
    let whole = Guest::default().build();
    let runtime = runtime();
    let (mut refused, mut seed) = (0, 0x5eed_u64);
    for _ in 0..200 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bit = usize::try_from(seed >> 33).expect("a small number") % (whole.len() * 8);
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        match runtime.load(&flipped).await {
            Err(_) => refused += 1,
            Ok(component) => call(&runtime, &component).await,
        }
    }
    assert!((50..200).contains(&refused), "{refused} of 200 were refused");
}

/// Calls a component that may be anything: that it comes back is all that counts.
async fn call(runtime: &Runtime, component: &Component) {
    let Ok(plugin) = runtime.bind(component, "flipped", "s", &json!({}), None) else { return };
    let called = runtime.shape_offer(&plugin, &shop::visitor(), &shop::site(), &shop::offer(), shop::now()).await;
    assert_eq!(called.provenance.plugin, "flipped");
    let submission = shop::submission("?");
    runtime.receive_request(&plugin, &shop::visitor(), &shop::site(), &submission, shop::now()).await;
}

#[tokio::test]
async fn a_component_of_another_version_names_what_it_was_built_with() {
    let contract = "package porchlight:plugin@0.2.0;
        interface describe { describe: func() -> string; }";
    let guest = Guest {
        contract: Some(contract),
        world: "export porchlight:plugin/describe@0.2.0;",
        imports: "",
        shape: None,
        receive: None,
        ..Guest::default()
    };
    let error = runtime().load(&guest.build()).await.expect_err("it must not load");
    let LoadError::WrongContract { difference, sdk } = &error else { panic!("{error}") };
    assert!(difference.contains("`porchlight:plugin/describe@0.2.0`"), "{difference}");
    assert!(sdk.contains("wit-component"), "{sdk}");
    assert!(error.to_string().contains("this host speaks `porchlight:plugin@0.1.0`"), "{error}");
}

#[tokio::test]
async fn a_component_with_other_types_under_our_names_is_of_another_contract() {
    let contract = "package porchlight:plugin@0.1.0;
        interface describe { describe: func() -> string; }
        interface receive-request { receive: func(text: string) -> string; }";
    let guest = Guest {
        contract: Some(contract),
        world: "export porchlight:plugin/describe@0.1.0; export porchlight:plugin/receive-request@0.1.0;",
        imports: "",
        shape: None,
        receive: None,
        more: r#"(func (export "porchlight:plugin/receive-request@0.1.0#receive") (param i32 i32) (result i32) unreachable)"#
            .to_owned(),
        ..Guest::default()
    };
    let error = runtime().load(&guest.build()).await.expect_err("it must not load");
    assert!(matches!(error, LoadError::WrongContract { .. }), "{error}");
}

#[tokio::test]
async fn a_plugin_without_hooks_is_asked_whether_it_registers_any() {
    let guest = Guest {
        world: "export porchlight:plugin/describe@0.1.0;",
        imports: "",
        shape: None,
        receive: None,
        ..Guest::default()
    };
    assert!(refused(&guest.build()).await.contains("porchlight_sdk::register!"));
}

#[tokio::test]
async fn an_import_that_is_not_offered_is_named() {
    let guest = Guest {
        packages: &["package wasi:http@0.2.6; interface outgoing-handler { handle: func(); }"],
        world: "import wasi:http/outgoing-handler@0.2.6;
            export porchlight:plugin/describe@0.1.0; export porchlight:plugin/receive-request@0.1.0;",
        imports: r#"(import "wasi:http/outgoing-handler@0.2.6" "handle" (func))"#,
        shape: None,
        ..Guest::default()
    };
    let error = runtime().load(&guest.build()).await.expect_err("it must not load");
    assert_eq!(error, LoadError::UnknownImport { name: "wasi:http/outgoing-handler@0.2.6".to_owned() });
}

#[tokio::test]
async fn a_describe_that_traps_loops_or_lies_is_not_loaded() {
    for (describe, says) in [
        ("unreachable", "it crashed: wasm trap: wasm `unreachable` instruction executed"),
        ("(loop (br 0)) unreachable", "it used more "),
        (
            "(i32.store (i32.const 132) (i32.const 0)) i32.const 128",
            "its name is not a word of 1 to 64 ASCII characters",
        ),
        (
            "(i32.store (i32.const 132) (i32.const 0x100000)) i32.const 128",
            "it crashed: string pointer/length out of bounds",
        ),
    ] {
        let error =
            runtime().load(&Guest { describe, ..Guest::default() }.build()).await.expect_err("it must not load");
        let (LoadError::DescribeFailed { message } | LoadError::DescribeLimited { message }) = error else {
            panic!("{error}")
        };
        assert!(message.starts_with(says), "{message}");
    }
}

#[tokio::test]
async fn a_component_above_the_size_limit_is_refused_unread() {
    let settings = RuntimeSettings { component_bytes: 100, ..RuntimeSettings::default() };
    let error = Runtime::new(settings).expect("a runtime").load(&[0; 101]).await.expect_err("it must not load");
    assert_eq!(error, LoadError::TooLarge { bytes: 101, allowed: 100 });
}

#[tokio::test]
async fn settings_are_held_to_the_schema_each_at_its_pointer() {
    let schema = r#"{"type": "object", "additionalProperties": false, "properties":
        {"a/b": {"type": "array", "items": {"type": "integer"}}, "code": {"pattern": "^[a-z]+$"}}}"#;
    let (runtime, component) = (runtime(), loaded(Guest::with_schema(schema)).await);
    let good = json!({ "a/b": [1, 2], "code": "x" });
    assert!(runtime.bind(&component, "guest", "s", &good, None).is_ok());
    let bad = json!({ "a/b": [1, "two"], "code": "X" });
    let error = runtime.bind(&component, "guest", "s", &bad, None).expect_err("they do not fit");
    let mut pointers: Vec<_> = error.problems.iter().map(|problem| problem.pointer.as_str()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/a~1b/1", "/code"]);
    assert!(error.to_string().starts_with("settings of plugin `guest`: "), "{error}");
}

#[tokio::test]
async fn a_plugin_without_a_schema_takes_no_settings() {
    let (runtime, component) = (runtime(), loaded(Guest::default()).await);
    assert!(runtime.bind(&component, "guest", "s", &json!({}), None).is_ok());
    assert!(runtime.bind(&component, "guest", "s", &json!({ "a": 1 }), None).is_err());
}

#[tokio::test]
async fn more_memory_than_the_host_has_is_no_setting() {
    let (runtime, component) = (runtime(), loaded(Guest::default()).await);
    let error = runtime.bind(&component, "guest", "s", &json!({}), Some(1 << 40)).expect_err("too much");
    assert!(error.to_string().contains("above the host's 256 MiB"), "{error}");
}

#[tokio::test]
async fn a_schema_that_is_none_or_backtracks_or_looks_elsewhere_does_not_load() {
    for schema in
        ["{", r#"{"type": 7}"#, r#"{"pattern": "(a+)\\1"}"#, r#"{"$ref": "https://elsewhere.example/schema"}"#]
    {
        let error = runtime().load(&Guest::with_schema(schema).build()).await.expect_err("it must not load");
        assert!(
            matches!(&error, LoadError::DescribeFailed { message } if message.contains("settings schema")),
            "{error}"
        );
    }
}
