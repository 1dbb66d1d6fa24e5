//! What waits for the writer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::fault::{Fault, Panicked, Stop};
use crate::StoreError;

/// What must have happened after the commit before a job is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Afterwards {
    /// Nothing more.
    Answer,
    /// The write-ahead log was emptied, so that nothing deleted is left in it.
    EmptyLog,
}

/// How running a job ended.
pub(super) enum Ran {
    /// What it wrote stays, if the batch is committed.
    Done,
    /// What it wrote is to be rolled back; the batch goes on.
    Undo,
    /// SQLite failed in it, perhaps for the whole batch.
    Failed(Fault),
}

/// A change that waits: first it runs, then, once its batch is committed or has failed, it is answered.
pub(super) trait Job: Send {
    /// Runs the change in its own savepoint.
    fn run(&mut self, connection: &Connection) -> Ran;

    /// Tells who asked. A fault of the batch overrides what the job found: it saw a state that never came to be.
    fn answer(self: Box<Self>, batch: Result<(), Fault>);

    /// What must have happened before the answer.
    fn afterwards(&self) -> Afterwards;
}

/// A job and who asked for it.
pub(super) struct Asked<W, T, E> {
    work: Option<W>,
    outcome: Result<T, E>,
    reply: oneshot::Sender<Result<T, E>>,
    afterwards: Afterwards,
}

impl<W, T, E: From<StoreError>> Asked<W, T, E> {
    /// The job, and where its answer will come.
    pub(super) fn new(work: W, afterwards: Afterwards) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (reply, answer) = oneshot::channel();
        (Self { work: Some(work), outcome: Err(StoreError::Closed.into()), reply, afterwards }, answer)
    }

    fn failed(&mut self, fault: Fault) -> Ran {
        self.outcome = Err(StoreError::from(fault.clone()).into());
        Ran::Failed(fault)
    }
}

impl<W, T, E> Job for Asked<W, T, E>
where
    W: FnOnce(&Connection) -> Result<T, Stop<E>> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, connection: &Connection) -> Ran {
        let Some(work) = self.work.take() else { return Ran::Undo };
        match catch_unwind(AssertUnwindSafe(|| work(connection))) {
            Ok(Ok(found)) => {
                self.outcome = Ok(found);
                Ran::Done
            }
            Ok(Err(Stop::Refused(refusal))) => {
                self.outcome = Err(refusal);
                Ran::Undo
            }
            Ok(Err(Stop::Failed(error))) => self.failed(error.into()),
            Err(_) => self.failed(Fault::of(Panicked)),
        }
    }

    fn answer(self: Box<Self>, batch: Result<(), Fault>) {
        let outcome = batch.map_err(|fault| StoreError::from(fault).into()).and(self.outcome);
        // Whoever asked may have gone; what is kept stays kept.
        drop(self.reply.send(outcome));
    }

    fn afterwards(&self) -> Afterwards {
        self.afterwards
    }
}
