//! What the constructors take, refuse and put right, in memory and when read back.

use crate::sample::{at, timeline, words};
use chrono::TimeDelta;
use kontak_content::{
    ByteSize, CallDirection, CallOutcome, CallTimeline, ChoiceError, ChoiceLayout, ChoiceOffered,
    ChoiceOption, ChoiceSection, ContactCard, Content, CustomPart, FetchFailure, FileName,
    FreeText, GeoPoint, GeoPointError, Media, MediaKind, MediaPlace, MimeType, NameError, OfferId,
    OptionId, Part, Remote, WebUrl, Written, WrittenError, chrono,
};

fn option(id: &str) -> ChoiceOption {
    ChoiceOption::new(OptionId::new(id).unwrap(), words("label"))
}

fn offered(layout: ChoiceLayout) -> Result<ChoiceOffered, ChoiceError> {
    ChoiceOffered::new(OfferId::new("offer").unwrap(), layout, FreeText::Allowed)
}

#[test]
fn a_choice_has_options_that_can_be_told_apart() {
    let list = |sections| ChoiceLayout::List { opens_with: None, sections };
    let section =
        |ids: &[&str]| ChoiceSection::new(None, ids.iter().map(|id| option(id)).collect());
    assert_eq!(offered(ChoiceLayout::Buttons(Vec::new())), Err(ChoiceError::NoOptions));
    assert_eq!(offered(list(vec![section(&[])])), Err(ChoiceError::NoOptions));
    assert_eq!(
        offered(list(vec![section(&["a"]), section(&[])])),
        Err(ChoiceError::EmptySection { section: 1 })
    );
    assert_eq!(
        offered(list(vec![section(&["a", "b"]), section(&["c", "a"])])),
        Err(ChoiceError::SameId { option: 3 })
    );
    let twice = r#"{"offer":"o","prompt":null,"layout":{"buttons":[
        {"id":"a","label":"x","description":null},{"id":"a","label":"y","description":null}]},
        "free_text":"allowed"}"#;
    let error = serde_json::from_str::<ChoiceOffered>(twice).unwrap_err().to_string();
    assert!(error.contains("option 1 has the id of an earlier one"), "{error}");
}

#[test]
fn a_point_is_on_the_earth() {
    assert_eq!(GeoPoint::new(90.000_000_1, 0.0), Err(GeoPointError::Latitude));
    assert_eq!(GeoPoint::new(f64::NAN, 0.0), Err(GeoPointError::Latitude));
    assert_eq!(GeoPoint::new(0.0, f64::NEG_INFINITY), Err(GeoPointError::Longitude));
    assert!(GeoPoint::new(-90.0, 180.0).is_ok());
    let beyond = r#"{"latitude_e7":900000001,"longitude_e7":0}"#;
    assert!(serde_json::from_str::<GeoPoint>(beyond).is_err());
    let lowest = r#"{"latitude_e7":-2147483648,"longitude_e7":0}"#;
    assert!(serde_json::from_str::<GeoPoint>(lowest).is_err());
}

#[test]
fn a_written_text_has_a_first_and_a_last_byte() {
    assert_eq!(Written::new(""), Err(WrittenError::Empty));
    assert!(Written::new("a".repeat(Written::MAX_BYTES)).is_ok());
    let (bytes, limit) = (Written::MAX_BYTES + 1, Written::MAX_BYTES);
    assert_eq!(Written::new("a".repeat(bytes)), Err(WrittenError::TooLong { bytes, limit }));
    assert_eq!(Written::new(" \n").unwrap().as_str(), " \n");
}

#[test]
fn a_name_is_one_line() {
    assert_eq!(OfferId::new(""), Err(NameError::Empty));
    assert_eq!(OfferId::new("a\0"), Err(NameError::Control { at: 1 }));
    assert_eq!(
        OfferId::new("a".repeat(1_025)),
        Err(NameError::TooLong { bytes: 1_025, limit: 1_024 })
    );
    assert!(ContactCard::new(None, Vec::new(), Vec::new()).is_err());
    assert!(ByteSize::new(1 << 53).is_err());
    assert!(serde_json::from_str::<ByteSize>("9007199254740992").is_err());
}

#[test]
fn a_file_name_leads_nowhere_and_hides_nothing() {
    let name = |text: &str| text.parse::<FileName>().map(|name| name.as_str().to_owned());
    assert_eq!(name("../../etc/passwd").unwrap(), "passwd");
    assert_eq!(name("C:\\a\\ hoá đơn.pdf \n").unwrap(), "hoá đơn.pdf");
    assert_eq!(name("invoice_\u{202e}fdp.exe").unwrap(), "invoice_fdp.exe");
    for nothing in ["", "/", "a/", ".", "..", " .. ", "\u{202e}"] {
        assert!(name(nothing).is_err(), "{nothing:?}");
    }
    assert!(name(&"a".repeat(256)).is_err());
    assert_eq!("a.tar.gz".parse::<FileName>().unwrap().extension(), Some("gz"));
    assert_eq!(".gitignore".parse::<FileName>().unwrap().extension(), None);
    assert_eq!("a. b".parse::<FileName>().unwrap().extension(), None);
}

