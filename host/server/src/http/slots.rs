//! GET `/v1/sites/{site}/slots`.

use std::str::FromStr;

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::HeaderMap,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use porchlight_model::{
    slots::{self, Days},
    submission::ProblemCode,
};
use serde::Deserialize;

use super::{
    locale,
    offer::require_site,
    problem::{Fault, Problem, field},
};
use crate::{app::App, flows, wire::Slots};

/// Most days listed at once.
const DAYS: u16 = 31;

/// Which days.
#[derive(Debug, Deserialize)]
pub struct SlotsQuery {
    /// The first day: `2026-11-23`, or a moment within it. Today, if not given.
    from: Option<String>,
    /// How many days, at most 31.
    days: Option<u16>,
}

/// Callback slots of more days than the offer carries; none while as many callbacks are open as may be.
pub async fn read(
    State(app): State<App>,
    Path(site): Path<String>,
    query: Result<Query<SlotsQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Json<Slots>, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let locale = locale::negotiate(None, &headers, &live.site);
    let fault = |fault: Fault| fault.said_in(locale);
    let Query(query) = query.map_err(|_| fault(Fault::BadQuery))?;
    let form = live.site.callback.as_ref().ok_or_else(|| fault(field("kind", ProblemCode::NoSuchForm)))?;
    let now = app.now();
    let days = days(&query, form.hours.zone(), now).ok_or_else(|| fault(Fault::BadQuery))?;
    let open = flows::offer::open_callbacks(&app, &live.site).await.map_err(|error| fault(error.into()))?;
    if !form.takes_another(open) {
        return Ok(Json([].as_slice().into()));
    }
    let bookings = flows::offer::bookings(&app, &live.site, now).await.map_err(|error| fault(error.into()))?;
    Ok(Json(slots::slots(form, days, &bookings, now).as_slice().into()))
}

fn days(query: &SlotsQuery, zone: &TimeZone, now: Timestamp) -> Option<Days> {
    let first = match query.from.as_deref() {
        None => zone.to_datetime(now).date(),
        Some(written) => first_day(written, zone)?,
    };
    let count = query.days.unwrap_or(7);
    (1..=DAYS).contains(&count).then_some(Days { first, count })
}

fn first_day(written: &str, zone: &TimeZone) -> Option<Date> {
    match Timestamp::from_str(written) {
        Ok(moment) => Some(zone.to_datetime(moment).date()),
        Err(_) => Date::from_str(written).ok(),
    }
}
