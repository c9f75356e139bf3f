//! What all products of Meta share.

use crate::outgoing::{address, answer, bearer, http};
use kontak_channel::bytes::{BufMut, BytesMut};
use kontak_channel::content::{MediaKind, ProviderRef};
use kontak_channel::http::HeaderValue;
use kontak_channel::http::header::CONTENT_TYPE;
use kontak_channel::{
    Acknowledgement, HmacScheme, HttpRequest, KeyRing, ProviderId, RawRequest, RenderError, Secret,
    SendError, Upload, WireRequest, WireResponse,
};

pub(crate) const GRAPH: &str = "https://graph.facebook.com/v24.0";

pub(crate) fn scheme() -> HmacScheme {
    HmacScheme::sha256("x-hub-signature-256").with_prefix("sha256=")
}

/// Meta asks with `hub.verify_token`, and wants `hub.challenge` back.
pub(crate) fn handshake(request: &RawRequest, keys: &KeyRing) -> Option<Acknowledgement> {
    let pair = |name: &str| {
        let mut pairs = request.query().split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let challenge = pair("hub.challenge").filter(|text| text.bytes().all(plain))?;
    let token = pair("hub.verify_token")?;
    let ours = keys.iter().any(|key| key.is(token.as_bytes()));
    let subscribes = pair("hub.mode") == Some("subscribe") && ours;
    subscribes.then(|| Acknowledgement::new("text/plain", challenge.to_owned()))
}

/// Meta's names of what files can be sent as.
pub(crate) fn media_name(kind: &MediaKind) -> Option<&'static str> {
    Some(match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Audio | MediaKind::VoiceNote => "audio",
        MediaKind::Document => "document",
        MediaKind::Sticker => "sticker",
        _ => return None,
    })
}

/// A file as a form of several parts, as RFC 7578 has it.
pub(crate) fn upload(
    url: String,
    token: &Secret,
    fields: &[(&str, &str)],
    (field, upload): (&str, &Upload),
) -> Result<WireRequest, RenderError> {
    let boundary = boundary(upload)?;
    let mut body = BytesMut::with_capacity(upload.bytes.len() + 1_024);
    for (name, value) in fields {
        let part = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.put_slice(part.as_bytes());
    }
    let name = upload.name.as_ref().map_or("file", |name| name.as_str());
    let name = name.replace('\\', "%5C").replace('"', "%22");
    let mime = &upload.mime_type;
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {mime}\r\n\r\n"
    );
    body.put_slice(head.as_bytes());
    body.put_slice(&upload.bytes);
    body.put_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    let mut request = HttpRequest::post(address(url)?, "multipart/form-data", body.freeze());
    let kind = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"));
    let kind = kind.map_err(|_| RenderError::Unwritable("the boundary"))?;
    request.headers.insert(CONTENT_TYPE, kind);
    Ok(WireRequest::Http(bearer(request, token)?))
}

/// A line that is not in the file: made of its hash, so that the same file is written in the same way.
fn boundary(upload: &Upload) -> Result<String, RenderError> {
    let hash = ProviderId::of_bytes(&upload.bytes);
    let boundary = format!("kontak-{}", hash.as_str().trim_start_matches("sha256:"));
    let inside = upload.bytes.windows(boundary.len()).any(|bytes| bytes == boundary.as_bytes());
    if inside {
        Err(RenderError::Unwritable("a file that has its own hash in it"))
    } else {
        Ok(boundary)
    }
}

pub(crate) fn uploaded(response: &WireResponse, field: &str) -> Result<ProviderRef, SendError> {
    let response = http(response)?;
    if let Some(error) = SendError::of_http(response) {
        return Err(error);
    }
    let id = answer(response)[field].as_str().map(ProviderRef::new);
    id.and_then(Result::ok).ok_or(crate::outgoing::NO_ID)
}
