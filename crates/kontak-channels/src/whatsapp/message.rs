//! What a message says.

use super::payload::{Body, Card, File, Form, Place, Reply};
use crate::intake::{id, plain, written};
use kontak_channel::content::{
    ChoiceMade, ContactCard, Content, CustomPart, FieldName, FileName, FormAnswer, GeoPoint,
    Location, Media, MediaKind, MediaPlace, OptionId, Part, ProviderRef, QuestionAnswer, Remote,
    SystemKind, SystemLine,
};
use kontak_channel::{IgnoredReason, ProviderId};

/// The content of a message, or why it has none.
pub(super) fn content(body: &Body<'_>) -> Result<Content, IgnoredReason> {
    let parts = parts(body).ok_or(IgnoredReason::Malformed)?;
    if parts.is_empty() { Err(IgnoredReason::UnknownKind) } else { Ok(Content::new(parts)) }
}

pub(super) fn reference(body: &Body<'_>) -> Option<ProviderId> {
    id(body.context.as_ref()?.id.as_deref()?)
}

fn parts(body: &Body<'_>) -> Option<Vec<Part>> {
    let one = |part: Option<Part>| part.map(|part| vec![part]);
    match &*body.r#type {
        "text" => one(plain(&body.text.as_ref()?.body).map(Into::into)),
        "image" => one(media(MediaKind::Image, body.image.as_ref()?)),
        "video" => one(media(MediaKind::Video, body.video.as_ref()?)),
        "document" => one(media(MediaKind::Document, body.document.as_ref()?)),
        "sticker" => one(media(MediaKind::Sticker, body.sticker.as_ref()?)),
        "audio" => {
            let file = body.audio.as_ref()?;
            one(media(if file.voice { MediaKind::VoiceNote } else { MediaKind::Audio }, file))
        }
        "location" => one(place(body.location.as_ref()?)),
        "contacts" => body.contacts.as_ref()?.iter().map(card).collect(),
        "button" => {
            let button = body.button.as_ref()?;
            let chosen = button.payload.as_deref().unwrap_or(&button.text);
            one(choice(chosen, Some(&button.text)))
        }
        "interactive" => {
            let Some(interactive) = &body.interactive else { return unsupported() };
            let reply = interactive.button_reply.as_ref().or(interactive.list_reply.as_ref());
            let made = |reply: &Reply<'_>| choice(&reply.id, reply.title.as_deref());
            match (reply, &interactive.nfm_reply) {
                (Some(reply), _) => one(made(reply)),
                (None, Some(filled)) => one(form(filled)),
                (None, None) => Some(Vec::new()),
            }
        }
        "order" => {
            let order = CustomPart::new("whatsapp.order", body.order?.get());
            one(order.ok().map(Into::into))
        }
        "unsupported" | "unknown" => unsupported(),
        _ => Some(Vec::new()),
    }
}

/// Somebody said something that Meta does not pass on: the agent should know and ask.
#[expect(clippy::unnecessary_wraps, reason = "an arm among arms")]
fn unsupported() -> Option<Vec<Part>> {
    Some(vec![SystemLine::new(SystemKind::Unsupported).into()])
}

fn media(kind: MediaKind, file: &File<'_>) -> Option<Part> {
    let remote = match (&file.id, &file.url) {
        (Some(id), _) => Remote::Provider(ProviderRef::new(&**id).ok()?),
        (None, url) => Remote::Url(url.as_deref()?.parse().ok()?),
    };
    let mut media = Media::new(kind, MediaPlace::Remote(remote));
    media.mime_type = file.mime_type.as_deref().and_then(|mime| mime.parse().ok());
    media.file_name = file.filename.as_deref().and_then(|name| name.parse::<FileName>().ok());
    media.caption = file.caption.as_deref().and_then(plain);
    Some(media.into())
}

fn place(place: &Place<'_>) -> Option<Part> {
    let mut location = Location::new(GeoPoint::new(place.latitude, place.longitude).ok()?);
    location.name = place.name.as_deref().and_then(written);
    location.address = place.address.as_deref().and_then(written);
    Some(location.into())
}

fn card(card: &Card<'_>) -> Option<Part> {
    let name = card.name.as_ref().and_then(|name| name.formatted_name.as_deref());
    let phones = card.phones.iter().filter_map(|phone| written(phone.phone.as_deref()?));
    let emails = card.emails.iter().filter_map(|email| written(email.email.as_deref()?));
    let card = ContactCard::new(name.and_then(written), phones.collect(), emails.collect());
    card.ok().map(Into::into)
}

fn choice(option: &str, label: Option<&str>) -> Option<Part> {
    let mut made = ChoiceMade::new(OptionId::new(option).ok()?);
    made.label = label.and_then(written);
    Some(made.into())
}

/// The answers of a flow. The token is ours, not an answer.
fn form(form: &Form<'_>) -> Option<Part> {
    let fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&form.response_json).ok()?;
    let answers = fields.iter().filter(|(field, _)| *field != "flow_token");
    let answers = answers.filter_map(|(field, value)| {
        let values = match value {
            serde_json::Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        let words = values.iter().filter_map(|value| match value {
            serde_json::Value::String(text) => written(text),
            serde_json::Value::Null => None,
            other => written(&other.to_string()),
        });
        Some(QuestionAnswer::new(FieldName::new(field.as_str()).ok()?, words.collect()))
    });
    let mut out = FormAnswer::new(answers.collect());
    out.form = form.name.as_deref().and_then(|name| FieldName::new(name).ok());
    Some(out.into())
}
