use crate::Requirement;
use hashbrown::HashMap;
use std::sync::Arc;

/// Every requirement once, by its number: many contacts ask for the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Requirements {
    numbers: HashMap<Arc<Requirement>, u32>,
    all: Vec<Arc<Requirement>>,
}

impl Requirements {
    pub(super) fn number(&mut self, requirement: &Requirement) -> u32 {
        if let Some(known) = self.numbers.get(requirement) {
            return *known;
        }
        let number = self.all.len() as u32;
        let requirement = Arc::new(requirement.clone());
        self.numbers.insert(Arc::clone(&requirement), number);
        self.all.push(requirement);
        number
    }

    pub(super) fn into_all(self) -> Vec<Requirement> {
        self.all.iter().map(|requirement| (**requirement).clone()).collect()
    }

    pub(super) fn get(&self, number: u32) -> &Requirement {
        &self.all[number as usize]
    }
}
