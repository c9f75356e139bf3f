//! The whole state as data, and back.

use super::Engine;
use super::instant::Micros;
use super::item::{AgentIndex, Item, ItemIndex, State};
use super::log::{Digest, Owner};
use super::requirements::Requirements;
use super::seat::Seat;
use super::timer::Timer;
use crate::{Centre, Requirement};
use kontak_types::QueueId;
use serde::{Deserialize, Serialize};

/// Everything that the inputs so far have led to. Equal states have equal snapshots, byte for byte.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    version: u16,
    centre: Centre,
    queues: Vec<QueueState>,
    /// Each once, in the order in which contacts first ask for it.
    requirements: Vec<Requirement>,
    items: Vec<Option<Item>>,
    vacant: Vec<ItemIndex>,
    seats: Vec<Seat>,
    channels: Vec<kontak_types::ChannelKind>,
    now: Micros,
    next_seq: u64,
    next_token: u64,
    position: u64,
    digest: Digest,
    owner: Owner,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct QueueState {
    id: QueueId,
    batch_at: Option<Micros>,
    waiting: u32,
    counts: [u64; 4],
    waited: Micros,
    last_start: Option<Micros>,
    mean_gap: Micros,
}

const VERSION: u16 = 1;

impl Engine {
    /// The whole state as data.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let queues = self.queues.iter().map(|queue| QueueState {
            id: queue.rules.id,
            batch_at: queue.batch_at,
            waiting: queue.waiting,
            counts: [queue.arrived, queue.served, queue.abandoned, queue.turned_away],
            waited: queue.waited,
            last_start: queue.last_start,
            mean_gap: queue.mean_gap,
        });
        let mut items = self.items.clone();
        let mut requirements = Requirements::default();
        for item in items.iter_mut().flatten() {
            // A number of the index, which is built anew.
            item.class = 0;
            item.own = requirements.number(self.market.requirements.get(item.own));
        }
        let mut seats = self.seats.clone();
        for seat in &mut seats {
            seat.index = super::seat::SeatIndex::default();
        }
        Snapshot {
            version: VERSION,
            centre: self.centre.clone(),
            queues: queues.collect(),
            requirements: requirements.into_all(),
            items,
            vacant: self.vacant.clone(),
            seats,
            channels: self.market.shapes.clone(),
            now: self.now,
            next_seq: self.next_seq,
            next_token: self.next_token,
            position: self.position,
            digest: self.digest,
            owner: self.owner,
        }
    }

    /// The engine that a snapshot was taken of.
    ///
    /// # Errors
    /// If a later release wrote it, or its rules cannot be used.
    pub fn restore(snapshot: Snapshot) -> Result<Self, RestoreError> {
        if snapshot.version != VERSION {
            return Err(RestoreError::Version { found: snapshot.version });
        }
        let mut engine = Self::new(snapshot.centre)?;
        engine.now = snapshot.now;
        for state in snapshot.queues {
            let Some(number) = engine.queue_of.get(&state.id).copied() else {
                return Err(RestoreError::Torn);
            };
            let queue = &mut engine.queues[number as usize];
            queue.batch_at = state.batch_at;
            queue.waiting = state.waiting;
            [queue.arrived, queue.served, queue.abandoned, queue.turned_away] = state.counts;
            (queue.waited, queue.last_start) = (state.waited, state.last_start);
            queue.mean_gap = state.mean_gap;
            engine.set_timer(state.batch_at, Timer::Batch(number));
            engine.set_hours(number);
        }
        for channel in snapshot.channels {
            engine.market.shape(&channel);
        }
        for (number, requirement) in snapshot.requirements.iter().enumerate() {
            if engine.market.requirements.number(requirement) != number as u32 {
                return Err(RestoreError::Torn);
            }
        }
        let (items, seats) = (snapshot.items.len() as u32, snapshot.seats.len() as u32);
        let torn = snapshot.items.iter().flatten().any(|item| {
            item.queue as usize >= engine.queues.len()
                || item.own as usize >= snapshot.requirements.len()
                || usize::from(item.shape) >= engine.market.shapes.len()
                || item.refers_to().any(|agent| agent >= seats)
        }) || snapshot.seats.iter().any(|seat| {
            let named = seat.work.iter().chain(&seat.directed);
            let missing =
                |item: &ItemIndex| *item >= items || snapshot.items[*item as usize].is_none();
            named.into_iter().any(missing)
        }) || snapshot.vacant.iter().any(|index| *index >= items);
        if torn {
            return Err(RestoreError::Torn);
        }
        engine.items = snapshot.items;
        engine.vacant = snapshot.vacant;
        engine.seats = snapshot.seats;
        engine.next_seq = snapshot.next_seq;
        engine.next_token = snapshot.next_token;
        engine.position = snapshot.position;
        engine.digest = snapshot.digest;
        engine.owner = snapshot.owner;
        engine.relink();
        engine.rebuild();
        engine.settle_timers();
        Ok(engine)
    }

    /// What can be found by name, and what is due.
    fn relink(&mut self) {
        for index in 0..self.seats.len() as AgentIndex {
            let seat = self.seat(index);
            let timers = [
                (seat.lease, Timer::Lease(index)),
                (seat.shift_change, Timer::Shift(index)),
                (seat.damped_until, Timer::Damper(index)),
                (seat.returns_at, Timer::Return(index)),
            ];
            let id = seat.agent.id;
            self.seat_of.insert(id, index);
            for (at, timer) in timers {
                self.set_timer(at, timer);
            }
        }
        for index in 0..self.items.len() as ItemIndex {
            let Some(item) = &self.items[index as usize] else { continue };
            let due = item.state.ends();
            let (id, next, bars) = (item.id, item.next, item.barred().to_vec());
            self.item_of.insert(id, index, &self.items);
            self.set_timer(due, Timer::State(index));
            self.set_timer(next, Timer::Next(index));
            for bar in bars {
                self.set_timer(bar.until, Timer::Bar(index, bar.agent));
            }
        }
    }
}

impl Item {
    fn refers_to(&self) -> impl Iterator<Item = AgentIndex> {
        let parked = match self.state {
            State::Parked { agent } => Some(agent),
            other => other.holder(),
        };
        let barred = self.barred().iter().map(|bar| bar.agent);
        parked.into_iter().chain(barred).chain(self.owners()).chain(self.giver())
    }
}

/// A snapshot cannot be restored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// A later release wrote it.
    #[error("the snapshot has version {found}; this release reads version {VERSION}")]
    Version {
        /// Its version.
        found: u16,
    },
    /// Its rules cannot be used.
    #[error(transparent)]
    Centre(#[from] crate::CentreError),
    /// It names what is not in it.
    #[error("the snapshot names contacts, agents or queues that are not in it")]
    Torn,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("version", &self.version)
            .field("agents", &self.seats.len())
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}
