//! Names on the wire, which do not change, and what `Debug` shows.

use kontak_channel::chrono::DateTime;
use kontak_channel::content::{CallDirection, CallOutcome, Content, Written};
use kontak_channel::{
    Action, CallEvent, CallStage, Capabilities, Consent, ConsentScope, DedupeKey, Envelope,
    EnvelopeBody, EnvelopeKind, Failure, IdempotencyKey, Ignored, IgnoredReason, InboundMessage,
    LengthUnit, MessageAuthor, MessageChange, Outbound, Presence, ProviderId, Rate, Receipt,
    ReceiptStatus, RetryPolicy, Sender, TextLimit, WindowRule,
};
use kontak_types::TouchpointKey;

fn id(text: &str) -> ProviderId {
    ProviderId::new(text).unwrap()
}

fn bodies() -> Vec<EnvelopeBody> {
    let at = DateTime::from_timestamp(1_770_000_000, 123_456_789).unwrap();
    let ended =
        CallStage::Ended { outcome: CallOutcome::Answered, started: Some(at), seconds: Some(61) };
    let inbound = |stage| CallEvent::new(id("c1"), CallDirection::Inbound, stage);
    let text = Written::new("boom").unwrap();
    vec![
        InboundMessage::new(id("m1"), Content::plain("Halo").unwrap())
            .with_reference(id("m0"))
            .with_thread(id("t"))
            .into(),
        InboundMessage::new(id("m2"), Content::plain("Halo").unwrap())
            .with_author(MessageAuthor::Business)
            .into(),
        MessageChange::Edited { target: id("m1"), content: Content::plain("Hai").unwrap() }.into(),
        MessageChange::Deleted { target: id("m1") }.into(),
        MessageChange::Reacted { target: id("m1"), emoji: Written::new("👍").ok() }.into(),
        Receipt::new(id("o1"), ReceiptStatus::Failed)
            .with_failure(Failure::new("131026").with_text(text.clone()))
            .with_note(text.clone())
            .into(),
        Receipt::of_all(ReceiptStatus::Read).into(),
        inbound(CallStage::Started).into(),
        inbound(ended).into(),
        inbound(CallStage::Entered(text)).into(),
        Presence::Typing.into(),
        Consent::withdrawn(ConsentScope::Everything).into(),
        Ignored::new(IgnoredReason::UnknownKind, "poll").into(),
    ]
}

fn envelope(body: EnvelopeBody) -> Envelope {
    let at = DateTime::from_timestamp(1_770_000_000, 123_456_789).unwrap();
    let key = DedupeKey::new("shop", body.kind(), id("x")).with_version("read");
    let sender = Sender::new(TouchpointKey::new("whatsapp", "shop", "6281234567890"))
        .with_also(TouchpointKey::new("whatsapp", "shop", "ID.123"))
        .with_phone("+6281234567890".parse().unwrap())
        .with_display_name(Written::new("Budi Santoso").unwrap());
    Envelope::new(key, at, body).with_sender(sender).with_occurred(at).with_recipient(id("1065"))
}

#[test]
fn envelopes_come_back_from_both_forms() {
    for body in bodies() {
        let envelope = envelope(body);
        let json = serde_json::to_string(&envelope).unwrap();
        assert_eq!(serde_json::from_str::<Envelope>(&json).unwrap(), envelope);
        let bytes = postcard::to_allocvec(&envelope).unwrap();
        assert_eq!(postcard::from_bytes::<Envelope>(&bytes).unwrap(), envelope);
    }
}

#[test]
fn names_on_the_wire_do_not_change() {
    let wire: Vec<_> = bodies().iter().map(|body| serde_json::to_string(body).unwrap()).collect();
    assert_eq!(wire.join("\n"), include_str!("names.jsonl").trim_end());
    let json = serde_json::to_string(&envelope(Presence::Typing.into())).unwrap();
    let expected = r#"{"dedupe":{"account":"shop","kind":"presence","id":"x","version":"read"},"sender":{"touchpoint":{"channel":"whatsapp","scope":"shop","id":"6281234567890"},"also":[{"channel":"whatsapp","scope":"shop","id":"ID.123"}],"phone":"+6281234567890","email":null,"user_name":null,"display_name":"Budi Santoso"},"recipient":"1065","occurred":"2026-02-02T02:40:00.123456Z","arrived":"2026-02-02T02:40:00.123456Z","body":{"presence":"typing"}}"#;
    assert_eq!(json, expected);
}

#[test]
fn debug_shows_no_person() {
    for body in bodies() {
        let said = format!("{:?}", envelope(body));
        for hidden in ["6281234567890", "Budi", "Halo", "Hai", "boom", "ID.123"] {
            assert!(!said.contains(hidden), "{hidden} in {said}");
        }
    }
}

#[test]
fn outbound_and_policies_come_back() {
    let key = IdempotencyKey::new("row 1").unwrap();
    let to = TouchpointKey::new("line", "shop", "U1");
    let outbound = Outbound::new(to, key, Action::Say(Content::plain("Halo").unwrap()));
    let json = serde_json::to_string(&outbound).unwrap();
    assert_eq!(serde_json::from_str::<Outbound>(&json).unwrap(), outbound);
    let bytes = postcard::to_allocvec(&outbound).unwrap();
    assert_eq!(postcard::from_bytes::<Outbound>(&bytes).unwrap(), outbound);
    assert_eq!(
        serde_json::to_string(&RetryPolicy::default()).unwrap(),
        r#"{"tries":8,"first_wait_ms":1000,"longest_wait_ms":600000}"#
    );
}

#[test]
fn an_unknown_policy_key_is_named() {
    let error = serde_json::from_str::<RetryPolicy>(
        r#"{"tries":8,"first_wait_ms":1,"longest_wait_ms":1,"jitter":2}"#,
    );
    assert!(error.unwrap_err().to_string().contains("jitter"));
    let error = serde_json::from_str::<Rate>(r#"{"per_second":8,"burst":1,"per_minute":2}"#);
    assert!(error.unwrap_err().to_string().contains("per_minute"));
    let error = serde_json::from_str::<WindowRule>(r#"{"seconds":1,"minutes":2}"#).unwrap_err();
    assert!(error.to_string().contains("minutes"), "{error}");
    let error = serde_json::from_str::<TextLimit>(r#"{"max":3,"unit":"bytes"}"#).unwrap_err();
    assert!(error.to_string().contains("too short"), "{error}");
}

#[test]
fn capabilities_say_it_in_words() {
    let sms = Capabilities::text_only(TextLimit::new(1_600, LengthUnit::Gsm7Septets));
    let json = serde_json::to_string(&sms).unwrap();
    assert!(json.starts_with(r#"{"text":{"support":"full","limit":{"max":1600,"unit":"gsm7_septets"},"formats":["plain"]}"#), "{json}");
}

#[test]
fn a_kind_has_one_name() {
    let kind = serde_json::to_string(&EnvelopeKind::Consent).unwrap();
    assert_eq!(kind, r#""consent""#);
}
