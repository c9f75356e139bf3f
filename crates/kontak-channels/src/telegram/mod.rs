//! Telegram, by the Bot API.
//!
//! Telegram shows a shared secret in a header and signs nothing: whoever reads one request can forge
//! any other, so the address must be HTTPS and the header kept out of logs. A request that is sent
//! again is stopped by its keys alone.
//!
//! Ids of messages are unique within a chat, so that they stand here as `chat:message`.

mod outbound;
mod update;

use crate::intake::{Intake, json};
use kontak_channel::content::{MediaKind, TextFormat};
use kontak_channel::{
    Acknowledgement, ButtonCapability, Capabilities, ChangeCapability, ChannelDescriptor, Codec,
    InboundBatch, LengthUnit, MediaCapability, Outbound, ParseError, RenderError, Secret,
    SendOutcome, SharedToken, SignaturePolicy, Support, TextLimit, Verified, Window, WireRequest,
    WireResponse,
};
use kontak_types::ChannelKind;

/// One bot.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::{Codec, EnvelopeBody, KeyRing, RawRequest, Secret};
/// use kontak_channels::telegram::Telegram;
///
/// let bot = Telegram::new("shop-bot", Secret::new("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"));
/// let keys = KeyRing::new(Secret::new("secret-token"));
/// let body = r#"{"update_id":10000,"message":{"date":1441645532,"message_id":1365,"text":"/start",
///     "chat":{"id":1111111,"type":"private"},"from":{"id":1111111,"is_bot":false,"first_name":"Budi","username":"budi"}}}"#;
/// let request = RawRequest::post("https://h.example/telegram".parse()?, body)
///     .with_header("x-telegram-bot-api-secret-token", "secret-token")?;
/// let batch = bot.parse(&bot.verify(&request, &keys, DateTime::UNIX_EPOCH)?)?;
/// let EnvelopeBody::Message(message) = &batch.envelopes[0].body else { return Err("no message".into()) };
/// assert_eq!((message.id.as_str(), &*message.content.plain_text()), ("1111111:1365", "/start"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Telegram {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    token: Secret,
    api: Box<str>,
}

impl Telegram {
    /// The bot of this token.
    #[must_use]
    pub fn new(account: &str, token: Secret) -> Self {
        Self {
            descriptor: ChannelDescriptor::new(ChannelKind::Telegram, account)
                .with_answer_within_seconds(60),
            signature: SignaturePolicy::signed(SharedToken::new("x-telegram-bot-api-secret-token")),
            token,
            api: "https://api.telegram.org".into(),
        }
    }

    /// A Bot API server of your own, without a slash at its end.
    #[must_use]
    pub fn with_api(self, api: &str) -> Self {
        Self { api: api.into(), ..self }
    }
}

/// Telegram writes "characters after entities parsing"; reports differ on whether they are scalar
/// values or UTF-16 units, and the stricter reading is safe under both.
const TEXT: TextLimit = TextLimit::new(4_096, LengthUnit::Utf16);
const CAPTION: TextLimit = TextLimit::new(1_024, LengthUnit::Utf16);
const LABEL: TextLimit = TextLimit::new(64, LengthUnit::Utf16);

impl Codec for Telegram {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, _window: Window) -> Capabilities {
        let mut can = Capabilities::text_only(TEXT);
        can.text.formats.push(TextFormat::Markdown);
        let by_address = |kind| MediaCapability::new(kind).with_max_bytes(20 << 20);
        can.media = vec![
            MediaCapability::new(MediaKind::Image).with_max_bytes(5 << 20).with_caption(CAPTION),
            by_address(MediaKind::Video).with_caption(CAPTION),
            by_address(MediaKind::Audio).with_caption(CAPTION),
            by_address(MediaKind::VoiceNote).with_caption(CAPTION),
            by_address(MediaKind::Document).with_caption(CAPTION),
            by_address(MediaKind::Sticker),
        ];
        can.buttons = Some(ButtonCapability::new(20, LABEL, 64, TEXT));
        can.location = Support::Full;
        can.contact = Support::Full;
        can.reply = Support::Full;
        can.edit = ChangeCapability::ALWAYS;
        can.delete = ChangeCapability::within(48 * 3_600);
        can.reaction = Support::Partial;
        can.typing = Support::Full;
        can
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let update: update::Update = json(request.body())?;
        let intake = Intake::new(&self.descriptor, request);
        Ok(InboundBatch::new(vec![update.envelope(intake, request.body())]))
    }

    /// A tapped button shows a clock until somebody answers it; the answer goes back with the status.
    fn acknowledge(&self, request: &Verified<'_>) -> Acknowledgement {
        let Ok(update) = json::<update::Update>(request.body()) else {
            return Acknowledgement::empty();
        };
        match update.callback_id() {
            Some(id) => {
                let answer =
                    serde_json::json!({"method": "answerCallbackQuery", "callback_query_id": id});
                Acknowledgement::new("application/json", answer.to_string())
            }
            None => Acknowledgement::empty(),
        }
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        self.write(outbound)
    }

    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        outbound::interpret(response)
    }
}
