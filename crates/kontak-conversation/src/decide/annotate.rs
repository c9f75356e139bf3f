//! What is recorded beside what was said: labels, priority, participants, links, cases, preferences.

use crate::label::{Label, LabelSource, Labelling};
use crate::state::Conversations;
use crate::{Actor, Case, EventBody, LinkKind, Preference, Priority, Rejected};
use chrono::{DateTime, Utc};
use kontak_content::Written;
use kontak_types::{CaseId, ConversationId, MessageId, TouchpointId};

impl Conversations {
    pub(super) fn label(
        &self,
        conversation: ConversationId,
        label: Label,
        source: LabelSource,
        now: DateTime<Utc>,
    ) -> Result<Vec<EventBody>, Rejected> {
        let known = self.known(conversation)?;
        let standing = known.label(label.dimension(), &self.policy.labels);
        let same =
            standing.is_some_and(|it| it.labelling.label == label && it.labelling.source == source);
        let labelling = Labelling::new(label, source, now);
        Ok(if same { Vec::new() } else { vec![EventBody::Labelled { conversation, labelling }] })
    }

    pub(super) fn set_priority(
        &self,
        conversation: ConversationId,
        priority: Priority,
    ) -> Result<Vec<EventBody>, Rejected> {
        let same = self.known(conversation)?.priority() == priority;
        Ok(if same { Vec::new() } else { vec![EventBody::PrioritySet { conversation, priority }] })
    }

    pub(super) fn let_in(
        &self,
        conversation: ConversationId,
        who: Actor,
    ) -> Result<Vec<EventBody>, Rejected> {
        self.known(conversation)?;
        Ok(if self.is_in(conversation, &who) {
            Vec::new()
        } else {
            vec![EventBody::ParticipantJoined { conversation, who }]
        })
    }

    pub(super) fn leave(
        &self,
        conversation: ConversationId,
        who: Actor,
    ) -> Result<Vec<EventBody>, Rejected> {
        self.known(conversation)?;
        let takes_part =
            self.participants(conversation).iter().any(|one| one.who == who && one.left.is_none());
        Ok(if takes_part {
            vec![EventBody::ParticipantLeft { conversation, who }]
        } else {
            Vec::new()
        })
    }

    /// Whether somebody was let in and has not left.
    pub(super) fn is_in(&self, conversation: ConversationId, who: &Actor) -> bool {
        let let_in = self.conversation(conversation).map_or(&[][..], |one| one.let_in());
        let_in.iter().any(|one| one.who == *who && one.left.is_none())
    }

    pub(super) fn link(
        &self,
        (one, other): (ConversationId, ConversationId),
        kind: LinkKind,
    ) -> Result<Vec<EventBody>, Rejected> {
        if one == other {
            return Err(Rejected::Itself);
        }
        self.known(one)?;
        self.known(other)?;
        let is_known = self.links.contains(&(one, other, kind));
        Ok(if is_known { Vec::new() } else { vec![EventBody::Linked { one, other, kind }] })
    }

    pub(super) fn unlink(
        &self,
        (one, other): (ConversationId, ConversationId),
        kind: LinkKind,
    ) -> Vec<EventBody> {
        let is_known = self.links.contains(&(one, other, kind));
        if is_known { vec![EventBody::Unlinked { one, other, kind }] } else { Vec::new() }
    }

    pub(super) fn open_case(
        &self,
        case: CaseId,
        title: Written,
    ) -> Result<Vec<EventBody>, Rejected> {
        if self.case(case).is_some() {
            return Err(Rejected::IdTaken { what: "case" });
        }
        Ok(vec![EventBody::CaseOpened { case, title: Some(title) }])
    }

    pub(super) fn join_case(
        &self,
        case: CaseId,
        conversation: ConversationId,
    ) -> Result<Vec<EventBody>, Rejected> {
        let known = self.known_case(case)?;
        self.known(conversation)?;
        if known.closed_at.is_some() {
            return Err(Rejected::CaseClosed(case));
        }
        Ok(if known.conversations.contains(&conversation) {
            Vec::new()
        } else {
            vec![EventBody::CaseJoined { case, conversation }]
        })
    }

    pub(super) fn leave_case(
        &self,
        case: CaseId,
        conversation: ConversationId,
    ) -> Result<Vec<EventBody>, Rejected> {
        let is_in = self.known_case(case)?.conversations.contains(&conversation);
        Ok(if is_in { vec![EventBody::CaseLeft { case, conversation }] } else { Vec::new() })
    }

    pub(super) fn close_case(&self, case: CaseId) -> Result<Vec<EventBody>, Rejected> {
        let is_open = self.known_case(case)?.closed_at.is_none();
        Ok(if is_open { vec![EventBody::CaseClosed { case }] } else { Vec::new() })
    }

    fn known_case(&self, case: CaseId) -> Result<&Case, Rejected> {
        self.case(case).ok_or(Rejected::NoCase(case))
    }

    pub(super) fn prefer(
        &self,
        touchpoint: TouchpointId,
        preference: Preference,
        message: Option<MessageId>,
    ) -> Result<Vec<EventBody>, Rejected> {
        if self.erased.contains(&touchpoint) {
            return Err(Rejected::Erased);
        }
        if let Some(message) = message.filter(|message| self.message(*message).is_none()) {
            return Err(Rejected::NoMessage(message));
        }
        Ok(vec![EventBody::PreferenceStated { touchpoint, preference, message }])
    }
}
