//! Web chat, and chat inside an app: a WebSocket that loses nothing when the line breaks.
//!
//! Frames are JSON objects of one member, which names the frame. Unknown members are passed over, so
//! that either side may be newer than the other.
//!
//! | from the visitor | members | meaning |
//! |---|---|---|
//! | `hello` | `token?` `user?` `hash?` `name?` `epoch?` `last?` | the first frame: begin, or go on after number `last` |
//! | `say` | `id` `text?` `media?` `reply_to?` | a message; sent again until it is `took` |
//! | `choose` | `id` `offer?` `option` `label?` | a button was tapped; sent again until it is `took` |
//! | `got` | `seq` `id?` | everything up to `seq` has arrived; `id` is the message of that number |
//! | `seen` | `id` | the message was looked at |
//! | `typing` | `on` `at` | the visitor writes, or has stopped |
//!
//! | to the visitor | members | meaning |
//! |---|---|---|
//! | `welcome` | `token` `epoch` `missed` | the session stands; what follows is what was missed, `missed` numbers are lost |
//! | `took` | `id` | the message is stored |
//! | `refused` | `id?` `why` | it is not: `malformed`, `too_fast`, `unavailable` |
//! | `event` | `seq` `at` `frame` | one of the four below, numbered without a gap |
//! | · `message` | `id` `parts` `reply_to?` | we say something; a message of a known `id` is the same message |
//! | · `edit` | `id` `parts` | we say it in other words |
//! | · `unsay` | `id` | we take it back |
//! | · `read` | `id` | we have read up to that message of the visitor |
//! | `typing` | | we write; worth nothing after five seconds |
//! | `bye` | `why` | the connection closes: `expired`, `slow`, `full`, `malformed`, `elsewhere`; `expired` means to drop the token |
//!
//! A part is `{"text": "…"}`, `{"media": {"kind", "url", "name?", "mime?", "caption?"}}`,
//! `{"choice": {"offer", "prompt?", "options": [{"id", "label", "description?"}], "free_text"}}` or
//! `{"place": {"latitude", "longitude", "name?", "address?"}}`.
//!
//! Numbers count what goes to one visitor, over all of their connections, since `epoch`; when the
//! epoch is another one than before, they begin anew. What a visitor has not acknowledged is kept and
//! comes again; the queue is bounded, and a full one refuses the sender rather than dropping a word.
//!
//! A session is shown by its [token](SessionScheme): a bearer token, so that the connection must be
//! encrypted. Frames are not signed one by one. Ids that visitors make are prefixed with who they
//! are, so that nobody can mark, answer or suppress a message of somebody else.

#[cfg(feature = "webchat-server")]
mod hub;
mod inbound;
mod outbound;
mod queue;
#[cfg(feature = "webchat-server")]
mod server;
mod session;
mod widget;

#[cfg(feature = "webchat-server")]
pub use hub::{Hub, HubLimits};
pub use queue::{Queue, QueueFull, Queued};
#[cfg(feature = "webchat-server")]
pub use server::{Host, HostError, WebChatServer};
pub use session::{SESSION_HEADER, Session, SessionScheme, user_hash, user_is_known};
pub use widget::WIDGET;

use crate::intake::Intake;
use kontak_channel::content::{MediaKind, WebUrl};
use kontak_channel::{
    ButtonCapability, Capabilities, ChangeCapability, ChannelDescriptor, Codec, InboundBatch,
    LengthUnit, MediaCapability, Outbound, ParseError, PartsPerMessage, RenderError, SendError,
    SendOutcome, SendReceipt, SignaturePolicy, Support, TextLimit, Verified, Window, WireRequest,
    WireResponse,
};
use kontak_types::ChannelKind;

/// The chat of one site or app.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::{Codec, EnvelopeBody, KeyRing, RawRequest, Secret};
/// use kontak_channels::webchat::{SESSION_HEADER, Session, WebChat};
///
/// let chat = WebChat::new("shop-site");
/// let (key, now) = (Secret::new("a secret of the site"), DateTime::UNIX_EPOCH);
/// let token = WebChat::scheme().issue(&Session::anonymous("0192f0c1"), &key, now);
/// let body = r#"{"say":{"id":"m1","text":"Is it in stock?"}}"#;
/// let request = RawRequest::post("https://h.example/chat".parse()?, body).with_header(SESSION_HEADER, &token)?;
///
/// let batch = chat.parse(&chat.verify(&request, &KeyRing::new(key), now)?)?;
/// let EnvelopeBody::Message(message) = &batch.envelopes[0].body else { return Err("no message".into()) };
/// assert_eq!((message.id.as_str(), &*message.content.plain_text()), ("visitor:0192f0c1/m1", "Is it in stock?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct WebChat {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    attachments: Option<WebUrl>,
}

/// The longest frame that is read, in bytes.
pub const LARGEST_FRAME: usize = 64 << 10;

impl WebChat {
    /// A chat without attachments.
    #[must_use]
    pub fn new(account: &str) -> Self {
        Self {
            descriptor: ChannelDescriptor::new(ChannelKind::WebChat, account)
                .with_max_body(LARGEST_FRAME),
            signature: SignaturePolicy::signed(Self::scheme()),
            attachments: None,
        }
    }

    /// With attachments of visitors, whose addresses all begin so. An address elsewhere is refused:
    /// it would make our own machines fetch what a stranger likes.
    #[must_use]
    pub fn with_attachments_under(self, address: WebUrl) -> Self {
        Self { attachments: Some(address), ..self }
    }

    /// How sessions are signed.
    #[must_use]
    pub fn scheme() -> SessionScheme {
        SessionScheme
    }
}

const TEXT: TextLimit = TextLimit::new(10_000, LengthUnit::Scalars);

impl Codec for WebChat {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, _window: Window) -> Capabilities {
        let mut can = Capabilities::text_only(TEXT);
        let kinds = [
            MediaKind::Image,
            MediaKind::Video,
            MediaKind::Audio,
            MediaKind::VoiceNote,
            MediaKind::Document,
            MediaKind::Sticker,
        ];
        can.media =
            kinds.into_iter().map(|kind| MediaCapability::new(kind).with_caption(TEXT)).collect();
        let label = TextLimit::new(80, LengthUnit::Scalars);
        can.buttons = Some(ButtonCapability::new(12, label, 256, TEXT));
        can.location = Support::Full;
        can.parts = PartsPerMessage::Many;
        can.reply = Support::Partial;
        can.edit = ChangeCapability::ALWAYS;
        can.delete = ChangeCapability::ALWAYS;
        can.typing = Support::Full;
        can.read_marks = Support::Full;
        can.delivered_receipts = Support::Full;
        can.read_receipts = Support::Full;
        can.idempotency = Support::Full;
        can
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let intake = Intake::new(&self.descriptor, request);
        inbound::read(intake, request, self.attachments.as_ref())
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        outbound::write(outbound).map(|frame| vec![WireRequest::Frame(frame)])
    }

    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        match response {
            WireResponse::Written { id, .. } => {
                Ok(SendReceipt::new(id.clone().into_iter().collect()))
            }
            _ => Err(SendError::Ambiguous { what: "an answer of another kind" }),
        }
    }
}
