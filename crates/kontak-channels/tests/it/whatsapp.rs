//! WhatsApp: the Cloud API's notifications and answers.

use crate::world::{
    answer, failure, ignored, json, message, now, only, outbound, post, read, say, wire,
};
use kontak_channel::conformance::Subject;
use kontak_channel::content::{
    CallDirection, ChoiceLayout, ChoiceOffered, ChoiceOption, ChoiceSection, Content, FreeText,
    MediaKind, OfferId, OptionId, Part, SystemKind, Template, TemplateName, TemplateParameter,
    TemplateSlot, TemplateValue, Text, Written,
};
use kontak_channel::{
    Action, CallStage, Codec, Consent, ConsentScope, EnvelopeBody, HttpRequest, IgnoredReason,
    KeyRing, MessageAuthor, MessageChange, ProviderId, RawRequest, ReceiptStatus, Secret,
    SendError, Window,
};
use kontak_channels::whatsapp::WhatsApp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const TOKEN: &str = "EAAG-whatsapp-access-token";

fn whatsapp() -> WhatsApp {
    WhatsApp::new("shop-jakarta", "106540352242922", Secret::new(TOKEN)).with_portfolio("toko")
}

const CONTACTS: &str = r#""contacts":[{"profile":{"name":"Budi Santoso","username":"budi_s"},"wa_id":"6281290435517","user_id":"ID.13491208655302741918"}]"#;

fn change(field: &str, inside: &str) -> String {
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"102290129340398","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"15550783881","phone_number_id":"106540352242922"}},{inside}}},"field":"{field}"}}]}}]}}"#
    )
}

fn text() -> String {
    change(
        "messages",
        &format!(
            r#"{CONTACTS},"messages":[{{"context":{{"from":"15550783881","id":"wamid.A0"}},"from":"6281290435517","from_user_id":"ID.13491208655302741918","id":"wamid.A1","timestamp":"1770000000","type":"text","text":{{"body":"Apakah masih ada stok?"}}}}]"#
        ),
    )
}

fn statuses() -> String {
    let status = |status: &str| {
        format!(
            r#"{{"id":"wamid.B1","status":"{status}","timestamp":"1770000005","recipient_id":"6281290435517"}}"#
        )
    };
    let failed = r#"{"id":"wamid.B2","status":"failed","timestamp":"1770000005","recipient_id":"6281290435517","errors":[{"code":131026,"title":"Message undeliverable"}]}"#;
    change(
        "messages",
        &format!(
            r#""statuses":[{},{},{},{failed},{{"id":7}}]"#,
            status("sent"),
            status("delivered"),
            status("read")
        ),
    )
}

