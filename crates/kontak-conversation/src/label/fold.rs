//! A text as rules see it, and the way back to the text as it was written.

use super::TextSpan;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// What becomes of the marks over Latin letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    Keep,
    Drop,
}

impl Marks {
    /// How a text is to be matched: with its marks, unless fewer than half of its words have any.
    ///
    /// Somebody who types marks types nearly all of them, and three of four Vietnamese words have
    /// one. Whoever types `gia` beside `đình` did not mean `giá`.
    pub(super) fn as_typed(text: &str) -> Self {
        let (mut words, mut marked) = (0_usize, 0_usize);
        for word in text.split(|c: char| !c.is_alphanumeric() && !is_mark(c)) {
            words += usize::from(!word.is_empty());
            marked += usize::from(word.chars().any(bears_mark));
        }
        if marked > 0 && marked * 2 >= words { Self::Keep } else { Self::Drop }
    }
}

/// A text in lower case and compatibility form (NFKC), with single spaces, plain quotation marks,
/// nothing invisible, and the tone of `oa`, `oe`, `uy` on the second vowel.
#[derive(Debug, Default)]
pub(super) struct Folded {
    pub(super) text: String,
    runs: Vec<Run>,
}

/// Where a stretch of the folded text came from.
#[derive(Debug)]
struct Run {
    folded: Range<usize>,
    original: Range<usize>,
    /// Whether it maps byte by byte.
    is_even: bool,
}

impl Folded {
    pub(super) fn new(text: &str, marks: Marks) -> Self {
        let mut folded = Self::default();
        let mut clusters = text.grapheme_indices(true).peekable();
        while let Some((start, cluster)) = clusters.next() {
            let mut piece = cluster_folded(cluster, marks);
            let mut end = start + cluster.len();
            if let Some(&(next, second)) = clusters.peek()
                && let Some(pair) = pair_with_tone_moved(&piece, &cluster_folded(second, marks))
            {
                piece = pair;
                end = next + second.len();
                clusters.next();
            }
            folded.push(&piece, start..end);
        }
        folded
    }

    fn push(&mut self, piece: &str, original: Range<usize>) {
        let start = self.text.len();
        for character in piece.chars() {
            if !character.is_whitespace() {
                self.text.push(character);
            } else if !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        }
        let folded = start..self.text.len();
        // Several characters of the same length in all may have their borders elsewhere.
        let is_even = folded.len() == original.len() && piece.chars().nth(1).is_none();
        match self.runs.last_mut() {
            _ if folded.is_empty() => {}
            Some(last) if last.is_even && is_even && original.start == last.original.end => {
                last.folded.end = folded.end;
                last.original.end = original.end;
            }
            _ => self.runs.push(Run { folded, original, is_even }),
        }
    }

    /// The bytes of the text as written behind a range of the folded one; whole characters.
    pub(super) fn origin(&self, folded: Range<usize>) -> TextSpan {
        let run = |at: usize| self.runs.get(self.runs.partition_point(|run| run.folded.end <= at));
        let start = run(folded.start).map_or(0, |run| match run.is_even {
            true => run.original.start + (folded.start - run.folded.start),
            false => run.original.start,
        });
        let end = run(folded.end.saturating_sub(1)).map_or(start, |run| match run.is_even {
            true => run.original.start + (folded.end - run.folded.start),
            false => run.original.end,
        });
        TextSpan::new(start..end)
    }
}

fn cluster_folded(cluster: &str, marks: Marks) -> String {
    if cluster.is_ascii() {
        return cluster.to_ascii_lowercase();
    }
    let lower = cluster.nfkc().flat_map(char::to_lowercase).filter_map(plain);
    // Composed once more, because lower case can take a letter apart again.
    let lower: String = lower.nfc().collect();
    match marks {
        Marks::Keep => lower,
        Marks::Drop => without_marks(&lower),
    }
}

/// A pattern as it is matched against a folded text. Only characters outside ASCII change, so it is
/// the same expression.
pub(super) fn pattern(pattern: &str, marks: Marks) -> String {
    let composed: String = pattern.nfc().filter_map(plain).collect();
    match marks {
        Marks::Keep => with_tones_moved(&composed),
        Marks::Drop => without_marks(&composed),
    }
}

/// One character for its look-alikes, and nothing for what cannot be seen.
fn plain(character: char) -> Option<char> {
    Some(match character {
        '‘' | '’' | 'ʼ' | '´' | '′' => '\'',
        '“' | '”' | '″' => '"',
        '‐' | '‑' | '‒' | '–' | '—' => '-',
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}' => {
            return None;
        }
        other => other,
    })
}

const fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

fn bears_mark(character: char) -> bool {
    matches!(character, 'đ' | 'Đ')
        || is_mark(character)
        || (matches!(character, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
            && character.nfd().nth(1).is_some_and(is_mark))
}

fn without_marks(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut is_latin = false;
    for character in text.nfd() {
        if is_mark(character) && is_latin {
            continue;
        }
        is_latin = matches!(character, 'a'..='z' | 'A'..='Z' | 'đ' | 'Đ');
        plain.push(match character {
            'đ' => 'd',
            'Đ' => 'D',
            other => other,
        });
    }
    // Other scripts go back to the form that patterns are written in.
    if plain.is_ascii() { plain } else { plain.nfc().collect() }
}

/// `hòa` and `hoà` are one word: the tone of `oa`, `oe` and `uy` goes to the second vowel.
fn tone_moved(first: char, second: char) -> Option<[char; 2]> {
    let (toned, vowel, to) = match (first, second) {
        ('ò' | 'ó' | 'ỏ' | 'õ' | 'ọ', 'a') => ("òóỏõọ", 'o', "àáảãạ"),
        ('ò' | 'ó' | 'ỏ' | 'õ' | 'ọ', 'e') => ("òóỏõọ", 'o', "èéẻẽẹ"),
        ('ù' | 'ú' | 'ủ' | 'ũ' | 'ụ', 'y') => ("ùúủũụ", 'u', "ỳýỷỹỵ"),
        _ => return None,
    };
    let tone = toned.chars().position(|it| it == first)?;
    Some([vowel, to.chars().nth(tone)?])
}

fn pair_with_tone_moved(first: &str, second: &str) -> Option<String> {
    let only = |text: &str| {
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    tone_moved(only(first)?, only(second)?).map(String::from_iter)
}

fn with_tones_moved(text: &str) -> String {
    let mut moved = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(first) = characters.next() {
        match characters.peek().and_then(|&second| tone_moved(first, second)) {
            Some(pair) => {
                characters.next();
                moved.extend(pair);
            }
            None => moved.push(first),
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_and_points_back() {
        for (text, marks, expected, part, origin) in [
            ("Mua  HÀNG", Marks::Keep, "mua hàng", "hàng", "HÀNG"),
            ("mua hàng", Marks::Drop, "mua hang", "hang", "hàng"),
            ("mua ha\u{300}ng nhé", Marks::Keep, "mua hàng nhé", "nhé", "nhé"),
            ("Đổi trả", Marks::Drop, "doi tra", "tra", "trả"),
            ("Điều hòa", Marks::Keep, "điều hoà", "hoà", "hòa"),
            ("thùy nha", Marks::Keep, "thuỳ nha", "nha", "nha"),
            ("Ｈａｒｇａ… berapa", Marks::Drop, "harga... berapa", "berapa", "berapa"),
            ("ba\u{200b}rang don’t", Marks::Drop, "barang don't", "don't", "don’t"),
        ] {
            let folded = Folded::new(text, marks);
            assert_eq!(folded.text, expected);
            let at = folded.text.find(part).unwrap();
            assert_eq!(folded.origin(at..at + part.len()).of(text), Some(origin));
        }
    }

    #[test]
    fn marks_count_where_they_were_typed() {
        assert_eq!(Marks::as_typed("gia đình tôi"), Marks::Keep);
        assert_eq!(Marks::as_typed("gia bao nhieu shop"), Marks::Drop);
        assert_eq!(Marks::as_typed("tủ lạnh gia bao nhieu v"), Marks::Drop);
        assert_eq!(Marks::as_typed(""), Marks::Drop);
    }

    proptest! {
        #[test]
        fn every_span_is_a_place_of_the_text(text in "(?s)([a-cÀ-ỹ \u{300}-\u{303}\u{200d}…ﬁİ]|.){0,24}") {
            for marks in [Marks::Keep, Marks::Drop] {
                let folded = Folded::new(&text, marks);
                let borders: Vec<usize> =
                    folded.text.char_indices().map(|(at, _)| at).chain([folded.text.len()]).collect();
                for (index, &start) in borders.iter().enumerate() {
                    for &end in &borders[index + 1..] {
                        prop_assert!(folded.origin(start..end).of(&text).is_some_and(|it| !it.is_empty()));
                    }
                }
            }
        }
    }
}
