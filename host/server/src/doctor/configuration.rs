//! Is what was applied in order, as `porchlight check` sees it?

use porchlight_store::SiteVersion;

use super::{Doctor, Finding};
use crate::config::{
    diagnostic::Diagnostic,
    site::{self, SiteConfig},
};

const CHECK: &str = "configuration";

const APPLY: &str = "mend it in the site's folder, and `porchlight site apply` that";

/// Reads a site out of the store; with what is to be said of it.
pub fn read(doctor: &Doctor, version: &SiteVersion) -> Result<(SiteConfig, Vec<Finding>), Vec<Finding>> {
    let failed = |mistakes: &[Diagnostic]| -> Vec<_> {
        mistakes.iter().map(|mistake| Finding::failed(CHECK, mistake.to_string(), APPLY)).collect()
    };
    let config = site::read(&version.files).map_err(|mistakes| failed(&mistakes.0))?;
    let mut found = failed(&doctor.outgoing.mistakes(&config));
    if found.is_empty() {
        found.push(Finding::ok(CHECK, format!("version {} is in order", version.version)));
    }
    if config.site.mail.is_none() && config.site.webhooks.is_empty() {
        let mend = "write `mail = \"owner@shop.example\"` into `site.toml`";
        found.push(Finding::warning(CHECK, "nobody is told of requests", mend));
    }
    Ok((config, found))
}
