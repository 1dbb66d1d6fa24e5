//! GET `/v1/sites/{site}/answers`.

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::HeaderMap,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    locale,
    offer::require_site,
    problem::{Fault, Problem},
};
use crate::{app::App, wire::offer::Answer};

/// Most answers found at once.
const FOUND: usize = 20;

/// What is looked for.
#[derive(Debug, Deserialize)]
pub struct AnswersQuery {
    #[serde(default)]
    q: String,
    locale: Option<String>,
}

/// Answers that fit.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FoundAnswers")]
pub struct Found {
    answers: Vec<Answer>,
}

/// Answers that fit the words of a visitor, best first; all of the language where no word is given.
pub async fn search(
    State(app): State<App>,
    Path(site): Path<String>,
    query: Result<Query<AnswersQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Json<Found>, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let Query(query) = query.map_err(|_| Fault::BadQuery.said_in(locale::of_headers(&headers)))?;
    let locale = locale::negotiate(query.locale.as_deref(), &headers, &live.site);
    let answers = &live.site.answers;
    let found: Vec<Answer> = if query.q.trim().is_empty() {
        answers.iter().filter(|answer| answer.locale == locale).map(Answer::from).collect()
    } else {
        let positions = app.indexes.search(&live, &query.q, locale).into_iter().take(FOUND);
        positions.filter_map(|position| answers.get(position)).map(Answer::from).collect()
    };
    if found.is_empty() && !query.q.trim().is_empty() {
        let today = app.now().to_zoned(live.site.time_zone.clone()).date();
        app.searches.count(&live.site, today, &query.q);
    }
    Ok(Json(Found { answers: found }))
}
