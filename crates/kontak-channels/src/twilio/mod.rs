//! What all products of Twilio share.

mod signature;

pub use signature::TwilioSignature;

use crate::intake::id;
use crate::outgoing::{NO_ID, address, answer, http};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kontak_channel::http::header::AUTHORIZATION;
use kontak_channel::{
    HttpRequest, RenderError, Secret, SendError, SendOutcome, SendReceipt, WireRequest,
    WireResponse,
};
use std::collections::BTreeMap;

pub(crate) const API: &str = "https://api.twilio.com/2010-04-01";

/// The form; of a repeated name the first value.
pub(crate) type Form = BTreeMap<String, String>;

pub(crate) fn form(body: &[u8]) -> Form {
    let mut form = Form::new();
    for (name, value) in form_urlencoded::parse(body).take(1_000) {
        form.entry(name.into_owned()).or_insert_with(|| value.into_owned());
    }
    form
}

/// The account that requests go out from.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) sid: Box<str>,
    pub(crate) token: Secret,
    pub(crate) api: Box<str>,
}

impl Account {
    pub(crate) fn new(sid: &str, token: Secret) -> Self {
        Self { sid: sid.into(), token, api: API.into() }
    }

    /// A form to what stands below the account: `Messages.json`, for instance.
    pub(crate) fn post(&self, resource: &str, form: String) -> Result<WireRequest, RenderError> {
        let url = address(format!("{}/Accounts/{}/{resource}", self.api, self.sid))?;
        let token = self.token.reveal_str().ok_or(RenderError::Unwritable("the token"))?;
        let basic = STANDARD.encode(format!("{}:{token}", self.sid));
        let request = HttpRequest::post(url, "application/x-www-form-urlencoded", form)
            .with_secret_header(AUTHORIZATION, &format!("Basic {basic}"));
        Ok(WireRequest::Http(request))
    }
}

pub(crate) fn interpret(response: &WireResponse) -> SendOutcome {
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
        // 21220: the call that was to be changed is over.
        21_211 | 21_217 | 21_220 | 21_602 | 21_604 | 21_614 | 21_617 => {
            SendError::Invalid { code: text }
        }
        21_210 | 21_212 | 21_215 | 21_408 | 21_603 | 21_606 | 21_659 | 21_703 => {
            SendError::Config { what: "the number or its permissions", code: text }
        }
        21_611 => SendError::Transient { code: text },
        _ => by_status,
    })
}
