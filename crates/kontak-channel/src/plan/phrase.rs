//! The few words that the planner must say itself. A new language is one file and one line in
//! [`PHRASES`].

use kontak_types::{Language, PhraseTables};

const PHRASES: PhraseTables = PhraseTables::new(
    include_str!("phrases/en.txt"),
    &[("id", include_str!("phrases/id.txt")), ("vi", include_str!("phrases/vi.txt"))],
);

fn phrase(key: &'static str, language: Option<&Language>) -> &'static str {
    language.map_or(PHRASES.english(), |language| PHRASES.of(language)).get(key)
}

pub(super) fn choose(language: Option<&Language>) -> &'static str {
    phrase("choose", language)
}

pub(super) fn please_choose(language: Option<&Language>) -> &'static str {
    phrase("please_choose", language)
}

pub(super) fn reply_with_number(language: Option<&Language>) -> &'static str {
    phrase("reply_with_number", language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_what_english_says() {
        assert_eq!(PHRASES.differences(), Vec::<String>::new());
        for key in ["choose", "please_choose", "reply_with_number"] {
            assert!(PHRASES.english().find(key).is_some(), "{key}");
        }
    }
}
