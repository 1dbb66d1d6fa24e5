//! `porchlight serve`.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use axum::Router;
use porchlight_delivery::{Mailer, SmtpMailer};
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
        watched: watch.map(|folder| Watched { folder, built: None }),
        beside: Router::new(),
        announce: |url: &str| println!("listening on {url}"),
        config,
    };
    host::run(setup).await
}

fn mailer(config: &MailConfig) -> anyhow::Result<Option<Arc<dyn Mailer>>> {
    let (Some(server), Some(from)) = (&config.server, &config.from) else {
        tracing::warn!(
            "no mail server is configured: nobody hears of requests until `[mail] server` and `from` are set"
        );
        return Ok(None);
    };
    let from = EmailAddress::parse(from).with_context(|| format!("`[mail] from`: `{from}`"))?;
    Ok(Some(Arc::new(SmtpMailer::new(server, &from).context("`[mail] server`")?)))
}
