//! A site's plugins: components out of its files, loaded and bound to their settings.

use std::collections::BTreeMap;

use porchlight_model::plugin::{Outcome, PluginUse, Provenance};
use porchlight_runtime::{Hook, Plugin, Runtime, SettingsProblem};
use porchlight_store::SiteFile;
use sha2::{Digest, Sha256};

use crate::{
    config::{diagnostic::Diagnostic, site::SiteConfig},
    hexadecimal::hexadecimal,
};

/// A plugin of a site.
#[derive(Debug)]
pub enum SitePlugin {
    /// It answers.
    Ready(Plugin),
    /// It cannot be used, and this is why: the host's own answers stand.
    Missing {
        /// Its name in the site file.
        name: String,
        /// What the operator reads.
        reason: String,
        /// Whether it may only have been too slow on a busy host.
        may_pass: bool,
    },
}

impl SitePlugin {
    /// The plugin, if it answers this hook.
    pub fn answering(&self, hook: Hook) -> Option<&Plugin> {
        match self {
            Self::Ready(plugin) if plugin.has(hook) => Some(plugin),
            Self::Ready(_) | Self::Missing { .. } => None,
        }
    }

    /// Whether it cannot be used now, and may be later, as it is.
    pub fn may_come(&self) -> bool {
        matches!(self, Self::Missing { may_pass: true, .. })
    }

    /// The mark that a request keeps of a plugin that could not be asked.
    pub fn mark(&self, hook: Hook) -> Option<Provenance> {
        let Self::Missing { name, reason, .. } = self else { return None };
        Some(Provenance {
            plugin: name.clone(),
            version: String::new(),
            sha256: String::new(),
            hook: hook.as_str().to_owned(),
            wall_us: 0,
            outcome: Outcome::Missing { message: reason.clone() },
            facts: BTreeMap::new(),
        })
    }
}

/// Loads and binds every plugin of a site; those that cannot be used are marked, and their mistakes told with file, line and
/// key.
pub async fn bind(runtime: &Runtime, config: &SiteConfig, files: &[SiteFile]) -> (Vec<SitePlugin>, Vec<Diagnostic>) {
    let mut plugins = Vec::new();
    let mut mistakes = Vec::new();
    for (position, wanted) in config.site.plugins.iter().enumerate() {
        match bind_one(runtime, config, files, position, wanted).await {
            Ok(plugin) => plugins.push(SitePlugin::Ready(plugin)),
            Err(Unusable { found, may_pass }) => {
                let reason = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                plugins.push(SitePlugin::Missing { name: wanted.name.clone(), reason, may_pass });
                mistakes.extend(found);
            }
        }
    }
    (plugins, mistakes)
}

/// Why a plugin cannot be used.
struct Unusable {
    found: Vec<Diagnostic>,
    may_pass: bool,
}

impl From<Vec<Diagnostic>> for Unusable {
    fn from(found: Vec<Diagnostic>) -> Self {
        Self { found, may_pass: false }
    }
}

async fn bind_one(
    runtime: &Runtime,
    config: &SiteConfig,
    files: &[SiteFile],
    position: usize,
    wanted: &PluginUse,
) -> Result<Plugin, Unusable> {
    let wrong = |key: &str, message: String| config.document.diagnostic(&format!("/plugins/{position}{key}"), message);
    let file = files.iter().find(|file| file.path == wanted.component).ok_or_else(|| {
        vec![wrong("/component", format!("there is no file `{}`: build the plugin and put it there", wanted.component))]
    })?;
    let found = hexadecimal(&Sha256::digest(&file.content));
    if let Some(pinned) = wanted.sha256.as_ref().filter(|pinned| **pinned != found) {
        let mistake = format!("`{}` has the hash `{found}`, not `{pinned}`", wanted.component);
        return Err(vec![wrong("/sha256", mistake)].into());
    }
    let component = runtime.load(&file.content).await.map_err(|error| Unusable {
        may_pass: error.may_pass(),
        found: vec![wrong("/component", format!("`{}`: {error}", wanted.component))],
    })?;
    runtime.bind(&component, &wanted.name, &config.site.key, &wanted.settings, wanted.memory).map_err(|refused| {
        let wrong =
            |problem: &SettingsProblem| wrong(&format!("/settings{}", problem.pointer), problem.message.clone());
        refused.problems.iter().map(wrong).collect::<Vec<_>>().into()
    })
}
