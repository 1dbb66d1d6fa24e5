//! Whether each acknowledgement came after the sync of its commit.
//!
//! SQLite writes a transaction into its log page by page: a header of 24 bytes, then the page. The header of the last page has
//! a second word other than zero: that is the commit. A request's reference stands in the pages of its transaction and in no
//! earlier one. So a reference is, in this order,
//!
//! 1. *written*, when a page of the log that holds it is;
//! 2. *committed*, when the next commit page of the log is;
//! 3. *durable*, when a sync of the log that began after that has come back without an error;
//! 4. acknowledged, when a 201 that names it begins to be written to a socket.
//!
//! An acknowledgement before 3 is a finding.

use std::collections::{HashMap, HashSet};

use super::calls::{Call, Moment, moments};

const FRAME_HEADER: usize = 24;

/// What was seen.
#[derive(Debug, Default)]
pub struct Order {
    /// References of all acknowledgements.
    pub acknowledged: HashSet<String>,
    /// Acknowledgements that came too early.
    pub findings: Vec<String>,
    /// Syncs of the log that came back without an error.
    pub syncs: usize,
    stages: HashMap<String, Stage>,
    /// Threads that have written the header of a page: whether that is a commit.
    headers: HashMap<u32, bool>,
    /// Syncs under way: what had been committed when they began.
    under_way: HashMap<u32, Vec<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Written,
    Committed,
    Durable,
}

impl Order {
    /// Goes through a trace.
    pub fn of(trace: &str) -> Self {
        let mut order = Self::default();
        for moment in moments(trace) {
            match moment {
                Moment::Begun(thread, call) if is_sync(&call) => order.begin_sync(thread),
                Moment::Ended(thread, call, result) if is_sync(&call) => order.end_sync(thread, result),
                Moment::Ended(thread, call, result) if is_log(&call) && result > 0 => order.write(thread, &call.bytes),
                Moment::Begun(_, call) if call.file.starts_with("socket:") => order.answer(&call.bytes),
                _ => {}
            }
        }
        order
    }

    fn write(&mut self, thread: u32, bytes: &[u8]) {
        if bytes.len() == FRAME_HEADER {
            self.headers.insert(thread, bytes[4..8] != [0; 4]);
            return;
        }
        for reference in references(bytes) {
            self.stages.entry(reference).or_insert(Stage::Written);
        }
        if self.headers.remove(&thread) == Some(true) {
            self.raise(Stage::Written, Stage::Committed);
        }
    }

    fn raise(&mut self, from: Stage, to: Stage) {
        self.stages.values_mut().filter(|stage| **stage == from).for_each(|stage| *stage = to);
    }

    fn begin_sync(&mut self, thread: u32) {
        let committed = self.stages.iter().filter(|(_, stage)| **stage == Stage::Committed);
        self.under_way.insert(thread, committed.map(|(reference, _)| reference.clone()).collect());
    }

    fn end_sync(&mut self, thread: u32, result: i64) {
        let Some(committed) = self.under_way.remove(&thread).filter(|_| result == 0) else { return };
        self.syncs += 1;
        self.stages.extend(committed.into_iter().map(|reference| (reference, Stage::Durable)));
    }

    fn answer(&mut self, bytes: &[u8]) {
        if !bytes.starts_with(b"HTTP/1.1 201 ") {
            return;
        }
        for reference in references(bytes) {
            match self.stages.get(&reference) {
                Some(Stage::Durable) => {}
                stage => self.findings.push(format!("{reference} was acknowledged while it was {stage:?}")),
            }
            self.acknowledged.insert(reference);
        }
    }
}

fn is_log(call: &Call) -> bool {
    call.file.ends_with("/porchlight.db-wal")
}

fn is_sync(call: &Call) -> bool {
    is_log(call) && call.name.ends_with("sync")
}

/// Every `PS-7K4Q2MX` in some bytes.
fn references(bytes: &[u8]) -> impl Iterator<Item = String> {
    let is_reference = |window: &&[u8]| {
        window.starts_with(b"PS-") && window[3..].iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
    };
    bytes.windows(10).filter(is_reference).map(|window| String::from_utf8_lossy(window).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "/data/porchlight.db-wal";
    const SOCKET: &str = "socket:[81]";

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect()
    }

    fn write(file: &str, bytes: &[u8]) -> String {
        format!("7 pwrite64(10<{}>, \"{}\", 1, 0) = 1\n", hex(file.as_bytes()), hex(bytes))
    }

    fn header(commit: u8) -> String {
        let mut bytes = [0; FRAME_HEADER];
        bytes[7] = commit;
        write(LOG, &bytes)
    }

    fn page(reference: &str) -> String {
        write(LOG, format!("a page with {reference} in it").as_bytes())
    }

    fn sync(file: &str, result: &str) -> String {
        format!("7 fdatasync(10<{}>) = {result}\n", hex(file.as_bytes()))
    }

    fn answer(reference: &str) -> String {
        write(SOCKET, format!("HTTP/1.1 201 Created\r\n\r\n{{\"reference\":\"{reference}\"}}").as_bytes())
    }

    fn findings(trace: &[String]) -> Vec<String> {
        Order::of(&trace.concat()).findings
    }

    #[test]
    fn answer_after_the_sync_of_its_commit_is_in_order() {
        let (one, two) = ("PS-AAAAAA1", "PS-AAAAAA2");
        let trace = [header(0), page(one), header(9), page(two), sync(LOG, "0"), answer(one), answer(two)];
        let order = Order::of(&trace.concat());
        assert_eq!(order.findings, [""; 0]);
        assert_eq!((order.acknowledged.len(), order.syncs), (2, 1));
    }

    #[test]
    fn answer_before_the_sync_of_its_commit_is_found() {
        let one = "PS-AAAAAA1";
        let found = |stage: &str| [format!("{one} was acknowledged while it was {stage}")];
        let committed = || [header(9), page(one)].concat();
        assert_eq!(findings(&[answer(one)]), found("None"), "nothing was written");
        assert_eq!(findings(&[committed(), answer(one)]), found("Some(Committed)"), "nothing was synced");
        assert_eq!(findings(&[committed(), answer(one), sync(LOG, "0")]), found("Some(Committed)"), "synced too late");
        assert_eq!(findings(&[sync(LOG, "0"), committed(), answer(one)]), found("Some(Committed)"), "synced too early");
        let failed = sync(LOG, "-1 EIO (Input/output error)");
        assert_eq!(findings(&[committed(), failed, answer(one)]), found("Some(Committed)"), "the sync failed");
        let other = sync("/data/porchlight.db", "0");
        assert_eq!(findings(&[committed(), other, answer(one)]), found("Some(Committed)"), "another file was synced");
        let half = [header(0), page(one)].concat();
        assert_eq!(findings(&[half, sync(LOG, "0"), answer(one)]), found("Some(Written)"), "synced before the commit");
    }

    #[test]
    fn sync_that_has_not_come_back_or_began_before_the_commit_does_not_count() {
        let one = "PS-AAAAAA1";
        let log = hex(LOG.as_bytes());
        let (begun, ended) =
            (format!("8 fsync(10<{log}> <unfinished ...>\n"), "8 <... fsync resumed>) = 0\n".to_owned());
        let committed = [header(9), page(one)].concat();
        assert_eq!(findings(&[committed.clone(), begun.clone(), answer(one), ended.clone()]).len(), 1);
        assert_eq!(findings(&[begun.clone(), committed.clone(), ended.clone(), answer(one)]).len(), 1);
        assert_eq!(findings(&[committed, begun, ended, answer(one)]), [""; 0]);
    }
}
