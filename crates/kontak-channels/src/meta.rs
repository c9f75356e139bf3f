//! What all products of Meta share.

use kontak_channel::{Acknowledgement, HmacScheme, KeyRing, RawRequest};

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
