use crate::Teams;
use crate::cells::{Dimension, DimensionValue};
use crate::history::Names;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which facts a question is about: one value of a dimension, of several dimensions, or of none for all.
///
/// ```
/// use kontak_metrics::{DimensionValue, Filter};
///
/// let voice = Filter::all().on(DimensionValue::Channel("voice".into()));
/// assert_eq!(serde_json::to_string(&voice)?, r#"[{"channel":"voice"}]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filter(BTreeSet<DimensionValue>);

impl Filter {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// With this value too. Of two values of one dimension nothing can have both, but for labels.
    #[must_use]
    pub fn on(mut self, value: DimensionValue) -> Self {
        self.0.insert(value);
        self
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &DimensionValue> {
        self.0.iter()
    }

    /// By dimension, in the engine's own numbers. `None` where a value was never seen: nothing has it.
    pub(crate) fn places(
        &self,
        names: &Names,
        teams: Option<&Teams>,
    ) -> Option<Vec<(Dimension, u32)>> {
        let place = |value: &DimensionValue| match value {
            DimensionValue::Channel(it) => Some((Dimension::Channel, names.channels.find(it)?)),
            DimensionValue::Queue(it) => Some((Dimension::Queue, names.queues.find(it)?)),
            DimensionValue::Agent(it) => Some((Dimension::Agent, names.agents.find(it)?)),
            DimensionValue::Language(it) => Some((Dimension::Language, names.languages.find(it)?)),
            DimensionValue::Segment(it) => Some((Dimension::Segment, names.tags.find(it)?)),
            DimensionValue::Label(it) => Some((Dimension::Label, names.tags.find(it)?)),
            DimensionValue::State(it) => Some((Dimension::State, it.code())),
            DimensionValue::Team(it) => Some((Dimension::Team, teams?.find(it)?)),
            DimensionValue::None(dimension) => Some((*dimension, 0)),
        };
        self.0.iter().map(place).collect()
    }
}
