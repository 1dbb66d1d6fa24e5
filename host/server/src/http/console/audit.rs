//! GET `/v1/console/sites/{site}/audit`: who did what.

use axum::{
    Json,
    extract::{Path, Query, rejection::QueryRejection},
};
use porchlight_model::agent::Permission;
use porchlight_store::AuditLine;
use serde::Deserialize;

use super::{Unsaid, signed_in::SignedIn};
use crate::{
    http::problem::Fault,
    wire::console::{agent::Names, audit::Page},
};

/// How many lines a page has at most.
const LINES: u32 = 100;

/// Where a page begins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    before: Option<String>,
}

/// What was done at a site and to the accounts of its agents, the last first.
pub async fn read(
    signed_in: SignedIn,
    Path(site): Path<String>,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Json<Page>, Unsaid> {
    signed_in.require(&site, Permission::SeeAudit)?;
    let Query(query) = query.map_err(|_| Fault::BadQuery)?;
    let before = query.before.map(|number| number.parse()).transpose().map_err(|_| Fault::BadQuery)?;
    let mut lines = signed_in.app.store.audit(&site, before, LINES).await?;
    let next = lines.last().map(|line| line.number).filter(|_| lines.len() == LINES as usize);
    let agents = signed_in.app.store.agents().await?;
    // What was done to an account is told where that account is of this site, or is gone.
    let elsewhere = |line: &AuditLine| agents.iter().any(|it| it.id == line.audited.agent && !it.knows(&site));
    lines.retain(|line| line.audited.site.is_some() || !elsewhere(line));
    Ok(Json(Page::new(lines, next, &Names(&agents))))
}
