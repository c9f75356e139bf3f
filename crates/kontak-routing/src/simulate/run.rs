use super::contact::{Contact, Ending, Fate, Staff};
use crate::engine::{instant, micros};
use crate::{
    Centre, CentreError, Decision, Engine, Input, Leaving, Presence, TransferMode, TransferTarget,
    WorkItem,
};
use chrono::{DateTime, Utc};
use kontak_types::{AgentId, WorkItemId, uuid::Uuid};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Contacts run through an [`Engine`] by its public interface, event by event. Every offer is
/// accepted at once.
///
/// ```
/// use kontak_routing::chrono::{DateTime, TimeDelta};
/// use kontak_routing::simulate::{Contact, Ending, Simulation, Staff};
/// use kontak_routing::{Agent, Centre};
/// use kontak_types::{AgentId, uuid::Uuid};
///
/// let centre: Centre = toml::from_str("[queues.sales]")?;
/// let centre = centre.with_numbered_queues();
/// let queue = centre.queues["sales"].id;
/// let agent = Agent::new(AgentId::new(Uuid::from_u128(1))).with_channel("voice", 1);
///
/// let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
/// let calls = [0, 10].map(|second| Contact::new(at(second), queue, "voice".into(), 60.0));
/// let mut waits = Vec::new();
/// Simulation::new(centre, vec![Staff::always(agent)])?.run(calls, |fate| {
///     assert_eq!(fate.ending, Ending::Served);
///     waits.push(fate.waited_seconds);
/// });
/// assert_eq!(waits, [0.0, 50.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Simulation {
    engine: Engine,
    staff: Vec<Staff>,
    events: BinaryHeap<Reverse<(i64, u64, Event)>>,
    next_event: u64,
    slots: Vec<Slot>,
    vacant: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Comes(u32),
    Goes(u32),
    /// A part of the service is done, if nothing came between.
    Done {
        slot: u32,
        generation: u32,
    },
    /// The customer gives up, if nobody has them yet.
    GivesUp {
        slot: u32,
        generation: u32,
    },
}

/// A contact under way.
#[derive(Debug)]
struct Slot {
    contact: Option<Contact>,
    generation: u32,
    /// Counts what was planned for it, so that what is outdated is told.
    plan: u32,
    first_had: Option<i64>,
    agents: Vec<AgentId>,
    parts_done: usize,
    /// What is left of its part, and since when it runs.
    left: i64,
    running_since: Option<i64>,
}

impl Simulation {
    /// A centre with these rules and people.
    ///
    /// # Errors
    /// What [`Centre::check`] says.
    pub fn new(centre: Centre, staff: Vec<Staff>) -> Result<Self, CentreError> {
        Ok(Self {
            engine: Engine::new(centre)?,
            staff,
            events: BinaryHeap::new(),
            next_event: 0,
            slots: Vec::new(),
            vacant: Vec::new(),
        })
    }

    /// The engine, for its statistics and explanations.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Runs the contacts, which come in the order of their arrival, until all of them have ended or
    /// nothing more can happen. `ended` is told what became of each; `look` is shown the engine
    /// before each arrival.
    pub fn run_watched(
        &mut self,
        contacts: impl IntoIterator<Item = Contact>,
        mut ended: impl FnMut(Fate),
        mut look: impl FnMut(&Engine, DateTime<Utc>),
    ) {
        let mut contacts = contacts.into_iter().peekable();
        let first = contacts.peek().map_or(0, |contact| micros(contact.at));
        self.open(first);
        loop {
            let arrival = contacts.peek().map(|contact| micros(contact.at));
            let event = self.events.peek().map(|Reverse((at, ..))| *at);
            let deadline = self.engine.next_deadline().map(micros);
            let Some(next) = [arrival, event].into_iter().flatten().min() else {
                // Only deadlines are left: something may still be held, or nobody is there any more.
                match deadline {
                    Some(at) if !self.engine.is_empty() && self.someone_may_come() => {
                        self.step(at, Input::Timeout, &mut ended);
                        continue;
                    }
                    _ => break,
                }
            };
            if let Some(deadline) = deadline.filter(|deadline| *deadline <= next) {
                self.step(deadline, Input::Timeout, &mut ended);
            } else if event == Some(next) {
                if let Some(Reverse((at, _, event))) = self.events.pop() {
                    self.happen(at, event, &mut ended);
                }
            } else if let Some(contact) = contacts.next() {
                look(&self.engine, contact.at);
                self.arrive(contact, &mut ended);
            }
        }
        let end = self.engine.now().unwrap_or_default();
        for slot in 0..self.slots.len() {
            self.close(slot as u32, end, Ending::TurnedAway, &mut ended);
        }
    }

