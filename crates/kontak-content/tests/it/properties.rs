//! What holds for any part.

use crate::strategies as any;
use kontak_content::{Content, FileName, GeoPoint, Part, PartKind, Text, TextFormat, Written};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use unicode_segmentation::UnicodeSegmentation;

fn round_trips<T: Serialize + DeserializeOwned + PartialEq + Debug>(
    value: &T,
) -> Result<(), TestCaseError> {
    let json = serde_json::to_string(value).unwrap();
    prop_assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value);
    let pretty = serde_json::to_string_pretty(value).unwrap();
    prop_assert_eq!(&serde_json::from_reader::<_, T>(pretty.as_bytes()).unwrap(), value);
    let bytes = postcard::to_allocvec(value).unwrap();
    prop_assert_eq!(&postcard::from_bytes::<T>(&bytes).unwrap(), value);
    Ok(())
}

proptest! {
    #[test]
    fn any_content_round_trips(content in any::content()) {
        round_trips(&content)?;
    }

    /// A payload may also be stored by itself.
    #[test]
    fn any_payload_round_trips(
        text in any::text(),
        media in any::media(),
        location in any::location(),
        contact in any::contact(),
        offered in any::offered(),
        template in any::template(),
        call in any::call(),
        form in any::form(),
        system in any::system(),
    ) {
        round_trips(&text)?;
        round_trips(&media)?;
        round_trips(&location)?;
        round_trips(&contact)?;
        round_trips(&offered)?;
        round_trips(&template)?;
        round_trips(&call)?;
        round_trips(&form)?;
        round_trips(&system)?;
    }

    #[test]
    fn an_unknown_kind_comes_back_letter_by_letter_over_both_forms(
        kind in "[a-z]{1,8}_of_later",
        body in any::json(),
    ) {
        let json = format!("{{{kind:?}:{body}}}");
        let part: Part = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(part.kind(), PartKind::from(kind.as_str()));
        let bytes = postcard::to_allocvec(&part).unwrap();
        let part: Part = postcard::from_bytes(&bytes).unwrap();
        prop_assert_eq!(serde_json::to_string(&part).unwrap(), json);
        prop_assert_eq!(postcard::to_allocvec(&part).unwrap(), bytes);
    }

    #[test]
    fn redaction_keeps_what_is_counted(content in any::content()) {
        let redacted = content.redacted();
        prop_assert_eq!(&redacted.redacted(), &redacted);
        prop_assert_eq!(redacted.parts.len(), content.parts.len());
        prop_assert_eq!(redacted.media().count(), 0);
        prop_assert!(redacted.plain_text().is_empty());
        for (before, after) in content.parts.iter().zip(&redacted.parts) {
            prop_assert_eq!(before.kind(), after.kind());
            let (before_call, after_call) = (before.call_timeline(), after.call_timeline());
            prop_assert_eq!(
                before_call.map(|call| (call.ringing(), call.talking(), call.on_hold())),
                after_call.map(|call| (call.ringing(), call.talking(), call.on_hold()))
            );
            if let (false, Part::Redacted(stone)) = (before.is_redacted(), after) {
                prop_assert_eq!(stone.characters as usize, before.plain_text().chars().count());
            }
        }
    }

    #[test]
    fn a_summary_is_one_short_line(content in any::content()) {
        for language in ["en", "id", "vi"] {
            let summary = content.summary(&language.parse().unwrap());
            prop_assert!(summary.graphemes(true).count() <= 121);
            prop_assert!(!summary.contains(char::is_control));
            prop_assert_eq!(summary.trim(), summary.as_str());
            prop_assert!(!summary.contains("  "));
        }
    }

    #[test]
    fn any_markup_is_read(text in "(?s)([<>&/a-z\"'=!\\[\\]()*_`#|~-]|\\PC|\n){1,80}") {
        for format in [TextFormat::Html, TextFormat::Markdown] {
            let plain = Text::new(Written::new(text.as_str()).unwrap(), format).plain_text().into_owned();
            prop_assert!(!plain.starts_with('\n') && !plain.ends_with('\n'));
        }
    }

    #[test]
    fn words_in_a_paragraph_survive_both_formats(words in prop::collection::vec("\\p{L}{1,9}", 1..12)) {
        let line = words.join(" ");
        let html = Text::html(format!("<p>{line}</p>")).unwrap();
        prop_assert_eq!(html.plain_text(), line.as_str());
        let markdown = Text::markdown(line.as_str()).unwrap();
        prop_assert_eq!(markdown.plain_text(), line.as_str());
    }

    #[test]
    fn a_point_comes_back_from_its_degrees(latitude in -90.0..=90.0, longitude in -180.0..=180.0) {
        let point = GeoPoint::new(latitude, longitude).unwrap();
        prop_assert_eq!(GeoPoint::new(point.latitude(), point.longitude()), Ok(point));
        prop_assert!((point.latitude() - latitude).abs() < 1e-7);
    }

    #[test]
    fn a_file_name_taken_once_is_taken_again(text in "(?s).{0,40}") {
        if let Ok(name) = text.parse::<FileName>() {
            prop_assert!(!name.as_str().contains(['/', '\\', '\0', '\n']));
            prop_assert_eq!(name.as_str().parse::<FileName>().unwrap(), name);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = postcard::from_bytes::<Content>(&bytes);
        let _ = serde_json::from_slice::<Content>(&bytes);
    }
}
