use crate::{
    Acknowledgement, Action, Capabilities, ChangeCapability, ChannelDescriptor, Codec, DedupeKey,
    Envelope, EnvelopeKind, HmacScheme, HttpRequest, HttpResponse, Ignored, IgnoredReason,
    InboundBatch, InboundMessage, LengthUnit, MessageChange, Outbound, ParseError, Piece, Presence,
    ProviderId, Receipt, ReceiptStatus, RenderError, SendError, SendOutcome, SendReceipt, Sender,
    SignaturePolicy, Support, TextLimit, Transport, TransportError, Verified, Window, WireRequest,
    WireResponse, Wired,
};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use kontak_content::{Content, Part};
use kontak_types::TouchpointKey;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A channel in memory, to test with: what is sent to it can be looked at, and it fails on demand.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::content::Content;
/// use kontak_channel::{Action, Channel, IdempotencyKey, MemoryChannel, Outbound, SendError, TransportError};
/// use kontak_types::TouchpointKey;
///
/// let channel = MemoryChannel::in_memory("shop");
/// let to = TouchpointKey::new("memory", "shop", "budi");
/// let hello = Outbound::new(to, IdempotencyKey::new("row 1")?, Action::Say(Content::plain("Halo")?));
/// let now = DateTime::UNIX_EPOCH;
/// # pollster::block_on(async {
/// channel.transport().fail_next(TransportError::TimedOut);
/// let lost = channel.send(&hello, now).await;
/// assert!(matches!(lost, Err(SendError::Ambiguous { .. })));
///
/// channel.send(&hello, now).await?;
/// channel.send(&hello, now).await?; // the same key: it is one message
/// assert_eq!(channel.transport().sent().len(), 1);
/// # Ok::<(), SendError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type MemoryChannel = Wired<MemoryCodec, MemoryTransport>;

impl MemoryChannel {
    /// A channel of this name, with nothing sent.
    #[must_use]
    pub fn in_memory(account: &str) -> Self {
        Self::new(MemoryCodec::new(account), MemoryTransport::default())
    }
}

/// The language of [`MemoryChannel`]: lists of [`MemoryItem`] in JSON, signed with a time.
#[derive(Debug)]
pub struct MemoryCodec {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
}

