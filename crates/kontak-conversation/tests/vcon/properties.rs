//! Whatever comes in: nothing panics, nothing is lost, nothing personal is shown.

use crate::story::{at, story};
use kontak_conversation::vcon::{
    Analysis, Attachment, Content, Dialog, DialogIndex, Disposition, Party, PartyEvent,
    PartyEventKind, PartyIndex, PartyRole, Reference, Seconds, Transfer, Vcon,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::Deserialize;
use serde_json::{Value, json};

const NAMES: &[&str] = &[
    "vcon",
    "uuid",
    "extensions",
    "critical",
    "created_at",
    "updated_at",
    "subject",
    "redacted",
    "amended",
    "appended",
    "group",
    "parties",
    "dialog",
    "analysis",
    "attachments",
    "tel",
    "name",
    "civicaddress",
    "type",
    "role",
    "start",
    "duration",
    "originator",
    "recordings",
    "recording_set",
    "body",
    "encoding",
    "url",
    "content_hash",
    "mediatype",
    "mimetype",
    "filename",
    "disposition",
    "session_id",
    "party_history",
    "party",
    "time",
    "event",
    "button",
    "local",
    "remote",
    "transferor",
    "transferee",
    "transfer_target",
    "transfer-target",
    "original",
    "consultation",
    "target_dialog",
    "application",
    "message_id",
    "skill",
    "purpose",
    "attachment",
    "vendor",
    "product",
    "schema",
    "alg",
    "signature",
    "must_support",
    "x-own",
];

/// Every free text has this mark in it, so that one that leaks is seen.
const MARK: char = '§';

fn leaf() -> impl Strategy<Value = Value> {
    let word = select(vec![
        "recording",
        "text",
        "transfer",
        "incomplete",
        "recording-set",
        "none",
        "json",
        "base64url",
        "base64",
        "hold",
        "keydown",
        "agent",
        "person",
        "summary",
        "no-answer",
        "SHA-512",
        "CC",
        "text/plain",
        "text/plain; charset=utf-8",
        "2026-02-02T02:40:00Z",
        "2026-02-02T02:40:60Z",
        "2026-02-02t02:40:00.1234567+07:00",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "019c1bd7-1000-8000-a5a3-b7a0fb0a5a5a",
        "019C1BD7100080008000B7A0FB0A5A5A",
        "T2dnUw==",
        "https://rec.example/1",
        "sha512-BwcH",
        "0.0.1",
        "",
    ]);
    prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        4 => (0_u32..4).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        6 => word.prop_map(Value::from),
        3 => ".{0,8}".prop_map(|text| Value::from(format!("{MARK}{text}"))),
    ]
}

