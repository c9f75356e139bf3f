//! What goes to Telegram, and what its answers mean.

use super::Telegram;
use crate::intake::id;
use crate::markup::{self, Dialect};
use crate::outgoing::{NO_ID, address, answer, http, one_part, post_json};
use kontak_channel::chrono::TimeDelta;
use kontak_channel::content::{
    ChoiceLayout, ChoiceOffered, ContactCard, Media, MediaKind, Part, Remote, Text, TextFormat,
    Written,
};
use kontak_channel::{
    Action, Outbound, ProviderId, RenderError, SendError, SendOutcome, SendReceipt, WireRequest,
    WireResponse,
};
use serde_json::{Value, json};

impl Telegram {
    pub(super) fn write(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let (method, body) = match &outbound.action {
            Action::Say(content) => {
                let (method, mut body) = say(one_part(content)?)?;
                address_chat(&mut body, outbound)?;
                if let Some(earlier) = &outbound.reply_to {
                    let (_, message) = split(earlier)?;
                    body["reply_parameters"] =
                        json!({"message_id": message, "allow_sending_without_reply": true});
                }
                (method, body)
            }
            Action::Edit { target, content } => {
                let Part::Text(text) = one_part(content)? else {
                    return Err(RenderError::Action("edit anything but a text"));
                };
                ("editMessageText", about(target, formatted("text", text))?)
            }
            Action::Delete { target } => ("deleteMessage", about(target, json!({}))?),
            Action::React { target, emoji } => {
                let emoji: Vec<_> =
                    emoji.iter().map(|emoji| json!({"type": "emoji", "emoji": emoji})).collect();
                ("setMessageReaction", about(target, json!({"reaction": emoji}))?)
            }
            Action::ShowTyping { .. } => {
                let mut body = json!({"action": "typing"});
                address_chat(&mut body, outbound)?;
                ("sendChatAction", body)
            }
            _ => return Err(RenderError::Action("mark as read")),
        };
        let token = self.token.reveal_str().ok_or(RenderError::Unwritable("the token"))?;
        let url = address(format!("{}/bot{token}/{method}", self.api))?;
        Ok(vec![WireRequest::Http(post_json(url, &body))])
    }
}

/// To the thread where there is one, else to the person.
fn address_chat(body: &mut Value, outbound: &Outbound) -> Result<(), RenderError> {
    let chat = outbound.thread.as_ref().map_or(outbound.to.id.as_str(), ProviderId::as_str);
    let (chat, topic) = match chat.split_once(':') {
        Some((chat, topic)) => (number(chat)?, Some(number(topic)?)),
        None => (number(chat)?, None),
    };
    body["chat_id"] = json!(chat);
    if let Some(topic) = topic {
        body["message_thread_id"] = json!(topic);
    }
    Ok(())
}

fn number(text: &str) -> Result<i64, RenderError> {
    text.parse().map_err(|_| RenderError::Recipient("the number of a chat"))
}

fn split(target: &ProviderId) -> Result<(i64, i64), RenderError> {
    let parts = target.as_str().split_once(':');
    let (chat, message) = parts.ok_or(RenderError::Recipient("a message as chat:message"))?;
    Ok((number(chat)?, number(message)?))
}

fn about(target: &ProviderId, mut body: Value) -> Result<Value, RenderError> {
    let (chat, message) = split(target)?;
    body["chat_id"] = json!(chat);
    body["message_id"] = json!(message);
    Ok(body)
}

fn say(part: &Part) -> Result<(&'static str, Value), RenderError> {
    Ok(match part {
        Part::Text(text) => ("sendMessage", formatted("text", text)),
        Part::Media(media) => medium(media)?,
        Part::ChoiceOffered(offer) => ("sendMessage", choice(offer)?),
        Part::Contact(card) => ("sendContact", contact(card)?),
        Part::Location(location) => {
            let (latitude, longitude) = (location.point.latitude(), location.point.longitude());
            let mut body = json!({"latitude": latitude, "longitude": longitude});
            match &location.name {
                Some(name) => {
                    body["title"] = json!(name);
                    body["address"] =
                        json!(location.address.as_ref().map_or(name.as_str(), Written::as_str));
                    ("sendVenue", body)
                }
                None => ("sendLocation", body),
            }
        }
        other => return Err(RenderError::Part(other.kind())),
    })
}

