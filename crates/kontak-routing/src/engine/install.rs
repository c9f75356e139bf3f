//! Taking on rules.

use super::Engine;
use super::item::{AgentIndex, ItemIndex, QueueIndex, State};
use super::load::Load;
use super::queueing::Opening;
use super::stats::QueueRecord;
use super::timer::Timer;
use crate::{Centre, Refusal};
use hashbrown::HashMap;
use kontak_types::QueueId;

impl Engine {
    pub(super) fn set_centre(&mut self, centre: Centre) -> Result<(), Refusal> {
        centre.check().map_err(|error| Refusal::Centre(error.to_string()))?;
        let kept = |id: &QueueId| centre.queues.values().any(|queue| queue.id == *id);
        let mut used = self.items.iter().flatten().map(|item| self.queue(item.queue).id);
        if let Some(missing) = used.find(|id| !kept(id)) {
            return Err(Refusal::QueueInUse(missing));
        }
        self.install(centre);
        Ok(())
    }

    /// The rules are these; what waits is measured by them anew, and keeps its arrival.
    pub(super) fn install(&mut self, centre: Centre) {
        let ids: Vec<QueueId> = self.queues.iter().map(|queue| queue.rules.id).collect();
        let mut before: HashMap<QueueId, QueueRecord> = HashMap::new();
        for queue in std::mem::take(&mut self.queues) {
            before.insert(queue.rules.id, queue);
        }
        self.queue_of.clear();
        for (number, (name, rules)) in centre.queues.iter().enumerate() {
            let mut record = QueueRecord::new(name.clone(), rules.clone());
            if let Some(old) = before.remove(&rules.id) {
                record = QueueRecord { name: name.clone(), rules: rules.clone(), ..old };
            }
            self.set_timer(record.batch_at, Timer::Batch(number as QueueIndex));
            record.hours_at = None;
            self.queue_of.insert(rules.id, number as QueueIndex);
            self.queues.push(record);
        }
        self.centre = centre;
        for queue in 0..self.queues.len() as QueueIndex {
            self.set_hours(queue);
        }
        for index in 0..self.items.len() as ItemIndex {
            self.measure_anew(index, &ids);
        }
        for index in 0..self.seats.len() as AgentIndex {
            self.load_anew(index);
            self.change_shift(index);
        }
        self.rebuild();
        for index in 0..self.seats.len() as AgentIndex {
            self.stir_agent(index);
        }
        for queue in 0..self.queues.len() as QueueIndex {
            if matches!(self.queues[queue as usize].opening, Opening::Shut { .. }) {
                self.change_hours(queue);
            }
        }
    }

    fn measure_anew(&mut self, index: ItemIndex, ids: &[QueueId]) {
        let Some(item) = &self.items[index as usize] else { return };
        let queue = self.queue_of[&ids[item.queue as usize]];
        let rules = self.queue(queue);
        let anchor = rules.anchor(item.arrived, item.due());
        let most_steps = rules.steps.len() as u16;
        let cost = self.centre.channel(self.market.channel(item.shape));
        let state = item.state;
        let item = self.item_mut(index);
        (item.queue, item.anchor, item.cost) = (queue, anchor, cost);
        item.step = item.step.min(most_steps);
        item.next = None;
        if state.waits() {
            self.schedule(index);
        }
        if state == State::Waiting {
            self.stirred_items.push(index);
        }
    }

    fn load_anew(&mut self, agent: AgentIndex) {
        let mut load = Load::default();
        for index in &self.seat(agent).work {
            let item = self.item(*index);
            load.add(item.shape, item.cost);
            if matches!(item.state, State::Interrupted { .. }) {
                if item.cost.interruptible {
                    load.interrupt(item.cost);
                } else {
                    // It cannot be interrupted any more, and goes on.
                }
            }
        }
        self.seat_mut(agent).load = load;
    }
}
