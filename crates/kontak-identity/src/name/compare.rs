//! The verdict on two names of people.

use super::align::{Alignment, Side};
use super::lexicon::Tags;
use super::spelling::Likeness;
use super::token::Role;
use super::{NameMatch, PersonName};

/// Below this a slip is not forgiven in the only word that agrees.
const LONG_WORD: usize = 7;

/// Compares two people's names, in an order that the caller has settled: alignment may depend on it
/// where it is a tie.
pub(super) fn people(a: &PersonName, b: &PersonName) -> NameMatch {
    let scripts = a.scripts & b.scripts;
    if scripts == 0 {
        return NameMatch::CannotTell;
    }
    if contradict(a.aside.sex, b.aside.sex) || contradict(a.aside.generation, b.aside.generation) {
        return NameMatch::Differs;
    }
    let mut alignment = Alignment::new(Side::of(a, scripts), Side::of(b, scripts));
    alignment.match_equal();
    alignment.match_joined();
    alignment.match_alike();
    verdict(&alignment)
}

fn contradict<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a != b)
}

fn verdict(alignment: &Alignment<'_>) -> NameMatch {
    let (a, b) = (&alignment.a, &alignment.b);
    let pairs = alignment.pairs();
    let has_match = !pairs.is_empty() || alignment.joined;
    if a.is_contradicted() && b.is_contradicted() {
        let is_handle = a.name.is_unknown_handle || b.name.is_unknown_handle;
        return if is_handle && !has_match { NameMatch::CannotTell } else { NameMatch::Differs };
    }
    let both_given = |role: Role, other: Role| role.has(Role::GIVEN) && other.has(Role::GIVEN);
    let is_called_alike =
        alignment.joined || pairs.iter().any(|pair| both_given(a.role(pair.a), b.role(pair.b)));
    if a.tells_given() && b.tells_given() && !is_called_alike {
        return NameMatch::Differs;
    }
    if alignment.is_complete() && !alignment.joined && pairs.iter().all(|pair| pair.likeness == Likeness::Equal) {
        return NameMatch::Same;
    }

    let count = |likeness| pairs.iter().filter(|pair| pair.likeness == likeness).count();
    let slips = count(Likeness::Slip);
    let mut strong = usize::from(alignment.joined);
    for pair in pairs {
        let is_weak = a.role(pair.a).or(b.role(pair.b)).has(Role::WEAK);
        strong += usize::from(pair.likeness <= Likeness::Variant && !is_weak);
    }
    if slips > strong.max(1) {
        return NameMatch::Differs;
    }
    let is_long = |pair: &&super::align::Pair| a.text(pair.a).len().min(b.text(pair.b).len()) >= LONG_WORD;
    let has_long_slip = pairs.iter().filter(|pair| pair.likeness == Likeness::Slip).any(|pair| is_long(&pair));
    if strong == 0 && !has_long_slip || count(Likeness::Beginning) > 1 {
        return NameMatch::CannotTell;
    }
    if !alignment.joined && (is_surname_only(a, b, pairs.iter().map(|pair| (pair.a, pair.b))) || is_surname_only(b, a, pairs.iter().map(|pair| (pair.b, pair.a)))) {
        return NameMatch::CannotTell;
    }
    NameMatch::Compatible
}

/// Whether one name is a single word that the other, longer one has for its family or its middle.
fn is_surname_only(short: &Side<'_>, long: &Side<'_>, mut pairs: impl Iterator<Item = (u8, u8)>) -> bool {
    short.hard_words() == 1
        && long.hard_words() > 1
        && pairs.any(|(at, other)| {
            let is_surname = short.tags(at).has(Tags::SURNAME) && !short.tags(at).has(Tags::GIVEN);
            !short.role(at).has(Role::SPARE) && (is_surname || long.role(other).has(Role::FAMILY.or(Role::MIDDLE)))
        })
}
