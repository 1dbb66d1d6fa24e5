//! Measuring: what was typical of late, worked out now and then, so that measured promises cost an offer nothing.

use std::time::Duration;

use jiff::ToSpan;
use porchlight_model::reply::{HISTORY_DAYS, ReplyHistory, ReplyPromise};
use porchlight_store::{Days, StoreError};
use tokio_util::sync::CancellationToken;

use crate::{app::App, logs::chain, sites::LiveSite};

const INTERVAL: Duration = Duration::from_secs(600);

/// Works until it is told to stop.
pub async fn measuring(app: App, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(INTERVAL)).await.is_some() {
        measure(&app).await;
    }
}

/// Works out what is typical of every site that promises it. Where that fails, what was typical before goes on being promised.
pub async fn measure(app: &App) {
    for live in app.sites.all().iter().filter(|live| has_measured(live)) {
        match history(app, live).await {
            Ok(history) => live.learn(history),
            Err(error) => {
                tracing::warn!(site = live.site.key, error = %chain(&error), "reply times could not be measured");
            }
        }
    }
}

fn has_measured(live: &LiveSite) -> bool {
    let is_measured = |promise: Option<ReplyPromise>| matches!(promise, Some(ReplyPromise::Measured { .. }));
    let of_form = live.site.message.as_ref().and_then(|form| form.promise);
    is_measured(of_form) || live.site.channels.iter().any(|channel| is_measured(channel.promise))
}

async fn history(app: &App, live: &LiveSite) -> Result<ReplyHistory, StoreError> {
    let to = app.now().to_zoned(live.site.time_zone.clone()).date();
    let from = to.saturating_sub((i64::from(HISTORY_DAYS) - 1).days());
    Ok(ReplyHistory::of(&app.store.report(&live.site.key, Days { from, to }).await?))
}
