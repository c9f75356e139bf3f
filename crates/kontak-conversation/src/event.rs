use crate::label::Labelling;
use crate::rearrange::{Customers, Moved, Review};
use crate::sla::Breach;
use crate::{
    Actor, Answer, CommitmentId, ContextBrief, DataClass, HandoverId, HandoverKind, HandoverTarget,
    Leg, LegId, LinkKind, Message, PlacementReason, Policy, Preference, Priority, Relation, Status,
};
use chrono::{DateTime, Utc};
use kontak_content::Written;
use kontak_types::{AgentId, CaseId, ConversationId, CustomerId, MessageId, TouchpointId};
use serde::{Deserialize, Serialize};

/// Something that happened, or was decided. What is appended to the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// The version of the form that it is written in.
    pub version: u16,
    /// When it was recorded: the `now` of the decision.
    pub at: DateTime<Utc>,
    /// Who brought it about.
    pub actor: Actor,
    /// What.
    pub body: EventBody,
}

impl Event {
    /// The version that this release writes.
    pub const VERSION: u16 = 1;

    /// An event of this release.
    #[must_use]
    pub const fn new(at: DateTime<Utc>, actor: Actor, body: EventBody) -> Self {
        Self { version: Self::VERSION, at, actor, body }
    }
}

/// What happened. The first two are facts, which come in any order and more than once; the rest are
/// decisions, which are applied in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventBody {
    /// A message was said.
    MessageSaid(Message),
    /// A channel reported something of a message.
    RelationSeen(Relation),
    /// Other rules are in force from here.
    PolicySet(Box<Policy>),
    /// A conversation began.
    ConversationOpened {
        /// Its id.
        conversation: ConversationId,
        /// With whom.
        customer: CustomerId,
        /// When: the time of the message that began it, which may be recorded later.
        since: DateTime<Utc>,
    },
    /// The customer came by another channel, or account.
    LegOpened(Leg),
    /// A message was found its place.
    MessagePlaced {
        /// Which.
        message: MessageId,
        /// On which leg.
        leg: LegId,
        /// Why there; nothing for what we said ourselves.
        reason: Option<PlacementReason>,
    },
    /// A conversation stands somewhere else.
    StatusChanged {
        /// Which.
        conversation: ConversationId,
        /// Where it stood.
        from: Status,
        /// Where it stands.
        to: Status,
        /// From when on: the time of the message that brought it about, if one did.
        since: DateTime<Utc>,
    },
    /// A conversation that was done goes on: another episode, with clocks of its own.
    EpisodeBegan {
        /// Which.
        conversation: ConversationId,
        /// The number of the episode; the first was 0.
        episode: u32,
        /// From when on.
        since: DateTime<Utc>,
    },
    /// Somebody has it now, or nobody.
    Assigned {
        /// What.
        conversation: ConversationId,
        /// Whom.
        to: Option<AgentId>,
    },
    /// A conversation was given a label.
    Labelled {
        /// Which.
        conversation: ConversationId,
        /// The label, and who gave it.
        labelling: Labelling,
    },
    /// Something was promised.
    Promised {
        /// The promise.
        commitment: CommitmentId,
        /// In which conversation.
        conversation: ConversationId,
        /// What; nothing once that was erased.
        what: Option<Written>,
        /// By when.
        due: DateTime<Utc>,
        /// In which message.
        message: Option<MessageId>,
    },
    /// A promise was kept, perhaps late.
    PromiseKept {
        /// Which.
        commitment: CommitmentId,
    },
    /// A promise came due and was not kept.
    PromiseBroken {
        /// Which.
        commitment: CommitmentId,
        /// When it came due: the event may be recorded later.
        due: DateTime<Utc>,
    },
    /// The customer agreed to another time.
    PromiseRenegotiated {
        /// Which.
        commitment: CommitmentId,
        /// The new time.
        due: DateTime<Utc>,
    },
    /// A promise was taken back.
    PromiseWithdrawn {
        /// Which.
        commitment: CommitmentId,
    },
    /// A conversation was offered to somebody else.
    HandoverOffered {
        /// Its id.
        handover: HandoverId,
        /// Which conversation.
        conversation: ConversationId,
        /// To whom.
        to: HandoverTarget,
        /// How.
        kind: HandoverKind,
        /// What the taker should know.
        brief: Box<ContextBrief>,
    },
    /// It was taken.
    HandoverAccepted {
        /// Which.
        handover: HandoverId,
        /// By whom.
        by: AgentId,
    },
    /// It was not taken.
    HandoverDeclined {
        /// Which.
        handover: HandoverId,
    },
    /// The customer answered a question.
    Answered {
        /// In which conversation.
        conversation: ConversationId,
        /// The answer.
        answer: Answer,
    },
    /// The customer had to say again what they had said before.
    Retold {
        /// In which conversation.
        conversation: ConversationId,
        /// The question.
        question: Box<str>,
        /// Where they said it again.
        message: MessageId,
    },
    /// A conversation presses more, or less.
    PrioritySet {
        /// Which.
        conversation: ConversationId,
        /// How much.
        priority: Priority,
    },
    /// Somebody was let into a conversation.
    ParticipantJoined {
        /// Which.
        conversation: ConversationId,
        /// Who.
        who: Actor,
    },
    /// Somebody left a conversation.
    ParticipantLeft {
        /// Which.
        conversation: ConversationId,
        /// Who.
        who: Actor,
    },
    /// Two conversations hang together.
    Linked {
        /// One.
        one: ConversationId,
        /// The other.
        other: ConversationId,
        /// How.
        kind: LinkKind,
    },
    /// They do not, after all.
    Unlinked {
        /// One.
        one: ConversationId,
        /// The other.
        other: ConversationId,
        /// How they were linked.
        kind: LinkKind,
    },
    /// A case began.
    CaseOpened {
        /// Its id.
        case: CaseId,
        /// What it is about; nothing once that was erased.
        title: Option<Written>,
    },
    /// A case is done.
    CaseClosed {
        /// Which.
        case: CaseId,
    },
    /// A conversation belongs to a case.
    CaseJoined {
        /// The case.
        case: CaseId,
        /// The conversation.
        conversation: ConversationId,
    },
    /// It does not, after all.
    CaseLeft {
        /// The case.
        case: CaseId,
        /// The conversation.
        conversation: ConversationId,
    },
    /// A customer said what they would rather have.
    PreferenceStated {
        /// From which account.
        touchpoint: TouchpointId,
        /// What.
        preference: Preference,
        /// In which message, if in one.
        message: Option<MessageId>,
    },
    /// A service level was missed.
    SlaBreached {
        /// In which conversation.
        conversation: ConversationId,
        /// What was missed, and when: the event may be recorded later.
        breach: Breach,
    },
    /// It was kept: a fact came late, or the policy is another one.
    SlaCleared {
        /// In which conversation.
        conversation: ConversationId,
        /// What had been recorded.
        breach: Breach,
    },
    /// All of a conversation is in another one now.
    ConversationsMerged {
        /// Of which.
        from: ConversationId,
        /// Where.
        into: ConversationId,
        /// What went.
        moved: Moved,
    },
    /// It is not, after all.
    ConversationsUnmerged {
        /// What comes back.
        from: ConversationId,
        /// Where it was.
        into: ConversationId,
        /// What goes back, with what came since.
        moved: Moved,
    },
    /// A part of a conversation is one of its own now.
    ConversationSplit {
        /// Of which.
        from: ConversationId,
        /// The new one.
        into: ConversationId,
        /// What went.
        moved: Moved,
    },
    /// It is not, after all: what came since comes back with it.
    ConversationUnsplit {
        /// Where it was, and is again.
        from: ConversationId,
        /// The one that is no more.
        into: ConversationId,
        /// What goes back, with what came since.
        moved: Moved,
    },
    /// Two customers turned out to be one.
    CustomersMerged(Customers),
    /// One customer turned out to be two. Conversations with legs of both are split in events of
    /// their own.
    CustomersParted(Customers),
    /// Somebody should look through a conversation.
    ReviewAsked {
        /// Which.
        conversation: ConversationId,
        /// Why.
        review: Review,
    },
    /// Somebody did.
    Reviewed {
        /// Which.
        conversation: ConversationId,
    },
    /// Nothing of a conversation may be erased.
    LegalHoldPlaced {
        /// Which.
        conversation: ConversationId,
        /// For what matter: a name that reveals nothing.
        matter: Box<str>,
    },
    /// For this matter it may.
    LegalHoldReleased {
        /// Which.
        conversation: ConversationId,
        /// For what matter.
        matter: Box<str>,
    },
    /// The words of a message were taken out.
    MessageRedacted {
        /// Which.
        message: MessageId,
    },
    /// What these accounts said, and was said to them, was taken out.
    TouchpointsErased {
        /// Which.
        touchpoints: Vec<TouchpointId>,
        /// What was on their legs.
        messages: Vec<MessageId>,
        /// The conversations in which nobody else took part: all that was noted in them is gone.
        conversations: Vec<ConversationId>,
    },
    /// A class of what was kept of a conversation was kept long enough.
    RetentionEnded {
        /// Which.
        conversation: ConversationId,
        /// What.
        class: DataClass,
        /// In which messages.
        messages: Vec<MessageId>,
        /// When: the event may be recorded later.
        due: DateTime<Utc>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const KINDS: usize = 45;

    /// A new kind does not compile without its name here; then it is counted, and goes into the
    /// sample.
    fn name(body: &EventBody) -> &'static str {
        match body {
            EventBody::MessageSaid(..) => "message_said",
            EventBody::RelationSeen(..) => "relation_seen",
            EventBody::PolicySet(..) => "policy_set",
            EventBody::ConversationOpened { .. } => "conversation_opened",
            EventBody::LegOpened(..) => "leg_opened",
            EventBody::MessagePlaced { .. } => "message_placed",
            EventBody::StatusChanged { .. } => "status_changed",
            EventBody::EpisodeBegan { .. } => "episode_began",
            EventBody::Assigned { .. } => "assigned",
            EventBody::Labelled { .. } => "labelled",
            EventBody::Promised { .. } => "promised",
            EventBody::PromiseKept { .. } => "promise_kept",
            EventBody::PromiseBroken { .. } => "promise_broken",
            EventBody::PromiseRenegotiated { .. } => "promise_renegotiated",
            EventBody::PromiseWithdrawn { .. } => "promise_withdrawn",
            EventBody::HandoverOffered { .. } => "handover_offered",
            EventBody::HandoverAccepted { .. } => "handover_accepted",
            EventBody::HandoverDeclined { .. } => "handover_declined",
            EventBody::Answered { .. } => "answered",
            EventBody::Retold { .. } => "retold",
            EventBody::PrioritySet { .. } => "priority_set",
            EventBody::ParticipantJoined { .. } => "participant_joined",
            EventBody::ParticipantLeft { .. } => "participant_left",
            EventBody::Linked { .. } => "linked",
            EventBody::Unlinked { .. } => "unlinked",
            EventBody::CaseOpened { .. } => "case_opened",
            EventBody::CaseClosed { .. } => "case_closed",
            EventBody::CaseJoined { .. } => "case_joined",
            EventBody::CaseLeft { .. } => "case_left",
            EventBody::PreferenceStated { .. } => "preference_stated",
            EventBody::SlaBreached { .. } => "sla_breached",
            EventBody::SlaCleared { .. } => "sla_cleared",
            EventBody::ConversationsMerged { .. } => "conversations_merged",
            EventBody::ConversationsUnmerged { .. } => "conversations_unmerged",
            EventBody::ConversationSplit { .. } => "conversation_split",
            EventBody::ConversationUnsplit { .. } => "conversation_unsplit",
            EventBody::CustomersMerged(..) => "customers_merged",
            EventBody::CustomersParted(..) => "customers_parted",
            EventBody::ReviewAsked { .. } => "review_asked",
            EventBody::Reviewed { .. } => "reviewed",
            EventBody::LegalHoldPlaced { .. } => "legal_hold_placed",
            EventBody::LegalHoldReleased { .. } => "legal_hold_released",
            EventBody::MessageRedacted { .. } => "message_redacted",
            EventBody::TouchpointsErased { .. } => "touchpoints_erased",
            EventBody::RetentionEnded { .. } => "retention_ended",
        }
    }

    #[test]
    fn the_sample_holds_every_kind_under_its_name() {
        let sample = include_str!("../tests/data/journal/v1.jsonl");
        let mut kinds = BTreeSet::new();
        for line in sample.lines() {
            let event: Event = serde_json::from_str(line).unwrap();
            let name = name(&event.body);
            assert!(line.contains(&format!("\"body\":{{\"{name}\":")), "{name}");
            kinds.insert(name);
        }
        assert_eq!(kinds.len(), KINDS);
    }
}
