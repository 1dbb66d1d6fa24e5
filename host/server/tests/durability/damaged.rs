//! A byte of the file has rotted.

use std::{fs, path::Path, process::Output};

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions};
use reqwest::Client;
use tokio::process::Command;

use crate::{
    binary,
    visitors::{Acknowledged, submit},
};

async fn requests(data: &Path, arguments: &[&str]) -> Result<Output> {
    Ok(Command::new(binary()).arg("requests").args(arguments).arg("--data").arg(data).output().await?)
}

/// Spoils the last byte of where this stands first in a database that nobody uses.
fn spoil(data: &Path, sound: &[u8]) -> Result<()> {
    let path = data.join("porchlight.db");
    let mut bytes = fs::read(&path)?;
    let at = bytes.windows(sound.len()).position(|window| window == sound).context("it stands nowhere")?;
    bytes[at + sound.len() - 1] = b'!';
    Ok(fs::write(&path, bytes)?)
}

#[tokio::test]
async fn request_that_cannot_be_read_is_named_with_what_to_do_and_the_others_are_listed() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = Host::start(binary(), HostOptions::demo().data(data.path()).unlimited()).await?;
    let mut references = Vec::new();
    for key in ["a", "b", "c"] {
        let answer = submit(&Client::new(), host.address(), key).await?;
        references.push(Acknowledged::read(key, answer).await?.reference);
    }
    host.stop().await?;
    spoil(data.path(), br#""revision":0"#)?;

    let list = requests(data.path(), &["list"]).await?;
    let (listed, said) = (String::from_utf8(list.stdout)?, String::from_utf8(list.stderr)?);
    let (whole, spoilt): (Vec<_>, Vec<_>) =
        references.iter().partition(|reference| listed.contains(reference.as_str()));
    assert_eq!((whole.len(), spoilt.len()), (2, 1), "{listed}{said}");
    assert_eq!(list.status.code(), Some(1), "the list is not whole");
    let spoilt = spoilt[0];
    assert!(said.contains(&format!("`{spoilt}` cannot be read: ")), "{said}");
    assert!(said.contains(&format!("porchlight requests erase {spoilt}")), "{said}");
    assert!(said.contains("1 of the requests cannot be read; all others are listed"), "{said}");
    assert!(!said.contains("anna"), "{said}");

    let export = requests(data.path(), &["export", spoilt]).await?;
    assert_eq!(export.status.code(), Some(1));
    assert!(String::from_utf8(export.stderr)?.contains(&format!("`{spoilt}` cannot be read: ")));
    assert!(requests(data.path(), &["erase", spoilt]).await?.status.success());
    let list = requests(data.path(), &["list"]).await?;
    assert!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
    assert_eq!(String::from_utf8(list.stdout)?.lines().count(), 2);
    Ok(())
}

#[cfg(feature = "mail-tests")]
#[tokio::test]
async fn letter_that_cannot_be_read_is_named_in_the_log_once_and_the_others_go_out() -> Result<()> {
    let data = tempfile::tempdir()?;
    let silent = std::net::TcpListener::bind("127.0.0.1:0")?;
    let host = crate::letters::start(data.path(), silent.local_addr()?.port()).await?;
    for key in ["a", "b", "c"] {
        assert!(submit(&Client::new(), host.address(), key).await?.status().is_success());
    }
    host.kill()?;
    // Whoever opens the database last brings its log into it.
    assert!(requests(data.path(), &["list"]).await?.status.success());
    spoil(data.path(), br#""kind":"letter"#)?;

    let sink = porchlight_testkit::SmtpSink::start().await?;
    let host = crate::letters::start(data.path(), sink.port()).await?;
    let mails = sink.wait_for(5).await?;
    let (_, log) = host.stop().await?;
    let named: Vec<&str> = log.lines().filter(|line| line.contains("a delivery cannot be read")).collect();
    let [line] = named.as_slice() else { anyhow::bail!("{named:?}") };
    let id = line.split("delivery=").nth(1).and_then(|rest| rest.split_whitespace().next()).context("its id")?;
    assert_eq!(id.len(), 36, "{line}");
    assert!(!line.contains("anna"), "{line}");
    assert_eq!(mails.len(), 5, "of six letters");
    assert!(mails.iter().all(|mail| !mail.raw.contains(id)));
    Ok(())
}
