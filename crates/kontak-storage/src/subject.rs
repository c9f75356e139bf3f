use kontak_types::{CustomerId, TouchpointId, TouchpointKey};
use std::fmt;
use uuid::Uuid;

/// Whom a record is about: the word by which it is found again for an export or an erasure.
///
/// A store compares subjects and never reads them. Which of them belong to one person is not its
/// business: whoever erases a customer names the customer, its touchpoints and their accounts.
/// It may hold a phone number, so `Debug` masks it.
///
/// ```
/// use kontak_storage::Subject;
/// use kontak_types::TouchpointKey;
///
/// let account = TouchpointKey::new("whatsapp", "shop", "6281234567890");
/// assert_eq!(Subject::account(&account), Subject::account(&account.clone()));
/// assert_eq!(format!("{:?}", Subject::account(&account)), "Subject(28 bytes)");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(Box<[u8]>);

impl Subject {
    /// A touchpoint. Customers merge and split, touchpoints stay: what a record is about is best said so.
    #[must_use]
    pub fn touchpoint(id: TouchpointId) -> Self {
        Self::tagged(b't', &[id.as_uuid().as_bytes()])
    }

    /// A customer by the id it had when the record was written.
    #[must_use]
    pub fn customer(id: CustomerId) -> Self {
        Self::tagged(b'c', &[id.as_uuid().as_bytes()])
    }

    /// An account as its channel names it, for what is stored before a touchpoint is known.
    #[must_use]
    pub fn account(key: &TouchpointKey) -> Self {
        let (channel, scope) = (key.channel.as_str(), key.scope.as_str());
        Self::tagged(b'a', &[channel.as_bytes(), b"\0", scope.as_bytes(), b"\0", key.id.as_bytes()])
    }

    /// Anything else that data can be about.
    #[must_use]
    pub fn other(kind: &str, id: Uuid) -> Self {
        Self::tagged(b'o', &[kind.as_bytes(), b"\0", id.as_bytes()])
    }

    /// A subject as a store keeps it, or as one that wraps a store has changed it.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// What a store keeps and compares.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn tagged(tag: u8, parts: &[&[u8]]) -> Self {
        let length = 1 + parts.iter().map(|part| part.len()).sum::<usize>();
        let mut bytes = Vec::with_capacity(length);
        bytes.push(tag);
        for part in parts {
            bytes.extend_from_slice(part);
        }
        Self(bytes.into())
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subject({} bytes)", self.0.len())
    }
}
