//! The house's rules, kept by a check: who may depend on whom, and what must never be written where.
//!
//! `host/ARCHITECTURE.md` says why. Each rule below is also shown a small made-up violation, so that it is known to bite.
#![expect(clippy::expect_used, reason = "a check that cannot read what it checks has failed")]

mod packages;
mod sources;
mod top_level;

use std::path::{Path, PathBuf};

use packages::Package;
use sources::Source;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the kit lives in host/testkit").to_path_buf()
}

#[test]
fn arrows_between_our_packages_run_one_way() {
    assert_eq!(packages::wrong_arrows(&Package::all(&root())), [""; 0]);
}

#[test]
fn wasmtime_sql_http_and_chance_stay_in_their_rooms() {
    assert_eq!(packages::strangers(&Package::all(&root())), [""; 0]);
}

#[test]
fn every_package_takes_the_workspace_lints() {
    assert_eq!(packages::without_lints(&Package::all(&root())), [""; 0]);
}

#[test]
fn clock_and_chance_are_banned_and_the_ban_is_lifted_in_the_wiring_alone() {
    let bans = std::fs::read_to_string(root().join(".clippy.toml")).expect("the bans are there");
    assert_eq!(sources::missing_bans(&bans), [""; 0]);
    assert_eq!(sources::lifted_bans(&Source::all(&root())), [""; 0]);
}

#[test]
fn model_is_pure() {
    assert_eq!(sources::impurities(&Source::all(&root())), [""; 0]);
}

#[test]
fn egress_alone_connects_outward() {
    assert_eq!(sources::ways_out(&Source::all(&root())), [""; 0]);
}

#[test]
fn unsafe_code_is_expected_with_a_reason_or_absent() {
    assert_eq!(sources::unreasoned_unsafe(&Source::all(&root())), [""; 0]);
}

#[test]
fn top_level_has_the_names_of_the_design_alone() {
    let names = top_level::names(&root());
    assert!(names.contains("host"), "{names:?}");
    assert_eq!(top_level::strays(&names), [""; 0]);
}
