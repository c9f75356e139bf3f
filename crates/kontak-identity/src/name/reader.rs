//! Reads a text character by character.

use super::letter::{Marks, Script, WordBuffer, is_silent};
use super::lexicon::{Entry, Tags};
use super::words::{Look, Word, Words};

const MOST_WORDS: usize = 16;
/// Positions in the folded text fit a byte; no name needs more.
const MOST_BYTES: usize = 230;
const MOST_CHARACTERS: usize = 400;

pub(super) fn read(text: &str) -> Words {
    if text.bytes().any(|byte| byte == b'@' || byte == b':') {
        return read_words(&without_addresses(text));
    }
    read_words(text)
}

fn read_words(text: &str) -> Words {
    let mut reader = Reader {
        words: Words {
            folded: String::with_capacity(text.len().min(MOST_BYTES) + 24),
            list: Vec::with_capacity(4),
            is_handle: false,
        },
        marked: String::new(),
        marks: Marks::default(),
        start: 0,
        look: Look::default(),
        brackets: 0,
        digit: None,
        last: ' ',
        run: 0,
        has_lower: false,
        has_odd: false,
    };
    for character in text.chars().take(MOST_CHARACTERS) {
        if reader.words.list.len() == MOST_WORDS || reader.words.folded.len() > MOST_BYTES {
            break;
        }
        reader.read(character);
    }
    reader.end_word();
    reader.words.is_handle = reader.has_odd && !text.trim().contains(char::is_whitespace);
    reader.words
}

struct Reader {
    words: Words,
    marked: String,
    marks: Marks,
    start: usize,
    /// What is known of the word to come.
    look: Look,
    brackets: u8,
    /// A digit that is the place of a letter (S1ti), if a letter follows.
    digit: Option<char>,
    last: char,
    /// How often the last letter was written in a row.
    run: u8,
    has_lower: bool,
    has_odd: bool,
}

impl Reader {
    fn read(&mut self, character: char) {
        match character {
            'a'..='z' | 'A'..='Z' => self.letter(character),
            '0'..='9' => self.digit(character),
            '.' => self.full_stop(),
            ',' => {
                self.end_word();
                self.look.set(Look::AFTER_COMMA, true);
            }
            '(' | '[' | '{' | '«' => {
                self.end_word();
                self.brackets = self.brackets.saturating_add(1);
            }
            ')' | ']' | '}' | '»' => {
                self.end_word();
                self.brackets = self.brackets.saturating_sub(1);
            }
            _ if is_silent(character) => {}
            _ if character.is_ascii() => {
                self.has_odd |= character == '_';
                self.end_word();
            }
            _ => self.other(character),
        }
    }

    fn letter(&mut self, character: char) {
        self.take_digit();
        let is_lower = character.is_ascii_lowercase();
        // SitiAminah, but not McDonald.
        if !is_lower && self.has_lower && self.length() >= 3 {
            self.end_word();
        }
        self.has_lower |= is_lower;
        self.push(character.to_ascii_lowercase());
    }

    fn push(&mut self, letter: char) {
        let repeats = self.length() > 0 && self.last == letter;
        self.last = letter;
        self.run = if repeats { self.run.saturating_add(1) } else { 1 };
        // Budiiii is drawn out and means Budi, where Budii could be meant; III is a number.
        let is_drawn_out = self.run >= 3 && self.length() > 2;
        if !is_drawn_out {
            self.words.folded.push(letter);
            if !self.marked.is_empty() {
                self.marked.push(letter);
            }
        } else if self.run == 3 {
            self.words.folded.pop();
        }
    }

    fn digit(&mut self, digit: char) {
        if self.length() == 0 || self.look.has(Look::NUMBER) {
            self.look.set(Look::NUMBER, true);
            self.words.folded.push(digit);
            return;
        }
        self.has_odd = true;
        if self.digit.replace(digit).is_some() {
            self.end_word();
            self.look.set(Look::NUMBER, true);
            self.words.folded.push(digit);
        }
    }

