//! Who did what.

use porchlight_model::request::RequestId;
use porchlight_store::AuditLine;
use schemars::JsonSchema;
use serde::Serialize;

use super::agent::{Names, Said};
use crate::wire::Instant;

/// A page of the audit log, the last first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AuditPage")]
pub struct Page {
    entries: Vec<Line>,
    /// What to give as `before` for the next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AuditLine")]
struct Line {
    at: Instant,
    agent: Said,
    action: String,
    /// Left out where it concerned an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<String>,
    /// Left out where it concerned none, or one that was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

impl Page {
    /// These lines; `next` is where the next page begins.
    pub fn new(lines: Vec<AuditLine>, next: Option<i64>, names: &Names<'_>) -> Self {
        let line = |line: AuditLine| Line {
            at: Instant(line.audited.at),
            agent: names.of(line.audited.agent),
            action: line.audited.action,
            site: line.audited.site,
            request: line.audited.request,
            reference: line.reference,
        };
        Self { entries: lines.into_iter().map(line).collect(), next: next.map(|number| number.to_string()) }
    }
}
