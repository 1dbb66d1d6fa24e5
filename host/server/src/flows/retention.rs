//! Retention: once an hour, whatever a site has kept for as long as it says is erased.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use porchlight_model::request::Status;
use porchlight_store::{AgeFilter, Place, StoreError};
use tokio_util::sync::CancellationToken;

use super::{
    attach,
    erasure::{self, BATCH, Reason},
};
use crate::{app::App, contacts, logs::chain, sites::LiveSite};

const INTERVAL: Duration = Duration::from_secs(3_600);

/// Works until it is told to stop, at once and then every hour. Who cannot be found by a hash yet can be afterwards.
pub async fn retaining(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = contacts::settle(app.store.as_ref(), &app.keys).await {
            tracing::error!(error = %chain(&error), "some people's requests are not found by their address until this works");
        }
        match attach::sweep(&app).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "files that nobody finished sending were let go of"),
            Err(error) => tracing::error!(error = %chain(&error), "files that were left behind could not be let go of"),
        }
        for live in app.sites.all() {
            match erase_aged(&app, &live).await {
                Ok(0) => {}
                Ok(erased) => {
                    tracing::info!(site = live.site.key, erased, "requests were kept for as long as the site says")
                }
                Err(error) => {
                    tracing::error!(site = live.site.key, error = %chain(&error), "old requests could not be erased");
                }
            }
        }
        if stop.run_until_cancelled(tokio::time::sleep(INTERVAL)).await.is_none() {
            return;
        }
    }
}

/// Erases what a site has kept long enough; returns how many requests that were.
async fn erase_aged(app: &App, live: &LiveSite) -> Result<u64, StoreError> {
    let now = app.now();
    let mut erased = 0;
    for (span, statuses) in live.site.retention.spans() {
        let mut after = None;
        loop {
            let page = app.store.aged_requests(&filter(live, span, &statuses, after, now)).await?;
            let aged = page.listing.requests.iter().filter(|request| live.site.retention.is_over(request, now));
            let aged: Vec<_> = aged.map(|request| erasure::of(Some(&live.site), request, Reason::Age, now)).collect();
            let ids: Vec<_> = aged.iter().map(|erasure| erasure.id).collect();
            erased += erasure::erase(app.store.as_ref(), aged).await?;
            ids.into_iter().for_each(|id| app.changes.tell(id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    if erased > 0 {
        app.outbox.notify_one();
        app.recent.forget();
    }
    Ok(erased)
}

/// Whatever is over was received that long ago, at least.
fn filter(
    live: &LiveSite,
    span: SignedDuration,
    statuses: &[Status],
    after: Option<Place>,
    now: Timestamp,
) -> AgeFilter {
    let received_by = now.saturating_sub(span).unwrap_or(Timestamp::MIN);
    AgeFilter { site: live.site.key.clone(), received_by, statuses: statuses.to_vec(), after, limit: BATCH }
}
