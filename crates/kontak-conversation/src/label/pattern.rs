//! The patterns of a rule, checked and made ready.

use super::fold::{self, Marks};
use super::{LanguageRange, RuleId, RuleSetId, TextSpan};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use regex_syntax::{Error as SyntaxError, Parser};
use std::fmt;
use thiserror::Error;

/// The most that one compiled expression or set of expressions may take, in bytes.
const SIZE_LIMIT: usize = 64 << 20;
/// The most that the states of a set may take while they are found out, in bytes.
const DFA_SIZE_LIMIT: usize = 16 << 20;

/// The pattern is right by itself, and wrong with something put around it.
const UNCLOSED: &str = "it cannot be followed by anything: end the comment of (?x) with a new line";

/// Which list of a rule a pattern stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PatternField {
    /// `patterns`
    Patterns,
    /// `unless`
    Unless,
}

impl fmt::Display for PatternField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patterns => "patterns",
            Self::Unless => "unless",
        })
    }
}

/// Why rules cannot be used. It names the rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RuleSetError {
    /// A pattern is no regular expression.
    #[error("rule {set}:{rule}, {field}[{index}], character {character}: {reason}")]
    Syntax {
        /// The set.
        set: RuleSetId,
        /// The rule.
        rule: RuleId,
        /// The list.
        field: PatternField,
        /// Which of the list, from 0.
        index: usize,
        /// The character at which the reader stopped, from 1.
        character: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A pattern matches where nothing stands, and so everywhere.
    #[error("rule {set}:{rule}, {field}[{index}]: it matches the empty text, and so every message")]
    MatchesNothing {
        /// The set.
        set: RuleSetId,
        /// The rule.
        rule: RuleId,
        /// The list.
        field: PatternField,
        /// Which of the list, from 0.
        index: usize,
    },
    /// The patterns of a rule become too large when they are compiled, as `(a{1000}){1000}` does.
    #[error(
        "rule {set}:{rule}, {field}: they take more than {limit} bytes when compiled; use smaller repetitions"
    )]
    TooLarge {
        /// The set.
        set: RuleSetId,
        /// The rule.
        rule: RuleId,
        /// The list.
        field: PatternField,
        /// The most they may take.
        limit: usize,
    },
    /// All patterns of a language together are too large.
    #[error(
        "the patterns for language {range} take more than {limit} bytes together; use fewer, or [a-z] for \\w"
    )]
    TooLargeTogether {
        /// The language range they share.
        range: String,
        /// The most they may take.
        limit: usize,
    },
    /// A rule without a pattern never proposes anything.
    #[error("rule {set}:{rule} has no pattern: give it one, or take it out")]
    NoPattern {
        /// The set.
        set: RuleSetId,
        /// The rule.
        rule: RuleId,
    },
    /// Two rules of a set have one name.
    #[error("rule {set}:{rule} is there twice: a label could not say which one proposed it")]
    DuplicateRule {
        /// The set.
        set: RuleSetId,
        /// The name.
        rule: RuleId,
    },
    /// Two sets have one name.
    #[error("rule set {set} is there twice: a label could not say which one proposed it")]
    DuplicateSet {
        /// The name.
        set: RuleSetId,
    },
}

/// One list of a rule, compiled for texts with and without marks.
#[derive(Clone)]
pub(super) struct Patterns {
    marked: Regex,
    plain: Regex,
}

impl Patterns {
    /// Compiles a list that is not empty.
    pub(super) fn new(
        set: &RuleSetId,
        rule: &RuleId,
        field: PatternField,
        sources: &[String],
    ) -> Result<Self, RuleSetError> {
        for (index, source) in sources.iter().enumerate() {
            let syntax = |(character, reason)| RuleSetError::Syntax {
                set: set.clone(),
                rule: rule.clone(),
                field,
                index,
                character,
                reason,
            };
            check(source).map_err(syntax)?;
            if matches_nothing(source) {
                let (set, rule) = (set.clone(), rule.clone());
                return Err(RuleSetError::MatchesNothing { set, rule, field, index });
            }
        }
        let compile = |marks: Marks| {
            let mut builder = RegexBuilder::new(&whole_words(sources, marks));
            // What is right one by one and wrong together can only be too large.
            builder.case_insensitive(true).size_limit(SIZE_LIMIT).build().map_err(|_| {
                let (set, rule) = (set.clone(), rule.clone());
                RuleSetError::TooLarge { set, rule, field, limit: SIZE_LIMIT }
            })
        };
        let marked = compile(Marks::Keep)?;
        let is_ascii = sources.iter().all(|it| it.is_ascii());
        let plain = if is_ascii { marked.clone() } else { compile(Marks::Drop)? };
        Ok(Self { marked, plain })
    }

