//! What all adapters do with what goes out.

use kontak_channel::content::{Content, Media, Part, Remote, WebUrl};
use kontak_channel::http::header::AUTHORIZATION;
use kontak_channel::{HttpRequest, HttpResponse, RenderError, Secret, SendError, WireResponse};
use serde_json::Value;

/// The one part of a message, where the channel takes one.
pub(crate) fn one_part(content: &Content) -> Result<&Part, RenderError> {
    match &content.parts[..] {
        [part] => Ok(part),
        parts => Err(RenderError::Parts { parts: parts.len(), expected: "1" }),
    }
}

pub(crate) fn address(url: String) -> Result<WebUrl, RenderError> {
    WebUrl::try_from(url).map_err(|_| RenderError::Unwritable("the address"))
}

/// The address of a medium that the provider fetches itself.
pub(crate) fn media_url(media: &Media) -> Result<&WebUrl, RenderError> {
    match media.place.remote() {
        Some(Remote::Url(url)) => Ok(url),
        _ => Err(RenderError::MediaNotReachable),
    }
}

pub(crate) fn post_json(url: WebUrl, body: &Value) -> HttpRequest {
    HttpRequest::post(url, "application/json", body.to_string())
}

pub(crate) fn bearer(request: HttpRequest, token: &Secret) -> Result<HttpRequest, RenderError> {
    let token = token.reveal_str().ok_or(RenderError::Unwritable("the access token"))?;
    Ok(request.with_secret_header(AUTHORIZATION, &format!("Bearer {token}")))
}

pub(crate) fn http(response: &WireResponse) -> Result<&HttpResponse, SendError> {
    match response {
        WireResponse::Http(response) => Ok(response),
        _ => Err(SendError::Ambiguous { what: "an answer of another kind" }),
    }
}

/// The body as JSON; nothing where it is none.
pub(crate) fn answer(response: &HttpResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap_or(Value::Null)
}

/// Everything was taken, and the answer does not say under which id.
pub(crate) const NO_ID: SendError = SendError::Ambiguous { what: "an answer without an id" };
