use serde::{Deserialize, Serialize};

/// Who began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// The customer came.
    Inbound,
    /// The business called or wrote.
    Outbound,
}

/// Who can see a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Audience {
    /// The customer.
    Public,
    /// Colleagues only: a note.
    Internal,
}

/// How a message came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// Somebody wrote or said it, or a bot composed it for this customer.
    Composed,
    /// Sent by a rule, whatever was asked: an acknowledgement, an out-of-office note.
    Automatic,
}

/// How a wait in a queue ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum QueueEnd {
    /// An agent took it.
    Answered,
    /// The customer gave up.
    Abandoned,
    /// The customer asked to be called back, and left the queue.
    CalledBack,
    /// A rule took it elsewhere: overflow, voicemail, closing time.
    FlowedOut,
    /// It was moved to another queue or agent unanswered.
    Transferred,
}

impl QueueEnd {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Answered, Self::Abandoned, Self::CalledBack, Self::FlowedOut, Self::Transferred];

    /// How [`Measure::QueueOutcome`](crate::Measure::QueueOutcome) writes it, from 1.
    #[must_use]
    pub const fn code(self) -> u64 {
        self as u64 + 1
    }
}

/// What a conversation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// The business.
    Open,
    /// The customer.
    WaitingCustomer,
    /// Somebody else: a supplier, a courier.
    OnHold,
}

/// What a survey asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SurveyKind {
    /// How satisfied, usually 1 to 5.
    Csat,
    /// How likely to recommend, 0 to 10.
    Nps,
    /// How easy it was made, 1 to 7.
    Ces,
    /// Whether it was resolved on the first contact: 1 or 0.
    FirstContact,
}

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PromiseOutcome {
    /// It was given.
    Made,
    /// In time.
    Kept,
    /// Not in time, or not at all.
    Broken,
}

/// Whether what was known went along with a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Context {
    /// The next one saw the history.
    Carried,
    /// The customer had to begin again.
    Lost,
}
