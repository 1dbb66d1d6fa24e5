//! The order of things, as the kernel saw it: no 201 leaves the host before the sync of its commit has come back.

mod calls;
mod order;

use std::collections::HashSet;

use anyhow::Result;
use porchlight_testkit::{Host, HostOptions, Strace};
use reqwest::{Client, StatusCode};
use tokio::task::JoinSet;

use self::order::Order;
use crate::{
    binary,
    visitors::{Acknowledged, submit},
};

/// One after the other, and at once.
const ALONE: usize = 20;
const AT_ONCE: usize = 200;

/// Every call that writes or syncs, with all its bytes: a page of the log has 4096.
const WRITES_AND_SYNCS: [&str; 3] =
    ["--trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg", "--strings-in-hex", "--string-limit=4096"];

async fn acknowledged(http: Client, address: String, key: String) -> Result<String> {
    let answer = submit(&http, &address, &key).await?;
    assert_eq!(answer.status(), StatusCode::CREATED, "{key}");
    Ok(Acknowledged::read(&key, answer).await?.reference)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_acknowledgement_follows_a_sync_of_the_log_that_began_after_its_commit_was_written() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = Host::start(binary(), HostOptions::demo().data(data.path()).unlimited()).await?;
    let Some(strace) = Strace::attach(host.process(), &WRITES_AND_SYNCS).await? else { return Ok(()) };
    let http = Client::builder().no_gzip().build()?;
    let mut references = HashSet::new();
    for number in 0..ALONE {
        references.insert(acknowledged(http.clone(), host.address().to_owned(), format!("alone-{number}")).await?);
    }
    let mut crowd = JoinSet::new();
    for number in 0..AT_ONCE {
        crowd.spawn(acknowledged(http.clone(), host.address().to_owned(), format!("at-once-{number}")));
    }
    for reference in crowd.join_all().await {
        references.insert(reference?);
    }
    let trace = strace.detach().await?;

    let seen = Order::of(&trace);
    assert_eq!(seen.findings, [""; 0]);
    assert_eq!(seen.acknowledged, references, "every acknowledgement was seen");
    assert_eq!(references.len(), ALONE + AT_ONCE);
    println!("{} acknowledgements, {} syncs of the log before them", references.len(), seen.syncs);

    let without_syncs: Vec<&str> = trace.lines().filter(|line| !line.contains("sync")).collect();
    let unsynced = Order::of(&without_syncs.join("\n"));
    assert_eq!(unsynced.findings.len(), references.len(), "the same trace without its syncs is found out");
    Ok(())
}
