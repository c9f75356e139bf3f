//! What stands beside a name and is no part of it: titles, degrees, placeholders, "Jr".

use super::lexicon::{Entry, Tags};
use super::vietnamese::is_syllable;
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
    drop_remarks_behind(words);
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

/// "Budi Bandung", "Siti VIP": for whoever saved the contact, and no part of the name.
fn drop_remarks_behind(words: &mut Words) {
    while words.list.len() > 1 && words.list.last().is_some_and(|word| word.tags.has(Tags::REMARK))
    {
        words.list.pop();
    }
}

fn drop_placeholders(words: &mut Words) {
    const ANY: Tags = Tags::PLACEHOLDER.or(Tags::MAYBE_PLACEHOLDER);
    let is_placeholder = |word: &Word| word.tags.has(ANY) || word.is_letter();
    // "n/a", "khách hàng"
    if let [first, second, ..] = &words.list[..]
        && is_placeholder(first)
        && Entry::find(words.joined(first, second)).is_some_and(|entry| entry.tags.has(ANY))
    {
        words.list.drain(..2);
    }
    if words.list.iter().any(|word| !is_placeholder(word)) {
        words.list.retain(|word| !word.tags.has(Tags::PLACEHOLDER));
    } else if !words.list.iter().all(Word::is_letter) {
        words.list.clear();
    }
}

fn drop_titles(words: &mut Words, aside: &mut Aside) {
    let vietnamese = Tags::VIETNAMESE_SURNAME.or(Tags::VIETNAMESE_SURNAME_ONLY);
    let ends_vietnamese = words.list.last().is_some_and(|word| word.tags.has(vietnamese));
    let mut at = 0;
    while let Some(word) = words.list.get(at).copied() {
        let next = words.list.get(at + 1);
        if word.tags.has(Tags::PARENT.or(Tags::MAYBE_PARENT)) {
            let is_parent = word.tags.has(Tags::PARENT);
            aside.parent = Some(if is_parent { Parent::OfTheNamed } else { Parent::OrTheNamed });
        } else if at == 0 && next.is_some() && words.text(&word) == "sr" {
            // Senhor or Sister; senior stands behind a name.
        } else if let Some(next) = next
            && may_be_title(&word, next, words, ends_vietnamese)
        {
            words.list[at].look.set(Look::MAYBE_TITLE, true);
            at += 1;
            continue;
        } else if !word.tags.has(Tags::TITLE) || at > 0 && next.is_none() {
            // What stands behind "Anh" alone is whom it calls, though "Tuan" be a title elsewhere.
            break;
        }
        aside.sex = aside.sex.or_else(|| Sex::told_by(word.tags));
        words.list.remove(at);
    }
    drop_titles_behind(words, aside);
}

/// "Budi Santoso, dr." and "Smith, Mr John"
fn drop_titles_behind(words: &mut Words, aside: &mut Aside) {
    let is_behind = |word: &Word| word.look.has(Look::AFTER_COMMA) && word.tags.has(Tags::TITLE);
    if words.list.iter().all(is_behind) {
        return;
    }
    for word in words.list.iter().filter(|word| is_behind(word)) {
        aside.sex = aside.sex.or_else(|| Sex::told_by(word.tags));
    }
    words.list.retain(|word| !is_behind(word));
}

/// "Gus" is a title before a given name and a name before Smith. "Tuan" is Mr in Indonesia, but
/// Tuan Nguyen is called so.
fn may_be_title(word: &Word, next: &Word, words: &Words, ends_vietnamese: bool) -> bool {
    if word.tags.has(Tags::MAYBE_TITLE) {
        return next.tags.has(Tags::GIVEN) || is_syllable(words.text(next));
    }
    word.tags.has(Tags::TITLE)
        && word.marks.is_none()
        && ends_vietnamese
        && is_syllable(words.text(word))
}

/// "Budi Santoso, S.Kom., M. M." and "Budi Santoso SE".
fn drop_degrees(words: &mut Words) {
    while words.list.len() > 1 {
        let last = words.list.len() - 1;
        let dotted =
            words.list[..last].iter().rev().take_while(|word| word.look.has(Look::DOTTED)).count();
        // The longest run that is a degree: "M.Kom" before "Kom".
        let run = (last.saturating_sub(dotted).max(1)..=last).find(|&from| {
            let (first, word) = (&words.list[from], &words.list[last]);
            let shown =
                from < last || first.look.has(Look::AFTER_COMMA) || word.look.has(Look::DOTTED);
            let is_one = from == last;
            let entry = if is_one { word.entry } else { Entry::find(words.joined(first, word)) };
            let tags = entry.map_or(Tags::NONE, |entry| entry.tags);
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
