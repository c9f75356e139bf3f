//! Web chat: the language, and the queue against a model. Connections are tried by a script, with
//! clients that we did not write.

use crate::world::{ignored, message, now, outbound, post};
use kontak_channel::conformance::Subject;
use kontak_channel::content::{Content, MediaKind, Part, Text};
use kontak_channel::{
    Action, Codec, Envelope, EnvelopeBody, IgnoredReason, KeyRing, Presence, ProviderId,
    RawRequest, Receipt, ReceiptStatus, RenderError, Secret, Transport, VerifyError, WireRequest,
    WireResponse,
};
use kontak_channels::webchat::{
    Hub, HubLimits, Queue, SESSION_HEADER, Session, SessionScheme, WIDGET, WebChat,
};
use proptest::prelude::*;

const SECRET: &str = "secret-of-the-site-for-sessions";

fn chat() -> WebChat {
    WebChat::new("site").with_attachments_under("https://h.example/files/".parse().unwrap())
}

fn keys() -> KeyRing {
    KeyRing::new(Secret::new(SECRET))
}

fn budi() -> Session {
    Session::anonymous("b0d1")
}

fn framed(session: &Session, body: &str) -> RawRequest {
    let token = SessionScheme.issue(session, &Secret::new(SECRET), now());
    post(body).with_header(SESSION_HEADER, &token).unwrap()
}

fn only(session: &Session, body: &str) -> Envelope {
    crate::world::read(&chat(), &framed(session, body)).remove(0)
}

const FRAMES: [&str; 9] = [
    r#"{"say":{"id":"m1","text":"Apakah masih ada?","reply_to":"row 1"}}"#,
    r#"{"say":{"id":"m2","media":[{"url":"https://h.example/files/0a1b","name":"struk.jpg","mime":"image/jpeg","size":2138}]}}"#,
    r#"{"choose":{"id":"m3","offer":"day","option":"tue","label":"Selasa"}}"#,
    r#"{"got":{"seq":12,"id":"row 1"}}"#,
    r#"{"seen":{"id":"row 1"}}"#,
    r#"{"typing":{"on":true,"at":1770000000001}}"#,
    r#"{"typing":{"on":false,"at":1770000000002}}"#,
    r#"{"here":{"at":1770000000000}}"#,
    r#"{"later":{"x":1}}"#,
];

#[test]
fn web_chat_is_lawful() {
    let chat = chat();
    let mut subject = Subject::new(&chat, keys(), "visitor:b0d1", now());
    for frame in FRAMES {
        subject = subject.with_request(framed(&budi(), frame));
    }
    let id = ProviderId::new("visitor:b0d1/row 1").ok();
    subject.with_accepted(WireResponse::Written { connections: 1, id }).assert_lawful();
}

#[test]
fn each_byte_of_a_token_counts() {
    let token = SessionScheme.issue(&budi(), &Secret::new(SECRET), now());
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(bytes).unwrap();
        assert!(SessionScheme.open(&forged, &keys(), now()).is_err(), "byte {at}");
    }
    let unsigned = token.split('.').next().unwrap().to_owned() + ".";
    assert_eq!(SessionScheme.open(&unsigned, &keys(), now()), Err(VerifyError::Mismatch));
}

#[test]
fn each_frame_has_its_place() {
    let said = only(&budi(), FRAMES[0]);
    assert_eq!(message(&said).id.as_str(), "visitor:b0d1/m1");
    assert_eq!(message(&said).references, [ProviderId::new("visitor:b0d1/row 1").unwrap()]);
    let file = only(&budi(), FRAMES[1]);
    let media = message(&file).content.media().next().unwrap();
    assert_eq!((&media.kind, media.size.unwrap().bytes()), (&MediaKind::Image, 2_138));
    let chosen = only(&budi(), FRAMES[2]);
    let Part::ChoiceMade(made) = &message(&chosen).content.parts[0] else { panic!() };
    assert_eq!((made.option.as_str(), made.offer.as_ref().unwrap().as_str()), ("tue", "day"));
    let target = || ProviderId::new("visitor:b0d1/row 1").unwrap();
    assert_eq!(
        only(&budi(), FRAMES[3]).body,
        Receipt::new(target(), ReceiptStatus::Delivered).into()
    );
    assert_eq!(only(&budi(), FRAMES[4]).body, Receipt::new(target(), ReceiptStatus::Read).into());
    assert_eq!(only(&budi(), FRAMES[5]).body, Presence::Typing.into());
    assert_eq!(only(&budi(), FRAMES[6]).body, Presence::Paused.into());
    assert_eq!(only(&budi(), FRAMES[7]).body, Presence::Online.into());
    assert_eq!(ignored(&only(&budi(), FRAMES[8])), IgnoredReason::UnknownKind);
}

#[test]
fn who_is_known_is_one_account_and_keeps_the_one_before() {
    let member = budi().with_user("member 77");
    let sender = only(&member, FRAMES[0]).sender.unwrap();
    assert_eq!(sender.touchpoint.id, "user:member 77");
    assert_eq!(sender.also[0].id, "visitor:b0d1");
}

