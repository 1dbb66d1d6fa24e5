//! What is written where.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Ways to read a clock or to draw chance that `.clippy.toml` has to ban.
const BANS: [&str; 5] =
    ["jiff::Timestamp::now", "jiff::Zoned::now", "std::time::SystemTime::now", "getrandom::fill", "uuid::Uuid::new_v4"];

/// Where a ban may be lifted: the binary's wiring, and what never runs in the product.
const EDGE: [&str; 4] = ["host/server/src/wiring.rs", "host/server/src/wiring/", "host/testkit/", "host/xtask/"];

/// This check itself, which has to name what it looks for.
const THIS_CHECK: &str = "host/testkit/tests/arrows/";

/// What the model must not contain, outside of its tests.
const IMPURE: [&str; 9] = [
    "async fn",
    "async move",
    ".await",
    "std::fs",
    "std::net",
    "std::env::",
    "std::process",
    "std::thread::sleep",
    "Instant::now",
];

/// Ways to connect outward. The operator's mail server is reached by a crate of its own, the mailbox from one file.
const OUTWARD: [&str; 4] = ["TcpStream::connect", "UnixStream::connect", "lookup_host", "to_socket_addrs"];

/// Who may: the one room for it, and what never runs in the product.
const OUTWARD_ROOMS: [&str; 5] =
    ["host/egress/src/", "host/delivery/src/imap.rs", "host/testkit/", "host/xtask/", "host/bench/"];

/// A Rust source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path from the top of the repository, with forward slashes.
    path: String,
    text: String,
}

impl Source {
    /// Every Rust source file of ours.
    pub fn all(root: &Path) -> Vec<Self> {
        let mut found = Vec::new();
        for folder in ["host", "sdk", "plugins", "examples"] {
            collect(&root.join(folder), root, &mut found);
        }
        assert!(found.len() > 20, "there is more source than {} files", found.len());
        found
    }

    fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }

    /// Numbered lines of the product: no comments, and nothing from the first `#[cfg(test)]` on.
    fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().take_while(|line| line.trim() != "#[cfg(test)]").enumerate();
        lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(index, line)| (index + 1, line))
    }
}

fn collect(folder: &Path, root: &Path, found: &mut Vec<Source>) {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            collect(&path, root, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(Source {
                path: relative(&path, root),
                text: fs::read_to_string(&path).expect("sources are text"),
            });
        }
    }
}

fn relative(path: &Path, root: &Path) -> String {
    let relative: PathBuf = path.strip_prefix(root).expect("it lies below the root").to_path_buf();
    relative.to_string_lossy().replace('\\', "/")
}

/// Bans that the given `.clippy.toml` lacks.
pub fn missing_bans(clippy: &str) -> Vec<&'static str> {
    let clippy: toml::Table = clippy.parse().expect("`.clippy.toml` is TOML");
    let banned = clippy.get("disallowed-methods").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let paths: Vec<&str> = banned.iter().filter_map(|ban| ban.get("path")?.as_str()).collect();
    BANS.into_iter().filter(|ban| !paths.contains(ban)).collect()
}

/// Places outside the edge where the ban on clock and chance is lifted.
pub fn lifted_bans(sources: &[Source]) -> Vec<String> {
    let inside =
        sources.iter().filter(|source| !source.is_test() && !EDGE.iter().any(|edge| source.path.starts_with(edge)));
    inside.flat_map(|source| mentions(source, source.product_lines(), &["disallowed_methods"])).collect()
}

/// Places where the model is async, waits, or touches files, sockets, processes or a clock.
pub fn impurities(sources: &[Source]) -> Vec<String> {
    let model = sources.iter().filter(|source| source.path.starts_with("host/model/src/") && !source.is_test());
    model.flat_map(|source| mentions(source, source.product_lines(), &IMPURE)).collect()
}

/// Places outside of `egress` where something connects outward.
pub fn ways_out(sources: &[Source]) -> Vec<String> {
    let elsewhere =
        |source: &&Source| !source.is_test() && !OUTWARD_ROOMS.iter().any(|room| source.path.starts_with(room));
    let sources = sources.iter().filter(elsewhere);
    sources.flat_map(|source| mentions(source, source.product_lines(), &OUTWARD)).collect()
}

