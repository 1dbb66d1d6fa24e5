//! The pet shop being served.

use std::path::Path;

use anyhow::Result;
use porchlight_testkit::{Host, HostOptions};

/// Where submissions go.
pub const REQUESTS: &str = "/v1/sites/pet-shop/requests";
/// What honest visitors ask for.
pub const OFFER: &str = "/v1/sites/pet-shop/offer?locale=ru";

/// The pet shop on a Sunday night, with rate limits out of the way.
pub async fn open() -> Result<Host> {
    with(&[]).await
}

/// The same, with these settings in the environment.
pub async fn with(settings: &[(&str, &str)]) -> Result<Host> {
    let options = HostOptions::demo().clock("2026-11-22T19:30:00Z").unlimited();
    let options = settings.iter().fold(options, |options, (name, value)| options.environment(name, value));
    Host::start(Path::new(env!("CARGO_BIN_EXE_porchlight")), options).await
}
