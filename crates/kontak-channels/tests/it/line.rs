//! LINE: events as its schema has them.

use crate::world::{answer, failure, ignored, json, message, now, only, post, read, say};
use kontak_channel::conformance::Subject;
use kontak_channel::content::{MediaKind, Part, Text};
use kontak_channel::{
    Codec, Consent, ConsentScope, EnvelopeBody, IgnoredReason, KeyRing, MessageChange, ProviderId,
    RawRequest, Secret, SendError,
};
use kontak_channels::line::Line;
use std::path::Path;

const TOKEN: &str = "line-channel-access-token";

fn line() -> Line {
    Line::new("shop", Secret::new(TOKEN))
}

fn event(id: &str, inside: &str) -> String {
    format!(
        r#"{{"mode":"active","timestamp":1770000000123,"webhookEventId":"{id}","deliveryContext":{{"isRedelivery":false}},"source":{{"type":"user","userId":"U4af4980629"}},{inside}}}"#
    )
}

fn callback(events: &[String]) -> String {
    format!(r#"{{"destination":"Uxxxxxxxxxxxxxx","events":[{}]}}"#, events.join(","))
}

fn events() -> Vec<String> {
    vec![
        event(
            "E1",
            r#""type":"message","replyToken":"r","message":{"type":"text","id":"14353798921116","text":"Masih ada?","quoteToken":"q","quotedMessageId":"14353798921000"}"#,
        ),
        event(
            "E2",
            r#""type":"message","replyToken":"r","message":{"type":"image","id":"354718705033693859","quoteToken":"q","contentProvider":{"type":"line"}}"#,
        ),
        event(
            "E3",
            r#""type":"message","replyToken":"r","message":{"type":"sticker","id":"1501597916","quoteToken":"q","stickerId":"52002738","packageId":"11537","stickerResourceType":"ANIMATION","keywords":["cony","sally"]}"#,
        ),
        event(
            "E4",
            r#""type":"message","replyToken":"r","message":{"type":"location","id":"325708","title":"Toko","address":"Jl. Sudirman","latitude":-6.2,"longitude":106.8}"#,
        ),
        event(
            "E5",
            r#""type":"message","replyToken":"r","message":{"type":"file","id":"325709","fileName":"faktur.pdf","fileSize":2138}"#,
        ),
        event("E6", r#""type":"unsend","unsend":{"messageId":"14353798921116"}"#),
        event("E7", r#""type":"follow","replyToken":"r","follow":{"isUnblocked":true}"#),
        event("E8", r#""type":"unfollow""#),
        event("E9", r#""type":"postback","replyToken":"r","postback":{"data":"tue"}"#),
        event(
            "E10",
            r#""type":"membership","replyToken":"r","membership":{"type":"joined","membershipId":3189}"#,
        ),
        event(
            "E11",
            r#""type":"message","replyToken":"r","message":{"type":"text","id":7,"text":"an id that is no text"}"#,
        ),
    ]
}

fn signed(body: &str) -> RawRequest {
    let request = post(body);
    let signature = Line::scheme().sign(&request, &Secret::new("channel-secret-of-line")).unwrap();
    request.with_header("x-line-signature", &signature).unwrap()
}

#[test]
fn line_is_lawful() {
    let line = line();
    Subject::new(&line, KeyRing::new(Secret::new("channel-secret-of-line")), "U4af4980629", now())
        .with_request(signed(&callback(&events())))
        .with_request(signed(&callback(&[])))
        .with_accepted(answer(
            200,
            r#"{"sentMessages":[{"id":"461230966842064897","quoteToken":"IStG5h1Tz7b"}]}"#,
        ))
        .with_secret(TOKEN)
        .assert_lawful();
}

#[test]
fn one_broken_event_takes_no_other_with_it() {
    let envelopes = read(&line(), &post(callback(&events())));
    assert_eq!(envelopes.len(), 11);
    assert_eq!(ignored(&envelopes[9]), IgnoredReason::UnknownKind);
    assert_eq!(ignored(&envelopes[10]), IgnoredReason::Malformed);
    assert_eq!(message(&envelopes[0]).references, [ProviderId::new("14353798921000").unwrap()]);
    let Part::Media(sticker) = &message(&envelopes[2]).content.parts[0] else { panic!() };
    assert_eq!(sticker.kind, MediaKind::Sticker);
    assert!(matches!(&envelopes[5].body, EnvelopeBody::Change(MessageChange::Deleted { .. })));
    assert_eq!(envelopes[7].body, Consent::withdrawn(ConsentScope::Everything).into());
    assert_eq!(envelopes[0].occurred.unwrap().timestamp_millis(), 1_770_000_000_123);
}

#[test]
fn a_redelivery_has_the_keys_of_the_first_delivery() {
    let first = callback(&events());
    let again = first.replace(r#""isRedelivery":false"#, r#""isRedelivery":true"#);
    let keys = |body: &str| -> Vec<_> {
        read(&line(), &post(body)).into_iter().map(|envelope| envelope.dedupe).collect()
    };
    // The last one cannot be read at all, so that only its bytes are left to know it by.
    assert_eq!(keys(&first)[..10], keys(&again)[..10]);
}

#[test]
fn another_module_may_be_in_charge() {
    let standby = callback(&[events()[0].replace("active", "standby")]);
    assert_eq!(ignored(&only(&line(), &standby)), IgnoredReason::NotInCharge);
}

#[test]
fn a_group_is_a_thread() {
    let group =
        events()[0].replace(r#"{"type":"user","#, r#"{"type":"group","groupId":"Ca56f94637c","#);
    assert_eq!(
        message(&only(&line(), &callback(&[group]))).thread,
        ProviderId::new("Ca56f94637c").ok()
    );
}

#[test]
fn the_key_is_the_retry_key() {
    let request = say(&line(), "U4af4980629", Text::plain("Ada").unwrap());
    assert_eq!(request.headers["x-line-retry-key"], "0192f0c1-2345-7abc-8def-0123456789ab");
    assert_eq!(json(&request)["to"], "U4af4980629");
    let taken = r#"{"message":"The retry key is already accepted","sentMessages":[{"id":"461230966842064897"}]}"#;
    assert_eq!(line().interpret(&answer(409, taken)).unwrap().ids.len(), 1);
    let limit = r#"{"message":"You have reached your monthly limit."}"#;
    assert!(matches!(failure(&line(), 429, limit), SendError::Config { .. }));
    assert!(matches!(failure(&line(), 400, "{}"), SendError::Invalid { .. }));
}

/// Every event type of LINE's published schema is read, or ignored with a reason of its own.
#[test]
fn every_event_of_the_schema_has_its_place() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/line/webhook.yml");
    let Ok(schema) = std::fs::read_to_string(path) else {
        println!("skipped: the optional data folder is not there");
        return;
    };
    let (_, event) = schema.split_once("    Event:\n").unwrap();
    let (_, mapping) = event.split_once("mapping:\n").unwrap();
    let kinds: Vec<_> = mapping
        .lines()
        .map_while(|line| line.trim().split_once(": \"#").map(|(kind, _)| kind))
        .collect();
    assert!(kinds.len() >= 19, "{kinds:?}");
    for kind in kinds {
        let envelope = only(&line(), &callback(&[event_of(kind)]));
        assert!(
            !matches!(&envelope.body, EnvelopeBody::Ignored(ignored) if ignored.reason == IgnoredReason::Malformed),
            "{kind}"
        );
    }
}

fn event_of(kind: &str) -> String {
    let inside = match kind {
        "message" => r#","message":{"type":"text","id":"1","text":"x","quoteToken":"q"}"#,
        "unsend" => r#","unsend":{"messageId":"1"}"#,
        "postback" => r#","postback":{"data":"x"}"#,
        _ => "",
    };
    event("E", &format!(r#""type":"{kind}"{inside}"#))
}
