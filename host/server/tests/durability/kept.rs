//! What a data folder holds, as the operator is told.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use anyhow::{Context, Result, ensure};
use porchlight_store::SqliteStore;
use serde_json::Value;

use crate::{binary, visitors::Acknowledged};

/// Text of each kept request by its reference. Fails where one is there twice.
pub async fn kept(data: &Path) -> Result<HashMap<String, String>> {
    let list = tokio::process::Command::new(binary())
        .args(["requests", "list", "--json", "--limit", "1000000", "--data"])
        .arg(data)
        .output()
        .await?;
    ensure!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
    let mut kept = HashMap::new();
    for line in String::from_utf8(list.stdout)?.lines() {
        let request: Value = serde_json::from_str(line)?;
        let reference = request["reference"].as_str().context("a reference")?.to_owned();
        let text = request["entries"][0]["text"].as_str().context("a text")?.to_owned();
        ensure!(kept.insert(reference.clone(), text).is_none(), "{reference} is there twice");
    }
    let texts: HashSet<&String> = kept.values().collect();
    ensure!(texts.len() == kept.len(), "a submission is there twice");
    Ok(kept)
}

/// Fails unless each acknowledged submission is there under the reference it was acknowledged with.
pub fn ensure_none_lost(acknowledged: &[Acknowledged], kept: &HashMap<String, String>) -> Result<()> {
    for Acknowledged { text, reference, .. } in acknowledged {
        ensure!(kept.get(reference) == Some(text), "{reference} was acknowledged for `{text}` and is lost");
    }
    Ok(())
}

/// Fails unless the database is sound in every page, index and reference. A host may be running on it.
pub fn ensure_intact(data: &Path) -> Result<()> {
    Ok(SqliteStore::check(&data.join("porchlight.db"))?)
}
