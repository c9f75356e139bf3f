//! Facebook Messenger and Instagram Direct: one language of Meta's, for two kinds of account.
//!
//! A page or an Instagram account knows people by an id of its own (`PSID`, `IGSID`): the same person
//! has another one at another page, and no phone number is ever told.
//!
//! The signature covers the body, with no time in it: what is sent again is stopped by its keys alone.
//! A business may answer for 24 hours after a person last wrote or reacted. With Meta's permission a
//! *person* may answer for seven days, under the human-agent tag; Meta closes accounts that put a
//! machine behind it, so it goes with [`Voice::Agent`](kontak_channel::Voice) alone.

mod event;
mod outbound;

use crate::intake::{Intake, json};
use crate::meta;
use kontak_channel::content::{MediaKind, ProviderRef};
use kontak_channel::{
    Acknowledgement, ButtonCapability, Capabilities, ChannelDescriptor, Codec, HmacScheme,
    InboundBatch, KeyRing, LengthUnit, MediaCapability, Opening, Outbound, ParseError, RawRequest,
    RenderError, Reopening, Secret, SendError, SendOutcome, SignaturePolicy, Support, TextLimit,
    Upload, UploadCodec, Verified, Window, WindowRule, WireRequest, WireResponse,
};
use kontak_types::ChannelKind;

/// One page on Messenger, or one professional account on Instagram.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::{Codec, KeyRing, RawRequest, Secret};
/// use kontak_channels::messenger::Messenger;
///
/// let page = Messenger::new("shop-page", "1234567890", Secret::new("page token"));
/// let keys = KeyRing::new(Secret::new("app secret"));
/// let body = r#"{"object":"page","entry":[{"id":"1234567890","time":1770000000123,"messaging":[
///     {"sender":{"id":"6544"},"recipient":{"id":"1234567890"},"timestamp":1770000000000,
///      "message":{"mid":"m_AG5Hz2","text":"Is it in stock?"}}]}]}"#;
/// let request = RawRequest::post("https://h.example/messenger".parse()?, body);
/// let signature = Messenger::scheme().sign(&request, keys.current())?;
/// let request = request.with_header("x-hub-signature-256", &signature)?;
/// let batch = page.parse(&page.verify(&request, &keys, DateTime::UNIX_EPOCH)?)?;
/// let sender = batch.envelopes[0].sender.as_ref().ok_or("of nobody")?;
/// assert_eq!((&*sender.touchpoint.id, &sender.phone), ("6544", &None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Messenger {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    id: Box<str>,
    token: Secret,
    graph: Box<str>,
    app_id: Option<Box<str>>,
    human_agent: bool,
}

impl Messenger {
    /// The page that Meta calls `page_id`, with a token that may send from it.
    #[must_use]
    pub fn new(account: &str, page_id: &str, token: Secret) -> Self {
        Self::of_kind(ChannelKind::Messenger, account, page_id, token)
    }

    /// The Instagram account that Meta calls `instagram_id`.
    #[must_use]
    pub fn instagram(account: &str, instagram_id: &str, token: Secret) -> Self {
        Self::of_kind(ChannelKind::Instagram, account, instagram_id, token)
    }

    fn of_kind(kind: ChannelKind, account: &str, id: &str, token: Secret) -> Self {
        Self {
            descriptor: ChannelDescriptor::new(kind, account)
                .with_answer_within_seconds(20)
                .with_retries_for_hours(36),
            signature: SignaturePolicy::signed(Self::scheme()),
            id: id.into(),
            token,
            graph: meta::GRAPH.into(),
            app_id: None,
            human_agent: false,
        }
    }

    /// The id of our own app. Then what colleagues write in Meta's inbox, or another app sends, comes
    /// in as the business's own words; without it all echoes are ignored.
    #[must_use]
    pub fn with_app_id(self, app_id: &str) -> Self {
        Self { app_id: Some(app_id.into()), ..self }
    }

    /// With Meta's permission to answer as a person for seven days.
    #[must_use]
    pub fn with_human_agent(self) -> Self {
        Self { human_agent: true, ..self }
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

    fn is_instagram(&self) -> bool {
        self.descriptor.kind == ChannelKind::Instagram
    }
}

/// Above buttons that stay.
const PROMPT: TextLimit = TextLimit::new(640, LengthUnit::Scalars);

impl Codec for Messenger {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, window: Window) -> Capabilities {
        // Instagram writes "must be UTF-8 and 1,000 bytes or less".
        let text = if self.is_instagram() {
            TextLimit::new(1_000, LengthUnit::Bytes)
        } else {
            TextLimit::new(2_000, LengthUnit::Utf16)
        };
        let mut can = Capabilities::text_only(text);
        let file =
            |kind, megabytes: u32| MediaCapability::new(kind).with_max_bytes(megabytes << 20);
        can.media = vec![
            file(MediaKind::Image, 8),
            file(MediaKind::Video, 25),
            file(MediaKind::Audio, 25),
            file(MediaKind::VoiceNote, 25),
        ];
        if !self.is_instagram() {
            can.media.push(file(MediaKind::Document, 25));
        }
        let label = TextLimit::new(20, LengthUnit::Scalars);
        can.buttons = Some(ButtonCapability::new(13, label, 1_000, PROMPT));
        can.reply = Support::Full;
        can.typing = Support::Full;
        can.read_marks = Support::Full;
        // Instagram tells only what was seen.
        can.delivered_receipts =
            if self.is_instagram() { Support::Unsupported } else { Support::Full };
        can.read_receipts = Support::Full;
        let rule = WindowRule::hours(24)
            .with_opening(Opening::Reaction)
            .with_reopening(Reopening::OtherChannel);
        can.window =
            Some(if self.human_agent { rule.with_human_agent_hours(7 * 24) } else { rule });
        let open = match window {
            Window::HumanAgentOnly { .. } => self.human_agent,
            other => other.is_open(),
        };
        if open { can } else { can.outside_window() }
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let notification: event::Notification<'_> = json(request.body())?;
        let object = if self.is_instagram() { "instagram" } else { "page" };
        let intake = Intake::new(&self.descriptor, request);
        event::Reader::new(intake, self.app_id.as_deref()).read(&notification, object)
    }

    /// Meta asks with `hub.verify_token`: give this a ring of its own with that token.
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

/// Meta keeps a file for 90 days.
impl UploadCodec for Messenger {
    fn render_upload(&self, file: &Upload) -> Result<WireRequest, RenderError> {
        let kind = outbound::media_name(&file.kind)?;
        let message =
            format!(r#"{{"attachment":{{"type":"{kind}","payload":{{"is_reusable":true}}}}}}"#);
        let mut fields = vec![("message", message.as_str())];
        if self.is_instagram() {
            fields.push(("platform", "instagram"));
        }
        let url = format!("{}/{}/message_attachments", self.graph, self.id);
        meta::upload(url, &self.token, &fields, ("filedata", file))
    }

    fn interpret_upload(&self, response: &WireResponse) -> Result<ProviderRef, SendError> {
        meta::uploaded(response, "attachment_id")
    }
}