fn many() -> String {
    let inside = [
        r#"{"from":"6281290435517","id":"wamid.C1","timestamp":"1770000000","type":"image","image":{"caption":"Rusak begini","mime_type":"image/jpeg","sha256":"4654+8g=","id":"65463453"}}"#,
        r#"{"from":"6281290435517","id":"wamid.C2","timestamp":"1770000000","type":"audio","audio":{"mime_type":"audio/ogg; codecs=opus","id":"65463454","voice":true}}"#,
        r#"{"from":"6281290435517","id":"wamid.C3","timestamp":"1770000000","type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"tue","title":"Selasa"}}}"#,
        r#"{"from":"6281290435517","id":"wamid.C4","timestamp":"1770000000","type":"reaction","reaction":{"message_id":"wamid.A0","emoji":"👍"}}"#,
        r#"{"from":"6281290435517","id":"wamid.C5","timestamp":"1770000000","type":"poll_creation","poll":{}}"#,
        r#"{"from":"6281290435517","id":"wamid.C6","timestamp":"1770000000","type":"text"}"#,
    ];
    change("messages", &format!(r#"{CONTACTS},"messages":[{}]"#, inside.join(",")))
}

fn signed(body: &str) -> RawRequest {
    let request = post(body);
    let signature = WhatsApp::scheme().sign(&request, &Secret::new("app-secret-of-meta")).unwrap();
    request.with_header("x-hub-signature-256", &signature).unwrap()
}

const TAKEN: &str = r#"{"messaging_product":"whatsapp","contacts":[{"input":"6281290435517","wa_id":"6281290435517"}],"messages":[{"id":"wamid.B1","message_status":"accepted"}]}"#;

#[test]
fn whatsapp_is_lawful() {
    let whatsapp = whatsapp();
    Subject::new(
        &whatsapp,
        KeyRing::new(Secret::new("app-secret-of-meta")),
        "6281290435517",
        now(),
    )
    .with_request(signed(&text()))
    .with_request(signed(&statuses()))
    .with_request(signed(&many()))
    .with_accepted(answer(200, TAKEN))
    .with_secret(TOKEN)
    .assert_lawful();
}

#[test]
fn the_business_scoped_id_is_the_account() {
    let envelope = only(&whatsapp(), &text());
    assert_eq!(message(&envelope).references, [ProviderId::new("wamid.A0").unwrap()]);
    assert_eq!(envelope.recipient, ProviderId::new("106540352242922").ok());
    assert_eq!(envelope.occurred, Some(now()));
    let sender = envelope.sender.unwrap();
    assert_eq!(
        (&*sender.touchpoint.scope, &*sender.touchpoint.id),
        ("toko", "ID.13491208655302741918")
    );
    assert_eq!(sender.also[0].id, "6281290435517");
    assert_eq!(sender.phone, Some("+6281290435517".parse().unwrap()));
    assert_eq!(sender.user_name.unwrap().as_str(), "budi_s");
}

#[test]
fn a_person_with_a_user_name_may_have_no_number() {
    let bare =
        text().replace(r#""wa_id":"6281290435517","#, "").replace(r#""from":"6281290435517","#, "");
    let sender = only(&whatsapp(), &bare).sender.unwrap();
    assert_eq!(sender.touchpoint.id, "ID.13491208655302741918");
    assert_eq!((sender.phone, sender.also.len()), (None, 0));
}

#[test]
fn a_notification_from_before_2026_has_a_number_alone() {
    let classic = text()
        .replace(r#","user_id":"ID.13491208655302741918""#, "")
        .replace(r#""from_user_id":"ID.13491208655302741918","#, "");
    let sender = only(&whatsapp(), &classic).sender.unwrap();
    assert_eq!((&*sender.touchpoint.id, sender.also.len()), ("6281290435517", 0));
}

#[test]
fn one_notification_brings_many_things() {
    let envelopes = read(&whatsapp(), &post(many()));
    assert_eq!(envelopes.len(), 6);
    let Part::Media(photo) = &message(&envelopes[0]).content.parts[0] else { panic!() };
    assert_eq!(photo.caption, Text::plain("Rusak begini").ok());
    let Part::Media(voice) = &message(&envelopes[1]).content.parts[0] else { panic!() };
    assert_eq!(voice.kind, MediaKind::VoiceNote);
    let Part::ChoiceMade(made) = &message(&envelopes[2]).content.parts[0] else { panic!() };
    assert_eq!(made.option.as_str(), "tue");
    assert!(matches!(envelopes[3].body, EnvelopeBody::Change(MessageChange::Reacted { .. })));
    assert_eq!(ignored(&envelopes[4]), IgnoredReason::UnknownKind);
    assert_eq!(ignored(&envelopes[5]), IgnoredReason::Malformed);
}

#[test]
fn each_status_is_a_thing_of_its_own() {
    let envelopes = read(&whatsapp(), &post(statuses()));
    let far: Vec<_> = envelopes
        .iter()
        .filter_map(|envelope| match &envelope.body {
            EnvelopeBody::Receipt(receipt) => Some(receipt.status),
            _ => None,
        })
        .collect();
    let expected =
        [ReceiptStatus::Sent, ReceiptStatus::Delivered, ReceiptStatus::Read, ReceiptStatus::Failed];
    assert_eq!(far, expected);
    let EnvelopeBody::Receipt(failed) = &envelopes[3].body else { panic!() };
    assert_eq!(&*failed.failure.as_ref().unwrap().code, "131026");
    assert_eq!(ignored(&envelopes[4]), IgnoredReason::Malformed);
}

/// What each of pywa's 74 published payloads should be, by file and name.
#[test]
fn the_published_payloads_are_what_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/whatsapp");
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: the optional data folder is not there");
        return;
    };
    let mut counted = BTreeMap::new();
    let mut payloads = 0;
    for file in files.map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let cases: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
        for (case, body) in cases {
            payloads += 1;
            let envelopes = read(&whatsapp(), &post(body.to_string()));
            assert_eq!(envelopes.len(), 1, "{name} {case}");
            let envelope = &envelopes[0];
            let kind = match &envelope.body {
                EnvelopeBody::Message(message) => match message.author {
                    MessageAuthor::Customer => "message",
                    MessageAuthor::Business => "echo",
                    _ => "machine",
                },
                EnvelopeBody::Change(MessageChange::Edited { .. }) => "edited",
                EnvelopeBody::Change(MessageChange::Deleted { .. }) => "deleted",
                EnvelopeBody::Change(_) => "reacted",
                EnvelopeBody::Receipt(_) => "receipt",
                EnvelopeBody::Call(_) => "call",
                EnvelopeBody::Consent(_) => "consent",
                EnvelopeBody::Ignored(ignored) => {
                    assert_eq!(ignored.reason, IgnoredReason::AccountNotice, "{name} {case}");
                    "notice"
                }
                other => panic!("{name} {case}: {other:?}"),
            };
            if kind != "notice" {
                assert!(envelope.sender.is_some(), "{name} {case} is of nobody");
                assert!(envelope.occurred.is_some(), "{name} {case} has no time");
            }
            *counted.entry((name.clone(), kind)).or_insert(0) += 1;
        }
    }
    let counted: Vec<_> =
        counted.iter().map(|((name, kind), count)| (name.as_str(), *kind, *count)).collect();
    let notices = counted
        .iter()
        .filter(|(_, kind, _)| *kind == "notice")
        .map(|(.., count)| count)
        .sum::<i32>();
    assert_eq!((payloads, notices), (74, 22), "{counted:?}");
    for expected in [
        ("call_connect", "call", 2),
        ("call_permission_update", "consent", 2),
        ("call_terminate", "call", 1),
        ("callback_button", "message", 3),
        ("callback_selection", "message", 2),
        ("deleted_message", "deleted", 1),
        ("edited_message", "edited", 1),
        ("flow_completion", "message", 2),
        ("message_status", "receipt", 7),
        ("outgoing_message", "echo", 1),
        ("system", "machine", 2),
        ("user_marketing_preferences", "consent", 2),
    ] {
        assert!(counted.contains(&expected), "{expected:?} in {counted:?}");
    }
}

#[test]
fn calls_edits_echoes_and_preferences() {
    let call = change(
        "calls",
        &format!(
            r#"{CONTACTS},"calls":[{{"id":"wacid.1","from":"6281290435517","to":"15550783881","event":"terminate","timestamp":"1770000120","direction":"USER_INITIATED","status":"COMPLETED","start_time":"1770000000","end_time":"1770000120","duration":120}}]"#
        ),
    );
    let EnvelopeBody::Call(event) = only(&whatsapp(), &call).body else { panic!() };
    assert_eq!(event.direction, CallDirection::Inbound);
    assert!(
        matches!(event.stage, CallStage::Ended { seconds: Some(120), started: Some(started), .. } if started == now())
    );

    let edit = change(
        "messages",
        &format!(
            r#"{CONTACTS},"messages":[{{"from":"6281290435517","id":"wamid.D2","timestamp":"1770000001","type":"edit","edit":{{"original_message_id":"wamid.D1","message":{{"type":"text","text":{{"body":"Maaf, dua"}}}}}}}}]"#
        ),
    );
    let EnvelopeBody::Change(MessageChange::Edited { target, content }) =
        only(&whatsapp(), &edit).body
    else {
        panic!()
    };
    assert_eq!((target.as_str(), &*content.plain_text()), ("wamid.D1", "Maaf, dua"));

    let echo = change(
        "smb_message_echoes",
        &format!(
            r#"{CONTACTS},"message_echoes":[{{"from":"15550783881","to":"6281290435517","id":"wamid.E1","timestamp":"1770000001","type":"text","text":{{"body":"Baik"}}}}]"#
        ),
    );
    let envelope = only(&whatsapp(), &echo);
    assert_eq!(message(&envelope).author, MessageAuthor::Business);
    assert_eq!(envelope.sender.unwrap().touchpoint.id, "ID.13491208655302741918");

    let stop = change(
        "user_preferences",
        &format!(
            r#"{CONTACTS},"user_preferences":[{{"wa_id":"6281290435517","category":"marketing_messages","value":"stop","timestamp":1770000000}}]"#
        ),
    );
    assert_eq!(only(&whatsapp(), &stop).body, Consent::withdrawn(ConsentScope::Marketing).into());

    let moved = change(
        "messages",
        r#""messages":[{"from":"6281290435517","id":"wamid.F1","timestamp":"1770000000","type":"system","system":{"body":"Budi changed","wa_id":"6281111111111","type":"user_changed_number"}}]"#,
    );
    let envelope = only(&whatsapp(), &moved);
    let Part::System(line) = &message(&envelope).content.parts[0] else { panic!() };
    assert_eq!(line.kind, SystemKind::NumberChanged);
}

#[test]
fn the_address_answers_metas_question() {
    let asks = |query: &str| {
        let url = format!("https://h.example/wa?{query}");
        let keys = KeyRing::new(Secret::new("kata-sandi"));
        whatsapp().handshake(&RawRequest::get(url.parse().unwrap()), &keys).map(|a| a.body.to_vec())
    };
    let good = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=kata-sandi";
    assert_eq!(asks(good).as_deref(), Some(&b"1158201444"[..]));
    assert_eq!(asks(&good.replace("kata-sandi", "salah")), None);
    assert_eq!(asks(&good.replace("1158201444", "%3Cscript%3E")), None);
    assert_eq!(asks("a=b"), None);
}

fn options(count: usize) -> Vec<ChoiceOption> {
    (1..=count)
        .map(|n| {
            ChoiceOption::new(
                OptionId::new(format!("o{n}")).unwrap(),
                Written::new(format!("Hari {n}")).unwrap(),
            )
        })
        .collect()
}

fn send(content: impl Into<Content>) -> HttpRequest {
    say(&whatsapp(), "6281290435517", content)
}

#[test]
fn what_goes_out() {
    let request = send(Text::plain("Ada").unwrap());
    assert_eq!(request.url.as_str(), "https://graph.facebook.com/v24.0/106540352242922/messages");
    assert_eq!(request.headers["authorization"], format!("Bearer {TOKEN}"));
    let body = json(&request);
    assert_eq!(
        (body["to"].as_str(), body["text"]["body"].as_str()),
        (Some("6281290435517"), Some("Ada"))
    );
    assert_eq!(body["biz_opaque_callback_data"], "0192f0c1-2345-7abc-8def-0123456789ab");

    let scoped = say(&whatsapp(), "ID.13491208655302741918", Text::plain("Ada").unwrap());
    assert_eq!(json(&scoped)["recipient"], "ID.13491208655302741918");
    assert!(json(&scoped).get("to").is_none());
    let nobody = outbound(&whatsapp(), "budi@h.example", Action::Say(Content::plain("x").unwrap()));
    assert!(whatsapp().render(&nobody).is_err());

    let reply = outbound(&whatsapp(), "628129", Action::Say(Content::plain("x").unwrap()));
    let reply = wire(&whatsapp(), &reply.with_reply_to(ProviderId::new("wamid.A1").unwrap()));
    assert_eq!(json(&reply)["context"]["message_id"], "wamid.A1");
}

#[test]
fn buttons_lists_and_templates() {
    let offer = |layout| {
        ChoiceOffered::new(OfferId::new("day").unwrap(), layout, FreeText::Allowed)
            .unwrap()
            .with_prompt(Text::plain("Kapan?").unwrap())
    };
    let buttons = json(&send(offer(ChoiceLayout::Buttons(options(3)))));
    assert_eq!(buttons["interactive"]["action"]["buttons"][2]["reply"]["id"], "o3");
    let sections = vec![ChoiceSection::new(None, options(5))];
    let list =
        json(&send(offer(ChoiceLayout::List { opens_with: Written::new("Pilih").ok(), sections })));
    assert_eq!(list["interactive"]["type"], "list");
    assert_eq!(list["interactive"]["action"]["sections"][0]["rows"][4]["title"], "Hari 5");

    let words = |text: &str| TemplateValue::Text(Written::new(text).unwrap());
    let template =
        Template::new(TemplateName::new("order_ready").unwrap(), "en-US".parse().unwrap())
            .with_parameter(TemplateParameter::new(TemplateSlot::Body, words("Budi")))
            .with_parameter(TemplateParameter::new(TemplateSlot::Body, words("0042")))
            .with_parameter(TemplateParameter::new(TemplateSlot::Button(0), words("yes")));
    let sent = &json(&send(template))["template"];
    assert_eq!(sent["language"]["code"], "en_US");
    assert_eq!(sent["components"][0]["parameters"][1]["text"], "0042");
    assert_eq!(
        (&sent["components"][1]["index"], &sent["components"][1]["parameters"][0]["payload"]),
        (&Value::from("0"), &Value::from("yes"))
    );
}

#[test]
fn typing_goes_with_the_read_mark() {
    let typing = outbound(
        &whatsapp(),
        "6281",
        Action::ShowTyping { target: ProviderId::new("wamid.A1").ok() },
    );
    let body = json(&wire(&whatsapp(), &typing));
    assert_eq!(
        (&body["status"], &body["typing_indicator"]["type"]),
        (&Value::from("read"), &Value::from("text"))
    );
    assert!(whatsapp().interpret(&answer(200, r#"{"success":true}"#)).unwrap().ids.is_empty());
}

#[test]
fn what_errors_mean() {
    let error = |code: i64| {
        failure(
            &whatsapp(),
            400,
            &format!(
                r#"{{"error":{{"message":"x","type":"OAuthException","code":{code},"fbtrace_id":"A"}}}}"#
            ),
        )
    };
    assert!(matches!(error(131_047), SendError::WindowClosed { .. }));
    assert!(matches!(error(190), SendError::Unauthorized { .. }));
    assert!(matches!(error(130_429), SendError::Throttled { .. }));
    assert!(matches!(error(131_050), SendError::OptedOut { .. }));
    assert!(matches!(error(132_000), SendError::Invalid { .. }));
    assert!(matches!(error(131_042), SendError::Config { .. }));
    assert!(matches!(error(131_026), SendError::Rejected { .. }));
    assert!(matches!(failure(&whatsapp(), 502, "<html>"), SendError::Ambiguous { .. }));
}

#[test]
fn outside_the_window_it_can_do_less() {
    let rule = whatsapp().capabilities(Window::Unlimited).window.unwrap();
    let closed = Window::NeverOpened { reopened_by: rule.reopened_by };
    assert!(!whatsapp().capabilities(closed).text.support.is_usable());
    assert!(whatsapp().capabilities(closed).template.is_usable());
}