/// Something that comes in over memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MemoryItem {
    /// Somebody writes.
    Message {
        /// The message's id.
        id: Box<str>,
        /// Who.
        from: Box<str>,
        /// What.
        text: Box<str>,
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody changes what they wrote.
    Edit {
        /// Which message.
        target: Box<str>,
        /// Who.
        from: Box<str>,
        /// What it says now.
        text: Box<str>,
        /// When.
        at: DateTime<Utc>,
    },
    /// A message of ours has come so far.
    Receipt {
        /// Which message.
        target: Box<str>,
        /// How far.
        status: ReceiptStatus,
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody writes just now.
    Typing {
        /// Who.
        from: Box<str>,
        /// When.
        at: DateTime<Utc>,
    },
}

const SIGNATURE: &str = "x-memory-signature";
const TIMESTAMP: &str = "x-memory-timestamp";

impl MemoryCodec {
    /// An account of this name.
    #[must_use]
    pub fn new(account: &str) -> Self {
        Self {
            descriptor: ChannelDescriptor::new("memory", account),
            signature: SignaturePolicy::signed(Self::scheme()),
        }
    }

    /// How requests are signed, to sign some.
    #[must_use]
    pub fn scheme() -> HmacScheme {
        HmacScheme::sha256(SIGNATURE)
            .with_message([Piece::Header(TIMESTAMP), Piece::Literal("."), Piece::Body])
            .with_timestamp(TIMESTAMP, TimeDelta::minutes(5))
    }

    fn envelope(
        &self,
        item: MemoryItem,
        arrived: DateTime<Utc>,
    ) -> Result<Envelope, Box<dyn std::error::Error>> {
        let key =
            |kind, id: &ProviderId| DedupeKey::new(&*self.descriptor.account, kind, id.clone());
        let sender = |from: &str| {
            let descriptor = &self.descriptor;
            Sender::new(TouchpointKey::new(descriptor.kind.clone(), &*descriptor.scope, from))
        };
        Ok(match item {
            MemoryItem::Message { id, from, text, at } => {
                let id = ProviderId::new(id)?;
                let key = key(EnvelopeKind::Message, &id);
                let message = InboundMessage::new(id, Content::plain(text)?);
                Envelope::new(key, arrived, message).with_sender(sender(&from)).with_occurred(at)
            }
            MemoryItem::Edit { target, from, text, at } => {
                let target = ProviderId::new(target)?;
                let key = key(EnvelopeKind::Change, &target);
                let key = key.with_version(at.timestamp_micros().to_string());
                let change = MessageChange::Edited { target, content: Content::plain(text)? };
                Envelope::new(key, arrived, change).with_sender(sender(&from)).with_occurred(at)
            }
            MemoryItem::Receipt { target, status, at } => {
                let target = ProviderId::new(target)?;
                let key = key(EnvelopeKind::Receipt, &target).with_version(format!("{status:?}"));
                Envelope::new(key, arrived, Receipt::new(target, status)).with_occurred(at)
            }
            MemoryItem::Typing { from, at } => {
                let id = ProviderId::of_bytes(from.as_bytes());
                let key = key(EnvelopeKind::Presence, &id);
                let key = key.with_version(at.timestamp_micros().to_string());
                let typing = Envelope::new(key, arrived, Presence::Typing);
                typing.with_sender(sender(&from)).with_occurred(at)
            }
        })
    }
}

impl Codec for MemoryCodec {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, _window: Window) -> Capabilities {
        let limit = TextLimit::new(4_096, LengthUnit::Scalars);
        Capabilities {
            edit: ChangeCapability::ALWAYS,
            delete: ChangeCapability::ALWAYS,
            reaction: Support::Full,
            typing: Support::Full,
            read_marks: Support::Full,
            reply: Support::Full,
            idempotency: Support::Full,
            delivered_receipts: Support::Full,
            read_receipts: Support::Full,
            ..Capabilities::text_only(limit)
        }
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let items: Vec<serde_json::Value> = serde_json::from_slice(request.body())
            .map_err(|error| ParseError::Json { line: error.line(), column: error.column() })?;
        let arrived = request.arrived();
        let read = items.into_iter().map(|item| {
            let id = ProviderId::of_bytes(item.to_string().as_bytes());
            let item = serde_json::from_value(item).map_err(Into::into);
            item.and_then(|item| self.envelope(item, arrived)).unwrap_or_else(|_| {
                let key = DedupeKey::new(&*self.descriptor.account, EnvelopeKind::Ignored, id);
                Envelope::new(key, arrived, Ignored::new(IgnoredReason::Malformed, "item"))
            })
        });
        Ok(read.collect())
    }

    fn acknowledge(&self, _request: &Verified<'_>) -> Acknowledgement {
        Acknowledgement::new("application/json", "{}")
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        if let Action::Say(content) | Action::Edit { content, .. } = &outbound.action {
            check_text(content)?;
        }
        let url = "https://memory.invalid/send".parse();
        let url = url.map_err(|_| RenderError::Unwritable("the address"))?;
        let body = serde_json::to_vec(outbound);
        let body = body.map_err(|_| RenderError::Unwritable("the message"))?;
        Ok(vec![WireRequest::Http(HttpRequest::post(url, "application/json", body))])
    }

    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        let WireResponse::Http(response) = response else {
            return Err(SendError::Ambiguous { what: "an answer of another kind" });
        };
        if let Some(error) = SendError::of_http(response) {
            return Err(error);
        }
        let id = std::str::from_utf8(&response.body).ok().and_then(|id| ProviderId::new(id).ok());
        Ok(SendReceipt::new(vec![id.ok_or(SendError::Ambiguous { what: "an answer without id" })?]))
    }
}

fn check_text(content: &Content) -> Result<(), RenderError> {
    match &content.parts[..] {
        [Part::Text(_)] => Ok(()),
        [other] => Err(RenderError::Part(other.kind())),
        parts => Err(RenderError::Parts { parts: parts.len(), expected: "1 text" }),
    }
}

/// Takes what is sent and answers. One key is one message, however often it is sent.
#[derive(Debug, Default)]
pub struct MemoryTransport(Mutex<Mailbox>);

#[derive(Debug, Default)]
struct Mailbox {
    sent: Vec<Outbound>,
    ids: BTreeMap<crate::IdempotencyKey, usize>,
    faults: VecDeque<TransportError>,
    refusals: VecDeque<HttpResponse>,
}

impl MemoryTransport {
    /// The next request finds no answer.
    pub fn fail_next(&self, error: TransportError) {
        self.lock().faults.push_back(error);
    }

    /// The next request is answered so, and not taken.
    pub fn refuse_next(&self, response: HttpResponse) {
        self.lock().refusals.push_back(response);
    }

    /// What was sent so far, each message once.
    #[must_use]
    pub fn sent(&self) -> Vec<Outbound> {
        self.lock().sent.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Mailbox> {
        // Each change is one push: a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Transport for MemoryTransport {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError> {
        let WireRequest::Http(request) = request else { return Err(TransportError::Unsupported) };
        let outbound: Outbound =
            serde_json::from_slice(&request.body).map_err(|_| TransportError::Unsupported)?;
        let mut mailbox = self.lock();
        if let Some(fault) = mailbox.faults.pop_front() {
            return Err(fault);
        }
        if let Some(refusal) = mailbox.refusals.pop_front() {
            return Ok(WireResponse::Http(refusal));
        }
        let number = mailbox.ids.get(&outbound.key).copied().unwrap_or_else(|| {
            let number = mailbox.sent.len();
            mailbox.ids.insert(outbound.key.clone(), number);
            mailbox.sent.push(outbound);
            number
        });
        let body = format!("memory-{number}");
        Ok(WireResponse::Http(HttpResponse::new(StatusCode::OK, body)))
    }
}
