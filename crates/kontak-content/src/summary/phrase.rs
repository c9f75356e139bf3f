//! Words from phrase tables. A new language is one file and one line in [`TABLES`].

use crate::{CallOutcome, MediaKind, PartKind, SystemKind};
use kontak_types::Language;

const ENGLISH: &str = include_str!("phrases/en.txt");
const TABLES: [(&str, &str); 3] = [
    ("en", ENGLISH),
    ("id", include_str!("phrases/id.txt")),
    ("vi", include_str!("phrases/vi.txt")),
];

/// The phrases of one language.
#[derive(Clone, Copy)]
pub(super) struct Phrases {
    table: &'static str,
}

impl Phrases {
    /// English where the language has no table.
    pub(super) fn of(language: &Language) -> Self {
        let known = TABLES.iter().find(|(name, _)| *name == language.primary());
        Self { table: known.map_or(ENGLISH, |(_, table)| table) }
    }

    /// The phrase; the key itself where the table lacks it, which a test rules out.
    pub(super) fn phrase(self, key: &'static str) -> &'static str {
        self.find("", key).unwrap_or(key)
    }

    pub(super) fn fill(self, key: &'static str, words: &[(&str, &str)]) -> String {
        let mut text = String::new();
        let mut rest = self.phrase(key);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            text.push_str(
                words.iter().find(|(word, _)| *word == name).map_or("", |(_, word)| word),
            );
            rest = after;
        }
        text.push_str(rest);
        text
    }

    pub(super) fn media(self, kind: &MediaKind) -> &'static str {
        self.find("media.", kind.as_str()).unwrap_or_else(|| self.phrase("media.other"))
    }

    /// What came of a call; a name that this version does not know stands for itself.
    pub(super) fn outcome(self, outcome: &CallOutcome) -> &str {
        self.find("call.", outcome.as_str()).unwrap_or(outcome.as_str())
    }

    pub(super) fn system(self, kind: &SystemKind) -> Option<&'static str> {
        self.find("system.", kind.as_str())
    }

    /// A kind of part; a name that this version does not know stands for itself.
    pub(super) fn kind(self, kind: &PartKind) -> &str {
        self.find("kind.", kind.as_str()).unwrap_or(kind.as_str())
    }

    fn find(self, group: &str, name: &str) -> Option<&'static str> {
        let mut lines = self.table.lines().filter_map(|line| line.split_once(" = "));
        lines.find(|(key, _)| key.strip_prefix(group) == Some(name)).map(|(_, text)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(table: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
        let entries = table.lines().filter(|line| !line.starts_with('#'));
        let mut lines: Vec<_> = entries
            .map(|line| {
                let (key, text) = line.split_once(" = ").unwrap();
                let mut words: Vec<_> =
                    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
                words.sort_unstable();
                (key, words)
            })
            .collect();
        lines.sort_unstable();
        lines
    }

    #[test]
    fn every_language_has_the_keys_of_english_with_the_same_words_to_fill() {
        for (language, table) in TABLES {
            assert_eq!(lines(ENGLISH), lines(table), "{language}");
        }
    }

    #[test]
    fn every_known_name_has_its_phrase() {
        let phrases = Phrases { table: ENGLISH };
        for kind in MediaKind::KNOWN {
            assert!(phrases.find("media.", kind.as_str()).is_some(), "{kind}");
        }
        for outcome in CallOutcome::KNOWN {
            assert!(phrases.find("call.", outcome.as_str()).is_some(), "{outcome}");
        }
        for kind in SystemKind::KNOWN {
            assert!(phrases.system(kind).is_some(), "{kind}");
        }
        for kind in PartKind::KNOWN {
            assert!(phrases.find("kind.", kind.as_str()).is_some(), "{kind}");
        }
    }
}
