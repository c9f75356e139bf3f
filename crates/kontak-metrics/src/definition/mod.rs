//! What a number means, as data.

mod catalog;
mod clock;
mod compiled;
mod contact;
mod conversion;
mod measure;
mod preset;
mod queue_rule;

use crate::{Direction, Statistic, Summary, Tag};
use kontak_types::ChannelKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub use catalog::{Catalog, CatalogError};
pub use clock::{
    AgentOpened, AutomaticReply, ClockStart, ClosedTime, Hours, ResolutionClock, ResponseClock,
    ScheduleRule, Seconds, WhichResolution, WhichResponse,
};
pub(crate) use compiled::{Compiled, CompiledHours};
pub use contact::{About, ContactBase, FirstContactRule, OneTouchRule};
pub use conversion::{ConversionRule, InteractionState, WhichState, WhosePurchases};
pub use measure::{HandlingPart, Measure, OfferEnd};
pub use preset::{Preset, UnknownPreset};
pub use queue_rule::{Counts, QueueRule, WaitRange};

/// A metric: what is measured, whose it is, in which window it falls, and how it is shown.
///
/// A definition is never changed in place. One that means something else has another version, both may stand in a
/// [`Catalog`], and every number carries the version that made it.
///
/// ```
/// use kontak_metrics::{Definition, Measure, Show};
///
/// let json = r#"{
///     "id": "asa", "version": 1,
///     "measure": {"queue_time": {"ends": ["answered"]}},
///     "show": "duration"
/// }"#;
/// let asa: Definition = serde_json::from_str(json)?;
/// assert_eq!(asa.show, Show::Duration);
///
/// let error = serde_json::from_str::<Definition>(&json.replace("show", "shown")).unwrap_err();
/// assert!(error.to_string().contains("unknown field `shown`"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Definition {
    /// Its name in reports.
    pub id: Tag,
    /// Rises when it means something else.
    pub version: u32,
    /// What is measured.
    pub measure: Measure,
    /// How it is shown.
    pub show: Show,
    /// Which conversations it is about.
    #[serde(default)]
    pub population: Population,
    /// By which hours its clock runs.
    #[serde(default)]
    pub hours: Hours,
    /// Whose it is.
    #[serde(default)]
    pub attribution: Attribution,
    /// Which instant puts it into a window.
    #[serde(default)]
    pub placement: Placement,
    /// Where the formula stands; for people.
    #[serde(default)]
    pub source: String,
}

impl Definition {
    /// Version 1, about all conversations, by the clock on the wall, placed at its end.
    #[must_use]
    pub fn new(id: Tag, measure: Measure, show: Show) -> Self {
        Self {
            id,
            version: 1,
            measure,
            show,
            population: Population::default(),
            hours: Hours::default(),
            attribution: Attribution::default(),
            placement: Placement::default(),
            source: String::new(),
        }
    }

    /// Placed by another instant.
    #[must_use]
    pub fn placed(self, placement: Placement) -> Self {
        Self { placement, ..self }
    }

    /// Credited by another rule.
    #[must_use]
    pub fn credited(self, attribution: Attribution) -> Self {
        Self { attribution, ..self }
    }

    /// Timed by other hours.
    #[must_use]
    pub fn by_hours(self, hours: Hours) -> Self {
        Self { hours, ..self }
    }

    /// What a summary counts for a whole one: 2,520 where it is [split](Attribution::Split), else 1.
    #[must_use]
    pub fn units(&self) -> u64 {
        let is_split = self.attribution == Attribution::Split && !self.measure.is_joined();
        if is_split { crate::fact::Share::UNITS } else { 1 }
    }

    /// What a summary of it comes to.
    #[must_use]
    pub fn statistic(&self, summary: &Summary) -> Statistic {
        Statistic::of_units(summary, self.show, self.units())
    }

    /// With its source.
    #[must_use]
    pub fn from_source(self, source: impl Into<String>) -> Self {
        Self { source: source.into(), ..self }
    }
}

/// Which conversations a metric is about; what is empty says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Population {
    /// On these channels only.
    pub channels: BTreeSet<ChannelKind>,
    /// Begun from this side only.
    pub direction: Option<Direction>,
}

/// Whose number it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Attribution {
    /// Whoever acted: answered, replied, resolved, was rated.
    #[default]
    Actor,
    /// Whoever owned the conversation at that instant.
    OwnerThen,
    /// Whoever owned it last.
    LastOwner,
    /// Everybody who owned it, each once; totals count it once all the same.
    EveryOwner,
    /// Everybody who owned it, of more than ten the first ten, in equal parts, which add up to the whole. Whoever
    /// acted, where nobody owned it. A [`Summary`](crate::Summary) counts 2,520 for a whole one; a report counts whole
    /// ones, rounded down, and gives their number as [`Statistic::Credit`](crate::Statistic::Credit). For contacts of
    /// customers it is the last owner.
    Split,
}

/// Which instant puts a number into a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Placement {
    /// When what is measured ended: what happened in the window.
    #[default]
    End,
    /// When it began: a cohort, of which some may still be open.
    Start,
    /// When the conversation began.
    ConversationStart,
}

/// How a measure becomes a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Show {
    /// Mean, percentiles and maximum, in seconds.
    Duration,
    /// The share of successes.
    Share,
    /// The mean of scores.
    Mean,
    /// The share of scores of at least this.
    TopBox {
        /// The least score that counts.
        from: u8,
    },
    /// Promoters less detractors, from scores of 0 to 10.
    Nps,
    /// How many have a value.
    Count,
    /// How many, those still open too.
    CountWithOpen,
    /// The sum of amounts, and their mean.
    Amount,
}
