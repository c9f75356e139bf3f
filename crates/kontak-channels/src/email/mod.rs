//! E-mail: RFC 5322 both ways.
//!
//! A mail comes in as its bytes, from whatever has them: a mail server's pipe that posts them with a
//! signature ([`Email::scheme`]), a reading of a mailbox, or a mail server that hands them over
//! ([`Email::handed_over`], for which there are the features `imap-client` and `lmtp-server`). It goes out as bytes with an envelope, for which there is the
//! feature `smtp-client`; the mail server adds the date and signs with DKIM.
//!
//! - **Who wrote it.** Anybody can write any `From`. The address is the account; it is *attested*
//!   only where the server named by [`Email::with_authority`] wrote `dmarc=pass` for its domain into
//!   the topmost `Authentication-Results`, since the sender may have written the others. A passed
//!   `spf` or `dkim` alone attests nothing: it may be of another domain than the one that is shown.
//! - **Loops.** What a machine wrote (RFC 3834 and its forerunners) is marked so and must not be
//!   answered by a machine. What a machine of ours writes says so, and has no return path.
//! - **Bounces are receipts.** Delivery reports (RFC 3464) and read notices (RFC 8098) become receipts
//!   of the mail they name.
//! - **What is new.** The text of a reply is cut before what it quotes. The whole mail is yours to
//!   keep: [`Email::attachment`] takes its files out by their reference.

mod files;
mod inbound;
mod outbound;
mod quote;
mod report;
mod unsubscribe;
mod verdict;

pub use files::OutgoingFiles;
pub use quote::without_quote;
pub use unsubscribe::UnsubscribeError;

use crate::intake::Intake;
use kontak_channel::address::EmailAddress;
use kontak_channel::bytes::Bytes;
use kontak_channel::chrono::TimeDelta;
use kontak_channel::content::{MediaKind, TextFormat, WebUrl};
use kontak_channel::{
    Capabilities, ChannelDescriptor, Codec, HmacScheme, IdempotencyKey, InboundBatch, KeyRing,
    LengthUnit, MediaCapability, Outbound, ParseError, PartsPerMessage, Piece, ProviderId,
    RawRequest, RenderError, SendError, SendOutcome, SendReceipt, SignaturePolicy, Support,
    TextLimit, Verified, Window, WireRequest, WireResponse,
};
use kontak_types::ChannelKind;
use unsubscribe::Unsubscribe;

const TIMESTAMP: &str = "x-mail-timestamp";

const ATTACHABLE: [MediaKind; 6] = [
    MediaKind::Image,
    MediaKind::Audio,
    MediaKind::Video,
    MediaKind::Document,
    MediaKind::Sticker,
    MediaKind::VoiceNote,
];

/// One mailbox of a business.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::{Codec, EnvelopeBody, KeyRing, RawRequest, Secret};
/// use kontak_channels::email::Email;
///
/// let mailbox = Email::new("layanan", "layanan@tokobudi.co.id".parse()?).handed_over();
/// let mail = "From: Siti Rahayu <siti@gmail.com>\r\nTo: layanan@tokobudi.co.id\r\nSubject: AC rusak\r\n\
///     Message-ID: <1@mail.gmail.com>\r\n\r\nBelum ada teknisi.\r\n\r\nOn Mon, 2 Feb 2026, Layanan wrote:\r\n> Besok, ya.\r\n";
/// let request = RawRequest::post("https://h.example/mail".parse()?, mail);
/// let keys = KeyRing::new(Secret::new("unused"));
/// let batch = mailbox.parse(&mailbox.verify(&request, &keys, DateTime::UNIX_EPOCH)?)?;
/// let EnvelopeBody::Message(message) = &batch.envelopes[0].body else { return Err("no message".into()) };
/// assert_eq!(message.content.plain_text(), "AC rusak\nBelum ada teknisi.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Email {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    address: EmailAddress,
    name: Option<Box<str>>,
    authority: Option<Box<str>>,
    files: Option<Box<dyn OutgoingFiles>>,
    unsubscribe: Option<Unsubscribe>,
}

/// All files of one mail together, in bytes: written in base64 they are 25 MB, which is what the
/// large providers take.
const MOST_FILE_BYTES: u32 = 18 << 20;

impl Email {
    /// The mailbox of this address, whose mails are posted with a signature.
    #[must_use]
    pub fn new(account: &str, address: EmailAddress) -> Self {
        let descriptor = ChannelDescriptor::new(ChannelKind::Email, account)
            .with_scope("")
            .with_max_body(36 << 20)
            .with_answer_within_seconds(60)
            .with_retries_for_hours(5 * 24);
        Self {
            descriptor,
            signature: SignaturePolicy::signed(Self::scheme()),
            address,
            name: None,
            authority: None,
            files: None,
            unsubscribe: None,
        }
    }

