//! Who depends on whom.

use std::{path::Path, process::Command};

use serde_json::Value;

/// Which of our packages each may depend on. Tests may use the kit as well.
const ARROWS: [(&str, &[&str]); 9] = [
    ("porchlight-model", &[]),
    ("porchlight-runtime", &["porchlight-model", "porchlight-egress"]),
    ("porchlight-store", &["porchlight-model"]),
    ("porchlight-egress", &[]),
    ("porchlight-delivery", &["porchlight-model", "porchlight-egress"]),
    (
        "porchlight",
        &["porchlight-model", "porchlight-runtime", "porchlight-store", "porchlight-egress", "porchlight-delivery"],
    ),
    ("porchlight-sdk", &[]),
    ("porchlight-testkit", &[]),
    ("xtask", &[]),
];

/// What the packages below `plugins/` may depend on.
const PLUGIN_ARROWS: &[&str] = &["porchlight-sdk"];

/// The kit: a dependency of tests alone.
const KIT: &str = "porchlight-testkit";

/// Crates that few rooms alone may know, by the beginning of their names.
const ROOMS: [(&[&str], &[&str]); 7] = [
    (&["porchlight-runtime"], &["wasmtime"]),
    (&["porchlight-store"], &["rusqlite", "libsqlite3", "sqlx", "tokio-postgres", "postgres", "diesel", "sea-"]),
    (&["porchlight"], &["axum", "tower-http", "actix", "warp"]),
    (&["porchlight", "porchlight-egress"], &["hyper"]),
    (&["porchlight-egress"], &["rustls", "ureq"]),
    // The operator's own mailbox is reached from where mail goes out.
    (&["porchlight-egress", "porchlight-delivery"], &["tokio-rustls", "webpki-roots"]),
    (&["porchlight"], &["getrandom", "rand", "fastrand"]),
];

/// What the model must not know: async, sockets, chance.
const NOT_IN_MODEL: [&str; 7] = ["tokio", "async-", "futures", "reqwest", "getrandom", "rand", "tracing"];

/// One of our packages, as its manifest has it.
#[derive(Clone, Debug)]
pub struct Package {
    name: String,
    is_plugin: bool,
    takes_lints: bool,
    dependencies: Vec<Dependency>,
}

#[derive(Clone, Debug)]
struct Dependency {
    name: String,
    is_for_tests: bool,
    is_ours: bool,
}

impl Package {
    /// Every package of the workspace.
    pub fn all(root: &Path) -> Vec<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
        let output = Command::new(cargo).args(arguments).current_dir(root).output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
        metadata["packages"].as_array().expect("packages").iter().map(Self::read).collect()
    }

    fn read(package: &Value) -> Self {
        let path = package["manifest_path"].as_str().expect("a path");
        let manifest = std::fs::read_to_string(path).expect("a manifest");
        let manifest: toml::Table = manifest.parse().expect("a manifest is TOML");
        Self {
            name: package["name"].as_str().expect("a name").to_owned(),
            is_plugin: path.contains("/plugins/"),
            takes_lints: manifest.get("lints").and_then(|lints| lints.get("workspace")) == Some(&true.into()),
            dependencies: package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                .map(Dependency::read)
                .collect(),
        }
    }

    fn allowed(&self) -> Option<&'static [&'static str]> {
        if self.is_plugin {
            return Some(PLUGIN_ARROWS);
        }
        ARROWS.iter().find(|(name, _)| *name == self.name).map(|(_, allowed)| *allowed)
    }
}

impl Dependency {
    fn read(dependency: &Value) -> Self {
        Self {
            name: dependency["name"].as_str().expect("a name").to_owned(),
            is_for_tests: dependency["kind"] == "dev",
            is_ours: dependency["path"].is_string(),
        }
    }
}

/// Dependencies of our packages on each other that are not on the map.
pub fn wrong_arrows(packages: &[Package]) -> Vec<String> {
    packages.iter().flat_map(wrong_arrows_of).collect()
}

