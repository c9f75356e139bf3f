//! Shops, companies and offices, which use a phone as people do.

use std::borrow::Cow;

use super::lexicon::{Entry, Tags};
use super::slip::is_slip;
use super::token::{MOST_TOKENS, Token};
use super::words::{Look, Word, Words};
use super::{NameMatch, PersonName};

/// The tokens of an organisation's name without its legal form; `None` where it is a person's name.
pub(super) fn tokens(words: &Words) -> Option<Vec<Token>> {
    let list = merged(words);
    if !is_organisation(&list) {
        return None;
    }
    let last = list.len() - 1;
    let is_name = |&(at, word): &(usize, &Word)| {
        let is_last_form = at == last && word.tags.has(Tags::LAST_LEGAL_FORM);
        !is_last_form && !word.tags.has(Tags::LEGAL_FORM.or(Tags::PARTICLE))
    };
    let named = list.iter().enumerate().filter(is_name).take(MOST_TOKENS);
    Some(named.map(|(_, word)| Token::of_word(word, &words.folded)).collect())
}

/// Compares two organisations. A word more may be a branch of the same one, so it settles nothing.
pub(super) fn compare(a: &PersonName, b: &PersonName) -> NameMatch {
    if a.scripts & b.scripts == 0 {
        return NameMatch::CannotTell;
    }
    let mut a_left: Vec<&str> = a.tokens.iter().map(|token| token.text(&a.folded)).collect();
    let mut b_left: Vec<&str> = b.tokens.iter().map(|token| token.text(&b.folded)).collect();
    take_pairs(&mut a_left, &mut b_left, |x, y| x == y);
    if a_left.is_empty() && b_left.is_empty() || a_left.concat() == b_left.concat() {
        return NameMatch::Same;
    }
    take_pairs(&mut a_left, &mut b_left, |x, y| is_slip(x, y, false));
    let is_number = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_digit());
    match (a_left.is_empty(), b_left.is_empty()) {
        (true, true) => NameMatch::Compatible,
        (false, false) => NameMatch::Differs,
        _ if a_left.iter().chain(&b_left).any(is_number) => NameMatch::Differs,
        _ => NameMatch::CannotTell,
    }
}

fn take_pairs(a: &mut Vec<&str>, b: &mut Vec<&str>, are_one: impl Fn(&str, &str) -> bool) {
    a.retain(|word| match b.iter().position(|other| are_one(word, other)) {
        Some(at) => {
            b.remove(at);
            false
        }
        None => true,
    });
}

fn is_organisation(list: &[Word]) -> bool {
    let (Some(first), Some(last)) = (list.first(), list.last()) else { return false };
    let is_mark = |(at, word): (usize, &Word)| {
        // "ud" is a particle where it stands between other words.
        let is_inside = at > 0 && at + 1 < list.len();
        word.tags.has(Tags::LEGAL_FORM.or(Tags::ORGANISATION))
            && !(is_inside && word.end - word.start == 2)
    };
    let vietnamese = Tags::VIETNAMESE_SURNAME.or(Tags::VIETNAMESE_SURNAME_ONLY);
    let is_closed =
        list.len() > 1 && last.tags.has(Tags::LAST_LEGAL_FORM) && !first.tags.has(vietnamese);
    is_closed || list.iter().enumerate().any(is_mark)
}

/// The words, with P.T. and "công ty" read as one word each.
fn merged(words: &Words) -> Cow<'_, [Word]> {
    let list = &words.list;
    let is_dotted =
        |pair: &[Word]| pair[1].look.has(Look::GLUED) && pair[0].is_letter() && pair[1].is_letter();
    let opening = match &list[..] {
        [first, second, ..] if first.tags.has(Tags::OPENS_A_TERM) => {
            Entry::find(words.joined(first, second))
        }
        _ => None,
    };
    let opening = opening.filter(|entry| entry.tags.has(Tags::LEGAL_FORM.or(Tags::ORGANISATION)));
    if opening.is_none() && !list.windows(2).any(is_dotted) {
        return Cow::Borrowed(list);
    }
    let mut merged: Vec<Word> = Vec::with_capacity(list.len());
    for (at, word) in list.iter().enumerate() {
        let continues = at == 1 && opening.is_some() || at > 0 && is_dotted(&list[at - 1..=at]);
        match merged.last_mut().filter(|_| continues) {
            Some(before) => {
                before.end = word.end;
                before.entry = Entry::find(words.text(before));
                before.tags = before.entry.map_or(Tags::NONE, |entry| entry.tags);
            }
            None => merged.push(*word),
        }
    }
    Cow::Owned(merged)
}
