//! Who belonged together at an earlier position.

use crate::change::{Change, Position};
use crate::handle::TouchpointHandle;
use crate::view::View;
use kontak_types::{CustomerId, TouchpointId};
use std::collections::BTreeMap;

/// The customers as they were at a position, told from the log of changes.
///
/// It says what had been concluded by then: a contested cluster counts from the moment at which it
/// was settled.
#[derive(Clone, Debug)]
pub struct Past<'a> {
    view: View<'a>,
    position: Position,
    /// The founder of each touchpoint; nothing where it was not recorded yet, or erased.
    founders: Vec<Option<TouchpointHandle>>,
    members: BTreeMap<TouchpointHandle, Vec<TouchpointHandle>>,
}

impl<'a> View<'a> {
    /// The customers as they were when the graph stood at `position`.
    ///
    /// Complexity: O(changes up to there · log), once; the answers are look-ups.
    #[must_use]
    pub fn as_of(self, position: Position) -> Past<'a> {
        let mut past = Past {
            view: self,
            position,
            founders: vec![None; self.graph.store.touchpoints.len()],
            members: BTreeMap::new(),
        };
        let until = self.changes(Position::default()).take_while(|(at, _)| *at <= position);
        until.for_each(|(_, change)| past.apply(change));
        past
    }
}

impl Past<'_> {
    /// The position.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The customer of a touchpoint then; nothing where it was not recorded yet, or erased by then.
    #[must_use]
    pub fn customer_of(&self, touchpoint: TouchpointHandle) -> Option<CustomerId> {
        let founder = self.founders.get(touchpoint.index()).copied().flatten()?;
        self.view.touchpoint_id(founder).map(CustomerId::from)
    }

    /// What an id that was given out by then meant then.
    #[must_use]
    pub fn resolve(&self, id: impl Into<CustomerId>) -> Option<CustomerId> {
        self.customer_of(self.view.touchpoint_by_id(TouchpointId::new(*id.into().as_uuid()))?)
    }

    /// The touchpoints of a touchpoint's customer then, in the order of recording.
    #[must_use]
    pub fn members(&self, touchpoint: TouchpointHandle) -> Vec<TouchpointHandle> {
        let founder = self.founders.get(touchpoint.index()).copied().flatten();
        let mut members =
            founder.and_then(|founder| self.members.get(&founder)).cloned().unwrap_or_default();
        members.sort_unstable();
        members
    }

    /// How many customers there were.
    #[must_use]
    pub fn customer_count(&self) -> usize {
        self.members.len()
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Founded { touchpoint } => self.place(touchpoint, vec![touchpoint]),
            Change::Joined { touchpoint, customer } => self.place(customer, vec![touchpoint]),
            Change::Merged { from, into } | Change::Renamed { from, to: into } => {
                let members = self.members.remove(&from).unwrap_or_default();
                self.place(into, members);
            }
            Change::Split { from, customer, members } => {
                if let Some(left) = self.members.get_mut(&from) {
                    left.retain(|member| !members.contains(member));
                }
                self.place(customer, members);
            }
            Change::Erased { touchpoint } => {
                let Some(founder) = self.founders[touchpoint.index()].take() else { return };
                if let Some(left) = self.members.get_mut(&founder) {
                    left.retain(|member| *member != touchpoint);
                    if left.is_empty() {
                        self.members.remove(&founder);
                    }
                }
            }
            _ => {}
        }
    }

    fn place(&mut self, founder: TouchpointHandle, members: Vec<TouchpointHandle>) {
        for member in &members {
            self.founders[member.index()] = Some(founder);
        }
        self.members.entry(founder).or_default().extend(members);
    }
}
