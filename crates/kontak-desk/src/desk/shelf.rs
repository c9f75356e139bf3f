//! Conversations that rest, as parts of the snapshot.

use super::Inner;
use super::error::{Lost, StartError};
use crate::{Resting, Step, Tenant, Work};
use kontak_storage::{Fault, Part, PartError, PartName, Position, Subject};
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
                if tenant.is_unreadable(id) {
                    return Err(Lost::Unreadable(name));
                }
                let resting = self.resting(inner, &name).await?;
                let is_back = resting.and_then(|resting| match resting.id() == id {
                    true => tenant.bring_back(resting).map_err(|error| error.to_string()),
                    false => Err("it is another conversation".to_owned()),
                });
                match is_back {
                    Ok(()) => {
                        self.back.insert(name);
                    }
                    Err(why) => give_up(inner, tenant, (id, &name), &why),
                }
            }
        }
    }

    /// What a part holds, or why it cannot be read.
    async fn resting(
        &self,
        inner: &Inner,
        name: &PartName,
    ) -> Result<Result<Resting, String>, Lost> {
        let missing = || Ok(Err("it is missing".to_owned()));
        let Some(at) = self.at else { return missing() };
        let part = match inner.storage.part(inner.tenant, at, name).await {
            Ok(Some(part)) => part,
            Ok(None) => return missing(),
            Err(PartError::Failed(fault @ Fault::Corrupt { .. })) => {
                return Ok(Err(fault.to_string()));
            }
            Err(error) => return Err(StartError::from(error).into()),
        };
        let read = postcard::from_bytes(part.payload.as_bytes());
        // The error of the codec might name what it met.
        Ok(read.map_err(|_| "it is no conversation".to_owned()))
    }
}

/// One that cannot be read takes nobody else with it.
fn give_up(inner: &Inner, tenant: &mut Tenant, (id, name): (ConversationId, &PartName), why: &str) {
    tracing::error!(part = %name, why, "a conversation that rests cannot be read: it is given up");
    let (mut work, mut ids) = (Work::default(), || inner.clock.id());
    tenant.give_up(id, &mut Step::new(inner.clock.now(), &mut ids, &mut work));
    for notice in work.notices {
        // An error means that nobody listens.
        let _ = inner.notices.send(notice);
    }
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
