//! The doctor, a mystery shopper: goes the ways that visitors and their requests go, and says of each whether it leads anywhere.
//!
//! It runs beside the host that serves from the same folder, reads what is configured out of the store, and asks the host by HTTP as
//! anybody does. What it leaves there it removes again.

mod configuration;
mod finding;
mod hours;
mod links;
mod mail;
mod own_host;
mod plugins;
mod proof;
mod served;
mod travel;
mod webhooks;

use std::{sync::Arc, time::Duration};

use porchlight_delivery::SmtpMailer;
use porchlight_egress::Client;
use porchlight_model::{contact::EmailAddress, site::Site};
use porchlight_runtime::Runtime;
use porchlight_store::{SiteVersion, Store};

pub use finding::{Finding, Verdict};
pub use own_host::OwnHost;

use crate::{config::host::HostConfig, keys::Keys, outgoing::Outgoing, wiring::clock::Clock};

/// What the doctor looks with.
pub struct Doctor {
    /// The host's settings.
    pub config: HostConfig,
    /// What the host serves from, too.
    pub store: Arc<dyn Store>,
    /// The keys that the host signs with.
    pub keys: Keys,
    /// Where plugins are tried.
    pub runtime: Runtime,
    /// Which addresses are let out to.
    pub outgoing: Outgoing,
    /// The way out, vetted as for the host.
    pub client: Client,
    /// The mail server, with the address that mail is sent from.
    pub mailer: Option<(SmtpMailer, EmailAddress)>,
    /// The host that serves.
    pub own: OwnHost,
    /// The time.
    pub clock: Clock,
    /// How long is waited for what takes a while: a delivery, a mail.
    pub patience: Duration,
}

impl Doctor {
    /// Looks at the host as a whole; whether it answers.
    pub async fn look_at_host(&self, tell: &mut impl FnMut(Finding)) -> bool {
        tell(served::public_url(self));
        let found = served::ready(self).await;
        let answers = found.verdict != Verdict::Failed;
        tell(found);
        answers
    }

    /// Looks at a site, as far as can be where the host does not answer.
    pub async fn look_at_site(&self, version: &SiteVersion, answers: bool, tell: &mut impl FnMut(Finding)) {
        let config = match configuration::read(self, version) {
            Ok((config, found)) => {
                found.into_iter().for_each(&mut *tell);
                config
            }
            Err(found) => return found.into_iter().for_each(tell),
        };
        let site = &config.site;
        plugins::look(self, &config, version).await.into_iter().for_each(&mut *tell);
        hours::look(self, site).await.into_iter().for_each(&mut *tell);
        let form_token = if answers { self.look_at_pages(site, tell).await } else { None };
        links::look(self, site).await.into_iter().for_each(&mut *tell);
        webhooks::look(self, site).await.into_iter().for_each(&mut *tell);
        if answers {
            travel::look(self, site, form_token, tell).await;
        } else if let Some(found) = mail::goes_out(self, site).await {
            tell(found);
        }
    }

    /// Looks at what browsers load; gives the token of a form.
    async fn look_at_pages(&self, site: &Site, tell: &mut impl FnMut(Finding)) -> Option<String> {
        served::loader(self, site).await.into_iter().for_each(&mut *tell);
        let (found, form_token) = served::offer(self, site).await;
        tell(found);
        form_token
    }
}
