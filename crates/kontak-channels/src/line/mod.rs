//! LINE, by the Messaging API.
//!
//! The signature covers the body. There is no time in it that is checked, and LINE itself delivers
//! again what was not answered: such events carry the same `webhookEventId` and are known by it.
//!
//! Messages go by push, not by reply token: a token is good once and for about a minute, and an
//! agent needs longer. The key of a message becomes LINE's retry key, so that a message whose answer
//! was lost can be sent again within 24 hours without doubling it.

mod event;
mod outbound;

use crate::intake::{Intake, MOST_THINGS, json};
use kontak_channel::content::MediaKind;
use kontak_channel::{
    ButtonCapability, Capabilities, ChannelDescriptor, Codec, HmacScheme, InboundBatch, LengthUnit,
    MediaCapability, Outbound, ParseError, RenderError, Secret, SendOutcome, SignatureEncoding,
    SignaturePolicy, Support, TextLimit, Verified, Window, WireRequest, WireResponse,
};
use kontak_types::ChannelKind;
use serde::Deserialize;
use serde_json::value::RawValue;

/// One official account.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::{Codec, EnvelopeBody, KeyRing, RawRequest, Secret};
/// use kontak_channels::line::Line;
///
/// let line = Line::new("shop", Secret::new("channel access token"));
/// let keys = KeyRing::new(Secret::new("channel secret"));
/// let body = r#"{"destination":"U0","events":[{"type":"unsend","timestamp":1770000000000,"mode":"active",
///     "webhookEventId":"01FZ74A0TDDPYRVKNK77XKC3ZR","deliveryContext":{"isRedelivery":false},
///     "source":{"type":"user","userId":"U4af4980629"},"unsend":{"messageId":"325708"}}]}"#;
/// let request = RawRequest::post("https://h.example/line".parse()?, body);
/// let signature = Line::scheme().sign(&request, keys.current())?;
/// let request = request.with_header("x-line-signature", &signature)?;
/// let batch = line.parse(&line.verify(&request, &keys, DateTime::UNIX_EPOCH)?)?;
/// assert!(matches!(&batch.envelopes[0].body, EnvelopeBody::Change(change) if change.target().as_str() == "325708"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Line {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    token: Secret,
    api: Box<str>,
}

impl Line {
    /// The account of this channel access token.
    #[must_use]
    pub fn new(account: &str, token: Secret) -> Self {
        Self {
            descriptor: ChannelDescriptor::new(ChannelKind::Line, account)
                .with_answer_within_seconds(2),
            signature: SignaturePolicy::signed(Self::scheme()),
            token,
            api: "https://api.line.me".into(),
        }
    }

    /// Another address of the interface, without a slash at its end.
    #[must_use]
    pub fn with_api(self, api: &str) -> Self {
        Self { api: api.into(), ..self }
    }

    /// How LINE signs.
    #[must_use]
    pub fn scheme() -> HmacScheme {
        HmacScheme::sha256("x-line-signature").with_encoding(SignatureEncoding::Base64)
    }
}

/// "Max character limit: 5000", counted in UTF-16 code units.
const TEXT: TextLimit = TextLimit::new(5_000, LengthUnit::Utf16);
const LABEL: TextLimit = TextLimit::new(20, LengthUnit::Utf16);

#[derive(Deserialize)]
struct Callback<'a> {
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

impl Codec for Line {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, _window: Window) -> Capabilities {
        let mut can = Capabilities::text_only(TEXT);
        let images = ["image/jpeg", "image/png"].iter().filter_map(|name| name.parse().ok());
        can.media = vec![
            MediaCapability::new(MediaKind::Image)
                .with_max_bytes(10 << 20)
                .with_mime_types(images.collect()),
        ];
        can.buttons = Some(ButtonCapability::new(13, LABEL, 300, TEXT));
        can.location = Support::Full;
        can.idempotency = Support::Full;
        can.typing = Support::Full;
        can
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let callback: Callback<'_> = json(request.body())?;
        if callback.events.len() > MOST_THINGS {
            return Err(ParseError::TooMany { limit: MOST_THINGS });
        }
        let intake = Intake::new(&self.descriptor, request);
        Ok(callback.events.iter().map(|raw| event::envelope(intake, raw.get())).collect())
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        self.write(outbound)
    }

    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        outbound::interpret(response)
    }
}
