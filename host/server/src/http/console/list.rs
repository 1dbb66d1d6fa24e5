//! GET `/v1/console/sites/{site}/requests`: what there is to do, and finding a request.

use axum::{
    Json,
    extract::{Path, Query, rejection::QueryRejection},
};
use jiff::{Timestamp, ToSpan};
use porchlight_model::{
    agent::Permission,
    finding::Wanted,
    request::{Actor, Status},
    site::Site,
};
use porchlight_store::{LookedFor, RequestQuery};
use serde::Deserialize;

use super::{Unsaid, signed_in::SignedIn};
use crate::{
    contacts::{self, Reach},
    http::problem::Fault,
    keys::Keys,
    wire::console::{agent::Names, list::Page},
};

/// How many requests a page has, unless it is asked for others; and at most.
const USUAL: u32 = 50;
const MOST: u32 = 200;

/// Which requests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    status: Option<String>,
    waiting: Option<String>,
    mine: Option<String>,
    overdue: Option<String>,
    callbacks: Option<String>,
    q: Option<String>,
    before: Option<String>,
    limit: Option<String>,
}

/// Requests of a site, the one kept last first.
pub async fn read(
    signed_in: SignedIn,
    Path(site): Path<String>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<Page>, Unsaid> {
    let live = signed_in.require(&site, Permission::Answer)?;
    let Query(query) = query.map_err(|_| Fault::BadQuery)?;
    let now = signed_in.app.now();
    let query = asked(&query, &signed_in, &live.site, now).ok_or(Fault::BadQuery)?;
    let agents = signed_in.app.store.agents().await?;
    let found = signed_in.app.store.find_requests(query).await?;
    Ok(Json(Page::new(&found, &Names(&agents), now)))
}

/// What is asked for; `None` where a parameter makes no sense.
fn asked(query: &ListQuery, signed_in: &SignedIn, site: &Site, now: Timestamp) -> Option<RequestQuery> {
    let written = query.q.as_deref().filter(|q| !q.trim().is_empty());
    let wanted = match written {
        Some(q) => Some(Wanted::read(q, site.region.as_deref())?),
        None => None,
    };
    Some(RequestQuery {
        site: site.key.clone(),
        status: given(query.status.as_deref(), status)?,
        turn: given(query.waiting.as_deref(), turn)?,
        assignee: given(query.mine.as_deref(), yes)?.map(|()| signed_in.agent.id),
        promised_before: given(query.overdue.as_deref(), yes)?.map(|()| now),
        slots: given(query.callbacks.as_deref(), |day| today(day, site, now))?,
        looked_for: wanted.map(|wanted| looked_for(&signed_in.app.keys, wanted)),
        before: given(query.before.as_deref(), |number| number.parse().ok())?,
        limit: given(query.limit.as_deref(), limit)?.unwrap_or(USUAL),
    })
}

/// A whole address or number is somebody's, and found by its hashes.
fn looked_for(keys: &Keys, wanted: Wanted) -> LookedFor {
    match wanted {
        Wanted::Reference(reference) => LookedFor::Reference(reference),
        Wanted::Email(email) => LookedFor::Person(contacts::hashes(keys, [Reach::Email(&email)])),
        Wanted::Phone(phone) => LookedFor::Person(contacts::hashes(keys, [Reach::Phone(&phone)])),
        Wanted::Text(sought) => LookedFor::Text(sought),
    }
}

/// A parameter that is not given narrows nothing; one that is has to be read.
fn given<T>(written: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match written {
        None => Some(None),
        Some(written) => read(written).map(Some),
    }
}

fn status(written: &str) -> Option<Status> {
    let all = Status::STEPS.into_iter().chain([Status::Cancelled]);
    all.into_iter().find(|status| status.as_str() == written)
}

fn turn(written: &str) -> Option<Actor> {
    match written {
        "business" => Some(Actor::Agent),
        "requester" => Some(Actor::Requester),
        _ => None,
    }
}

fn yes(written: &str) -> Option<()> {
    (written == "true").then_some(())
}

fn limit(written: &str) -> Option<u32> {
    written.parse().ok().filter(|limit| (1..=MOST).contains(limit))
}

/// The day that it is at the site, from its beginning until the next one's.
fn today(written: &str, site: &Site, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let day = now.to_zoned(site.time_zone.clone()).start_of_day().ok().filter(|_| written == "today")?;
    let next = day.checked_add(1.day()).ok()?;
    Some((day.timestamp(), next.timestamp()))
}
