use crate::{
    Capabilities, InboundBatch, KeyRing, Outbound, RawRequest, RenderError, SendOutcome,
    SignaturePolicy, UploadCodec, Verified, VerifyError, Window, WireRequest, WireResponse,
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use kontak_types::ChannelKind;
use std::fmt;
use thiserror::Error;

/// The language of one channel: what its requests mean, and how ours are written.
///
/// It does no I/O, holds no clock and keeps no state, so that it can be tested with bytes alone.
/// One value is one account. Implement it for a channel of your own, then run the suite of the
/// `conformance` feature over it.
///
/// What was not verified cannot be parsed:
///
/// ```compile_fail
/// use kontak_channel::{Codec, RawRequest};
///
/// fn hook(codec: &dyn Codec, request: &RawRequest) {
///     let _ = codec.parse(request);
/// }
/// ```
///
/// ```
/// use kontak_channel::chrono::{DateTime, Utc};
/// use kontak_channel::{Codec, InboundBatch, KeyRing, RawRequest};
///
/// fn hook(codec: &dyn Codec, request: &RawRequest, keys: &KeyRing, now: DateTime<Utc>)
///     -> Result<InboundBatch, Box<dyn std::error::Error>> {
///     let verified = codec.verify(request, keys, now)?;
///     Ok(codec.parse(&verified)?)
/// }
/// ```
///
/// Nobody but the policy makes a verified request:
///
/// ```compile_fail
/// use kontak_channel::{RawRequest, Verified};
///
/// fn trust_me(request: &RawRequest) -> Verified<'_> {
///     Verified { request, arrived: kontak_channel::chrono::DateTime::UNIX_EPOCH }
/// }
/// ```
pub trait Codec: Send + Sync {
    /// What the channel is.
    fn descriptor(&self) -> &ChannelDescriptor;

    /// What it can do while its service window stands so.
    fn capabilities(&self, window: Window) -> Capabilities;

    /// How its requests are told from forged ones.
    fn signature(&self) -> &SignaturePolicy;

    /// Checks that a request comes from the provider.
    ///
    /// # Errors
    /// [`VerifyError`]; answer with 401 or 403 and say no more.
    fn verify<'r>(
        &self,
        request: &'r RawRequest,
        keys: &KeyRing,
        now: DateTime<Utc>,
    ) -> Result<Verified<'r>, VerifyError> {
        self.signature().verify(request, keys, self.descriptor().max_body, now)
    }

    /// Reads what a request brings. What is unknown, or broken alone, becomes an ignored item.
    ///
    /// # Errors
    /// Where the body as a whole is not of the channel's form.
    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError>;

    /// What to answer once everything is stored; most providers look at the status alone.
    fn acknowledge(&self, request: &Verified<'_>) -> Acknowledgement {
        let _ = request;
        Acknowledgement::empty()
    }

    /// What to answer a request that only tries out whether the address is ours; nothing where it
    /// is not such a request. It comes before [`verify`](Self::verify), and brings nothing.
    fn handshake(&self, request: &RawRequest, keys: &KeyRing) -> Option<Acknowledgement> {
        let _ = (request, keys);
        None
    }

    /// Writes something in the form of the channel: mostly one request, and more where the channel
    /// needs several for one message.
    ///
    /// # Errors
    /// Where it was not planned for this channel.
    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError>;

    /// What the answer to one of these requests means.
    ///
    /// # Errors
    /// [`SendError`](crate::SendError), by what can be done about it.
    fn interpret(&self, response: &WireResponse) -> SendOutcome;

    /// How files are given to the provider, where it keeps some.
    fn uploads(&self) -> Option<&dyn UploadCodec> {
        None
    }
}

/// What a channel is, as far as its codec decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChannelDescriptor {
    /// The kind of channel.
    pub kind: ChannelKind,
    /// Our name of the account, as it stands in dedupe keys.
    pub account: Box<str>,
    /// The space in which the channel's ids of people are unique, as it stands in touchpoints.
    pub scope: Box<str>,
    /// The largest body that the provider sends, in bytes.
    pub max_body: usize,
    /// Within how many seconds the provider wants its answer; then it sends again.
    pub answer_within_seconds: u32,
    /// For how many hours the provider goes on trying. Dedupe keys are kept for longer.
    pub retries_for_hours: u32,
}

impl ChannelDescriptor {
    /// A channel whose ids are unique within the account, with bodies up to 1 MiB, an answer within
    /// 5 seconds and retries for a day.
    pub fn new(kind: impl Into<ChannelKind>, account: &str) -> Self {
        Self {
            kind: kind.into(),
            account: account.into(),
            scope: account.into(),
            max_body: 1 << 20,
            answer_within_seconds: 5,
            retries_for_hours: 24,
        }
    }

    /// With another scope: several accounts may share one, as the numbers of a WhatsApp portfolio.
    #[must_use]
    pub fn with_scope(self, scope: &str) -> Self {
        Self { scope: scope.into(), ..self }
    }

    /// With another largest body, in bytes.
    #[must_use]
    pub fn with_max_body(self, max_body: usize) -> Self {
        Self { max_body, ..self }
    }

    /// With another time to answer, in seconds.
    #[must_use]
    pub fn with_answer_within_seconds(self, answer_within_seconds: u32) -> Self {
        Self { answer_within_seconds, ..self }
    }

    /// With another time of retries, in hours.
    #[must_use]
    pub fn with_retries_for_hours(self, retries_for_hours: u32) -> Self {
        Self { retries_for_hours, ..self }
    }
}

/// The body of an answer of status 200.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Acknowledgement {
    /// Its type.
    pub content_type: &'static str,
    /// The body.
    pub body: Bytes,
}

impl Acknowledgement {
    /// Nothing but the status.
    #[must_use]
    pub fn empty() -> Self {
        Self::new("text/plain", Bytes::new())
    }

    /// A body of this type.
    #[must_use]
    pub fn new(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { content_type, body: body.into() }
    }
}

impl fmt::Debug for Acknowledgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.content_type, self.body.len())
    }
}

/// Why a verified body is not of the channel's form. Messages name places, never contents.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseError {
    /// It is not JSON, or not JSON of that shape.
    #[error("the body is not the JSON that is expected, at line {line}, column {column}")]
    Json {
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
    },
    /// It is not text.
    #[error("the body is not UTF-8 from byte {at} on")]
    Utf8 {
        /// Byte offset.
        at: usize,
    },
    /// Something without which nothing can be told is missing.
    #[error("{field} is missing or malformed: expected {expected}")]
    Field {
        /// What.
        field: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
    /// It is not a mail.
    #[error("the body is not a mail: expected headers as RFC 5322 has them")]
    Mail,
    /// It brings more things than a provider puts into one request.
    #[error("the body brings more than {limit} things")]
    TooMany {
        /// How many are read.
        limit: usize,
    },
}
