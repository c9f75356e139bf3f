use crate::state::Conversations;
use chrono::{DateTime, Utc};
use kontak_content::Written;
use kontak_types::{CaseId, ConversationId};
use serde::{Deserialize, Serialize};

/// A matter that takes several conversations: a recall, a broken delivery, a claim. A conversation
/// may belong to several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// What it is about; nothing once that was erased.
    pub title: Option<Written>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was closed, if it is.
    pub closed_at: Option<DateTime<Utc>>,
    /// What belongs to it, in the order in which it was put in.
    pub conversations: Vec<ConversationId>,
}

impl Conversations {
    /// A case.
    #[must_use]
    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.get(&id)
    }

    /// The cases that a conversation belongs to.
    pub fn cases(&self, id: ConversationId) -> impl Iterator<Item = &Case> {
        let ids = self.conversation(id).map_or(&[][..], |one| one.cases());
        ids.iter().filter_map(|id| self.case(*id))
    }
}
