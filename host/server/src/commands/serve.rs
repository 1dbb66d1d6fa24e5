//! `porchlight serve`.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use axum::Router;
use porchlight_delivery::{ImapInbox, Mailer, SmtpMailer};
use porchlight_model::contact::EmailAddress;

use super::{compiled, open_keys, open_store, read_settings, start_runtime, tenancy::Tenancy};
use crate::{
    cli::Settings,
    config::host::MailConfig,
    host::{self, Setup},
    logs,
    watch::Watched,
    wiring::clock::Clock,
};

/// Serves the sites in the store until told to stop.
pub async fn serve(settings: &Settings, watch: Option<PathBuf>) -> anyhow::Result<()> {
    let config = read_settings(settings)?;
    logs::start(&config.log)?;
    let _tenancy = Tenancy::take(&config.data)?;
    let store = open_store(&config.data)?;
    let keys = open_keys(&config.data)?;
    let setup = Setup {
        store,
        runtime: start_runtime(Some(compiled(&config.data, &keys)))?,
        keys,
        clock: Clock::real(),
        mailer: mailer(&config.mail)?,
        inbox: inbox(&config.mail)?,
        watched: watch.map(|folder| Watched { folder, built: None }),
        beside: Router::new(),
        announce: |url: &str| println!("listening on {url}"),
        config,
    };
    host::run(setup).await
}

fn inbox(config: &MailConfig) -> anyhow::Result<Option<ImapInbox>> {
    if config.replies.is_some() && config.imap.is_none() && config.inbound_secret.is_none() {
        tracing::warn!(
            "answers go to `[mail] replies`, and no way is set for them to come in: `imap` or `inbound_secret`"
        );
    }
    let inbox = config.imap.as_deref().map(|url| ImapInbox::new(url, config.inbound_bytes));
    inbox.transpose().context("`[mail] imap`")
}

fn mailer(config: &MailConfig) -> anyhow::Result<Option<Arc<dyn Mailer>>> {
    let Some((mailer, _)) = smtp(config)? else {
        tracing::warn!(
            "no mail server is configured: nobody hears of requests until `[mail] server` and `from` are set"
        );
        return Ok(None);
    };
    Ok(Some(Arc::new(mailer)))
}

/// The mail server, if one is set, and the address that mail is sent from.
pub fn smtp(config: &MailConfig) -> anyhow::Result<Option<(SmtpMailer, EmailAddress)>> {
    let (Some(server), Some(from)) = (&config.server, &config.from) else { return Ok(None) };
    let from = EmailAddress::parse(from).with_context(|| format!("`[mail] from`: `{from}`"))?;
    Ok(Some((SmtpMailer::new(server, &from).context("`[mail] server`")?, from)))
}
