//! A character as it counts in a name: plain lower-case letters, the marks over them, the script.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// A writing system; names in two of them cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Script(u8);

impl Script {
    pub(super) const LATIN: Self = Self(0);
    const GREEK: Self = Self(1);
    const CYRILLIC: Self = Self(2);
    const ARMENIAN: Self = Self(3);
    const HEBREW: Self = Self(4);
    const ARABIC: Self = Self(5);
    const GEORGIAN: Self = Self(6);
    const OTHER: Self = Self(31);

    pub(super) fn of(letter: char) -> Self {
        match letter as u32 {
            ..0x370 | 0x1D00..0x1E00 | 0xA720..0xA800 => Self::LATIN,
            0x370..0x400 => Self::GREEK,
            0x400..0x530 => Self::CYRILLIC,
            0x530..0x590 => Self::ARMENIAN,
            0x590..0x600 => Self::HEBREW,
            0x600..0x780 => Self::ARABIC,
            0x10A0..0x1100 => Self::GEORGIAN,
            // One block of 128 after another is one script of South and South-East Asia.
            block @ 0x900..0x1080 => Self(8 + ((block - 0x900) / 0x80) as u8),
            0x1100..0x1200 => Self(24),
            0x1200..0x13A0 => Self(25),
            0x1780..0x1800 => Self(26),
            0x3040..0x3100 => Self(27),
            0x3400..0xA000 | 0x20000..0x32000 => Self(28),
            _ => Self::OTHER,
        }
    }

    /// A bit of its own among the scripts of a name.
    pub(super) fn bit(self) -> u32 {
        1 << self.0
    }

    /// Whether one letter more or less can be a slip: not where a letter is a syllable or a word.
    pub(super) fn is_alphabet(self) -> bool {
        [Self::LATIN, Self::GREEK, Self::CYRILLIC, Self::ARMENIAN, Self::GEORGIAN].contains(&self)
    }

    /// Whether marks over its letters may be left out.
    fn drops_marks(self) -> bool {
        [Self::LATIN, Self::GREEK, Self::CYRILLIC, Self::HEBREW, Self::ARABIC].contains(&self)
    }
}

/// The marks of one word, comparable as a whole; zero where there are none.
///
/// A Vietnamese tone belongs to the syllable, wherever it is written (hòa, hoà); any other mark belongs
/// to its letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Marks(u32);

impl Marks {
    const PRESENT: u32 = 1 << 30;
    const FOREIGN: u32 = 1 << 31;
    const SUM: u32 = Self::PRESENT - 1;

    pub(super) fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether every mark is one that Vietnamese uses.
    pub(super) fn are_vietnamese(self) -> bool {
        self.0 & (Self::FOREIGN | Self::PRESENT) == Self::PRESENT
    }

    fn add(&mut self, mark: char, letter: usize) {
        let is_tone = matches!(mark, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
        let is_shape = matches!(mark, '\u{302}' | '\u{306}' | '\u{31b}' | 'đ');
        let at = if is_tone { 0 } else { letter as u32 + 1 };
        let term = (mark as u32 | at << 18).wrapping_mul(0x9e37_79b1) >> 2;
        // A sum does not depend on the order in which the marks of a letter are written.
        let sum = (self.0 & Self::SUM).wrapping_add(term) & Self::SUM;
        let foreign = if is_tone || is_shape { self.0 & Self::FOREIGN } else { Self::FOREIGN };
        self.0 = sum | Self::PRESENT | foreign;
    }
}

/// Where the pieces of a word go while its characters are read.
pub(super) struct WordBuffer<'a> {
    /// Plain letters.
    pub(super) folded: &'a mut String,
    /// Decomposed letters with their marks.
    pub(super) marked: &'a mut String,
    pub(super) start: usize,
    pub(super) marks: Marks,
}

impl WordBuffer<'_> {
    /// Adds what a character other than an ASCII letter has for a name; `false` where it ends the word.
    pub(super) fn push(&mut self, character: char) -> bool {
        if self.marked.is_empty() {
            self.marked.push_str(&self.folded[self.start..]);
        }
        let mut is_part = true;
        decompose_compatible(character, |piece| {
            if piece.is_ascii() || is_mark(piece) {
                is_part &= self.push_piece(piece.to_ascii_lowercase());
            } else {
                for piece in piece.to_lowercase() {
                    is_part &= self.push_piece(piece);
                }
            }
        });
        is_part
    }

    fn push_piece(&mut self, piece: char) -> bool {
        if is_mark(piece) || is_silent(piece) {
            let script =
                self.folded[self.start..].chars().next_back().map_or(Script::LATIN, Script::of);
            if self.folded.len() > self.start && !is_silent(piece) {
                if !script.drops_marks() {
                    self.folded.push(piece);
                } else if script == Script::LATIN {
                    self.marked.push(piece);
                    self.marks.add(piece, self.folded.len() - self.start);
                }
            }
            return true;
        }
        if !piece.is_alphabetic() {
            return false;
        }
        self.marked.push(piece);
        if piece == 'đ' {
            self.marks.add(piece, self.folded.len() - self.start + 1);
        }
        match plain(piece) {
            Some(letters) => self.folded.push_str(letters),
            None => self.folded.push(piece),
        }
        true
    }
}

fn is_mark(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
        || character > '\u{36f}' && is_combining_mark(character)
}

/// Apostrophes and what cannot be seen stand inside a word, and are no part of it.
pub(super) fn is_silent(character: char) -> bool {
    matches!(
        character,
        '\'' | '`' | '´' | '‘' | '’' | 'ʻ' | 'ʼ' | 'ʾ' | 'ʿ' | '′' | 'ـ' | '\u{ad}' | '\u{200b}'
            ..='\u{200f}' | '\u{2060}' | '\u{fe0f}' | '\u{feff}'
    )
}

/// Letters that Unicode does not take apart, among them the small capitals of decorated names.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'đ' | 'ð' | 'ᴅ' => "d",
        'ø' | 'ᴏ' => "o",
        'ł' | 'ʟ' => "l",
        'ı' | 'ɪ' => "i",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ə' | 'ᴀ' => "a",
        'ʙ' => "b",
        'ᴄ' => "c",
        'ᴇ' => "e",
        'ꜰ' => "f",
        'ɢ' => "g",
        'ʜ' => "h",
        'ᴊ' => "j",
        'ᴋ' => "k",
        'ᴍ' => "m",
        'ɴ' => "n",
        'ᴘ' => "p",
        'ǫ' => "q",
        'ʀ' => "r",
        'ꜱ' => "s",
        'ᴛ' => "t",
        'ᴜ' => "u",
        'ᴠ' => "v",
        'ᴡ' => "w",
        'ʏ' => "y",
        'ᴢ' => "z",
        'ى' => "ي",
        'ة' => "ه",
        _ => return None,
    })
}
