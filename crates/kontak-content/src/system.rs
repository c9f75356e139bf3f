use crate::vocabulary::vocabulary;
use crate::{FieldName, Written};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

vocabulary! {
    /// What a system line reports.
    SystemKind {
        /// Somebody came into the conversation.
        ParticipantJoined = "participant_joined",
        /// Somebody left it.
        ParticipantLeft = "participant_left",
        /// It went to another agent, team or bot.
        Transferred = "transferred",
        /// The customer's account has another phone number now.
        NumberChanged = "number_changed",
        /// The customer's account has other keys now: a new phone, or somebody else's.
        SecurityCodeChanged = "security_code_changed",
        /// The subject is another one.
        SubjectChanged = "subject_changed",
        /// The customer wants no more messages.
        OptedOut = "opted_out",
        /// The customer wants messages again.
        OptedIn = "opted_in",
        /// The chat was opened.
        ChatStarted = "chat_started",
        /// The chat was closed.
        ChatEnded = "chat_ended",
        /// Something came that the channel does not pass on.
        Unsupported = "unsupported",
    }
}

/// A line between the messages that nobody wrote: what happened, and the values it happened with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SystemLine {
    /// What happened.
    pub kind: SystemKind,
    /// With what: `who`, `from`, `to`, …
    pub arguments: BTreeMap<FieldName, Written>,
    /// The channel's own words for it, where it has some.
    pub text: Option<Written>,
}

impl SystemLine {
    /// A line without arguments.
    #[must_use]
    pub fn new(kind: SystemKind) -> Self {
        Self { kind, arguments: BTreeMap::new(), text: None }
    }

    /// With one argument; a later one of the same name replaces it.
    #[must_use]
    pub fn with_argument(mut self, name: FieldName, value: Written) -> Self {
        self.arguments.insert(name, value);
        self
    }

    /// With the channel's own words.
    #[must_use]
    pub fn with_text(self, text: Written) -> Self {
        Self { text: Some(text), ..self }
    }
}