/// Places where unsafe code is let through without a reasoned `#[expect]`.
pub fn unreasoned_unsafe(sources: &[Source]) -> Vec<String> {
    sources.iter().filter(|source| !source.path.starts_with(THIS_CHECK)).flat_map(unreasoned_of).collect()
}

fn unreasoned_of(source: &Source) -> Vec<String> {
    let lines: Vec<&str> = source.text.lines().collect();
    let reasoned = |number: usize| {
        let before = lines[number.saturating_sub(3)..number].concat();
        let after = lines[number - 1..lines.len().min(number + 3)].concat();
        before.contains("expect(") && after.contains("reason")
    };
    let let_through =
        mentions(source, source.product_lines().filter(|(number, _)| !reasoned(*number)), &["unsafe_code"]);
    let has_reason = source.product_lines().any(|(number, line)| line.contains("unsafe_code") && reasoned(number));
    let used =
        mentions(source, source.product_lines().filter(|_| !has_reason), &["unsafe {", "unsafe fn", "unsafe impl"]);
    [let_through, used].concat()
}

fn mentions<'a>(source: &Source, lines: impl Iterator<Item = (usize, &'a str)>, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in lines {
        found.extend(
            words.iter().filter(|word| line.contains(**word)).map(|word| format!("{}:{number}: `{word}`", source.path)),
        );
    }
    found
}

fn made_up(path: &str, text: &str) -> [Source; 1] {
    [Source { path: path.to_owned(), text: text.to_owned() }]
}

#[test]
fn missing_ban_is_found() {
    let clippy = r#"disallowed-methods = [{ path = "jiff::Timestamp::now", reason = "time is an argument" }]"#;
    assert_eq!(missing_bans(clippy), BANS[1..]);
    assert_eq!(missing_bans(""), BANS);
}

#[test]
fn ban_lifted_outside_the_wiring_is_found() {
    let lifting = "#[expect(clippy::disallowed_methods, reason = \"just this once\")]\nfn now() {}\n";
    let found = lifted_bans(&made_up("host/server/src/offer.rs", lifting));
    assert_eq!(found, ["host/server/src/offer.rs:1: `disallowed_methods`"]);
    assert_eq!(lifted_bans(&made_up("host/server/src/wiring.rs", lifting)), [""; 0]);
    assert_eq!(lifted_bans(&made_up("host/server/tests/browser.rs", lifting)), [""; 0]);
}

#[test]
fn impure_model_is_found() {
    let found = impurities(&made_up("host/model/src/hours.rs", "// async fn in a comment\npub async fn now() {}\n"));
    assert_eq!(found, ["host/model/src/hours.rs:2: `async fn`"]);
    let in_tests = "pub fn now() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n";
    assert_eq!(impurities(&made_up("host/model/src/hours.rs", in_tests)), [""; 0]);
}

#[test]
fn way_out_beside_egress_is_found() {
    let connecting = "let stream = TcpStream::connect(address).await?;\n";
    let found = ways_out(&made_up("host/server/src/flows/offer.rs", connecting));
    assert_eq!(found, ["host/server/src/flows/offer.rs:1: `TcpStream::connect`"]);
    assert_eq!(ways_out(&made_up("host/egress/src/connect.rs", connecting)), [""; 0]);
}

#[test]
fn unsafe_code_without_a_reason_is_found() {
    let found =
        unreasoned_unsafe(&made_up("host/store/src/lib.rs", "#[allow(unsafe_code)]\nfn f() { unsafe { g() } }\n"));
    assert_eq!(found, ["host/store/src/lib.rs:1: `unsafe_code`", "host/store/src/lib.rs:2: `unsafe {`"]);
    let reasoned = "#![expect(\n    unsafe_code,\n    reason = \"bindings\",\n)]\nfn f() { unsafe { g() } }\n";
    assert_eq!(unreasoned_unsafe(&made_up("sdk/src/bindings.rs", reasoned)), [""; 0]);
}
