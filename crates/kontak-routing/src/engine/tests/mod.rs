//! The engine beside a naive one: every search is repeated by looking at everything.

mod chaos;
mod poller;
mod shadow;
mod world;

use super::Engine;
use super::instant::Micros;
use super::item::{AgentIndex, ItemIndex, State};
use crate::{Choice, Hold, Order, Strategy};
use std::cmp::Ordering;
use std::time::Duration;

/// What came of the comparisons.
#[derive(Clone, Debug, Default)]
pub(super) struct Audit {
    /// Compare every so many searches; 0 is never.
    pub(super) every: u64,
    pub(super) searches: u64,
    pub(super) compared: u64,
    pub(super) wrong: Vec<String>,
}

/// Before which other contact one goes, told from the rules and not from keys.
fn order(engine: &Engine, a: ItemIndex, b: ItemIndex) -> Ordering {
    let urgency = |index| {
        let item = engine.item(index);
        let rules = engine.queue(item.queue);
        let tier = match (item.promoted, rules.order) {
            (true, _) => (true, 0, 0),
            (false, Order::Cost { per_hour }) => {
                let ratio = u64::from(per_hour) * 3_600 / u64::from(rules.expected_seconds);
                (false, rules.priority + item.priority, ratio as u32)
            }
            (false, _) => (false, rules.priority + item.priority, 0),
        };
        let since = |seconds: u32| Micros::from(seconds) * 1_000_000;
        let waited = engine.now - item.arrived;
        let urgency = match rules.order {
            _ if item.promoted => waited,
            Order::Arrival { head_start_seconds } => waited + since(head_start_seconds),
            Order::Ageing { slope } => waited * Micros::from(slope),
            Order::Cost { .. } => waited,
            Order::Deadline { horizon_seconds } => {
                let last = item.arrived + since(horizon_seconds);
                let due = item.due().unwrap_or(last);
                engine.now - due.max(item.arrived).min(last)
            }
        };
        (tier, urgency, std::cmp::Reverse(item.seq))
    };
    urgency(b).cmp(&urgency(a))
}

impl Engine {
    fn is_due(&mut self) -> bool {
        self.audit.searches += 1;
        self.audit.every > 0 && self.audit.searches.is_multiple_of(self.audit.every)
    }

    pub(super) fn audit_most_urgent(
        &mut self,
        agent: AgentIndex,
        found: Option<(ItemIndex, Choice)>,
    ) {
        if !self.is_due() {
            return;
        }
        self.audit.compared += 1;
        let own = self.seat(agent).agent.id;
        let may = |index: &ItemIndex| {
            let waits = self.items[*index as usize].as_ref().is_some_and(|item| match item.state {
                State::Waiting => true,
                State::Held { hold: Hold::ForAgent(id), .. } => id == own,
                _ => false,
            });
            waits && self.why_not(*index, agent).is_none()
        };
        let able: Vec<ItemIndex> = (0..self.items.len() as ItemIndex).filter(may).collect();
        let naive = able.iter().copied().min_by(|a, b| order(self, *a, *b));
        if naive != found.map(|(item, _)| item) {
            let text = format!("agent {agent}: {found:?}, naive {naive:?} of {able:?}");
            self.audit.wrong.push(text);
        }
        if let Some((chosen, Choice::MostUrgent)) = found {
            for other in able {
                self.check_overtaking(chosen, other);
            }
        }
    }

    fn check_overtaking(&mut self, chosen: ItemIndex, other: ItemIndex) {
        let (first, second) = (self.item(chosen), self.item(other));
        if first.arrived <= second.arrived || second.state != State::Waiting {
            return;
        }
        let later = Duration::from_micros((first.arrived - second.arrived) as u64);
        let wait = Duration::from_micros((self.now - second.arrived) as u64);
        let name = &self.queues[second.queue as usize].name;
        let bound = self.centre.overtaking(name).unwrap();
        let allowed = match self.head(chosen).lane.tier.cmp(&self.head(other).lane.tier) {
            Ordering::Less => bound.higher.is_none_or(|within| later <= within),
            Ordering::Equal => bound.allows(later, wait),
            Ordering::Greater => false,
        };
        if !allowed {
            let text = format!("{chosen} overtakes {other} in {name}, {later:?} after {wait:?}");
            self.audit.wrong.push(text);
        }
    }

    pub(super) fn audit_best_free(&mut self, item: ItemIndex, found: Option<AgentIndex>) {
        if !self.is_due() {
            return;
        }
        self.audit.compared += 1;
        let strategy = self.queue(self.item(item).queue).strategy;
        let rank = |agent: &AgentIndex| {
            let seat = self.seat(*agent);
            let first = match strategy {
                Strategy::LongestIdle => i64::from(seat.load.used() > 0 || !seat.load.is_empty()),
                Strategy::LeastOccupied => {
                    (seat.busy as i128 * 1_000_000 / (seat.on_duty.max(1) as i128)) as i64
                }
                Strategy::WeightedRoundRobin => seat.virtual_time as i64,
                Strategy::SpareCapacity => {
                    i64::from(seat.load.used()) * 1_000_000 / i64::from(seat.agent.capacity)
                }
            };
            (first, seat.idle_since, *agent)
        };
        // Who was stirred meanwhile looks for work themselves, next.
        let able = |agent: &AgentIndex| {
            self.why_not(item, *agent).is_none() && !self.stirred_agents.contains(agent)
        };
        let naive = (0..self.seats.len() as AgentIndex).filter(able).min_by_key(rank);
        if naive != found {
            let text = format!("item {item}: {found:?}, naive {naive:?}");
            self.audit.wrong.push(text);
        }
    }
}