fn wrong_arrows_of(package: &Package) -> Vec<String> {
    let Some(allowed) = package.allowed() else {
        return vec![format!(
            "`{}` is not on the map: say in ARROWS and in ARCHITECTURE.md what it may know",
            package.name
        )];
    };
    let ours = package.dependencies.iter().filter(|dependency| dependency.is_ours);
    let is_allowed = |it: &&Dependency| allowed.contains(&it.name.as_str()) || (it.is_for_tests && it.name == KIT);
    ours.filter(|it| !is_allowed(it)).map(|it| format!("`{}` must not depend on `{}`", package.name, it.name)).collect()
}

/// Dependencies on crates that belong to another room.
pub fn strangers(packages: &[Package]) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages {
        for dependency in package.dependencies.iter().filter(|dependency| !dependency.is_ours) {
            let owners =
                ROOMS.iter().find(|(_, crates)| begins_with(&dependency.name, crates)).map(|(owners, _)| *owners);
            if owners.is_some_and(|owners| !owners.contains(&package.name.as_str())) {
                found.push(format!("`{}` must not depend on `{}`", package.name, dependency.name));
            }
            if package.name == "porchlight-model" && begins_with(&dependency.name, &NOT_IN_MODEL) {
                found.push(format!("the model must not depend on `{}`", dependency.name));
            }
        }
    }
    found
}

fn begins_with(name: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| name.starts_with(beginning))
}

/// Packages whose manifest lacks `[lints] workspace = true`.
pub fn without_lints(packages: &[Package]) -> Vec<String> {
    let without = packages.iter().filter(|package| !package.takes_lints);
    without.map(|package| format!("`{}` does not take the workspace's lints", package.name)).collect()
}

fn made_up(name: &str, dependencies: &[(&str, &str)]) -> Package {
    let dependencies = dependencies.iter().map(|(name, kind)| Dependency {
        name: (*name).to_owned(),
        is_for_tests: *kind == "dev",
        is_ours: name.starts_with("porchlight") || *name == "rush-notice",
    });
    let is_plugin = ["rush-notice", "request-routing"].contains(&name);
    Package { name: name.to_owned(), is_plugin, takes_lints: false, dependencies: dependencies.collect() }
}

#[test]
fn arrow_against_the_map_is_found() {
    for (from, to) in [
        ("porchlight-model", "porchlight-store"),
        ("porchlight-store", "porchlight-runtime"),
        ("porchlight-store", "porchlight-egress"),
        ("porchlight-egress", "porchlight-model"),
        ("porchlight-runtime", "porchlight-sdk"),
        ("porchlight-delivery", "porchlight"),
        ("porchlight", "porchlight-testkit"),
        ("request-routing", "rush-notice"),
    ] {
        let found = wrong_arrows(&[made_up(from, &[(to, "normal")])]);
        assert_eq!(found, [format!("`{from}` must not depend on `{to}`")]);
    }
    assert_eq!(wrong_arrows(&[made_up("porchlight-store", &[("porchlight-testkit", "dev")])]), [""; 0]);
}

#[test]
fn package_that_is_not_on_the_map_is_found() {
    let found = wrong_arrows(&[made_up("porchlight-helpers", &[])]);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn crate_in_the_wrong_room_is_found() {
    for (from, to) in [
        ("porchlight", "wasmtime"),
        ("porchlight-runtime", "rusqlite"),
        ("porchlight-delivery", "axum"),
        ("porchlight-delivery", "hyper"),
        ("porchlight", "rustls"),
        ("porchlight-store", "getrandom"),
        ("porchlight-model", "tokio"),
        ("porchlight-model", "async-trait"),
    ] {
        assert_eq!(strangers(&[made_up(from, &[(to, "normal")])]).len(), 1, "{from} → {to}");
    }
    assert_eq!(strangers(&[made_up("porchlight-runtime", &[("wasmtime", "normal")])]), [""; 0]);
}

#[test]
fn package_without_the_lints_is_found() {
    assert_eq!(without_lints(&[made_up("xtask", &[])]), ["`xtask` does not take the workspace's lints"]);
}
