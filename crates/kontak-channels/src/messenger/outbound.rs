//! What goes to Meta, and what its answers mean.

use super::Messenger;
use crate::intake::id;
use crate::meta;
use crate::outgoing::{NO_ID, address, answer, bearer, http, one_part, post_json};
use kontak_channel::content::{ChoiceLayout, ChoiceOffered, Media, MediaKind, Part, Remote};
use kontak_channel::{
    Action, Outbound, RenderError, Reopening, SendError, SendOutcome, SendReceipt, Voice,
    WireRequest, WireResponse,
};
use serde_json::{Value, json};

impl Messenger {
    pub(super) fn write(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let to = &*outbound.to.id;
        if to.is_empty() || !to.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(RenderError::Recipient("a page-scoped or Instagram-scoped id"));
        }
        let mut body = json!({"recipient": {"id": to}});
        match &outbound.action {
            Action::Say(content) => {
                body["message"] = part(one_part(content)?)?;
                if let Some(earlier) = &outbound.reply_to {
                    body["reply_to"] = json!({"mid": earlier});
                }
                // The tag holds inside the 24 hours too, so that nobody has to look at the clock.
                if self.human_agent && outbound.voice == Voice::Agent {
                    body["messaging_type"] = json!("MESSAGE_TAG");
                    body["tag"] = json!("HUMAN_AGENT");
                } else {
                    body["messaging_type"] = json!("RESPONSE");
                }
            }
            Action::ShowTyping { .. } => body["sender_action"] = json!("typing_on"),
            Action::MarkRead { .. } => body["sender_action"] = json!("mark_seen"),
            _ => return Err(RenderError::Action("edit, take back or react")),
        }
        let url = address(format!("{}/{}/messages", self.graph, self.id))?;
        Ok(vec![WireRequest::Http(bearer(post_json(url, &body), &self.token)?)])
    }
}

fn part(part: &Part) -> Result<Value, RenderError> {
    match part {
        Part::Text(text) => Ok(json!({"text": text.body})),
        Part::Media(media) => medium(media),
        Part::ChoiceOffered(offer) => choice(offer),
        other => Err(RenderError::Part(other.kind())),
    }
}

fn medium(media: &Media) -> Result<Value, RenderError> {
    let kind = media_name(&media.kind)?;
    let payload = match media.place.remote() {
        Some(Remote::Url(url)) => json!({"url": url}),
        Some(Remote::Provider(attachment)) => json!({"attachment_id": attachment}),
        _ => return Err(RenderError::MediaNotReachable),
    };
    Ok(json!({"attachment": {"type": kind, "payload": payload}}))
}

pub(super) fn media_name(kind: &MediaKind) -> Result<&'static str, RenderError> {
    match meta::media_name(kind) {
        Some("document") => Ok("file"),
        Some(name) if name != "sticker" => Ok(name),
        _ => Err(RenderError::Unwritable("a medium of this kind")),
    }
}

/// Up to three buttons stay in the conversation; more are quick replies, which go when one is tapped.
fn choice(offer: &ChoiceOffered) -> Result<Value, RenderError> {
    let ChoiceLayout::Buttons(options) = offer.layout() else {
        return Err(RenderError::Unwritable("a list"));
    };
    let prompt = offer.prompt().ok_or(RenderError::Unwritable("a choice without a question"))?;
    if options.len() <= 3 {
        let buttons: Vec<_> = options
            .iter()
            .map(|option| json!({"type": "postback", "title": option.label, "payload": option.id}))
            .collect();
        let payload = json!({"template_type": "button", "text": prompt.body, "buttons": buttons});
        return Ok(json!({"attachment": {"type": "template", "payload": payload}}));
    }
    let replies: Vec<_> = options
        .iter()
        .map(|option| json!({"content_type": "text", "title": option.label, "payload": option.id}))
        .collect();
    Ok(json!({"text": prompt.body, "quick_replies": replies}))
}

pub(super) fn interpret(response: &WireResponse) -> SendOutcome {
    let response = http(response)?;
    let answer = answer(response);
    if let Some(by_status) = SendError::of_http(response) {
        let error = &answer["error"];
        let Some(code) = error["code"].as_i64() else { return Err(by_status) };
        return Err(by_code(code, error["error_subcode"].as_i64(), by_status));
    }
    match answer["message_id"].as_str().and_then(id) {
        Some(taken) => Ok(SendReceipt::new(vec![taken])),
        // Typing and read marks are answered with the person alone.
        None if answer["recipient_id"].is_string() => Ok(SendReceipt::default()),
        None => Err(NO_ID),
    }
}

/// By the error codes of the Messenger Platform, as Meta documents them.
fn by_code(code: i64, subcode: Option<i64>, by_status: SendError) -> SendError {
    let text: Box<str> = match subcode {
        Some(subcode) => format!("{code}/{subcode}").into(),
        None => code.to_string().into(),
    };
    match (code, subcode) {
        (10, Some(2_018_278 | 2_534_022)) => {
            SendError::WindowClosed { reopened_by: Reopening::OtherChannel }
        }
        (551, _) | (200, Some(1_545_041)) => SendError::OptedOut { code: text },
        (100, Some(2_018_001)) => SendError::Rejected { code: text },
        (4 | 17 | 32 | 613, _) => SendError::Throttled { retry_after: None },
        (3 | 10 | 190 | 200..=299, _) => SendError::Unauthorized { code: text },
        (1_200, _) => SendError::Transient { code: text },
        (100, _) => SendError::Invalid { code: text },
        // "Unknown" and "temporary" errors say nothing about whether the message went out.
        _ => by_status,
    }
}
