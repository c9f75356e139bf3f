use super::facets::Facets;
use super::rows::Slot;
use super::table::Identified;
use crate::{Answer, CommitmentId, HandoverId, Status};
use chrono::{DateTime, Utc};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, CustomerId};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use thin_vec::ThinVec;

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
    /// Who has it.
    pub agent: Option<AgentId>,
    pub(crate) commitments: ThinVec<CommitmentId>,
    pub(crate) handovers: ThinVec<HandoverId>,
    pub(crate) answers: ThinVec<Answer>,
    /// When each episode but the first began.
    pub(crate) reopened: ThinVec<DateTime<Utc>>,
    /// Where it stood between its beginning and now.
    pub(crate) past: ThinVec<(DateTime<Utc>, Status)>,
    /// The legs, in the order in which they came. Slots are of this state only: whoever restores a
    /// snapshot finds them anew.
    #[serde(skip)]
    pub(crate) legs: SmallVec<[Slot; 4]>,
    /// By time and then by id, whatever the order in which they came.
    #[serde(skip)]
    pub(crate) messages: ThinVec<Slot>,
    #[serde(skip)]
    pub(crate) last_message: Option<DateTime<Utc>>,
    pub(crate) facets: Option<Box<Facets>>,
}

impl Identified for Conversation {
    type Id = ConversationId;

    const UUID: fn(&ConversationId) -> &Uuid = ConversationId::as_uuid;

    fn id(&self) -> ConversationId {
        self.id
    }
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
            agent: None,
            legs: SmallVec::new(),
            commitments: ThinVec::new(),
            handovers: ThinVec::new(),
            answers: ThinVec::new(),
            reopened: ThinVec::new(),
            past: ThinVec::new(),
            messages: ThinVec::new(),
            last_message: None,
            facets: None,
        }
    }

    /// What was promised in it, in that order.
    #[must_use]
    pub fn commitments(&self) -> &[CommitmentId] {
        &self.commitments
    }

    /// Who it was offered to, in that order.
    #[must_use]
    pub fn handovers(&self) -> &[HandoverId] {
        &self.handovers
    }

    /// What the customer was asked and answered.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// When each episode began.
    pub fn episodes(&self) -> impl DoubleEndedIterator<Item = DateTime<Utc>> {
        std::iter::once(self.opened_at).chain(self.reopened.iter().copied())
    }

    /// Which episode it was in at this time.
    pub(crate) fn episode_at(&self, at: DateTime<Utc>) -> usize {
        self.reopened.partition_point(|began| *began <= at)
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

    /// How often the customer had to say something again: here, or in what was merged into it.
    #[must_use]
    pub fn retellings(&self) -> u32 {
        let told_before = |(nth, answer): (usize, &Answer)| {
            let before = self.answers.iter().take(nth);
            u32::from(before.into_iter().any(|other| other.question == answer.question))
        };
        let here: u32 = self.answers.iter().map(|answer| answer.retold).sum();
        here + self.answers.iter().enumerate().map(told_before).sum::<u32>()
    }

    /// How many messages it has.
    #[must_use]
    pub fn message_count(&self) -> usize {
        self.messages.len()
    }

    /// When anybody last said anything.
    #[must_use]
    pub const fn last_message_at(&self) -> Option<DateTime<Utc>> {
        self.last_message
    }

    /// Where it stood from when on, the oldest first.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = (DateTime<Utc>, Status)> {
        let (began, now) = ((self.opened_at, Status::New), (self.since, self.status));
        let past = std::iter::once(began).chain(self.past.iter().copied());
        past.chain((now != began).then_some(now))
    }

    /// What a snapshot keeps of it.
    pub(crate) fn without_slots(&self) -> Self {
        Self { legs: SmallVec::new(), messages: ThinVec::new(), last_message: None, ..self.clone() }
    }

    pub(crate) fn change_status(&mut self, to: Status, since: DateTime<Utc>) {
        let (began, now) = ((self.opened_at, Status::New), (self.since, self.status));
        if now != began {
            self.past.push(now);
        }
        (self.status, self.since) = (to, since);
        if !to.is_active() {
            self.past.shrink_to_fit();
            self.messages.shrink_to_fit();
        }
    }
}
