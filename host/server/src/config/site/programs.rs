//! Programs that the site works with: webhooks that are told, plugins that are asked.

use std::collections::HashSet;

use porchlight_egress::Destination;
use porchlight_model::{plugin::PluginUse, site::Webhook};
use sha2::{Digest, Sha256};

use super::{
    super::site_file::{PluginFile, WebhookFile},
    Reader,
};
use crate::hexadecimal::hexadecimal;

impl Reader {
    pub(super) fn webhooks(&mut self, files: Vec<WebhookFile>) -> Vec<Webhook> {
        let mut webhooks: Vec<Webhook> = Vec::new();
        for (position, WebhookFile { url, secret, events }) in files.into_iter().enumerate() {
            let at = format!("/webhooks/{position}/url");
            if let Err(refused) = Destination::parse(&url) {
                self.wrong(&at, refused);
            }
            let endpoint = endpoint(&url);
            if webhooks.iter().any(|other| other.endpoint == endpoint) {
                self.wrong(&at, "another webhook has this address");
            }
            webhooks.push(Webhook { endpoint, url, secret, events });
        }
        webhooks
    }

    pub(super) fn plugins(&mut self, files: Vec<PluginFile>) -> Vec<PluginUse> {
        let mut taken = HashSet::new();
        let mut plugins = Vec::new();
        for (position, file) in files.into_iter().enumerate() {
            if !taken.insert(file.name.clone()) {
                self.wrong(&format!("/plugins/{position}/name"), format!("another plugin is called `{}`", file.name));
            }
            let memory = file.limits.memory.as_deref().and_then(|written| self.bytes(position, written));
            let settings = serde_json::Value::Object(file.settings);
            let (name, component, sha256) = (file.name, file.component, file.sha256);
            plugins.push(PluginUse { name, component, sha256, settings, memory });
        }
        plugins
    }

    fn bytes(&mut self, position: usize, written: &str) -> Option<usize> {
        let bytes = written
            .strip_suffix("MiB")
            .and_then(|number| number.trim().parse::<usize>().ok())
            .filter(|number| (1..=1024).contains(number))
            .map(|number| number * 1024 * 1024);
        if bytes.is_none() {
            let pointer = format!("/plugins/{position}/limits/memory");
            self.wrong(&pointer, format!("`{written}` is not an amount of memory from `1MiB` to `1024MiB`"));
        }
        bytes
    }
}

/// Tells an address from others, and says nothing of it.
fn endpoint(url: &str) -> String {
    hexadecimal(&Sha256::digest(url)[..8])
}
