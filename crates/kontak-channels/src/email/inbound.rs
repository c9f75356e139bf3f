//! A mail, as an envelope.

use super::Email;
use super::quote::without_quote;
use super::report::{self, Report};
use super::verdict::dmarc_passed;
use crate::intake::{Intake, id, plain, written};
use kontak_channel::address::EmailAddress;
use kontak_channel::chrono::DateTime;
use kontak_channel::content::{
    ByteSize, Content, FileName, Media, MediaKind, MediaPlace, Part, ProviderRef, Remote, Text,
};
use kontak_channel::{
    Envelope, EnvelopeKind, IgnoredReason, InboundBatch, InboundMessage, MessageAuthor, ProviderId,
    Sender,
};
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders, PartType};

/// The longest chain of references that is read, the nearest last.
const MOST_REFERENCES: usize = 100;

impl Email {
    pub(super) fn read(
        &self,
        intake: Intake<'_>,
        mail: &Message<'_>,
        bytes: &[u8],
    ) -> InboundBatch {
        let own = mail.message_id().and_then(id);
        let target = own.unwrap_or_else(|| ProviderId::of_bytes(bytes));
        let envelope = match report::read(mail) {
            Some(Report::Receipt(receipt)) => {
                let key = intake.key(EnvelopeKind::Receipt, &target);
                Envelope::new(key, intake.arrived, *receipt)
            }
            Some(Report::Undecided) => intake.ignored(IgnoredReason::UnknownKind, "report", bytes),
            Some(Report::OfNothing) => intake.ignored(IgnoredReason::Malformed, "report", bytes),
            None => match self.sender(intake, mail) {
                None => intake.ignored(IgnoredReason::Malformed, "mail without sender", bytes),
                Some(sender) if sender.touchpoint.id == self.address.exact_key() => {
                    intake.ignored(IgnoredReason::OwnEcho, "mail", bytes)
                }
                Some(sender) => {
                    let mut message = InboundMessage::new(target.clone(), content(mail, &target));
                    message.references = references(mail);
                    if is_machine(mail) {
                        message.author = MessageAuthor::Machine;
                    }
                    let key = intake.key(EnvelopeKind::Message, &target);
                    Envelope::new(key, intake.arrived, message).with_sender(sender)
                }
            },
        };
        let at = mail.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0));
        InboundBatch::new(vec![match at {
            Some(at) => envelope.with_occurred(at),
            None => envelope,
        }])
    }

    fn sender(&self, intake: Intake<'_>, mail: &Message<'_>) -> Option<Sender> {
        let from = mail.from()?.first()?;
        let written_address = from.address.as_deref()?.trim();
        let address = EmailAddress::parse(written_address).ok();
        let account = address.as_ref().map_or(written_address, EmailAddress::exact_key);
        if account.is_empty() || account.len() > 1_024 {
            return None;
        }
        let mut sender = intake.sender(account);
        sender.display_name = from.name.as_deref().and_then(written);
        sender.email = address.filter(|address| self.vouches(mail, address));
        Some(sender)
    }

    /// Whether our own server found that the domain stands behind the mail.
    fn vouches(&self, mail: &Message<'_>, from: &EmailAddress) -> bool {
        let Some(authority) = &self.authority else { return false };
        let headers = |wanted: &'static str| {
            mail.headers_raw().filter(move |(name, _)| name.eq_ignore_ascii_case(wanted))
        };
        // Of two senders the server may have looked at the other one.
        let one_sender = headers("From").count() == 1
            && mail.from().is_some_and(|from| from.iter().count() == 1);
        // The topmost is the last that was written, which is by the last server: ours.
        let results = headers("Authentication-Results").next();
        let domain = from.exact_key().rsplit('@').next().unwrap_or_default();
        one_sender && results.is_some_and(|(_, text)| dmarc_passed(text, authority, domain))
    }

    /// Takes a file out of a mail: `reference` is that of a medium in the message.
    #[must_use]
    pub fn attachment(mail: &[u8], reference: &ProviderRef) -> Option<Vec<u8>> {
        let (_, number) = reference.as_str().rsplit_once('#')?;
        let mail = MessageParser::default().parse(mail)?;
        Some(mail.attachment(number.parse().ok()?)?.contents().to_vec())
    }
}

