//! Why a contact is with this agent, or why it still waits: as data first, then as sentences.

mod phrase;

use crate::engine::{Estimate, WhyNot};
use crate::{Choice, Hold, ItemState};
use chrono::{DateTime, Utc};
use kontak_types::{AgentId, Language, QueueId, WorkItemId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Why a contact is where it is, and why it is not with each of the others.
///
/// What it says of others is how they stand now: asked right after the decision it is the reason of
/// that decision. For an older one, replay the log up to it.
///
/// `Display` says it in English; [`text`](Self::text) in the language asked for.
///
/// ```
/// use kontak_routing::chrono::DateTime;
/// use kontak_routing::{Centre, Engine, Input, WorkItem};
/// use kontak_types::{WorkItemId, uuid::Uuid};
///
/// let centre: Centre = toml::from_str("[queues.sales]\nrequirement = 'sales'")?;
/// let centre = centre.with_numbered_queues();
/// let (queue, call) = (centre.queues["sales"].id, WorkItemId::new(Uuid::from_u128(2)));
/// let mut engine = Engine::new(centre)?;
/// let _ = engine.handle(DateTime::UNIX_EPOCH, Input::Arrive(Box::new(WorkItem::new(call, queue, "voice"))));
/// let why = engine.explain(call).ok_or("it is there")?;
/// assert_eq!(
///     why.to_string(),
///     "The contact waits in \"sales\", in place 1. Nobody who works here meets what it asks for: \
///      the rules or the team have to change.",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// Which contact.
    pub item: WorkItemId,
    /// Its queue.
    pub queue: QueueId,
    /// The name of its queue.
    pub queue_name: String,
    /// Where it stands.
    pub state: ItemState,
    /// The answer.
    pub answer: Answer,
    /// Every other agent, with the first rule that is in the way. [`WhyNot::Taken`] means that they
    /// could have had it, and others came first; [`WhyNot::Nothing`] that they can have it now.
    pub others: Vec<(AgentId, WhyNot)>,
    /// What would change it, and when, the soonest first.
    pub changes: Vec<Change>,
}

/// Why it is where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Answer {
    /// Somebody has it, or it is offered to them.
    With {
        /// Who.
        agent: AgentId,
        /// Why them. `None` once its customer is served, or is to act.
        why: Option<Choice>,
    },
    /// It waits.
    Waits {
        /// Its place among those that wait in its queue, from 1.
        position: usize,
        /// How long it will still wait; `None` where too little was seen to tell.
        estimate: Option<Estimate>,
        /// What holds it, if it is not only that nobody is free.
        hold: Option<Hold>,
    },
}

/// What would change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// Its hold ends.
    HoldEnds {
        /// What held it.
        hold: Hold,
        /// When.
        at: DateTime<Utc>,
    },
    /// The next step of its queue, its promotion or its overflow.
    NextStep {
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody who may have it becomes free.
    AgentFrees {
        /// How many could.
        able: usize,
    },
    /// Somebody who could have it comes on duty.
    AgentComes {
        /// How many could.
        able: usize,
    },
    /// Nothing: nobody meets what it asks for.
    NobodyAble,
}

impl Explanation {
    /// As sentences. English where the language has no phrases.
    ///
    /// Agents are counted, not named.
    #[must_use]
    pub fn text(&self, language: &Language) -> String {
        phrase::Sentences::of(language).explanation(self)
    }

    /// How many others each kind of rule keeps away.
    #[must_use]
    pub fn by_rule(&self) -> BTreeMap<&'static str, usize> {
        let mut rules = BTreeMap::new();
        for (_, why) in &self.others {
            *rules.entry(phrase::rule(why)).or_default() += 1;
        }
        rules
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&phrase::Sentences::english().explanation(self))
    }
}
