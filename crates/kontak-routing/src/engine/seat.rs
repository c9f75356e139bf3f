use super::instant::Micros;
use super::item::{AgentIndex, ItemIndex};
use super::load::Load;
use crate::{Agent, Presence, Strategy};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// An agent and what they have in hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Seat {
    pub(super) agent: Agent,
    /// Works here no longer.
    pub(super) removed: bool,
    pub(super) presence: Presence,
    /// Until when the last sign of life lasts.
    pub(super) lease: Option<Micros>,
    pub(super) lapsed: bool,
    pub(super) shift_open: bool,
    pub(super) shift_change: Option<Micros>,
    pub(super) shift_close: Option<Micros>,
    pub(super) on_duty_since: Option<Micros>,
    pub(super) damped_until: Option<Micros>,
    /// When what they have goes back, because they are not there.
    pub(super) returns_at: Option<Micros>,
    /// Offers in a row that they did not answer.
    pub(super) missed: u32,
    pub(super) load: Load,
    /// All that takes their capacity, in the order in which it came.
    pub(super) work: SmallVec<[ItemIndex; 4]>,
    /// What waits for them by name.
    pub(super) directed: Vec<ItemIndex>,
    pub(super) idle_since: Micros,
    /// Contacts had, over weight.
    pub(super) virtual_time: u64,
    pub(super) served: u64,
    pub(super) busy: Micros,
    pub(super) on_duty: Micros,
    pub(super) accounted: Micros,
    #[serde(skip)]
    pub(super) index: SeatIndex,
}

/// What follows from the rest, and is built anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SeatIndex {
    pub(super) profile: u32,
    /// The most at once, by channel.
    pub(super) caps: SmallVec<[u16; 8]>,
    /// Where they stand among the free, if they are.
    pub(super) place: Option<Box<Place>>,
}

/// A place among the free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// A bit for each channel of which one more fits.
    pub(super) fits: u64,
    pub(super) keys: [Rank; Strategy::ALL.len()],
}

/// Less is sooner.
pub(super) type Rank = (i64, i64, AgentIndex);

/// One contact, for a weight of 1.
pub(super) const TURN: u64 = 1 << 20;

impl Seat {
    pub(super) fn new(agent: Agent, now: Micros) -> Self {
        Self {
            agent,
            removed: false,
            presence: Presence::Offline,
            lease: None,
            lapsed: false,
            shift_open: true,
            shift_change: None,
            shift_close: None,
            on_duty_since: None,
            damped_until: None,
            returns_at: None,
            missed: 0,
            load: Load::default(),
            work: SmallVec::new(),
            directed: Vec::new(),
            idle_since: now,
            virtual_time: 0,
            served: 0,
            busy: 0,
            on_duty: 0,
            accounted: now,
            index: SeatIndex::default(),
        }
    }

    pub(super) fn is_on_duty(&self) -> bool {
        !self.removed && self.presence == Presence::Available && !self.lapsed && self.shift_open
    }

    /// On duty, and no damper in force.
    pub(super) fn is_available(&self) -> bool {
        self.is_on_duty() && self.damped_until.is_none()
    }

    /// Where each strategy would put them.
    pub(super) fn ranks(&self, own: AgentIndex) -> [Rank; Strategy::ALL.len()] {
        let share = i64::from(self.load.used()) * 1_000_000 / i64::from(self.agent.capacity.max(1));
        Strategy::ALL.map(|strategy| {
            let first = match strategy {
                Strategy::LongestIdle => i64::from(!self.load.is_empty()),
                Strategy::LeastOccupied => {
                    (i128::from(self.busy) * 1_000_000 / i128::from(self.on_duty.max(1))) as i64
                }
                Strategy::WeightedRoundRobin => self.virtual_time as i64,
                Strategy::SpareCapacity => share,
            };
            (first, self.idle_since, own)
        })
    }

    /// Adds up the time since it was last done: busy by share of the capacity.
    pub(super) fn account(&mut self, now: Micros) {
        let passed = now - self.accounted;
        self.accounted = now;
        if self.is_on_duty() {
            self.on_duty += passed;
            let used = self.load.used().min(self.agent.capacity);
            self.busy += passed * i64::from(used) / i64::from(self.agent.capacity.max(1));
        }
    }
}
