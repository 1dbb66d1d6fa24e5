//! Duty: whether somebody of a site is there to answer at once.

use jiff::Timestamp;
use porchlight_model::agent::Permission;
use porchlight_store::StoreError;

use crate::{app::App, sign_in::session};

/// Whether an agent who answers at a site is on duty, and still signed in.
pub async fn is_on(app: &App, site: &str, now: Timestamp) -> Result<bool, StoreError> {
    let on_duty = app.store.on_duty().await?;
    Ok(on_duty.iter().any(|(session, agent)| session::is_alive(session, now) && agent.may(Permission::Answer, site)))
}
