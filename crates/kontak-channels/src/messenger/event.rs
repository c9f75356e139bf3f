//! What Meta tells.

use crate::intake::{Intake, MOST_THINGS, id, plain, written};
use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::content::{
    ChoiceMade, Content, GeoPoint, Location, Media, MediaKind, MediaPlace, OptionId, Part, Remote,
    SystemKind, SystemLine,
};
use kontak_channel::{
    Envelope, EnvelopeBody, IgnoredReason, InboundBatch, InboundMessage, MessageAuthor,
    MessageChange, ParseError, ProviderId, Receipt, ReceiptStatus,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

#[derive(Deserialize)]
pub(super) struct Notification<'a> {
    #[serde(borrow)]
    object: Cow<'a, str>,
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default)]
    messaging: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    standby: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    changes: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    sender: Party<'a>,
    #[serde(borrow)]
    recipient: Party<'a>,
    timestamp: i64,
    #[serde(borrow)]
    message: Option<Message<'a>>,
    #[serde(borrow)]
    message_edit: Option<Edit<'a>>,
    #[serde(borrow)]
    postback: Option<Postback<'a>>,
    #[serde(borrow)]
    reaction: Option<Reaction<'a>>,
    #[serde(borrow)]
    delivery: Option<Mark<'a>>,
    #[serde(borrow)]
    read: Option<Mark<'a>>,
}

#[derive(Deserialize)]
struct Party<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    mid: Cow<'a, str>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(default)]
    is_echo: bool,
    #[serde(default)]
    is_deleted: bool,
    #[serde(default)]
    is_unsupported: bool,
    app_id: Option<u64>,
    #[serde(borrow)]
    quick_reply: Option<QuickReply<'a>>,
    #[serde(borrow)]
    reply_to: Option<Earlier<'a>>,
    #[serde(borrow, default)]
    attachments: Vec<Attachment<'a>>,
}

#[derive(Deserialize)]
struct QuickReply<'a> {
    #[serde(borrow)]
    payload: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Earlier<'a> {
    #[serde(borrow)]
    mid: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Attachment<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(borrow)]
    payload: Option<Payload<'a>>,
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
    sticker_id: Option<u64>,
    coordinates: Option<Coordinates>,
}

#[derive(Deserialize)]
struct Coordinates {
    lat: f64,
    long: f64,
}

#[derive(Deserialize)]
struct Edit<'a> {
    #[serde(borrow)]
    mid: Cow<'a, str>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(default)]
    num_edit: u32,
}

#[derive(Deserialize)]
struct Postback<'a> {
    #[serde(borrow)]
    mid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    payload: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Reaction<'a> {
    #[serde(borrow)]
    mid: Cow<'a, str>,
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow)]
    emoji: Option<Cow<'a, str>>,
}

/// Messenger names a time, all messages before which have come so far; Instagram names the message.
#[derive(Deserialize)]
struct Mark<'a> {
    #[serde(borrow)]
    mid: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    mids: Vec<Cow<'a, str>>,
    watermark: Option<i64>,
}

const MALFORMED: IgnoredReason = IgnoredReason::Malformed;

/// What one thing is, with its id and version.
type Thing = (ProviderId, String, EnvelopeBody);

