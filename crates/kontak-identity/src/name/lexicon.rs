//! The word lists of `data/names/`, read where they lie: no table is built when the program runs.

/// One line a word, `word;tags;spellings;formal names;short names;apart`, as
/// `data/names/build_lexicon.py` writes it.
const TEXT: &str = include_str!("../../data/names/lexicon.txt");

const SLOTS: usize = 1 << 14;

/// Open addressing over the lines of [`TEXT`]: a slot holds one more than a line's offset.
static INDEX: [u32; SLOTS] = index(TEXT.as_bytes());

/// What the lists know of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    line: &'static str,
    pub(super) tags: Tags,
}

/// Whether the lists hold two words for the same given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kinship {
    /// Spellings of one name, or a name and what its bearer is called.
    OneName,
    /// Two names, however alike they look or sound.
    TwoNames,
    Unlisted,
}

impl Entry {
    pub(super) fn find(word: &str) -> Option<Self> {
        let mut slot = hash(word.as_bytes(), 0, word.len()) as usize % SLOTS;
        loop {
            let offset = INDEX[slot].checked_sub(1)? as usize;
            let rest = TEXT.get(offset..)?;
            if let Some(line) = rest.strip_prefix(word).and_then(|line| line.strip_prefix(';')) {
                let line = &line[..line.find('\n').unwrap_or(line.len())];
                return Some(Self { line, tags: Tags::read(line) });
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    pub(super) fn kinship(self, word: &str, other: Self, other_word: &str) -> Kinship {
        if self.lists(Column::Apart, other_word) {
            Kinship::TwoNames
        } else if self.lists(Column::Spellings, other_word)
            || self.lists(Column::Formal, other_word)
            || other.lists(Column::Formal, word)
            || self.is_short_for_the_same(word, other, other_word)
        {
            Kinship::OneName
        } else {
            Kinship::Unlisted
        }
    }

    /// Whether somebody of this name may be called by a name that begins so.
    pub(super) fn has_short_form(self, initial: char) -> bool {
        self.column(Column::Short).any(|short| short.starts_with(initial))
    }

    /// Eddie and Ed are both Edward. Erin and Ron are both said to be Aaron, which is too far: short
    /// forms must look alike, and one that has short forms of its own is a name in its own right.
    fn is_short_for_the_same(self, word: &str, other: Self, other_word: &str) -> bool {
        let alike = |n: usize| {
            word.get(..n).is_some_and(|head| other_word.starts_with(head))
                || word.len().checked_sub(n).is_some_and(|at| other_word.ends_with(&word[at..]))
        };
        alike(2)
            && !(self.has_any(Column::Short) && other.has_any(Column::Short))
            && self.column(Column::Formal).any(|formal| other.lists(Column::Formal, formal))
    }

    fn lists(self, column: Column, word: &str) -> bool {
        self.column(column).any(|listed| listed == word)
    }

    fn has_any(self, column: Column) -> bool {
        self.column(column).next().is_some()
    }

    fn column(self, column: Column) -> impl Iterator<Item = &'static str> {
        let words = self.line.split(';').nth(column as usize).unwrap_or_default();
        words.split(',').filter(|word| !word.is_empty())
    }
}

#[derive(Clone, Copy)]
enum Column {
    Spellings = 1,
    Formal = 2,
    Short = 3,
    Apart = 4,
}

/// The parts a word can play in a name, one bit each; `data/names/README.md` describes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tags(u32);

impl Tags {
    pub(super) const NONE: Self = Self(0);
    pub(super) const GIVEN: Self = Self::of(b'g');
    pub(super) const SURNAME: Self = Self::of(b's');
    pub(super) const VIETNAMESE_SURNAME: Self = Self::of(b'v');
    pub(super) const VIETNAMESE_SURNAME_ONLY: Self = Self::of(b'V');
    pub(super) const WIDESPREAD: Self = Self::of(b'w');
    pub(super) const TITLE: Self = Self::of(b't');
    pub(super) const MAYBE_TITLE: Self = Self::of(b'T');
    pub(super) const DEGREE: Self = Self::of(b'd');
    pub(super) const DOTTED_DEGREE: Self = Self::of(b'D');
    pub(super) const CHILD_OF: Self = Self::of(b'b');
    pub(super) const PARTICLE: Self = Self::of(b'c');
    pub(super) const MIDDLE: Self = Self::of(b'f');
    pub(super) const PARENT: Self = Self::of(b'p');
    pub(super) const MAYBE_PARENT: Self = Self::of(b'P');
    pub(super) const PLACEHOLDER: Self = Self::of(b'x');
    pub(super) const MAYBE_PLACEHOLDER: Self = Self::of(b'X');
    pub(super) const LEGAL_FORM: Self = Self::of(b'l');
    pub(super) const LAST_LEGAL_FORM: Self = Self::of(b'L');
    pub(super) const ORGANISATION: Self = Self::of(b'o');
    pub(super) const MALE: Self = Self::of(b'm');
    pub(super) const FEMALE: Self = Self::of(b'n');

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether any of `tags` is set.
    pub(super) const fn has(self, tags: Self) -> bool {
        self.0 & tags.0 != 0
    }

    const fn of(letter: u8) -> Self {
        let bit = match letter {
            b'a'..=b'z' => letter - b'a',
            b'D' => 26,
            b'L' => 27,
            b'P' => 28,
            b'T' => 29,
            b'V' => 30,
            b'X' => 31,
            _ => return Self(0),
        };
        Self(1 << bit)
    }

    fn read(line: &str) -> Self {
        line.bytes().take_while(|&byte| byte != b';').fold(Self::NONE, |tags, byte| tags.or(Self::of(byte)))
    }
}

/// FNV-1a: the keys are our own file, and a lookup of anything else only misses.
const fn hash(bytes: &[u8], from: usize, to: usize) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut at = from;
    while at < to {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash ^ hash >> 15
}

const fn index(text: &[u8]) -> [u32; SLOTS] {
    let mut slots = [0; SLOTS];
    let mut line = 0;
    while line < text.len() {
        let mut end = line;
        while text[end] != b';' {
            end += 1;
        }
        let mut slot = hash(text, line, end) as usize % SLOTS;
        while slots[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        slots[slot] = line as u32 + 1;
        while end < text.len() && text[end] != b'\n' {
            end += 1;
        }
        line = end + 1;
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_under_its_word() {
        for line in TEXT.lines() {
            let (word, rest) = line.split_once(';').expect("a line has columns");
            let entry = Entry::find(word).expect("a listed word is found");
            assert_eq!(entry.line, rest, "{word}");
        }
        for word in ["", "zzzz", "bo", "roberto;", "\n", "rober"] {
            assert!(Entry::find(word).is_none(), "{word}");
        }
    }

    #[test]
    fn kinship_is_symmetric() {
        let kinship = |a: &str, b: &str| {
            let (x, y) = (Entry::find(a).expect("listed"), Entry::find(b).expect("listed"));
            assert_eq!(x.kinship(a, y, b), y.kinship(b, x, a), "{a} {b}");
            x.kinship(a, y, b)
        };
        assert_eq!(kinship("robert", "bob"), Kinship::OneName);
        assert_eq!(kinship("eddie", "ed"), Kinship::OneName);
        assert_eq!(kinship("kristen", "kristin"), Kinship::OneName);
        assert_eq!(kinship("mary", "marsha"), Kinship::TwoNames);
        assert_eq!(kinship("andi", "andy"), Kinship::TwoNames);
        assert_eq!(kinship("erin", "ron"), Kinship::Unlisted);
        assert_eq!(kinship("patrick", "patricia"), Kinship::Unlisted);
    }
}
