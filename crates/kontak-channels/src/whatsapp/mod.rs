//! WhatsApp, by Meta's Cloud API.
//!
//! Since 2026 WhatsApp does not promise a phone number: people with a user name may come with a
//! *business-scoped user id* alone (`US.13491208655302741918`). So the touchpoint is that id where
//! there is one, the number is evidence where it is told, and the number's own touchpoint stands
//! beside it, so that what was recorded before is found. A person who changes their number gets a
//! new id, and WhatsApp says so in a system message.
//!
//! One webhook serves all numbers of an app: [`Envelope::recipient`](kontak_channel::Envelope) says
//! which one was written to. The signature covers the body, with no time in it: a request that is
//! sent again is stopped by its keys alone. Meta tries again for seven days.

mod inbound;
mod message;
mod outbound;
mod payload;

use crate::intake::{Intake, json};
use crate::meta;
use kontak_channel::content::{MediaKind, MimeType, ProviderRef, TextFormat};
use kontak_channel::{
    Acknowledgement, ButtonCapability, Capabilities, ChannelDescriptor, Codec, HmacScheme,
    InboundBatch, KeyRing, LengthUnit, ListCapability, MediaCapability, Opening, Outbound,
    ParseError, RawRequest, RenderError, Secret, SendError, SendOutcome, SignaturePolicy, Support,
    TextLimit, Upload, UploadCodec, Verified, Window, WindowRule, WireRequest, WireResponse,
};
use kontak_types::ChannelKind;

/// One number of a business on WhatsApp.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::{Codec, EnvelopeBody, KeyRing, RawRequest, Secret};
/// use kontak_channels::whatsapp::WhatsApp;
///
/// let whatsapp = WhatsApp::new("shop-jakarta", "106540352242922", Secret::new("access token"));
/// let keys = KeyRing::new(Secret::new("app secret"));
/// let body = r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{
///     "messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},
///     "contacts":[{"profile":{"name":"Budi"},"user_id":"ID.13491208655302741918"}],
///     "messages":[{"from_user_id":"ID.13491208655302741918","id":"wamid.1","timestamp":"1770000000","type":"text","text":{"body":"Is it in stock?"}}]}}]}]}"#;
/// let request = RawRequest::post("https://h.example/whatsapp".parse()?, body);
/// let signature = WhatsApp::scheme().sign(&request, keys.current())?;
/// let request = request.with_header("x-hub-signature-256", &signature)?;
///
/// let batch = whatsapp.parse(&whatsapp.verify(&request, &keys, DateTime::UNIX_EPOCH)?)?;
/// let sender = batch.envelopes[0].sender.as_ref().ok_or("of nobody")?;
/// assert_eq!(sender.touchpoint.id, "ID.13491208655302741918");
/// assert_eq!(sender.phone, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct WhatsApp {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    phone_number_id: Box<str>,
    token: Secret,
    graph: Box<str>,
}

impl WhatsApp {
    /// The number that Meta calls `phone_number_id`, with a token that may send from it. Ids of
    /// people are unique within the account; see [`with_portfolio`](Self::with_portfolio).
    #[must_use]
    pub fn new(account: &str, phone_number_id: &str, token: Secret) -> Self {
        let descriptor = ChannelDescriptor::new(ChannelKind::WhatsApp, account)
            .with_max_body(3 << 20)
            .with_retries_for_hours(7 * 24);
        Self {
            descriptor,
            signature: SignaturePolicy::signed(Self::scheme()),
            phone_number_id: phone_number_id.into(),
            token,
            graph: meta::GRAPH.into(),
        }
    }

    /// The name of the business portfolio: all its numbers see one id for one person.
    #[must_use]
    pub fn with_portfolio(self, portfolio: &str) -> Self {
        Self { descriptor: self.descriptor.with_scope(portfolio), ..self }
    }

    /// Another version or address of the Graph API, without a slash at its end.
    #[must_use]
    pub fn with_graph(self, graph: &str) -> Self {
        Self { graph: graph.into(), ..self }
    }

    /// How Meta signs.
    #[must_use]
    pub fn scheme() -> HmacScheme {
        meta::scheme()
    }
}

const TEXT: TextLimit = TextLimit::new(4_096, LengthUnit::Scalars);
const PROMPT: TextLimit = TextLimit::new(1_024, LengthUnit::Scalars);

const fn scalars(max: u32) -> TextLimit {
    TextLimit::new(max, LengthUnit::Scalars)
}

fn types(names: &[&str]) -> Vec<MimeType> {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

fn media() -> Vec<MediaCapability> {
    let audio = ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"];
    let sound =
        |kind| MediaCapability::new(kind).with_max_bytes(16 << 20).with_mime_types(types(&audio));
    vec![
        MediaCapability::new(MediaKind::Image)
            .with_max_bytes(5 << 20)
            .with_mime_types(types(&["image/jpeg", "image/png"]))
            .with_caption(PROMPT),
        MediaCapability::new(MediaKind::Video)
            .with_max_bytes(16 << 20)
            .with_mime_types(types(&["video/mp4", "video/3gp"]))
            .with_caption(PROMPT),
        MediaCapability::new(MediaKind::Document).with_max_bytes(100 << 20).with_caption(PROMPT),
        MediaCapability::new(MediaKind::Sticker)
            .with_max_bytes(500 << 10)
            .with_mime_types(types(&["image/webp"])),
        sound(MediaKind::Audio),
        sound(MediaKind::VoiceNote),
    ]
}

impl Codec for WhatsApp {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, window: Window) -> Capabilities {
        let mut can = Capabilities::text_only(TEXT);
        can.text.formats.push(TextFormat::Markdown);
        can.media = media();
        can.buttons = Some(ButtonCapability::new(3, scalars(20), 256, PROMPT));
        can.list = Some(
            ListCapability::new((10, 10), scalars(24), scalars(72), 200, TEXT)
                .with_opens_with(scalars(20)),
        );
        can.location = Support::Full;
        can.contact = Support::Full;
        can.template = Support::Full;
        can.reply = Support::Full;
        can.reaction = Support::Full;
        can.typing = Support::Partial;
        can.read_marks = Support::Full;
        can.delivered_receipts = Support::Full;
        can.read_receipts = Support::Partial;
        can.window = Some(WindowRule::hours(24).with_opening(Opening::Call));
        if window.is_open() { can } else { can.outside_window() }
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let notification: payload::Notification<'_> = json(request.body())?;
        inbound::read(Intake::new(&self.descriptor, request), &notification)
    }

    /// Meta asks with `hub.verify_token`, and wants `hub.challenge` back. The token is the app
    /// secret's ring: give this a ring of its own with the verify token.
    fn handshake(&self, request: &RawRequest, keys: &KeyRing) -> Option<Acknowledgement> {
        meta::handshake(request, keys)
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        self.write(outbound)
    }

    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        outbound::interpret(response)
    }

    fn uploads(&self) -> Option<&dyn UploadCodec> {
        Some(self)
    }
}

/// Meta keeps a file for 30 days.
impl UploadCodec for WhatsApp {
    fn render_upload(&self, file: &Upload) -> Result<WireRequest, RenderError> {
        let url = format!("{}/{}/media", self.graph, self.phone_number_id);
        let mime = file.mime_type.as_str();
        let fields = [("messaging_product", "whatsapp"), ("type", mime)];
        meta::upload(url, &self.token, &fields, ("file", file))
    }

    fn interpret_upload(&self, response: &WireResponse) -> Result<ProviderRef, SendError> {
        meta::uploaded(response, "id")
    }
}
