//! The verdict on two names of people.

use super::align::{Alignment, Pair, Side};
use super::lexicon::Tags;
use super::spelling::Likeness;
use super::token::Role;
use super::{NameMatch, PersonName};

/// From this length on a slip is forgiven even where no other word agrees.
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
    if is_contradicted(&alignment) {
        return NameMatch::Differs;
    }
    if is_same(&alignment) {
        return NameMatch::Same;
    }
    support(&alignment)
}

fn contradict<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a != b)
}

/// Each name has a word of its own, or they call the person by different words.
fn is_contradicted(alignment: &Alignment<'_>) -> bool {
    let (a, b) = (&alignment.a, &alignment.b);
    if a.is_left_over() && b.is_left_over() {
        let is_handle = a.name.is_unknown_handle || b.name.is_unknown_handle;
        return alignment.has_match() || !is_handle;
    }
    let is_calling =
        |pair: &Pair| a.role(pair.a).has(Role::GIVEN) && b.role(pair.b).has(Role::GIVEN);
    let is_called_alike = alignment.joined || alignment.pairs().iter().any(is_calling);
    a.tells_given() && b.tells_given() && !is_called_alike
}

fn is_same(alignment: &Alignment<'_>) -> bool {
    alignment.is_complete()
        && !alignment.joined
        && alignment.a.name.scripts == alignment.b.name.scripts
        && alignment.pairs().iter().all(|pair| pair.likeness == Likeness::Equal)
}

/// What the words that agree are worth, where none contradicts.
fn support(alignment: &Alignment<'_>) -> NameMatch {
    let (a, b, pairs) = (&alignment.a, &alignment.b, alignment.pairs());
    let is_strong = |pair: &&Pair| {
        pair.likeness <= Likeness::Variant && !a.role(pair.a).or(b.role(pair.b)).has(Role::WEAK)
    };
    let is_long_slip = |pair: &Pair| {
        pair.likeness == Likeness::Slip
            && a.text(pair.a).len().min(b.text(pair.b).len()) >= LONG_WORD
    };
    let count = |likeness| pairs.iter().filter(|pair| pair.likeness == likeness).count();
    let strong = pairs.iter().filter(is_strong).count() + usize::from(alignment.joined);
    if count(Likeness::Slip) > strong.max(1) {
        return NameMatch::Differs;
    }
    let tells = strong > 0 || pairs.iter().any(is_long_slip);
    if !tells || count(Likeness::Beginning) > 1 || is_surname_only(alignment) {
        return NameMatch::CannotTell;
    }
    NameMatch::Compatible
}

/// Whether one name is a single word, and that a family name or a middle name of the other.
fn is_surname_only(alignment: &Alignment<'_>) -> bool {
    let is_surname = |short: &Side<'_>, at: u8, long: &Side<'_>, other: u8| {
        short.hard_words() == 1
            && long.hard_words() > 1
            && !short.role(at).has(Role::SPARE)
            && (short.tags(at).or(long.tags(other)).has(Tags::SURNAME)
                || long.role(other).has(Role::FAMILY.or(Role::MIDDLE)))
    };
    let (a, b) = (&alignment.a, &alignment.b);
    alignment
        .pairs()
        .iter()
        .any(|pair| is_surname(a, pair.a, b, pair.b) || is_surname(b, pair.b, a, pair.a))
}
