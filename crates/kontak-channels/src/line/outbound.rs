//! What goes to LINE, and what its answers mean.

use super::Line;
use crate::intake::id;
use crate::outgoing::{NO_ID, address, answer, bearer, http, media_url, one_part, post_json};
use kontak_channel::content::{ChoiceLayout, ChoiceOffered, MediaKind, Part, Written};
use kontak_channel::http::HeaderName;
use kontak_channel::{
    Action, IdempotencyKey, Outbound, ProviderId, RenderError, SendError, SendOutcome, SendReceipt,
    WireRequest, WireResponse,
};
use serde_json::{Value, json};

impl Line {
    pub(super) fn write(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let to = outbound.thread.as_ref().map_or(outbound.to.id.as_str(), ProviderId::as_str);
        if !to.starts_with(['U', 'C', 'R']) {
            return Err(RenderError::Recipient("an id that begins with U, C or R"));
        }
        let (path, body) = match &outbound.action {
            Action::Say(content) => {
                let message = message(one_part(content)?)?;
                ("/v2/bot/message/push", json!({"to": to, "messages": [message]}))
            }
            Action::ShowTyping { .. } => {
                ("/v2/bot/chat/loading/start", json!({"chatId": to, "loadingSeconds": 10}))
            }
            _ => return Err(RenderError::Action("edit, take back, react or mark as read")),
        };
        let url = address(format!("{}{path}", self.api))?;
        let request = bearer(post_json(url, &body), &self.token)?.with_secret_header(
            HeaderName::from_static("x-line-retry-key"),
            &retry_key(&outbound.key),
        );
        Ok(vec![WireRequest::Http(request)])
    }
}

/// LINE wants a UUID: the key itself where it is one, else one that follows from it.
fn retry_key(key: &IdempotencyKey) -> String {
    if key.as_str().parse::<kontak_types::uuid::Uuid>().is_ok() {
        return key.as_str().to_owned();
    }
    let hash = ProviderId::of_bytes(key.as_str().as_bytes());
    let digits = hash.as_str().trim_start_matches("sha256:");
    let bits = u128::from_str_radix(digits, 16).unwrap_or_default();
    kontak_types::uuid::Builder::from_custom_bytes(bits.to_be_bytes()).into_uuid().to_string()
}

fn message(part: &Part) -> Result<Value, RenderError> {
    Ok(match part {
        Part::Text(text) => json!({"type": "text", "text": text.body}),
        Part::Media(media) if media.kind == MediaKind::Image => {
            let url = media_url(media)?;
            json!({"type": "image", "originalContentUrl": url, "previewImageUrl": url})
        }
        Part::Location(location) => {
            let (latitude, longitude) = (location.point.latitude(), location.point.longitude());
            let words = |text: &Option<Written>, otherwise: &str| {
                text.as_ref()
                    .map_or(otherwise, Written::as_str)
                    .chars()
                    .take(100)
                    .collect::<String>()
            };
            let title = words(&location.name, "📍");
            let place = words(&location.address, &title);
            json!({"type": "location", "title": title, "address": place, "latitude": latitude, "longitude": longitude})
        }
        Part::ChoiceOffered(offer) => choice(offer)?,
        other => return Err(RenderError::Part(other.kind())),
    })
}

/// Quick replies: up to 13, below the question.
fn choice(offer: &ChoiceOffered) -> Result<Value, RenderError> {
    let ChoiceLayout::Buttons(options) = offer.layout() else {
        return Err(RenderError::Unwritable("a list"));
    };
    let prompt = offer.prompt().ok_or(RenderError::Unwritable("a choice without a question"))?;
    let items: Vec<_> = options
        .iter()
        .map(|option| {
            let (label, data) = (&option.label, &option.id);
            json!({"type": "action", "action": {"type": "postback", "label": label, "data": data, "displayText": label}})
        })
        .collect();
    Ok(json!({"type": "text", "text": prompt.body, "quickReply": {"items": items}}))
}

pub(super) fn interpret(response: &WireResponse) -> SendOutcome {
    let response = http(response)?;
    let answer = answer(response);
    let sent = answer["sentMessages"].as_array();
    let ids: Vec<_> =
        sent.into_iter().flatten().filter_map(|sent| id(sent["id"].as_str()?)).collect();
    // 409: a message with this retry key was taken before, and here is what it is called.
    if !ids.is_empty() && (response.status.is_success() || response.status.as_u16() == 409) {
        return Ok(SendReceipt::new(ids));
    }
    let code: Box<str> = response.status.as_str().into();
    let words = answer["message"].as_str().unwrap_or_default();
    Err(match (response.status.as_u16(), SendError::of_http(response)) {
        (202, _) => return Ok(SendReceipt::default()),
        (400, _) => SendError::Invalid { code },
        (403, _) => SendError::Config { what: "the plan of the account", code },
        (429, _) if words.contains("monthly limit") => {
            SendError::Config { what: "the monthly limit of messages", code }
        }
        (_, Some(error)) => error,
        (_, None) => NO_ID,
    })
}
