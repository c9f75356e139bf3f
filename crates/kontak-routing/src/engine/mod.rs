//! The engine: inputs in, decisions out.

mod arrive;
mod batch;
mod drain;
mod duty;
mod estimate;
mod explain;
mod give;
mod index;
mod install;
mod instant;
mod invariants;
mod item;
mod load;
mod log;
mod market;
mod numbers;
mod queueing;
mod requirements;
mod rules;
mod seat;
mod snapshot;
mod stats;
#[cfg(test)]
mod tests;
mod timer;
mod transfer;
mod view;
mod work;

pub use estimate::Estimate;
pub use invariants::Violation;
pub use log::{Entry, Fenced, Owner, ReplayError};
pub use rules::WhyNot;
pub use snapshot::{RestoreError, Snapshot};
pub use stats::{AgentStats, QueueStats, Stats};
pub use view::Where;

pub(crate) use instant::{instant, micros};

use crate::{Centre, Decision, Input, Refusal};
use chrono::{DateTime, Utc};
use hashbrown::HashMap;
use instant::Micros;
use item::{AgentIndex, Item, ItemIndex, QueueIndex, State};
use kontak_types::{AgentId, QueueId, WorkItemId};
use log::Digest;
use market::Market;
use numbers::Numbers;
use seat::Seat;
use stats::QueueRecord;
use timer::Timers;

/// Decides who serves which contact, for one tenant.
///
/// [`handle`](Self::handle) takes what happened and returns what follows from it. Whatever changes,
/// all that can be assigned is assigned at once. There is no clock: pass `now`, and call
/// [`handle_timeout`](Self::handle_timeout) when [`next_deadline`](Self::next_deadline) has come.
///
/// ```
/// use kontak_routing::chrono::DateTime;
/// use kontak_routing::{Agent, Centre, Decision, Engine, Input, Presence, WorkItem};
/// use kontak_types::{AgentId, WorkItemId, uuid::Uuid};
///
/// let centre: Centre = toml::from_str("[queues.sales]\nrequirement = 'sales'")?;
/// let centre = centre.with_numbered_queues();
/// let queue = centre.queues["sales"].id;
/// let mut engine = Engine::new(centre)?;
///
/// let now = DateTime::UNIX_EPOCH;
/// let (ana, call) = (AgentId::new(Uuid::from_u128(1)), WorkItemId::new(Uuid::from_u128(2)));
/// let agent = Agent::new(ana).with_skill("sales".parse()?, 3.try_into()?).with_channel("voice", 1);
/// engine.handle(now, Input::SetAgent(Box::new(agent)));
/// engine.handle(now, Input::Arrive(Box::new(WorkItem::new(call, queue, "voice"))));
/// let decisions = engine.handle(now, Input::SetPresence { agent: ana, presence: Presence::Available });
/// assert!(matches!(decisions[..], [Decision::Assigned { item, agent, .. }] if item == call && agent == ana));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Engine {
    centre: Centre,
    /// Queues by their number, in the order of their names.
    queues: Vec<QueueRecord>,
    queue_of: HashMap<QueueId, QueueIndex>,
    items: Vec<Option<Item>>,
    vacant: Vec<ItemIndex>,
    item_of: Numbers,
    seats: Vec<Seat>,
    seat_of: HashMap<AgentId, AgentIndex>,
    market: Market,
    timers: Timers,
    now: Micros,
    next_seq: u64,
    next_token: u64,
    position: u64,
    digest: Digest,
    /// What the digest takes up next; kept for its room.
    link: Vec<u8>,
    owner: Owner,
    /// Who may have become able to take something, and what may have become free to take.
    stirred_agents: Vec<AgentIndex>,
    stirred_items: Vec<ItemIndex>,
    decisions: Vec<Decision>,
    #[cfg(test)]
    audit: tests::Audit,
}

impl Engine {
    /// An engine with these rules, where nobody works and nothing waits.
    ///
    /// # Errors
    /// What [`Centre::check`] says.
    pub fn new(centre: Centre) -> Result<Self, crate::CentreError> {
        centre.check()?;
        let mut engine = Self {
            centre: Centre::default(),
            queues: Vec::new(),
            queue_of: HashMap::new(),
            items: Vec::new(),
            vacant: Vec::new(),
            item_of: Numbers::default(),
            seats: Vec::new(),
            seat_of: HashMap::new(),
            market: Market::default(),
            timers: Timers::default(),
            now: Micros::MIN,
            next_seq: 0,
            next_token: 0,
            position: 0,
            digest: Digest::default(),
            link: Vec::new(),
            owner: Owner::default(),
            stirred_agents: Vec::new(),
            stirred_items: Vec::new(),
            decisions: Vec::new(),
            #[cfg(test)]
            audit: tests::Audit::default(),
        };
        engine.install(centre);
        Ok(engine)
    }

