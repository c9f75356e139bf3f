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
    /// Where the columns after the tags begin in [`TEXT`].
    relations: u32,
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
            if let Some(columns) = rest.strip_prefix(word).and_then(|line| line.strip_prefix(';')) {
                let (tags, length) = Tags::read(columns);
                return Some(Self { relations: (offset + word.len() + 1 + length) as u32, tags });
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// The columns list both ways: where one word's line names the other, so does the other's.
    pub(super) fn kinship(self, word: &str, other: Self, other_word: &str) -> Kinship {
        if !self.has_relations() || !other.has_relations() {
            return Kinship::Unlisted;
        }
        match self.listed().find(|(_, listed)| *listed == other_word) {
            Some((Column::Apart, _)) => Kinship::TwoNames,
            Some(_) => Kinship::OneName,
            None if self.is_short_for_the_same(word, other, other_word) => Kinship::OneName,
            None => Kinship::Unlisted,
        }
    }

    /// Whether somebody of this name may be called by a name that begins so.
    pub(super) fn has_short_form(self, initial: char) -> bool {
        self.words_of(Column::Short).any(|short| short.starts_with(initial))
    }

    /// Eddie and Ed are both Edward. Erin and Ron are both said to be Aaron, which is too far: short
    /// forms must look alike, and one that has short forms of its own is a name in its own right.
    fn is_short_for_the_same(self, word: &str, other: Self, other_word: &str) -> bool {
        let begins_alike = word.get(..2).is_some_and(|head| other_word.starts_with(head));
        let ends_alike = || {
            let tail = word.len().checked_sub(2).and_then(|at| word.get(at..));
            tail.is_some_and(|tail| other_word.ends_with(tail))
        };
        let is_name = |entry: Self| entry.words_of(Column::Short).next().is_some();
        (begins_alike || ends_alike())
            && self
                .words_of(Column::Formal)
                .any(|formal| other.words_of(Column::Formal).any(|other| other == formal))
            && !(is_name(self) && is_name(other))
    }

    fn has_relations(self) -> bool {
        TEXT.as_bytes().get(self.relations as usize) == Some(&b';')
    }

    fn relations(self) -> &'static str {
        let line = TEXT.get(self.relations as usize..).and_then(|rest| rest.lines().next());
        line.and_then(|line| line.strip_prefix(';')).unwrap_or_default()
    }

    fn words_of(self, wanted: Column) -> impl Iterator<Item = &'static str> {
        self.listed().filter(move |(column, _)| *column == wanted).map(|(_, word)| word)
    }

    /// Every word of the line with its column, in one pass.
    fn listed(self) -> impl Iterator<Item = (Column, &'static str)> {
        let (mut rest, mut columns) = (self.relations(), COLUMNS.into_iter());
        let mut column = columns.next();
        std::iter::from_fn(move || {
            while !rest.is_empty() {
                let end = rest
                    .bytes()
                    .position(|byte| byte == b',' || byte == b';')
                    .unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                let here = column;
                if after.starts_with(';') {
                    column = columns.next();
                }
                rest = after.get(1..).unwrap_or_default();
                if !word.is_empty() {
                    return here.map(|column| (column, word));
                }
            }
            None
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Spellings,
    Formal,
    Short,
    Apart,
}

const COLUMNS: [Column; 4] = [Column::Spellings, Column::Formal, Column::Short, Column::Apart];

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
    pub(super) const REMARK: Self = Self::of(b'r');
    pub(super) const LEGAL_FORM: Self = Self::of(b'l');
    pub(super) const LAST_LEGAL_FORM: Self = Self::of(b'L');
    pub(super) const ORGANISATION: Self = Self::of(b'o');
    pub(super) const OPENS_A_TERM: Self = Self::of(b'a');
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

    /// The tags at the head of the columns, and how many letters they take.
    fn read(columns: &str) -> (Self, usize) {
        let (mut tags, mut length) = (Self::NONE, 0);
        for letter in columns.bytes().take_while(|&byte| byte != b';' && byte != b'\n') {
            tags = tags.or(Self::of(letter));
            length += 1;
        }
        (tags, length)
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
            let mut columns = line.splitn(3, ';');
            let word = columns.next().expect("a line has a word");
            let entry = Entry::find(word).expect("a listed word is found");
            assert_eq!(Some(entry.tags), columns.next().map(|tags| Tags::read(tags).0), "{word}");
            assert_eq!(entry.relations(), columns.next().unwrap_or_default(), "{word}");
        }
        for word in ["", "zzzz", "roberto;", "\n", "rober"] {
            assert!(Entry::find(word).is_none(), "{word}");
        }
    }

    /// A verdict that is kept is kept with the version of the lists that gave it.
    #[test]
    fn other_lists_have_another_version() {
        let lists = hash(TEXT.as_bytes(), 0, TEXT.len());
        assert_eq!(
            (super::super::RULES_VERSION, lists),
            (2, 0x2ae8_8135),
            "raise the version with the lists"
        );
    }

    #[test]
    fn relations_are_listed_both_ways() {
        let mirrored = |column| match column {
            Column::Formal => Column::Short,
            Column::Short => Column::Formal,
            same => same,
        };
        for line in TEXT.lines() {
            let word = line.split(';').next().expect("a line has a word");
            for (column, other) in Entry::find(word).expect("a listed word is found").listed() {
                let back = Entry::find(other).unwrap_or_else(|| panic!("{other} has no line"));
                assert!(
                    back.words_of(mirrored(column)).any(|listed| listed == word),
                    "{word} {other}"
                );
            }
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
