use crate::relation::Changes;
use crate::{LegId, Message, PlacementReason};
use serde::{Deserialize, Serialize};

/// What is known of one message. The fact and its place come in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) said: Option<Box<Message>>,
    pub(crate) place: Option<(LegId, Option<PlacementReason>)>,
    pub(crate) changes: Option<Box<Changes>>,
}
