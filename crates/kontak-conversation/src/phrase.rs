//! Phrases for reasons. A new language is one file and one line in [`TABLES`].

use kontak_types::Language;

const ENGLISH: &str = include_str!("phrases/en.txt");
const TABLES: [(&str, &str); 3] = [
    ("en", ENGLISH),
    ("id", include_str!("phrases/id.txt")),
    ("vi", include_str!("phrases/vi.txt")),
];

/// The phrases of one language.
#[derive(Clone, Copy)]
pub(crate) struct Phrases {
    table: &'static str,
}

impl Phrases {
    pub(crate) const fn english() -> Self {
        Self { table: ENGLISH }
    }

    pub(crate) fn of(language: &Language) -> Self {
        let known = TABLES.iter().find(|(name, _)| *name == language.primary());
        known.map_or_else(Self::english, |(_, table)| Self { table })
    }

    /// The phrase; the key itself where the table lacks it, which a test rules out.
    pub(crate) fn phrase(self, key: &'static str) -> &'static str {
        let mut lines = self.table.lines().filter_map(|line| line.split_once(" = "));
        lines.find(|(name, _)| *name == key).map_or(key, |(_, text)| text)
    }

    #[cfg(test)]
    pub(crate) fn has(self, key: &str) -> bool {
        self.table.lines().any(|line| line.split_once(" = ").is_some_and(|(name, _)| name == key))
    }

    /// The phrase with words in the places of their names.
    pub(crate) fn fill(self, key: &'static str, words: &[(&str, String)]) -> String {
        let mut text = self.phrase(key).to_owned();
        for (name, word) in words {
            text = text.replace(&format!("{{{name}}}"), word);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(table: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
        let lines = table.lines().filter_map(|line| line.split_once(" = "));
        lines
            .map(|(key, text)| {
                let names = text.split('{').skip(1);
                let mut names: Vec<&str> =
                    names.filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
                names.sort_unstable();
                (key, names)
            })
            .collect()
    }

    #[test]
    fn every_language_says_what_english_says_with_the_same_words_to_fill() {
        for (language, table) in TABLES {
            assert_eq!(lines(ENGLISH), lines(table), "{language}");
            assert!(table.lines().all(|line| line.contains(" = ")), "{language}");
        }
    }
}
