//! Erasing leaves nothing in the file.

use std::{collections::HashSet, fs, pin::Pin, sync::Arc, task::Poll};

use porchlight_model::{
    plugin::Outcome,
    request::{RequestId, Status},
};
use tempfile::TempDir;

use super::{fresh, open};
use crate::{
    Acceptance, AgentStore, AttachmentStore, Credentials, Ending, Erasure, NewAttachment, RequestFilter, Store,
    StoreError,
    contract::{
        agents::{agent, id},
        attachments as files,
        fixtures::{complete, only, plain, request, stepped},
    },
    sqlite::SqliteStore,
};

/// All that there is on the disk: database, write-ahead log, its index.
fn raw(folder: &TempDir) -> Vec<u8> {
    let files = fs::read_dir(folder.path()).expect("listed");
    files.flat_map(|file| fs::read(file.expect("listed").path()).expect("read")).collect()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// A request whose every text names it, with texts of very different lengths.
fn marked(number: u16) -> Acceptance {
    let mut acceptance = complete(number);
    let mark = mark(number);
    let long = |times: usize| vec![mark.as_str(); times].join(" ");
    acceptance.slot = None;
    acceptance.request.requester.name = Some(mark.clone());
    acceptance.request.page = Some(format!("https://shop.example/{mark}"));
    acceptance.request.entries[0].text = long(1 + usize::from(number) * 37 % 200);
    let message = long(1 + usize::from(number) * 53 % 150);
    acceptance.provenance[0].outcome = Outcome::Error { code: "invalid".to_owned(), message };
    acceptance
}

fn mark(number: u16) -> String {
    format!("canary-{number:05}-yranac")
}

/// Of which requests there is a mark.
fn marks(file: &[u8]) -> HashSet<u16> {
    let text = String::from_utf8_lossy(file);
    text.split("canary-").skip(1).filter_map(|rest| rest.get(..5)?.parse().ok()).collect()
}

/// The request's next revision, with another entry.
async fn lengthen(store: &Arc<SqliteStore>, id: RequestId) {
    let mut next = stepped(&store.lookup_request(id).await.expect("read").expect("there"), Status::Accepted);
    next.entries.push(next.entries[0].clone());
    store.change_request(only(next)).await.expect("changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_request_is_left_in_any_file() {
    let (store, folder) = fresh();
    let acceptance = complete(7);
    let asked = acceptance.request.clone();
    store.accept(acceptance).await.expect("accepted");
    lengthen(&store, asked.id).await;

    let read = |text: Option<&str>| text.expect("given").to_owned().into_bytes();
    let canaries = [
        read(asked.requester.name.as_deref()),
        read(asked.requester.phone.as_ref().map(|phone| phone.as_str())),
        read(asked.requester.email.as_ref().map(|email| email.as_str())),
        read(asked.page.as_deref()),
        asked.entries[0].text.clone().into_bytes(),
        asked.reference.as_str().into(),
        asked.id.0.as_bytes().to_vec(),
        asked.id.0.to_string().into_bytes(),
    ];
    let before = raw(&folder);
    for canary in &canaries {
        assert!(contains(&before, canary), "{}", String::from_utf8_lossy(canary));
    }
    assert!(store.erase_request(asked.id, vec![]).await.expect("erased"));
    let after = raw(&folder);
    for canary in &canaries {
        assert!(!contains(&after, canary), "{}", String::from_utf8_lossy(canary));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_however_the_pages_were_split_and_merged() {
    const REQUESTS: u16 = 400;
    let (store, folder) = fresh();
    for number in 0..REQUESTS {
        store.accept(marked(number)).await.expect("accepted");
        let earlier = number.wrapping_mul(7919) % (number + 1);
        let earlier = request(earlier).id;
        match number % 5 {
            0 => drop(store.erase_request(earlier, vec![]).await.expect("asked")),
            1 | 2 if store.lookup_request(earlier).await.expect("read").is_some() => lengthen(&store, earlier).await,
            _ => {}
        }
    }
    let mut gone = vec![];
    for number in 0..REQUESTS {
        if number % 3 == 0 {
            store.erase_request(request(number).id, vec![]).await.expect("asked");
        }
        if store.lookup_request(request(number).id).await.expect("read").is_none() {
            gone.push(number);
        }
    }
    let found = marks(&raw(&folder));
    let left: Vec<_> = gone.iter().filter(|number| found.contains(number)).collect();
    assert!(gone.len() > 100 && left.is_empty(), "of {} erased there is left: {left:?}", gone.len());
    assert_eq!(found.len() + gone.len(), usize::from(REQUESTS), "the others are there");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_files_of_an_erased_request_is_left_in_any_file() {
    let (store, folder) = fresh();
    let keep = async |number: u16| {
        let id = files::id(number);
        let content = vec![mark(number); 1 + usize::from(number) * 7_919 % 40_000].join("-").into_bytes();
        let file = NewAttachment { id, site: "pet-shop".to_owned(), content };
        store.keep_attachment(file, 1 << 30, request(number).received_at()).await.expect("kept");
        id
    };
    for number in 0..40 {
        keep(number).await;
        store.accept(plain(files::naming(request(number), &[number]))).await.expect("kept");
        if number % 4 == 1 {
            store.erase_request(request(number - 1).id, vec![]).await.expect("erased");
        }
    }
    let left_behind = keep(40).await;
    assert_eq!(marks(&raw(&folder)).len(), 31);
    let erasures = (0..40).map(|number| Erasure { id: request(number).id, revision: None, deliveries: vec![] });
    store.erase_requests(erasures.filter(|erasure| erasure.id != request(2).id).collect()).await.expect("erased");
    assert_eq!(marks(&raw(&folder)), HashSet::from([2, 40]));
    store.sweep_attachments(jiff::Timestamp::MAX).await.expect("swept");
    assert_eq!(marks(&raw(&folder)), HashSet::from([2]));
    assert_eq!(store.attachment_piece(left_behind, 0).await.expect("read"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_that_an_erasure_cut_off_left_behind_are_swept() {
    let (store, folder) = fresh();
    let (id, content) = (files::id(1), vec![mark(1); 200_000].concat().into_bytes());
    let file = NewAttachment { id, site: "pet-shop".to_owned(), content };
    store.keep_attachment(file, 1 << 30, request(1).received_at()).await.expect("kept");
    store.accept(plain(files::naming(request(1), &[1]))).await.expect("kept");
    store.write(|connection| connection.execute("DELETE FROM requests", [])).await.expect("deleted");
    assert!(contains(&raw(&folder), mark(1).as_bytes()));
    store.sweep_attachments(jiff::Timestamp::MIN).await.expect("swept");
    assert!(!contains(&raw(&folder), mark(1).as_bytes()));
}

/// Keeps a request with a file that is marked alone, of 300 KB: two pieces.
async fn keep_with_file(store: &SqliteStore, number: u16) {
    let content = vec![mark(number); 15_000].concat().into_bytes();
    let file = NewAttachment { id: files::id(number), site: "pet-shop".to_owned(), content };
    store.keep_attachment(file, 1 << 30, request(number).received_at()).await.expect("kept");
    store.accept(plain(files::naming(request(number), &[number]))).await.expect("kept");
}

/// Lets a task come as far as the next change that it waits for; whether it is done.
async fn step(store: &SqliteStore, task: &mut (impl Future<Output = Result<bool, StoreError>> + Unpin)) -> bool {
    let is_done = std::future::poll_fn(|context| Poll::Ready(Pin::new(&mut *task).poll(context).is_ready())).await;
    store.probe().await.expect("what it queued was before this");
    is_done
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_file_is_left_wherever_its_erasure_was_cut_off() {
    for steps in 1.. {
        let (store, folder) = fresh();
        keep_with_file(&store, 1).await;
        let mut erasure = store.erase_request(request(1).id, vec![]);
        let mut is_done = false;
        for _ in 0..steps {
            is_done = is_done || step(&store, &mut erasure).await;
        }
        drop(erasure);
        store.sweep_attachments(jiff::Timestamp::MIN).await.expect("swept");
        assert!(!contains(&raw(&folder), mark(1).as_bytes()), "cut off after {steps} steps");
        if is_done {
            assert!(steps > 3);
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_is_answered_only_when_its_file_is_gone_also_where_another_cleared_it() {
    for lead in 1..10 {
        let (store, folder) = fresh();
        keep_with_file(&store, 1).await;
        keep_with_file(&store, 2).await;
        let mut one = store.erase_request(request(1).id, vec![]);
        let mut other = store.erase_request(request(2).id, vec![]);
        step(&store, &mut other).await;
        let mut is_one_done = false;
        for _ in 0..lead {
            is_one_done = is_one_done || step(&store, &mut one).await;
        }
        while !step(&store, &mut other).await {}
        assert!(!contains(&raw(&folder), mark(2).as_bytes()), "answered {lead} steps behind another");
        while !is_one_done && !step(&store, &mut one).await {}
        assert!(!contains(&raw(&folder), mark(1).as_bytes()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_is_answered_only_when_no_reader_holds_the_log() {
    let (store, folder) = fresh();
    store.accept(marked(1)).await.expect("accepted");
    let reader = crate::sqlite::open::reader(&folder.path().join("kept.db")).expect("opened");
    reader.execute_batch("BEGIN; SELECT * FROM probes").expect("a snapshot");
    let erasing = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.erase_request(request(1).id, vec![]).await })
    };
    while store.lookup_request(request(1).id).await.expect("read").is_some() {
        tokio::task::yield_now().await;
    }
    store.probe().await.expect("others are not held up");
    assert!(!erasing.is_finished());
    assert!(contains(&raw(&folder), mark(1).as_bytes()));
    drop(reader);
    assert!(erasing.await.expect("ran").expect("erased"));
    assert!(!contains(&raw(&folder), mark(1).as_bytes()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_a_reader_holds_up_for_long_is_said_and_finished_later() {
    let (store, folder) = fresh();
    store.accept(marked(1)).await.expect("accepted");
    let reader = crate::sqlite::open::reader(&folder.path().join("kept.db")).expect("opened");
    reader.execute_batch("BEGIN; SELECT * FROM probes").expect("a snapshot");
    let failed = store.erase_request(request(1).id, vec![]).await.expect_err("held up");
    let cause = std::error::Error::source(&failed).expect("a cause").to_string();
    assert!(cause.contains("another process keeps reading the database"), "{cause}");
    drop(reader);
    assert!(!store.erase_request(request(1).id, vec![]).await.expect("nothing is left to erase"));
    assert!(!contains(&raw(&folder), mark(1).as_bytes()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_cut_off_before_the_log_was_emptied_is_finished_on_opening() {
    let (store, folder) = fresh();
    store.accept(marked(1)).await.expect("accepted");
    store.write(|connection| connection.execute("DELETE FROM requests", [])).await.expect("deleted");
    // What a killed process leaves behind: the files as they are now.
    let left = tempfile::tempdir().expect("a folder");
    for file in ["kept.db", "kept.db-wal"] {
        fs::copy(folder.path().join(file), left.path().join(file)).expect("copied");
    }
    assert!(contains(&raw(&left), mark(1).as_bytes()));
    let store = open(&left);
    while contains(&raw(&left), mark(1).as_bytes()) {
        store.probe().await.expect("sound");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn erasures_are_finished_while_others_keep_reading() {
    const REQUESTS: u16 = 20;
    let (store, folder) = fresh();
    for number in 0..REQUESTS {
        store.accept(marked(number)).await.expect("accepted");
    }
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let (store, stop) = (Arc::clone(&store), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut reads = 0;
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    store.requests(&RequestFilter::default()).await.expect("read");
                    reads += 1;
                }
                reads
            })
        })
        .collect();
    for number in 0..REQUESTS {
        let erasures = vec![Erasure { id: request(number).id, revision: None, deliveries: vec![] }];
        assert_eq!(store.erase_requests(erasures).await.expect("erased"), 1);
        assert!(!contains(&raw(&folder), mark(number).as_bytes()), "{number}");
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.expect("read") > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_removed_agent_is_left_in_any_file_but_its_id_where_it_did_something() {
    let (store, folder) = fresh();
    let secrets = Credentials { password: Some("$argon2id$canary".to_owned()), ..Credentials::default() };
    for number in 1..=40 {
        store.add_agent(agent(number), secrets.clone()).await.expect("added");
        let next = Credentials { recovery: vec![format!("recovery{number:03}"); 9], revision: 1, ..secrets.clone() };
        assert!(store.change_credentials(id(number), next, Ending::Nothing).await.expect("changed"));
    }
    let left = |number: u16| {
        let texts = [format!("Вера {number}\""), format!("agent{number}@shop"), format!("recovery{number:03}")];
        let raw = raw(&folder);
        texts.into_iter().filter(|text| contains(&raw, text.as_bytes())).collect::<Vec<_>>()
    };
    assert_eq!(left(7).len(), 3);
    for number in (1..=40).filter(|number| number % 3 == 1) {
        assert!(store.remove_agent(id(number)).await.expect("removed"));
    }
    for number in (1..=40).filter(|number| number % 3 == 1) {
        assert_eq!(left(number), [""; 0], "{number}");
    }
    assert_eq!(left(8).len(), 3, "the others are there");
}
