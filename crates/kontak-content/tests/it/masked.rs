//! What `Debug` must not show.

use crate::sample::{self, SECRET};
use kontak_content::{FileName, GeoPoint, OptionId, Part, ProviderRef, WebUrl, Written};

#[test]
fn debug_shows_nothing_that_a_person_wrote() {
    let everything = sample::every_kind();
    assert!(serde_json::to_string(&everything).unwrap().matches(SECRET).count() >= 25);
    let shown = format!("{everything:?}");
    assert!(!shown.contains(SECRET), "{shown}");
    assert!(!shown.contains("6.17"), "{shown}");
}

#[test]
fn debug_shows_kind_and_length() {
    let shown = |value: &dyn std::fmt::Debug| format!("{value:?}");
    assert_eq!(
        shown(&Part::from(sample::plain(SECRET))),
        "Text(Text { body: (7 chars), format: plain, language: None })"
    );
    assert_eq!(shown(&Written::new("Hòa").unwrap()), "(3 chars)");
    assert_eq!(shown(&"KTP Budi.pdf".parse::<FileName>().unwrap()), "(12 chars).pdf");
    assert_eq!(
        shown(&"https://u:p@a.example:8443/x?t=1".parse::<WebUrl>().unwrap()),
        "https://a.example/…"
    );
    assert_eq!(shown(&GeoPoint::new(1.0, 2.0).unwrap()), "GeoPoint(masked)");
    assert_eq!(shown(&ProviderRef::new("abc").unwrap()), "(3 bytes)");
    assert_eq!(shown(&OptionId::new("order 77").unwrap()), "(8 bytes)");
    assert_eq!(shown(&sample::custom()), "Custom((33 bytes of shop.order))");
}

#[test]
fn no_error_repeats_what_was_refused() {
    let long = SECRET.repeat(Written::MAX_BYTES);
    let errors = [
        Written::new(long.as_str()).unwrap_err().to_string(),
        ProviderRef::new(long.as_str()).unwrap_err().to_string(),
        ProviderRef::new("rahasia\n").unwrap_err().to_string(),
        long.parse::<FileName>().unwrap_err().to_string(),
        "ftp://rahasia".parse::<WebUrl>().unwrap_err().to_string(),
        "http://raha sia".parse::<WebUrl>().unwrap_err().to_string(),
        SECRET.parse::<kontak_content::MimeType>().unwrap_err().to_string(),
        kontak_content::CustomPart::new(SECRET, "1").unwrap_err().to_string(),
        kontak_content::CustomPart::new("a.b", SECRET).unwrap_err().to_string(),
        serde_json::from_str::<Written>("\"\"").unwrap_err().to_string(),
        serde_json::from_str::<Part>(r#"{"contact":{"name":null,"phones":[],"emails":[]}}"#)
            .unwrap_err()
            .to_string(),
    ];
    for error in errors {
        assert!(!error.contains(SECRET), "{error}");
        assert!(error.len() > 20, "{error}");
    }
}