#[test]
fn nobody_names_a_message_of_somebody_else() {
    // `user:a` and the message `b/x` would read as the message `x` of `user:a/b`.
    let a = budi().with_user("a");
    let sly = only(&a, r#"{"seen":{"id":"b/x"}}"#);
    assert_eq!(ignored(&sly), IgnoredReason::Malformed);
    let target = ProviderId::new("user:a/b/x").unwrap();
    let edit = Action::Delete { target: target.clone() };
    let chat = chat();
    assert!(chat.render(&outbound(&chat, "user:c", edit)).is_err());
    let key = kontak_channel::IdempotencyKey::new("b/x").unwrap();
    let mut out = outbound(&chat, "user:a", Action::Say(Content::plain("x").unwrap()));
    out.key = key;
    assert_eq!(chat.render(&out).unwrap_err(), RenderError::Unwritable("a key with a slash"));
}

#[test]
fn attachments_lie_where_we_keep_them() {
    for url in [
        "http://169.254.169.254/latest/meta-data",
        "https://h.example/files/../admin",
        "https://h.example/files/",
        "https://h.example/files/a?x=https://other.example",
        "https://h.example.evil.example/files/a",
    ] {
        let frame = format!(r#"{{"say":{{"id":"m","media":[{{"url":"{url}"}}]}}}}"#);
        assert_eq!(ignored(&only(&budi(), &frame)), IgnoredReason::Malformed, "{url}");
    }
}

fn clock() -> kontak_channel::chrono::DateTime<kontak_channel::chrono::Utc> {
    now()
}

fn send(hub: &Hub, key: &str) -> Result<WireResponse, kontak_channel::TransportError> {
    let chat = chat();
    let mut out = outbound(&chat, "visitor:b0d1", Action::Say(Content::plain("Halo").unwrap()));
    out.key = kontak_channel::IdempotencyKey::new(key).unwrap();
    let WireRequest::Frame(frame) = chat.render(&out).unwrap().remove(0) else { panic!() };
    pollster::block_on(hub.exchange(WireRequest::Frame(frame)))
}

#[test]
fn a_full_queue_refuses_and_drops_nothing() {
    let mut limits = HubLimits::default();
    limits.frames = 3;
    let hub = Hub::new("e", clock, limits);
    for key in ["1", "2", "3", "3"] {
        let taken = send(&hub, key).unwrap();
        assert!(matches!(taken, WireResponse::Written { connections: 0, id: Some(_) }));
    }
    assert_eq!(send(&hub, "4").unwrap_err(), kontak_channel::TransportError::NotSent);
}

#[test]
fn a_process_remembers_so_many_visitors() {
    let mut limits = HubLimits::default();
    limits.visitors = 1;
    let hub = Hub::new("e", clock, limits);
    assert!(send(&hub, "1").is_ok());
    let chat = chat();
    let other = outbound(&chat, "visitor:c", Action::Say(Text::plain("x").unwrap().into()));
    let frame = chat.render(&other).unwrap().remove(0);
    // The first one has not acknowledged, and is not forgotten for the second.
    assert!(pollster::block_on(hub.exchange(frame)).is_err());
}

#[test]
fn the_widget_is_one_script_in_three_languages() {
    for needed in [
        "role: \"log\"",
        "aria-live",
        "prefers-color-scheme: dark",
        "prefers-reduced-motion",
        "en: {",
        "id: {",
        "vi: {",
    ] {
        assert!(WIDGET.contains(needed), "{needed}");
    }
    for forbidden in ["innerHTML", "eval(", "document.write", "insertAdjacentHTML"] {
        assert!(!WIDGET.contains(forbidden), "{forbidden}");
    }
    assert!(WIDGET.len() < 40_000, "{} bytes", WIDGET.len());
}

#[derive(Clone, Debug)]
enum Step {
    Push,
    Drop,
    Deliver,
}

proptest! {
    /// Whatever breaks when: what was taken arrives, in order and once.
    #[test]
    fn everything_arrives_in_order_and_once(
        steps in prop::collection::vec(prop_oneof![Just(Step::Push), Just(Step::Drop), Just(Step::Deliver)], 0..200),
        capacity in 1_usize..8,
    ) {
        let mut queue = Queue::new(capacity);
        let (mut taken, mut refused) = (Vec::new(), 0_u32);
        let (mut read, mut last, mut on_the_way) = (Vec::new(), 0, std::collections::VecDeque::new());
        for (number, step) in steps.iter().chain([&Step::Drop]).enumerate() {
            match step {
                Step::Push => match queue.push(None, number.to_string(), now()) {
                    Ok(seq) => {
                        taken.push(number.to_string());
                        on_the_way.push_back((seq, number.to_string()));
                    }
                    Err(_) => refused += 1,
                },
                // The line breaks and comes back: what was on the way is lost, and comes again.
                Step::Drop => {
                    prop_assert_eq!(queue.missed(last), 0);
                    on_the_way = queue.after(last).map(|kept| (kept.seq, kept.frame.clone())).collect();
                }
                Step::Deliver => if let Some((seq, frame)) = on_the_way.pop_front() {
                    prop_assert_eq!(seq, last + 1);
                    (last, _) = (seq, read.push(frame));
                    queue.acknowledge(seq);
                },
            }
        }
        read.extend(on_the_way.into_iter().map(|(_, frame)| frame));
        prop_assert_eq!(read, taken);
        prop_assert!(refused == 0 || capacity < 200);
    }

    #[test]
    fn no_token_and_no_frame_breaks_the_parser(token in ".{0,200}", frame in ".{0,400}") {
        let request = post(frame);
        let request = match request.clone().with_header(SESSION_HEADER, &token) {
            Ok(request) => request,
            Err(_) => request,
        };
        prop_assert!(chat().verify(&request, &keys(), now()).is_err());
    }
}

#[test]
fn a_frame_is_one_of_the_table() {
    let table = include_str!("../../src/webchat/mod.rs");
    for (_, name) in FRAMES[..7].iter().map(|frame| frame.split_once('"').unwrap()) {
        let name = name.split('"').next().unwrap();
        assert!(table.contains(&format!("| `{name}` |")), "{name}");
    }
    assert!(matches!(only(&budi(), FRAMES[0]).body, EnvelopeBody::Message(_)));
}
