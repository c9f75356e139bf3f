use crate::{Answer, CommitmentId, HandoverId, LegId, Status};
use chrono::{DateTime, Utc};
use kontak_types::{AgentId, ConversationId, CustomerId, MessageId};
use serde::{Deserialize, Serialize};

/// One conversation with a customer, over all its channels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// With whom.
    pub customer: CustomerId,
    /// When it began.
    pub opened_at: DateTime<Utc>,
    /// Where it stands.
    pub status: Status,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How often it went on after it was done.
    pub episode: u32,
    /// When each episode began.
    pub episodes: Vec<DateTime<Utc>>,
    /// Who has it.
    pub agent: Option<AgentId>,
    /// What it is about.
    pub topic: Option<Box<str>>,
    /// The accounts that take part, in the order in which they came.
    pub legs: Vec<LegId>,
    /// What was promised in it, in that order.
    pub commitments: Vec<CommitmentId>,
    /// Who it was offered to, in that order.
    pub handovers: Vec<HandoverId>,
    /// What the customer was asked and answered.
    pub answers: Vec<Answer>,
    /// Where it stood from when on, the oldest first.
    pub(crate) history: Vec<(DateTime<Utc>, Status)>,
    /// By time and then by id, whatever the order in which they came.
    pub(crate) messages: Vec<(DateTime<Utc>, MessageId)>,
}

impl Conversation {
    pub(crate) fn new(id: ConversationId, customer: CustomerId, at: DateTime<Utc>) -> Self {
        Self {
            id,
            customer,
            opened_at: at,
            status: Status::New,
            since: at,
            episode: 0,
            episodes: vec![at],
            agent: None,
            topic: None,
            legs: Vec::new(),
            commitments: Vec::new(),
            handovers: Vec::new(),
            answers: Vec::new(),
            history: vec![(at, Status::New)],
            messages: Vec::new(),
        }
    }

    /// What the customer answered to a question, if they were asked: nobody need ask again.
    ///
    /// ```
    /// use kontak_conversation::Conversation;
    ///
    /// fn ask(conversation: &Conversation) -> Option<&'static str> {
    ///     match conversation.already_answered("order_number") {
    ///         Some(_) => None,
    ///         None => Some("What is the number of your order?"),
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn already_answered(&self, question: &str) -> Option<&Answer> {
        self.answers.iter().find(|answer| *answer.question == *question)
    }

    /// How often the customer had to say something again.
    #[must_use]
    pub fn retellings(&self) -> u32 {
        self.answers.iter().map(|answer| answer.retold).sum()
    }

    /// The messages, in the order in which they were said.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = MessageId> + ExactSizeIterator {
        self.messages.iter().map(|(_, message)| *message)
    }

    /// Where it stood from when on, the oldest first.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = (DateTime<Utc>, Status)> {
        self.history.iter().copied()
    }

    /// When anybody last said anything.
    #[must_use]
    pub fn last_message_at(&self) -> Option<DateTime<Utc>> {
        self.messages.last().map(|(at, _)| *at)
    }

    pub(crate) fn insert_message(&mut self, at: DateTime<Utc>, message: MessageId) {
        let entry = (at, message);
        // Nearly always the last.
        if self.messages.last().is_none_or(|last| *last < entry) {
            self.messages.push(entry);
        } else if let Err(place) = self.messages.binary_search(&entry) {
            self.messages.insert(place, entry);
        }
    }
}
