//! Documents of older drafts, and what is no vCon at all.

use crate::story::story;
use kontak_conversation::vcon::{ReadError, Severity, Vcon};
use serde_json::{Value, json};

fn old() -> Value {
    json!({
        "vcon": "0.0.1",
        "uuid": "019C1BD7-1000-8000-A5A3-B7A0FB0A5A5A",
        "created_at": "2026-02-02T02:40:00.000Z",
        "subject": null,
        "redacted": {},
        "group": [],
        "must_support": ["CC"],
        "extensions": ["CC"],
        "parties": [{ "tel": "+628123456789", "name": null }, { "name": "Budi" }],
        "dialog": [
            {
                "type": "text", "start": "2026-02-02T02:40:00Z", "parties": [0, 1],
                "mimetype": "text/plain; charset=UTF-8", "encoding": "none", "body": "Halo",
                "skill": "cooling", "x-mood": "calm", "interaction": "case-12",
            },
            {
                "type": "recording", "start": "2026-02-02T02:41:00.5+07:00", "parties": [0, 1],
                "mimetype": "audio/x-wav", "url": "https://rec.example/1.wav",
                "alg": "SHA-512", "signature": "BwcHBw==",
            },
            {
                "type": "recording", "start": "2026-02-02T02:42:00+00:00", "parties": [0, 1],
                "mimetype": "audio/x-wav", "encoding": "base64", "body": "/+8=",
            },
            {
                "type": "transfer", "start": "2026-02-02T02:43:00+00:00", "transferor": 1,
                "transferee": 0, "transfer-target": 1, "original": 1, "target-dialog": 2,
            },
        ],
        "attachments": [{
            "type": "contract", "start": "2026-02-02T02:40:00Z", "party": 1, "dialog": 0,
            "mimetype": "application/json", "body": { "nr": 7 },
        }],
        "analysis": [],
    })
}

#[test]
fn an_old_document_is_read_as_one_of_today() {
    let vcon = Vcon::read(&old().to_string()).unwrap();
    assert_eq!(vcon.validate(), []);
    let json = serde_json::to_value(&vcon).unwrap();
    let dialog = &json["dialog"];
    assert_eq!(json["vcon"], "0.4.0");
    assert_eq!(json["uuid"], "019c1bd7-1000-8000-a5a3-b7a0fb0a5a5a");
    assert_eq!(json["created_at"], "2026-02-02T02:40:00+00:00");
    assert_eq!(json["critical"], json!(["CC"]));
    assert!(json.get("redacted").is_none() && json.get("subject").is_none());
    assert_eq!(json["parties"][0], json!({ "tel": "+628123456789" }));
    assert_eq!(dialog[0]["mediatype"], "text/plain");
    assert_eq!(dialog[0]["skill"], json!(["cooling"]));
    assert_eq!(dialog[0]["interaction_id"], "case-12");
    assert_eq!(dialog[0]["x-mood"], "calm");
    assert_eq!(dialog[1]["start"], "2026-02-02T02:41:00.500000+07:00");
    assert_eq!(dialog[1]["content_hash"], "sha512-BwcHBw");
    assert_eq!((&dialog[2]["encoding"], &dialog[2]["body"]), (&json!("base64url"), &json!("_-8")));
    assert_eq!(
        (&dialog[3]["transfer_target"], &dialog[3]["target_dialog"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(json["attachments"][0]["purpose"], "contract");
    assert_eq!(json["attachments"][0]["encoding"], "json");
}

#[test]
fn by_serde_an_old_document_stays_as_it_is() {
    let vcon: Vcon = serde_json::from_value(old()).unwrap();
    assert_eq!(serde_json::to_value(&vcon).unwrap(), old());
    assert!(vcon.validate().iter().any(|problem| problem.severity == Severity::Invalid));
}

#[test]
fn todays_name_goes_before_the_old_one() {
    let both = json!({ "dialog": [{ "mimetype": "text/html", "mediatype": "text/plain" }] });
    let vcon = Vcon::read(&both.to_string()).unwrap();
    assert_eq!(vcon.dialog[0].content.mediatype.as_deref(), Some("text/plain"));
    assert_eq!(vcon.dialog[0].other["mimetype"], "text/html");
}

#[test]
fn a_boundary_is_not_taken_away() {
    let mail = json!({ "dialog": [{
        "mediatype": "multipart/mixed; boundary=\"b\"", "encoding": "none", "body": "--b",
    }] });
    let vcon = Vcon::read(&mail.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&vcon).unwrap(), mail);
}

#[test]
fn a_document_of_today_is_not_changed() {
    let mut upgraded = story();
    upgraded.upgrade();
    assert_eq!(upgraded, story());
}

#[test]
fn what_is_no_vcon_is_refused_with_the_reason() {
    let refused = |json: &str| Vcon::read(json).unwrap_err();
    assert_eq!(refused("{\n \"uuid\": Sari }"), ReadError::Syntax { line: 2, column: 10 });
    assert_eq!(refused(""), ReadError::Syntax { line: 1, column: 0 });
    assert_eq!(refused("[]"), ReadError::NotAnObject);
    assert_eq!(refused("{\"payload\": \"\", \"signatures\": []}"), ReadError::Signed);
    assert_eq!(refused("{\"ciphertext\": \"\"}"), ReadError::Encrypted);
    let critical = "{\"critical\": [\"CC\", \"encrypted-faces\"]}";
    assert_eq!(refused(critical), ReadError::Critical { index: 1 });
    assert!(matches!(refused(&"[".repeat(10_000)), ReadError::Syntax { .. }));
}
