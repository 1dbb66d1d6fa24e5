//! Offer: site and visitor and moment → the model's offer → `shape-offer` of every plugin, in order.

use jiff::{Span, Timestamp};
use porchlight_model::{
    offer::{self, Offer, VisitorContext},
    plugin::{Outcome, Provenance},
    site::Site,
    slots::Bookings,
};
use porchlight_runtime::Hook;
use porchlight_store::StoreError;

use crate::{app::App, sites::LiveSite};

/// What a visitor sees, and which plugin made it so.
pub struct Shaped {
    /// The offer.
    pub offer: Offer,
    /// What was asked of plugins for it.
    pub provenance: Vec<Provenance>,
}

/// Makes the offer of a site for a visitor, now.
pub async fn offer(app: &App, live: &LiveSite, visitor: &VisitorContext, now: Timestamp) -> Result<Shaped, StoreError> {
    let bookings = bookings(app, &live.site, now).await?;
    let mut offer = offer::offer(&live.site, visitor, &bookings, now);
    let mut provenance = Vec::new();
    for plugin in live.plugins.iter().filter_map(|plugin| plugin.answering(Hook::ShapeOffer)) {
        let mut called = app.runtime.shape_offer(plugin, visitor, &live.site, &offer, now).await;
        if let Some(patch) = called.answer {
            let (patched, changes) = offer.patched(patch, &live.site);
            offer = patched;
            called.provenance.outcome = Outcome::Answered { changes };
        }
        app.metrics.plugin_called(&live.site.key, &called.provenance);
        provenance.push(called.provenance);
    }
    Ok(Shaped { offer, provenance })
}

/// How full the slots are that can be booked from now on.
pub async fn bookings(app: &App, site: &Site, now: Timestamp) -> Result<Bookings, StoreError> {
    let Some(callback) = &site.callback else { return Ok(Bookings::new()) };
    let days = i64::from(callback.slots.days_ahead) + 2;
    let until = now.checked_add(Span::new().hours(24 * days)).unwrap_or(Timestamp::MAX);
    app.store.bookings(&site.key, now, until).await
}
