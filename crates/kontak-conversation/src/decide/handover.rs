use crate::state::Conversations;
use crate::{
    EventBody, Handover, HandoverId, HandoverKind, HandoverState, HandoverTarget, Rejected,
};
use kontak_content::Written;
use kontak_types::{AgentId, ConversationId};

impl Conversations {
    pub(super) fn offer(
        &self,
        (handover, conversation): (HandoverId, ConversationId),
        to: HandoverTarget,
        kind: HandoverKind,
        wants: Option<Written>,
    ) -> Result<Vec<EventBody>, Rejected> {
        let known = self.known(conversation)?;
        if self.handover(handover).is_some() {
            return Err(Rejected::IdTaken { what: "handover" });
        }
        let mut offers = known.handovers.iter().filter_map(|id| self.handover(*id));
        if let Some(offered) = offers.find(|one| one.state == HandoverState::Offered) {
            return Err(Rejected::OfferedAlready(offered.id));
        }
        let brief = self.brief(conversation, wants);
        let brief = Box::new(brief.ok_or(Rejected::NoConversation(conversation))?);
        Ok(vec![EventBody::HandoverOffered { handover, conversation, to, kind, brief }])
    }

    pub(super) fn accept(
        &self,
        handover: HandoverId,
        by: AgentId,
    ) -> Result<Vec<EventBody>, Rejected> {
        let known = self.offered(handover)?;
        if !known.to.admits(by) {
            return Err(Rejected::NotForThem);
        }
        Ok(vec![EventBody::HandoverAccepted { handover, by }])
    }

    pub(super) fn decline(&self, handover: HandoverId) -> Result<Vec<EventBody>, Rejected> {
        self.offered(handover)?;
        Ok(vec![EventBody::HandoverDeclined { handover }])
    }

    fn offered(&self, handover: HandoverId) -> Result<&Handover, Rejected> {
        let known = self.handover(handover).ok_or(Rejected::NoHandover(handover))?;
        if known.state == HandoverState::Offered { Ok(known) } else { Err(Rejected::NotOffered) }
    }
}
