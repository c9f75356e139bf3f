//! For how long what is kept.

use kontak_content::{Content, Part};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A class of what is kept of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DataClass {
    /// What was written, and all else that is in none of the other classes.
    Words,
    /// Pictures, sound and files.
    Media,
    /// Calls: recordings, transcripts, who was called.
    Calls,
    /// Notes of colleagues.
    Notes,
    /// What was noted of what customers said: answers, the wording of promises, briefs.
    Answers,
}

impl DataClass {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Words, Self::Media, Self::Calls, Self::Notes, Self::Answers];

    fn of(part: &Part) -> Self {
        match part {
            Part::Media(_) => Self::Media,
            Part::Call(_) => Self::Calls,
            Part::InternalNote(_) => Self::Notes,
            _ => Self::Words,
        }
    }
}

/// For how long after a conversation is done what is kept, as data. A legal hold goes before it.
///
/// ```
/// use kontak_conversation::{DataClass, Retention};
///
/// let retention: Retention = toml::from_str("days = { calls = 90, media = 365 }")?;
/// assert_eq!(retention.days.get(&DataClass::Calls), Some(&90));
/// assert!(toml::from_str::<Retention>("days = { cals = 90 }").is_err());
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Retention {
    /// Days, by class; what is not there is kept.
    pub days: BTreeMap<DataClass, u32>,
}

/// Several classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Classes(u8);

impl Classes {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ALL: Self = Self(0b1_1111);

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    /// Those of these bits; what else is set says nothing.
    pub(crate) const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    pub(crate) const fn contains(self, class: DataClass) -> bool {
        self.0 & Self::one(class).0 != 0
    }

    pub(crate) const fn one(class: DataClass) -> Self {
        Self(1 << class as u8)
    }

    pub(crate) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether anything of these classes is in the content.
    pub(crate) fn are_in(self, content: &Content) -> bool {
        (self.contains(DataClass::Words) && content.subject.is_some())
            || content
                .parts
                .iter()
                .any(|part| !part.is_redacted() && self.contains(DataClass::of(part)))
    }

    /// The content with tombstones in the places of what is of these classes.
    pub(crate) fn mask(self, content: &mut Content) {
        if self.contains(DataClass::Words) {
            content.subject = None;
        }
        for part in &mut content.parts {
            if !part.is_redacted() && self.contains(DataClass::of(part)) {
                *part = part.redacted();
            }
        }
    }
}
