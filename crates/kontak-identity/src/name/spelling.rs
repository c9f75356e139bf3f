//! Whether two words could be one name, written by two people.

use super::lexicon::{Entry, Kinship, Tags};
use super::slip::{is_garbling, is_slip};
use super::sound::{may_begin_alike, sounds_alike};
use super::token::{Role, Token};
use super::vietnamese;

/// How two tokens could be one, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    Equal,
    /// Another spelling, another romanisation, a nickname, or marks left out.
    Variant,
    /// A slip of the hand or the ear.
    Slip,
    /// A first letter.
    Initial,
    /// The beginning of the other.
    Beginning,
}

/// A token with its letters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'a> {
    pub(super) text: &'a str,
    pub(super) token: &'a Token,
    /// Whether the name has Vietnamese marks, so that a plain syllable in it is plain on purpose.
    pub(super) name_is_marked: bool,
}

pub(super) fn likeness(a: Written<'_>, b: Written<'_>) -> Option<Likeness> {
    let is_syllable = a.token.role.has(Role::SYLLABLE) && b.token.role.has(Role::SYLLABLE);
    let marks_agree = a.token.marks == b.token.marks;
    let marks_decide = is_syllable
        && (!a.token.marks.is_none() && !b.token.marks.is_none()
            || a.name_is_marked && b.name_is_marked);
    let is_marked_otherwise = !marks_agree && marks_decide;
    if a.text == b.text {
        let likeness = if marks_agree { Likeness::Equal } else { Likeness::Variant };
        return (!is_marked_otherwise).then_some(likeness);
    }
    if a.token.script != b.token.script || !a.token.script.is_alphabet() {
        return None;
    }
    if a.token.role.has(Role::INITIAL) || b.token.role.has(Role::INITIAL) {
        return (is_initial_of(a, b) || is_initial_of(b, a)).then_some(Likeness::Initial);
    }
    match a.token.entry.zip(b.token.entry).map(|(x, y)| x.kinship(a.text, y, b.text)) {
        Some(Kinship::OneName) => return Some(Likeness::Variant),
        Some(Kinship::TwoNames) => return None,
        Some(Kinship::Unlisted) | None => {}
    }
    if is_marked_otherwise {
        return None;
    }
    if is_garbled(a, b) || is_garbled(b, a) {
        return Some(Likeness::Slip);
    }
    if is_syllable {
        return vietnamese::is_one_rime(a.text, b.text).then_some(Likeness::Variant);
    }
    // Most pairs end here.
    if !may_begin_alike(a.text, b.text) {
        return None;
    }
    if sounds_alike(a.text, b.text) {
        return Some(Likeness::Variant);
    }
    let are_names = is_given(a.token.entry) && is_given(b.token.entry);
    if is_slip(a.text, b.text, are_names) {
        return Some(Likeness::Slip);
    }
    let is_beginning = !are_names && (begins(a.text, b.text) || begins(b.text, a.text));
    is_beginning.then_some(Likeness::Beginning)
}

/// A short word that is no name, one stroke from one that is: "Ngyen", "Iwn", "Deedi".
fn is_garbled(a: Written<'_>, name: Written<'_>) -> bool {
    let is_name = name.token.role.has(Role::SYLLABLE) || is_given(name.token.entry);
    let is_word = a.token.role.has(Role::SYLLABLE) || a.token.entry.is_some();
    is_name && !is_word && is_garbling(a.text, name.text)
}

fn is_given(entry: Option<Entry>) -> bool {
    entry.is_some_and(|entry| entry.tags.has(Tags::GIVEN))
}

fn is_initial_of(a: Written<'_>, b: Written<'_>) -> bool {
    let Some(letter) = a.text.chars().next().filter(|_| a.token.role.has(Role::INITIAL)) else {
        return false;
    };
    b.text.starts_with(letter) || b.token.entry.is_some_and(|entry| entry.has_short_form(letter))
}

/// Four letters and more, and half of the word; but not where the rest makes a woman's name of a
/// man's (Robert, Roberta; Setia, Setiawati) or a son's of a father's (Aleksandr, Aleksandrovich).
fn begins(short: &str, long: &str) -> bool {
    const DERIVING: [&str; 9] = ["a", "ni", "ti", "ih", "ri", "ne", "te", "ich", "ych"];
    long.strip_prefix(short).is_some_and(|rest| {
        let letters = short.chars().count();
        letters >= 4
            && (2..=letters).contains(&rest.chars().count())
            && !DERIVING.iter().any(|end| rest.ends_with(end))
    })
}
