//! What the providers post: their own bodies, signed as they sign them.

use crate::people::{Person, Via};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use kontak_channel::{HmacScheme, KeyRing, RawRequest, Secret};
use kontak_channels::email::Email;
use kontak_channels::line::Line;
use kontak_channels::twilio_sms::TwilioSignature;
use kontak_channels::webhook::Webhook;
use kontak_channels::whatsapp::WhatsApp;
use serde_json::json;

const SECRET: &str = "a secret of at least sixteen bytes";

pub(crate) fn keys() -> KeyRing {
    KeyRing::new(Secret::new(SECRET))
}

/// The number under which Telegram and the forum know a person.
fn id(person: &Person) -> u64 {
    7_000_000 + person.number
}

pub(crate) fn message(
    via: Via,
    person: &Person,
    number: u64,
    text: &str,
    at: DateTime<Utc>,
) -> anyhow::Result<RawRequest> {
    let seconds = at.timestamp();
    match via {
        Via::WhatsApp => {
            let digits = person.phone.trim_start_matches('+');
            let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{
            "field": "messages", "value": {
                "contacts": [{"profile": {"name": person.name}, "wa_id": digits}],
                "messages": [{"from": digits, "id": format!("wamid.{number}"), "type": "text",
                    "timestamp": seconds.to_string(), "text": {"body": text}}],
            }}]}]});
            signed(via, body.to_string(), &WhatsApp::scheme(), "x-hub-signature-256", &[])
        }
        Via::Telegram => telegram(person, number, &json!({"text": text}), seconds),
        Via::Line => {
            let body = json!({"destination": "U0", "events": [{"type": "message", "mode": "active",
                "timestamp": seconds * 1_000, "webhookEventId": format!("E{number}"),
                "deliveryContext": {"isRedelivery": false},
                "source": {"type": "user", "userId": format!("U{:032x}", person.number)},
                "message": {"type": "text", "id": number.to_string(), "text": text, "quoteToken": "q"}}]});
            signed(via, body.to_string(), &Line::scheme(), "x-line-signature", &[])
        }
        Via::Mail => {
            let date = at.format("%a, %d %b %Y %H:%M:%S +0000");
            let Person { name, email, .. } = person;
            let mail = format!(
                "Authentication-Results: mx.tokobudi.example; dmarc=pass header.from=gmail.com\r\n\
                 From: {name} <{email}>\r\nTo: layanan@tokobudi.example\r\nSubject: Pertanyaan\r\n\
                 Date: {date}\r\nMessage-ID: <{number}@mail.gmail.com>\r\n\r\n{text}\r\n"
            );
            let time = [("x-mail-timestamp", seconds.to_string())];
            signed(via, mail, &Email::scheme(), "x-mail-signature", &time)
        }
        Via::Sms => {
            let phone = person.phone.replace('+', "%2B");
            let text = text.replace(' ', "+").replace('?', "%3F").replace(',', "%2C");
            let body = format!(
                "MessageSid=SM{number}&From={phone}&To=%2B18005551212&Body={text}&NumMedia=0"
            );
            let request = RawRequest::post(url(via)?, body);
            let signature = TwilioSignature.sign(&request, &Secret::new(SECRET));
            Ok(request.with_header("x-twilio-signature", &signature)?)
        }
        Via::Till => {
            let from = json!({"id": format!("member {}", person.number), "phone": person.phone, "name": person.name});
            standard_webhook(via, number, &from, text, at)
        }
        Via::Market => {
            let from = json!({"id": format!("buyer-{}", person.number), "phone": person.phone,
                "email": person.email, "name": person.name});
            standard_webhook(via, number, &from, text, at)
        }
        Via::Forum => {
            let body = json!({"post": {"id": number, "user_id": id(person), "topic_id": 1_000 + person.number,
                "username": format!("user{}", person.number), "raw": text, "created_at": at}});
            let scheme = HmacScheme::sha256("x-discourse-event-signature").with_prefix("sha256=");
            let event = [("x-discourse-event", "post_created".to_owned())];
            signed(via, body.to_string(), &scheme, "x-discourse-event-signature", &event)
        }
    }
}

/// Somebody shows their number to the bot.
pub(crate) fn shown_number(
    person: &Person,
    number: u64,
    at: DateTime<Utc>,
) -> anyhow::Result<RawRequest> {
    let contact = json!({"contact": {"phone_number": person.phone, "first_name": person.name, "user_id": id(person)}});
    telegram(person, number, &contact, at.timestamp())
}

fn telegram(
    person: &Person,
    number: u64,
    what: &serde_json::Value,
    seconds: i64,
) -> anyhow::Result<RawRequest> {
    let id = id(person);
    let mut message = json!({"message_id": number, "date": seconds, "chat": {"id": id, "type": "private"},
        "from": {"id": id, "is_bot": false, "first_name": person.name}});
    let fields = message.as_object_mut().context("it is an object")?;
    fields.extend(what.as_object().context("it is an object")?.clone());
    let body = json!({"update_id": number, "message": message}).to_string();
    let request = RawRequest::post(url(Via::Telegram)?, body);
    Ok(request.with_header("x-telegram-bot-api-secret-token", SECRET)?)
}

fn standard_webhook(
    via: Via,
    number: u64,
    from: &serde_json::Value,
    text: &str,
    at: DateTime<Utc>,
) -> anyhow::Result<RawRequest> {
    let body = json!({"type": "message.created", "timestamp": at,
        "data": {"id": number.to_string(), "from": from, "text": text}});
    let headers = [
        ("webhook-id", format!("msg_{number}")),
        ("webhook-timestamp", at.timestamp().to_string()),
    ];
    signed(via, body.to_string(), &Webhook::scheme(), "webhook-signature", &headers)
}

fn signed(
    via: Via,
    body: String,
    scheme: &HmacScheme,
    header: &str,
    more: &[(&str, String)],
) -> anyhow::Result<RawRequest> {
    let mut request = RawRequest::post(url(via)?, body);
    for (name, value) in more {
        request = request.with_header(name, value)?;
    }
    let signature = scheme.sign(&request, &Secret::new(SECRET))?;
    Ok(request.with_header(header, &signature)?)
}

fn url(via: Via) -> anyhow::Result<kontak_content::WebUrl> {
    Ok(format!("https://desk.tokobudi.example/{}", via.account()).parse()?)
}
