//! Conversations that rest, as parts of the snapshot.

use super::Inner;
use super::error::{Lost, StartError};
use crate::{Resting, Tenant};
use kontak_storage::{Fault, Part, PartName, Position, Subject};
use kontak_types::ConversationId;
use std::collections::BTreeSet;

/// How the parts of conversations that rest are called.
pub(super) const RESTING: &str = "rest/";

/// Where conversations that are evicted lie.
#[derive(Default)]
pub(super) struct Shelf {
    /// The snapshot that counts.
    pub(super) at: Option<Position>,
    /// Of how many parts the rest of it is: those that the next one has no need of go.
    pub(super) parts: usize,
    /// Parts of conversations that came back: they go with the next snapshot.
    pub(super) back: BTreeSet<PartName>,
}

impl Shelf {
    /// Brings conversations back until nothing is needed any more.
    pub(super) async fn bring_back(
        &mut self,
        inner: &Inner,
        tenant: &mut Tenant,
        needed: impl Fn(&mut Tenant) -> Vec<ConversationId>,
    ) -> Result<(), Lost> {
        loop {
            let needed = needed(tenant);
            if needed.is_empty() {
                return Ok(());
            }
            for id in needed {
                let name = name(id);
                let resting = self.resting(inner, &name).await?;
                tenant.bring_back(resting).map_err(|_| unreadable())?;
                self.back.insert(name);
            }
        }
    }

    async fn resting(&self, inner: &Inner, name: &PartName) -> Result<Resting, Lost> {
        let at = self.at.ok_or_else(unreadable)?;
        let part = inner.storage.part(inner.tenant, at, name).await.map_err(StartError::from)?;
        let part = part.ok_or_else(unreadable)?;
        Ok(postcard::from_bytes(part.payload.as_bytes()).map_err(|_| unreadable())?)
    }
}

fn unreadable() -> Fault {
    Fault::corrupt("a conversation that rests is not in the snapshot, or cannot be read")
}

/// What the part of a conversation is called.
pub(super) fn name(id: ConversationId) -> PartName {
    PartName::new(format!("{RESTING}{id}"))
}

/// A conversation as a part: it goes when somebody is erased whom it is about.
pub(super) fn part(resting: &Resting) -> Part {
    let bytes = postcard::to_stdvec(resting).expect("a conversation is words and numbers");
    let part = Part::new(name(resting.id()), bytes);
    let about = resting.touchpoints().into_iter().map(Subject::touchpoint);
    about.fold(part, Part::with_subject)
}
