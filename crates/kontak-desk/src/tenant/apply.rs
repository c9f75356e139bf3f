//! Taking records in: the one way in which a tenant changes, live and in replay.

use super::{IdentityRecord, ReachRecord, Record, Tenant, measure};
use kontak_channel::Opening;
use kontak_conversation::{Actor, EventBody, MessageChange};
use kontak_identity::{Change, Position};
use kontak_routing::Decision;
use kontak_types::{CustomerId, TouchpointId};

/// What follows from a record, for whoever decides: in replay it comes as records of its own.
#[derive(Default)]
pub(super) struct Following {
    pub(super) decisions: Vec<Decision>,
    pub(super) customers: Vec<CustomersChange>,
}

/// Customers who turned out to be one, or two.
pub(super) enum CustomersChange {
    Merged { from: CustomerId, into: CustomerId },
    Parted { from: CustomerId, into: CustomerId, touchpoints: Vec<TouchpointId> },
}

impl Tenant {
    /// Takes a record of the journal in, as in replay: nothing is decided anew.
    ///
    /// A record that cannot be taken in, which none of this tenant's own is, changes nothing.
    pub fn apply(&mut self, record: &Record) {
        let _ = self.take(record);
    }

    pub(super) fn take(&mut self, record: &Record) -> Following {
        self.applied += 1;
        let mut following = Following::default();
        match record {
            Record::Identity(record) => following.customers = self.take_identity(record),
            Record::Conversation(event) => {
                self.metrics.advance(event.at);
                let mut measured = measure::of_event(&self.conversations, event);
                self.conversations.apply(event);
                self.departures.of_conversation(&event.body);
                measured.extend(measure::of_move(&self.conversations, event));
                self.measure(measured);
                self.open_windows(event);
            }
            Record::Routing(entry) => {
                self.metrics.advance(entry.now);
                let decisions = self.routing.replay((**entry).clone()).unwrap_or_default();
                let measured = self.stays.of_routing(&self.routing, entry, &decisions);
                self.departures.of_routing(entry, &decisions);
                self.measure(measured);
                following.decisions = decisions;
            }
            Record::Metrics(event) => {
                // One that is refused is outside of what metrics can date.
                let _ = self.metrics.ingest(event);
            }
            Record::Reach(record) => self.take_reach(record),
        }
        following
    }

    fn take_identity(&mut self, record: &IdentityRecord) -> Vec<CustomersChange> {
        let since = self.identity.position();
        match record {
            IdentityRecord::Observed(observation) => {
                let _ = self.identity.observe(observation);
                let view = self.identity.settle();
                let known = view.touchpoint(&observation.touchpoint);
                if let Some(id) = known.and_then(|known| view.touchpoint_id(known)) {
                    self.reaches.shown(id, observation.record.as_str());
                }
            }
            IdentityRecord::Retracted(retractions) => self.identity.retract(retractions),
            IdentityRecord::Forbidden(a, b) => {
                let _ = self.identity.forbid(*a, *b);
            }
            IdentityRecord::Allowed(a, b) => {
                let _ = self.identity.allow(*a, *b);
            }
            IdentityRecord::PolicySet(policy) => {
                if self.identity.set_policy((**policy).clone()).is_ok() {
                    self.settings.identity = (**policy).clone();
                }
            }
            IdentityRecord::Erased { touchpoint, at, tombstone } => {
                let _ = match tombstone {
                    Some(tombstone) => self.identity.replay_erasure(*touchpoint, *tombstone, *at),
                    None => self.identity.erase(*touchpoint, *at),
                };
                self.metrics.erase(*touchpoint);
                self.reaches.forget(*touchpoint);
            }
        }
        self.carry_over(since)
    }

    /// Tells metrics who belongs to whom now, and returns what conversations have to be told.
    fn carry_over(&mut self, since: Position) -> Vec<CustomersChange> {
        let revision = self.identity.position().0;
        let view = self.identity.settle();
        let (mut touched, mut customers) = (Vec::new(), Vec::new());
        let id = |handle| view.touchpoint_id(handle);
        let customer = |handle| id(handle).map(CustomerId::from);
        let members = |handle| view.customer_of(handle).map_or_else(Vec::new, |it| it.members());
        for (_, change) in view.changes(since) {
            match change {
                Change::Founded { touchpoint } | Change::Joined { touchpoint, .. } => {
                    touched.push(touchpoint);
                }
                Change::Merged { from, into } => {
                    touched.extend(members(into));
                    if let (Some(from), Some(into)) = (customer(from), customer(into)) {
                        customers.push(CustomersChange::Merged { from, into });
                    }
                }
                Change::Renamed { from, to } => {
                    touched.extend(members(to));
                    if let (Some(from), Some(into)) = (customer(from), customer(to)) {
                        customers.push(CustomersChange::Merged { from, into });
                    }
                }
                Change::Split { from, customer: into, members } => {
                    let touchpoints = members.iter().filter_map(|member| id(*member)).collect();
                    touched.extend(members);
                    if let (Some(from), Some(into)) = (customer(from), customer(into)) {
                        customers.push(CustomersChange::Parted { from, into, touchpoints });
                    }
                }
                _ => {}
            }
        }
        for handle in touched {
            if let (Some(id), Some(customer)) = (id(handle), view.customer_of(handle)) {
                self.metrics.identify(id, customer.id(), revision);
            }
        }
        customers
    }

    fn take_reach(&mut self, record: &ReachRecord) {
        let (names, ours) = match record {
            ReachRecord::Named { id, names, .. } => {
                (names.clone(), Some(self.own_native(id.message)))
            }
            ReachRecord::Sent { account, id, ids, .. } => {
                let names = ids.iter().map(|name| self.native(account, name.as_str())).collect();
                (names, Some(self.own_native(id.message)))
            }
            _ => (Vec::new(), None),
        };
        self.reaches.apply(record, &names, ours);
    }

    /// A customer who writes, reacts or calls may be answered.
    fn open_windows(&mut self, event: &kontak_conversation::Event) {
        match &event.body {
            EventBody::MessageSaid(message) => {
                let Actor::Customer(touchpoint) = message.author else { return };
                let called =
                    message.content.parts.iter().any(|part| part.call_timeline().is_some());
                let opening = if called { Opening::Call } else { Opening::Message };
                self.reaches.opened(touchpoint, opening, message.at);
            }
            EventBody::RelationSeen(relation) => {
                let MessageChange::Reacted { by: Actor::Customer(touchpoint), emoji: Some(_) } =
                    &relation.change
                else {
                    return;
                };
                self.reaches.opened(*touchpoint, Opening::Reaction, relation.at);
            }
            EventBody::TouchpointsErased { touchpoints, .. } => {
                for touchpoint in touchpoints {
                    self.reaches.forget(*touchpoint);
                }
            }
            _ => {}
        }
    }

    fn measure(&mut self, events: Vec<measure::Measured>) {
        for (place, measured) in events.into_iter().enumerate() {
            // One that is refused is outside of what metrics can date.
            let _ = self.metrics.ingest(&measured.numbered(self.applied, place));
        }
    }
}
