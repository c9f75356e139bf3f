//! Text messages, by Twilio.
//!
//! The signature covers the public address and the form, with no time in it: what is sent again is
//! stopped by its keys alone. It is over what the form *means*, so a pair may move or be written in
//! another way without harm.

mod outbound;
mod segments;

pub use crate::twilio::TwilioSignature;
pub use segments::{SmsEncoding, SmsSegments};

use crate::intake::{Intake, id, plain, written};
use crate::twilio::{self, Account, Form, form};
use kontak_channel::content::{Content, Media, MediaKind, MediaPlace, MimeType, Part, Remote};
use kontak_channel::{
    Acknowledgement, Capabilities, ChannelDescriptor, Codec, Consent, ConsentScope, Envelope,
    EnvelopeBody, EnvelopeKind, Failure, IgnoredReason, InboundBatch, InboundMessage, LengthUnit,
    MediaCapability, Outbound, ParseError, ProviderId, Receipt, ReceiptStatus, RenderError, Secret,
    SendOutcome, SignaturePolicy, Support, TextLimit, Verified, Window, WireRequest, WireResponse,
};
use kontak_types::ChannelKind;

/// One number that sends and receives text messages.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::{Codec, KeyRing, RawRequest, Secret};
/// use kontak_channels::twilio_sms::{TwilioSignature, TwilioSms};
///
/// let token = Secret::new("12345");
/// let sms = TwilioSms::new("hotline", "AC00000000000000000000000000000001", token.clone(), "+18005551212");
/// let body = "MessageSid=SM1&From=%2B6281290435517&To=%2B18005551212&Body=Halo+%F0%9F%91%8B&NumMedia=0";
/// let request = RawRequest::post("https://h.example/sms".parse()?, body);
/// let signature = TwilioSignature.sign(&request, &token);
/// let request = request.with_header("x-twilio-signature", &signature)?;
/// let batch = sms.parse(&sms.verify(&request, &KeyRing::new(token), DateTime::UNIX_EPOCH)?)?;
/// let sender = batch.envelopes[0].sender.as_ref().ok_or("of nobody")?;
/// assert_eq!(sender.phone, Some("+6281290435517".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TwilioSms {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    account: Account,
    number: Box<str>,
    status_callback: Option<Box<str>>,
    pictures: bool,
}

impl TwilioSms {
    /// The number, or the id of a messaging service, of this Twilio account.
    #[must_use]
    pub fn new(account: &str, account_sid: &str, token: Secret, number: &str) -> Self {
        Self {
            descriptor: ChannelDescriptor::new(ChannelKind::Sms, account)
                .with_answer_within_seconds(15),
            signature: SignaturePolicy::signed(TwilioSignature),
            account: Account::new(account_sid, token),
            number: number.into(),
            status_callback: None,
            pictures: false,
        }
    }

    /// With the public address to which Twilio tells how far a message has come.
    #[must_use]
    pub fn with_status_callback(self, url: &str) -> Self {
        Self { status_callback: Some(url.into()), ..self }
    }

    /// With pictures (MMS), which carriers of the United States and Canada take.
    #[must_use]
    pub fn with_pictures(self) -> Self {
        Self { pictures: true, ..self }
    }

    /// Another address of the interface, without a slash at its end.
    #[must_use]
    pub fn with_api(self, api: &str) -> Self {
        Self { account: Account { api: api.into(), ..self.account }, ..self }
    }
}

