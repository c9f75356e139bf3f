use super::{Confidence, Label, RuleId, RuleSetId};
use kontak_types::{Language, LanguageError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Rules that propose labels: data, in TOML, JSON or another format of serde.
///
/// ```
/// use kontak_conversation::label::{Labeller, RuleSet};
///
/// let rules: RuleSet = toml::from_str(r#"
///     id = "acme/chat"
///     version = 3
///     language = "en"
///
///     [[rules]]
///     id = "price"
///     label = { topic = "price" }
///     weight = 0.9
///     patterns = ['how much', 'prices?']
///     unless = ['at any price']
/// "#)?;
///
/// let labeller = Labeller::new(&[rules])?;
/// assert_eq!(labeller.propose("HOW  MUCH is it?", None).len(), 1);
/// assert!(labeller.propose("I want it at any price", None).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// An unknown key is an error that names it. Give a changed set a new version: a label says which
/// version proposed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RuleSet {
    /// Its name.
    pub id: RuleSetId,
    /// Its version.
    pub version: u32,
    /// The language of the rules that name none.
    pub language: LanguageRange,
    /// The rules. Their order does not matter.
    pub rules: Vec<Rule>,
}

impl RuleSet {
    /// A set of rules.
    #[must_use]
    pub const fn new(
        id: RuleSetId,
        version: u32,
        language: LanguageRange,
        rules: Vec<Rule>,
    ) -> Self {
        Self { id, version, language, rules }
    }
}

/// A rule: it proposes its label where one of its patterns matches.
///
/// Patterns are regular expressions of the [`regex`] crate. They match whole words (`ks` does not
/// match in `banks`; write `\w*` where more may follow), without regard to case, in the text as
/// [`Labeller`](super::Labeller) folds it: single spaces, straight quotation marks, compatibility
/// form. Write Vietnamese with its marks. They are compared where the customer typed marks, and
/// dropped on both sides where not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rule {
    /// Its name within the set.
    pub id: RuleId,
    /// What it proposes.
    pub label: Label,
    /// How sure it is where it matches.
    pub weight: Confidence,
    /// The messages it reads; without one, those of the language of its set.
    #[serde(default)]
    pub language: Option<LanguageRange>,
    /// One of these has to match.
    pub patterns: Vec<String>,
    /// A match that overlaps a match of one of these does not count.
    #[serde(default)]
    pub unless: Vec<String>,
}

impl Rule {
    /// A rule in the language of its set, without exceptions.
    #[must_use]
    pub const fn new(id: RuleId, label: Label, weight: Confidence, patterns: Vec<String>) -> Self {
        Self { id, label, weight, language: None, patterns, unless: Vec::new() }
    }
}

/// The languages a rule reads: a basic language range of RFC 4647. `id` takes `id` and `id-ID`,
/// `vi-VN` takes itself, `*` takes every language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[expect(clippy::exhaustive_enums, reason = "a basic language range is one or the other")]
pub enum LanguageRange {
    /// Every language: `*`.
    Any,
    /// A language and what is more special: `id`.
    Of(Language),
}

impl LanguageRange {
    /// Whether it takes a language.
    #[must_use]
    pub fn takes(&self, language: &Language) -> bool {
        let Self::Of(range) = self else {
            return true;
        };
        let rest = language.as_str().strip_prefix(range.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }
}

impl FromStr for LanguageRange {
    type Err = LanguageError;

    fn from_str(range: &str) -> Result<Self, Self::Err> {
        if range == "*" { Ok(Self::Any) } else { range.parse().map(Self::Of) }
    }
}

impl TryFrom<String> for LanguageRange {
    type Error = LanguageError;

    fn try_from(range: String) -> Result<Self, Self::Error> {
        range.parse()
    }
}

impl From<LanguageRange> for String {
    fn from(range: LanguageRange) -> Self {
        range.to_string()
    }
}

impl fmt::Display for LanguageRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Of(language) => language.fmt(f),
        }
    }
}
