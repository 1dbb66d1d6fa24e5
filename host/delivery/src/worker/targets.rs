//! What is known of the targets: how many deliveries are under way to each, and whether it is tried.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use porchlight_model::delivery::{Delivery, Rooms, Target};
use uuid::Uuid;

use super::circuit::Circuit;

/// Deliveries under way to one target at the same time. Together they are bounded by the number of targets: a bound for all
/// would let slow ones fill it and hold up the others.
const CONCURRENCY: u32 = 8;

/// Which targets rest, for whoever wants to know. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Circuits(Arc<Targets>);

impl Circuits {
    /// Targets that are left to rest now, or wait for one delivery to ask whether they work again.
    pub fn open(&self) -> Vec<Target> {
        let known = self.0.known();
        let mut open: Vec<_> =
            known.iter().filter(|(_, state)| state.circuit.is_open()).map(|(target, _)| target.clone()).collect();
        open.sort();
        open
    }

    pub(super) fn targets(&self) -> Arc<Targets> {
        Arc::clone(&self.0)
    }
}

/// Targets that something is under way to, or that failed. The others are as good as new.
#[derive(Debug, Default)]
pub(super) struct Targets(Mutex<HashMap<Target, State>>);

#[derive(Debug, Default)]
struct State {
    under_way: HashSet<Uuid>,
    circuit: Circuit,
}

impl Targets {
    /// How many deliveries may be begun to each now.
    pub(super) fn rooms(&self, now: Timestamp) -> Rooms {
        let known = self.known();
        let room = |state: &State| state.circuit.room(CONCURRENCY, state.under_way.len() as u32, now);
        let others = known.iter().map(|(target, state)| (target.clone(), room(state))).collect();
        Rooms { each: CONCURRENCY, others }
    }

    /// A delivery is under way to its target until the place is dropped.
    pub(super) fn begin(self: &Arc<Self>, delivery: &Delivery) -> Place {
        let (id, target) = (delivery.id, delivery.target());
        self.known().entry(target.clone()).or_default().under_way.insert(id);
        Place { delivery: id, target, targets: Arc::clone(self) }
    }

    /// All deliveries that are under way.
    pub(super) fn under_way(&self) -> HashSet<Uuid> {
        self.known().values().flat_map(|state| state.under_way.iter().copied()).collect()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Target, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a delivery that is under way, however that ends.
#[derive(Debug)]
pub(super) struct Place {
    delivery: Uuid,
    target: Target,
    targets: Arc<Targets>,
}

impl Place {
    /// Where it goes.
    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// The target took it.
    pub(super) fn worked(&self, now: Timestamp) {
        self.targets.known().entry(self.target.clone()).or_default().circuit.worked(now);
    }

    /// The target failed; says whether it is left to rest from now on.
    pub(super) fn failed(&self, asked: Option<SignedDuration>, chance: u64, now: Timestamp) -> bool {
        self.targets.known().entry(self.target.clone()).or_default().circuit.failed(asked, chance, now)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut known = self.targets.known();
        let Some(state) = known.get_mut(&self.target) else { return };
        state.under_way.remove(&self.delivery);
        if state.under_way.is_empty() && state.circuit.is_new() {
            known.remove(&self.target);
        }
    }
}
