//! What Telegram tells.

use crate::intake::{Intake, id, plain, seconds, written};
use kontak_channel::content::{
    ByteSize, ChoiceMade, ContactCard, Content, GeoPoint, Location, Media, MediaKind, MediaPlace,
    OptionId, Part, ProviderRef, Remote,
};
use kontak_channel::{
    Consent, ConsentScope, Envelope, EnvelopeKind, IgnoredReason, InboundMessage, MessageChange,
    ProviderId, Sender,
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Update {
    update_id: i64,
    message: Option<Box<Message>>,
    edited_message: Option<Box<Message>>,
    callback_query: Option<Box<Callback>>,
    message_reaction: Option<Reacted>,
    my_chat_member: Option<Membership>,
}

#[derive(Deserialize)]
struct Message {
    message_id: i64,
    date: i64,
    edit_date: Option<i64>,
    chat: Chat,
    from: Option<User>,
    message_thread_id: Option<i64>,
    reply_to_message: Option<Earlier>,
    text: Option<String>,
    caption: Option<String>,
    photo: Option<Vec<File>>,
    video: Option<File>,
    audio: Option<File>,
    voice: Option<File>,
    document: Option<File>,
    animation: Option<File>,
    sticker: Option<File>,
    location: Option<Point>,
    venue: Option<Venue>,
    contact: Option<Card>,
}

#[derive(Deserialize)]
struct Earlier {
    message_id: i64,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
    r#type: String,
}

#[derive(Deserialize)]
struct User {
    id: i64,
    #[serde(default)]
    is_bot: bool,
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
}

#[derive(Deserialize)]
struct File {
    file_id: String,
    file_size: Option<u64>,
    mime_type: Option<String>,
    file_name: Option<String>,
    duration: Option<u32>,
}

#[derive(Deserialize)]
struct Point {
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
struct Venue {
    location: Point,
    title: String,
    address: String,
}

#[derive(Deserialize)]
struct Card {
    phone_number: String,
    first_name: String,
    last_name: Option<String>,
    user_id: Option<i64>,
}

#[derive(Deserialize)]
struct Callback {
    id: String,
    from: User,
    message: Option<CallbackMessage>,
    data: Option<String>,
}

#[derive(Deserialize)]
struct CallbackMessage {
    message_id: i64,
    chat: Chat,
    reply_markup: Option<Keyboard>,
}

#[derive(Deserialize)]
struct Keyboard {
    #[serde(default)]
    inline_keyboard: Vec<Vec<Button>>,
}

#[derive(Deserialize)]
struct Button {
    text: String,
    callback_data: Option<String>,
}

#[derive(Deserialize)]
struct Reacted {
    chat: Chat,
    message_id: i64,
    user: Option<User>,
    date: i64,
    new_reaction: Vec<Reaction>,
}

#[derive(Deserialize)]
struct Reaction {
    emoji: Option<String>,
}

#[derive(Deserialize)]
struct Membership {
    from: User,
    date: i64,
    new_chat_member: Member,
    chat: Chat,
}

#[derive(Deserialize)]
struct Member {
    status: String,
}

type Read = Result<Envelope, IgnoredReason>;
const MALFORMED: IgnoredReason = IgnoredReason::Malformed;

impl Update {
    pub(super) fn callback_id(&self) -> Option<&str> {
        self.callback_query.as_ref().map(|callback| callback.id.as_str())
    }

    pub(super) fn envelope(&self, intake: Intake<'_>, bytes: &[u8]) -> Envelope {
        let (what, read) = if let Some(message) = &self.message {
            ("message", self.message(intake, message, false))
        } else if let Some(message) = &self.edited_message {
            ("edited_message", self.message(intake, message, true))
        } else if let Some(callback) = &self.callback_query {
            ("callback_query", callback.envelope(intake))
        } else if let Some(reacted) = &self.message_reaction {
            ("message_reaction", self.reacted(intake, reacted))
        } else if let Some(membership) = &self.my_chat_member {
            ("my_chat_member", self.membership(intake, membership))
        } else {
            ("update", Err(IgnoredReason::UnknownKind))
        };
        read.unwrap_or_else(|reason| intake.ignored(reason, what, bytes))
    }

    fn id(&self) -> Result<ProviderId, IgnoredReason> {
        id(&self.update_id.to_string()).ok_or(MALFORMED)
    }

    fn message(&self, intake: Intake<'_>, message: &Message, edited: bool) -> Read {
        let from = message.from.as_ref().filter(|from| !from.is_bot);
        let from = from.ok_or(IgnoredReason::UnknownKind)?;
        let target = message_id(&message.chat, message.message_id)?;
        let content = message.content()?;
        let mut sender = sender(intake, from);
        let own = message.contact.as_ref().filter(|card| card.user_id == Some(from.id));
        sender.phone = own.and_then(|card| {
            format!("+{}", card.phone_number.trim_start_matches('+')).parse().ok()
        });
        let (envelope, at) = if edited {
            let at = message.edit_date.unwrap_or(message.date);
            let key =
                intake.key(EnvelopeKind::Change, &target).with_version(self.update_id.to_string());
            let edited = MessageChange::Edited { target, content };
            (Envelope::new(key, intake.arrived, edited), at)
        } else {
            let key = intake.key(EnvelopeKind::Message, &target);
            let mut out = InboundMessage::new(target, content);
            if let Some(earlier) = &message.reply_to_message {
                out.references.push(message_id(&message.chat, earlier.message_id)?);
            }
            out.thread = match (message.message_thread_id, message.chat.r#type.as_str()) {
                (_, "private") => None,
                (Some(topic), _) => id(&format!("{}:{topic}", message.chat.id)),
                (None, _) => id(&message.chat.id.to_string()),
            };
            (Envelope::new(key, intake.arrived, out), message.date)
        };
        Ok(envelope.with_sender(sender).with_occurred(seconds(at).ok_or(MALFORMED)?))
    }

    fn reacted(&self, intake: Intake<'_>, reacted: &Reacted) -> Read {
        let from = reacted.user.as_ref().ok_or(IgnoredReason::UnknownKind)?;
        let emoji = match reacted.new_reaction.first() {
            Some(reaction) => Some(
                reaction.emoji.as_deref().and_then(written).ok_or(IgnoredReason::UnknownKind)?,
            ),
            None => None,
        };
        let target = message_id(&reacted.chat, reacted.message_id)?;
        let key = intake.key(EnvelopeKind::Change, &self.id()?);
        let envelope = Envelope::new(key, intake.arrived, MessageChange::Reacted { target, emoji });
        let at = seconds(reacted.date).ok_or(MALFORMED)?;
        Ok(envelope.with_sender(sender(intake, from)).with_occurred(at))
    }

    fn membership(&self, intake: Intake<'_>, membership: &Membership) -> Read {
        if membership.chat.r#type != "private" {
            return Err(IgnoredReason::UnknownKind);
        }
        let consent = match membership.new_chat_member.status.as_str() {
            "kicked" => Consent::withdrawn(ConsentScope::Everything),
            "member" => Consent::granted(ConsentScope::Everything),
            _ => return Err(IgnoredReason::UnknownKind),
        };
        let key = intake.key(EnvelopeKind::Consent, &self.id()?);
        let envelope = Envelope::new(key, intake.arrived, consent);
        let at = seconds(membership.date).ok_or(MALFORMED)?;
        Ok(envelope.with_sender(sender(intake, &membership.from)).with_occurred(at))
    }
}

impl Callback {
    fn envelope(&self, intake: Intake<'_>) -> Read {
        let data = self.data.as_deref().ok_or(IgnoredReason::UnknownKind)?;
        let message = self.message.as_ref().ok_or(IgnoredReason::UnknownKind)?;
        let mut made = ChoiceMade::new(OptionId::new(data).map_err(|_| MALFORMED)?);
        let keyboard = message.reply_markup.iter().flat_map(|keyboard| &keyboard.inline_keyboard);
        let tapped =
            keyboard.flatten().find(|button| button.callback_data.as_deref() == Some(data));
        made.label = tapped.and_then(|button| written(&button.text));
        // A tap is no message of the chat, so it goes by an id of its own.
        let target = id(&format!("tap:{}", self.id)).ok_or(MALFORMED)?;
        let key = intake.key(EnvelopeKind::Message, &target);
        let message = InboundMessage::new(target, made.into())
            .with_reference(message_id(&message.chat, message.message_id)?);
        let envelope = Envelope::new(key, intake.arrived, message);
        Ok(envelope.with_sender(sender(intake, &self.from)))
    }
}

impl Message {
    fn content(&self) -> Result<Content, IgnoredReason> {
        let mut parts: Vec<Part> = Vec::new();
        parts.extend(self.text.as_deref().and_then(plain).map(Part::from));
        // The last size is the largest.
        let photo = self.photo.as_ref().and_then(|sizes| sizes.last());
        let files = [
            (MediaKind::Image, photo),
            // An animation also stands as a document, for older clients.
            (MediaKind::Video, self.video.as_ref().or(self.animation.as_ref())),
            (MediaKind::Audio, self.audio.as_ref()),
            (MediaKind::VoiceNote, self.voice.as_ref()),
            (MediaKind::Document, self.document.as_ref().filter(|_| self.animation.is_none())),
            (MediaKind::Sticker, self.sticker.as_ref()),
        ];
        for (kind, file) in files {
            let Some(file) = file else { continue };
            parts.push(self.media(kind, file).ok_or(MALFORMED)?.into());
        }
        match (&self.venue, &self.location) {
            (Some(venue), _) => {
                let mut place = venue.location.place()?;
                place.name = written(&venue.title);
                place.address = written(&venue.address);
                parts.push(place.into());
            }
            (None, Some(point)) => parts.push(point.place()?.into()),
            (None, None) => {}
        }
        if let Some(card) = &self.contact {
            let name = full_name(&card.first_name, card.last_name.as_deref());
            let phones = written(&card.phone_number).into_iter().collect();
            let card = ContactCard::new(written(&name), phones, Vec::new());
            parts.push(card.map_err(|_| MALFORMED)?.into());
        }
        if parts.is_empty() { Err(IgnoredReason::UnknownKind) } else { Ok(Content::new(parts)) }
    }

    fn media(&self, kind: MediaKind, file: &File) -> Option<Media> {
        let place = MediaPlace::Remote(Remote::Provider(ProviderRef::new(&*file.file_id).ok()?));
        let mut media = Media::new(kind, place);
        media.mime_type = file.mime_type.as_deref().and_then(|mime| mime.parse().ok());
        media.size = file.file_size.and_then(|size| ByteSize::new(size).ok());
        media.file_name = file.file_name.as_deref().and_then(|name| name.parse().ok());
        media.duration_ms = file.duration.and_then(|seconds| seconds.checked_mul(1_000));
        media.caption = self.caption.as_deref().and_then(plain);
        Some(media)
    }
}

impl Point {
    fn place(&self) -> Result<Location, IgnoredReason> {
        GeoPoint::new(self.latitude, self.longitude).map(Location::new).map_err(|_| MALFORMED)
    }
}

fn message_id(chat: &Chat, message: i64) -> Result<ProviderId, IgnoredReason> {
    id(&format!("{}:{message}", chat.id)).ok_or(MALFORMED)
}

fn sender(intake: Intake<'_>, user: &User) -> Sender {
    let mut sender = intake.sender(&user.id.to_string());
    sender.user_name = user.username.as_deref().and_then(written);
    sender.display_name = written(&full_name(&user.first_name, user.last_name.as_deref()));
    sender
}

fn full_name(first: &str, last: Option<&str>) -> String {
    match last {
        Some(last) => format!("{first} {last}"),
        None => first.to_owned(),
    }
}
