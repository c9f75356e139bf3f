use crate::state::Conversations;
use kontak_types::ConversationId;
use kontak_types::uuid::Uuid;
use serde::{Deserialize, Serialize};

/// How two conversations hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkKind {
    /// They are about related matters.
    Related,
    /// One goes on where the other ended.
    FollowUp,
    /// They are about one matter.
    Duplicate,
    /// They turned out to be with one customer.
    SameCustomer,
}

impl Conversations {
    /// The conversations that this one is linked with, and how. A link has no direction.
    pub fn links(&self, id: ConversationId) -> impl Iterator<Item = (ConversationId, LinkKind)> {
        let first = ConversationId::new(Uuid::nil());
        self.links
            .range((id, first, LinkKind::Related)..)
            .take_while(move |(one, ..)| *one == id)
            .map(|(_, other, kind)| (*other, *kind))
    }
}