impl Codec for TwilioSms {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, _window: Window) -> Capabilities {
        // "The text content of the message, up to 1,600 characters"; UTF-16 is the strictest reading.
        let limit = TextLimit::new(1_600, LengthUnit::Utf16);
        let mut can = Capabilities::text_only(limit);
        if self.pictures {
            let picture = MediaCapability::new(MediaKind::Image).with_max_bytes(5 << 20);
            can.media = vec![picture.with_caption(limit)];
        }
        can.delivered_receipts = Support::Partial;
        can
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let intake = Intake::new(&self.descriptor, request);
        let form = form(request.body());
        let sid = form.get("MessageSid").or_else(|| form.get("SmsSid"));
        let field = ParseError::Field { field: "MessageSid", expected: "the id of a message" };
        let target = sid.and_then(|sid| id(sid)).ok_or(field)?;
        let (body, customer) = match form.get("MessageStatus").map(String::as_str) {
            Some("received") | None => (Some(message(&form, target.clone())), form.get("From")),
            Some(status) => (receipt(&form, status, target.clone()), form.get("To")),
        };
        let Some(body) = body else {
            let what = form.get("MessageStatus").map_or("message", String::as_str);
            let ignored = intake.ignored(IgnoredReason::UnknownKind, what, request.body());
            return Ok(InboundBatch::new(vec![ignored]));
        };
        let version = match &body {
            EnvelopeBody::Receipt(_) => form.get("MessageStatus").cloned().unwrap_or_default(),
            _ => String::new(),
        };
        let key = intake.key(body.kind(), &target).with_version(version);
        let nameless = customer.is_none_or(String::is_empty);
        if nameless && body.kind() == EnvelopeKind::Message {
            let ignored = intake.ignored(IgnoredReason::Malformed, "message", request.body());
            return Ok(InboundBatch::new(vec![ignored]));
        }
        let mut envelope = Envelope::new(key, intake.arrived, body);
        envelope.sender = customer.filter(|number| !number.is_empty()).map(|number| {
            let mut sender = intake.sender(number);
            sender.phone = number.parse().ok();
            sender
        });
        Ok(InboundBatch::new(vec![envelope]))
    }

    /// An empty TwiML document: nothing is said back at once.
    fn acknowledge(&self, _request: &Verified<'_>) -> Acknowledgement {
        Acknowledgement::new("text/xml", "<Response/>")
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        self.write(outbound)
    }

    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        twilio::interpret(response)
    }
}

fn message(form: &Form, target: ProviderId) -> EnvelopeBody {
    // Twilio keeps the list of those who said STOP; it says so beside the message.
    match form.get("OptOutType").map(String::as_str) {
        Some("STOP") => return Consent::withdrawn(ConsentScope::Everything).into(),
        Some("START") => return Consent::granted(ConsentScope::Everything).into(),
        _ => {}
    }
    let mut parts: Vec<Part> = Vec::new();
    parts.extend(form.get("Body").and_then(|body| plain(body)).map(Part::from));
    for number in 0..10 {
        let Some(url) = form.get(&format!("MediaUrl{number}")) else { break };
        let Ok(url) = url.parse() else { continue };
        let mime = form.get(&format!("MediaContentType{number}"));
        let mime = mime.and_then(|mime| mime.parse::<MimeType>().ok());
        let kind = match mime.as_ref().map(MimeType::top_level) {
            Some("image") => MediaKind::Image,
            Some("video") => MediaKind::Video,
            Some("audio") => MediaKind::Audio,
            _ => MediaKind::Document,
        };
        let mut media = Media::new(kind, MediaPlace::Remote(Remote::Url(url)));
        media.mime_type = mime;
        parts.push(media.into());
    }
    InboundMessage::new(target, Content::new(parts)).into()
}

fn receipt(form: &Form, status: &str, target: ProviderId) -> Option<EnvelopeBody> {
    let far = match status {
        "accepted" | "scheduled" | "queued" | "sending" | "sent" => ReceiptStatus::Sent,
        "delivered" => ReceiptStatus::Delivered,
        "read" => ReceiptStatus::Read,
        "undelivered" | "failed" | "canceled" => ReceiptStatus::Failed,
        _ => return None,
    };
    let mut receipt = Receipt::new(target, far);
    receipt.failure = form.get("ErrorCode").map(|code| {
        let mut failure = Failure::new(code.as_str());
        failure.text = form.get("ErrorMessage").and_then(|text| written(text));
        failure
    });
    Some(receipt.into())
}
