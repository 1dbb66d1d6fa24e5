//! Are the plugins healthy: compiled, answering `describe`, content with their settings?

use porchlight_runtime::{Hook, Plugin};
use porchlight_store::SiteVersion;

use super::{Doctor, Finding};
use crate::{
    config::site::SiteConfig,
    plugins::{self, SitePlugin},
};

const CHECK: &str = "plugins";

/// Loads every plugin of a site anew, and binds it.
pub async fn look(doctor: &Doctor, config: &SiteConfig, version: &SiteVersion) -> Vec<Finding> {
    let (plugins, _) = plugins::bind(&doctor.runtime, config, &version.files).await;
    plugins.iter().map(found).collect()
}

fn found(plugin: &SitePlugin) -> Finding {
    match plugin {
        SitePlugin::Ready(plugin) => healthy(plugin),
        SitePlugin::Missing { name, reason, .. } => {
            let mend = "build it again, or take it out of the site file: the site is served without it";
            Finding::failed(CHECK, format!("`{name}` cannot be used: {reason}"), mend)
        }
    }
}

fn healthy(plugin: &Plugin) -> Finding {
    let (name, version) = (plugin.name(), &plugin.component().description().version);
    let hooks = plugin.component().hooks().iter().filter(|hook| **hook != Hook::Describe);
    let hooks: Vec<_> = hooks.map(|hook| format!("`{}`", hook.as_str())).collect();
    if hooks.is_empty() {
        let mend = "take it out of the site file, or build it with the hooks that it is meant to have";
        return Finding::warning(CHECK, format!("`{name}` {version} exports no hook, and is never asked"), mend);
    }
    Finding::ok(CHECK, format!("`{name}` {version} answers, and is asked for {}", hooks.join(" and ")))
}
