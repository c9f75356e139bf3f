use crate::{LegId, NativeId};
use kontak_types::{ChannelKind, ConversationId, TouchpointId};
use serde::{Deserialize, Serialize};

/// One touchpoint's part in a conversation, on its channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Leg {
    /// Its id.
    pub id: LegId,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Whose account.
    pub touchpoint: TouchpointId,
    /// On which channel.
    pub channel: ChannelKind,
    /// The thread that the channel has it in, if it has threads.
    pub thread: Option<NativeId>,
}

impl Leg {
    /// `touchpoint` in `conversation`, on `channel`.
    #[must_use]
    pub const fn new(
        id: LegId,
        conversation: ConversationId,
        touchpoint: TouchpointId,
        channel: ChannelKind,
        thread: Option<NativeId>,
    ) -> Self {
        Self { id, conversation, touchpoint, channel, thread }
    }
}
