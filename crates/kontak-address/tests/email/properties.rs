//! What holds for every text.

use kontak_address::{EmailAddress, MailboxKind};
use proptest::prelude::*;

fn parsed(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

/// Texts that are near enough to addresses for many to be one.
fn near_address() -> impl Strategy<Value = String> {
    let local = prop_oneof![
        "[a-zA-Z0-9._+-]{1,12}",
        "[a-z.+_-]{1,6}",
        "\"[ -~]{0,8}\"",
        "[a-zéßİĲΣςΩКẞǅﬁ．ａ\u{301}\u{307}\u{345}\u{37e}]{1,6}",
        "\\PC{1,5}",
    ];
    let domain = prop_oneof![
        Just("gmail.com".to_owned()),
        Just("Googlemail.com".to_owned()),
        Just("proton.me".to_owned()),
        Just("yahoo.com".to_owned()),
        Just("outlook.com".to_owned()),
        Just("ya.ru".to_owned()),
        "[a-z-]{1,4}\\.fastmail\\.fm",
        "[a-zA-Z0-9-]{1,6}\\.[a-z]{2,4}",
        "(xn--)?[a-z0-9éüßд例．。-]{1,8}\\.(com|рф|co\\.id)",
        "\\PC{1,6}\\.\\PC{2,3}",
    ];
    let around = prop_oneof![
        Just(("", "")),
        Just((" ", "\n")),
        Just(("Budi <", ">")),
        Just(("\"B <x\" <", "> ;")),
        Just(("mailto:", "?subject=x")),
    ];
    (around, local, domain)
        .prop_map(|((before, after), local, domain)| format!("{before}{local}@{domain}{after}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = EmailAddress::parse(&text);
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = EmailAddress::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_punctuation_makes_the_parser_panic(text in "[\"<>@,;:%\\\\. a＠＜mailto:é\u{200b}-]{0,24}") {
        let _ = EmailAddress::parse(&text);
    }

    #[test]
    fn an_error_points_into_the_text(text in near_address()) {
        if let Err(error) = EmailAddress::parse(&text) {
            let shown = format!("{error:?}");
            if let Some((_, rest)) = shown.split_once("at: ") {
                let at: usize = rest.trim_end_matches([' ', '}']).parse().unwrap();
                prop_assert!(text.is_char_boundary(at), "{text:?}: {error:?}");
            }
        }
    }

    #[test]
    fn keys_are_fixed_points(text in near_address()) {
        let Ok(address) = EmailAddress::parse(&text) else { return Ok(()) };

        let again = parsed(address.as_str());
        prop_assert_eq!(again.as_str(), address.as_str());
        prop_assert_eq!(again.exact_key(), address.exact_key());
        prop_assert_eq!(again.canonical_key(), address.canonical_key());
        prop_assert_eq!(again.kind(), address.kind());

        let exact = parsed(address.exact_key());
        prop_assert_eq!(exact.as_str(), address.exact_key());
        prop_assert_eq!(exact.exact_key(), address.exact_key());
        prop_assert_eq!(exact.canonical_key(), address.canonical_key());
        prop_assert_eq!(&exact, &address);

        let canonical = parsed(address.canonical_key());
        prop_assert_eq!(canonical.exact_key(), address.canonical_key());
        prop_assert_eq!(canonical.canonical_key(), address.canonical_key());

        prop_assert_eq!(format!("{}@{}", address.local_part(), address.domain()), address.exact_key());
        prop_assert!(address.domain().is_ascii());
    }

    #[test]
    fn case_never_matters(text in "[a-zA-Z0-9][a-zA-Z0-9.+_-]{0,10}[a-zA-Z0-9]@[a-zA-Z]{1,8}\\.(com|CO\\.ID|vn)") {
        let Ok(address) = EmailAddress::parse(&text) else { return Ok(()) };
        prop_assert_eq!(&parsed(&text.to_ascii_uppercase()), &address);
        prop_assert_eq!(&parsed(&text.to_ascii_lowercase()), &address);
        prop_assert_eq!(address.exact_key(), text.to_ascii_lowercase());
    }

    #[test]
    fn brackets_change_nothing(text in near_address()) {
        if text.contains(['<', '>', '"', ':']) {
            return Ok(());
        }
        match (EmailAddress::parse(&text), EmailAddress::parse(&format!("<{text}>"))) {
            (Ok(bare), Ok(bracketed)) => {
                prop_assert_eq!(bare.as_str(), bracketed.as_str());
                prop_assert_eq!(bare.exact_key(), bracketed.exact_key());
                prop_assert_eq!(bare.canonical_key(), bracketed.canonical_key());
                prop_assert_eq!(bare.kind(), bracketed.kind());
            }
            (Err(_), Err(_)) => {}
            (bare, bracketed) => prop_assert!(false, "{text:?}: {bare:?} but {bracketed:?}"),
        }
    }

    #[test]
    fn stored_addresses_come_back_whole(text in near_address()) {
        let Ok(address) = EmailAddress::parse(&text) else { return Ok(()) };
        let json: EmailAddress = serde_json::from_str(&serde_json::to_string(&address).unwrap()).unwrap();
        let binary: EmailAddress = postcard::from_bytes(&postcard::to_allocvec(&address).unwrap()).unwrap();
        for back in [json, binary] {
            prop_assert_eq!(back.as_str(), address.as_str());
            prop_assert_eq!(back.exact_key(), address.exact_key());
            prop_assert_eq!(back.canonical_key(), address.canonical_key());
            prop_assert_eq!(back.kind(), address.kind());
            prop_assert_eq!(back.data_version(), address.data_version());
        }
    }

    #[test]
    fn no_stored_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(address) = postcard::from_bytes::<EmailAddress>(&bytes) {
            let _ = (address.as_str(), address.exact_key(), address.canonical_key(), address.domain());
        }
    }
}

#[test]
fn the_stored_form_is_frozen() {
    let stored = r#"{"display":"B.Santoso@Gmail.com","exact":"b.santoso@gmail.com","canonical":"bsantoso@gmail.com","kind":"person","data_version":1}"#;
    assert_eq!(serde_json::to_string(&parsed("Budi <B.Santoso@Gmail.com>")).unwrap(), stored);
    let plain = r#"{"display":"info@example.com","exact":"info@example.com","canonical":null,"kind":"role","data_version":1}"#;
    assert_eq!(serde_json::to_string(&parsed("info@example.com")).unwrap(), plain);
}

#[test]
fn a_stored_address_keeps_what_it_was_recorded_with() {
    let old = r#"{"display":"Info@Gmail.com","exact":"Info@gmail.com","canonical":"old@gmail.com","kind":"disposable","data_version":0}"#;
    let address: EmailAddress = serde_json::from_str(old).unwrap();
    assert_eq!(address.exact_key(), "Info@gmail.com");
    assert_eq!(address.canonical_key(), "old@gmail.com");
    assert_eq!(address.kind(), MailboxKind::Disposable);
    assert_eq!(address.data_version(), 0);
    assert_eq!(serde_json::to_string(&address).unwrap(), old);
}

#[test]
fn a_record_with_an_impossible_key_is_refused() {
    for (display, exact, canonical) in [
        ("x", "x@y.co", "null"),
        ("x@y.co", "", "null"),
        ("x@y.co", "x@Y.co", "null"),
        ("x@y.co", "x@y.co", "\"@y.co\""),
        ("x@y.co", "x@y.co", "\"x@\""),
    ] {
        let stored = format!(
            r#"{{"display":"{display}","exact":"{exact}","canonical":{canonical},"kind":"person","data_version":1}}"#
        );
        assert!(serde_json::from_str::<EmailAddress>(&stored).is_err(), "{stored}");
    }
}
