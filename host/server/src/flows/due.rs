//! Due: what happens to requests because a moment has come. What was promised is due soon, or overdue, and the business hears so.

use jiff::Timestamp;
use porchlight_model::request::{self, Request, RequestId};

use super::change::{ChangeFailed, revised};
use crate::{app::App, http::problem::chain, sites::LiveSite};

/// How many requests of a site are looked at in one go.
const BATCH: u32 = 100;

/// Notes what is due by now at every site that is served. One request that fails stands in no other's way.
pub async fn note(app: &App) {
    for live in app.sites.all() {
        match app.store.due_requests(&live.site.key, app.now(), BATCH).await {
            Ok(due) => note_each(app, &live, due).await,
            Err(error) => {
                tracing::error!(site = live.site.key, error = %chain(&error), "what is due could not be read")
            }
        }
    }
}

async fn note_each(app: &App, live: &LiveSite, due: Vec<RequestId>) {
    for id in due {
        match revised(app, live, id, |current, now| Ok((passed(current, now)?, None))).await {
            Ok(_) | Err(ChangeFailed::Gone | ChangeFailed::Busy) => {}
            Err(error) => {
                tracing::error!(site = live.site.key, error = %chain(&error), "what is due could not be noted");
            }
        }
    }
}

fn passed(current: &Request, now: Timestamp) -> Result<Request, ChangeFailed> {
    Ok(request::pass_time(current, now)?)
}
