//! Phrases for reasons. A new language is one file and one line in [`TABLES`].

const ENGLISH: &str = include_str!("phrases/en.txt");
const TABLES: [(&str, &str); 3] = [
    ("en", ENGLISH),
    ("id", include_str!("phrases/id.txt")),
    ("vi", include_str!("phrases/vi.txt")),
];

/// The phrase in a language, else in English; the key itself where a table lacks it, which a test
/// rules out.
pub(super) fn text(key: &'static str, language: &str) -> &'static str {
    let table = TABLES.iter().find(|(name, _)| *name == language).map_or(ENGLISH, |it| it.1);
    let mut lines = table.lines().filter_map(|line| line.split_once(" = "));
    lines.find(|(name, _)| *name == key).map_or(key, |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_phrase_in_every_language() {
        for (language, _) in TABLES {
            for key in ["replaced", "agent_decided"] {
                assert_ne!(text(key, language), key, "{language}");
            }
        }
    }
}
