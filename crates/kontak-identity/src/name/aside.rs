//! What stands beside a name and is no part of it: titles, degrees, placeholders, "Jr".

use super::lexicon::{Entry, Tags};
use super::words::{Look, Word, Words};

/// What the words set aside tell of the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Aside {
    pub(super) sex: Option<Sex>,
    /// First, second ... of the name: senior is the first, junior the second.
    pub(super) generation: Option<u8>,
    pub(super) parent: Option<Parent>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sex {
    Female,
    Male,
}

/// The name is a child's, and the bearer its mother or father.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// Mama Alya is the mother of Alya.
    OfTheNamed,
    /// Bunda Rina is the mother of Rina, or Rina herself.
    OrTheNamed,
}

impl Sex {
    pub(super) fn told_by(tags: Tags) -> Option<Self> {
        match (tags.has(Tags::FEMALE), tags.has(Tags::MALE)) {
            (true, false) => Some(Self::Female),
            (false, true) => Some(Self::Male),
            _ => None,
        }
    }
}

/// Leaves the words of a person's name. None may be left.
pub(super) fn set_aside(words: &mut Words) -> Aside {
    let mut aside = Aside::default();
    drop_remarks(words);
    drop_placeholders(words);
    drop_titles(words, &mut aside);
    drop_degrees(words);
    drop_generation(words, &mut aside);
    aside
}

/// Numbers, and what stands in brackets beside a name.
fn drop_remarks(words: &mut Words) {
    words.list.retain(|word| !word.look.has(Look::NUMBER));
    if words.list.iter().any(|word| !word.look.has(Look::ASIDE)) {
        words.list.retain(|word| !word.look.has(Look::ASIDE));
    }
}

fn drop_placeholders(words: &mut Words) {
    let is_placeholder = |word: &Word| {
        word.tags.has(Tags::PLACEHOLDER.or(Tags::MAYBE_PLACEHOLDER)) || word.end - word.start == 1
    };
    let says_nothing = |words: &Words| words.list.iter().all(is_placeholder) && words.list.iter().any(|word| !is_initial(word, words));
    let first_two = words.list.first().zip(words.list.get(1)).map(|(first, second)| words.joined(first, second));
    let is_pair = first_two.and_then(Entry::find).is_some_and(|entry| entry.tags.has(Tags::PLACEHOLDER.or(Tags::MAYBE_PLACEHOLDER)));
    if is_pair {
        words.list.drain(..2);
    }
    if says_nothing(words) {
        words.list.clear();
    } else if words.list.iter().any(|word| !is_placeholder(word)) {
        words.list.retain(|word| !word.tags.has(Tags::PLACEHOLDER));
    }
}

fn drop_titles(words: &mut Words, aside: &mut Aside) {
    let mut at = 0;
    while let Some(word) = words.list.get(at).copied() {
        let is_last = at + 1 == words.list.len();
        if word.tags.has(Tags::PARENT.or(Tags::MAYBE_PARENT)) {
            aside.parent = Some(if word.tags.has(Tags::PARENT) { Parent::OfTheNamed } else { Parent::OrTheNamed });
        } else if word.tags.has(Tags::MAYBE_TITLE) && !is_last {
            words.list[at].look.set(Look::MAYBE_TITLE, true);
            at += 1;
            continue;
        } else if !word.tags.has(Tags::TITLE) {
            return;
        }
        aside.sex = aside.sex.or_else(|| Sex::told_by(word.tags));
        words.list.remove(at);
    }
}

/// "Budi Santoso, S.Kom., M. M." and "Budi Santoso SE".
fn drop_degrees(words: &mut Words) {
    while words.list.len() > 1 {
        let last = words.list.len() - 1;
        let dotted = words.list[..last].iter().rev().take_while(|word| word.look.has(Look::DOTTED)).count();
        // The longest run that is a degree: "M.Kom" before "Kom".
        let run = (last.saturating_sub(dotted).max(1)..=last).find(|&from| {
            let (first, word) = (&words.list[from], &words.list[last]);
            let shown = from < last || first.look.has(Look::AFTER_COMMA) || word.look.has(Look::DOTTED);
            let tags = Entry::find(words.joined(first, word)).map_or(Tags::NONE, |entry| entry.tags);
            tags.has(Tags::DEGREE) || shown && tags.has(Tags::DOTTED_DEGREE)
        });
        match run {
            Some(from) => words.list.truncate(from),
            None => return,
        }
    }
}

fn drop_generation(words: &mut Words, aside: &mut Aside) {
    let mut at = 1;
    while let Some(word) = words.list.get(at) {
        let is_last = at + 1 == words.list.len();
        let generation = match words.text(word) {
            "sr" => Some(1),
            "jr" | "ii" => Some(2),
            "iii" => Some(3),
            "iv" => Some(4),
            "senior" if words.list.len() > 2 => Some(1),
            "junior" if words.list.len() > 2 => Some(2),
            "i" if is_last && words.list.len() > 2 => Some(1),
            _ => None,
        };
        if generation.is_some() {
            aside.generation = generation;
            words.list.remove(at);
        } else {
            at += 1;
        }
    }
}

fn is_initial(word: &Word, words: &Words) -> bool {
    words.text(word).chars().count() == 1
}
