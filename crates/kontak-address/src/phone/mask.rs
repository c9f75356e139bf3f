//! Characters that stand for digits somebody withheld: "0812-3456-****", "62812xxxx89".
//!
//! The engine drops them, or dials them, and what is left may be a valid number of somebody else.

use std::ops::Range;

/// Byte of the first mask in a text.
pub(super) fn find(text: &str) -> Option<usize> {
    masks(text).next().map(|mask| mask.start)
}

/// Whether a stretch of the text runs into a mask.
pub(super) fn touches(text: &str, stretch: &Range<usize>) -> bool {
    let close = |between: Option<&str>| {
        between.is_some_and(|between| between.chars().all(|c| " -.()".contains(c)))
    };
    masks(text).any(|mask| {
        close(text.get(stretch.end..mask.start)) || close(text.get(mask.end..stretch.start))
    })
}

fn masks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let last_digit = text.rfind(char::is_numeric);
    let mut from = 0;
    let runs = std::iter::from_fn(move || {
        let start = from;
        let first = text[start..].chars().next()?.to_ascii_lowercase();
        let rest = text[start..].trim_start_matches(|c: char| c.to_ascii_lowercase() == first);
        from = text.len() - rest.len();
        Some((first, start..from))
    });
    runs.filter(move |(first, run)| match first {
        '*' | '#' | '_' | '?' | '•' | '●' => run.len() >= 2 * first.len_utf8(),
        // Two stand for the carrier in Brazil, 0xx11.
        'x' => is_word(text, run) && run.len() >= if last_digit < Some(run.start) { 2 } else { 3 },
        _ => false,
    })
    .map(|(_, run)| run)
}

fn is_word(text: &str, run: &Range<usize>) -> bool {
    !text[..run.start].ends_with(char::is_alphabetic)
        && !text[run.end..].starts_with(char::is_alphabetic)
}
