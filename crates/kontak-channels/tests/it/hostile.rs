//! What nobody sends but an attacker: no body breaks an adapter, or keeps it busy.

use crate::world::{codecs, now, post};
use kontak_channel::{KeyRing, Secret, SignaturePolicy};
use kontak_channels::webchat::{SESSION_HEADER, Session, SessionScheme};
use proptest::prelude::*;
use std::sync::LazyLock;

static TOKEN: LazyLock<String> =
    LazyLock::new(|| SessionScheme.issue(&Session::anonymous("x"), &Secret::new("x"), now()));

fn feed(body: &[u8]) {
    let policy = SignaturePolicy::Unsigned { because: "signatures have tests of their own" };
    let keys = KeyRing::new(Secret::new("x"));
    let request = post("").with_body(body.to_vec()).with_header(SESSION_HEADER, &TOKEN).unwrap();
    let verified = policy.verify(&request, &keys, usize::MAX, now()).unwrap();
    for (name, codec) in codecs() {
        let things = codec.parse(&verified).map_or(0, |batch| batch.envelopes.len());
        assert!(things <= 10_001, "{name}: {things} things of {} bytes", body.len());
        let _ = codec.acknowledge(&verified);
        let _ = codec.verify(&request, &keys, now());
    }
}

#[test]
fn a_mebibyte_of_anything_is_read_or_refused() {
    const SIZE: usize = 1 << 20;
    let filled = |piece: &str| piece.repeat(SIZE / piece.len()).into_bytes();
    let around = |before: &str, piece: &str, after: &str| {
        let inside = vec![piece; SIZE / (piece.len() + 1)].join(",");
        format!("{before}{inside}{after}").into_bytes()
    };
    let event =
        r#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1,"message":{"mid":"m"}}"#;
    let bodies = [
        filled("["),
        filled(r#"{"a":"#),
        filled("\""),
        filled("\\u0000"),
        filled("a=b&"),
        filled("%"),
        filled("&"),
        filled("\u{0}"),
        filled("😀"),
        filled("Subject: x\r\n"),
        around("[", "0", "]"),
        around(r#"{"object":"page","entry":[{"messaging":["#, event, "]}]}"),
        around(r#"{"object":"page","entry":["#, "{}", "]}"),
        around(r#"{"entry":[{"changes":["#, "{}", "]}]}"),
        around(r#"{"events":["#, "{}", "]}"),
        around(
            r#"{"app_id":"1","timestamp":"1","event_name":"user_seen_message","sender":{"id":"1"},"recipient":{"id":"2"},"message":{"msg_ids":["#,
            r#""b""#,
            "]}}",
        ),
        around(
            r#"{"object":"page","entry":[{"messaging":[{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1,"delivery":{"mids":["#,
            r#""b""#,
            "]}}]}]}",
        ),
        format!(r#"{{"say":{{"id":"m","text":"{}"}}}}"#, "x".repeat(SIZE)).into_bytes(),
    ];
    bodies.iter().for_each(|body| feed(body));
}

proptest! {
    #[test]
    fn any_bytes(body in prop::collection::vec(any::<u8>(), 0..600)) {
        feed(&body);
    }

    #[test]
    fn anything_that_looks_like_theirs(body in r#"(\{|\}|\[|\]|:|,|"(object|entry|messaging|message|mid|sender|id|events|type|update_id|event_name|timestamp|say|text)"|"page"|"text"|-?[0-9]{1,20}|true|null|=|&|CallSid|CallStatus|From|Body){0,60}"#) {
        feed(body.as_bytes());
    }
}