    /// Takes what happened, and returns what follows from it.
    ///
    /// An instant before the last one counts as the last one. What was due before is done first.
    ///
    /// Complexity: O(log n) and the search for the best partner; see [`Input`] for what is rarer and
    /// costs more.
    #[must_use = "what was decided has to be carried out"]
    pub fn handle(&mut self, now: DateTime<Utc>, input: Input) -> Vec<Decision> {
        self.now = self.now.max(micros(now));
        let mut link = std::mem::take(&mut self.link);
        link.clear();
        link = log::encode(&(self.position, self.now, &input), link);
        self.position += 1;
        if self.fire() {
            self.drain();
        }
        if let Err(refusal) = self.act(input) {
            self.decisions.push(Decision::Refused(refusal));
        }
        self.drain();
        // What is to last for no time at all.
        while self.fire() {
            self.drain();
        }
        self.settle_timers();
        self.prune();
        let decisions = std::mem::take(&mut self.decisions);
        self.link = log::encode(&decisions, link);
        self.digest.add(&self.link);
        decisions
    }

    /// Does what is due by now.
    #[must_use = "what was decided has to be carried out"]
    pub fn handle_timeout(&mut self, now: DateTime<Utc>) -> Vec<Decision> {
        self.handle(now, Input::Timeout)
    }

    /// When something is due next: an offer, a hold, a lease, a step, opening hours.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.timers.first().map(instant)
    }

    /// The rules.
    #[must_use]
    pub fn centre(&self) -> &Centre {
        &self.centre
    }

    /// The last instant that it was told of.
    #[must_use]
    pub fn now(&self) -> Option<DateTime<Utc>> {
        (self.now > Micros::MIN).then(|| instant(self.now))
    }

    fn act(&mut self, input: Input) -> Result<(), Refusal> {
        match input {
            Input::SetCentre(centre) => self.set_centre(*centre),
            Input::SetAgent(agent) => {
                self.set_agent(*agent);
                Ok(())
            }
            Input::RemoveAgent(agent) => self.remove_agent(agent),
            Input::SetPresence { agent, presence } => self.set_presence(agent, presence),
            Input::Heartbeat { agent } => self.heartbeat(agent),
            Input::Crash { agent } => self.crash(agent),
            Input::Arrive(work) => self.arrive(*work),
            Input::Revise(work) => self.revise(*work),
            Input::BotDone { item } => self.bot_done(item),
            Input::Accept { item, token } => self.accept(item, token),
            Input::Decline { item, token } => self.decline(item, token),
            Input::Complete { item } => self.complete(item),
            Input::WrapUpDone { item } => self.wrap_up_done(item),
            Input::Park { item } => self.park(item),
            Input::Unpark { item } => self.unpark(item),
            Input::Leave { item, how } => self.leave(item, how),
            Input::CallBack { item, not_before } => self.call_back(item, not_before),
            Input::Transfer { item, to, mode, may_return } => {
                self.transfer(item, to, mode, may_return)
            }
            Input::Assign { item, agent, by } => self.assign(item, agent, by),
            Input::Timeout => Ok(()),
            Input::Give { work, agent, by } => self.put_in_hand(*work, agent, by),
        }
    }

    fn item_index(&self, id: WorkItemId) -> Result<ItemIndex, Refusal> {
        self.find_item(id).ok_or(Refusal::NoItem)
    }

    fn find_item(&self, id: WorkItemId) -> Option<ItemIndex> {
        self.item_of.find(id, &self.items)
    }

    fn agent_index(&self, id: AgentId) -> Result<AgentIndex, Refusal> {
        let known = self.seat_of.get(&id).copied();
        known.filter(|index| !self.seats[*index as usize].removed).ok_or(Refusal::NoAgent)
    }

    fn item(&self, index: ItemIndex) -> &Item {
        self.items[index as usize].as_ref().expect("an index is kept only while its item is")
    }

    /// Whether a contact of a list is there still. Ending one ends what is asked about it, and turning
    /// one away as well: whoever goes through a list asks again at each.
    fn is_kept(&self, index: ItemIndex) -> bool {
        self.items[index as usize].is_some()
    }

    fn waits_in_pool(&self, index: ItemIndex) -> bool {
        self.items[index as usize].as_ref().is_some_and(|item| item.state == State::Waiting)
    }

    fn item_mut(&mut self, index: ItemIndex) -> &mut Item {
        self.items[index as usize].as_mut().expect("an index is kept only while its item is")
    }

    fn seat(&self, index: AgentIndex) -> &Seat {
        &self.seats[index as usize]
    }

    fn seat_mut(&mut self, index: AgentIndex) -> &mut Seat {
        &mut self.seats[index as usize]
    }

    fn queue(&self, index: QueueIndex) -> &crate::Queue {
        &self.queues[index as usize].rules
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("agents", &self.seat_of.len())
            .field("items", &self.item_of.len())
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
