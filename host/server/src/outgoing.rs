//! Outgoing: what the operator's settings say of the endpoints that site files name.

use std::{fmt, sync::Arc};

use porchlight_delivery::{NoticeError, SigningSecret};
use porchlight_egress::{Client, Destination, Limits, SystemResolver, TcpConnector, Vetting};
use porchlight_model::site::{Site, Webhook};

use crate::config::{
    diagnostic::Diagnostic,
    host::{HostConfig, Secrets},
    site::SiteConfig,
};

/// Which addresses are let out to, and the secrets that what goes there is signed with.
#[derive(Clone, Debug)]
pub struct Outgoing {
    secrets: Secrets,
    vetting: Vetting,
}

/// Why nothing is sent to an address that a site file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotLetOut(&'static str);

impl fmt::Display for NotLetOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, and nothing is sent there unless `[egress] allow` of `porchlight.toml` names it", self.0)
    }
}

impl Outgoing {
    /// As the settings have it.
    pub fn new(config: &HostConfig) -> Self {
        Self { secrets: config.secrets.clone(), vetting: config.egress.vetting() }
    }

    /// The way out.
    pub fn client(&self) -> anyhow::Result<Client> {
        let (resolver, connector) = (Arc::new(SystemResolver), Arc::new(TcpConnector));
        Ok(Client::new(resolver, connector, self.vetting.clone(), Limits::default())?)
    }

    /// The secret that what goes to an endpoint is signed with.
    pub fn secret(&self, webhook: &Webhook) -> Result<SigningSecret, NoticeError> {
        let name = webhook.secret.clone();
        let Some(written) = self.secrets.lookup(&name) else { return Err(NoticeError::NoSecret { name }) };
        SigningSecret::parse(written).map_err(|why| NoticeError::BadSecret { name, why })
    }

    /// Addresses in a site file that nothing would be sent to.
    pub fn mistakes(&self, config: &SiteConfig) -> Vec<Diagnostic> {
        let webhooks = config.site.webhooks.iter().enumerate();
        let mistake = |(position, webhook): (usize, &Webhook)| {
            let why = self.not_let_out(webhook)?;
            Some(config.document.diagnostic(&format!("/webhooks/{position}/url"), why.to_string()))
        };
        webhooks.filter_map(mistake).collect()
    }

    /// Says in the log which of a site's webhooks is which endpoint, as deliveries are told by that, and what keeps notices from
    /// going out. They are tried all the same, so that what is mended within three days costs none.
    pub fn report(&self, site: &Site) {
        for (position, webhook) in site.webhooks.iter().enumerate() {
            let (site, endpoint) = (&site.key, &webhook.endpoint);
            tracing::info!(site, endpoint, "requests are told to `webhooks[{position}]` of the site file");
            if let Err(error) = self.secret(webhook) {
                tracing::error!(site, endpoint, "nothing can be sent to a webhook: {error}");
            }
            if let Some(why) = self.not_let_out(webhook) {
                tracing::error!(site, endpoint, "nothing can be sent to a webhook: its address is {why}");
            }
        }
    }

    /// Only what the address itself says; what a name leads to is seen when something is sent.
    fn not_let_out(&self, webhook: &Webhook) -> Option<NotLetOut> {
        let destination = Destination::parse(&webhook.url).ok()?;
        let address = destination.address()?;
        match self.vetting.vet(address) {
            Err(refused) => Some(NotLetOut(refused.what)),
            Ok(address) if !destination.is_secure() && !self.vetting.allows(address) => Some(NotLetOut("not `https:`")),
            Ok(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::host;

    fn outgoing(settings: &str) -> Outgoing {
        Outgoing::new(&host::read("porchlight.toml", settings, []).expect("good settings"))
    }

    fn webhook(url: &str) -> Webhook {
        Webhook { endpoint: "crm".to_owned(), url: url.to_owned(), secret: "CRM".to_owned(), events: None }
    }

    #[test]
    fn addresses_beside_the_host_are_let_out_to_only_where_the_operator_says_so() {
        let (closed, open) = (outgoing(""), outgoing("[egress]\nallow = [\"127.0.0.1/32\"]"));
        for url in ["http://127.0.0.1:9000/", "https://127.1/"] {
            assert_eq!(closed.not_let_out(&webhook(url)), Some(NotLetOut("the host itself")), "{url}");
            assert_eq!(open.not_let_out(&webhook(url)), None, "{url}");
        }
        assert_eq!(open.not_let_out(&webhook("http://8.8.8.8/")), Some(NotLetOut("not `https:`")));
        assert_eq!(closed.not_let_out(&webhook("https://crm.example/")), None);
    }

    #[test]
    fn secret_that_is_missing_or_none_is_said_by_its_name() {
        let said = |settings: &str| {
            outgoing(settings).secret(&webhook("https://crm.example/")).map_err(|error| error.to_string())
        };
        assert!(said("").is_err_and(|error| error.starts_with("the secret `CRM` is not set")));
        let bad = said("[secrets]\nCRM = \"hunter2\"").expect_err("no secret to sign with");
        assert!(bad.starts_with("the secret `CRM` is none to sign with") && !bad.contains("hunter2"), "{bad}");
        assert!(said("[secrets]\nCRM = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"").is_ok());
    }
}
