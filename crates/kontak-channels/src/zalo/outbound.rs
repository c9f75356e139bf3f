//! What goes to Zalo, and what its answers mean.

use super::Zalo;
use crate::intake::id;
use crate::outgoing::{NO_ID, address, answer, http, media_url, one_part, post_json};
use kontak_channel::content::{MediaKind, Part};
use kontak_channel::http::HeaderName;
use kontak_channel::{
    Action, Outbound, RenderError, Reopening, SendError, SendOutcome, SendReceipt, WireRequest,
    WireResponse,
};
use serde_json::json;

const ACCESS_TOKEN: HeaderName = HeaderName::from_static("access_token");

impl Zalo {
    pub(super) fn write(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let Action::Say(content) = &outbound.action else {
            return Err(RenderError::Action("do anything but say"));
        };
        let mut message = match one_part(content)? {
            Part::Text(text) => json!({"text": text.body}),
            Part::Media(media) if media.kind == MediaKind::Image => {
                let element = json!({"media_type": "image", "url": media_url(media)?});
                let payload = json!({"template_type": "media", "elements": [element]});
                let mut message = json!({"attachment": {"type": "template", "payload": payload}});
                if let Some(caption) = &media.caption {
                    message["text"] = json!(caption.body);
                }
                message
            }
            other => return Err(RenderError::Part(other.kind())),
        };
        if let Some(earlier) = &outbound.reply_to {
            message["quote_message_id"] = json!(earlier);
        }
        let body = json!({"recipient": {"user_id": outbound.to.id}, "message": message});
        let url = address(format!("{}/message/cs", self.api))?;
        let token = self.token.reveal_str().ok_or(RenderError::Unwritable("the access token"))?;
        let request = post_json(url, &body).with_secret_header(ACCESS_TOKEN, token);
        Ok(vec![WireRequest::Http(request)])
    }
}

/// Zalo answers with status 200 also where it refuses; the code in the body counts.
pub(super) fn interpret(response: &WireResponse) -> SendOutcome {
    let response = http(response)?;
    let answer = answer(response);
    if let Some(by_status) = SendError::of_http(response) {
        return Err(by_status);
    }
    match answer["error"].as_i64() {
        Some(0) => {
            let taken = answer["data"]["message_id"].as_str().and_then(id);
            Ok(SendReceipt::new(vec![taken.ok_or(NO_ID)?]))
        }
        Some(code) => Err(by_code(code)),
        None => Err(NO_ID),
    }
}

/// By the error codes of the official-account interface, as they are published.
fn by_code(code: i64) -> SendError {
    let text: Box<str> = code.to_string().into();
    match code {
        -32 => SendError::Throttled { retry_after: None },
        -124 | -201 | -216 => SendError::Unauthorized { code: text },
        -202 | -205 | -206 | -209 | -221 | -224 => {
            SendError::Config { what: "the official account", code: text }
        }
        -203 | -204 | -207 | -210 => SendError::Invalid { code: text },
        -213 | -217 | -227 => SendError::OptedOut { code: text },
        -230 | -234 => SendError::WindowClosed { reopened_by: Reopening::OtherChannel },
        _ => SendError::Rejected { code: text },
    }
}
