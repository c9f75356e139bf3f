//! What an agent must be able to do.

mod compile;
mod parse;
mod text;

pub use compile::TooComplex;
pub(crate) use compile::{Atom, Clause, atoms_of};
pub use parse::RequirementError;

use crate::{Agent, Level, Skill};
use kontak_types::{AgentId, Language};
use serde::{Deserialize, Serialize, Serializer};
use std::ops::{BitAnd, BitOr, Not};

/// What an agent must be able to do, or who they must be.
///
/// Its text form is what stands in configurations and files; serde writes that text.
///
/// ```
/// use kontak_routing::{Level, Requirement};
///
/// let typed = Requirement::skill("billing".parse()?).at_least(Level::new(3)?)
///     & (Requirement::language("id".parse()?) | Requirement::language("en".parse()?))
///     & !Requirement::skill("trainee".parse()?);
/// let read: Requirement = "billing >= 3 and (language:id or language:en) and not trainee".parse()?;
/// assert_eq!(typed, read);
/// assert_eq!(serde_json::to_string(&read)?, format!("\"{typed}\""));
///
/// let error = "billing >= and".parse::<Requirement>().unwrap_err();
/// assert_eq!(error.to_string(), "column 12: a level from 1 to 10 is expected after `>=`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// | text | met by |
/// |---|---|
/// | `billing`, `billing >= 3`, `billing <= 2`, `billing = 4`, `billing in 2..4` | who has the skill, at these levels |
/// | `language:id` | who speaks it, or a regional form of it |
/// | `agent:0192f0c1-…` | this agent |
/// | `anyone`, `nobody` | everybody, nobody |
/// | `… and …`, `… or …`, `not …`, `( … )` | `not` binds tightest, then `and` |
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum Requirement {
    /// Everybody will do.
    #[default]
    Anyone,
    /// Nobody will do.
    Nobody,
    /// Who has a skill at a level in this range.
    Skill {
        /// Which skill.
        skill: Skill,
        /// The lowest level that will do.
        least: Level,
        /// The highest level that will do.
        most: Level,
    },
    /// Who speaks this.
    Language(Language),
    /// This agent.
    Agent(AgentId),
    /// All of these.
    All(Vec<Self>),
    /// One of these.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
}

impl Requirement {
    /// Whoever has the skill, at any level.
    #[must_use]
    pub fn skill(skill: Skill) -> Self {
        Self::Skill { skill, least: Level::LEAST, most: Level::MOST }
    }

    /// Whoever speaks the language.
    #[must_use]
    pub fn language(language: Language) -> Self {
        Self::Language(language)
    }

    /// This agent.
    #[must_use]
    pub fn agent(agent: AgentId) -> Self {
        Self::Agent(agent)
    }

    /// The same skill at this level or a higher one; anything else stays as it is.
    #[must_use]
    pub fn at_least(self, level: Level) -> Self {
        match self {
            Self::Skill { skill, most, .. } => Self::Skill { skill, least: level, most },
            other => other,
        }
    }

    /// The same skill at this level or a lower one; anything else stays as it is.
    #[must_use]
    pub fn at_most(self, level: Level) -> Self {
        match self {
            Self::Skill { skill, least, .. } => Self::Skill { skill, least, most: level },
            other => other,
        }
    }

    /// Whether this agent meets it, by looking at their skills one by one.
    #[must_use]
    pub fn is_met_by(&self, agent: &Agent) -> bool {
        match self {
            Self::Anyone => true,
            Self::Nobody => false,
            Self::Skill { skill, least, most } => {
                agent.skills.get(skill).is_some_and(|level| (least..=most).contains(&level))
            }
            Self::Language(language) => agent.speaks(language),
            Self::Agent(id) => agent.id == *id,
            Self::All(parts) => parts.iter().all(|part| part.is_met_by(agent)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met_by(agent)),
            Self::Not(part) => !part.is_met_by(agent),
        }
    }

    /// The first part of it, in reading order, that this agent does not meet.
    #[must_use]
    pub fn first_unmet(&self, agent: &Agent) -> Option<&Self> {
        if self.is_met_by(agent) {
            return None;
        }
        match self {
            Self::All(parts) => parts.iter().find_map(|part| part.first_unmet(agent)),
            _ => Some(self),
        }
    }

    /// What is left when these skills are no longer asked for.
    #[must_use]
    pub fn without(&self, dropped: &[Skill]) -> Self {
        self.map_skills(&|skill, least, most| {
            (!dropped.contains(skill)).then(|| Self::Skill { skill: skill.clone(), least, most })
        })
    }

    /// The same with every lowest level lowered by `by`.
    #[must_use]
    pub fn lowered(&self, by: u8) -> Self {
        self.map_skills(&|skill, least, most| {
            Some(Self::Skill { skill: skill.clone(), least: least.lowered(by), most })
        })
    }

    /// Skills below a `not` are what must be absent, and stay.
    fn map_skills(&self, change: &impl Fn(&Skill, Level, Level) -> Option<Self>) -> Self {
        match self {
            Self::Skill { skill, least, most } => {
                change(skill, *least, *most).unwrap_or(Self::Anyone)
            }
            Self::All(parts) => {
                parts.iter().map(|part| part.map_skills(change)).fold(Self::Anyone, BitAnd::bitand)
            }
            Self::Any(parts) => {
                parts.iter().map(|part| part.map_skills(change)).fold(Self::Nobody, BitOr::bitor)
            }
            other => other.clone(),
        }
    }
}

impl Serialize for Requirement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl BitAnd for Requirement {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nobody, _) | (_, Self::Nobody) => Self::Nobody,
            (Self::Anyone, same) | (same, Self::Anyone) => same,
            (Self::All(mut parts), Self::All(more)) => {
                parts.extend(more);
                Self::All(parts)
            }
            (Self::All(mut parts), one) => {
                parts.push(one);
                Self::All(parts)
            }
            (one, Self::All(mut parts)) => {
                parts.insert(0, one);
                Self::All(parts)
            }
            (a, b) => Self::All(vec![a, b]),
        }
    }
}

impl BitOr for Requirement {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        match (self, other) {
            (Self::Anyone, _) | (_, Self::Anyone) => Self::Anyone,
            (Self::Nobody, same) | (same, Self::Nobody) => same,
            (Self::Any(mut parts), Self::Any(more)) => {
                parts.extend(more);
                Self::Any(parts)
            }
            (Self::Any(mut parts), one) => {
                parts.push(one);
                Self::Any(parts)
            }
            (one, Self::Any(mut parts)) => {
                parts.insert(0, one);
                Self::Any(parts)
            }
            (a, b) => Self::Any(vec![a, b]),
        }
    }
}

impl Not for Requirement {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Anyone => Self::Nobody,
            Self::Nobody => Self::Anyone,
            Self::Not(part) => *part,
            other => Self::Not(Box::new(other)),
        }
    }
}