fn json_value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 96, 6, |inner| {
        let name = select(NAMES.to_vec()).prop_map(str::to_owned);
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(name, inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A member that is of the draft, or nearly so: what a draw of any name and any value seldom hits.
fn near() -> impl Strategy<Value = (String, Value)> {
    let event = json!({ "party": 0, "time": "2026-02-02T02:40:00Z", "event": "keydown" });
    let members = [
        ("uuid", json!("019C1BD7-1000-8000-A5A3-B7A0FB0A5A5A")),
        ("uuid", json!("019c1bd7-1000-8000-a5a3-b7a0fb0a5a5a")),
        ("type", json!("recording")),
        ("type", json!("transfer")),
        ("start", json!("2026-02-02T02:40:00.000Z")),
        ("duration", json!(1.0)),
        ("originator", json!(1.0)),
        ("originator", json!(1)),
        ("parties", json!([0, null, [1]])),
        ("parties", json!([[null]])),
        ("recordings", json!([])),
        ("recordings", json!([0, -1])),
        ("session_id", json!([{ "local": null }, [{}]])),
        ("session_id", json!({ "remote": "§" })),
        ("party_history", json!([event])),
        ("party_history", json!([event, null])),
        ("transfer_target", json!([0])),
        ("skill", json!("§")),
        ("skill", json!(["§", 1])),
        ("encoding", json!("base64")),
        ("encoding", json!("none")),
        ("body", json!("T2dnUw==")),
        ("body", json!({ "§": "§" })),
        ("body", Value::Null),
        ("mimetype", json!("text/plain; charset=UTF-8")),
        ("mediatype", json!("text/plain; charset=UTF-8")),
        ("content_hash", json!(["sha512-BwcH", "§"])),
        ("civicaddress", json!({ "pc": "§" })),
        ("civicaddress", json!({ "pc": 1 })),
    ];
    select(members.map(|(name, value)| (name.to_owned(), value)).to_vec())
}

/// An object with the four lists of a vCon in it, filled with whatever.
fn document() -> impl Strategy<Value = Value> {
    let object = || {
        let any = (select(NAMES.to_vec()).prop_map(str::to_owned), json_value());
        vec(prop_oneof![any, near()], 0..8)
            .prop_map(|members| Value::Object(members.into_iter().collect()))
    };
    let lists =
        (vec(object(), 0..3), vec(object(), 0..4), vec(object(), 0..3), vec(object(), 0..3));
    (object(), lists).prop_map(|(mut document, (parties, dialog, analysis, attachments))| {
        document["parties"] = parties.into();
        document["dialog"] = dialog.into();
        document["analysis"] = analysis.into();
        document["attachments"] = attachments.into();
        document
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,12}", "[a-z ]{1,10}", Just("Chị Hoa 🙏\u{0}\n\"".to_owned())]
}

fn instant() -> impl Strategy<Value = chrono::DateTime<chrono::Utc>> {
    // 1 AD to 9999 AD, in microseconds.
    (-62_135_596_800_000_000_i64..253_402_300_800_000_000, any::<bool>()).prop_map(
        |(micros, whole)| {
            let micros = if whole { micros.div_euclid(1_000_000) * 1_000_000 } else { micros };
            chrono::DateTime::from_timestamp_micros(micros).unwrap()
        },
    )
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        text().prop_map(Content::text),
        json_value().prop_map(Content::json),
        vec(any::<u8>(), 0..40).prop_map(|payload| Content::bytes("audio/ogg", &payload)),
        any::<[u8; 32]>().prop_map(|half| {
            let hash = [half, half].concat().try_into().unwrap();
            Content::external("video/mp4", "https://rec.example/a?b=%20", &hash)
        }),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Text(Index, Vec<Index>, String),
    Recording(Vec<Index>, Content, u32, Vec<(Index, PartyEventKind)>),
    Incomplete(Index, &'static str),
    Transfer([Index; 3], [Index; 3]),
    Commitment(Index, Index, Value),
    Summary(Vec<Index>, String),
}

fn step() -> impl Strategy<Value = Step> {
    let events = ["join", "drop", "hold", "unhold", "mute", "unmute", "keydown", "keyup"];
    let event = (any::<Index>(), select(events.to_vec()).prop_map(PartyEventKind::from));
    prop_oneof![
        (any::<Index>(), vec(any::<Index>(), 0..3), text())
            .prop_map(|(from, to, text)| { Step::Text(from, to, text) }),
        (vec(any::<Index>(), 1..3), content(), any::<u32>(), vec(event, 0..4)).prop_map(
            |(parties, content, millis, events)| {
                Step::Recording(parties, content, millis, events)
            }
        ),
        (any::<Index>(), select(Disposition::LISTED))
            .prop_map(|(party, word)| Step::Incomplete(party, word)),
        any::<([Index; 3], [Index; 3])>()
            .prop_map(|(parties, dialogs)| Step::Transfer(parties, dialogs)),
        (any::<Index>(), any::<Index>(), json_value())
            .prop_map(|(party, dialog, promise)| { Step::Commitment(party, dialog, promise) }),
        (vec(any::<Index>(), 1..3), text())
            .prop_map(|(dialogs, text)| Step::Summary(dialogs, text)),
    ]
}

/// A vCon as the constructors make it: several parties, one text at least, and what comes up.
pub(crate) fn sound() -> impl Strategy<Value = Vcon> {
    let parties = vec((text(), any::<bool>()), 1..4);
    (instant(), any::<u16>(), parties, vec((instant(), step()), 0..8), any::<bool>()).prop_map(
        |(created, count, parties, steps, redacted)| {
            let id = Vcon::id_of(created, count, "toko.example");
            let mut vcon = Vcon::new(id, created);
            if redacted {
                vcon = vcon.with_redacted(Reference::redacted(id, "PII"));
            }
            for (name, has_role) in parties {
                let party = Party::person(name);
                let party = if has_role { party.with_role(PartyRole::Agent) } else { party };
                vcon.add_party(party);
            }
            vcon.add_dialog(Dialog::text(created, PartyIndex::new(0), [], "first"));
            for (at, step) in steps {
                add(&mut vcon, at, step);
            }
            vcon
        },
    )
}

fn add(vcon: &mut Vcon, at: chrono::DateTime<chrono::Utc>, step: Step) {
    let (parties, dialogs) = (vcon.parties.len(), vcon.dialog.len());
    let party = |index: Index| PartyIndex::new(index.index(parties).try_into().unwrap());
    let dialog = |index: Index| DialogIndex::new(index.index(dialogs).try_into().unwrap());
    match step {
        Step::Text(from, to, text) => {
            let text = Dialog::text(at, party(from), to.into_iter().map(party), text)
                .with_application("sms")
                .with_skill("id");
            vcon.add_dialog(text);
        }
        Step::Recording(on, content, millis, events) => {
            let mut call = Dialog::recording(at, on.into_iter().map(party), content)
                .with_duration(Seconds::from_millis(millis));
            for (who, kind) in events {
                call.party_history.push(PartyEvent::new(party(who), at, kind).with_button("1"));
            }
            vcon.add_dialog(call);
        }
        Step::Incomplete(who, word) => {
            vcon.add_dialog(Dialog::incomplete(at, [party(who)], word.into()));
        }
        Step::Transfer([from, whom, to], [before, between, after]) => {
            let transfer = Transfer::new(party(from), party(whom), party(to))
                .with_dialogs(dialog(before), dialog(after))
                .with_consultation(vec![dialog(between)]);
            vcon.add_dialog(Dialog::transfer(at, transfer));
        }
        Step::Commitment(who, whence, promise) => {
            vcon.add_attachment(Attachment::commitment(at, party(who), dialog(whence), promise));
        }
        Step::Summary(of, text) => {
            let of: Vec<_> = of.into_iter().map(dialog).collect();
            vcon.add_analysis(Analysis::summary(of, "kontak", text));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_text_reads_or_is_refused(text in ".{0,64}") {
        if let Ok(vcon) = Vcon::read(&text) {
            prop_assert!(!vcon.validate().is_empty());
        }
    }

    #[test]
    fn any_object_comes_back_as_it_was(document in document()) {
        let json = document.to_string();
        let vcon: Vcon = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(serde_json::to_value(&vcon).unwrap(), document);
        prop_assert_eq!(serde_json::to_string(&vcon).unwrap(), json);
    }

    #[test]
    fn any_object_is_judged_and_shown_without_its_text(document in document()) {
        let mut vcon = Vcon::deserialize(&document).unwrap();
        for _ in 0..2 {
            let problems = vcon.validate();
            prop_assert!(!problems.iter().any(|problem| problem.to_string().contains(MARK)));
            let shown = format!("{vcon:?} {problems:?} {:?}", vcon.write().err());
            prop_assert!(!shown.contains(MARK), "{}", shown);
            vcon.upgrade();
        }
    }

    #[test]
    fn upgrading_twice_is_upgrading_once(document in document()) {
        let mut once = Vcon::deserialize(&document).unwrap();
        once.upgrade();
        let mut twice = once.clone();
        twice.upgrade();
        prop_assert_eq!(&twice, &once);
        prop_assert_eq!(Vcon::deserialize(serde_json::to_value(&once).unwrap()).unwrap(), once);
    }

    #[test]
    fn what_the_constructors_make_is_sound_and_round_trips(vcon in sound()) {
        prop_assert_eq!(vcon.validate(), []);
        let written = vcon.write().unwrap();
        prop_assert_eq!(&Vcon::read(&written).unwrap(), &vcon);
        prop_assert_eq!(serde_json::from_str::<Vcon>(&written).unwrap(), vcon);
    }

    #[test]
    fn a_member_put_anywhere_is_kept(value in json_value(), at in 0_usize..6) {
        let places = ["", "/parties/0", "/dialog/1", "/dialog/1/party_history/0", "/analysis/0",
            "/attachments/0"];
        let mut document = serde_json::to_value(story()).unwrap();
        document.pointer_mut(places[at]).unwrap()["x-own"] = value;
        let read = Vcon::read(&document.to_string()).unwrap();
        prop_assert_eq!(serde_json::to_value(read).unwrap(), document);
    }
}

#[test]
fn a_field_that_is_set_goes_before_what_was_read() {
    let mut vcon: Vcon = serde_json::from_value(json!({ "subject": 5, "group": [] })).unwrap();
    assert_eq!(vcon.other.len(), 2);
    vcon.subject = Some("Repair".to_owned());
    vcon.created_at = Some(at(0).into());
    let expected =
        json!({ "subject": "Repair", "group": [], "created_at": "2026-02-02T02:40:00+00:00" });
    assert_eq!(serde_json::to_value(vcon).unwrap(), expected);
}
