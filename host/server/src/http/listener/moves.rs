//! What moves in a connection: whoever neither asks nor takes what was asked for gives up its place.
//!
//! hyper has a timer for a head of HTTP/1.1 alone. None looks after the first byte, an idle connection of HTTP/2, or an answer
//! that nobody reads; this one looks after all of them.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// How long a connection may stand still.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// With no request under way.
    pub asking: Duration,
    /// With an answer that is not taken.
    pub reading: Duration,
}

/// What moves in one connection.
pub struct Moves {
    patience: Patience,
    state: Mutex<State>,
}

struct State {
    quiet_since: Instant,
    next: u64,
    exchanges: Vec<(u64, Turn)>,
}

/// Whose turn it is.
#[derive(Clone, Copy)]
enum Turn {
    /// The host works; the time that takes has its own limit.
    Host,
    /// The client was given a piece of the answer then, and has to take it.
    Client(Instant),
}

/// A request with its answer; over when dropped.
pub struct Exchange {
    moves: Arc<Moves>,
    id: u64,
}

impl Moves {
    /// A connection that begins now.
    pub fn new(patience: Patience) -> Arc<Self> {
        let state = State { quiet_since: Instant::now(), next: 0, exchanges: Vec::new() };
        Arc::new(Self { patience, state: Mutex::new(state) })
    }

    /// A request begins.
    pub fn begin(self: &Arc<Self>) -> Exchange {
        let mut state = self.state();
        let id = state.next;
        state.next += 1;
        state.exchanges.push((id, Turn::Host));
        Exchange { moves: self.clone(), id }
    }

    /// Returns once the connection, or one answer in it, has stood still for too long.
    pub async fn still(&self) {
        while let Some(moment) = self.next_look(Instant::now()) {
            sleep_until(moment).await;
        }
    }

    /// The first moment at which anything could have stood still for too long; none when that is now.
    fn next_look(&self, now: Instant) -> Option<Instant> {
        let Patience { asking, reading } = self.patience;
        let state = self.state();
        let waits_until = |turn: &Turn| match turn {
            Turn::Host => now + reading,
            Turn::Client(since) => *since + reading,
        };
        let first = state.exchanges.iter().map(|(_, turn)| waits_until(turn)).min();
        let first = first.unwrap_or(state.quiet_since + asking);
        (first > now).then_some(first)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Exchange {
    /// The client is ready for a piece of the answer, and given it.
    pub fn moved(&self) {
        let mut state = self.moves.state();
        if let Some((_, turn)) = state.exchanges.iter_mut().find(|(id, _)| *id == self.id) {
            *turn = Turn::Client(Instant::now());
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let mut state = self.moves.state();
        state.exchanges.retain(|(id, _)| *id != self.id);
        state.quiet_since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const PATIENCE: Patience = Patience { asking: Duration::from_secs(10), reading: Duration::from_secs(5) };

    fn is_still(moves: &Moves) -> bool {
        moves.next_look(Instant::now()).is_none()
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_connection_stands_still_after_the_time_to_ask() {
        let (moves, begun) = (Moves::new(PATIENCE), Instant::now());
        moves.still().await;
        assert_eq!(begun.elapsed().as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn the_hosts_own_work_is_no_standstill() {
        let moves = Moves::new(PATIENCE);
        let _exchange = moves.begin();
        advance(Duration::from_secs(60)).await;
        assert!(!is_still(&moves));
    }

    #[tokio::test(start_paused = true)]
    async fn one_answer_that_is_not_taken_is_a_standstill_whatever_else_moves() {
        let moves = Moves::new(PATIENCE);
        let (stalled, lively) = (moves.begin(), moves.begin());
        stalled.moved();
        for _ in 0..4 {
            advance(Duration::from_secs(1)).await;
            lively.moved();
            assert!(!is_still(&moves));
        }
        advance(Duration::from_secs(1)).await;
        lively.moved();
        assert!(is_still(&moves));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_taken_begins_the_time_to_ask_anew() {
        let moves = Moves::new(PATIENCE);
        advance(Duration::from_secs(9)).await;
        drop(moves.begin());
        advance(Duration::from_secs(9)).await;
        assert!(!is_still(&moves));
        advance(Duration::from_secs(1)).await;
        assert!(is_still(&moves));
    }
}
