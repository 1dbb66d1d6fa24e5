//! A process that is killed while it keeps requests: everything it acknowledged is there, none twice.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says so by panicking")]

mod drafts;

use std::{
    collections::HashSet,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use porchlight_store::{AcceptError, Accepted, RequestFilter, Settings, SqliteStore, Store};

/// Names the database to the process that is killed.
const DATABASE: &str = "PORCHLIGHT_KILLED_DATABASE";
const CLIENTS: u32 = 20;

/// Not a promise of its own: run by the test below as another process, it submits until it is killed.
#[tokio::test(flavor = "multi_thread")]
async fn submits_until_killed() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let store = Arc::new(SqliteStore::open(Path::new(&path), Settings::default()).expect("opened"));
    let first =
        u32::try_from(store.requests(&RequestFilter::default()).await.expect("read").requests.len()).expect("few");
    let clients: Vec<_> = (0..CLIENTS).map(|client| tokio::spawn(submit(Arc::clone(&store), first + client))).collect();
    for client in clients {
        client.await.expect("runs until killed");
    }
}

async fn submit(store: Arc<SqliteStore>, first: u32) {
    for number in (first..).step_by(CLIENTS as usize) {
        let acceptance = drafts::acceptance(number);
        let reference = acceptance.request.reference.clone();
        match store.accept(acceptance).await {
            Ok(Accepted::New) => acknowledge(reference.as_str()),
            // Kept just before an earlier kill, but never acknowledged.
            Err(AcceptError::ReferenceTaken) | Ok(Accepted::Replayed(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// One write for each line: what has left the process is in the pipe, whatever happens next.
fn acknowledge(reference: &str) {
    std::io::stdout().write_all(format!("\nkept {reference}\n").as_bytes()).expect("read by the test");
}

/// Runs the process above, kills it after `enough` acknowledgements, and gives all it had acknowledged.
fn acknowledged_before_the_kill(path: &Path, enough: usize) -> Vec<String> {
    let mut process = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "submits_until_killed", "--nocapture"])
        .env(DATABASE, path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let lines = BufReader::new(process.stdout.take().expect("piped")).lines();
    let mut acknowledged = vec![];
    for line in lines {
        acknowledged.extend(line.expect("read").strip_prefix("kept ").map(str::to_owned));
        if acknowledged.len() == enough {
            process.kill().expect("killed");
        }
    }
    assert!(!process.wait().expect("ended").success(), "it ended by the kill alone");
    acknowledged
}

#[tokio::test]
async fn everything_acknowledged_before_a_kill_is_there_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kept.db");
    let mut acknowledged = vec![];
    for enough in [1, 150, 400] {
        acknowledged.extend(acknowledged_before_the_kill(&path, enough));
        let store = SqliteStore::open(&path, Settings::default()).expect("opened again");
        let kept = store.requests(&RequestFilter::default()).await.expect("read").requests;
        let references: HashSet<_> = kept.iter().map(|request| request.reference.as_str()).collect();
        assert_eq!(references.len(), kept.len(), "none twice");
        let lost: Vec<_> = acknowledged.iter().filter(|reference| !references.contains(reference.as_str())).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        let waiting: u64 = store.waiting_deliveries().await.expect("read").iter().map(|waiting| waiting.count).sum();
        assert_eq!(waiting, kept.len() as u64, "each with its delivery");
    }
    assert!(acknowledged.len() >= 551, "{}", acknowledged.len());
}
