//! What the targets share: what must hold for any bytes that an adapter is handed.

use kontak_channel::chrono::DateTime;
use kontak_channel::content::{Content, Part};
use kontak_channel::http::{HeaderName, HeaderValue};
use kontak_channel::{
    Action, Codec, EnvelopeBody, IdempotencyKey, InboundBatch, KeyRing, MessageChange, Outbound,
    PlanMode, RawRequest, Secret, SignaturePolicy, Window, plan,
};
use kontak_types::TouchpointKey;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// More than any provider puts into one request.
const MOST_THINGS: usize = 10_001;

/// A body as somebody who has the secret could send it, and as somebody who has not.
pub fn hear(codec: &dyn Codec, headers: &[(&str, &str)], signed: &[&'static str], body: &[u8]) {
    let now = DateTime::from_timestamp(1_770_000_000, 0).expect("a time");
    let keys = KeyRing::new(Secret::new("a secret that no body holds"));
    let url = "https://h.example/hook?shop=1".parse().expect("an address");
    let mut request = RawRequest::post(url, body.to_vec());
    for (name, value) in headers {
        request = request.with_header(name, value).expect("a header");
    }
    let policy = SignaturePolicy::Unsigned { because: "whoever has the secret may send anything" };
    let verified = policy.verify(&request, &keys, usize::MAX, now).expect("nothing is checked");
    let read = codec.parse(&verified);
    assert_eq!(read, codec.parse(&verified), "the same bytes are read in two ways");
    let _ = codec.acknowledge(&verified);
    if let Ok(batch) = read {
        take(codec, &batch);
    }

    // Signatures and times that the body itself makes up: line by line, one for each header.
    for (name, line) in signed.iter().zip(body.split(|byte| *byte == b'\n')) {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            request.headers.insert(HeaderName::from_static(name), value);
        }
    }
    let _ = codec.handshake(&request, &keys);
    if let Ok(verified) = codec.verify(&request, &keys, now) {
        assert!(codec.signature().scheme().is_none(), "a forged request is taken: {verified:?}");
    }
}

fn take(codec: &dyn Codec, batch: &InboundBatch) {
    assert!(batch.envelopes.len() <= MOST_THINGS);
    for envelope in &batch.envelopes {
        comes_back(envelope);
        match &envelope.body {
            EnvelopeBody::Message(message) => say(codec, &message.content),
            EnvelopeBody::Change(MessageChange::Edited { content, .. }) => say(codec, content),
            _ => {}
        }
    }
}

/// Stored, a value is read as it was, from JSON and from postcard.
pub fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_vec(value).expect("it can be written as JSON");
    assert_eq!(*value, serde_json::from_slice(&json).expect("it can be read from JSON"));
    let bytes = postcard::to_allocvec(value).expect("it can be written by postcard");
    assert_eq!(*value, postcard::from_bytes(&bytes).expect("it can be read by postcard"));
}

/// What is planned for a channel is within its limits, and the channel writes it or says why not.
pub fn say(codec: &dyn Codec, content: &Content) {
    let descriptor = codec.descriptor();
    let to = TouchpointKey::new(descriptor.kind.clone(), &*descriptor.scope, "1111111");
    let can = codec.capabilities(Window::Unlimited);
    for mode in [PlanMode::Lenient, PlanMode::Strict] {
        let Ok(plan) = plan(content, &can, mode) else { continue };
        assert!(mode == PlanMode::Lenient || plan.losses.is_empty(), "strict, and with a loss");
        for message in plan.messages {
            for part in &message.parts {
                if let Part::Text(text) = part {
                    assert!(can.text.limit.fits(text.body.as_str()), "a text beyond its limit");
                }
            }
            let key = IdempotencyKey::new("0192f0c1-2345-7abc-8def-0123456789ab").expect("a key");
            let outbound = Outbound::new(to.clone(), key, Action::Say(message));
            let _ = codec.render(&outbound);
        }
    }
}
