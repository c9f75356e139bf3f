use kontak_types::uuid::Uuid;
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;

/// What a channel calls a message or a thread, as a keyed hash: two are the same where account and
/// id are, and nothing else can be read from it.
///
/// ```
/// use kontak_conversation::NativeId;
///
/// let secret = *b"sixteen secret b";
/// let id = NativeId::new(&secret, "whatsapp/shop-jakarta", "wamid.HBgM");
/// assert_eq!(id, NativeId::new(&secret, "whatsapp/shop-jakarta", "wamid.HBgM"));
/// assert_ne!(id, NativeId::new(&secret, "whatsapp/shop-bandung", "wamid.HBgM"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NativeId(Uuid);

impl NativeId {
    /// The hash, under the tenant's secret, of what `account` of a channel calls `id`.
    #[must_use]
    pub fn new(secret: &[u8; 16], account: &str, id: &str) -> Self {
        let mut hasher = SipHasher24::new_with_key(secret);
        hasher.write_u64(account.len() as u64);
        hasher.write(account.as_bytes());
        hasher.write(id.as_bytes());
        Self(Uuid::from_u128(hasher.finish128().as_u128()))
    }

    pub(crate) const fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}
