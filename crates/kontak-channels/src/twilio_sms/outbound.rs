//! What goes to Twilio, and what its answers mean.

use super::TwilioSms;
use crate::intake::id;
use crate::outgoing::{NO_ID, address, answer, http, media_url, one_part};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kontak_channel::content::{MediaKind, Part};
use kontak_channel::http::header::AUTHORIZATION;
use kontak_channel::{
    Action, HttpRequest, Outbound, RenderError, SendError, SendOutcome, SendReceipt, WireRequest,
    WireResponse,
};

impl TwilioSms {
    pub(super) fn write(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let Action::Say(content) = &outbound.action else {
            return Err(RenderError::Action("do anything but say"));
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("To", &outbound.to.id);
        let from = if self.number.starts_with("MG") { "MessagingServiceSid" } else { "From" };
        form.append_pair(from, &self.number);
        match one_part(content)? {
            Part::Text(text) => {
                form.append_pair("Body", text.body.as_str());
            }
            Part::Media(media) if self.pictures && media.kind == MediaKind::Image => {
                form.append_pair("MediaUrl", media_url(media)?.as_str());
                if let Some(caption) = &media.caption {
                    form.append_pair("Body", caption.body.as_str());
                }
            }
            other => return Err(RenderError::Part(other.kind())),
        }
        if let Some(url) = &self.status_callback {
            form.append_pair("StatusCallback", url);
        }
        let url = address(format!("{}/Accounts/{}/Messages.json", self.api, self.account_sid))?;
        let token = self.token.reveal_str().ok_or(RenderError::Unwritable("the token"))?;
        let basic = STANDARD.encode(format!("{}:{token}", self.account_sid));
        let body = form.finish();
        let request = HttpRequest::post(url, "application/x-www-form-urlencoded", body)
            .with_secret_header(AUTHORIZATION, &format!("Basic {basic}"));
        Ok(vec![WireRequest::Http(request)])
    }
}

pub(super) fn interpret(response: &WireResponse) -> SendOutcome {
    let response = http(response)?;
    let answer = answer(response);
    let Some(by_status) = SendError::of_http(response) else {
        let taken = answer["sid"].as_str().and_then(id);
        return Ok(SendReceipt::new(vec![taken.ok_or(NO_ID)?]));
    };
    let Some(code) = answer["code"].as_i64() else { return Err(by_status) };
    let text: Box<str> = code.to_string().into();
    // By Twilio's dictionary of error codes.
    Err(match code {
        20_003 => SendError::Unauthorized { code: text },
        20_429 | 14_107 => SendError::Throttled { retry_after: response.retry_after() },
        21_610 => SendError::OptedOut { code: text },
        21_211 | 21_217 | 21_602 | 21_604 | 21_614 | 21_617 => SendError::Invalid { code: text },
        21_212 | 21_408 | 21_603 | 21_606 | 21_659 | 21_703 => {
            SendError::Config { what: "the number or its permissions", code: text }
        }
        21_611 => SendError::Transient { code: text },
        _ => by_status,
    })
}
