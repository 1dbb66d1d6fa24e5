//! Every text that is said anywhere in the house exists.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says so by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use porchlight_model::{locale::Locale, texts::Texts};

/// What a text is said with, right before its id.
const SAYING: [&str; 3] = [".say(", ".say_with(", ".count("];

/// Ids that also stand elsewhere, in a `match` or a table.
const FAMILIES: [&str; 4] = ["letter-", "error-", "problem-", "panel-"];

#[test]
fn every_text_that_is_said_anywhere_in_the_house_exists() {
    let mut said = Vec::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")) {
        let source = fs::read_to_string(&file).expect("a source file");
        said.extend(ids(&source).into_iter().map(|id| (id, file.clone())));
    }
    assert!(said.len() > 50, "only {} ids were found: is the house still where it was?", said.len());
    let texts = Texts::of(Locale::En);
    let unknown: Vec<_> = said.iter().filter(|(id, _)| texts.say(id) == *id).collect();
    assert!(unknown.is_empty(), "nobody wrote {unknown:#?}");
}

#[test]
fn a_misspelt_id_is_noticed() {
    assert_eq!(ids("texts.say(\"no-such-text\")"), ["no-such-text"]);
    assert_eq!(ids("match x { A => \"error-no-such\", _ => \"other\" }"), ["error-no-such"]);
    assert_eq!(ids("texts\n    .say_with(\n        \"no-such-text\", &[])"), ["no-such-text"]);
}

/// Rust files and templates below a folder; tests, dependencies and built files are not among them.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if entry.is_dir() && !["node_modules", "target", "tests", "bench"].contains(&name) {
            found.extend(sources(&entry));
        } else if (name.ends_with(".rs") || name.ends_with(".html") || name.ends_with(".txt")) && name != "tests.rs" {
            found.push(entry);
        }
    }
    found
}

fn ids(source: &str) -> Vec<String> {
    let product = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let said = SAYING.into_iter().flat_map(|saying| product.split(saying).skip(1).filter_map(literal));
    let named = product.split('"').filter(|piece| is_named(piece)).map(str::to_owned);
    let mut ids: Vec<String> = said.chain(named).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The string that a call begins with; one that is put together at run time has its own test.
fn literal(after: &str) -> Option<String> {
    let id = after.trim_start().strip_prefix('"')?.split('"').next()?;
    is_id(id).then(|| id.to_owned())
}

fn is_named(piece: &str) -> bool {
    FAMILIES.iter().any(|family| piece.starts_with(family) && piece.len() > family.len()) && is_id(piece)
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
