//! Writing: one thread, one connection, one commit for all that wait.
//!
//! Jobs come over a bounded channel. The thread takes what is waiting, runs each job in a savepoint of its own inside one
//! transaction, commits once (one sync of the write-ahead log) and only then answers. So under load the price of a sync is
//! shared, and an answer still means that the change is on the disk.
//!
//! **When a commit fails** every job of its batch is answered with the failure, also those that were refused: they saw a
//! state that never came to be. A full disk leaves the connection sound, and the next batch is tried as usual. After a
//! failed read, write or sync nobody knows which pages in memory match those on the disk: the kernel reports a failed sync
//! once and may forget what it did not write. Then the connection is not used again. Every batch that comes is answered
//! with a failure until a fresh connection has written, synced and committed a probe. A change answered with a failure can
//! still turn up if the machine stops just then, for its log may have reached the disk: who repeats it brings the same
//! idempotency key, and finds it.

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::{Connection, Savepoint, Transaction, TransactionBehavior};
use tokio::sync::mpsc::{self, error::TryRecvError};

use super::{
    fault::{Fault, Stop},
    job::{Afterwards, Asked, Job, Ran},
    log::LogEmptier,
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
        let bench = Bench {
            path,
            connection,
            suspect: false,
            queue,
            batch: bounds.batch,
            log: LogEmptier::after_opening(),
            commits: Arc::clone(&commits),
        };
        let thread = thread::Builder::new().name("store-writer".to_owned()).spawn(move || bench.work())?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), commits })
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

/// Where the thread works.
struct Bench {
    path: PathBuf,
    connection: Connection,
    suspect: bool,
    queue: mpsc::Receiver<Waiting>,
    batch: usize,
    log: LogEmptier,
    commits: Arc<AtomicU64>,
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

    /// After a suspect failure: goes on only with a fresh connection that has committed a probe.
    fn recover(&mut self) -> Result<(), Fault> {
        if self.suspect {
            let mut fresh = open::writer(&self.path)?;
            let transaction = fresh.transaction_with_behavior(TransactionBehavior::Immediate)?;
            probe::write(&transaction)?;
            transaction.commit()?;
            self.connection = fresh;
            self.suspect = false;
            tracing::info!("the database works again");
        }
        Ok(())
    }

    /// Also a connection whose transaction could not be rolled back is not used again.
    fn distrust(&mut self, fault: &Fault) {
        let suspect = fault.is_suspect() || !self.connection.is_autocommit();
        if suspect && !self.suspect {
            tracing::error!("the database failed; nothing is kept until it has been reopened and probed");
        }
        self.suspect |= suspect;
    }
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