pub(super) struct Reader<'a> {
    intake: Intake<'a>,
    app_id: Option<&'a str>,
    envelopes: Vec<Envelope>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(intake: Intake<'a>, app_id: Option<&'a str>) -> Self {
        Self { intake, app_id, envelopes: Vec::new() }
    }

    pub(super) fn read(
        mut self,
        notification: &Notification<'_>,
        object: &str,
    ) -> Result<InboundBatch, ParseError> {
        for entry in &notification.entry {
            for raw in &entry.messaging {
                if notification.object == object {
                    self.event(raw.get());
                } else {
                    self.ignore(IgnoredReason::UnknownKind, &notification.object, raw.get());
                }
                if self.envelopes.len() > MOST_THINGS {
                    return Err(ParseError::TooMany { limit: MOST_THINGS });
                }
            }
            for raw in &entry.standby {
                self.ignore(IgnoredReason::NotInCharge, "standby", raw.get());
            }
            for raw in &entry.changes {
                self.ignore(IgnoredReason::AccountNotice, "change", raw.get());
            }
        }
        Ok(InboundBatch::new(self.envelopes))
    }

    fn ignore(&mut self, reason: IgnoredReason, what: &str, raw: &str) {
        self.envelopes.push(self.intake.ignored(reason, what, raw.as_bytes()));
    }

    fn event(&mut self, raw: &str) {
        let Ok(event) = serde_json::from_str::<Event<'_>>(raw) else {
            return self.ignore(MALFORMED, "event", raw);
        };
        let (what, things) = event.things(self.app_id);
        let things = match things {
            Ok(things) => things,
            Err(reason) => return self.ignore(reason, what, raw),
        };
        let echo = event.message.as_ref().is_some_and(|message| message.is_echo);
        let (customer, ours) = if echo {
            (&event.recipient.id, &event.sender.id)
        } else {
            (&event.sender.id, &event.recipient.id)
        };
        let at = DateTime::from_timestamp_millis(event.timestamp);
        if customer.is_empty() || at.is_none() {
            return self.ignore(MALFORMED, what, raw);
        }
        for (target, version, body) in things {
            let key = self.intake.key(body.kind(), &target).with_version(version);
            let mut envelope = Envelope::new(key, self.intake.arrived, body)
                .with_sender(self.intake.sender(customer));
            envelope.recipient = id(ours);
            envelope.occurred = match &envelope.body {
                EnvelopeBody::Receipt(Receipt { target: None, .. }) => event.watermark().or(at),
                _ => at,
            };
            self.envelopes.push(envelope);
        }
    }
}

impl Event<'_> {
    fn things(&self, app_id: Option<&str>) -> (&'static str, Result<Vec<Thing>, IgnoredReason>) {
        let one = |thing: Result<Thing, IgnoredReason>| thing.map(|thing| vec![thing]);
        if let Some(message) = &self.message {
            ("message", one(message.thing(app_id)))
        } else if let Some(edit) = &self.message_edit {
            ("message_edit", one(edit.thing()))
        } else if let Some(postback) = &self.postback {
            ("postback", one(self.postback(postback)))
        } else if let Some(reaction) = &self.reaction {
            ("reaction", one(self.reaction(reaction)))
        } else if let Some(mark) = &self.delivery {
            ("delivery", self.marks(mark, ReceiptStatus::Delivered))
        } else if let Some(mark) = &self.read {
            ("read", self.marks(mark, ReceiptStatus::Read))
        } else {
            ("event", Err(IgnoredReason::UnknownKind))
        }
    }

    /// Until when all messages have come so far.
    fn watermark(&self) -> Option<DateTime<Utc>> {
        let mark = self.delivery.as_ref().or(self.read.as_ref())?;
        DateTime::from_timestamp_millis(mark.watermark?)
    }

    /// An id for what has none: whose it is, and when it happened.
    fn own_id(&self, what: &str) -> ProviderId {
        let (from, to, at) = (&self.sender.id, &self.recipient.id, self.timestamp);
        ProviderId::of_bytes(format!("{what} {from} {to} {at}").as_bytes())
    }

    fn postback(&self, postback: &Postback<'_>) -> Result<Thing, IgnoredReason> {
        let target = match postback.mid.as_deref() {
            Some(mid) => id(mid).ok_or(MALFORMED)?,
            None => self.own_id("postback"),
        };
        let chosen = postback.payload.as_deref().or(postback.title.as_deref()).ok_or(MALFORMED)?;
        let mut made = ChoiceMade::new(OptionId::new(chosen).map_err(|_| MALFORMED)?);
        made.label = postback.title.as_deref().and_then(written);
        Ok((target.clone(), String::new(), InboundMessage::new(target, made.into()).into()))
    }

    fn reaction(&self, reaction: &Reaction<'_>) -> Result<Thing, IgnoredReason> {
        let target = id(&reaction.mid).ok_or(MALFORMED)?;
        let emoji = match &*reaction.action {
            "react" => Some(reaction.emoji.as_deref().and_then(written).ok_or(MALFORMED)?),
            "unreact" => None,
            _ => return Err(IgnoredReason::UnknownKind),
        };
        let reacted = MessageChange::Reacted { target, emoji };
        Ok((self.own_id("reaction"), String::new(), reacted.into()))
    }

    fn marks(&self, mark: &Mark<'_>, status: ReceiptStatus) -> Result<Vec<Thing>, IgnoredReason> {
        let version = if status == ReceiptStatus::Read { "read" } else { "delivered" };
        let named: Vec<_> = mark
            .mids
            .iter()
            .chain(&mark.mid)
            .filter_map(|mid| id(mid))
            .take(MOST_THINGS + 1)
            .collect();
        if !named.is_empty() {
            let receipt = |mid: ProviderId| {
                (mid.clone(), version.to_owned(), Receipt::new(mid, status).into())
            };
            return Ok(named.into_iter().map(receipt).collect());
        }
        let until = mark.watermark.ok_or(MALFORMED)?;
        let target = self.own_id(&format!("{version} {until}"));
        Ok(vec![(target, version.to_owned(), Receipt::of_all(status).into())])
    }
}

