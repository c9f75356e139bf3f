mod inbox;
mod journal;
mod keys;
mod lease;
mod outbox;

mod snapshot;
mod subjects;

pub use keys::EncryptionKeys;

use keys::Place;

/// A store whose payloads are sealed before they reach it, and whose dedupe keys and subjects reach
/// it as keyed hashes: what lies on disk, in a backup and in a database's log says nothing of anybody.
///
/// A payload is sealed by XChaCha20-Poly1305 for its tenant and place; moved elsewhere it does not
/// open. In the clear are ids, positions, times, the names of engines and of parts, and how long
/// things are. A payload may be some bytes short of [`Payload::MAX_BYTES`](crate::Payload::MAX_BYTES);
/// an item that was erased comes back with the hash of its key.
///
/// ```
/// use kontak_storage::chrono::DateTime;
/// use kontak_storage::uuid::Uuid;
/// use kontak_storage::{
///     Encrypted, EncryptionKeys, Inbox, InboxPosition, MemoryStorage, NewInboxItem, TenantId,
/// };
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // From your key management; these are only for show.
/// let keys = EncryptionKeys::new([1; 32], 1, [2; 32]);
/// let storage = Encrypted::new(MemoryStorage::new(), keys);
/// let tenant = TenantId::new(Uuid::from_u128(1));
/// let item = NewInboxItem::new("wamid.1", DateTime::UNIX_EPOCH, b"halo".to_vec());
/// storage.accept(tenant, vec![item]).await?;
///
/// let read = storage.read_inbox(tenant, InboxPosition::START, 1).await?;
/// assert_eq!(read[0].payload.as_bytes(), b"halo");
/// let stored = storage.inner().read_inbox(tenant, InboxPosition::START, 1).await?;
/// assert!(!stored[0].payload.as_bytes().windows(4).any(|bytes| bytes == b"halo"));
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Encrypted<S> {
    inner: S,
    keys: EncryptionKeys,
}

impl<S> Encrypted<S> {
    /// Seals what goes into `inner`, and opens what comes out of it. A store that holds anything in
    /// the clear cannot be read so: begin with an empty one.
    #[must_use]
    pub const fn new(inner: S, keys: EncryptionKeys) -> Self {
        Self { inner, keys }
    }

    /// The store as it is.
    #[must_use]
    pub const fn inner(&self) -> &S {
        &self.inner
    }
}
