//! Takes a text apart into words, with what the writing around each tells of it.

use super::letter::{Marks, Script};
use super::lexicon::{Entry, Tags};
use super::reader;
use super::vietnamese::is_syllable;

/// The words of a text, in its order.
pub(super) struct Words {
    /// The letters of all words one after another, so that neighbours can be looked up as one word.
    pub(super) folded: String,
    pub(super) list: Vec<Word>,
    /// One word, with digits or an underscore in it: a user name rather than a name.
    pub(super) is_handle: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) start: u8,
    pub(super) end: u8,
    pub(super) script: Script,
    pub(super) marks: Marks,
    pub(super) entry: Option<Entry>,
    pub(super) tags: Tags,
    pub(super) look: Look,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look(u8);

impl Look {
    /// A full stop follows.
    pub(super) const DOTTED: Self = Self(1);
    /// Nothing but a full stop stands between it and the word before.
    pub(super) const GLUED: Self = Self(2);
    /// A comma stands somewhere before it.
    pub(super) const AFTER_COMMA: Self = Self(4);
    /// In brackets.
    pub(super) const ASIDE: Self = Self(8);
    pub(super) const NUMBER: Self = Self(16);
    /// Capital letters only.
    pub(super) const CAPITALS: Self = Self(32);
    /// Stands where a title may stand, and may be one.
    pub(super) const MAYBE_TITLE: Self = Self(64);

    pub(super) fn has(self, look: Self) -> bool {
        self.0 & look.0 != 0
    }

    pub(super) fn set(&mut self, look: Self, on: bool) {
        if on {
            self.0 |= look.0;
        }
    }
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
        reader::read(text)
    }

    /// Reads "budisantoso99" as Budi Santoso where both parts are known names, the second as long as
    /// can be.
    pub(super) fn part_handle(&mut self) {
        const NAME: Tags = Tags::GIVEN.or(Tags::SURNAME);
        const VIETNAMESE: Tags = Tags::VIETNAMESE_SURNAME.or(Tags::VIETNAMESE_SURNAME_ONLY);
        let mut written = (0..).zip(&self.list).filter(|(_, word)| !word.look.has(Look::NUMBER));
        let (Some((at, word)), None, true) = (written.next(), written.next(), self.is_handle)
        else {
            return;
        };
        let (word, text) = (*word, self.text(word));
        if word.tags.has(NAME.or(VIETNAMESE)) || !text.is_ascii() {
            return;
        }
        let middle = (2..text.len().saturating_sub(1)).find(|&middle| {
            let (head, tail) = text.split_at(middle);
            let tags = |part| Entry::find(part).map_or(Tags::NONE, |entry| entry.tags);
            let is_long = head.len() > 2 && tail.len() > 2;
            is_long && tags(head).has(NAME) && tags(tail).has(NAME)
                || is_syllable(head) && tags(tail).has(VIETNAMESE)
                || tags(head).has(VIETNAMESE) && is_syllable(tail)
        });
        if let Some(middle) = middle {
            let middle = word.start + middle as u8;
            let part = |start, end| {
                let part = Word { start, end, ..word };
                let entry = Entry::find(self.text(&part));
                Word { entry, tags: entry.map_or(Tags::NONE, |entry| entry.tags), ..part }
            };
            let parts = [part(word.start, middle), part(middle, word.end)];
            self.list.splice(at..=at, parts);
            self.is_handle = false;
        }
    }

    pub(super) fn text(&self, word: &Word) -> &str {
        self.folded.get(word.start.into()..word.end.into()).unwrap_or_default()
    }

    /// Two or more neighbours read as one word.
    pub(super) fn joined(&self, first: &Word, last: &Word) -> &str {
        self.folded.get(first.start.into()..last.end.into()).unwrap_or_default()
    }
}

impl Word {
    /// Whether it is a single letter of the plain alphabet.
    pub(super) fn is_letter(&self) -> bool {
        self.end - self.start == 1
    }
}
