//! Keeping the index: classes of contacts, profiles of agents, places among the free.

use super::Engine;
use super::instant::Micros;
use super::item::{AgentIndex, ClassIndex, ItemIndex, QueueIndex, State};
use super::market::{ClassKey, Market};
use super::seat::Place;
use super::timer::Timer;
use crate::centre::{Lane, StepChange, seconds};
use crate::requirement::{Atom, TooComplex};
use crate::{Requirement, Strategy};

/// Classes that are kept although nobody waits in them, before the index is built anew.
const IDLE_CLASSES: usize = 8_192;

impl Engine {
    /// What a contact asks for after the steps it is through.
    pub(super) fn asked(&self, queue: QueueIndex, own: u32, steps: u16) -> Requirement {
        let rules = self.queue(queue);
        let own = self.market.requirements.get(own);
        let mut asked = rules.requirement.clone() & own.clone();
        for step in rules.steps.iter().take(usize::from(steps)) {
            asked = match &step.change {
                StepChange::Drop(skills) => asked.without(skills),
                StepChange::LowerBy(levels) => asked.lowered(*levels),
                StepChange::Widen(requirement) => asked | requirement.clone(),
                StepChange::WidenTo(name) => asked | self.centre.queues[name].requirement.clone(),
                StepChange::Anyone => Requirement::Anyone,
            };
        }
        asked
    }

    /// The class of a contact as it stands.
    pub(super) fn class_of(&mut self, index: ItemIndex) -> Result<ClassIndex, TooComplex> {
        let item = self.item(index);
        let (queue, own, step, shape) = (item.queue, item.own, item.step, item.shape);
        let rules = self.queue(queue);
        let lane = if item.promoted { Lane::promoted() } else { rules.lane(item.priority) };
        let takes = if rules.finish_before_close { seconds(rules.expected_seconds) } else { 0 };
        let requirement = match self.market.asked.get(&(queue, own, step)) {
            Some(known) => *known,
            None => {
                let asked = self.asked(queue, own, step);
                let number = self.market.requirements.number(&asked);
                self.market.asked.insert((queue, own, step), number);
                number
            }
        };
        let key = ClassKey { requirement, shape, lane, takes };
        if let Some(known) = self.market.known_class(&key) {
            return Ok(known);
        }
        let (class, fresh) = self.market.new_class(key)?;
        self.tell_apart(&fresh);
        Ok(class)
    }

    /// Agents of whom a new bit is true get a profile that has it.
    fn tell_apart(&mut self, fresh: &[(Atom, u32)]) {
        if fresh.is_empty() {
            return;
        }
        for index in 0..self.seats.len() as AgentIndex {
            let agent = &self.seat(index).agent;
            let true_of_them = fresh.iter().filter(|(atom, _)| is_true(atom, agent));
            let later: Vec<usize> = true_of_them.map(|(_, bit)| *bit as usize).collect();
            if !later.is_empty() {
                self.reprofile(index, &later);
            }
        }
    }

    fn reprofile(&mut self, index: AgentIndex, later: &[usize]) {
        let was_placed = self.seat(index).index.place.is_some();
        self.unplace(index);
        let seat = &mut self.seats[index as usize];
        let on_duty = i32::from(seat.is_on_duty());
        let before = seat.index.profile;
        seat.index.profile = self.market.join_beside(before, later);
        self.market.count_on_duty(before, -on_duty);
        self.market.count_on_duty(seat.index.profile, on_duty);
        self.market.quit(before);
        // Who was stirred is placed when they have looked for work.
        if was_placed {
            self.place(index);
        }
    }

    /// Takes an agent out of the free.
    pub(super) fn unplace(&mut self, index: AgentIndex) {
        let seat = &mut self.seats[index as usize];
        if let Some(place) = seat.index.place.take() {
            self.market.remove_free(seat.index.profile, &place);
        }
    }

    /// Puts an agent among the free, if something fits.
    pub(super) fn place(&mut self, index: AgentIndex) {
        let fits = self.fits(index);
        let seat = &mut self.seats[index as usize];
        if fits == 0 || seat.index.place.is_some() {
            return;
        }
        let place = Box::new(Place { fits, keys: seat.ranks(index) });
        self.market.insert_free(seat.index.profile, &place);
        seat.index.place = Some(place);
    }

    /// A bit for each channel of which one more fits now.
    pub(super) fn fits(&self, index: AgentIndex) -> u64 {
        let seat = self.seat(index);
        if !seat.is_available() {
            return 0;
        }
        let mut fits = 0;
        for (shape, cap) in seat.index.caps.iter().enumerate() {
            let cost = self.market.cost(shape as u8);
            if seat.load.count(shape as u8) < *cap && seat.load.has_room(seat.agent.capacity, cost)
            {
                fits |= 1 << shape;
            }
        }
        fits
    }

