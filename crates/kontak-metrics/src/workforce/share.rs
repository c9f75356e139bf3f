use super::AgentState;
use crate::Tag;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A number of agents' time, as data: one stretch of time as a share of another. Occupancy, utilisation, shrinkage,
/// adherence are such shares, and differ in which states stand above the line and which below.
///
/// ```
/// use kontak_metrics::TimeShare;
///
/// let json = r#"{
///     "id": "occupancy", "version": 1,
///     "above": {"states": ["on_contact", "wrap_up"]},
///     "below": {"states": ["on_contact", "wrap_up", "available"]}
/// }"#;
/// let occupancy: TimeShare = serde_json::from_str(json)?;
/// assert!(occupancy.above.states.is_subset(&occupancy.below.states));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TimeShare {
    /// Its name in reports.
    pub id: Tag,
    /// Rises when it means something else.
    pub version: u32,
    /// Above the line.
    pub above: Term,
    /// Below it.
    pub below: Term,
    /// Where the formula stands; for people.
    #[serde(default)]
    pub source: String,
}

/// Which time counts. Time in which an agent is neither there nor planned to be is nobody's, and in none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Term {
    /// Of agents who are in one of these; empty for all.
    pub states: BTreeSet<AgentState>,
    /// Of agents who are planned for one of these; empty for all.
    pub planned: BTreeSet<AgentState>,
    /// Only while the agent does what is planned: see [`AgentState::is_as`].
    pub as_planned: bool,
    /// What is counted.
    pub of: TimeOf,
}

/// What is counted of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TimeOf {
    /// The time.
    #[default]
    Agent,
    /// The time, times the units of capacity that are used.
    UsedCapacity,
    /// The time, times the units of capacity that are offered.
    OfferedCapacity,
}

impl TimeShare {
    /// Version 1.
    #[must_use]
    pub fn new(id: Tag, above: Term, below: Term) -> Self {
        Self { id, version: 1, above, below, source: String::new() }
    }

    /// What is published, and what we choose ourselves.
    #[must_use]
    pub fn presets() -> Vec<Self> {
        use AgentState as S;
        const PLANNED: [S; 8] = S::LOGGED_IN;
        let handling = [S::OnContact, S::WrapUp];
        let unavailable = [S::OtherWork, S::Meeting, S::Training, S::Break, S::Away];
        let occupied = [S::OnContact, S::WrapUp, S::OtherWork, S::Meeting, S::Training];
        let capacity = |of| Term { of, ..Term::of(S::ON_QUEUE) };
        let share = |id: &str, above, below, source: &str| {
            let id = id.parse().expect("the names of presets are tags");
            Self { source: source.to_owned(), ..Self::new(id, above, below) }
        };
        let contact_center_pipeline = "Contact Center Pipeline, three denominators of occupancy";
        let ours = "our own choice";
        vec![
            share(
                "kontak.occupancy",
                Term::of(handling),
                Term::of(S::ON_QUEUE),
                contact_center_pipeline,
            ),
            share(
                "kontak.occupancy_of_logged_in",
                Term::of(handling),
                Term::of(S::LOGGED_IN),
                contact_center_pipeline,
            ),
            share(
                "kontak.capacity_occupancy",
                capacity(TimeOf::UsedCapacity),
                capacity(TimeOf::OfferedCapacity),
                "our own choice: two of five chats are 40 %, not 100 %",
            ),
            share(
                "kontak.utilisation",
                Term::of(S::ON_QUEUE),
                Term::of(S::LOGGED_IN),
                "ICMI: time on queues, idle time included, of paid time; paid is logged in",
            ),
            share(
                "kontak.shrinkage",
                Term::of(unavailable),
                Term::of(S::LOGGED_IN),
                "TechTarget: 1 - available for contacts / paid; paid is logged in",
            ),
            share(
                "kontak.planned_shrinkage",
                Term {
                    states: unavailable.into_iter().chain([S::Offline]).collect(),
                    ..Term::planned(PLANNED)
                },
                Term::planned(PLANNED),
                ours,
            ),
            share(
                "kontak.adherence",
                Term { as_planned: true, ..Term::planned(PLANNED) },
                Term::planned(PLANNED),
                ours,
            ),
            share(
                "amazon_connect.occupancy",
                Term::of(handling),
                Term::of(S::ON_QUEUE),
                "Amazon Connect, metrics definitions: handle / (handle + idle); it does not account for concurrency",
            ),
            share(
                "amazon_connect.adherence",
                Term { as_planned: true, ..Term::planned(PLANNED) },
                Term::planned(PLANNED),
                "Amazon Connect, metrics definitions: adherent / scheduled minutes",
            ),
            share(
                "genesys.conformance",
                Term::of(S::ON_QUEUE),
                Term::planned(S::ON_QUEUE),
                "Genesys Cloud Resource Center: actual / scheduled time on queue; it may exceed 1",
            ),
            share(
                "icmi.occupancy",
                Term::of(occupied),
                Term::of(occupied.into_iter().chain([S::Available])),
                "ICMI 2012: all occupied time, training included, without idle time",
            ),
        ]
    }
}

impl Term {
    /// The time of agents in one of these states.
    #[must_use]
    pub fn of(states: impl IntoIterator<Item = AgentState>) -> Self {
        Self { states: states.into_iter().collect(), ..Self::default() }
    }

    /// The time that is planned for one of these.
    #[must_use]
    pub fn planned(planned: impl IntoIterator<Item = AgentState>) -> Self {
        Self { planned: planned.into_iter().collect(), ..Self::default() }
    }

    pub(super) fn holds(&self, state: AgentState, planned: AgentState) -> bool {
        (self.states.is_empty() || self.states.contains(&state))
            && (self.planned.is_empty() || self.planned.contains(&planned))
            && (!self.as_planned || state.is_as(planned))
    }
}