    /// As [`run_watched`](Self::run_watched), without watching.
    pub fn run(&mut self, contacts: impl IntoIterator<Item = Contact>, ended: impl FnMut(Fate)) {
        self.run_watched(contacts, ended, |_, _| {});
    }

    fn open(&mut self, first: i64) {
        for number in 0..self.staff.len() {
            let staff = &self.staff[number];
            let (from, to) = (staff.from.map_or(first, micros), staff.to.map(micros));
            let agent = staff.agent.clone();
            let decisions = self.engine.handle(instant(first), Input::SetAgent(Box::new(agent)));
            debug_assert!(decisions.is_empty(), "nothing waits yet");
            self.plan(from, Event::Comes(number as u32));
            if let Some(to) = to {
                self.plan(to, Event::Goes(number as u32));
            }
        }
    }

    fn someone_may_come(&self) -> bool {
        self.slots.iter().any(|slot| slot.contact.is_some())
            && self.staff.iter().any(|staff| staff.to.is_none())
    }

    fn plan(&mut self, at: i64, event: Event) {
        self.events.push(Reverse((at, self.next_event, event)));
        self.next_event += 1;
    }

    fn step(&mut self, at: i64, input: Input, ended: &mut impl FnMut(Fate)) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let handed_on = match input {
                Input::Transfer { item, .. } => Some(item),
                _ => None,
            };
            for decision in self.engine.handle(instant(at), input) {
                if let (Decision::Refused(_), Some(item)) = (&decision, handed_on) {
                    // Whoever cannot hand it on finishes it.
                    inputs.push(Input::Complete { item });
                }
                self.follow(at, &decision, &mut inputs, ended);
            }
        }
    }

    fn arrive(&mut self, contact: Contact, ended: &mut impl FnMut(Fate)) {
        let at = micros(contact.at);
        let number = self.vacant.pop().unwrap_or(self.slots.len() as u32);
        let generation =
            self.slots.get(number as usize).map_or(0, |slot| slot.generation.wrapping_add(1));
        let mut work = WorkItem::new(id(number, generation), contact.queue, "voice")
            .with_requirement(contact.requirement.clone())
            .with_priority(contact.priority);
        work.channel = contact.channel.clone();
        work.due = contact.due;
        work.preferred = contact.preferred.clone();
        let patience = contact.patience_seconds.map(|seconds| at + span(seconds));
        let left = span(contact.service_seconds);
        let slot = Slot {
            contact: Some(contact),
            generation,
            plan: 0,
            first_had: None,
            agents: Vec::new(),
            parts_done: 0,
            left,
            running_since: None,
        };
        match self.slots.get_mut(number as usize) {
            Some(old) => *old = slot,
            None => self.slots.push(slot),
        }
        if let Some(gives_up) = patience {
            self.plan(gives_up, Event::GivesUp { slot: number, generation });
        }
        self.step(at, Input::Arrive(Box::new(work)), ended);
    }

    fn happen(&mut self, at: i64, event: Event, ended: &mut impl FnMut(Fate)) {
        match event {
            Event::Comes(number) | Event::Goes(number) => {
                let agent = self.staff[number as usize].agent.id;
                let presence = match event {
                    Event::Comes(_) => Presence::Available,
                    // What they have they finish.
                    _ => Presence::Break,
                };
                self.step(at, Input::SetPresence { agent, presence }, ended);
            }
            Event::Done { slot, generation } => {
                let of = &mut self.slots[slot as usize];
                let Some(contact) = of.contact.as_ref().filter(|_| of.plan == generation) else {
                    return;
                };
                of.running_since = None;
                let item = id(slot, of.generation);
                match contact.transfers.get(of.parts_done).copied() {
                    None => self.step(at, Input::Complete { item }, ended),
                    Some(queue) => {
                        of.parts_done += 1;
                        of.left = span(contact.service_seconds);
                        let to = TransferTarget::Queue(queue);
                        let mode = TransferMode::Cold;
                        let transfer = Input::Transfer { item, to, mode, may_return: false };
                        self.step(at, transfer, ended);
                    }
                }
            }
            Event::GivesUp { slot, generation } => {
                let of = &self.slots[slot as usize];
                if of.generation == generation && of.contact.is_some() && of.first_had.is_none() {
                    let item = id(slot, generation);
                    self.step(at, Input::Leave { item, how: Leaving::Abandoned }, ended);
                }
            }
        }
    }

    fn follow(
        &mut self,
        at: i64,
        decision: &Decision,
        inputs: &mut Vec<Input>,
        ended: &mut impl FnMut(Fate),
    ) {
        match *decision {
            Decision::Offer { item, token, .. } => inputs.push(Input::Accept { item, token }),
            Decision::Assigned { item, agent, .. } => {
                let slot = number(item);
                let of = &mut self.slots[slot as usize];
                of.first_had.get_or_insert(at);
                of.agents.push(agent);
                self.go(at, slot);
            }
            Decision::Resumed { item, .. } => self.go(at, number(item)),
            Decision::Interrupted { item, .. } | Decision::Returned { item, .. } => {
                let of = &mut self.slots[number(item) as usize];
                if let Some(since) = of.running_since.take() {
                    of.left = (of.left - (at - since)).max(0);
                }
                of.plan += 1;
            }
            Decision::WrapUp { item, .. } => {
                // Its customer is served; the agent is free when the engine says so.
                self.close(number(item), instant(at), Ending::Served, ended);
            }
            Decision::Ended { item, how, .. } => {
                let ending = match how {
                    None => Ending::Served,
                    Some(_) => Ending::Abandoned,
                };
                self.close(number(item), instant(at), ending, ended);
                self.vacant.push(number(item));
            }
            Decision::TurnedAway { item, .. } => {
                self.close(number(item), instant(at), Ending::TurnedAway, ended);
                self.vacant.push(number(item));
            }
            _ => {}
        }
    }

    /// The service of a part begins or goes on.
    fn go(&mut self, at: i64, slot: u32) {
        let of = &mut self.slots[slot as usize];
        of.plan += 1;
        of.running_since = Some(at);
        let (done, plan) = (at + of.left, of.plan);
        self.plan(done, Event::Done { slot, generation: plan });
    }

    fn close(
        &mut self,
        slot: u32,
        now: DateTime<Utc>,
        ending: Ending,
        ended: &mut impl FnMut(Fate),
    ) {
        let of = &mut self.slots[slot as usize];
        let Some(contact) = of.contact.take() else { return };
        let until = of.first_had.unwrap_or_else(|| micros(now));
        let waited_seconds = (until - micros(contact.at)) as f64 / 1e6;
        let agents = std::mem::take(&mut of.agents);
        ended(Fate { contact, ending, waited_seconds, agents });
    }
}

/// Slot and generation make the id; nothing has to be looked up.
fn id(slot: u32, generation: u32) -> WorkItemId {
    WorkItemId::new(Uuid::from_u128(1 << 127 | u128::from(generation) << 32 | u128::from(slot)))
}

fn number(item: WorkItemId) -> u32 {
    item.as_uuid().as_u128() as u32
}

fn span(seconds: f64) -> i64 {
    (seconds.max(0.0) * 1e6).round() as i64
}
