//! What came in, read.

mod body;
mod dedupe;
mod sender;

pub use body::{
    CallEvent, CallStage, Consent, ConsentScope, EnvelopeBody, EnvelopeKind, Failure, Ignored,
    IgnoredReason, InboundMessage, MessageAuthor, MessageChange, Presence, Receipt, ReceiptStatus,
};
pub use dedupe::{DedupeKey, DedupeMemory};
pub use sender::Sender;

use chrono::{DateTime, SubsecRound, Utc};
use kontak_content::{NameError, ProviderRef};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// All that one request brought, in its order. Providers put many things into one request, and one
/// that cannot be read takes none of the others with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InboundBatch {
    /// The things, also those that need nothing done.
    pub envelopes: Vec<Envelope>,
}

impl InboundBatch {
    /// These things.
    #[must_use]
    pub fn new(envelopes: Vec<Envelope>) -> Self {
        Self { envelopes }
    }
}

impl FromIterator<Envelope> for InboundBatch {
    fn from_iter<I: IntoIterator<Item = Envelope>>(envelopes: I) -> Self {
        Self::new(envelopes.into_iter().collect())
    }
}

/// One thing that came in: a fact, to be stored before the provider is answered.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::content::Content;
/// use kontak_channel::{DedupeKey, Envelope, EnvelopeKind, InboundMessage, ProviderId};
///
/// let id = ProviderId::new("wamid.HBgM")?;
/// let key = DedupeKey::new("shop-jakarta", EnvelopeKind::Message, id.clone());
/// let message = InboundMessage::new(id, Content::plain("Is it in stock?")?);
/// let envelope = Envelope::new(key, DateTime::UNIX_EPOCH, message);
/// assert_eq!(envelope.body.kind(), EnvelopeKind::Message);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Envelope {
    /// Equal for all deliveries of the same thing, and different for any two things.
    pub dedupe: DedupeKey,
    /// The customer's side: who wrote it, or to whom it was written.
    pub sender: Option<Sender>,
    /// The provider's own name of the account of ours that it concerns, where the request says so:
    /// one address may serve several.
    pub recipient: Option<ProviderId>,
    /// When it happened, by the provider's clock.
    pub occurred: Option<DateTime<Utc>>,
    /// When it reached us.
    pub arrived: DateTime<Utc>,
    /// What it is.
    pub body: EnvelopeBody,
}

impl Envelope {
    /// A thing of nobody in particular. Times are cut to microseconds.
    pub fn new(dedupe: DedupeKey, arrived: DateTime<Utc>, body: impl Into<EnvelopeBody>) -> Self {
        Self {
            dedupe,
            sender: None,
            recipient: None,
            occurred: None,
            arrived: arrived.trunc_subsecs(6),
            body: body.into(),
        }
    }

    /// With the customer's side.
    #[must_use]
    pub fn with_sender(self, sender: Sender) -> Self {
        Self { sender: Some(sender), ..self }
    }

    /// With the account of ours.
    #[must_use]
    pub fn with_recipient(self, recipient: ProviderId) -> Self {
        Self { recipient: Some(recipient), ..self }
    }

    /// With the provider's time.
    #[must_use]
    pub fn with_occurred(self, occurred: DateTime<Utc>) -> Self {
        Self { occurred: Some(occurred.trunc_subsecs(6)), ..self }
    }

    /// The provider's time; where it says none, ours.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.occurred.unwrap_or(self.arrived)
    }
}

/// What a provider calls a message, a call or an account: one line of 1 to 1,024 bytes, compared
/// and never interpreted. Some hold phone numbers, so `Debug` shows only the length.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProviderId(ProviderRef);

impl ProviderId {
    /// Takes the id as it is.
    ///
    /// # Errors
    /// Where it is empty, too long or has control characters.
    pub fn new(id: impl Into<Box<str>>) -> Result<Self, NameError> {
        ProviderRef::new(id).map(Self)
    }

    /// An id for what the provider gave none: a hash of all its bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let hash = hex::encode(&Sha256::digest(bytes)[..16]);
        Self(ProviderRef::new(format!("sha256:{hash}")).expect("hexadecimal digits are an id"))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
