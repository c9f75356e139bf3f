use super::phrase;
use super::{Dimension, Label, LabelSource};
use chrono::{DateTime, Utc};
use kontak_types::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// A label that was given: a recorded decision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Labelling {
    /// What was given.
    pub label: Label,
    /// By whom.
    pub source: LabelSource,
    /// When it was decided.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub at: DateTime<Utc>,
}

impl Labelling {
    /// A label given by somebody at an instant.
    #[must_use]
    pub const fn new(label: Label, source: LabelSource, at: DateTime<Utc>) -> Self {
        Self { label, source, at }
    }
}

/// Which label counts where several were given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LabelPolicy {
    /// The dimensions in which a later rule or model replaces what a person said. None by default:
    /// whoever corrected a machine would see it make the same mistake again at the next message.
    pub machine_over_agent: BTreeSet<Dimension>,
}

impl LabelPolicy {
    /// A policy under which machines replace what people said in these dimensions.
    #[must_use]
    pub fn with_machine_over_agent(dimensions: impl IntoIterator<Item = Dimension>) -> Self {
        Self { machine_over_agent: dimensions.into_iter().collect() }
    }
}

/// The labelling that counts in one dimension, and why the others do not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing<'a> {
    /// The one that counts.
    pub labelling: &'a Labelling,
    /// Its place among the labellings that were given.
    pub position: usize,
    /// The others of this dimension, in the order in which they were recorded.
    pub set_aside: Vec<SetAside>,
}

/// A labelling that does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SetAside {
    /// Its place among the labellings that were given.
    pub position: usize,
    /// Why it does not count.
    pub reason: SetAsideReason,
}

/// Why a labelling does not count. `Display` is English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SetAsideReason {
    /// A later one took its place.
    Replaced {
        /// The place of that one.
        by: usize,
    },
    /// It came from a rule or a model, and a person had already decided.
    AgentDecided {
        /// The place of what the person said.
        agent: usize,
    },
}

impl SetAsideReason {
    /// The reason in a language; English where there are no phrases in it.
    #[must_use]
    pub fn text(self, language: &Language) -> &'static str {
        phrase::PHRASES.of(language).get(self.key())
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Replaced { .. } => "replaced",
            Self::AgentDecided { .. } => "agent_decided",
        }
    }
}

impl fmt::Display for SetAsideReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(phrase::PHRASES.english().get(self.key()))
    }
}

/// Which of the labellings counts in a dimension: the last one, except that a person's is replaced
/// by a rule or a model only where the policy says so. Nothing where none was given.
///
/// `labellings` are in the order in which they were recorded, and that order decides, not
/// [`Labelling::at`]: a clock that was set back must not undo a correction. O(n).
///
/// ```
/// use kontak_conversation::label::{
///     Dimension, Label, LabelPolicy, LabelSource, Labelling, SetAsideReason, standing,
/// };
/// # use kontak_types::{AgentId, uuid::Uuid};
///
/// let agent = LabelSource::Agent(AgentId::new(Uuid::from_u128(7)));
/// let rule = LabelSource::Rule { rule: "price".parse()?, set: "retail/en".parse()?, version: 1 };
/// let at = "2026-03-01T10:00:00Z".parse()?;
/// let given = [
///     Labelling::new(Label::topic("stock")?, agent, at),
///     Labelling::new(Label::topic("price")?, rule, at),
/// ];
///
/// let topic = standing(&given, Dimension::Topic, &LabelPolicy::default()).unwrap();
/// assert_eq!(topic.labelling.label, Label::topic("stock")?);
/// assert_eq!(topic.set_aside[0].reason, SetAsideReason::AgentDecided { agent: 0 });
///
/// let policy = LabelPolicy::with_machine_over_agent([Dimension::Topic]);
/// assert_eq!(standing(&given, Dimension::Topic, &policy).unwrap().position, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn standing<'a>(
    labellings: &'a [Labelling],
    dimension: Dimension,
    policy: &LabelPolicy,
) -> Option<Standing<'a>> {
    let machine_wins = policy.machine_over_agent.contains(&dimension);
    let mut set_aside = Vec::new();
    let mut counts: Option<(usize, &Labelling)> = None;
    let of_dimension =
        labellings.iter().enumerate().filter(|(_, it)| it.label.dimension() == dimension);
    for (position, labelling) in of_dimension {
        match counts {
            Some((agent, held))
                if held.source.is_agent() && !labelling.source.is_agent() && !machine_wins =>
            {
                let reason = SetAsideReason::AgentDecided { agent };
                set_aside.push(SetAside { position, reason });
            }
            Some((replaced, _)) => {
                let reason = SetAsideReason::Replaced { by: position };
                set_aside.push(SetAside { position: replaced, reason });
                counts = Some((position, labelling));
            }
            None => counts = Some((position, labelling)),
        }
    }
    set_aside.sort_by_key(|it| it.position);
    counts.map(|(position, labelling)| Standing { labelling, position, set_aside })
}
