//! Text kept once, apart from the records that the engine walks.

use std::ops::Range;

/// Where a text lies: 40 bits of offset, 23 bits of length, top bit clear for a number.
const IS_TEXT: u64 = 1 << 63;
const LENGTH_BITS: u32 = 23;

/// An append-only heap of texts. A text is addressed by a word; a plain decimal number below 2⁶²
/// *is* that word, so that most account ids and record ids take no heap at all.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    heap: String,
}

/// The text is longer than 8 MiB, or a tebibyte of text is kept already.
#[derive(Debug)]
pub(super) struct TooLong;

impl Texts {
    /// The word for `text`, if it is a number that prints back as the same text.
    pub(super) fn number(text: &str) -> Option<u64> {
        let bytes = text.as_bytes();
        if bytes.is_empty() || bytes.len() > 18 || (bytes[0] == b'0' && bytes.len() > 1) {
            return None;
        }
        bytes.iter().try_fold(0_u64, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0'))
        })
    }

    pub(super) fn insert(&mut self, text: &str) -> Result<u64, TooLong> {
        if let Some(number) = Self::number(text) {
            return Ok(number);
        }
        self.insert_bytes(text)
    }

    /// Like [`insert`](Self::insert), and a number is kept as text as well.
    pub(super) fn insert_bytes(&mut self, text: &str) -> Result<u64, TooLong> {
        let offset = self.heap.len() as u64;
        if text.len() >= 1 << LENGTH_BITS || offset >= 1 << 40 {
            return Err(TooLong);
        }
        self.heap.push_str(text);
        Ok(IS_TEXT | offset << LENGTH_BITS | text.len() as u64)
    }

    pub(super) fn is_number(word: u64) -> bool {
        word & IS_TEXT == 0
    }

    /// The text at `word`; empty for a number.
    pub(super) fn text(&self, word: u64) -> &str {
        if Self::is_number(word) {
            return "";
        }
        self.heap.get(Self::place(word)).unwrap_or_default()
    }

    fn place(word: u64) -> Range<usize> {
        let start = ((word & !IS_TEXT) >> LENGTH_BITS) as usize;
        start..start + (word & ((1 << LENGTH_BITS) - 1)) as usize
    }

    /// The first byte of the text at `word`; 0 for a number.
    #[inline]
    pub(super) fn first_byte(&self, word: u64) -> u8 {
        let first = self.heap.as_bytes().get(Self::place(word).start).copied();
        if Self::is_number(word) { 0 } else { first.unwrap_or(0) }
    }

    /// Whether `word` stands for `text`.
    #[inline]
    pub(super) fn is(&self, word: u64, text: &str) -> bool {
        if Self::is_number(word) {
            return Self::number(text) == Some(word);
        }
        // A text of another length is not even read.
        let Range { start, end } = Self::place(word);
        end - start == text.len() && self.heap.as_bytes().get(start..end) == Some(text.as_bytes())
    }

    pub(super) fn to_owned(&self, word: u64) -> String {
        if Self::is_number(word) { word.to_string() } else { self.text(word).to_owned() }
    }

    /// Overwrites the text, for an erasure: nothing of it stays in memory.
    pub(super) fn wipe(&mut self, word: u64) {
        if !Self::is_number(word) {
            let place = Self::place(word);
            if self.heap.get(place.clone()).is_some() {
                let zeros = "\0".repeat(place.len());
                self.heap.replace_range(place, &zeros);
            }
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.heap.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_kept_in_the_word_only_if_it_prints_back() {
        let mut texts = Texts::default();
        for text in [
            "0",
            "7",
            "6281234567890",
            "007",
            "",
            "-1",
            "12a",
            "999999999999999999",
            "1000000000000000000",
            "Bảo",
        ] {
            let word = texts.insert(text).unwrap();
            assert!(texts.is(word, text), "{text}");
            assert_eq!(texts.to_owned(word), text);
            assert!(!texts.is(word, "other"));
        }
        let word = texts.insert("rahasia").unwrap();
        texts.wipe(word);
        assert!(!texts.heap.contains("rahasia"));
    }
}
