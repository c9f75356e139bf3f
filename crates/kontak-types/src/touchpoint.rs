use crate::ChannelKind;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a channel names one account of somebody: `(channel, scope, opaque id)`.
///
/// The scope is the space in which the channel's id is unique: the business account, page, bot or
/// inbox that it was seen through. Platforms give one person a different id per page, so two ids
/// are only comparable within one scope.
///
/// The id may be a phone number or a mail address in disguise, so `Debug` masks it.
///
/// ```
/// use kontak_types::{ChannelKind, TouchpointKey};
///
/// let key = TouchpointKey::new(ChannelKind::WhatsApp, "shop-jakarta", "6281234567890");
/// assert_eq!(format!("{key:?}"), "whatsapp:shop-jakarta:(13 bytes)");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TouchpointKey {
    /// The kind of channel.
    pub channel: ChannelKind,
    /// The business's own account on that channel; may be empty where there is only one.
    pub scope: String,
    /// The channel's id of the account; never interpreted.
    pub id: String,
}

impl TouchpointKey {
    /// The account `id` on `channel`, seen through `scope`.
    pub fn new(
        channel: impl Into<ChannelKind>,
        scope: impl Into<String>,
        id: impl Into<String>,
    ) -> Self {
        Self { channel: channel.into(), scope: scope.into(), id: id.into() }
    }
}

impl fmt::Debug for TouchpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:({} bytes)", self.channel, self.scope, self.id.len())
    }
}
