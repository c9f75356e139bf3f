//! Signed webhooks of your own making and of others: Standard Webhooks, and Discourse.
//!
//! For what has no adapter: a till that reports a visit, a marketplace, store reviews, a telephone
//! system. Whoever can sign a JSON document by [Standard Webhooks](https://www.standardwebhooks.com)
//! is a channel.
//!
//! | `type` | `data` |
//! |---|---|
//! | `message.created`, `message.edited` | `id`, `from`, `text` or `content`, `subject`, `thread`, `in_reply_to` |
//! | `message.deleted` | `id`, `from` |
//! | `message.sent`, `.delivered`, `.read`, `.failed` | `id`, `code` |
//!
//! `from` has an `id`, and what the sending system *knows* of the person: `phone` in E.164, `email`,
//! `name`. `content` is a [`Content`] in JSON, for what is more than a text: a call, a form, a part
//! of your own. Other types are ignored and kept as such.
//!
//! What is covered: id, time and body. A request is good for five minutes, and its `webhook-id` stops
//! it from counting twice.

mod discourse;

pub use discourse::Discourse;

use crate::intake::{Intake, id, json, plain, written};
use crate::outgoing::{NO_ID, address, answer, bearer, http, post_json};
use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::content::{Content, TextFormat, WebUrl};
use kontak_channel::http::HeaderName;
use kontak_channel::{
    Action, Capabilities, ChangeCapability, ChannelDescriptor, Codec, Envelope, EnvelopeBody,
    EnvelopeKind, Failure, HmacScheme, IgnoredReason, InboundBatch, InboundMessage, LengthUnit,
    MessageChange, Outbound, ParseError, PartsPerMessage, Piece, Receipt, ReceiptStatus,
    RenderError, Secret, SendError, SendOutcome, SendReceipt, SignatureEncoding, SignaturePolicy,
    Support, TextLimit, Verified, Window, WireRequest, WireResponse,
};
use kontak_types::ChannelKind;
use serde::Deserialize;
use serde_json::value::RawValue;

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";

/// A channel of signed JSON documents.
///
/// ```
/// use kontak_channel::content::Content;
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::{Codec, EnvelopeBody, KeyRing, RawRequest, Secret};
/// use kontak_channels::webhook::Webhook;
///
/// let till = Webhook::new("store", "till-jakarta");
/// let keys = KeyRing::new(Secret::from_base64("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_")?);
/// let body = r#"{"type":"message.created","timestamp":"2026-02-02T02:40:00Z","data":{"id":"visit 7","from":{"id":"member 77","phone":"+6281290435517"},"text":"Returned an air conditioner"}}"#;
/// let request = RawRequest::post("https://h.example/till".parse()?, body)
///     .with_header("webhook-id", "msg_1")?
///     .with_header("webhook-timestamp", "1770000000")?;
/// let signature = Webhook::scheme().sign(&request, keys.current())?;
/// let request = request.with_header("webhook-signature", &signature)?;
///
/// let now = DateTime::from_timestamp(1_770_000_000, 0).ok_or("no such time")?;
/// let batch = till.parse(&till.verify(&request, &keys, now)?)?;
/// let EnvelopeBody::Message(message) = &batch.envelopes[0].body else { return Err("no message".into()) };
/// assert_eq!(message.content, Content::plain("Returned an air conditioner")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Webhook {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    out: Option<(WebUrl, Secret)>,
}

impl Webhook {
    /// Takes documents for a channel of this kind, under our name of the account.
    pub fn new(kind: impl Into<ChannelKind>, account: &str) -> Self {
        Self {
            descriptor: ChannelDescriptor::new(kind, account).with_retries_for_hours(72),
            signature: SignaturePolicy::signed(Self::scheme()),
            out: None,
        }
    }

    /// With an address to which answers go, and the token that is shown there as a bearer token.
    /// The key of a message stands in the header `webhook-id`; the other side keeps it unique.
    #[must_use]
    pub fn with_answers_to(self, url: WebUrl, token: Secret) -> Self {
        Self { out: Some((url, token)), ..self }
    }

    /// The scheme of Standard Webhooks, to sign with.
    #[must_use]
    pub fn scheme() -> HmacScheme {
        let pieces = [
            Piece::Header(ID),
            Piece::Literal("."),
            Piece::Header(TIMESTAMP),
            Piece::Literal("."),
            Piece::Body,
        ];
        HmacScheme::sha256("webhook-signature")
            .with_encoding(SignatureEncoding::Base64)
            .with_prefix("v1,")
            .with_separator(' ')
            .with_message(pieces)
            .with_timestamp(TIMESTAMP, TimeDelta::minutes(5))
    }
}

/// The data stay raw, so that a part of your own is kept letter by letter.
#[derive(Deserialize)]
struct Document<'a> {
    r#type: String,
    timestamp: Option<DateTime<Utc>>,
    #[serde(borrow)]
    data: &'a RawValue,
}

#[derive(Deserialize)]
struct Data {
    id: String,
    from: Option<From>,
    text: Option<String>,
    content: Option<Content>,
    subject: Option<String>,
    thread: Option<String>,
    in_reply_to: Option<String>,
    code: Option<String>,
}

