use crate::state::Conversations;
use crate::{Actor, Commitment, CommitmentId, CommitmentState, EventBody, Rejected};
use chrono::{DateTime, Utc};
use kontak_content::Written;
use kontak_types::{ConversationId, MessageId};

impl Conversations {
    pub(super) fn promise(
        &self,
        actor: &Actor,
        (commitment, conversation): (CommitmentId, ConversationId),
        what: Written,
        (due, now): (DateTime<Utc>, DateTime<Utc>),
        message: Option<MessageId>,
    ) -> Result<Vec<EventBody>, Rejected> {
        self.known(conversation)?;
        if matches!(actor, Actor::Customer(_)) {
            return Err(Rejected::NotOurs);
        }
        if self.commitment(commitment).is_some() {
            return Err(Rejected::IdTaken { what: "commitment" });
        }
        if due <= now {
            return Err(Rejected::Past { field: "due" });
        }
        if let Some(message) = message {
            self.said_in(conversation, message)?;
        }
        let what = Some(what);
        Ok(vec![EventBody::Promised { commitment, conversation, what, due, message }])
    }

    pub(super) fn keep(&self, commitment: CommitmentId) -> Result<Vec<EventBody>, Rejected> {
        self.outstanding(commitment)?;
        Ok(vec![EventBody::PromiseKept { commitment }])
    }

    pub(super) fn renegotiate(
        &self,
        commitment: CommitmentId,
        due: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<EventBody>, Rejected> {
        let known = self.outstanding(commitment)?;
        if due <= now {
            return Err(Rejected::Past { field: "due" });
        }
        // What was broken stays broken: another date is another promise.
        if known.state != CommitmentState::Open {
            return Err(Rejected::NotOutstanding);
        }
        Ok(vec![EventBody::PromiseRenegotiated { commitment, due }])
    }

    pub(super) fn withdraw(&self, commitment: CommitmentId) -> Result<Vec<EventBody>, Rejected> {
        if self.outstanding(commitment)?.state != CommitmentState::Open {
            return Err(Rejected::NotOutstanding);
        }
        Ok(vec![EventBody::PromiseWithdrawn { commitment }])
    }

    fn outstanding(&self, commitment: CommitmentId) -> Result<&Commitment, Rejected> {
        let known = self.commitment(commitment).ok_or(Rejected::NoCommitment(commitment))?;
        if known.state.is_outstanding() { Ok(known) } else { Err(Rejected::NotOutstanding) }
    }
}
