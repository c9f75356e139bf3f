//! Words from phrase tables. A new language is one file and one line in [`PHRASES`].

use crate::{CallOutcome, MediaKind, PartKind, SystemKind};
use kontak_types::{Language, PhraseTables, Phrases};

const PHRASES: PhraseTables = PhraseTables::new(
    include_str!("phrases/en.txt"),
    &[("id", include_str!("phrases/id.txt")), ("vi", include_str!("phrases/vi.txt"))],
);

/// The words of one language.
#[derive(Clone, Copy)]
pub(super) struct Words(Phrases);

impl Words {
    pub(super) fn of(language: &Language) -> Self {
        Self(PHRASES.of(language))
    }

    pub(super) fn get(self, key: &'static str) -> &'static str {
        self.0.get(key)
    }

    pub(super) fn fill(self, key: &'static str, words: &[(&str, &str)]) -> String {
        self.0.fill(key, words)
    }

    pub(super) fn media(self, kind: &MediaKind) -> &'static str {
        self.named("media.", kind.as_str()).unwrap_or_else(|| self.get("media.other"))
    }

    /// What came of a call; a name that this version does not know stands for itself.
    pub(super) fn outcome(self, outcome: &CallOutcome) -> &str {
        self.named("call.", outcome.as_str()).unwrap_or(outcome.as_str())
    }

    pub(super) fn system(self, kind: &SystemKind) -> Option<&'static str> {
        self.named("system.", kind.as_str())
    }

    /// A kind of part; a name that this version does not know stands for itself.
    pub(super) fn kind(self, kind: &PartKind) -> &str {
        self.named("kind.", kind.as_str()).unwrap_or(kind.as_str())
    }

    fn named(self, group: &str, name: &str) -> Option<&'static str> {
        self.0.find(&format!("{group}{name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_keys_of_english_with_the_same_words_to_fill() {
        assert_eq!(PHRASES.differences(), Vec::<String>::new());
    }

    #[test]
    fn every_known_name_has_its_phrase() {
        let phrases = Words(PHRASES.english());
        for kind in MediaKind::KNOWN {
            assert!(phrases.named("media.", kind.as_str()).is_some(), "{kind}");
        }
        for outcome in CallOutcome::KNOWN {
            assert!(phrases.named("call.", outcome.as_str()).is_some(), "{outcome}");
        }
        for kind in SystemKind::KNOWN {
            assert!(phrases.system(kind).is_some(), "{kind}");
        }
        for kind in PartKind::KNOWN {
            assert!(phrases.named("kind.", kind.as_str()).is_some(), "{kind}");
        }
    }
}
