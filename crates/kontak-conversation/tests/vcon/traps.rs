//! What goes wrong in practice, one test each: the place, how bad, and who else refuses it.
//!
//! `schema` is the JSON schema of the draft, `cc` that of the contact-centre extension, `package`
//! the Python package `vcon` 0.10, and `rewritten` says that the package does not write back what
//! it read. The lists are held against all of them by `tests/data/vcon/check.py`.

use crate::story::story;
use kontak_conversation::vcon::{Severity, Vcon};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) struct Trap {
    pub(crate) name: &'static str,
    spoil: fn(&mut Value),
    place: &'static str,
    severity: Severity,
    pub(crate) refused_by: &'static [&'static str],
}

impl Trap {
    pub(crate) fn document(&self) -> Value {
        let mut document = serde_json::to_value(story()).unwrap();
        (self.spoil)(&mut document);
        document
    }

    fn check(&self) {
        let document = self.document();
        let vcon = Vcon::deserialize(&document).unwrap();
        assert_eq!(serde_json::to_value(&vcon).unwrap(), document, "it is written as it was read");
        let problems = vcon.validate();
        let found: Vec<_> =
            problems.iter().map(|problem| (problem.place.as_str(), problem.severity)).collect();
        assert_eq!(found, [(self.place, self.severity)], "{problems:?}");
        assert_eq!(vcon.write().is_err(), self.severity == Severity::Invalid);
    }
}

macro_rules! traps {
    ($($name:ident: $place:literal, $severity:ident, [$($judge:literal),*], $spoil:expr;)*) => {
        $(#[test]
        fn $name() {
            TRAPS.iter().find(|trap| trap.name == stringify!($name)).unwrap().check();
        })*

        pub(crate) const TRAPS: &[Trap] = &[$(Trap {
            name: stringify!($name),
            spoil: $spoil,
            place: $place,
            severity: Severity::$severity,
            refused_by: &[$($judge),*],
        },)*];
    };
}

fn set(document: &mut Value, place: &str, value: Value) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(object) => drop(object.insert(name.to_owned(), value)),
        Value::Array(list) if name == "-" => list.push(value),
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{place} is in no object"),
    }
}

fn cut(document: &mut Value, place: &str) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
}

