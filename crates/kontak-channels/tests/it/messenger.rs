//! Messenger and Instagram: events as Meta documents them, and a Graph on the loopback interface.

use crate::world::{
    answer, failure, ignored, json, message, now, only, outbound, post, read, say, wire,
};
use kontak_channel::chrono::TimeDelta;
use kontak_channel::conformance::Subject;
use kontak_channel::content::{
    ChoiceLayout, ChoiceOffered, ChoiceOption, FreeText, GeoPoint, Location, Media, MediaKind,
    MediaPlace, OfferId, OptionId, Part, Remote, SystemKind, Text, Written,
};
use kontak_channel::{
    Action, Codec, EnvelopeBody, IgnoredReason, KeyRing, MessageAuthor, MessageChange, ProviderId,
    RawRequest, Receipt, ReceiptStatus, Reopening, Secret, SendError, Support, Voice, Window,
    WindowLedger,
};
use kontak_channels::messenger::Messenger;

const TOKEN: &str = "page-access-token-of-messenger";
const APP: u64 = 4_242;

fn page() -> Messenger {
    Messenger::new("shop-page", "1906385232743451", Secret::new(TOKEN)).with_app_id("4242")
}

fn instagram() -> Messenger {
    Messenger::instagram("shop-ig", "17841405793187218", Secret::new(TOKEN))
}

fn event(at: i64, inside: &str) -> String {
    format!(
        r#"{{"sender":{{"id":"6544121"}},"recipient":{{"id":"1906385232743451"}},"timestamp":{at},{inside}}}"#
    )
}

fn echo(app: u64, mid: &str) -> String {
    format!(
        r#"{{"sender":{{"id":"1906385232743451"}},"recipient":{{"id":"6544121"}},"timestamp":1770000000900,"message":{{"mid":"{mid}","is_echo":true,"app_id":{app},"text":"Ada"}}}}"#
    )
}

fn notification(object: &str, list: &str, events: &[String]) -> String {
    format!(
        r#"{{"object":"{object}","entry":[{{"id":"1906385232743451","time":1770000001000,"{list}":[{}]}}]}}"#,
        events.join(",")
    )
}

fn of_page(events: &[String]) -> String {
    notification("page", "messaging", events)
}

