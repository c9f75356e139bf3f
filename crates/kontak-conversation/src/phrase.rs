//! Phrases for reasons. A new language is one file and one line in [`PHRASES`].

use kontak_types::PhraseTables;

pub(crate) const PHRASES: PhraseTables = PhraseTables::new(
    include_str!("phrases/en.txt"),
    &[("id", include_str!("phrases/id.txt")), ("vi", include_str!("phrases/vi.txt"))],
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_what_english_says_with_the_same_words_to_fill() {
        assert_eq!(PHRASES.differences(), Vec::<String>::new());
    }
}
