use crate::phrase::PHRASES;
use crate::{CommitmentId, HandoverId, LegId, StatusKind};
use kontak_types::Phrases;
use kontak_types::{CaseId, ConversationId, Language, MessageId};
use std::fmt;

/// Declares why a command changes nothing, with the key of its phrase and the words in it, so that
/// no reason can lack either.
macro_rules! rejections {
    ($($(#[$doc:meta])* $variant:ident
        $(($value:ident: $type:ty))?
        $({ $($(#[$field_doc:meta])* $field:ident: $field_type:ty,)* })?
        = $key:literal,)*) => {
        /// Why a command changes nothing. `Display` is English.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Rejected {
            $($(#[$doc])* $variant
                $(($type))?
                $({ $($(#[$field_doc])* $field: $field_type,)* })?,)*
        }

        impl Rejected {
            #[cfg(test)]
            const KEYS: &'static [&'static str] = &[$($key,)*];

            fn say(&self, phrases: Phrases) -> String {
                match self {
                    $(Self::$variant $(($value))? $({ $($field,)* })? => phrases.fill::<String>(
                        $key,
                        &[$((stringify!($value), $value.word(phrases)),)?
                            $($((stringify!($field), $field.word(phrases)),)*)?],
                    ),)*
                }
            }
        }
    };
}

rejections! {
    /// There is no such conversation.
    NoConversation(id: ConversationId) = "no_conversation",
    /// The conversation is evicted: bring it back first.
    Evicted(id: ConversationId) = "evicted",
    /// There is no such leg.
    NoLeg(id: LegId) = "no_leg",
    /// There is no such message in the conversation.
    NoMessage(id: MessageId) = "no_message",
    /// The message is an internal note: the customer said nothing in it, and was promised nothing.
    Note(id: MessageId) = "note",
    /// There is no such promise.
    NoCommitment(id: CommitmentId) = "no_commitment",
    /// There is no such handover.
    NoHandover(id: HandoverId) = "no_handover",
    /// There is no such case.
    NoCase(id: CaseId) = "no_case",
    /// The id was given to something else before.
    IdTaken {
        /// Of what.
        what: &'static str,
    } = "id_taken",
    /// The conversation cannot go there from where it stands.
    Transition {
        /// Where it stands.
        from: StatusKind,
        /// Where it should go.
        to: StatusKind,
    } = "transition",
    /// The time lies in the past.
    Past {
        /// Which time.
        field: &'static str,
    } = "past",
    /// The promise is no longer open.
    NotOutstanding = "not_outstanding",
    /// The handover was accepted or declined before.
    NotOffered = "not_offered",
    /// The conversation is already on its way to somebody.
    OfferedAlready(id: HandoverId) = "offered_already",
    /// The handover is for somebody else.
    NotForThem = "not_for_them",
    /// Too much was reported of messages that nobody has seen. Try again when they have come.
    TooManyWaiting {
        /// How many may wait.
        most: u32,
    } = "too_many_waiting",
    /// A customer cannot do this.
    NotOurs = "not_ours",
    /// Somebody from outside has to be let in first, and must not have left.
    NotLetIn = "not_let_in",
    /// The case is closed.
    CaseClosed(id: CaseId) = "case_closed",
    /// All of the conversation is in another one, where this can be done.
    Absorbed {
        /// Which.
        into: ConversationId,
    } = "absorbed",
    /// The conversation was not merged into another one, or not split off one.
    NothingToUndo = "nothing_to_undo",
    /// A later merge or split has moved what this would bring back. Undo that first.
    UndoFirst {
        /// Where it is now.
        conversation: ConversationId,
    } = "undo_first",
    /// A conversation cannot be merged or linked with itself.
    Itself = "itself",
    /// The conversations are with different customers.
    OtherCustomer = "other_customer",
    /// An open conversation cannot go into one that is done.
    Done {
        /// Which is done.
        conversation: ConversationId,
    } = "done",
    /// Nothing, or everything, would go.
    NothingToSplit = "nothing_to_split",
    /// A conversation has legs of both customers, and no id for the new one was given.
    NeedsId {
        /// Which.
        conversation: ConversationId,
    } = "needs_id",
    /// Nothing of the conversation may be erased, or go into another one.
    LegalHold {
        /// Which.
        conversation: ConversationId,
        /// For what matter.
        matter: Box<str>,
    } = "legal_hold",
    /// The account was erased. A new contact has another id.
    Erased = "erased",
    /// The service levels cannot be followed.
    Sla(why: crate::sla::SlaError) = "sla",
}

impl Rejected {
    /// The reason in a language; English where there are no phrases in it.
    ///
    /// ```
    /// use kontak_conversation::{Rejected, StatusKind};
    ///
    /// let why = Rejected::Transition { from: StatusKind::Closed, to: StatusKind::Open };
    /// assert!(why.to_string().starts_with("a conversation that is closed cannot become open"));
    /// assert_ne!(why.text(&"id".parse()?), why.to_string());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn text(&self, language: &Language) -> String {
        let mut text = self.say(PHRASES.of(language));
        if let Self::Transition { from, .. } = self {
            let phrases = PHRASES.of(language);
            let next: Vec<String> = from.next().iter().map(|kind| kind.word(phrases)).collect();
            text.push_str(&match next.is_empty() {
                true => phrases.get("ends").to_owned(),
                false => phrases.fill("next", &[("next", next.join(", "))]),
            });
        }
        text
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let english: Result<Language, _> = "en".parse();
        f.write_str(&english.map_or_else(|_| self.say(PHRASES.english()), |en| self.text(&en)))
    }
}

impl std::error::Error for Rejected {}

/// What stands in a phrase in the place of a name.
trait Word {
    fn word(&self, phrases: Phrases) -> String;
}

impl Word for StatusKind {
    fn word(&self, phrases: Phrases) -> String {
        phrases.get(self.as_str()).to_owned()
    }
}

macro_rules! words {
    ($($type:ty,)*) => {
        $(impl Word for $type {
            fn word(&self, _: Phrases) -> String {
                self.to_string()
            }
        })*
    };
}

words! {
    ConversationId, LegId, MessageId, CommitmentId, HandoverId, CaseId, u32, Box<str>,
    &'static str, crate::sla::SlaError,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rejection_and_every_status_has_its_phrase_in_every_language() {
        for (language, phrases) in PHRASES.languages() {
            let statuses = StatusKind::ALL.map(StatusKind::as_str);
            for key in Rejected::KEYS.iter().copied().chain(statuses) {
                assert!(phrases.find(key).is_some(), "{language}: {key}");
            }
        }
    }
}
