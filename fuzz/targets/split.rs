#![no_main]

use kontak_channel::{LengthUnit, TextLimit, split_text};
use unicode_segmentation::UnicodeSegmentation;

// Two bytes for the limit and its unit, then the text.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let [max, unit, text @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let max = TextLimit::SHORTEST + u32::from(*max);
    let (unit, measure): (_, fn(&str) -> usize) = match unit % 5 {
        0 => (LengthUnit::Bytes, str::len),
        1 => (LengthUnit::Scalars, |text| text.chars().count()),
        2 => (LengthUnit::Utf16, |text| text.chars().map(char::len_utf16).sum()),
        3 => (LengthUnit::Graphemes, |text| text.graphemes(true).count()),
        _ => (LengthUnit::Gsm7Septets, |text| {
            TextLimit::new(1_000, LengthUnit::Gsm7Septets).measure(text)
        }),
    };
    let pieces = split_text(text, TextLimit::new(max, unit));
    for piece in &pieces {
        assert!(measure(piece) <= max as usize, "{piece:?} is beyond {max} {unit:?}");
    }
    let seen = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(seen(&pieces.concat()), seen(text), "words are lost");
});
