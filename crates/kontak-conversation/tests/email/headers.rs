//! Message ids as mailers write them.

use crate::mail;
use kontak_conversation::email::{MailHeaders, MessageId};
use proptest::prelude::*;

fn ids(header: &str) -> Vec<String> {
    MessageId::read_all(header).map(|id| id.as_str().to_owned()).collect()
}

#[test]
fn one_id_is_read_from_all_its_spellings() {
    for header in [
        "<a.1@toko.example>",
        "< a.1@toko.example >",
        "<a.1@\r\n toko.example>",
        "<\"a.1\"@toko.example>",
        "<\"a\\.1\"@toko.example>",
        "<a.1@toko.example (Toko (Jaya\\)))>",
        "<(id)a.1@toko.example>",
    ] {
        assert_eq!(ids(header), ["a.1@toko.example"], "{header}");
    }
}

#[test]
fn junk_is_passed_over() {
    for header in [
        "",
        "a@b",
        "<>",
        "<@>",
        "<a@>",
        "<@b>",
        "<a>",
        "<@@>",
        "<\"@\"@>",
        "<a@b",
        "<\"a@b>",
        "<(a@b>",
        "pesan Anda kemarin",
    ] {
        assert_eq!(ids(header), [""; 0], "{header}");
    }
    assert_eq!(ids("Pesan dari Budi < <a@b>, <c@d><e@f> <g"), ["a@b", "c@d", "e@f"]);
    assert_eq!(ids("Your message of \"Mon, 5 Jan\" <a@b>"), ["a@b"]);
    assert_eq!(ids("<\"@\"@@>"), ["@@@"], "an @ in quotes is a letter");
    assert_eq!(ids("<A@b> <a@b>"), ["A@b", "a@b"], "letter case counts");
}

#[test]
fn a_parser_may_have_taken_the_brackets_off() {
    assert_eq!(MessageId::parse(" a@b ").unwrap().as_str(), "a@b");
    assert_eq!(MessageId::parse("<a@b> ").unwrap().as_str(), "a@b");
    for text in ["", "a", "<a@b", "<a@b> <c@d>", "a@b>x<c"] {
        let error = MessageId::parse(text).unwrap_err();
        assert_eq!(error.found, text.len());
    }
}

#[test]
fn debug_shows_no_address_and_no_subject() {
    let headers = mail(1)
        .with_message_id("<budi@rumah.example>")
        .with_references("<budi@rumah.example>")
        .with_subject("AC");
    let shown = format!("{headers:?}");
    assert!(!shown.contains("budi") && !shown.contains("AC"), "{shown}");
}

#[test]
fn headers_round_trip() {
    let headers = mail(1)
        .with_message_id("<a@b>")
        .with_references("<c@d> <e@f>")
        .with_in_reply_to("<e@f>")
        .with_subject("AC");
    let json = serde_json::to_string(&headers).unwrap();
    assert_eq!(
        json,
        r#"{"message_id":"a@b","references":["c@d","e@f"],"in_reply_to":["e@f"],"subject":"AC","sent_at":"1970-01-01T00:01:00Z"}"#
    );
    assert_eq!(serde_json::from_str::<MailHeaders>(&json).unwrap(), headers);
    let bytes = postcard::to_allocvec(&headers).unwrap();
    assert_eq!(postcard::from_bytes::<MailHeaders>(&bytes).unwrap(), headers);
}

#[test]
fn hostile_headers_are_linear() {
    for part in ["<", "<\"", "<(", "<\\", "<a@b ", "<a@", "(", "<(\\", "<\"@"] {
        let _ = MessageId::read_all(&part.repeat(1_000_000 / part.len())).count();
    }
}

proptest! {
    /// An id that was read reads the same again, and no text makes the reader panic.
    #[test]
    fn reading_settles(header in prop_oneof![any::<String>(), "[<>@a().\" \\\\\r\n]{0,60}"]) {
        for id in MessageId::read_all(&header) {
            let inside: String = id.as_str().chars().skip(1).collect();
            let at = inside.find('@');
            prop_assert!(at.is_some_and(|at| at + 1 < inside.len()));
            if !id.as_str().contains(['"', '(', ')', '<', '>', '\\', ' ', '\t', '\r', '\n']) {
                prop_assert_eq!(MessageId::parse(id.as_str()), Ok(id));
            }
        }
        let _ = MessageId::parse(&header);
    }
}
