use super::{Confidence, Dimension, Label, LabelSource, Proposal};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What all proposals for one label come to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use = "nothing is decided by combining proposals"]
#[non_exhaustive]
pub struct Combined {
    /// The label.
    pub label: Label,
    /// How sure all of them together are.
    pub confidence: Confidence,
    /// The proposals, the surest first.
    pub because: Vec<Proposal>,
}

/// One entry for each proposed label: by dimension, the surest first, then by name.
///
/// Proposals of one voice (a rule set, a model or a person, in whatever version) are seldom
/// independent, so the surest of them counts. Different voices are taken as independent:
/// `1 - (1 - a)(1 - b)…`, rounded down to the step of [`Confidence`]. The order of the proposals
/// does not matter. O(n log n).
pub fn combine(proposals: impl IntoIterator<Item = Proposal>) -> Vec<Combined> {
    let mut by_label = BTreeMap::<Label, Vec<Proposal>>::new();
    for proposal in proposals {
        by_label.entry(proposal.label.clone()).or_default().push(proposal);
    }
    let mut combined: Vec<Combined> = by_label
        .into_iter()
        .map(|(label, mut because)| {
            because.sort_by(|a, b| {
                let key = |it: &Proposal| Reverse(it.confidence);
                (key(a), &a.source, &a.spans).cmp(&(key(b), &b.source, &b.spans))
            });
            let mut voices = BTreeMap::<Voice<'_>, Confidence>::new();
            for proposal in &because {
                voices.entry(Voice::of(&proposal.source)).or_insert(proposal.confidence);
            }
            let confidence = voices.into_values().fold(Confidence::NONE, Confidence::or);
            Combined { label, confidence, because }
        })
        .collect();
    combined.sort_by_cached_key(|it| {
        let place: (Dimension, Reverse<Confidence>) =
            (it.label.dimension(), Reverse(it.confidence));
        (place, it.label.clone())
    });
    combined
}

/// Who speaks, whatever the version.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Voice<'a> {
    Agent(kontak_types::AgentId),
    RuleSet(&'a str),
    Model(&'a str),
}

impl<'a> Voice<'a> {
    fn of(source: &'a LabelSource) -> Self {
        match source {
            LabelSource::Agent(agent) => Self::Agent(*agent),
            LabelSource::Rule { set, .. } => Self::RuleSet(set.as_str()),
            LabelSource::Model { model, .. } => Self::Model(model.as_str()),
        }
    }
}
