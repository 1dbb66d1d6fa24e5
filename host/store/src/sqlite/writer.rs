//! Writing: one thread, one connection, one commit for all that wait.
//!
//! Jobs come over a bounded channel. The thread takes what is waiting, runs each job in a savepoint of its own inside one
//! transaction, commits once (one sync of the write-ahead log) and only then answers. So under load the price of a sync is
//! shared, and an answer still means that the change is on the disk.
//!
//! **When a commit fails** every job of its batch is answered with the failure, also those that were refused: they saw a
//! state that never came to be. A full disk leaves the connection sound, and the next batch is tried as usual.
//!
//! **When a sync fails** nobody knows which pages in memory match those on the disk: the kernel reports it once, may forget
//! what it did not write, and syncs "successfully" from then on. So nothing counts that was written before it and not synced.
//! The connection is not used again, and every batch is answered with a failure until a fresh one has written the whole log
//! into the database anew, synced that, and committed a probe. The log itself needs no more: what failed was never
//! published in it, and the next commit is written over it. The same holds of a failed read or write.
//!
//! **After a start** the log that is found may hold a commit whose sync had failed: read back from the kernel's memory, it
//! looks like any other. What is written behind it would be lost with it. So the first batch, too, waits until the log has
//! been written into the database and synced, and so does whoever asks for a replay. A change answered with a failure can turn up that way: who repeats it brings
//! the same idempotency key, and finds it.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::{Connection, Savepoint, Transaction, TransactionBehavior};
use tokio::sync::mpsc::{self, error::TryRecvError};

use super::{
    fault::{Fault, Stop},
    job::{Afterwards, Asked, Job, Ran},
    log::{self, LogEmptier},
    open, probe,
};
use crate::StoreError;

/// How long the writer rests between two tries to empty the write-ahead log while nothing else is to do.
const REST: Duration = Duration::from_millis(20);

type Waiting = Box<dyn Job>;

/// The way to the writing thread.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Waiting>>,
    thread: Option<JoinHandle<()>>,
    commits: Arc<AtomicU64>,
    settled: Arc<AtomicBool>,
}

/// How much may wait, and how much is committed at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) queue: usize,
    pub(super) batch: usize,
}

impl Writer {
    /// Starts the thread on a connection that is up to date.
    pub(super) fn start(path: PathBuf, connection: Connection, bounds: Bounds) -> io::Result<Self> {
        let (jobs, queue) = mpsc::channel(bounds.queue);
        let commits = Arc::new(AtomicU64::new(0));
        let settled = Arc::new(AtomicBool::new(false));
        let bench = Bench {
            path,
            connection,
            trust: Trust::AfterOpening,
            queue,
            batch: bounds.batch,
            log: LogEmptier::after_opening(),
            log_stays_long: false,
            commits: Arc::clone(&commits),
            settled: Arc::clone(&settled),
        };
        let thread = thread::Builder::new().name("store-writer".to_owned()).spawn(move || bench.work())?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), commits, settled })
    }

    /// Makes a change durable. Dropping the future does not undo a change that is already queued.
    pub(super) async fn change<T, E>(
        &self,
        afterwards: Afterwards,
        work: impl FnOnce(&Connection) -> Result<T, Stop<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        let (job, answer) = Asked::new(work, afterwards);
        jobs.send(Box::new(job)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Returns once the log that was found after opening is on the disk; until then a change that is read from it may not be.
    pub(super) async fn settle(&self) -> Result<(), StoreError> {
        if self.settled.load(Ordering::Acquire) {
            return Ok(());
        }
        self.change(Afterwards::Answer, |_| Ok(())).await
    }

    /// How many transactions wrote something and were committed.
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// How many jobs wait for the thread.
    #[cfg(test)]
    pub(super) fn queued(&self) -> usize {
        self.jobs.as_ref().map_or(0, |jobs| jobs.max_capacity() - jobs.capacity())
    }
}

impl Drop for Writer {
    /// Waits until everything queued is kept and the file is closed.
    fn drop(&mut self) {
        drop(self.jobs.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the writer of the store had panicked");
        }
    }
}

/// What has to happen before the next change is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// Nothing.
    Sound,
    /// The log that was found has to be brought into the database.
    AfterOpening,
    /// That, and all of it by a fresh connection that commits a probe.
    Suspect,
}