fn events() -> Vec<String> {
    vec![
        event(
            1_770_000_000_001,
            r#""message":{"mid":"m_1","text":"Masih ada?","reply_to":{"mid":"m_0"}}"#,
        ),
        event(
            1_770_000_000_002,
            r#""message":{"mid":"m_2","text":"Selasa","quick_reply":{"payload":"tue"}}"#,
        ),
        event(
            1_770_000_000_003,
            r#""message":{"mid":"m_3","attachments":[{"type":"image","payload":{"url":"https://scontent.example/1.jpg"}},{"type":"image","payload":{"url":"https://scontent.example/thumb.png","sticker_id":369239263222822}}]}"#,
        ),
        event(
            1_770_000_000_004,
            r#""message":{"mid":"m_4","attachments":[{"type":"location","title":"Pinned","payload":{"coordinates":{"lat":-6.2,"long":106.8}}}]}"#,
        ),
        event(
            1_770_000_000_005,
            r#""message":{"mid":"m_5","text":"https://toko.example","attachments":[{"type":"fallback","payload":{"url":"https://toko.example","title":"Toko"}}]}"#,
        ),
        event(
            1_770_000_000_006,
            r#""postback":{"mid":"m_6","title":"Mulai","payload":"GET_STARTED"}"#,
        ),
        event(
            1_770_000_000_007,
            r#""reaction":{"mid":"m_9","action":"react","emoji":"❤","reaction":"love"}"#,
        ),
        event(1_770_000_000_008, r#""reaction":{"mid":"m_9","action":"unreact"}"#),
        event(1_770_000_000_009, r#""delivery":{"mids":["m_8","m_9"],"watermark":1769999999000}"#),
        event(1_770_000_000_010, r#""read":{"watermark":1769999999000}"#),
        event(
            1_770_000_000_011,
            r#""message_edit":{"mid":"m_1","text":"Masih ada stok?","num_edit":1}"#,
        ),
        event(1_770_000_000_012, r#""message":{"mid":"m_7","is_deleted":true}"#),
        event(1_770_000_000_013, r#""message":{"mid":"m_10","is_unsupported":true}"#),
        event(1_770_000_000_014, r#""optin":{"ref":"x"}"#),
        event(1_770_000_000_015, r#""message":{"text":"no id"}"#),
        echo(APP, "m_11"),
        echo(263_902_037_430_900, "m_12"),
    ]
}

fn signed(body: &str) -> RawRequest {
    let request = post(body);
    let signature =
        Messenger::scheme().sign(&request, &Secret::new("app-secret-of-messenger")).unwrap();
    request.with_header("x-hub-signature-256", &signature).unwrap()
}

const TAKEN: &str = r#"{"recipient_id":"6544121","message_id":"m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM"}"#;

#[test]
fn messenger_and_instagram_are_lawful() {
    let keys = || KeyRing::new(Secret::new("app-secret-of-messenger"));
    for codec in [page(), page().with_human_agent()] {
        Subject::new(&codec, keys(), "6544121", now())
            .with_request(signed(&of_page(&events())))
            .with_request(signed(&of_page(&[])))
            .with_request(signed(&notification("page", "standby", &events()[..1])))
            .with_accepted(answer(200, TAKEN))
            .with_secret(TOKEN)
            .assert_lawful();
    }
    let instagram = instagram();
    Subject::new(&instagram, keys(), "6544121", now())
        .with_request(signed(&notification("instagram", "messaging", &events())))
        .with_accepted(answer(200, TAKEN))
        .with_secret(TOKEN)
        .assert_lawful();
}

#[test]
fn each_event_has_its_place() {
    let envelopes = read(&page(), &post(of_page(&events())));
    assert_eq!(envelopes.len(), 18);
    assert_eq!(message(&envelopes[0]).references, [ProviderId::new("m_0").unwrap()]);
    assert_eq!(envelopes[0].recipient, ProviderId::new("1906385232743451").ok());
    let Part::ChoiceMade(made) = &message(&envelopes[1]).content.parts[0] else { panic!() };
    assert_eq!((made.option.as_str(), made.label.as_ref().unwrap().as_str()), ("tue", "Selasa"));
    let kinds: Vec<_> = message(&envelopes[2]).content.media().map(|media| &media.kind).collect();
    assert_eq!(kinds, [&MediaKind::Image, &MediaKind::Sticker]);
    let place: Part = Location::new(GeoPoint::new(-6.2, 106.8).unwrap()).into();
    assert_eq!(message(&envelopes[3]).content.parts, [place]);
    assert_eq!(message(&envelopes[4]).content.parts.len(), 1, "the preview of a link is no part");
    let Part::ChoiceMade(made) = &message(&envelopes[5]).content.parts[0] else { panic!() };
    assert_eq!(made.option.as_str(), "GET_STARTED");
    for (place, emoji) in [(6, Written::new("❤").ok()), (7, None)] {
        let target = ProviderId::new("m_9").unwrap();
        assert_eq!(envelopes[place].body, MessageChange::Reacted { target, emoji }.into());
    }
    let delivered = |mid| Receipt::new(ProviderId::new(mid).unwrap(), ReceiptStatus::Delivered);
    assert_eq!(envelopes[8].body, delivered("m_8").into());
    assert_eq!(envelopes[9].body, delivered("m_9").into());
    assert_eq!(envelopes[10].body, Receipt::of_all(ReceiptStatus::Read).into());
    assert_eq!(envelopes[10].occurred, Some(now() - TimeDelta::seconds(1)), "the watermark");
    assert!(matches!(&envelopes[11].body, EnvelopeBody::Change(MessageChange::Edited { .. })));
    assert!(matches!(&envelopes[12].body, EnvelopeBody::Change(MessageChange::Deleted { .. })));
    let Part::System(line) = &message(&envelopes[13]).content.parts[0] else { panic!() };
    assert_eq!(line.kind, SystemKind::Unsupported);
    assert_eq!(ignored(&envelopes[14]), IgnoredReason::UnknownKind);
    assert_eq!(ignored(&envelopes[15]), IgnoredReason::Malformed);
    assert_eq!(ignored(&envelopes[16]), IgnoredReason::OwnEcho);
    assert_eq!(message(&envelopes[17]).author, MessageAuthor::Business);
    assert_eq!(envelopes[17].sender.as_ref().unwrap().touchpoint.id, "6544121");
}

#[test]
fn without_our_apps_id_every_echo_is_ours() {
    let page = Messenger::new("shop-page", "1", Secret::new(TOKEN));
    let envelope = only(&page, &of_page(&[echo(263_902_037_430_900, "m_12")]));
    assert_eq!(ignored(&envelope), IgnoredReason::OwnEcho);
}

#[test]
fn another_app_or_account_may_be_meant() {
    let standby = notification("page", "standby", &events()[..1]);
    assert_eq!(ignored(&only(&page(), &standby)), IgnoredReason::NotInCharge);
    let other = notification("instagram", "messaging", &events()[..1]);
    assert_eq!(ignored(&only(&page(), &other)), IgnoredReason::UnknownKind);
}

#[test]
fn instagram_names_the_message_that_was_seen() {
    let seen = event(1_770_000_000_000, r#""read":{"mid":"aWdfZAG1f"}"#);
    let envelope = only(&instagram(), &notification("instagram", "messaging", &[seen]));
    let target = ProviderId::new("aWdfZAG1f").unwrap();
    assert_eq!(envelope.body, Receipt::new(target, ReceiptStatus::Read).into());
}

#[test]
fn only_a_person_goes_under_the_human_agent_tag() {
    let text = || Action::Say(Text::plain("Ada").unwrap().into());
    let codec = page().with_human_agent();
    let person = json(&wire(&codec, &outbound(&codec, "6544121", text())));
    assert_eq!(
        (&person["messaging_type"], &person["tag"]),
        (&"MESSAGE_TAG".into(), &"HUMAN_AGENT".into())
    );
    let machine = outbound(&codec, "6544121", text()).with_voice(Voice::Machine);
    assert_eq!(json(&wire(&codec, &machine))["messaging_type"], "RESPONSE");
    let without = json(&wire(&page(), &outbound(&page(), "6544121", text())));
    assert_eq!(
        (&without["messaging_type"], &without["tag"]),
        (&"RESPONSE".into(), &serde_json::Value::Null)
    );
}

#[test]
fn the_window_is_a_day_and_for_people_a_week() {
    let mut leg = WindowLedger::default();
    leg.record(kontak_channel::Opening::Message, now());
    for (codec, later) in [(page(), Support::Rejected), (page().with_human_agent(), Support::Full)]
    {
        let rule = codec.capabilities(Window::Unlimited).window.unwrap();
        let at = |hours| codec.capabilities(leg.window(&rule, now() + TimeDelta::hours(hours)));
        assert_eq!(at(23).text.support, Support::Full);
        assert_eq!(at(24).text.support, later);
        assert_eq!(at(7 * 24).text.support, Support::Rejected);
    }
}

fn offer(options: usize) -> ChoiceOffered {
    let option = |number: usize| {
        let id = OptionId::new(format!("day-{number}")).unwrap();
        ChoiceOption::new(id, Written::new(format!("Hari {number}")).unwrap())
    };
    let layout = ChoiceLayout::Buttons((1..=options).map(option).collect());
    let offer =
        ChoiceOffered::new(OfferId::new("day").unwrap(), layout, FreeText::Allowed).unwrap();
    offer.with_prompt(Text::plain("Kapan?").unwrap())
}

#[test]
fn few_buttons_stay_and_many_are_quick_replies() {
    let three = json(&say(&page(), "6544121", offer(3)));
    let payload = &three["message"]["attachment"]["payload"];
    assert_eq!(
        (&payload["template_type"], &payload["buttons"][2]["payload"]),
        (&"button".into(), &"day-3".into())
    );
    let four = json(&say(&page(), "6544121", offer(4)));
    assert_eq!(four["message"]["quick_replies"][3]["title"], "Hari 4");
    let url = Remote::Url("https://cdn.example/struk.jpg".parse().unwrap());
    let picture = Media::new(MediaKind::Image, MediaPlace::Remote(url));
    let picture = json(&say(&page(), "6544121", picture));
    assert_eq!(picture["message"]["attachment"]["payload"]["url"], "https://cdn.example/struk.jpg");
}

#[test]
fn what_answers_mean() {
    let error = |code: i64, subcode: i64| {
        format!(
            r#"{{"error":{{"message":"x","type":"OAuthException","code":{code},"error_subcode":{subcode},"fbtrace_id":"A"}}}}"#
        )
    };
    let of = |status, code, subcode| failure(&page(), status, &error(code, subcode));
    assert_eq!(
        of(400, 10, 2_018_278),
        SendError::WindowClosed { reopened_by: Reopening::OtherChannel }
    );
    assert!(matches!(of(400, 551, 1_545_041), SendError::OptedOut { .. }));
    assert!(matches!(of(400, 190, 463), SendError::Unauthorized { .. }));
    assert!(matches!(of(400, 613, 0), SendError::Throttled { .. }));
    assert!(matches!(of(400, 100, 2_018_034), SendError::Invalid { .. }));
    // Nobody knows whether the message went out.
    assert!(matches!(of(500, 2, 0), SendError::Ambiguous { .. }));
    let typing = page().interpret(&answer(200, r#"{"recipient_id":"6544121"}"#)).unwrap();
    assert!(typing.ids.is_empty());
}

#[test]
fn meta_asks_before_it_subscribes() {
    let ask = |token: &str| {
        let url = format!(
            "https://h.example/m?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}"
        );
        page().handshake(
            &RawRequest::get(url.parse().unwrap()),
            &KeyRing::new(Secret::new("meatyhamhock")),
        )
    };
    assert_eq!(ask("meatyhamhock").unwrap().body, "1158201444");
    assert!(ask("other").is_none());
}

/// A Graph on the loopback interface takes a file and then the message that shows it.
#[tokio::test]
async fn a_file_is_given_to_the_graph_and_then_sent() {
    use kontak_channel::{Channel, Upload, Wired};
    use kontak_channels::http_client::HttpClient;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let graph = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut heard = Vec::new();
        for answer in [r#"{"attachment_id":"1854626884821032"}"#, TAKEN] {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            loop {
                let mut buffer = [0; 4_096];
                let read = socket.read(&mut buffer).await.unwrap();
                request.extend_from_slice(&buffer[..read]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let head = head.to_ascii_lowercase();
                let length = head.split("content-length: ").nth(1).unwrap();
                let length: usize = length.lines().next().unwrap().parse().unwrap();
                if body.len() >= length {
                    heard.push(text);
                    break;
                }
            }
            let length = answer.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{answer}"
            );
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
        heard
    });
    let channel = Wired::new(page().with_graph(&graph), HttpClient::new());
    let file = Upload::new(MediaKind::Image, "image/png".parse().unwrap(), "a picture")
        .with_name("struk.png".parse().unwrap());
    let kept = channel.uploads().unwrap().upload(&file).await.unwrap();
    assert_eq!(kept.as_str(), "1854626884821032");
    let media = Media::new(MediaKind::Image, MediaPlace::Remote(Remote::Provider(kept)));
    let out = outbound(channel.codec(), "6544121", Action::Say(media.into()));
    let receipt = channel.send(&out, now()).await.unwrap();
    assert_eq!(receipt.ids.len(), 1);
    let heard = server.await.unwrap();
    assert!(heard[0].starts_with("POST /1906385232743451/message_attachments "));
    assert!(heard[0].contains(
        "filename=\"struk.png\"\r\nContent-Type: image/png\r\n\r\na picture\r\n--kontak-"
    ));
    assert!(heard[0].contains(&format!("Bearer {TOKEN}")));
    assert!(heard[1].contains(r#""attachment_id":"1854626884821032""#));
}
