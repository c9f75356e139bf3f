use super::{Digest, Stored};
use crate::fact::Fact;
use crate::fold::Contact;
use kontak_types::ConversationId;

/// All that is kept of a conversation.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) id: ConversationId,
    /// While it is open. What has arrived since it was last settled stands at the end.
    pub(crate) events: Vec<Stored>,
    pub(crate) facts: Box<[Fact]>,
    /// Facts that depend on the other contacts of the customer.
    pub(crate) joined: Box<[Fact]>,
    pub(crate) contact: Contact,
    /// When time alone may change the facts that depend on other contacts.
    pub(crate) deadline: Option<i64>,
    pub(crate) labels: Box<[u16]>,
    /// Once its events are let go: what they were.
    pub(crate) sealed: Option<Digest>,
    pub(crate) dirty: bool,
    /// Whether it waits in a queue.
    pub(crate) waits: bool,
    /// Where it stood when: its place among the journeys of the engine.
    pub(crate) journey: u32,
}

impl Record {
    pub(crate) fn new(id: ConversationId) -> Self {
        Self {
            id,
            events: Vec::new(),
            facts: Box::default(),
            joined: Box::default(),
            contact: Contact::default(),
            deadline: None,
            labels: Box::default(),
            sealed: None,
            dirty: false,
            waits: false,
            journey: 0,
        }
    }
}
