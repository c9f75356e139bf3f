//! Telegram: updates as the Bot API documents them.

use crate::world::{answer, failure, ignored, json, message, now, only, outbound, post, say, wire};
use kontak_channel::chrono::TimeDelta;
use kontak_channel::conformance::Subject;
use kontak_channel::content::{
    ChoiceLayout, ChoiceOffered, ChoiceOption, Content, FreeText, MediaKind, OfferId, OptionId,
    Part, Remote, Text, Written,
};
use kontak_channel::{
    Action, Codec, Consent, ConsentScope, EnvelopeBody, IgnoredReason, KeyRing, MessageChange,
    ProviderId, RawRequest, Secret, SendError,
};
use kontak_channels::telegram::Telegram;
use serde_json::Value;
use std::collections::BTreeMap;

const TOKEN: &str = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

fn bot() -> Telegram {
    Telegram::new("shop-bot", Secret::new(TOKEN))
}

const FROM: &str = r#""from":{"id":1111111,"is_bot":false,"first_name":"Budi","last_name":"Santoso","username":"budi_s","language_code":"id"},"chat":{"id":1111111,"first_name":"Budi","type":"private"}"#;

fn update(kind: &str, inside: &str) -> String {
    format!(
        r#"{{"update_id":10001,"{kind}":{{"message_id":1366,"date":1770000000,{FROM},{inside}}}}}"#
    )
}

fn text() -> String {
    update(
        "message",
        r#""text":"Apakah masih ada?","reply_to_message":{"message_id":1300,"date":1,"chat":{"id":1111111,"type":"private"}}"#,
    )
}

fn photo() -> String {
    update(
        "message",
        r#""photo":[{"file_id":"small","file_unique_id":"a","width":90,"height":90,"file_size":1100},{"file_id":"large","file_unique_id":"b","width":800,"height":800,"file_size":80000}],"caption":"Rusak begini""#,
    )
}

fn tap() -> String {
    r#"{"update_id":10002,"callback_query":{"id":"4382bfdwdsb323b2d9","from":{"id":1111111,"is_bot":false,"first_name":"Budi"},"chat_instance":"1","data":"tue","message":{"message_id":77,"date":1770000000,"chat":{"id":1111111,"type":"private"},"text":"Kapan?","reply_markup":{"inline_keyboard":[[{"text":"Senin","callback_data":"mon"}],[{"text":"Selasa","callback_data":"tue"}]]}}}}"#.to_owned()
}

const BLOCKED: &str = r#"{"update_id":10003,"my_chat_member":{"chat":{"id":1111111,"type":"private"},"from":{"id":1111111,"is_bot":false,"first_name":"Budi"},"date":1770000000,"old_chat_member":{"user":{"id":9,"is_bot":true,"first_name":"Bot"},"status":"member"},"new_chat_member":{"user":{"id":9,"is_bot":true,"first_name":"Bot"},"status":"kicked","until_date":0}}}"#;
const REACTED: &str = r#"{"update_id":10004,"message_reaction":{"chat":{"id":1111111,"type":"private"},"message_id":77,"user":{"id":1111111,"is_bot":false,"first_name":"Budi"},"date":1770000000,"old_reaction":[],"new_reaction":[{"type":"emoji","emoji":"👍"}]}}"#;

fn signed(body: &str) -> RawRequest {
    post(body).with_header("x-telegram-bot-api-secret-token", "rahasia-telegram").unwrap()
}

#[test]
fn telegram_is_lawful() {
    let bot = bot();
    let keys = KeyRing::new(Secret::new("rahasia-telegram"));
    let mut subject = Subject::new(&bot, keys, "1111111", now()).with_secret(TOKEN);
    for body in
        [text(), photo().replace("1366", "1367"), tap(), BLOCKED.to_owned(), REACTED.to_owned()]
    {
        subject = subject.with_request(signed(&body));
    }
    let taken = r#"{"ok":true,"result":{"message_id":78,"date":1770000000,"chat":{"id":1111111,"type":"private"},"text":"Halo"}}"#;
    subject.with_accepted(answer(200, taken)).assert_lawful();
}

#[test]
fn a_text_answers_another_message() {
    let envelope = only(&bot(), &text());
    assert_eq!(message(&envelope).id.as_str(), "1111111:1366");
    assert_eq!(message(&envelope).references, [ProviderId::new("1111111:1300").unwrap()]);
    let sender = envelope.sender.unwrap();
    assert_eq!(sender.user_name.unwrap().as_str(), "budi_s");
    assert_eq!(sender.display_name.unwrap().as_str(), "Budi Santoso");
    assert_eq!(sender.phone, None);
}

#[test]
fn of_a_photo_the_largest_is_taken() {
    let envelope = only(&bot(), &photo());
    let Part::Media(media) = &message(&envelope).content.parts[0] else { panic!() };
    assert_eq!((&media.kind, media.size.unwrap().bytes()), (&MediaKind::Image, 80_000));
    assert_eq!(media.caption, Text::plain("Rusak begini").ok());
}

#[test]
fn a_number_is_attested_where_it_is_the_senders_own() {
    let card = |user: i64| {
        update(
            "message",
            &format!(
                r#""contact":{{"phone_number":"6281290435517","first_name":"Budi","user_id":{user}}}"#
            ),
        )
    };
    assert!(only(&bot(), &card(1_111_111)).sender.unwrap().phone.is_some());
    assert_eq!(only(&bot(), &card(2)).sender.unwrap().phone, None);
}