impl Edit<'_> {
    fn thing(&self) -> Result<Thing, IgnoredReason> {
        let target = id(&self.mid).ok_or(MALFORMED)?;
        let content = self.text.as_deref().and_then(plain).map(Content::from).ok_or(MALFORMED)?;
        let edited = MessageChange::Edited { target: target.clone(), content };
        Ok((target, format!("edit {}", self.num_edit), edited.into()))
    }
}

impl Message<'_> {
    fn thing(&self, app_id: Option<&str>) -> Result<Thing, IgnoredReason> {
        let target = id(&self.mid).ok_or(MALFORMED)?;
        if self.is_echo {
            let foreign =
                app_id.is_some_and(|ours| self.app_id.is_none_or(|app| app.to_string() != ours));
            if !foreign {
                return Err(IgnoredReason::OwnEcho);
            }
        }
        if self.is_deleted {
            let deleted = MessageChange::Deleted { target: target.clone() };
            return Ok((target, "deleted".into(), deleted.into()));
        }
        let mut out = InboundMessage::new(target.clone(), self.content()?);
        let earlier = self.reply_to.as_ref().and_then(|earlier| earlier.mid.as_deref());
        out.references.extend(earlier.and_then(id));
        if self.is_echo {
            out.author = MessageAuthor::Business;
        }
        Ok((target, String::new(), out.into()))
    }

    fn content(&self) -> Result<Content, IgnoredReason> {
        if self.is_unsupported {
            return Ok(SystemLine::new(SystemKind::Unsupported).into());
        }
        if let Some(reply) = &self.quick_reply {
            let mut made = ChoiceMade::new(OptionId::new(&*reply.payload).map_err(|_| MALFORMED)?);
            made.label = self.text.as_deref().and_then(written);
            return Ok(made.into());
        }
        let mut parts: Vec<Part> = Vec::new();
        parts.extend(self.text.as_deref().and_then(plain).map(Part::from));
        parts.extend(self.attachments.iter().filter_map(|attachment| {
            // The preview of a link that stands in the text already.
            let preview = attachment.r#type == "fallback" && self.text.is_some();
            if preview { None } else { attachment.part() }
        }));
        if parts.is_empty() {
            // Somebody said something that Meta does not pass on: the agent should know and ask.
            parts.push(SystemLine::new(SystemKind::Unsupported).into());
        }
        Ok(Content::new(parts))
    }
}

impl Attachment<'_> {
    fn part(&self) -> Option<Part> {
        let payload = self.payload.as_ref()?;
        if let Some(at) = &payload.coordinates {
            return Some(Location::new(GeoPoint::new(at.lat, at.long).ok()?).into());
        }
        let url = payload.url.as_deref()?;
        let kind = match &*self.r#type {
            "image" if payload.sticker_id.is_some() => MediaKind::Sticker,
            "image" => MediaKind::Image,
            "video" => MediaKind::Video,
            "audio" => MediaKind::VoiceNote,
            "file" => MediaKind::Document,
            // Stories, posts and reels that somebody shares: where they are, and what they are called.
            _ => {
                let title = payload.title.as_deref().or(self.title.as_deref());
                let words = title.map_or_else(|| url.to_owned(), |title| format!("{title}\n{url}"));
                return plain(&words).map(Part::from);
            }
        };
        let place = MediaPlace::Remote(Remote::Url(url.parse().ok()?));
        Some(Media::new(kind, place).into())
    }
}
