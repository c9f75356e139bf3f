//! Whether two names could be one person's.
//!
//! People who share a phone or a mailbox are one family as often as they are one person, so a name
//! decides. It is compared word by word: "Nguyen Van An" and "Nguyen Van Anh" are all but equal as
//! strings and two people all the same, "Bob Smith" and "Smith, Robert" have little in common and are
//! one.
//!
//! - Case, decoration and marks are folded away. Marks decide where both writers use them.
//! - Titles and degrees are set aside; where they tell two sexes, the names differ. So is what whoever
//!   saved the contact wrote behind the name: "Budi Bandung", "Siti VIP".
//! - The order of the words is free, but for Vietnamese names with the family name first, where the
//!   last word calls the person.
//! - A word matches an equal one, another spelling of its sound, a nickname, an initial, or one that
//!   is a slip away. Slips are forgiven in words of five letters and more, not in a last vowel, and
//!   not where they make another known name; in shorter words where what was typed is no name at all.
//! - A user name is taken apart where two known names can be read in it.
//! - A word that only one name has contradicts nothing. Where each name has a word of its own they
//!   differ.
//! - What agrees must tell something: a Vietnamese family name, "Muhammad" or initials alone do not.
//! - Names in two scripts, a person and an organisation, and a person and somebody's mother cannot be
//!   told apart: somebody answers the shop's phone, and everybody has a mother.
//!
//! ```
//! use kontak_identity::name::{NameMatch, PersonName};
//!
//! let compare = |a, b| Some(PersonName::parse(a)?.compare(&PersonName::parse(b)?));
//! assert_eq!(compare("Bpk. H. Soekarno, S.H.", "sukarno"), Some(NameMatch::Compatible));
//! assert_eq!(compare("Nguyễn Văn Hùng", "Nguyễn Văn Hưng"), Some(NameMatch::Differs));
//! assert_eq!(compare("Siti", "Сити"), Some(NameMatch::CannotTell));
//! assert_eq!(compare("Siti", "customer"), None);
//! ```

mod align;
mod aside;
mod compare;
mod letter;
mod lexicon;
mod organisation;
mod reader;
mod slip;
mod sound;
mod spelling;
mod token;
mod vietnamese;
mod words;

use std::fmt;

use aside::{Aside, Parent};
use lexicon::Tags;
use serde::{Deserialize, Serialize};
use token::{Role, Token};
use words::Words;

/// Which rules and word lists judge names. A verdict that is kept is kept with this number.
pub const RULES_VERSION: u32 = 2;

/// A name, taken apart for comparison.
///
/// `Debug` shows how many words it has and none of them.
///
/// ```
/// use kontak_identity::name::PersonName;
///
/// assert!(PersonName::parse("~🌸 Siti Aminah 🌸~").is_some());
/// assert!(PersonName::parse("0812-3456-7890").is_none());
/// assert!(PersonName::parse("Tidak ada").is_none());
/// ```
#[derive(Clone)]
pub struct PersonName {
    folded: String,
    /// Sorted, so that a name written in another order is the same name.
    tokens: Vec<Token>,
    kind: Kind,
    aside: Aside,
    /// A bit for each script.
    scripts: u32,
    /// Whether it has Vietnamese marks.
    is_marked: bool,
    /// A user name in which no known name can be read.
    is_unknown_handle: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Person,
    Organisation,
}

/// What two names say of their bearers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NameMatch {
    /// The same words.
    Same,
    /// One person may write both.
    Compatible,
    /// The names do not decide: another script, too little in common, or not two people's names.
    CannotTell,
    /// Two people.
    Differs,
}

impl NameMatch {
    /// Whether the names speak for one person.
    ///
    /// ```
    /// use kontak_identity::name::NameMatch;
    ///
    /// assert!(NameMatch::Compatible.is_compatible());
    /// assert!(!NameMatch::CannotTell.is_compatible());
    /// ```
    #[must_use]
    pub fn is_compatible(self) -> bool {
        matches!(self, Self::Same | Self::Compatible)
    }
}

impl PersonName {
    /// Reads a name as a channel or a form has it. `None` where nothing in the text could be a name:
    /// a number, a decoration, "customer", "N/A", a title and no more.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = Words::of(text);
        let mut aside = Aside::default();
        let (kind, mut tokens) = match organisation::tokens(&words) {
            Some(tokens) => (Kind::Organisation, tokens),
            None => {
                aside = aside::set_aside(&mut words);
                words.part_handle();
                (Kind::Person, token::of_person(&words, &mut aside.sex))
            }
        };
        let folded = words.folded;
        if tokens.is_empty() || matches!(&tokens[..], [only] if only.role.has(Role::INITIAL)) {
            return None;
        }
        tokens.sort_by(|a, b| a.key(&folded).cmp(&b.key(&folded)));
        let is_known = |token: &Token| {
            token.entry.is_some_and(|entry| entry.tags.has(Tags::GIVEN.or(Tags::SURNAME)))
        };
        Some(Self {
            kind,
            aside,
            scripts: tokens.iter().fold(0, |scripts, token| scripts | token.script.bit()),
            is_marked: tokens
                .iter()
                .any(|token| token.role.has(Role::SYLLABLE) && token.marks.are_vietnamese()),
            is_unknown_handle: words.is_handle && !tokens.iter().any(is_known),
            tokens,
            folded,
        })
    }

    /// What this and another name say of their bearers. The same in both directions.
    ///
    /// A person and an organisation cannot be told apart, for a person answers for it. Nor can a
    /// parent called by a child's name ("Mama Alya") and somebody else; but the child, called by
    /// that name, is another person.
    #[must_use]
    pub fn compare(&self, other: &Self) -> NameMatch {
        // Ties in the alignment must not depend on who asks.
        let (a, b) = if self.key().le(other.key()) { (self, other) } else { (other, self) };
        match (a.kind, b.kind) {
            (Kind::Organisation, Kind::Organisation) => return organisation::compare(a, b),
            (Kind::Person, Kind::Person) => {}
            _ => return NameMatch::CannotTell,
        }
        match (a.aside.parent, b.aside.parent, compare::people(a, b)) {
            (None, None, verdict) => verdict,
            (Some(_), Some(_), NameMatch::Differs) if a.aside.sex == b.aside.sex => {
                NameMatch::CannotTell
            }
            (Some(_), Some(_), verdict) => verdict,
            (Some(Parent::OfTheNamed), None, verdict)
            | (None, Some(Parent::OfTheNamed), verdict)
                if verdict.is_compatible() =>
            {
                NameMatch::Differs
            }
            _ => NameMatch::CannotTell,
        }
    }

    fn key(&self) -> impl Iterator<Item = (&str, letter::Marks)> {
        self.tokens.iter().map(|token| token.key(&self.folded))
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonName({} words)", self.tokens.len())
    }
}