#[derive(Deserialize)]
struct From {
    id: String,
    phone: Option<String>,
    email: Option<String>,
    name: Option<String>,
}

impl Data {
    fn content(&mut self) -> Option<Content> {
        let content = match (self.content.take(), &self.text) {
            (Some(content), _) => content,
            (None, Some(text)) => plain(text)?.into(),
            (None, None) => return None,
        };
        Some(match self.subject.as_deref().and_then(written) {
            Some(subject) => content.with_subject(subject),
            None => content,
        })
    }

    fn body(&mut self, kind: &str) -> Option<EnvelopeBody> {
        let target = id(&self.id)?;
        let receipt = |status| Receipt::new(target.clone(), status);
        Some(match kind {
            "message.created" => {
                let mut message = InboundMessage::new(target, self.content()?);
                message.thread = self.thread.as_deref().and_then(id);
                message.references.extend(self.in_reply_to.as_deref().and_then(id));
                message.into()
            }
            "message.edited" => MessageChange::Edited { target, content: self.content()? }.into(),
            "message.deleted" => MessageChange::Deleted { target }.into(),
            "message.sent" => receipt(ReceiptStatus::Sent).into(),
            "message.delivered" => receipt(ReceiptStatus::Delivered).into(),
            "message.read" => receipt(ReceiptStatus::Read).into(),
            "message.failed" => {
                let failure = Failure::new(self.code.as_deref().unwrap_or_default());
                receipt(ReceiptStatus::Failed).with_failure(failure).into()
            }
            _ => return None,
        })
    }
}

impl Codec for Webhook {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, _window: Window) -> Capabilities {
        let limit = TextLimit::new(1 << 19, LengthUnit::Bytes);
        let mut can = Capabilities::text_only(limit);
        can.text.formats.extend([TextFormat::Markdown, TextFormat::Html]);
        can.location = Support::Full;
        can.contact = Support::Full;
        can.parts = PartsPerMessage::Many;
        can.subject = Support::Full;
        can.reply = Support::Full;
        can.edit = ChangeCapability::ALWAYS;
        can.delete = ChangeCapability::ALWAYS;
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
        let document: Document<'_> = json(request.body())?;
        let kind = &document.r#type;
        let ignored =
            |reason| InboundBatch::new(vec![intake.ignored(reason, kind, request.body())]);
        if !kind.starts_with("message.") {
            return Ok(ignored(IgnoredReason::UnknownKind));
        }
        let Ok(mut data) = serde_json::from_str::<Data>(document.data.get()) else {
            return Ok(ignored(IgnoredReason::Malformed));
        };
        let sender = data.from.take().filter(|from| !from.id.is_empty()).map(|from| {
            let mut sender = intake.sender(&from.id);
            sender.phone = from.phone.and_then(|phone| phone.parse().ok());
            sender.email = from.email.and_then(|email| email.parse().ok());
            sender.display_name = from.name.as_deref().and_then(written);
            sender
        });
        let nameless = sender.is_none();
        let Some(body) = data.body(kind) else { return Ok(ignored(IgnoredReason::Malformed)) };
        if nameless && body.kind() == EnvelopeKind::Message {
            return Ok(ignored(IgnoredReason::Malformed));
        }
        // The id of the delivery is the same for all tries; an edit may come twice with one id.
        let delivery = request.request().header(ID).unwrap_or_default();
        let version = match body.kind() {
            EnvelopeKind::Message => String::new(),
            _ => format!("{kind} {delivery}"),
        };
        let Some(target) = id(&data.id) else { return Ok(ignored(IgnoredReason::Malformed)) };
        let key = intake.key(body.kind(), &target).with_version(version);
        let mut envelope = Envelope::new(key, intake.arrived, body);
        envelope.sender = sender;
        if let Some(at) = document.timestamp {
            envelope = envelope.with_occurred(at);
        }
        Ok(InboundBatch::new(vec![envelope]))
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let (url, token) =
            self.out.as_ref().ok_or(RenderError::Action("answer: it has no address"))?;
        let to = &outbound.to.id;
        let (kind, data) = match &outbound.action {
            Action::Say(content) => {
                let data = serde_json::json!({"to": to, "content": content, "in_reply_to": outbound.reply_to, "thread": outbound.thread});
                ("message.created", data)
            }
            Action::Edit { target, content } => {
                ("message.edited", serde_json::json!({"to": to, "id": target, "content": content}))
            }
            Action::Delete { target } => {
                ("message.deleted", serde_json::json!({"to": to, "id": target}))
            }
            _ => return Err(RenderError::Action("do more than say, edit and delete")),
        };
        let body = serde_json::json!({"type": kind, "data": data});
        let request = bearer(post_json(address(url.as_str().to_owned())?, &body), token)?;
        let request =
            request.with_secret_header(HeaderName::from_static(ID), outbound.key.as_str());
        Ok(vec![WireRequest::Http(request)])
    }

    /// The other side answers with `{"id": …}`.
    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        let response = http(response)?;
        if let Some(error) = SendError::of_http(response) {
            return Err(error);
        }
        let taken = answer(response)["id"].as_str().and_then(id);
        Ok(SendReceipt::new(vec![taken.ok_or(NO_ID)?]))
    }
}
