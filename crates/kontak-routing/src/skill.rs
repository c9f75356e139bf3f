use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What an agent can do: `billing`, `returns`, `iphone_repair`.
///
/// Lower-case letters, digits, `_`, `-` and `.`, at most 64 of them; words that mean something in a
/// [`Requirement`](crate::Requirement) are no names.
///
/// ```
/// use kontak_routing::Skill;
///
/// let skill: Skill = "billing".parse()?;
/// assert_eq!(skill.as_str(), "billing");
/// assert!("Billing!".parse::<Skill>().is_err());
/// # Ok::<(), kontak_routing::SkillError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Skill(Box<str>);

pub(crate) const RESERVED: [&str; 7] =
    ["and", "or", "not", "anyone", "nobody", "language", "agent"];

impl Skill {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no name of a skill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SkillError {
    /// It is empty, or longer than 64 characters.
    #[error("the name of a skill has 1 to 64 characters, this one {0}")]
    Length(usize),
    /// A character that no name has.
    #[error(
        "the name of a skill has lower-case letters, digits, `_`, `-` and `.` only; character {0} is another"
    )]
    Character(usize),
    /// It means something in a requirement.
    #[error("`{0}` means something in a requirement and is no name of a skill")]
    Reserved(&'static str),
}

impl FromStr for Skill {
    type Err = SkillError;

    fn from_str(text: &str) -> Result<Self, SkillError> {
        let length = text.chars().count();
        if !(1..=64).contains(&length) {
            return Err(SkillError::Length(length));
        }
        if let Some(at) = text.chars().position(|c| !is_name(c)) {
            return Err(SkillError::Character(at + 1));
        }
        match RESERVED.iter().find(|word| **word == text) {
            Some(word) => Err(SkillError::Reserved(word)),
            None => Ok(Self(text.into())),
        }
    }
}

/// Letters of any script that are not upper-case: skills are named in the language of the house.
pub(crate) fn is_name(c: char) -> bool {
    (c.is_alphanumeric() && !c.is_uppercase()) || matches!(c, '_' | '-' | '.')
}

impl TryFrom<String> for Skill {
    type Error = SkillError;

    fn try_from(text: String) -> Result<Self, SkillError> {
        text.parse()
    }
}

impl From<Skill> for String {
    fn from(skill: Skill) -> Self {
        skill.0.into()
    }
}

impl fmt::Display for Skill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How well: 1, the least, to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Level(u8);

impl Level {
    /// 1.
    pub const LEAST: Self = Self(1);
    /// 10.
    pub const MOST: Self = Self(10);

    /// A level from 1 to 10.
    ///
    /// # Errors
    /// Any other number.
    pub const fn new(level: u8) -> Result<Self, LevelError> {
        if level >= Self::LEAST.0 && level <= Self::MOST.0 {
            Ok(Self(level))
        } else {
            Err(LevelError { given: level })
        }
    }

    /// The number.
    #[must_use]
    pub const fn value(self) -> u8 {
        self.0
    }

    /// This many levels lower, but no lower than 1.
    #[must_use]
    pub const fn lowered(self, by: u8) -> Self {
        let left = self.0.saturating_sub(by);
        if left < Self::LEAST.0 { Self::LEAST } else { Self(left) }
    }
}

/// The number is no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a level is a number from 1 to 10, not {given}")]
pub struct LevelError {
    given: u8,
}

impl TryFrom<u8> for Level {
    type Error = LevelError;

    fn try_from(level: u8) -> Result<Self, LevelError> {
        Self::new(level)
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.0
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
