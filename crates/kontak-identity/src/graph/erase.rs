//! Erasure: what a person asks to be forgotten is forgotten, and an old copy does not bring it back.

use super::moves::{Before, Held};
use super::observe::micros;
use super::record::NONE;
use super::{IdentityGraph, ObserveError};
use crate::tenant_key::Tombstone;
use chrono::{DateTime, Utc};
use kontak_types::{ChannelKind, CustomerId, TouchpointId};

/// Why nothing was erased.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EraseError {
    /// The touchpoint was never recorded, or was erased before.
    #[error("touchpoint {id} is not recorded here, or was erased before")]
    UnknownTouchpoint {
        /// The id.
        id: TouchpointId,
    },
    /// No customer ever had this id, or all of it was erased.
    #[error("customer {id} is not known here, or was erased before")]
    UnknownCustomer {
        /// The id.
        id: CustomerId,
    },
    /// The time cannot be kept.
    #[error("`now` is outside of the years 1970 to 2111")]
    TimeOutOfRange,
}

impl From<ObserveError> for EraseError {
    fn from(_: ObserveError) -> Self {
        Self::TimeOutOfRange
    }
}

impl IdentityGraph {
    /// Erases a touchpoint: its key, all its evidence, and every value and name that nobody else
    /// has. What it alone held together splits.
    ///
    /// Its id answers [`Resolved::Erased`](crate::Resolved::Erased) for ever. A keyed hash is kept
    /// so that observations of it seen at or before `now` are refused; a contact after `now` is a
    /// new touchpoint.
    ///
    /// # Errors
    /// If the touchpoint is not known.
    pub fn erase(
        &mut self,
        touchpoint: TouchpointId,
        now: DateTime<Utc>,
    ) -> Result<(), EraseError> {
        let known = self.store.find_id(touchpoint).filter(|index| !self.store.is_erased(*index));
        let index = known.ok_or(EraseError::UnknownTouchpoint { id: touchpoint })?;
        let now = micros(now, "now")?;
        self.review_dirty();
        self.position += 1;
        self.erase_one(index, now);
        Ok(())
    }

    /// What an erasure would leave of a touchpoint; nothing of one that is not known or was erased.
    #[must_use]
    pub fn tombstone(&self, touchpoint: TouchpointId) -> Option<Tombstone> {
        let (channel, scope, id) = self.store.key_of(self.store.find_id(touchpoint)?)?;
        Some(Tombstone(Tombstone::of_touchpoint(&self.store.key, channel, scope, &id)))
    }

    /// As [`erase`](Self::erase), and also where nothing was ever heard of the touchpoint: for a journal
    /// from which all that was observed of it was taken out. Its id is erased then, and what was seen of
    /// the account at or before `now` is refused.
    ///
    /// # Errors
    /// If it was erased before.
    pub fn replay_erasure(
        &mut self,
        touchpoint: TouchpointId,
        tombstone: Tombstone,
        now: DateTime<Utc>,
    ) -> Result<(), EraseError> {
        if self.store.find_id(touchpoint).is_some() {
            return self.erase(touchpoint, now);
        }
        let until = micros(now, "now")?;
        self.review_dirty();
        self.position += 1;
        let index = self.store.touchpoints.len() as u32;
        self.store
            .add_erased_touchpoint(touchpoint)
            .map_err(|_| EraseError::UnknownTouchpoint { id: touchpoint })?;
        self.log_new();
        self.log.erased(self.position, index);
        let known = self.erased.entry(tombstone.0).or_insert(until);
        *known = until.max(*known);
        Ok(())
    }

