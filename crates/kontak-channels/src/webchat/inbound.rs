//! What visitors say.

use super::session::{Session, session};
use crate::intake::{Intake, id, json, plain, written};
use kontak_channel::content::{
    ByteSize, ChoiceMade, Content, Media, MediaKind, MediaPlace, MimeType, OfferId, OptionId, Part,
    Remote, WebUrl,
};
use kontak_channel::{
    Envelope, EnvelopeBody, IgnoredReason, InboundBatch, InboundMessage, ParseError, Presence,
    ProviderId, Receipt, ReceiptStatus, Sender, Verified,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Say<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    media: Vec<File<'a>>,
    #[serde(borrow)]
    reply_to: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    mime: Option<Cow<'a, str>>,
    size: Option<u64>,
}

#[derive(Deserialize)]
struct Choose<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    offer: Option<Cow<'a, str>>,
    #[serde(borrow)]
    option: Cow<'a, str>,
    #[serde(borrow)]
    label: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct About<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Moment {
    #[serde(default)]
    on: bool,
    #[expect(dead_code, reason = "it tells one typing from the next by its bytes")]
    at: u64,
}

/// What one frame is, with its id and version.
type Thing = (ProviderId, EnvelopeBody, &'static str);
type Read = Result<Thing, IgnoredReason>;
const MALFORMED: IgnoredReason = IgnoredReason::Malformed;

/// More than any person attaches at once.
const MOST_FILES: usize = 10;

pub(super) fn read(
    intake: Intake<'_>,
    request: &Verified<'_>,
    attachments: Option<&WebUrl>,
) -> Result<InboundBatch, ParseError> {
    let frame: BTreeMap<Cow<'_, str>, &RawValue> = json(request.body())?;
    let expected = ParseError::Field { field: "the frame", expected: "one member" };
    let (Some((name, raw)), 1) = (frame.first_key_value(), frame.len()) else {
        return Err(expected);
    };
    let token = ParseError::Field { field: "x-webchat-session", expected: "a token of a session" };
    let session = session(request.request()).ok_or(token)?;
    let frame = Frame { session: &session, attachments, bytes: request.body() };
    let read = match &**name {
        "say" => frame.say(raw),
        "choose" => frame.choose(raw),
        "got" => frame.receipt(raw, ReceiptStatus::Delivered),
        "seen" => frame.receipt(raw, ReceiptStatus::Read),
        "typing" => frame.typing(raw),
        "here" => Ok(frame.presence(Presence::Online)),
        "gone" => Ok(frame.presence(Presence::Offline)),
        _ => Err(IgnoredReason::UnknownKind),
    };
    let envelope = match read {
        Ok((target, body, version)) => {
            let key = intake.key(body.kind(), &target).with_version(version);
            Envelope::new(key, intake.arrived, body).with_sender(sender(intake, &session))
        }
        Err(reason) => intake.ignored(reason, name, &frame.own(request.body())),
    };
    Ok(InboundBatch::new(vec![envelope]))
}

fn sender(intake: Intake<'_>, session: &Session) -> Sender {
    let mut sender = intake.sender(&session.touchpoint());
    sender.also.extend(session.before().map(|before| intake.touchpoint(&before)));
    sender.display_name.clone_from(&session.name);
    sender.email.clone_from(&session.email);
    sender.phone.clone_from(&session.phone);
    sender
}

struct Frame<'a> {
    session: &'a Session,
    attachments: Option<&'a WebUrl>,
    bytes: &'a [u8],
}

fn inside<'de, T: Deserialize<'de>>(raw: &'de RawValue) -> Result<T, IgnoredReason> {
    serde_json::from_str(raw.get()).map_err(|_| MALFORMED)
}

impl Frame<'_> {
    /// The visitor's ids begin with who they are: nobody can name a message of somebody else.
    fn target(&self, text: &str) -> Result<ProviderId, IgnoredReason> {
        if text.is_empty() || text.len() > 100 || text.contains('/') {
            return Err(MALFORMED);
        }
        id(&format!("{}/{text}", self.session.touchpoint())).ok_or(MALFORMED)
    }

    /// The bytes, as those of this visitor.
    fn own(&self, bytes: &[u8]) -> Vec<u8> {
        [self.session.touchpoint().as_bytes(), b"\n", bytes].concat()
    }

    fn say(&self, raw: &RawValue) -> Read {
        let say: Say<'_> = inside(raw)?;
        let target = self.target(&say.id)?;
        if say.media.len() > MOST_FILES {
            return Err(MALFORMED);
        }
        let mut parts: Vec<Part> = Vec::new();
        parts.extend(say.text.as_deref().and_then(plain).map(Part::from));
        for file in &say.media {
            parts.push(self.media(file).ok_or(MALFORMED)?.into());
        }
        if parts.is_empty() {
            return Err(MALFORMED);
        }
        let mut message = InboundMessage::new(target.clone(), Content::new(parts));
        if let Some(earlier) = &say.reply_to {
            message.references.push(self.target(earlier)?);
        }
        Ok((target, message.into(), ""))
    }

    fn media(&self, file: &File<'_>) -> Option<Media> {
        let under = self.attachments?.as_str();
        let rest = file.url.strip_prefix(under)?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        if rest.is_empty() || rest.starts_with('.') || !rest.bytes().all(plain) {
            return None;
        }
        let mime = file.mime.as_deref().and_then(|mime| mime.parse::<MimeType>().ok());
        let kind = match mime.as_ref().map(MimeType::top_level) {
            Some("image") => MediaKind::Image,
            Some("video") => MediaKind::Video,
            Some("audio") => MediaKind::Audio,
            _ => MediaKind::Document,
        };
        let place = MediaPlace::Remote(Remote::Url(file.url.parse().ok()?));
        let mut media = Media::new(kind, place);
        media.mime_type = mime;
        media.file_name = file.name.as_deref().and_then(|name| name.parse().ok());
        media.size = file.size.and_then(|size| ByteSize::new(size).ok());
        Some(media)
    }

    fn choose(&self, raw: &RawValue) -> Read {
        let choose: Choose<'_> = inside(raw)?;
        let target = self.target(&choose.id)?;
        let mut made = ChoiceMade::new(OptionId::new(&*choose.option).map_err(|_| MALFORMED)?);
        made.label = choose.label.as_deref().and_then(written);
        made.offer = choose.offer.as_deref().and_then(|offer| OfferId::new(offer).ok());
        Ok((target.clone(), InboundMessage::new(target, made.into()).into(), ""))
    }

    fn receipt(&self, raw: &RawValue, status: ReceiptStatus) -> Read {
        let about: About<'_> = inside(raw)?;
        // A number without a message is for the queue alone.
        let target = self.target(about.id.as_deref().ok_or(IgnoredReason::UnknownKind)?)?;
        let version = if status == ReceiptStatus::Read { "seen" } else { "got" };
        Ok((target.clone(), Receipt::new(target, status).into(), version))
    }

    fn typing(&self, raw: &RawValue) -> Read {
        let moment: Moment = inside(raw)?;
        Ok(self.presence(if moment.on { Presence::Typing } else { Presence::Paused }))
    }

    fn presence(&self, presence: Presence) -> Thing {
        let target = ProviderId::of_bytes(&self.own(self.bytes));
        (target, presence.into(), "")
    }
}
