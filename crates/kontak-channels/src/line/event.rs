//! What LINE tells.

use crate::intake::{Intake, id, plain, written};
use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::content::{
    ByteSize, ChoiceMade, Content, GeoPoint, Location, Media, MediaKind, MediaPlace, OptionId,
    Part, ProviderRef, Remote, Text,
};
use kontak_channel::{
    Consent, ConsentScope, Envelope, EnvelopeBody, IgnoredReason, InboundMessage, MessageChange,
    ProviderId,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    r#type: String,
    timestamp: i64,
    mode: Option<String>,
    webhook_event_id: String,
    source: Option<Source>,
    message: Option<Message>,
    unsend: Option<Unsend>,
    postback: Option<Postback>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    user_id: Option<String>,
    group_id: Option<String>,
    room_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    r#type: String,
    id: String,
    text: Option<String>,
    quoted_message_id: Option<String>,
    content_provider: Option<Provider>,
    duration: Option<u32>,
    file_name: Option<String>,
    file_size: Option<u64>,
    title: Option<String>,
    address: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    keywords: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    r#type: String,
    original_content_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unsend {
    message_id: String,
}

#[derive(Deserialize)]
struct Postback {
    data: String,
}

const MALFORMED: IgnoredReason = IgnoredReason::Malformed;

pub(super) fn envelope(intake: Intake<'_>, raw: &str) -> Envelope {
    let Ok(event) = serde_json::from_str::<Event>(raw) else {
        return intake.ignored(MALFORMED, "event", raw.as_bytes());
    };
    // A redelivery differs in `deliveryContext`, so its bytes are no id.
    event.read(intake).unwrap_or_else(|reason| {
        intake.ignored(reason, &event.r#type, event.webhook_event_id.as_bytes())
    })
}

impl Event {
    fn read(&self, intake: Intake<'_>) -> Result<Envelope, IgnoredReason> {
        if self.mode.as_deref() == Some("standby") {
            return Err(IgnoredReason::NotInCharge);
        }
        let event = id(&self.webhook_event_id).ok_or(MALFORMED)?;
        let (target, body) = self.body(&event)?;
        let key = intake.key(body.kind(), &target);
        let mut envelope = Envelope::new(key, intake.arrived, body);
        let user = self.source.as_ref().and_then(|source| source.user_id.as_deref());
        envelope.sender = user.filter(|user| !user.is_empty()).map(|user| intake.sender(user));
        if envelope.sender.is_none() && matches!(envelope.body, EnvelopeBody::Message(_)) {
            // In groups, people who have not agreed are not named.
            return Err(IgnoredReason::UnknownKind);
        }
        let at: DateTime<Utc> = DateTime::from_timestamp_millis(self.timestamp).ok_or(MALFORMED)?;
        Ok(envelope.with_occurred(at))
    }

    fn body(&self, event: &ProviderId) -> Result<(ProviderId, EnvelopeBody), IgnoredReason> {
        let thread = self
            .source
            .as_ref()
            .and_then(|source| id(source.group_id.as_deref().or(source.room_id.as_deref())?));
        Ok(match self.r#type.as_str() {
            "message" => {
                let message = self.message.as_ref().ok_or(MALFORMED)?;
                let target = id(&message.id).ok_or(MALFORMED)?;
                let mut out = InboundMessage::new(target.clone(), message.content()?);
                out.references.extend(message.quoted_message_id.as_deref().and_then(id));
                out.thread = thread;
                (target, out.into())
            }
            "postback" => {
                let data = self.postback.as_ref().ok_or(MALFORMED)?.data.as_str();
                let made = ChoiceMade::new(OptionId::new(data).map_err(|_| MALFORMED)?);
                let mut out = InboundMessage::new(event.clone(), made.into());
                out.thread = thread;
                (event.clone(), out.into())
            }
            "unsend" => {
                let unsent = self.unsend.as_ref().ok_or(MALFORMED)?;
                let target = id(&unsent.message_id).ok_or(MALFORMED)?;
                (event.clone(), MessageChange::Deleted { target }.into())
            }
            "follow" => (event.clone(), Consent::granted(ConsentScope::Everything).into()),
            "unfollow" => (event.clone(), Consent::withdrawn(ConsentScope::Everything).into()),
            "module" | "activated" | "deactivated" | "botSuspended" | "botResumed" => {
                return Err(IgnoredReason::AccountNotice);
            }
            _ => return Err(IgnoredReason::UnknownKind),
        })
    }
}

impl Message {
    fn content(&self) -> Result<Content, IgnoredReason> {
        let part: Option<Part> = match self.r#type.as_str() {
            "text" => self.text.as_deref().and_then(plain).map(Text::into),
            "image" => self.media(MediaKind::Image),
            "video" => self.media(MediaKind::Video),
            "audio" => self.media(MediaKind::VoiceNote),
            "file" => self.media(MediaKind::Document),
            "sticker" => self.media(MediaKind::Sticker),
            "location" => self.place(),
            _ => return Err(IgnoredReason::UnknownKind),
        };
        part.map(Content::from).ok_or(MALFORMED)
    }

    fn media(&self, kind: MediaKind) -> Option<Part> {
        let external = self.content_provider.as_ref().filter(|place| place.r#type == "external");
        let remote = match external {
            Some(place) => Remote::Url(place.original_content_url.as_deref()?.parse().ok()?),
            None => Remote::Provider(ProviderRef::new(&*self.id).ok()?),
        };
        let mut media = Media::new(kind, MediaPlace::Remote(remote));
        media.duration_ms = self.duration;
        media.file_name = self.file_name.as_deref().and_then(|name| name.parse().ok());
        media.size = self.file_size.and_then(|size| ByteSize::new(size).ok());
        // What a sticker says, in LINE's own words.
        let keywords = self.keywords.as_ref().map(|words| words.join(", "));
        media.caption = keywords.as_deref().and_then(plain);
        Some(media.into())
    }

    fn place(&self) -> Option<Part> {
        let mut place = Location::new(GeoPoint::new(self.latitude?, self.longitude?).ok()?);
        place.name = self.title.as_deref().and_then(written);
        place.address = self.address.as_deref().and_then(written);
        Some(place.into())
    }
}
