//! What all adapters do with what comes in.

use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::content::{Text, Written};
use kontak_channel::{
    ChannelDescriptor, DedupeKey, Envelope, EnvelopeKind, Ignored, IgnoredReason, ParseError,
    ProviderId, Sender, Verified,
};
use kontak_types::TouchpointKey;

/// Makes envelopes for one request of one account.
#[derive(Clone, Copy)]
pub(crate) struct Intake<'a> {
    descriptor: &'a ChannelDescriptor,
    pub(crate) arrived: DateTime<Utc>,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(descriptor: &'a ChannelDescriptor, request: &Verified<'_>) -> Self {
        Self { descriptor, arrived: request.arrived() }
    }

    /// For what arrived without a request of the codec's own form.
    #[cfg(feature = "email")]
    pub(crate) fn of(descriptor: &'a ChannelDescriptor, arrived: DateTime<Utc>) -> Self {
        Self { descriptor, arrived }
    }

    pub(crate) fn key(self, kind: EnvelopeKind, id: &ProviderId) -> DedupeKey {
        DedupeKey::new(&*self.descriptor.account, kind, id.clone())
    }

    pub(crate) fn touchpoint(self, id: &str) -> TouchpointKey {
        TouchpointKey::new(self.descriptor.kind.clone(), &*self.descriptor.scope, id)
    }

    pub(crate) fn sender(self, id: &str) -> Sender {
        Sender::new(self.touchpoint(id))
    }

    /// Something that is passed over; its bytes are its id.
    pub(crate) fn ignored(self, reason: IgnoredReason, what: &str, bytes: &[u8]) -> Envelope {
        let key = self.key(EnvelopeKind::Ignored, &ProviderId::of_bytes(bytes));
        Envelope::new(key, self.arrived, Ignored::new(reason, what))
    }
}

/// More things than this in one request are no provider's.
pub(crate) const MOST_THINGS: usize = 10_000;

pub(crate) fn json<'de, T: serde::Deserialize<'de>>(body: &'de [u8]) -> Result<T, ParseError> {
    serde_json::from_slice(body)
        .map_err(|error| ParseError::Json { line: error.line(), column: error.column() })
}

pub(crate) fn seconds(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

pub(crate) fn written(text: &str) -> Option<Written> {
    Written::new(text).ok()
}

pub(crate) fn plain(text: &str) -> Option<Text> {
    Text::plain(text).ok()
}

pub(crate) fn id(id: &str) -> Option<ProviderId> {
    ProviderId::new(id).ok()
}
