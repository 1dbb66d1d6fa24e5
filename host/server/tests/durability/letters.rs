//! `kill -9` while letters go out.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, PATIENCE, SmtpSink, mail::ReceivedMail, wait_until};

use crate::{
    binary,
    kept::{ensure_none_lost, kept},
    visitors::Visitors,
};

const VISITORS: usize = 2;

/// Submissions acknowledged before each kill; each of them has two letters.
const SUBMISSIONS: [usize; 5] = [5, 10, 15, 20, 25];

/// Deliveries that are under way at the same time at most: `CONCURRENCY` of the worker.
const UNDER_WAY: usize = 8;

/// Of a host that serves the pet shop and sends by the SMTP server on this port.
pub fn options(data: &Path, port: u16) -> Result<HostOptions> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/pet-shop").canonicalize()?;
    let options = HostOptions::with_arguments(["serve", "--watch"]).argument(example).data(data).unlimited();
    Ok(options
        .environment("PORCHLIGHT_LISTEN", "127.0.0.1:0")
        .environment("PORCHLIGHT_PUBLIC_URL", "https://help.shop.example")
        .environment("PORCHLIGHT_MAIL__SERVER", &format!("smtp://127.0.0.1:{port}"))
        .environment("PORCHLIGHT_MAIL__FROM", "help@shop.example"))
}

/// One that is ready.
pub async fn start(data: &Path, port: u16) -> Result<Host> {
    Host::start(binary(), options(data, port)?).await
}

/// All letters by their `Message-ID`, which is the delivery's id.
fn by_id(sink: &SmtpSink) -> Result<HashMap<String, Vec<ReceivedMail>>> {
    let mut letters: HashMap<String, Vec<ReceivedMail>> = HashMap::new();
    for mail in sink.mails()? {
        let id = mail.message_id.clone().context("a Message-ID")?;
        letters.entry(id).or_default().push(mail);
    }
    Ok(letters)
}

/// Ids of the deliveries that a host has marked as sent, as its log says.
fn marked(log: &str) -> impl Iterator<Item = &str> {
    let lines = log.lines().filter(|line| line.contains("delivery sent"));
    lines.filter_map(|line| line.split("delivery=").nth(1)?.split_whitespace().next())
}

fn copies(letters: &HashMap<String, Vec<ReceivedMail>>, delivery: &str) -> usize {
    letters.get(&format!("{delivery}@shop.example")).map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread")]
async fn letter_comes_again_only_where_a_kill_fell_between_sending_and_marking_and_is_the_same() -> Result<()> {
    let sink = SmtpSink::start().await?;
    let data = tempfile::tempdir()?;
    let mut host = start(data.path(), sink.port()).await?;
    let visitors = Visitors::arrive(VISITORS, &host);
    let mut marked_copies: HashMap<String, usize> = HashMap::new();
    for enough in SUBMISSIONS {
        wait_until("submissions and letters", PATIENCE, async || {
            let sent = marked(&host.log()).count();
            (visitors.acknowledged() >= enough && sent >= 3).then_some(())
        })
        .await?;
        let log = host.killed()?;
        let letters = by_id(&sink)?;
        for delivery in marked(&log) {
            assert!(copies(&letters, delivery) > 0, "{delivery} is marked as sent before it was");
            let before = marked_copies.insert(delivery.to_owned(), copies(&letters, delivery));
            assert_eq!(before, None, "{delivery} was sent again though it was marked");
        }
        host = start(data.path(), sink.port()).await?;
        visitors.go_to(&host);
    }
    let acknowledged = visitors.leave().await?;
    let expected = 2 * acknowledged.len();
    wait_until("every letter", PATIENCE, async || (by_id(&sink).ok()?.len() >= expected).then_some(())).await?;
    host.stop().await?;
    ensure_none_lost(&acknowledged, &kept(data.path()).await?)?;

    let letters = by_id(&sink)?;
    assert_eq!(letters.len(), expected, "two letters for each request");
    for (delivery, copies_then) in &marked_copies {
        assert_eq!(copies(&letters, delivery), *copies_then, "{delivery} came again after it was marked");
    }
    let said: HashSet<_> = letters.values().map(|copies| (&copies[0].envelope_to, &copies[0].subject)).collect();
    assert_eq!(said.len(), letters.len(), "no letter has two ids");
    let mut again = 0;
    for (id, copies) in &letters {
        again += copies.len() - 1;
        for copy in copies {
            let same = |mail: &ReceivedMail| (mail.envelope_to.clone(), mail.subject.clone(), mail.text.clone());
            assert_eq!(same(copy), same(&copies[0]), "{id} says something else the second time");
        }
    }
    println!("{expected} letters, {again} of them came again after {} kills", SUBMISSIONS.len());
    assert!(again <= UNDER_WAY * SUBMISSIONS.len(), "{again}");
    Ok(())
}
