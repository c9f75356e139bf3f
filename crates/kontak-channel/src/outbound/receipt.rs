use super::SendError;
use crate::ProviderId;
use serde::{Deserialize, Serialize};

/// What the provider said when it took a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SendReceipt {
    /// What it calls the messages, one or more for one of ours. Receipts come under these ids.
    pub ids: Vec<ProviderId>,
}

impl SendReceipt {
    /// Taken, and called so.
    #[must_use]
    pub fn new(ids: Vec<ProviderId>) -> Self {
        Self { ids }
    }
}

/// What an answer of the provider means.
pub type SendOutcome = Result<SendReceipt, SendError>;
