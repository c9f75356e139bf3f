use super::LanguageRange;
use super::fold::{Folded, Marks};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The words of a language that are not counted: data, in TOML, JSON or another format of serde.
/// An unknown key is an error that names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WordList {
    /// The language.
    pub language: LanguageRange,
    /// The version of the list.
    pub version: u32,
    /// Words that every text has.
    pub stop_words: BTreeSet<String>,
    /// Words before a name, such as `pak` or `mr`: the word after one is left out.
    pub titles: BTreeSet<String>,
    /// Words before one's own name, such as `my name is`: the four words after them are left out.
    pub introductions: BTreeSet<String>,
}

impl WordList {
    /// The lists as they are shipped: Indonesian, Vietnamese, English.
    #[must_use]
    pub fn starters() -> Vec<Self> {
        let sources = [
            include_str!("../../data/labels/words.id.toml"),
            include_str!("../../data/labels/words.vi.toml"),
            include_str!("../../data/labels/words.en.toml"),
        ];
        let read = |source| toml::from_str(source).expect("a test reads each of them");
        sources.into_iter().map(read).collect()
    }
}

/// A list with its words as they are compared.
#[derive(Clone)]
pub(super) struct FoldedList {
    pub(super) language: LanguageRange,
    pub(super) stop_words: BTreeSet<String>,
    pub(super) titles: BTreeSet<String>,
    pub(super) introductions: BTreeSet<String>,
}

impl From<WordList> for FoldedList {
    fn from(list: WordList) -> Self {
        let folded = |words: BTreeSet<String>| -> BTreeSet<String> {
            let forms = [Marks::Keep, Marks::Drop];
            let both =
                words.iter().flat_map(|word| forms.map(|marks| Folded::new(word, marks).text));
            both.collect()
        };
        Self {
            language: list.language,
            stop_words: folded(list.stop_words),
            titles: folded(list.titles),
            introductions: folded(list.introductions),
        }
    }
}
