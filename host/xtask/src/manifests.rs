//! The workspace: where it is, which packages it has, which test features they offer.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Features that switch on tests for which `cargo xtask test` has prepared something; a plain `cargo test` leaves them off.
const TEST_FEATURES: [&str; 7] =
    ["browser-tests", "fault-tests", "guest-tests", "imap-tests", "mail-tests", "openapi-tests", "webhook-tests"];

/// The workspace's folder.
#[derive(Clone, Debug)]
pub struct Workspace(PathBuf);

impl Workspace {
    /// The workspace that this program was built from.
    pub fn of_this_crate() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self(here.ancestors().nth(2).unwrap_or(here).to_path_buf())
    }

    /// A path in it.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.0.join(relative)
    }

    /// Where cargo puts what it builds.
    pub fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), |folder| self.0.join(folder))
    }

    /// Names of the packages below `plugins/`, in alphabetical order.
    pub fn plugins(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for manifest in self.manifests_below("plugins")? {
            names.extend(package_name(&manifest));
        }
        names.sort();
        Ok(names)
    }

    /// Every test feature of every package, as cargo's `--features` takes them: `porchlight/browser-tests`.
    pub fn test_features(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for manifest in
            [self.manifests_below("host")?, self.manifests_below("plugins")?, vec![self.manifest("sdk")?]].concat()
        {
            let Some(package) = package_name(&manifest) else { continue };
            found.extend(test_features(&manifest).map(|feature| format!("{package}/{feature}")));
        }
        found.sort();
        Ok(found)
    }

    fn manifests_below(&self, folder: &str) -> Result<Vec<String>> {
        let path = self.path(folder);
        let mut texts = Vec::new();
        for entry in fs::read_dir(&path).with_context(|| format!("`{}` cannot be read", path.display()))? {
            let manifest = entry?.path().join("Cargo.toml");
            if manifest.is_file() {
                texts.push(read(&manifest)?);
            }
        }
        Ok(texts)
    }

    fn manifest(&self, folder: &str) -> Result<String> {
        read(&self.path(folder).join("Cargo.toml"))
    }
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))
}

/// The name in a manifest's `[package]`; a workspace alone has none.
fn package_name(manifest: &str) -> Option<String> {
    let name = keys_of(manifest, "[package]").find_map(|(key, value)| (key == "name").then_some(value))?;
    Some(name.trim_matches('"').to_owned())
}

fn test_features(manifest: &str) -> impl Iterator<Item = &str> {
    keys_of(manifest, "[features]").map(|(key, _)| key).filter(|key| TEST_FEATURES.contains(key))
}

/// Keys and values, one a line, of one table. Enough for the few keys read here; not a TOML parser, so as to start fast.
fn keys_of<'a>(manifest: &'a str, table: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    manifest
        .lines()
        .skip_while(move |line| line.trim() != table)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[lints]\nworkspace = true\n[package]\nname = \"porchlight\"\n\n[features]\nbrowser-tests = []\nother = []\n\n[dependencies]\nmail-tests = \"1\"\n";

    #[test]
    fn manifest_tells_its_name_and_test_features() {
        assert_eq!(package_name(MANIFEST).as_deref(), Some("porchlight"));
        assert_eq!(test_features(MANIFEST).collect::<Vec<_>>(), ["browser-tests"]);
    }

    #[test]
    fn manifest_without_a_package_has_no_name() {
        assert_eq!(package_name("[workspace]\nmembers = []\n"), None);
    }

    #[test]
    fn this_workspace_has_the_plugins_of_the_pet_shop() {
        let plugins = Workspace::of_this_crate().plugins().expect("the folder is there");
        assert!(plugins.contains(&"request-routing".to_owned()), "{plugins:?}");
        assert!(plugins.contains(&"rush-notice".to_owned()), "{plugins:?}");
    }
}
