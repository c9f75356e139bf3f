//! Zalo: events as they are published.

use crate::world::{answer, failure, ignored, json, message, now, only, post, read, say};
use kontak_channel::conformance::Subject;
use kontak_channel::content::{Content, Media, MediaKind, MediaPlace, Part, Remote, Text};
use kontak_channel::{
    Codec, Consent, ConsentScope, IgnoredReason, KeyRing, ProviderId, RawRequest, Receipt,
    ReceiptStatus, Reopening, Secret, SendError,
};
use kontak_channels::zalo::{Zalo, ZaloSignature};

const TOKEN: &str = "zalo-access-token-of-the-shop";
const SECRET: &str = "secret-of-the-official-account";

fn zalo() -> Zalo {
    Zalo::new("shop", Secret::new(TOKEN))
}

fn event(name: &str, from: &str, to: &str, inside: &str) -> String {
    format!(
        r#"{{"app_id":"360846524940903967","user_id_by_app":"552177279717587730","event_name":"{name}","sender":{{"id":"{from}"}},"recipient":{{"id":"{to}"}},"message":{inside},"timestamp":"1770000000123"}}"#
    )
}

const PERSON: &str = "246845883529197922";
const ACCOUNT: &str = "388613280878808645";

fn said(name: &str, inside: &str) -> String {
    event(name, PERSON, ACCOUNT, inside)
}

fn text() -> String {
    said(
        "user_send_text",
        r#"{"text":"Còn hàng không?","msg_id":"96d3cdf3af150460909","quote_msg_id":"4a0"}"#,
    )
}

fn image() -> String {
    said(
        "user_send_image",
        r#"{"msg_id":"a1","text":"Bị vỡ","attachments":[{"type":"image","payload":{"thumbnail":"https://p.example/t.jpg","url":"https://p.example/1.jpg"}}]}"#,
    )
}

fn file() -> String {
    said(
        "user_send_file",
        r#"{"msg_id":"a2","attachments":[{"type":"file","payload":{"url":"https://p.example/hoadon.pdf","size":"5276","name":"hoadon.pdf","checksum":"7f","type":"pdf"}}]}"#,
    )
}

fn place() -> String {
    said(
        "user_send_location",
        r#"{"msg_id":"a3","attachments":[{"type":"location","payload":{"coordinates":{"latitude":"10.7764","longitude":"106.7011"}}}]}"#,
    )
}

fn delivered() -> String {
    event("user_received_message", ACCOUNT, PERSON, r#"{"msg_id":"b1"}"#)
}

fn seen() -> String {
    event("user_seen_message", ACCOUNT, PERSON, r#"{"msg_ids":["b1","b2"]}"#)
}

const FOLLOW: &str = r#"{"app_id":"360846524940903967","oa_id":"388613280878808645","user_id_by_app":"5","event_name":"follow","source":"oa_profile","follower":{"id":"246845883529197922"},"timestamp":"1770000000200"}"#;

fn signed(body: &str) -> RawRequest {
    let request = post(body);
    let signature = ZaloSignature.sign(&request, &Secret::new(SECRET)).unwrap();
    request.with_header("x-zevent-signature", &signature).unwrap()
}

const TAKEN: &str =
    r#"{"data":{"message_id":"8b1","user_id":"246845883529197922"},"error":0,"message":"Success"}"#;

#[test]
fn zalo_is_lawful() {
    let zalo = zalo();
    let mut subject = Subject::new(&zalo, KeyRing::new(Secret::new(SECRET)), PERSON, now());
    for body in [text(), image(), file(), place(), delivered(), seen(), FOLLOW.to_owned()] {
        subject = subject.with_request(signed(&body));
    }
    subject.with_accepted(answer(200, TAKEN)).with_secret(TOKEN).assert_lawful();
}

#[test]
fn each_event_has_its_place() {
    let envelope = only(&zalo(), &text());
    assert_eq!(message(&envelope).content, Content::plain("Còn hàng không?").unwrap());
    assert_eq!(message(&envelope).references, [ProviderId::new("4a0").unwrap()]);
    assert_eq!(envelope.sender.unwrap().touchpoint.id, PERSON);
    assert_eq!(envelope.recipient, ProviderId::new(ACCOUNT).ok());
    assert_eq!(envelope.occurred.unwrap().timestamp_millis(), 1_770_000_000_123);
    let image = only(&zalo(), &image());
    assert_eq!(message(&image).content.media().next().unwrap().kind, MediaKind::Image);
    let file = only(&zalo(), &file());
    let media = message(&file).content.media().next().unwrap();
    assert_eq!(
        (media.size.unwrap().bytes(), media.file_name.as_ref().unwrap().as_str()),
        (5_276, "hoadon.pdf")
    );
    assert!(matches!(message(&only(&zalo(), &place())).content.parts[..], [Part::Location(_)]));
    let receipt = |id, status| Receipt::new(ProviderId::new(id).unwrap(), status);
    let arrived = only(&zalo(), &delivered());
    assert_eq!(arrived.body, receipt("b1", ReceiptStatus::Delivered).into());
    assert_eq!(arrived.sender.unwrap().touchpoint.id, PERSON);
    let seen = read(&zalo(), &post(seen()));
    assert_eq!(seen[1].body, receipt("b2", ReceiptStatus::Read).into());
    assert_eq!(only(&zalo(), FOLLOW).body, Consent::granted(ConsentScope::Everything).into());
    let own = event("oa_send_text", ACCOUNT, PERSON, r#"{"msg_id":"c1","text":"Còn"}"#);
    assert_eq!(ignored(&only(&zalo(), &own)), IgnoredReason::OwnEcho);
    let group = said("user_send_business_card_x", r#"{"text":"no id"}"#);
    assert_eq!(ignored(&only(&zalo(), &group)), IgnoredReason::Malformed);
}

#[test]
fn texts_and_pictures_go_out() {
    let request = say(&zalo(), PERSON, Text::plain("Còn ạ").unwrap());
    assert!(request.url.as_str().ends_with("/oa/message/cs"));
    assert_eq!(request.headers["access_token"], TOKEN);
    assert_eq!(json(&request)["recipient"]["user_id"], PERSON);
    let url = Remote::Url("https://cdn.example/1.jpg".parse().unwrap());
    let picture = Media::new(MediaKind::Image, MediaPlace::Remote(url))
        .with_caption(Text::plain("Hoá đơn").unwrap());
    let body = json(&say(&zalo(), PERSON, picture));
    assert_eq!(
        body["message"]["attachment"]["payload"]["elements"][0]["url"],
        "https://cdn.example/1.jpg"
    );
    assert_eq!(body["message"]["text"], "Hoá đơn");
}

#[test]
fn a_refusal_comes_with_status_200() {
    let of = |code: i64| failure(&zalo(), 200, &format!(r#"{{"error":{code},"message":"x"}}"#));
    assert!(matches!(of(-216), SendError::Unauthorized { .. }));
    assert!(matches!(of(-213), SendError::OptedOut { .. }));
    assert_eq!(of(-230), SendError::WindowClosed { reopened_by: Reopening::OtherChannel });
    assert!(matches!(of(-32), SendError::Throttled { .. }));
    assert!(matches!(of(-1), SendError::Rejected { .. }));
    assert!(matches!(zalo().interpret(&answer(200, "<html>")), Err(SendError::Ambiguous { .. })));
}
