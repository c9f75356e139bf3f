use super::{Conversations, Deadline};
use crate::{Commitment, CommitmentState, Event, EventBody, Handover, HandoverKind, HandoverState};

impl Conversations {
    /// Promises and handovers.
    pub(super) fn apply_obligation(&mut self, event: &Event) {
        let at = event.at;
        match &event.body {
            EventBody::Promised { commitment, conversation, what, due, message } => {
                let Some(home) = self.conversations.get_mut(conversation) else { return };
                home.commitments.push(*commitment);
                self.deadlines.insert((*due, Deadline::Commitment(*commitment)));
                let promised = Commitment {
                    id: *commitment,
                    conversation: *conversation,
                    by: event.actor.clone(),
                    what: what.clone(),
                    due: *due,
                    message: *message,
                    made_at: at,
                    state: CommitmentState::Open,
                    renegotiated: Vec::new(),
                };
                self.commitments.insert(*commitment, promised);
                self.reschedule(*conversation);
            }
            EventBody::PromiseKept { commitment } => {
                let Some(promise) = self.commitments.get_mut(commitment) else { return };
                self.deadlines.remove(&(promise.due, Deadline::Commitment(*commitment)));
                promise.state = match promise.state {
                    CommitmentState::Broken { at: broken, .. } => {
                        CommitmentState::Broken { at: broken, kept: Some(at) }
                    }
                    _ => CommitmentState::Kept { at },
                };
            }
            EventBody::PromiseBroken { commitment, due } => {
                let Some(promise) = self.commitments.get_mut(commitment) else { return };
                self.deadlines.remove(&(promise.due, Deadline::Commitment(*commitment)));
                promise.state = CommitmentState::Broken { at: *due, kept: None };
            }
            EventBody::PromiseRenegotiated { commitment, due } => {
                let Some(promise) = self.commitments.get_mut(commitment) else { return };
                self.deadlines.remove(&(promise.due, Deadline::Commitment(*commitment)));
                promise.renegotiated.push(promise.due);
                promise.due = *due;
                promise.state = CommitmentState::Open;
                self.deadlines.insert((*due, Deadline::Commitment(*commitment)));
            }
            EventBody::PromiseWithdrawn { commitment } => {
                let Some(promise) = self.commitments.get_mut(commitment) else { return };
                self.deadlines.remove(&(promise.due, Deadline::Commitment(*commitment)));
                promise.state = CommitmentState::Withdrawn { at };
            }
            EventBody::HandoverOffered { handover, conversation, to, kind, brief } => {
                let Some(home) = self.conversations.get_mut(conversation) else { return };
                home.handovers.push(*handover);
                let offered = Handover {
                    id: *handover,
                    conversation: *conversation,
                    from: home.agent,
                    to: *to,
                    kind: *kind,
                    brief: (**brief).clone(),
                    offered_at: at,
                    state: HandoverState::Offered,
                };
                self.handovers.insert(*handover, offered);
                self.reschedule(*conversation);
            }
            EventBody::HandoverAccepted { handover, by } => {
                let Some(handover) = self.handovers.get_mut(handover) else { return };
                handover.state = HandoverState::Accepted { by: *by, at };
                let home = self.conversations.get_mut(&handover.conversation);
                if let Some(home) = home.filter(|_| handover.kind != HandoverKind::Consult) {
                    home.agent = Some(*by);
                }
            }
            EventBody::HandoverDeclined { handover } => {
                let Some(handover) = self.handovers.get_mut(handover) else { return };
                handover.state = HandoverState::Declined { by: event.actor.clone(), at };
            }
            _ => {}
        }
    }
}
