#![doc = include_str!("../README.md")]

mod capabilities;
mod channel;
mod codec;
#[cfg(feature = "conformance")]
pub mod conformance;
mod inbound;
mod length;
mod media;
mod memory;
mod outbound;
mod pacer;
mod plan;
mod request;
mod retry;
mod secret;
mod signature;
mod upload;
mod window;

/// The bytes that bodies are made of.
pub use bytes;
pub use capabilities::{
    ButtonCapability, Capabilities, ChangeCapability, ListCapability, MediaCapability,
    PartsPerMessage, Support, TextCapability,
};
pub use channel::{Channel, Edits, Health, Presences, Reactions, Transport, Wired};
/// The time crate whose types stand in envelopes.
pub use chrono;
pub use codec::{Acknowledgement, ChannelDescriptor, Codec, ParseError};
/// The HTTP vocabulary that requests are written in.
pub use http;
pub use inbound::{
    CallEvent, CallStage, Consent, ConsentScope, DedupeKey, DedupeMemory, Envelope, EnvelopeBody,
    EnvelopeKind, Failure, Ignored, IgnoredReason, InboundBatch, InboundMessage, MessageAuthor,
    MessageChange, Presence, ProviderId, Receipt, ReceiptStatus, Sender,
};
/// Phone numbers and e-mail addresses, as senders have them.
pub use kontak_address as address;
/// The parts of a message.
pub use kontak_content as content;
pub use length::{LengthUnit, TextLimit, TextLimitError, gsm_septets};
pub use media::MediaGuard;
pub use memory::{MemoryChannel, MemoryCodec, MemoryItem, MemoryTransport};
pub use outbound::{
    Action, FrameRequest, HttpRequest, HttpResponse, IdempotencyKey, MailRequest, Outbound,
    RenderError, SendError, SendOutcome, SendReceipt, TransportError, Voice, WireRequest,
    WireResponse,
};
pub use pacer::{Pacer, Rate, Urgency};
pub use plan::{Loss, LossKind, Plan, PlanError, PlanMode, choice_in_reply, plan, split_text};
pub use request::RawRequest;
pub use retry::{Retry, RetryPolicy};
pub use secret::{KeyRing, Secret, SecretError};
pub use signature::{
    Coverage, Digest, HmacScheme, Piece, SharedToken, SignatureEncoding, SignaturePolicy,
    SignatureScheme, Verified, VerifyError, check_age,
};
pub use upload::{Upload, UploadCodec, Uploads};
pub use window::{Opening, Reopening, Window, WindowLedger, WindowRule};
