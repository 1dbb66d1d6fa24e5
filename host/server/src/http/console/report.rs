//! GET `/v1/console/sites/{site}/reports`, `/v1/console/sites/{site}/reports.csv`: how promises were kept, and what was missing.

use axum::{
    Json,
    extract::{Path, Query, rejection::QueryRejection},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::{ToSpan, civil::Date};
use porchlight_model::agent::Permission;
use porchlight_store::Days;
use serde::Deserialize;

use super::{Unsaid, signed_in::SignedIn};
use crate::{
    http::problem::Fault,
    wire::console::report::{Report, csv},
};

/// How many days a report is of, unless it is asked for others; and at most.
const USUAL: i64 = 30;
const MOST: i64 = 92;

/// Which days, both included, by the site's own calendar.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportQuery {
    from: Option<String>,
    to: Option<String>,
}

type Asked = Result<Query<ReportQuery>, QueryRejection>;

/// What is counted of a site's requests that were received on some days.
pub async fn read(signed_in: SignedIn, Path(site): Path<String>, query: Asked) -> Result<Json<Report>, Unsaid> {
    Ok(Json(report(&signed_in, &site, query).await?))
}

/// The same as a table for spreadsheets.
pub async fn table(signed_in: SignedIn, Path(site): Path<String>, query: Asked) -> Result<Response, Unsaid> {
    let report = report(&signed_in, &site, query).await?;
    let kind = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
    let file = HeaderValue::from_static("attachment; filename=\"report.csv\"");
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, csv::written(&report)).into_response())
}

async fn report(signed_in: &SignedIn, site: &str, query: Asked) -> Result<Report, Fault> {
    let live = signed_in.require(site, Permission::SeeReports)?;
    let Query(query) = query.map_err(|_| Fault::BadQuery)?;
    let today = signed_in.app.now().to_zoned(live.site.time_zone.clone()).date();
    let days = days(&query, today).ok_or(Fault::BadQuery)?;
    signed_in.app.keep_searches().await;
    let report = signed_in.app.store.report(&live.site.key, days).await?;
    Ok(Report::new(&report, &live.site, days))
}

/// The days asked for: of one end given, the other follows; `None` where they make no sense or are too many.
fn days(query: &ReportQuery, today: Date) -> Option<Days> {
    let date = |written: &Option<String>| written.as_deref().map(|written| written.parse::<Date>().ok());
    let usual = (USUAL - 1).days();
    let days = match (date(&query.from), date(&query.to)) {
        (None, to) => {
            let to = to.unwrap_or(Some(today))?;
            Days { from: to.checked_sub(usual).ok()?, to }
        }
        (Some(from), None) => Days { from: from?, to: from?.checked_add(usual).ok()?.min(today.max(from?)) },
        (Some(from), Some(to)) => Days { from: from?, to: to? },
    };
    let count = days.to.duration_since(days.from).as_hours() / 24 + 1;
    (1..=MOST).contains(&count).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(from: Option<&str>, to: Option<&str>) -> Option<String> {
        let query = ReportQuery { from: from.map(str::to_owned), to: to.map(str::to_owned) };
        days(&query, Date::constant(2026, 11, 22)).map(|days| format!("{} {}", days.from, days.to))
    }

    #[test]
    fn the_days_before_today_are_told_unless_others_are_asked_for() {
        let is = |from, to, said: &str| assert_eq!(asked(from, to).as_deref(), Some(said));
        is(None, None, "2026-10-24 2026-11-22");
        is(None, Some("2026-03-01"), "2026-01-31 2026-03-01");
        is(Some("2026-11-01"), None, "2026-11-01 2026-11-22");
        is(Some("2026-01-01"), None, "2026-01-01 2026-01-30");
        is(Some("2026-01-01"), Some("2026-04-02"), "2026-01-01 2026-04-02");
        is(Some("2027-01-01"), Some("2027-01-01"), "2027-01-01 2027-01-01");
    }

    #[test]
    fn what_is_no_stretch_of_days_is_refused() {
        for (from, to) in [
            (Some("2026-01-01"), Some("2026-04-03")),
            (Some("2026-01-02"), Some("2026-01-01")),
            (Some("-9999-01-01"), Some("9999-12-31")),
            (None, Some("-9999-01-01")),
            (Some("9999-12-31"), None),
            (Some("gestern"), None),
            (None, Some("2026-02-30")),
            (Some(""), Some("")),
        ] {
            assert_eq!(asked(from, to), None, "{from:?} {to:?}");
        }
    }
}