    fn regex(&self, marks: Marks) -> &Regex {
        match marks {
            Marks::Keep => &self.marked,
            Marks::Drop => &self.plain,
        }
    }

    /// Where the patterns match a folded text, from left to right.
    pub(super) fn places(&self, text: &str, marks: Marks) -> impl Iterator<Item = TextSpan> {
        let mut start = 0;
        std::iter::from_fn(move || {
            let found = self.regex(marks).captures_at(text, start)?.get(1)?;
            // What ends one match may begin the next, so it is read again.
            start = found.end();
            Some(TextSpan::new(found.range()))
        })
    }
}

/// The lists of many rules, looked for in one pass.
#[derive(Clone)]
pub(super) struct PatternSet {
    marked: RegexSet,
    plain: RegexSet,
}

impl PatternSet {
    pub(super) fn new(range: &LanguageRange, lists: &[&Patterns]) -> Result<Self, RuleSetError> {
        let build = |marks: Marks| {
            RegexSetBuilder::new(lists.iter().map(|it| it.regex(marks).as_str()))
                .case_insensitive(true)
                .size_limit(SIZE_LIMIT)
                .dfa_size_limit(DFA_SIZE_LIMIT)
                .build()
                .map_err(|_| RuleSetError::TooLargeTogether {
                    range: range.to_string(),
                    limit: SIZE_LIMIT,
                })
        };
        let marked = build(Marks::Keep)?;
        let is_one = lists.iter().all(|it| it.marked.as_str() == it.plain.as_str());
        let plain = if is_one { marked.clone() } else { build(Marks::Drop)? };
        Ok(Self { marked, plain })
    }

    /// The positions of the lists that match, ascending.
    pub(super) fn matches(&self, text: &str, marks: Marks) -> impl Iterator<Item = usize> {
        let set = match marks {
            Marks::Keep => &self.marked,
            Marks::Drop => &self.plain,
        };
        set.matches(text).into_iter()
    }
}

/// The first group is what matched.
///
/// The neighbours are consumed rather than looked at with `\b`: over text outside ASCII, a word
/// boundary takes the engine off its fast path, and would make it twenty times slower.
fn whole_words(sources: &[String], marks: Marks) -> String {
    let sources: Vec<String> =
        sources.iter().map(|source| format!("(?:{})", fold::pattern(source, marks))).collect();
    format!(r"(?:^|\W)({})(?:\W|$)", sources.join("|"))
}

/// The character at which a pattern goes wrong, from 1, and how.
fn check(source: &str) -> Result<(), (usize, String)> {
    let place = |error: &SyntaxError| match error {
        SyntaxError::Parse(error) => (error.span().start.offset, error.kind().to_string()),
        SyntaxError::Translate(error) => (error.span().start.offset, error.kind().to_string()),
        _ => (0, error.to_string()),
    };
    Parser::new().parse(source).map_err(|error| {
        let (byte, reason) = place(&error);
        (source.char_indices().take_while(|(at, _)| *at < byte).count() + 1, reason)
    })?;
    let grouped = Parser::new().parse(&format!("(?:{source})"));
    grouped.map(drop).map_err(|_| (source.chars().count(), UNCLOSED.to_owned()))
}

fn matches_nothing(source: &str) -> bool {
    let parsed = Parser::new().parse(source);
    parsed.is_ok_and(|it| it.properties().minimum_len() == Some(0))
}
