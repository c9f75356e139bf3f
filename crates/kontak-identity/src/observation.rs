use crate::identifier::Identifier;
use chrono::{DateTime, Utc};
use kontak_types::{TouchpointId, TouchpointKey};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a source came to know that the value belongs to the account. Strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verification {
    /// The person entered a one-time code sent to the value.
    OneTimeCode,
    /// The platform says so: the number of a WhatsApp account, the sender of an authenticated mail.
    PlatformAttested,
    /// The business's own system signed it.
    Signed,
    /// An agent checked it with the person.
    AgentConfirmed,
    /// Somebody typed it.
    Claimed,
}

impl Verification {
    pub(crate) const ALL: [Self; 5] = [
        Self::OneTimeCode,
        Self::PlatformAttested,
        Self::Signed,
        Self::AgentConfirmed,
        Self::Claimed,
    ];
}

/// The key under which a source keeps the record that says so.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(String);

impl RecordId {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for RecordId {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RecordId {
    /// A record id is somebody else's key; it may be a phone number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({} bytes)", self.0.len())
    }
}

/// A record of some source saying that an account used these identifiers.
///
/// This is the *fact* of the identity engine: what a caller records in its journal. It holds
/// normalised values, so replaying it needs no tables.
///
/// ```
/// use kontak_identity::{Identifier, Observation, Verification};
/// use kontak_address::{Origin, PhoneParser};
/// use kontak_types::{ChannelKind, TouchpointId, TouchpointKey, uuid::Uuid};
///
/// let phone = PhoneParser::new(Origin::International).parse("6281290435517")?;
/// let observation = Observation::new(
///     TouchpointId::new(Uuid::from_u128(1)),
///     TouchpointKey::new(ChannelKind::WhatsApp, "shop-jakarta", "6281290435517"),
///     "whatsapp",
///     "wamid.1",
///     "2026-01-05T08:30:00Z".parse()?,
/// )
/// .with_identifier(Identifier::from(&phone))
/// .with_verification(Verification::PlatformAttested)
/// .with_name("Siti Rahayu");
/// assert_eq!(observation.identifiers.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Observation {
    /// The id that the account gets if this is the first record of it; otherwise ignored.
    pub id: TouchpointId,
    /// The account.
    pub touchpoint: TouchpointKey,
    /// Who says so: `crm`, `pos-bandung`, `whatsapp`.
    pub source: String,
    /// The key of the record within the source.
    pub record: RecordId,
    /// Which writing of the record this is; a higher one replaces a lower one, and is what asserts
    /// again after a retraction.
    pub revision: u32,
    /// When the account was seen to use the values.
    pub seen_at: DateTime<Utc>,
    /// When it ceased to, where the source says so: a platform reporting a changed number.
    pub until: Option<DateTime<Utc>>,
    /// How the source knows.
    pub verification: Verification,
    /// The name on the record, as it is written there.
    pub name: Option<String>,
    /// The values. May be empty: the account is recorded all the same.
    pub identifiers: Vec<Identifier>,
}

impl Observation {
    /// An observation without identifiers, claimed, first revision.
    pub fn new(
        id: TouchpointId,
        touchpoint: TouchpointKey,
        source: impl Into<String>,
        record: impl Into<RecordId>,
        seen_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            touchpoint,
            source: source.into(),
            record: record.into(),
            revision: 0,
            seen_at,
            until: None,
            verification: Verification::Claimed,
            name: None,
            identifiers: Vec::new(),
        }
    }

    /// Adds a value.
    #[must_use]
    pub fn with_identifier(mut self, identifier: Identifier) -> Self {
        self.identifiers.push(identifier);
        self
    }

    /// Says how the source knows.
    #[must_use]
    pub fn with_verification(mut self, verification: Verification) -> Self {
        self.verification = verification;
        self
    }

    /// Adds the name on the record.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says which writing of the record this is.
    #[must_use]
    pub fn with_revision(mut self, revision: u32) -> Self {
        self.revision = revision;
        self
    }

    /// Says when the account ceased to use the values.
    #[must_use]
    pub fn with_until(mut self, until: DateTime<Utc>) -> Self {
        self.until = Some(until);
        self
    }
}

impl fmt::Debug for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observation")
            .field("id", &self.id)
            .field("touchpoint", &self.touchpoint)
            .field("source", &self.source)
            .field("record", &self.record)
            .field("revision", &self.revision)
            .field("seen_at", &self.seen_at)
            .field("until", &self.until)
            .field("verification", &self.verification)
            .field("name", &self.name.as_ref().map(|name| format!("({} bytes)", name.len())))
            .field("identifiers", &self.identifiers)
            .finish()
    }
}
