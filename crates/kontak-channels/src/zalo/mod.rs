//! Zalo, by the interface of official accounts.
//!
//! Checked against published payloads alone: there is no library of the vendor's to try it with.
//!
//! The signature is a SHA-256 over the app's id, the body, the body's time and the secret of the
//! official account. The time is not looked at: Zalo tries again for hours with the first one, so
//! that what is sent again is stopped by its keys alone. Zalo wants its answer within two seconds.
//!
//! An account may answer for 48 hours after a person last did something, and consult for seven days,
//! for a price; what goes by phone number (ZNS) is another product and not written here.

mod event;
mod outbound;
mod signature;

pub use signature::ZaloSignature;

use crate::intake::{Intake, MOST_THINGS, json};
use kontak_channel::content::MediaKind;
use kontak_channel::{
    Capabilities, ChannelDescriptor, Codec, InboundBatch, LengthUnit, MediaCapability, Outbound,
    ParseError, RenderError, Reopening, Secret, SendOutcome, SignaturePolicy, Support, TextLimit,
    Verified, Window, WindowRule, WireRequest, WireResponse,
};
use kontak_types::ChannelKind;

/// One official account.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::{Codec, KeyRing, RawRequest, Secret};
/// use kontak_channels::zalo::{Zalo, ZaloSignature};
///
/// let zalo = Zalo::new("shop", Secret::new("access token"));
/// let keys = KeyRing::new(Secret::new("secret of the official account"));
/// let body = r#"{"app_id":"2553928453557884079","event_name":"user_send_text","timestamp":"1770000000123",
///     "sender":{"id":"6142494823"},"recipient":{"id":"3662729599332560487"},
///     "message":{"text":"Còn hàng không?","msg_id":"cb31dff1c39642cc1b83"}}"#;
/// let request = RawRequest::post("https://h.example/zalo".parse()?, body);
/// let signature = ZaloSignature.sign(&request, keys.current()).ok_or("no app id")?;
/// let request = request.with_header("x-zevent-signature", &signature)?;
/// let batch = zalo.parse(&zalo.verify(&request, &keys, DateTime::UNIX_EPOCH)?)?;
/// assert_eq!(batch.envelopes[0].sender.as_ref().ok_or("of nobody")?.touchpoint.id, "6142494823");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Zalo {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    token: Secret,
    api: Box<str>,
}

impl Zalo {
    /// The account of this access token, which Zalo changes every 25 hours.
    #[must_use]
    pub fn new(account: &str, token: Secret) -> Self {
        Self {
            descriptor: ChannelDescriptor::new(ChannelKind::Zalo, account)
                .with_answer_within_seconds(2),
            signature: SignaturePolicy::signed(ZaloSignature),
            token,
            api: "https://openapi.zalo.me/v3.0/oa".into(),
        }
    }

    /// Another address of the interface, without a slash at its end.
    #[must_use]
    pub fn with_api(self, api: &str) -> Self {
        Self { api: api.into(), ..self }
    }
}

const TEXT: TextLimit = TextLimit::new(2_000, LengthUnit::Utf16);

impl Codec for Zalo {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, window: Window) -> Capabilities {
        let mut can = Capabilities::text_only(TEXT);
        can.media = vec![
            MediaCapability::new(MediaKind::Image)
                .with_max_bytes(1 << 20)
                .with_mime_types(
                    ["image/jpeg", "image/png"]
                        .iter()
                        .filter_map(|name| name.parse().ok())
                        .collect(),
                )
                .with_caption(TEXT),
        ];
        can.reply = Support::Full;
        can.delivered_receipts = Support::Full;
        can.read_receipts = Support::Full;
        can.window = Some(
            WindowRule::hours(48)
                .with_human_agent_hours(7 * 24)
                .with_reopening(Reopening::OtherChannel),
        );
        if window.is_open() { can } else { can.outside_window() }
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let event: event::Event<'_> = json(request.body())?;
        let intake = Intake::new(&self.descriptor, request);
        let envelopes = event.envelopes(intake, request.body());
        if envelopes.len() > MOST_THINGS {
            return Err(ParseError::TooMany { limit: MOST_THINGS });
        }
        Ok(InboundBatch::new(envelopes))
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        self.write(outbound)
    }

    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        outbound::interpret(response)
    }
}
