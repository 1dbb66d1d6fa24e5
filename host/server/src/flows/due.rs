//! Due: what happens to requests because a moment has come. What was promised is due soon, and the business hears so; before
//! it breaks the requester hears of a later moment; and then it is overdue.

use jiff::Timestamp;
use porchlight_model::{
    reply::ExpectedReply,
    request::{self, Request, RequestId},
};

use super::{
    change::{ChangeFailed, revised},
    own,
};
use crate::{app::App, logs::chain, sites::LiveSite};

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
        match revised(app, live, id, |current, now| Ok((passed(live, current, now)?, None))).await {
            Ok(_) | Err(ChangeFailed::Gone | ChangeFailed::Busy) => {}
            Err(error) => {
                tracing::error!(site = live.site.key, error = %chain(&error), "what is due could not be noted");
            }
        }
    }
}

fn passed(live: &LiveSite, current: &Request, now: Timestamp) -> Result<Request, ChangeFailed> {
    Ok(request::pass_time(current, later(live, current, now), now)?)
}

/// What can be promised instead: as much time again as the message form promises, from the end of what was promised on.
fn later(live: &LiveSite, current: &Request, now: Timestamp) -> Option<ExpectedReply> {
    let promise = current.open_promise()?;
    let again = own::promised_anew(live, promise.by)?;
    let until = promise.by.duration_since(now).as_secs();
    Some(ExpectedReply { seconds: again.seconds.saturating_add_signed(until), ..again })
}