#[test]
fn a_tap_is_a_choice_and_is_answered_at_once() {
    let envelope = only(&bot(), &tap());
    let Part::ChoiceMade(made) = &message(&envelope).content.parts[0] else { panic!() };
    assert_eq!((made.option.as_str(), made.label.as_ref().unwrap().as_str()), ("tue", "Selasa"));
    let bot = bot();
    let request = signed(&tap());
    let keys = KeyRing::new(Secret::new("rahasia-telegram"));
    let verified = bot.verify(&request, &keys, now()).unwrap();
    let answer = bot.acknowledge(&verified);
    assert!(String::from_utf8_lossy(&answer.body).contains("4382bfdwdsb323b2d9"));
}

#[test]
fn edits_blocks_and_reactions() {
    let edited =
        update("edited_message", r#""text":"Apakah masih ada stok?","edit_date":1770000060"#);
    let envelope = only(&bot(), &edited);
    assert!(
        matches!(&envelope.body, EnvelopeBody::Change(MessageChange::Edited { target, .. }) if target.as_str() == "1111111:1366")
    );
    assert_eq!(envelope.occurred, Some(now() + TimeDelta::minutes(1)));
    let withdrawn = Consent::withdrawn(ConsentScope::Everything);
    assert_eq!(only(&bot(), BLOCKED).body, withdrawn.into());
    assert!(matches!(
        only(&bot(), REACTED).body,
        EnvelopeBody::Change(MessageChange::Reacted { emoji: Some(_), .. })
    ));
    let poll = r#"{"update_id":1,"poll":{"id":"5"}}"#;
    assert_eq!(ignored(&only(&bot(), poll)), IgnoredReason::UnknownKind);
}

#[test]
fn a_group_is_a_thread() {
    let group = text().replace(
        r#""id":1111111,"first_name":"Budi","type":"private""#,
        r#""id":-1001234,"type":"supergroup""#,
    );
    assert_eq!(message(&only(&bot(), &group)).thread, ProviderId::new("-1001234").ok());
    let back = outbound(&bot(), "1111111", Action::Say(Content::plain("Ada").unwrap()));
    let request = wire(&bot(), &back.with_thread(ProviderId::new("-1001234:5").unwrap()));
    assert_eq!(
        (json(&request)["chat_id"].as_i64(), json(&request)["message_thread_id"].as_i64()),
        (Some(-1_001_234), Some(5))
    );
}

#[test]
fn buttons_go_as_a_keyboard() {
    let option = ChoiceOption::new(OptionId::new("mon").unwrap(), Written::new("Senin").unwrap());
    let offer = ChoiceOffered::new(
        OfferId::new("day").unwrap(),
        ChoiceLayout::Buttons(vec![option]),
        FreeText::Allowed,
    );
    let request =
        say(&bot(), "1111111", offer.unwrap().with_prompt(Text::plain("Kapan?").unwrap()));
    assert!(request.url.as_str().ends_with("/sendMessage"));
    assert!(!format!("{request:?}").contains(TOKEN));
    assert_eq!(json(&request)["reply_markup"]["inline_keyboard"][0][0]["callback_data"], "mon");
}

#[test]
fn what_answers_mean() {
    let flood = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 5","parameters":{"retry_after":5}}"#;
    assert_eq!(
        failure(&bot(), 429, flood),
        SendError::Throttled { retry_after: Some(TimeDelta::seconds(5)) }
    );
    let blocked =
        r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#;
    assert!(matches!(failure(&bot(), 403, blocked), SendError::OptedOut { .. }));
    assert!(matches!(failure(&bot(), 404, r#"{"ok":false}"#), SendError::Unauthorized { .. }));
    assert!(matches!(failure(&bot(), 502, "<html>"), SendError::Ambiguous { .. }));
}

#[derive(serde::Deserialize)]
struct Vector {
    update: Value,
    read: BTreeMap<String, Value>,
}

/// What python-telegram-bot reads in an update, we read there too.
#[test]
fn an_update_says_to_us_what_it_says_to_others() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../vectors/telegram.json")).unwrap();
    assert_eq!(vectors.len(), 15);
    for Vector { update, read } in vectors {
        let envelope = only(&bot(), &update.to_string());
        let sender = envelope.sender.clone().unwrap();
        let mut ours: BTreeMap<String, Value> = BTreeMap::new();
        let mut put = |name: &str, value: Value| drop(ours.insert(name.to_owned(), value));
        put("user", sender.touchpoint.id.parse::<i64>().unwrap().into());
        put("name", sender.display_name.unwrap().as_str().into());
        put("user_name", sender.user_name.unwrap().as_str().into());
        let content = match &envelope.body {
            EnvelopeBody::Message(message) => {
                if !message.id.as_str().starts_with("tap:") {
                    put("message", message.id.as_str().into());
                    if let Some(earlier) = message.references.first() {
                        put("reply_to", earlier.as_str().into());
                    }
                }
                Some(&message.content)
            }
            EnvelopeBody::Change(MessageChange::Edited { target, content }) => {
                put("message", target.as_str().into());
                Some(content)
            }
            EnvelopeBody::Change(MessageChange::Reacted { emoji, .. }) => {
                put("emoji", emoji.as_ref().unwrap().as_str().into());
                None
            }
            other => panic!("{other:?}"),
        };
        for part in content.into_iter().flat_map(|content| &content.parts) {
            match part {
                Part::Text(text) => put("text", text.body.as_str().into()),
                Part::ChoiceMade(made) => put("option", made.option.as_str().into()),
                Part::Media(media) => {
                    let Some(Remote::Provider(file)) = media.place.remote() else { panic!() };
                    put("file", file.as_str().into());
                    put("size", media.size.unwrap().bytes().into());
                    if let Some(caption) = &media.caption {
                        put("caption", caption.body.as_str().into());
                    }
                }
                _ => {}
            }
        }
        if ours.contains_key("message") {
            ours.insert("at".to_owned(), envelope.occurred.unwrap().timestamp().into());
        }
        assert_eq!(ours, read, "{update}");
    }
}