/// RFC 3834, section 2, and what older programs write.
fn is_machine(mail: &Message<'_>) -> bool {
    let header = |name: &str| {
        let raw = mail.headers_raw().find(|(known, _)| known.eq_ignore_ascii_case(name));
        raw.map(|(_, value)| value.trim().to_ascii_lowercase())
    };
    let auto = header("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let precedence = header("Precedence")
        .is_some_and(|value| ["bulk", "junk", "list", "auto_reply"].contains(&value.as_str()));
    let null_sender = header("Return-Path").is_some_and(|value| value == "<>");
    // What Outlook and Exchange put into what they write by themselves.
    let suppresses = header("X-Auto-Response-Suppress")
        .is_some_and(|value| ["all", "oof", "autoreply"].iter().any(|kind| value.contains(kind)));
    let listed = ["List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Autoresponse"];
    let daemon =
        mail.from().and_then(|from| from.first()?.address.as_deref()).is_some_and(|from| {
            let local = from.split('@').next().unwrap_or_default().to_ascii_lowercase();
            local == "mailer-daemon" || local.starts_with("owner-") || local.ends_with("-request")
        });
    auto || precedence
        || null_sender
        || daemon
        || suppresses
        || listed.iter().any(|name| header(name).is_some())
}

/// In-Reply-To and References, the nearest first, each once.
fn references(mail: &Message<'_>) -> Vec<ProviderId> {
    let mut references: Vec<ProviderId> = Vec::new();
    let answered = texts(mail.in_reply_to());
    let mut earlier = texts(mail.references());
    earlier.reverse();
    for reference in answered.into_iter().chain(earlier).take(MOST_REFERENCES) {
        if let Some(reference) = id(reference)
            && !references.contains(&reference)
        {
            references.push(reference);
        }
    }
    references
}

fn texts<'m>(value: &'m HeaderValue<'_>) -> Vec<&'m str> {
    match value {
        HeaderValue::Text(text) => vec![text],
        HeaderValue::TextList(texts) => texts.iter().map(|text| &**text).collect(),
        _ => Vec::new(),
    }
}

fn content(mail: &Message<'_>, target: &ProviderId) -> Content {
    let mut parts: Vec<Part> = Vec::new();
    let html_only =
        mail.text_bodies().next().is_some_and(|part| matches!(part.body, PartType::Html(_)));
    let text = match mail.body_text(0) {
        Some(text) if !html_only => plain(without_quote(&text.replace("\r\n", "\n"))),
        _ => mail.body_html(0).and_then(|html| {
            let words = Text::html(html.into_owned()).ok()?;
            plain(without_quote(&words.plain_text()))
        }),
    };
    parts.extend(text.map(Part::from));
    for (number, file) in mail.attachments().enumerate() {
        let Ok(reference) = ProviderRef::new(format!("{target}#{number}")) else { continue };
        let (top, sub) = match file.content_type() {
            Some(kind) => (kind.c_type.to_ascii_lowercase(), kind.c_subtype.as_deref()),
            None => ("application".to_owned(), None),
        };
        let kind = match top.as_str() {
            "image" => MediaKind::Image,
            "audio" => MediaKind::Audio,
            "video" => MediaKind::Video,
            _ => MediaKind::Document,
        };
        let mut media = Media::new(kind, MediaPlace::Remote(Remote::Provider(reference)));
        media.mime_type = sub.and_then(|sub| format!("{top}/{sub}").parse().ok());
        media.size = ByteSize::new(file.contents().len() as u64).ok();
        media.file_name = file.attachment_name().and_then(|name| name.parse::<FileName>().ok());
        parts.push(media.into());
    }
    let content = Content::new(parts);
    match mail.subject().and_then(written) {
        Some(subject) => content.with_subject(subject),
        None => content,
    }
}
