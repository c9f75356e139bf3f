//! The shape of a written number: where it begins, where its digits end, and which letters in it
//! are harmless.

use super::reference;

/// Labels that announce an extension to the metadata engine, besides the letter x.
const EXTENSION_LABELS: [&str; 12] = [
    "ext",
    "extn",
    "xt",
    "xtn",
    "extensio",
    "extension",
    "extensió",
    "extensión",
    "anexo",
    "int",
    "доб",
    "ｅｘｔ",
];

/// Parameters of a tel: URI, whose names the engine reads itself.
const URI_PARAMETERS: [&str; 3] = [";ext=", ";isub=", URI_CONTEXT];
const URI_CONTEXT: &str = ";phone-context=";

/// A text that holds at least one digit.
#[derive(Clone, Copy)]
pub(super) struct Writing<'a> {
    text: &'a str,
    /// Byte of the first digit, or of the plus before it.
    start: usize,
    /// Byte behind the last digit.
    end: usize,
    digits: usize,
}

impl<'a> Writing<'a> {
    pub(super) fn new(text: &'a str) -> Option<Self> {
        let (first, _) = text.char_indices().find(|(_, c)| is_digit(*c))?;
        let (last, digit) = text.char_indices().rfind(|(_, c)| is_digit(*c))?;
        Some(Self {
            text,
            start: text[..first].find(is_plus).unwrap_or(first),
            end: last + digit.len_utf8(),
            digits: text.chars().filter(|c| is_digit(*c)).count(),
        })
    }

    pub(super) fn digits(&self) -> usize {
        self.digits
    }

    /// Whether there are digits enough for two numbers, and something to keep them apart that one
    /// number seldom has.
    pub(super) fn may_be_several(&self) -> bool {
        let ordinary = |c: char| is_digit(c) || matches!(c, ' ' | '-' | '.' | '(' | ')');
        let number = self.text[self.start..self.end].trim_start_matches(is_plus);
        self.digits >= 12 && !number.chars().all(ordinary)
    }

    /// The text from where the number begins.
    pub(super) fn number(&self) -> &'a str {
        &self.text[self.start..]
    }

    /// Whether the country is written, be it in the context of a URI.
    pub(super) fn says_country(&self) -> bool {
        self.text[self.start..].starts_with(is_plus) || self.text.contains(URI_CONTEXT)
    }

    pub(super) fn is_uri(&self) -> bool {
        URI_PARAMETERS.iter().any(|parameter| self.text.contains(parameter))
    }

    /// The text up to its last digit, where words follow that are clearly set apart from it.
    pub(super) fn before_words(&self) -> Option<&'a str> {
        let after = &self.text[self.end..];
        (after.contains(char::is_alphabetic) && !after.starts_with(char::is_alphanumeric))
            .then(|| &self.text[..self.end])
    }

    /// Byte of the first letter that must not be there.
    ///
    /// The engine drops one or two letters wherever they are, and dials three or more like a keypad:
    /// "0812345678 Ibu" becomes a valid number ending in 428. Letters are therefore let through only where they cannot change the digits: before the number, as a label
    /// of an extension, as the carrier placeholder x, and one or two behind the number.
    pub(super) fn stray_letter(&self) -> Option<usize> {
        if self.is_uri() {
            return None;
        }
        let mut letters = 0;
        let mut first = None;
        for (at, word) in words(self.text, self.start) {
            if at < self.end && is_extension_label(word) && !self.letters_after(at + word.len()) {
                continue;
            }
            let harmless = if at < self.end {
                word.chars().all(is_placeholder)
            } else {
                self.text[self.end..].starts_with(|c: char| !c.is_alphabetic())
            };
            if !harmless {
                return Some(at);
            }
            letters += word.chars().count();
            first = first.or(Some(at));
        }
        first.filter(|_| letters > 2)
    }

    /// Byte of a word among the digits that is the label of an extension.
    pub(super) fn extension_label(&self) -> Option<usize> {
        let mut words = words(self.text, self.start);
        words.find(|(at, word)| *at < self.end && is_extension_label(word)).map(|(at, _)| at)
    }

    /// Byte of the first character that is neither digit nor the punctuation of numbers.
    pub(super) fn odd_character(&self) -> usize {
        let number = self.number().trim_start_matches(is_plus);
        let odd = number.find(|c: char| !(is_digit(c) || is_punctuation(c)));
        odd.map_or(self.start, |at| self.text.len() - number.len() + at)
    }

    fn letters_after(&self, byte: usize) -> bool {
        self.text[byte..].contains(char::is_alphabetic)
    }
}

/// What the engine takes for a digit, in any script.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric() && reference::is_digit(c))
}

fn is_plus(c: char) -> bool {
    matches!(c, '+' | '＋')
}

fn is_placeholder(c: char) -> bool {
    matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ')
}

fn is_punctuation(c: char) -> bool {
    c.is_whitespace() && c != '\n' || "-‐‑‒–—―−ー－．.()（）[]［］/／~*#,;".contains(c)
}

fn is_extension_label(word: &str) -> bool {
    let word = word.to_lowercase();
    EXTENSION_LABELS.contains(&word.as_str())
}

/// Runs of letters from byte `start` on, with the byte where each begins.
fn words(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut from = start;
    std::iter::from_fn(move || {
        let at = from + text[from..].find(char::is_alphabetic)?;
        let rest = &text[at..];
        let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        from = at + length;
        Some((at, &rest[..length]))
    })
}
