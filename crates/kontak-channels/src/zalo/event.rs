//! What Zalo tells.

use crate::intake::{Intake, MOST_THINGS, id, plain, written};
use kontak_channel::chrono::DateTime;
use kontak_channel::content::{
    ByteSize, Content, GeoPoint, Location, Media, MediaKind, MediaPlace, Part, Remote, SystemKind,
    SystemLine,
};
use kontak_channel::{
    Consent, ConsentScope, Envelope, EnvelopeBody, IgnoredReason, InboundMessage, MessageAuthor,
    ProviderId, Receipt, ReceiptStatus,
};
use serde::Deserialize;
use std::borrow::Cow;

#[derive(Deserialize)]
pub(super) struct Event<'a> {
    #[serde(borrow)]
    event_name: Cow<'a, str>,
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(borrow)]
    sender: Option<Party<'a>>,
    #[serde(borrow)]
    recipient: Option<Party<'a>>,
    #[serde(borrow)]
    follower: Option<Party<'a>>,
    #[serde(borrow)]
    oa_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    message: Option<Message<'a>>,
}

#[derive(Deserialize)]
struct Party<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    msg_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    msg_ids: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    quote_msg_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    attachments: Vec<Attachment<'a>>,
}

#[derive(Deserialize)]
struct Attachment<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(borrow)]
    payload: Option<Payload<'a>>,
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    size: Option<Cow<'a, str>>,
    #[serde(borrow)]
    description: Option<Cow<'a, str>>,
    coordinates: Option<Coordinates>,
}

/// Both stand as text, as all numbers of Zalo's do.
#[derive(Deserialize)]
struct Coordinates {
    latitude: String,
    longitude: String,
}

const MALFORMED: IgnoredReason = IgnoredReason::Malformed;

/// Who is the customer of an event, and what is ours.
type Sides<'e> = (Option<&'e str>, Option<&'e str>);
type Thing = (ProviderId, &'static str, EnvelopeBody);

impl Event<'_> {
    pub(super) fn envelopes(&self, intake: Intake<'_>, bytes: &[u8]) -> Vec<Envelope> {
        let read = self.things(bytes).and_then(|things| {
            let millis = self.timestamp.parse().ok().and_then(DateTime::from_timestamp_millis);
            Ok((things, millis.ok_or(MALFORMED)?, self.customer().ok_or(MALFORMED)?))
        });
        let (things, at, customer) = match read {
            Ok(read) => read,
            Err(reason) => return vec![intake.ignored(reason, &self.event_name, bytes)],
        };
        let ours = self.sides().1.and_then(id);
        let envelope = |(target, version, body): Thing| {
            let key = intake.key(body.kind(), &target).with_version(version);
            let mut envelope = Envelope::new(key, intake.arrived, body)
                .with_sender(intake.sender(customer))
                .with_occurred(at);
            envelope.recipient.clone_from(&ours);
            envelope
        };
        things.into_iter().map(envelope).collect()
    }

    fn customer(&self) -> Option<&str> {
        self.sides().0.filter(|id| !id.is_empty())
    }

    /// Receipts have the account as their sender, as what it says itself does; all others the person.
    fn sides(&self) -> Sides<'_> {
        fn id<'p>(party: &'p Option<Party<'_>>) -> Option<&'p str> {
            party.as_ref().map(|party| &*party.id)
        }
        let (sender, recipient) = (id(&self.sender), id(&self.recipient));
        match &*self.event_name {
            "follow" | "unfollow" => (id(&self.follower), self.oa_id.as_deref()),
            "user_received_message" | "user_seen_message" => (recipient, sender),
            name if name.starts_with("oa_send_") => (recipient, sender),
            _ => (sender, recipient),
        }
    }

    fn things(&self, bytes: &[u8]) -> Result<Vec<Thing>, IgnoredReason> {
        match &*self.event_name {
            "follow" => Ok(vec![consent(Consent::granted(ConsentScope::Everything), bytes)]),
            "unfollow" => Ok(vec![consent(Consent::withdrawn(ConsentScope::Everything), bytes)]),
            "user_received_message" => self.receipts(ReceiptStatus::Delivered, "delivered"),
            "user_seen_message" => self.receipts(ReceiptStatus::Read, "read"),
            name if name.starts_with("user_send_") || name == "anonymous_send_text" => {
                self.said(MessageAuthor::Customer).map(|thing| vec![thing])
            }
            // What went out, by us or in Zalo's own inbox: the event does not say which.
            name if name.starts_with("oa_send_") => Err(IgnoredReason::OwnEcho),
            _ => Err(IgnoredReason::UnknownKind),
        }
    }

    fn said(&self, author: MessageAuthor) -> Result<Thing, IgnoredReason> {
        let message = self.message.as_ref().ok_or(MALFORMED)?;
        let target = message.msg_id.as_deref().and_then(id).ok_or(MALFORMED)?;
        let mut out = InboundMessage::new(target.clone(), message.content()).with_author(author);
        out.references.extend(message.quote_msg_id.as_deref().and_then(id));
        Ok((target, "", out.into()))
    }

    fn receipts(
        &self,
        status: ReceiptStatus,
        version: &'static str,
    ) -> Result<Vec<Thing>, IgnoredReason> {
        let message = self.message.as_ref().ok_or(MALFORMED)?;
        let ids = message
            .msg_ids
            .iter()
            .chain(&message.msg_id)
            .filter_map(|text| id(text))
            .take(MOST_THINGS + 1);
        let things: Vec<_> =
            ids.map(|id| (id.clone(), version, Receipt::new(id, status).into())).collect();
        if things.is_empty() { Err(MALFORMED) } else { Ok(things) }
    }
}

fn consent(consent: Consent, bytes: &[u8]) -> Thing {
    (ProviderId::of_bytes(bytes), "", consent.into())
}

impl Message<'_> {
    fn content(&self) -> Content {
        let mut parts: Vec<Part> = Vec::new();
        parts.extend(self.text.as_deref().and_then(plain).map(Part::from));
        parts.extend(self.attachments.iter().filter_map(Attachment::part));
        if parts.is_empty() {
            // Somebody said something that Zalo does not pass on: the agent should know and ask.
            parts.push(SystemLine::new(SystemKind::Unsupported).into());
        }
        Content::new(parts)
    }
}

impl Attachment<'_> {
    fn part(&self) -> Option<Part> {
        let payload = self.payload.as_ref()?;
        if let Some(at) = &payload.coordinates {
            let point =
                GeoPoint::new(at.latitude.parse().ok()?, at.longitude.parse().ok()?).ok()?;
            return Some(Location::new(point).into());
        }
        let url = payload.url.as_deref()?;
        let kind = match &*self.r#type {
            "image" | "gif" => MediaKind::Image,
            "video" => MediaKind::Video,
            "audio" => MediaKind::VoiceNote,
            "sticker" => MediaKind::Sticker,
            "file" => MediaKind::Document,
            // A link with what stands under it.
            _ => return plain(url).map(Part::from),
        };
        let mut media = Media::new(kind, MediaPlace::Remote(Remote::Url(url.parse().ok()?)));
        media.file_name = payload.name.as_deref().and_then(|name| name.parse().ok());
        let size = payload.size.as_deref().and_then(|size| size.parse().ok());
        media.size = size.and_then(|size| ByteSize::new(size).ok());
        let words = payload.description.as_deref().and_then(written);
        media.caption = words.and_then(|words| plain(words.as_str()));
        Some(media.into())
    }
}