    /// A letter comes: was the digit before it meant as one?
    fn take_digit(&mut self) {
        if self.look.has(Look::NUMBER) && self.length() > 0 {
            self.has_odd = true;
            self.end_word();
        }
        let Some(digit) = self.digit.take() else { return };
        match digit {
            '0' => self.push('o'),
            '1' => self.push('i'),
            '3' => self.push('e'),
            '4' => self.push('a'),
            '5' => self.push('s'),
            '7' => self.push('t'),
            '9' => self.push('g'),
            _ => self.end_word(),
        }
    }

    fn full_stop(&mut self) {
        let had_word = self.length() > 0;
        self.end_word();
        if had_word {
            if let Some(word) = self.words.list.last_mut() {
                word.look.set(Look::DOTTED, true);
            }
            self.look.set(Look::GLUED, true);
        }
    }

    fn other(&mut self, character: char) {
        self.take_digit();
        let is_lower = character.is_lowercase();
        if character.is_uppercase() && self.has_lower && self.length() >= 3 {
            self.end_word();
        }
        let at = self.words.folded.len();
        let mut word = WordBuffer {
            folded: &mut self.words.folded,
            marked: &mut self.marked,
            start: self.start,
            marks: self.marks,
        };
        let is_part = word.push(character);
        self.marks = word.marks;
        if is_part {
            self.has_lower |= is_lower;
        } else {
            self.words.folded.truncate(at);
            self.end_word();
        }
    }

    fn length(&self) -> usize {
        self.words.folded.len() - self.start
    }

    fn end_word(&mut self) {
        let end = self.words.folded.len();
        let keeps_comma = self.look.has(Look::AFTER_COMMA);
        let text = &self.words.folded[self.start..];
        if let (Some(first), Ok(from), Ok(to)) =
            (text.chars().next(), u8::try_from(self.start), u8::try_from(end))
            && self.words.list.len() < MOST_WORDS
        {
            let mut look = self.look;
            look.set(Look::ASIDE, self.brackets > 0);
            look.set(Look::CAPITALS, !self.has_lower);
            let (entry, tags) = look_up(text, &self.marked, self.marks);
            self.words.list.push(Word {
                start: from,
                end: to,
                script: Script::of(first),
                marks: self.marks,
                entry,
                tags,
                look,
            });
        } else {
            self.words.folded.truncate(self.start);
        }
        self.start = self.words.folded.len();
        self.marked.clear();
        self.marks = Marks::default();
        self.digit = None;
        self.has_lower = false;
        self.look = Look::default();
        self.look.set(Look::AFTER_COMMA, keeps_comma);
    }
}

/// What a marked word is as a name, its plain letters tell; what other part it plays, only its own
/// spelling does: chị is a title, chí a name.
fn look_up(text: &str, marked: &str, marks: Marks) -> (Option<Entry>, Tags) {
    const AS_NAME: Tags = Tags::GIVEN
        .or(Tags::SURNAME)
        .or(Tags::VIETNAMESE_SURNAME)
        .or(Tags::VIETNAMESE_SURNAME_ONLY)
        .or(Tags::WIDESPREAD);
    let entry = Entry::find(text);
    let tags = entry.map_or(Tags::NONE, |entry| entry.tags);
    if marks.is_none() {
        return (entry, tags);
    }
    let own = Entry::find(marked).map_or(Tags::NONE, |entry| entry.tags);
    (entry, tags.and(AS_NAME).or(own))
}

/// Mail addresses and links say nothing here; a user name with an @ before it does.
fn without_addresses(text: &str) -> String {
    let is_address =
        |chunk: &&str| chunk.trim_start_matches('@').contains('@') || chunk.contains("://");
    let mut kept = String::with_capacity(text.len());
    for chunk in
        text.split([' ', '\t', '\n', '<', '>', '"', '(', ')']).filter(|chunk| !is_address(chunk))
    {
        kept.push_str(chunk);
        kept.push(' ');
    }
    kept
}