    /// Builds the index anew from contacts and agents.
    pub(super) fn rebuild(&mut self) {
        let mut strategies: Vec<Strategy> =
            self.queues.iter().map(|queue| queue.rules.strategy).collect();
        strategies.push(Strategy::LongestIdle);
        strategies.sort_unstable();
        strategies.dedup();
        let shapes = std::mem::take(&mut self.market.shapes);
        let requirements = std::mem::take(&mut self.market.requirements);
        self.market = Market::new(strategies, self.centre.channels.clone());
        for channel in shapes {
            self.market.shape(&channel);
        }
        for index in 0..self.seats.len() {
            let seat = &mut self.seats[index];
            seat.index.place = None;
            seat.index.profile = self.market.join(&seat.agent);
            self.market.count_on_duty(seat.index.profile, i32::from(seat.is_on_duty()));
            self.set_caps(index as AgentIndex);
        }
        for index in 0..self.items.len() as ItemIndex {
            if let Some(item) = &mut self.items[index as usize] {
                item.own = self.market.requirements.number(requirements.get(item.own));
                // It was compiled before, and compiling does not depend on what else there is.
                if let Ok(class) = self.class_of(index) {
                    self.item_mut(index).class = class;
                }
                if self.item(index).state == State::Waiting {
                    self.enlist(index);
                }
            }
        }
        for index in 0..self.seats.len() as AgentIndex {
            self.place(index);
        }
    }

    pub(super) fn set_caps(&mut self, index: AgentIndex) {
        let seat = &mut self.seats[index as usize];
        seat.index.caps.clear();
        for (channel, most) in &seat.agent.channels {
            if let Some(shape) = self.market.shape(channel) {
                let shape = usize::from(shape);
                seat.index.caps.resize(seat.index.caps.len().max(shape + 1), 0);
                seat.index.caps[shape] = *most;
            }
        }
    }

    /// Where kinds of requests keep being new, those that nobody waits for are forgotten in time.
    pub(super) fn prune(&mut self) {
        if self.market.classes() > 2 * self.item_of.len() + IDLE_CLASSES {
            self.rebuild();
        }
    }

    /// Puts a contact where agents look for it.
    pub(super) fn enlist(&mut self, index: ItemIndex) {
        let item = self.item(index);
        let (class, at, barred) = (item.class, item.place(), !item.barred().is_empty());
        self.market.enqueue(class, at, index, barred);
    }

    pub(super) fn delist(&mut self, index: ItemIndex) {
        let item = self.item(index);
        let (class, at, barred) = (item.class, item.place(), !item.barred().is_empty());
        self.market.dequeue(class, at, barred);
    }

    /// It may be given to this agent again.
    pub(super) fn unbar(&mut self, index: ItemIndex, agent: AgentIndex) {
        let waiting = self.item(index).state == State::Waiting;
        let rare = self.item_mut(index).rare();
        rare.barred.retain(|bar| bar.agent != agent);
        let none_left = rare.barred.is_empty();
        if waiting {
            if none_left {
                let class = self.item(index).class;
                self.market.set_barred(class, -1);
            }
            self.stirred_items.push(index);
        }
    }

    /// It is not given to this agent. Only of a contact that does not wait.
    pub(super) fn bar(&mut self, index: ItemIndex, agent: AgentIndex, until: Option<Micros>) {
        let before = self.item(index).barred().iter().find(|bar| bar.agent == agent).copied();
        if before.is_some_and(|before| before.until.is_none()) {
            return;
        }
        let rare = self.item_mut(index).rare();
        rare.barred.retain(|bar| bar.agent != agent);
        rare.barred.push(super::item::Bar { agent, until });
        self.set_timer(until, Timer::Bar(index, agent));
    }
}

impl super::item::Item {
    /// Its place in its class.
    pub(super) fn place(&self) -> (Micros, u64) {
        (if self.promoted { self.arrived } else { self.anchor }, self.seq)
    }
}

fn is_true(atom: &Atom, agent: &crate::Agent) -> bool {
    match atom {
        Atom::Skill(skill, level) => {
            agent.skills.get(skill).is_some_and(|has| has.value() >= *level)
        }
        Atom::Language(language) => agent.speaks(language),
        Atom::Channel(channel) => agent.channels.get(channel).is_some_and(|most| *most > 0),
        Atom::Agent(id) => agent.id == *id,
    }
}
