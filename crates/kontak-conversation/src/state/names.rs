use kontak_types::{AgentId, ChannelKind};
use std::collections::BTreeMap;

/// Who had conversations, on which channels, about what: the same few for all customers, so each is
/// kept once.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) agents: Known<AgentId>,
    pub(super) channels: Known<ChannelKind>,
    pub(super) topics: Known<Box<str>>,
}

#[derive(Clone, Debug)]
pub(super) struct Known<T> {
    all: Vec<T>,
    places: BTreeMap<T, u64>,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self { all: Vec::new(), places: BTreeMap::new() }
    }
}

impl<T: Clone + Ord> Known<T> {
    /// The place of this name, a new one if it was not known before.
    pub(super) fn place(&mut self, name: &T) -> u64 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.all.len() as u64;
        self.all.push(name.clone());
        self.places.insert(name.clone(), place);
        place
    }

    pub(super) fn at(&self, place: u64) -> &T {
        &self.all[place as usize]
    }
}
