//! Offer: site, language and moment → the ground of this second → the page's offer → `shape-offer` of every plugin, in order.

use std::sync::Arc;

use jiff::{Span, Timestamp};
use porchlight_model::{
    locale::Locale,
    offer::{self, Circumstances, Offer, VisitorContext},
    plugin::{Outcome, Provenance},
    site::Site,
    slots::Bookings,
};
use porchlight_runtime::Hook;
use porchlight_store::StoreError;

use super::duty;
use crate::{app::App, ground::WrittenGround, recent::GroundKey, sites::LiveSite};

/// What a visitor sees, and which plugin made it so.
pub struct Shaped {
    /// The offer.
    pub offer: Offer,
    /// What it stands on.
    pub ground: Arc<WrittenGround>,
    /// What was asked of plugins for it.
    pub provenance: Vec<Provenance>,
}

/// Makes the offer of a site for a visitor, now.
pub async fn offer(app: &App, live: &LiveSite, visitor: &VisitorContext, now: Timestamp) -> Result<Shaped, StoreError> {
    let ground = ground(app, live, visitor.locale, now).await?;
    let mut offer = ground.model.offer(visitor.page.as_deref());
    let mut provenance = Vec::new();
    for plugin in live.plugins.iter().filter_map(|plugin| plugin.answering(Hook::ShapeOffer)) {
        let mut called = app.runtime.shape_offer(plugin, visitor, &live.site, &offer, now).await;
        if let Some(patch) = called.answer {
            let (patched, changes) = offer.patched(patch);
            offer = patched;
            called.provenance.outcome = Outcome::Answered { changes };
        }
        app.metrics.plugin_called(&live.site.key, &called.provenance);
        provenance.push(called.provenance);
    }
    Ok(Shaped { offer, ground, provenance })
}

/// The ground made within this second, or a new one.
async fn ground(app: &App, live: &LiveSite, locale: Locale, now: Timestamp) -> Result<Arc<WrittenGround>, StoreError> {
    let key = GroundKey { site: live.site.key.clone(), version: live.version, locale };
    let moment = match app.recent.grounds.lookup(&key, now) {
        Ok(known) => return Ok(known),
        Err(moment) => moment,
    };
    let bookings = bookings(app, &live.site, now).await?;
    let circumstances = circumstances(app, live, now).await?;
    let ground = Arc::new(WrittenGround::new(offer::Ground::new(&live.site, locale, &bookings, circumstances, now)));
    app.recent.grounds.keep(moment, key, ground.clone(), ground.bytes());
    Ok(ground)
}

/// How the business is placed now. What no channel and no form asks for is not looked up.
async fn circumstances(app: &App, live: &LiveSite, now: Timestamp) -> Result<Circumstances, StoreError> {
    let site = &live.site;
    let on_duty = site.channels.iter().any(|channel| channel.needs_duty) && duty::is_on(app, &site.key, now).await?;
    Ok(Circumstances { history: live.history(), on_duty, open_callbacks: open_callbacks(app, site).await? })
}

/// How many callbacks of a site are open; 0 where any number may be.
pub async fn open_callbacks(app: &App, site: &Site) -> Result<u32, StoreError> {
    match site.callback.as_ref().and_then(|form| form.open_at_most) {
        Some(_) => Ok(app.store.bookings(&site.key, Timestamp::MIN, Timestamp::MAX).await?.into_values().sum()),
        None => Ok(0),
    }
}

/// How full the slots are that can be booked from now on.
pub async fn bookings(app: &App, site: &Site, now: Timestamp) -> Result<Bookings, StoreError> {
    let Some(callback) = &site.callback else { return Ok(Bookings::new()) };
    let days = i64::from(callback.slots.days_ahead) + 2;
    let until = now.checked_add(Span::new().hours(24 * days)).unwrap_or(Timestamp::MAX);
    app.store.bookings(&site.key, now, until).await
}
