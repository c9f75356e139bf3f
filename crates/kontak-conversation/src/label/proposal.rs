use super::{Confidence, Label, ModelId, ModelVersion, RuleId, RuleSetId};
use kontak_types::AgentId;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Who or what gave a label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LabelSource {
    /// A person.
    Agent(AgentId),
    /// A rule.
    Rule {
        /// The rule within its set.
        rule: RuleId,
        /// The set.
        set: RuleSetId,
        /// The version of the set.
        version: u32,
    },
    /// A model.
    Model {
        /// The model.
        model: ModelId,
        /// Its version.
        version: ModelVersion,
    },
}

impl LabelSource {
    /// Whether a person gave it.
    #[must_use]
    pub const fn is_agent(&self) -> bool {
        matches!(self, Self::Agent(_))
    }
}

/// Bytes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextSpan {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl TextSpan {
    /// The span of a range of bytes.
    #[must_use]
    pub const fn new(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }

    /// What stands there in a text; nothing where the text is another one and has no such place.
    #[must_use]
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.start..self.end)
    }

    pub(super) const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A label that somebody finds fitting: not yet a decision.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[must_use = "a proposal does nothing until somebody decides on it"]
#[non_exhaustive]
pub struct Proposal {
    /// What is proposed.
    pub label: Label,
    /// By whom.
    pub source: LabelSource,
    /// How sure it is.
    pub confidence: Confidence,
    /// What in the text spoke for it, in order: places, not words. May be empty, and a
    /// [`Labeller`](super::Labeller) names the first 16.
    pub spans: Vec<TextSpan>,
}

impl Proposal {
    /// A proposal without spans.
    pub const fn new(label: Label, source: LabelSource, confidence: Confidence) -> Self {
        Self { label, source, confidence, spans: Vec::new() }
    }

    /// With what spoke for it.
    pub fn with_spans(self, spans: Vec<TextSpan>) -> Self {
        Self { spans, ..self }
    }
}