traps! {
    party_index_out_of_range: "/dialog/0/parties", Invalid, ["package"],
        |doc| set(doc, "/dialog/0/parties", json!([0, 9]));
    index_one_behind_the_end: "/dialog/0/parties", Invalid, ["package"],
        |doc| set(doc, "/dialog/0/parties", json!([0, 3]));
    originator_out_of_range: "/dialog/0/originator", Invalid, [],
        |doc| set(doc, "/dialog/0/originator", json!(9));
    transfer_target_out_of_range: "/dialog/4/transfer_target", Invalid, [],
        |doc| set(doc, "/dialog/4/transfer_target", json!([2, 9]));
    transfer_dialog_out_of_range: "/dialog/4/original", Invalid, [],
        |doc| set(doc, "/dialog/4/original", json!(99));
    event_party_out_of_range: "/dialog/1/party_history/1/party", Invalid, [],
        |doc| set(doc, "/dialog/1/party_history/1/party", json!(9));
    analysis_dialog_out_of_range: "/analysis/0/dialog", Invalid, ["package"],
        |doc| set(doc, "/analysis/0/dialog", json!(99));
    analysis_attachment_out_of_range: "/analysis/0/attachment", Invalid, [],
        |doc| set(doc, "/analysis/0/attachment", json!([0, 1]));
    attachment_party_out_of_range: "/attachments/0/party", Invalid, [],
        |doc| set(doc, "/attachments/0/party", json!(9));
    attachment_dialog_out_of_range: "/attachments/0/dialog", Invalid, [],
        |doc| set(doc, "/attachments/0/dialog", json!(99));
    negative_index: "/dialog/0/originator", Invalid, ["schema"],
        |doc| set(doc, "/dialog/0/originator", json!(-1));

    uuid_missing: "/uuid", Invalid, ["schema", "package"], |doc| cut(doc, "/uuid");
    uuid_of_version_7: "/uuid", Risky, [],
        |doc| set(doc, "/uuid", json!("019c1bd7-1000-7000-a5a3-b7a0fb0a5a5a"));
    uuid_that_is_none: "/uuid", Invalid, ["schema"], |doc| set(doc, "/uuid", json!("case 12"));
    created_at_missing: "/created_at", Invalid, ["schema", "rewritten"],
        |doc| cut(doc, "/created_at");
    created_at_with_z: "/created_at", Risky, ["rewritten"],
        |doc| set(doc, "/created_at", json!("2026-02-02T02:40:00Z"));
    created_at_with_milliseconds: "/created_at", Risky, ["rewritten"],
        |doc| set(doc, "/created_at", json!("2026-02-02T02:40:00.000+00:00"));
    version_of_an_older_draft: "/vcon", Invalid, ["schema"],
        |doc| set(doc, "/vcon", json!("0.0.2"));
    subject_null: "/subject", Invalid, ["schema"], |doc| set(doc, "/subject", Value::Null);
    redacted_and_amended: "/amended", Invalid, [], |doc| {
        set(doc, "/amended", json!({}));
        set(doc, "/redacted", json!({ "type": "PII" }));
    };
    redacted_without_type: "/redacted/type", Invalid, ["schema"],
        |doc| set(doc, "/redacted", json!({}));
    reference_without_hash: "/amended/content_hash", Invalid, ["schema"],
        |doc| set(doc, "/amended", json!({ "url": "https://vcon.example/1" }));
    extension_unnamed: "/extensions", Risky, [], |doc| cut(doc, "/extensions");
    extensions_not_a_list: "/extensions", Invalid, ["schema"], |doc| {
        set(doc, "/extensions", json!("CC"));
        for party in 0..3 {
            cut(doc, &format!("/parties/{party}/role"));
        }
        for member in ["interaction_id", "interaction_type", "skill"] {
            cut(doc, &format!("/dialog/0/{member}"));
        }
        cut(doc, "/dialog/1/campaign");
    };

    dialog_type_missing: "/dialog/6/type", Invalid, ["schema", "package"],
        |doc| { cut(doc, "/dialog/6/type"); cut(doc, "/dialog/6/disposition"); };
    dialog_type_of_our_own: "/dialog/6/type", Invalid, ["schema", "package"],
        |doc| { set(doc, "/dialog/6/type", json!("missed")); cut(doc, "/dialog/6/disposition"); };
    start_missing: "/dialog/0/start", Invalid, ["schema"], |doc| cut(doc, "/dialog/0/start");
    start_that_is_no_time: "/dialog/0/start", Invalid, ["schema", "package"],
        |doc| set(doc, "/dialog/0/start", json!("yesterday"));
    start_without_offset: "/dialog/0/start", Invalid, ["schema"],
        |doc| set(doc, "/dialog/0/start", json!("2026-02-02T02:40:00"));
    start_with_z: "/dialog/0/start", Risky, [],
        |doc| set(doc, "/dialog/0/start", json!("2026-02-02T02:40:00Z"));
    duration_negative: "/dialog/1/duration", Invalid, ["schema"],
        |doc| set(doc, "/dialog/1/duration", json!(-1));
    duration_as_text: "/dialog/1/duration", Invalid, ["schema"],
        |doc| set(doc, "/dialog/1/duration", json!("3:00"));
    parties_as_one_number: "/dialog/0/parties", Risky, ["package"],
        |doc| set(doc, "/dialog/0/parties", json!(0));
    parties_by_channel: "/dialog/1/parties", Risky, ["package"],
        |doc| set(doc, "/dialog/1/parties", json!([[0, 1], null]));
    disposition_missing: "/dialog/6/disposition", Invalid, ["package"],
        |doc| cut(doc, "/dialog/6/disposition");
    disposition_of_our_own: "/dialog/6/disposition", Invalid, ["schema"],
        |doc| set(doc, "/dialog/6/disposition", json!("left voicemail"));
    disposition_of_a_recording: "/dialog/1/disposition", Risky, [],
        |doc| set(doc, "/dialog/1/disposition", json!("busy"));
    incomplete_with_content: "/dialog/6/content_hash", Invalid, [],
        |doc| set(doc, "/dialog/6/content_hash", json!("sha512-BwcH"));
    transfer_with_parties: "/dialog/4/parties", Invalid, [],
        |doc| set(doc, "/dialog/4/parties", json!([0]));
    transfer_without_transferor: "/dialog/4/transferor", Risky, ["package"],
        |doc| cut(doc, "/dialog/4/transferor");
    transfer_parts_in_a_text: "/dialog/0/transferee", Invalid, [],
        |doc| set(doc, "/dialog/0/transferee", json!(0));
    recording_set: "/dialog/7/type", Risky, ["package"], |doc| {
        let set_of_two = json!({
            "type": "recording-set", "start": "2026-02-02T02:50:00+00:00",
            "parties": [0, 1, 2], "recordings": [1, 2],
        });
        set(doc, "/dialog/-", set_of_two);
        set(doc, "/dialog/1/recording_set", json!(7));
    };
    recording_set_of_texts: "/dialog/1/recording_set", Invalid, [],
        |doc| set(doc, "/dialog/1/recording_set", json!(0));
    recordings_outside_of_a_set: "/dialog/1/recordings", Invalid, [],
        |doc| set(doc, "/dialog/1/recordings", json!([2]));
    event_of_our_own: "/dialog/1/party_history/1/event", Invalid, ["schema"],
        |doc| set(doc, "/dialog/1/party_history/1/event", json!("park"));
    keydown_without_button: "/dialog/1/party_history/1/button", Invalid, [],
        |doc| set(doc, "/dialog/1/party_history/1/event", json!("keydown"));
    skill_as_one_string: "/dialog/0/skill", Invalid, ["cc"],
        |doc| set(doc, "/dialog/0/skill", json!("cooling"));

    encoding_base64: "/dialog/1/encoding", Invalid, ["schema"],
        |doc| set(doc, "/dialog/1/encoding", json!("base64"));
    encoding_missing: "/dialog/0/encoding", Invalid, [], |doc| cut(doc, "/dialog/0/encoding");
    body_padded: "/dialog/1/body", Invalid, [],
        |doc| set(doc, "/dialog/1/body", json!("T2dnUw=="));
    body_not_a_string: "/dialog/0/body", Invalid, [],
        |doc| set(doc, "/dialog/0/body", json!({ "text": "hi" }));
    mediatype_missing: "/dialog/0/mediatype", Invalid, ["package"],
        |doc| cut(doc, "/dialog/0/mediatype");
    mediatype_with_parameters: "/dialog/0/mediatype", Risky, ["package"],
        |doc| set(doc, "/dialog/0/mediatype", json!("text/plain; charset=UTF-8"));
    mediatype_unusual: "/dialog/0/mediatype", Risky, ["package"],
        |doc| set(doc, "/dialog/0/mediatype", json!("text/html"));
    content_missing: "/dialog/0/body", Risky, [], |doc| cut(doc, "/dialog/0/body");
    url_without_hash: "/dialog/2/content_hash", Invalid, [],
        |doc| cut(doc, "/dialog/2/content_hash");
    url_without_tls: "/dialog/2/url", Invalid, [],
        |doc| set(doc, "/dialog/2/url", json!("http://rec.example/2.mp3"));
    hash_without_algorithm: "/dialog/2/content_hash", Invalid, [],
        |doc| set(doc, "/dialog/2/content_hash", json!("BwcHBwc"));

    attachment_without_purpose: "/attachments/0/purpose", Risky, ["package"],
        |doc| cut(doc, "/attachments/0/purpose");
    attachment_without_start: "/attachments/0/start", Invalid, ["schema"],
        |doc| cut(doc, "/attachments/0/start");
    attachment_without_party: "/attachments/0/party", Invalid, ["schema"],
        |doc| cut(doc, "/attachments/0/party");
    attachment_without_dialog: "/attachments/0/dialog", Invalid, ["schema"],
        |doc| cut(doc, "/attachments/0/dialog");
    attachment_without_content: "/attachments/0/body", Risky, ["package"],
        |doc| cut(doc, "/attachments/0/body");
    attachment_without_encoding: "/attachments/0/encoding", Invalid, ["package"],
        |doc| cut(doc, "/attachments/0/encoding");
    analysis_without_type: "/analysis/0/type", Invalid, ["schema", "package"],
        |doc| cut(doc, "/analysis/0/type");
    analysis_without_vendor: "/analysis/0/vendor", Invalid, ["schema", "package"],
        |doc| cut(doc, "/analysis/0/vendor");
    analysis_without_dialog: "/analysis/0/dialog", Risky, ["package"],
        |doc| cut(doc, "/analysis/0/dialog");
    analysis_without_body: "/analysis/0/body", Risky, ["package"],
        |doc| cut(doc, "/analysis/0/body");
    analysis_without_encoding: "/analysis/0/encoding", Invalid, ["package"],
        |doc| cut(doc, "/analysis/0/encoding");
}

#[test]
fn dialog_of_which_nothing_is_known_is_risky_only() {
    let mut vcon = story();
    vcon.add_dialog(kontak_conversation::vcon::Dialog::default());
    let problems = vcon.validate();
    assert!(problems.iter().all(|problem| problem.severity == Severity::Risky), "{problems:?}");
    let places: Vec<_> = problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["/dialog/7/type", "/dialog/7/start"]);
    assert!(vcon.write().is_ok());
}

#[test]
fn refusals_say_how_many_and_the_first() {
    let mut vcon = story();
    vcon.uuid = None;
    vcon.dialog[6].disposition = None;
    let refused = vcon.write().unwrap_err().to_string();
    let expected = "the vCon has 2 problems that the draft forbids: first, /uuid: is missing; \
                    expected a UUID of version 8";
    assert_eq!(refused, expected);
}