/// Telegram counts the text without its marks, so that they make nothing longer.
fn formatted(field: &str, text: &Text) -> Value {
    match text.format {
        TextFormat::Markdown => {
            let html = markup::write(text.body.as_str(), Dialect::Telegram);
            json!({field: html, "parse_mode": "HTML"})
        }
        _ => json!({field: text.body}),
    }
}

fn put(body: &mut Value, more: Value) {
    if let (Value::Object(body), Value::Object(more)) = (body, more) {
        body.extend(more);
    }
}

fn medium(media: &Media) -> Result<(&'static str, Value), RenderError> {
    let (method, field) = match media.kind {
        MediaKind::Image => ("sendPhoto", "photo"),
        MediaKind::Video => ("sendVideo", "video"),
        MediaKind::Audio => ("sendAudio", "audio"),
        MediaKind::VoiceNote => ("sendVoice", "voice"),
        MediaKind::Document => ("sendDocument", "document"),
        MediaKind::Sticker => ("sendSticker", "sticker"),
        _ => return Err(RenderError::Unwritable("a medium of an unknown kind")),
    };
    let mut body = match media.place.remote() {
        Some(Remote::Provider(file)) => json!({field: file}),
        Some(Remote::Url(url)) => json!({field: url}),
        _ => return Err(RenderError::MediaNotReachable),
    };
    if let Some(caption) = &media.caption {
        put(&mut body, formatted("caption", caption));
    }
    Ok((method, body))
}

/// One button a row: labels are read, not guessed.
fn choice(offer: &ChoiceOffered) -> Result<Value, RenderError> {
    let ChoiceLayout::Buttons(options) = offer.layout() else {
        return Err(RenderError::Unwritable("a list"));
    };
    let prompt = offer.prompt().ok_or(RenderError::Unwritable("a choice without a question"))?;
    let rows: Vec<_> = options
        .iter()
        .map(|option| json!([{"text": option.label, "callback_data": option.id}]))
        .collect();
    let mut body = formatted("text", prompt);
    body["reply_markup"] = json!({"inline_keyboard": rows});
    Ok(body)
}

fn contact(card: &ContactCard) -> Result<Value, RenderError> {
    let phone = card.phones().first().ok_or(RenderError::Unwritable("a card without a phone"))?;
    let name = card.name().unwrap_or(phone);
    Ok(json!({"phone_number": phone, "first_name": name}))
}

pub(super) fn interpret(response: &WireResponse) -> SendOutcome {
    let response = http(response)?;
    let answer = answer(response);
    if let Some(by_status) = SendError::of_http(response) {
        let code: Box<str> = response.status.as_str().into();
        let description = answer["description"].as_str().unwrap_or_default();
        return Err(match response.status.as_u16() {
            400 if description.contains("message is too long") => SendError::Invalid { code },
            // Somebody who blocked the bot, closed the account or never started the chat.
            403 => SendError::OptedOut { code },
            // Without a good token no method is found.
            404 => SendError::Unauthorized { code },
            429 => {
                let asked = answer["parameters"]["retry_after"].as_u64();
                let asked = asked.and_then(|seconds| u32::try_from(seconds).ok());
                let asked = asked.map(|seconds| TimeDelta::seconds(seconds.into()));
                SendError::Throttled { retry_after: asked.or_else(|| response.retry_after()) }
            }
            _ => by_status,
        });
    }
    let result = &answer["result"];
    match (result["chat"]["id"].as_i64(), result["message_id"].as_i64()) {
        (Some(chat), Some(message)) => {
            Ok(SendReceipt::new(id(&format!("{chat}:{message}")).into_iter().collect()))
        }
        // Deleting, reacting and typing are answered with `true`.
        _ if *result == true => Ok(SendReceipt::default()),
        _ => Err(NO_ID),
    }
}
