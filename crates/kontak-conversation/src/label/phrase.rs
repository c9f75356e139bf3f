//! Phrases for reasons. A new language is one file and one line in [`PHRASES`].

use kontak_types::PhraseTables;

pub(super) const PHRASES: PhraseTables = PhraseTables::new(
    include_str!("phrases/en.txt"),
    &[("id", include_str!("phrases/id.txt")), ("vi", include_str!("phrases/vi.txt"))],
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_phrase_in_every_language() {
        assert_eq!(PHRASES.differences(), Vec::<String>::new());
        for key in ["replaced", "agent_decided"] {
            assert!(PHRASES.english().find(key).is_some(), "{key}");
        }
    }
}
