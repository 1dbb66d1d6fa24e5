//! A backup is made while visitors submit, and a host that was restored from it goes on.

use std::{path::Path, process::Output};

use anyhow::{Context, Result, ensure};
use porchlight_testkit::{Host, HostOptions, PATIENCE, wait_until};
use tempfile::TempDir;
use tokio::process::Command;

use crate::{
    binary,
    kept::{ensure_intact, ensure_none_lost, kept},
    visitors::Visitors,
};

/// What a host has acknowledged before a backup is begun.
const BEFORE: usize = 200;

async fn porchlight(command: &str, folder: &Path, data: &Path) -> Result<Output> {
    Ok(Command::new(binary()).arg(command).arg(folder).arg("--data").arg(data).output().await?)
}

async fn done(command: &str, folder: &Path, data: &Path) -> Result<String> {
    let output = porchlight(command, folder, data).await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

async fn refused(command: &str, folder: &Path, data: &Path) -> Result<String> {
    let output = porchlight(command, folder, data).await?;
    assert_eq!(output.status.code(), Some(1));
    Ok(String::from_utf8(output.stderr)?)
}

async fn serving(data: &TempDir) -> Result<Host> {
    Host::start(binary(), HostOptions::demo().data(data.path()).unlimited()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_was_acknowledged_before_a_backup_is_there_after_a_restore() -> Result<()> {
    let (data, elsewhere, folder) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    let host = serving(&data).await?;
    let visitors = Visitors::arrive(8, &host);
    wait_until("submissions", PATIENCE, async || (visitors.acknowledged() >= BEFORE).then_some(())).await?;
    let before = kept(data.path()).await?;
    done("backup", folder.path(), data.path()).await?;
    let acknowledged = visitors.leave().await?;
    ensure!(acknowledged.len() > BEFORE, "they went on while it was made");
    ensure_none_lost(&acknowledged, &kept(data.path()).await?)?;
    host.kill()?;

    let said = done("restore", folder.path(), elsewhere.path()).await?;
    assert!(said.contains("1 sites") && said.contains("the last request is PS-"), "{said}");
    ensure_intact(elsewhere.path())?;
    let restored = kept(elsewhere.path()).await?;
    for (reference, text) in &before {
        assert_eq!(restored.get(reference), Some(text));
    }
    let host = serving(&elsewhere).await?;
    let token = acknowledged.iter().find(|one| before.contains_key(&one.reference)).context("one of them")?;
    let own = host.get("/v1/request").bearer_auth(&token.token).send().await?;
    assert_eq!(own.status(), 200, "its token opens it: the keys are part of the backup");
    host.kill()
}

#[tokio::test]
async fn nothing_is_written_over_and_nothing_unsound_is_restored() -> Result<()> {
    let (data, empty, folder) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    assert!(refused("backup", &folder.path().join("x"), empty.path()).await?.contains("there is no database"));
    let host = serving(&data).await?;
    done("backup", folder.path(), data.path()).await?;
    assert!(refused("backup", folder.path(), data.path()).await?.contains("is not empty"));
    assert!(refused("restore", folder.path(), data.path()).await?.contains("serves from the folder"));
    host.kill()?;
    assert!(refused("restore", folder.path(), data.path()).await?.contains("is there already"));
    assert!(refused("restore", empty.path(), data.path()).await?.contains("holds no backup"));
    let copy = folder.path().join("porchlight.db");
    let mut bytes = std::fs::read(&copy)?;
    bytes[8_192..12_288].fill(0xff);
    std::fs::write(&copy, bytes)?;
    let said = refused("restore", folder.path(), &empty.path().join("data")).await?;
    assert!(said.contains("is not sound"), "{said}");
    assert!(!empty.path().join("data/porchlight.db").exists());
    Ok(())
}