    /// Erases all touchpoints of a customer. Returns them.
    ///
    /// # Errors
    /// If no customer ever had this id, or all of it is erased already.
    pub fn erase_customer(
        &mut self,
        customer: CustomerId,
        now: DateTime<Utc>,
    ) -> Result<Vec<TouchpointId>, EraseError> {
        let now = micros(now, "now")?;
        self.review_dirty();
        let founder = self.store.find_id(TouchpointId::new(*customer.as_uuid()));
        let founder = founder.filter(|index| !self.store.is_erased(*index));
        let founder = founder.ok_or(EraseError::UnknownCustomer { id: customer })?;
        let mut members: Vec<u32> = self.store.ring(founder).collect();
        members.sort_unstable();
        self.position += 1;
        // From the last to the first: the id stays the customer's until nobody is left.
        for member in members.iter().rev() {
            self.erase_one(*member, now);
        }
        Ok(members.into_iter().map(|member| self.store.ids[member as usize]).collect())
    }

    fn erase_one(&mut self, touchpoint: u32, now: u64) {
        self.log_new();
        if let Some((channel, scope, id)) = self.store.key_of(touchpoint) {
            let tombstone = Tombstone::of_touchpoint(&self.store.key, channel, scope, &id);
            let until = self.erased.entry(tombstone).or_insert(now);
            *until = now.max(*until);
        }
        self.log.erased(self.position, touchpoint);
        self.forget_pairs(touchpoint);

        let evidence: Vec<(u32, u32, u32)> = self
            .store
            .of_touchpoint(touchpoint)
            .map(|(index, evidence)| {
                (
                    index,
                    evidence.value,
                    self.store.name_of.get(index as usize).copied().unwrap_or(NONE),
                )
            })
            .collect();
        let records: Vec<u64> =
            evidence.iter().map(|(index, ..)| self.store.facts.record(*index)).collect();
        let cluster = self.absorb(None, touchpoint);
        self.mark_contest(cluster);
        let mut before: Before = Vec::new();
        for (index, ..) in &evidence {
            self.withdraw(*index, false);
        }
        let mut held = Held::default();
        for value in self.take_dirty_values() {
            self.repair_value(value, &mut held);
        }
        let cluster = self.store.touchpoints[touchpoint as usize].state.contest();
        if let Some(cluster) = cluster {
            let contest = self.remove_contest(cluster);
            let mut members = contest.members;
            members.sort_unstable();
            before.extend(
                members
                    .iter()
                    .map(|member| (*member, self.store.touchpoints[*member as usize].founder)),
            );
            self.note_withheld(&contest.withheld, &mut held);
            self.review_members(&members, &mut held);
        }
        self.log_held(held);
        self.log_moves(before, Some(touchpoint));
        self.finish_call();

        self.store.forget_key(touchpoint);
        for record in records {
            self.store.texts.wipe(record);
        }
        self.forget_unheld(&evidence);
    }

    fn forget_pairs(&mut self, touchpoint: u32) {
        let of_it = self.forbidden.range((touchpoint, 0)..=(touchpoint, u32::MAX));
        let others: Vec<u32> = of_it.map(|(_, other)| *other).collect();
        for other in others {
            self.forbidden.remove(&(touchpoint, other));
            self.forbidden.remove(&(other, touchpoint));
        }
    }

    /// Wipes the values and names of erased evidence that no live evidence has.
    fn forget_unheld(&mut self, evidence: &[(u32, u32, u32)]) {
        for (_, value, name) in evidence {
            let record = &self.store.values[*value as usize];
            if record.evidence == NONE && !self.store.is_forgotten(*value) {
                self.store.forget_value(*value);
            }
            if *name != NONE
                && !self.store.name_of.contains(name)
                && self.store.known_name(*name).is_some()
            {
                self.store.forget_name(*name);
            }
        }
    }

    /// Whether the account was erased at or after this time.
    pub(super) fn is_erased_at(
        &self,
        (channel, scope, id): (&ChannelKind, &str, &str),
        seen: u64,
    ) -> bool {
        !self.erased.is_empty()
            && self
                .erased
                .get(&Tombstone::of_touchpoint(&self.store.key, channel, scope, id))
                .is_some_and(|until| seen <= *until)
    }

    pub(super) fn was_erased_at(&self, touchpoint: u32, seen: u64) -> bool {
        self.store
            .key_of(touchpoint)
            .is_some_and(|(channel, scope, id)| self.is_erased_at((channel, scope, &id), seen))
    }
}