#[test]
fn a_mime_type_has_two_names() {
    let essence = |text: &str| text.parse::<MimeType>().map(|mime| mime.essence().to_owned());
    assert_eq!(essence("Image/JPEG").unwrap(), "image/jpeg");
    assert_eq!(essence("text/plain ;charset=UTF-8").unwrap(), "text/plain");
    let longest = format!("a/b;{}", "x".repeat(512)).parse::<MimeType>().unwrap();
    assert_eq!(longest.as_str().parse::<MimeType>().unwrap(), longest);
    for wrong in ["", "image", "image/", "/jpeg", "image/j peg", "image/jpeg/x", "a/b; ü"] {
        assert!(essence(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn an_address_has_a_scheme_and_a_host() {
    let host = |text: &str| text.parse::<WebUrl>().map(|url| url.host().to_owned());
    assert_eq!(host("HTTPS://a.example").unwrap(), "a.example");
    assert_eq!(host("http://user:pw@a.example:80/b@c").unwrap(), "a.example");
    assert_eq!(host("http://[::1]:80/").unwrap(), "[::1]");
    assert_eq!(host("http://a.example\\@b.example/").unwrap(), "a.example");
    for wrong in ["", "a.example", "//a.example", "http://", "http:///x", "http://:80", "http://u@"]
    {
        assert!(host(wrong).is_err(), "{wrong:?}");
    }
    assert!(host(&format!("http://a/{}", "x".repeat(WebUrl::MAX_BYTES))).is_err());
}

#[test]
fn a_part_of_your_own_has_a_dotted_kind_and_a_json_body() {
    for kind in ["order", "", ".", "a.", ".b", "Shop.order", "shop order.x", "shöp.x"] {
        assert!(CustomPart::new(kind, "1").is_err(), "{kind:?}");
    }
    assert!(CustomPart::new("shop.order", "{").is_err());
    assert_eq!(CustomPart::new("shop.order", "[1.0, 1e2]").unwrap().json(), "[1.0, 1e2]");
}

#[test]
fn what_is_stored_stays_stored() {
    let url = Remote::Url("https://a.example/x".parse().unwrap());
    let media = Media::new(MediaKind::Image, MediaPlace::Remote(url.clone()));
    let failed = media.failed(FetchFailure::Unreachable);
    assert!(matches!(&failed.place, MediaPlace::Failed { reason, .. } if reason.is_transient()));
    let stored = failed.stored("blob".try_into().unwrap()).failed(FetchFailure::Gone);
    assert_eq!(
        stored.place,
        MediaPlace::Stored { blob: "blob".try_into().unwrap(), remote: Some(url) }
    );
}

#[test]
fn the_lengths_of_a_call_are_never_negative_and_holds_count_once() {
    let call = timeline();
    assert_eq!(call.ringing(), Some(TimeDelta::seconds(8)));
    assert_eq!(call.talking(), Some(TimeDelta::seconds(189)));
    assert_eq!(call.on_hold(), TimeDelta::seconds(15));
    assert!(!call.is_missed() && !call.is_incomplete());

    let overlapping = call.with_hold(at(30), Some(at(40))).with_hold(at(22), Some(at(25)));
    assert_eq!(overlapping.on_hold(), TimeDelta::seconds(20));
    let to_the_end = overlapping.with_hold(at(190), None);
    assert_eq!(to_the_end.on_hold(), TimeDelta::seconds(27));

    let missed = CallTimeline::new(CallDirection::Inbound, at(5));
    assert_eq!((missed.ringing(), missed.talking(), missed.is_missed()), (None, None, false));
    let missed = missed.with_ended(at(0), CallOutcome::Voicemail);
    assert_eq!(missed.ringing(), Some(TimeDelta::zero()));
    assert!(missed.is_missed() && !missed.is_incomplete());
}

#[test]
fn times_are_cut_to_microseconds() {
    let fine = at(0) + TimeDelta::nanoseconds(789);
    assert_eq!(CallTimeline::new(CallDirection::Inbound, fine).started, at(0));
    let mut call = timeline();
    call.started = fine;
    let json = serde_json::to_string(&call).unwrap();
    assert!(json.contains(r#""started":"2026-02-02T02:40:00.123456Z""#), "{json}");
    let finer = json.replace(".123456Z", ".123456789Z");
    assert_eq!(serde_json::from_str::<CallTimeline>(&finer).unwrap(), timeline());
}

#[test]
fn notes_are_left_out_for_the_customer_and_stay_so_when_redacted() {
    let content = crate::sample::every_kind();
    let without = content.clone().without_internal();
    assert_eq!(without.parts.len(), content.parts.len() - 1);
    let without = content.redacted().without_internal();
    assert_eq!(without.parts.len(), content.parts.len() - 1);
}

#[test]
fn media_are_found_wherever_they_are_and_can_be_fetched_there() {
    let mut content: Content = crate::sample::every_kind();
    assert_eq!(content.media().count(), 4);
    for (index, media) in content.media_mut().enumerate() {
        *media = media.clone().stored(format!("blob/{index}").try_into().unwrap());
    }
    let blobs: Vec<_> = content.media().filter_map(|media| media.place.blob()).collect();
    assert_eq!(
        blobs.iter().map(|blob| blob.as_str()).collect::<Vec<_>>(),
        ["blob/0", "blob/1", "blob/2", "blob/3"]
    );
    assert_eq!(content.redacted().media().count(), 0);
}

#[test]
fn a_part_is_small_enough_to_move() {
    assert!(size_of::<Part>() <= 128, "{}", size_of::<Part>());
}