    /// How whoever posts the mails signs: HMAC-SHA256 of the header `x-mail-timestamp`, a dot and the
    /// mail, in hexadecimal digits in the header `x-mail-signature`.
    #[must_use]
    pub fn scheme() -> HmacScheme {
        HmacScheme::sha256("x-mail-signature")
            .with_message([Piece::Header(TIMESTAMP), Piece::Literal("."), Piece::Body])
            .with_timestamp(TIMESTAMP, TimeDelta::minutes(5))
    }

    /// For mails that you read yourself, over a connection that showed whose it is, or that your own
    /// mail server hands over.
    #[must_use]
    pub fn handed_over(self) -> Self {
        let because = "our own mail server handed it over, or let us read it in our own mailbox";
        Self { signature: SignaturePolicy::Unsigned { because }, ..self }
    }

    /// With the name beside the address.
    #[must_use]
    pub fn with_name(self, name: &str) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// With the name under which our own mail server writes `Authentication-Results`.
    #[must_use]
    pub fn with_authority(self, authserv_id: &str) -> Self {
        Self { authority: Some(authserv_id.into()), ..self }
    }

    /// With the files that go out: without them, a medium is an error.
    #[must_use]
    pub fn with_files(self, files: impl OutgoingFiles + 'static) -> Self {
        Self { files: Some(Box::new(files)), ..self }
    }

    /// With the address at which a customer unsubscribes with one click (RFC 8058), for what machines
    /// write. Each mail has a link of its own, signed with the newest of the keys; give what is
    /// posted there to [`unsubscribed`](Self::unsubscribed).
    #[must_use]
    pub fn with_unsubscribe(self, url: WebUrl, keys: KeyRing) -> Self {
        Self { unsubscribe: Some(Unsubscribe::new(url, keys)), ..self }
    }

    /// A mail as the codec takes it, from a mailbox that we read ourselves.
    ///
    /// # Panics
    /// Never: the address that stands for our own mailbox is one.
    #[must_use]
    pub fn request(mail: impl Into<Bytes>) -> RawRequest {
        let here = "https://mailbox.invalid/".parse().expect("an address on the web");
        RawRequest::post(here, mail)
    }

    /// What a mail of ours is called, without angle brackets: it follows from its key, so that one
    /// that is sent twice is one mail, and receipts find it.
    #[must_use]
    pub fn message_id(&self, key: &IdempotencyKey) -> ProviderId {
        let hash = ProviderId::of_bytes(key.as_str().as_bytes());
        let left = hash.as_str().trim_start_matches("sha256:");
        let domain = self.address.exact_key().rsplit('@').next().unwrap_or_default();
        ProviderId::new(format!("{left}@{domain}")).unwrap_or(hash)
    }
}

impl Codec for Email {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, _window: Window) -> Capabilities {
        let mut can = Capabilities::text_only(TextLimit::new(1 << 20, LengthUnit::Bytes));
        can.text.formats.push(TextFormat::Html);
        can.parts = PartsPerMessage::Many;
        if self.files.is_some() {
            can.media = ATTACHABLE
                .map(|kind| {
                    MediaCapability::new(kind)
                        .with_max_bytes(MOST_FILE_BYTES)
                        .with_caption(can.text.limit)
                })
                .to_vec();
        }
        can.subject = Support::Full;
        can.reply = Support::Full;
        can.delivered_receipts = Support::Partial;
        can.read_receipts = Support::Partial;
        can
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let intake = Intake::new(&self.descriptor, request);
        let mail = mail_parser::MessageParser::default().parse(request.body());
        let mail = mail.filter(|mail| !mail.headers().is_empty()).ok_or(ParseError::Mail)?;
        Ok(self.read(intake, &mail, request.body()))
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        self.write(outbound)
    }

    /// The mail is known by its [`Email::message_id`]: answers and delivery reports refer to that.
    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        let WireResponse::Mail { code, enhanced, id } = response else {
            return Err(SendError::Ambiguous { what: "an answer of another kind" });
        };
        let enhanced = enhanced.as_deref().unwrap_or_default();
        let text: Box<str> =
            if enhanced.is_empty() { code.to_string().into() } else { enhanced.into() };
        match code {
            200..=299 => Ok(SendReceipt::new(id.iter().cloned().collect())),
            400..=499 => Err(SendError::Transient { code: text }),
            530 | 534 | 535 => Err(SendError::Unauthorized { code: text }),
            500..=599 if enhanced.starts_with("5.1.") || enhanced == "5.3.4" => {
                Err(SendError::Invalid { code: text })
            }
            500..=599 => Err(SendError::Rejected { code: text }),
            _ => Err(SendError::Ambiguous { what: "an answer that is none of SMTP" }),
        }
    }
}