/// Where the thread works.
struct Bench {
    path: PathBuf,
    connection: Connection,
    trust: Trust,
    queue: mpsc::Receiver<Waiting>,
    batch: usize,
    log: LogEmptier,
    log_stays_long: bool,
    commits: Arc<AtomicU64>,
    settled: Arc<AtomicBool>,
}

impl Bench {
    fn work(mut self) {
        while let Some(first) = self.next() {
            let mut batch = vec![first];
            while batch.len() < self.batch
                && let Ok(job) = self.queue.try_recv()
            {
                batch.push(job);
            }
            self.process(batch);
        }
    }

    /// The next job. While none comes, what is still to be cleared from the log is tried again.
    fn next(&mut self) -> Option<Waiting> {
        while self.log.is_due() {
            match self.queue.try_recv() {
                Ok(job) => return Some(job),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {
                    thread::sleep(REST);
                    self.empty_log();
                }
            }
        }
        self.queue.blocking_recv()
    }

    fn process(&mut self, mut batch: Vec<Waiting>) {
        let kept = self.recover().and_then(|()| self.keep(&mut batch));
        if let Err(fault) = &kept {
            self.distrust(fault);
        }
        for job in batch {
            match job.afterwards() {
                Afterwards::EmptyLog if kept.is_ok() => self.log.answer_when_empty(job),
                _ => job.answer(kept.clone()),
            }
        }
        if self.log.is_due() {
            self.empty_log();
        } else if kept.is_ok() {
            self.shorten_log();
        }
    }

    /// Runs and commits a batch; what is not committed is rolled back.
    fn keep(&mut self, batch: &mut [Waiting]) -> Result<(), Fault> {
        let before = self.connection.total_changes();
        let mut transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for job in batch {
            run_alone(&mut transaction, job.as_mut())?;
        }
        transaction.commit()?;
        if self.connection.total_changes() != before {
            self.commits.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn empty_log(&mut self) {
        if let Err(fault) = self.recover().and_then(|()| self.log.empty(&self.connection)) {
            self.distrust(&fault);
            self.log.give_up(&fault);
        }
    }

    fn shorten_log(&mut self) {
        let shortened = log::shorten(&self.connection);
        let failed_before = std::mem::replace(&mut self.log_stays_long, shortened.is_err());
        if let Err(error) = shortened {
            // What is in the log is kept; a full disk is said to whoever brings the next change.
            if !failed_before {
                tracing::warn!(%error, "the write-ahead log could not be shortened");
            }
            self.distrust(&error.into());
        }
    }

    /// Does what has to happen before the next change is kept.
    fn recover(&mut self) -> Result<(), Fault> {
        match self.trust {
            Trust::Sound => return Ok(()),
            Trust::AfterOpening => log::settle(&self.connection)?,
            Trust::Suspect => {
                self.connection = reopened(&self.path)?;
                tracing::info!("the database works again");
            }
        }
        self.trust = Trust::Sound;
        self.settled.store(true, Ordering::Release);
        Ok(())
    }

    /// Also a connection whose transaction could not be rolled back is not used again.
    fn distrust(&mut self, fault: &Fault) {
        if !fault.is_suspect() && self.connection.is_autocommit() {
            return;
        }
        if self.trust != Trust::Suspect {
            tracing::error!("the database failed; nothing is kept until it has been reopened and probed");
        }
        self.trust = Trust::Suspect;
    }
}

/// A fresh connection that has brought the log into the database and committed a probe.
fn reopened(path: &Path) -> Result<Connection, Fault> {
    let mut fresh = open::writer(path)?;
    log::settle(&fresh)?;
    let transaction = fresh.transaction_with_behavior(TransactionBehavior::Immediate)?;
    probe::write(&transaction)?;
    transaction.commit()?;
    Ok(fresh)
}

/// Runs one job so that its failure leaves the others of the batch alone, unless it took the whole transaction with it.
fn run_alone(transaction: &mut Transaction<'_>, job: &mut dyn Job) -> Result<(), Fault> {
    let savepoint = transaction.savepoint()?;
    match job.run(&savepoint) {
        Ran::Done => Ok(savepoint.commit()?),
        Ran::Undo => undo(savepoint),
        Ran::Failed(fault) if fault.is_suspect() || savepoint.is_autocommit() => Err(fault),
        Ran::Failed(_) => undo(savepoint),
    }
}

fn undo(mut savepoint: Savepoint<'_>) -> Result<(), Fault> {
    savepoint.rollback()?;
    Ok(savepoint.commit()?)
}
