//! `porchlight demo`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context;
use jiff::Timestamp;
use porchlight_delivery::MailFolder;
use porchlight_model::contact::EmailAddress;

use super::{compiled, open_keys, open_store, start_runtime, tenancy::Tenancy};
use crate::{
    config::host,
    demo::{self, Place},
    host::{Setup, run},
    logs,
    watch::Watched,
    wiring::clock::Clock,
};

/// The address the demo's e-mails come from.
const SENDER: &str = "porchlight@demo.example";

/// Serves the example pet shop with its page until told to stop.
pub async fn demo(listen: SocketAddr, data: PathBuf, clock: Option<Timestamp>) -> anyhow::Result<()> {
    let mut config = host::read("environment", "", std::env::vars())?;
    config.listen = listen;
    config.data = data;
    logs::start(&config.log)?;
    let _tenancy = Tenancy::take(&config.data)?;
    let place = Place::find()
        .context("`examples/pet-shop` is not found from here: run the demo in Porchlight's source folder")?;
    if !place.built.is_dir() {
        tracing::warn!(
            "the plugins are not built; the shop is served without them: `cargo xtask build-guests` builds them"
        );
    }
    let store = open_store(&config.data)?;
    let keys = open_keys(&config.data)?;
    let mailbox = config.data.join("mailbox");
    let letters = mailbox.clone();
    let setup = Setup {
        store,
        runtime: start_runtime(Some(compiled(&config.data, &keys)))?,
        keys,
        clock: clock.map_or_else(Clock::real, Clock::starting_at),
        mailer: Some(Arc::new(MailFolder::open(mailbox, &EmailAddress::parse(SENDER)?).await?)),
        inbox: None,
        watched: Some(Watched { folder: place.example.clone(), built: Some(place.built.clone()) }),
        beside: demo::routes(&place, letters),
        announce,
        config,
    };
    run(setup).await
}

fn announce(url: &str) {
    println!("listening on {url}");
    println!();
    println!("The pet shop:        {url}/");
    println!("Its e-mails:         {url}/demo/mail");
    println!("Without JavaScript:  {url}/c/pet-shop");
}
