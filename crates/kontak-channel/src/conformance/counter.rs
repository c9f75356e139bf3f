//! Lengths counted from the bytes, in another way than the planner counts.

use crate::{LengthUnit, TextLimit};
use unicode_segmentation::GraphemeCursor;

pub(super) fn exceeds(text: &str, limit: TextLimit) -> bool {
    let bytes = text.as_bytes();
    let leads = || bytes.iter().filter(|byte| **byte & 0xc0 != 0x80);
    let units = leads().count() + leads().filter(|byte| **byte >= 0xf0).count();
    let length = match limit.unit() {
        LengthUnit::Bytes => bytes.len(),
        LengthUnit::Scalars => leads().count(),
        LengthUnit::Utf16 => units,
        LengthUnit::Graphemes => graphemes(text),
        LengthUnit::Gsm7Septets => {
            // In bits, against the bits of the limit: no rounding.
            let bits = match text.chars().map(crate::gsm_septets).sum::<Option<usize>>() {
                Some(septets) => septets * 7,
                None => units * 16,
            };
            return bits > limit.max() as usize * 7;
        }
    };
    length > limit.max() as usize
}

fn graphemes(text: &str) -> usize {
    let mut cursor = GraphemeCursor::new(0, text.len(), true);
    std::iter::from_fn(|| cursor.next_boundary(text, 0).ok().flatten()).count()
}
