//! What stays once the words are taken out.

use crate::sample::{self, SECRET};
use kontak_content::{MediaKind, Part, PartKind};

#[test]
fn no_word_stays_and_every_part_does() {
    let content = sample::every_kind();
    let redacted = content.redacted();
    let json = serde_json::to_string(&redacted).unwrap();
    assert!(!json.contains(SECRET), "{json}");
    assert!(redacted.parts.iter().all(Part::is_redacted));
    assert_eq!(redacted.subject, None);
    assert_eq!(redacted.plain_text(), "");
    let kinds = |content: &kontak_content::Content| -> Vec<PartKind> {
        content.parts.iter().map(Part::kind).collect()
    };
    assert_eq!(kinds(&redacted), kinds(&content));
    assert_eq!(redacted.redacted(), redacted);
}

#[test]
fn counts_and_clocks_stay() {
    let tombstone = |part: Part| match part.redacted() {
        Part::Redacted(tombstone) => *tombstone,
        other => panic!("{other:?}"),
    };
    let text = tombstone(sample::text());
    assert_eq!((text.kind, text.characters, text.items), (PartKind::Text, 12, 0));
    assert_eq!(tombstone(sample::media()).media, Some(MediaKind::VoiceNote));
    assert_eq!(tombstone(sample::offer().into()).items, 2);
    assert_eq!(tombstone(sample::form()).items, 2);

    let call = sample::call().redacted();
    let timeline = call.call_timeline().unwrap();
    assert_eq!(timeline.talking(), sample::timeline().talking());
    assert_eq!(timeline.on_hold(), sample::timeline().on_hold());
    assert_eq!(timeline.transfers.len(), 1);
}
