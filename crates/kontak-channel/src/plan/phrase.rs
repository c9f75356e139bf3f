//! The few words that the planner must say itself. A new language is one line in each table.

use kontak_types::Language;

type Table = [(&'static str, &'static str); 3];

const CHOOSE: Table = [("en", "Choose"), ("id", "Pilih"), ("vi", "Chọn")];
const PLEASE_CHOOSE: Table =
    [("en", "Please choose:"), ("id", "Silakan pilih:"), ("vi", "Vui lòng chọn:")];
const REPLY_WITH_NUMBER: Table = [
    ("en", "Reply with the number."),
    ("id", "Balas dengan nomornya."),
    ("vi", "Trả lời bằng số tương ứng."),
];

fn phrase(table: Table, language: Option<&Language>) -> &'static str {
    let primary = language.map_or("en", Language::primary);
    table.iter().find(|(name, _)| *name == primary).map_or(table[0].1, |(_, phrase)| phrase)
}

pub(super) fn choose(language: Option<&Language>) -> &'static str {
    phrase(CHOOSE, language)
}

pub(super) fn please_choose(language: Option<&Language>) -> &'static str {
    phrase(PLEASE_CHOOSE, language)
}

pub(super) fn reply_with_number(language: Option<&Language>) -> &'static str {
    phrase(REPLY_WITH_NUMBER, language)
}
