use super::{Centre, Closed, Order, StepChange};
use crate::requirement::TooComplex;
use kontak_types::QueueId;
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeMap;

/// Why a centre cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CentreError {
    /// A queue has no id.
    #[error("queue `{queue}` has no `id`")]
    NoId {
        /// Which.
        queue: String,
    },
    /// Two queues have one id.
    #[error("queues `{first}` and `{second}` have the same `id`")]
    SameId {
        /// The one.
        first: String,
        /// The other.
        second: String,
    },
    /// A queue is named that is not there.
    #[error("queue `{queue}`: `{field}` names queue `{named}`, which is not there")]
    NoQueue {
        /// Which queue.
        queue: String,
        /// In which field.
        field: &'static str,
        /// The name.
        named: String,
    },
    /// A calendar is named that is not there.
    #[error("queue `{queue}`: `hours` names calendar `{named}`, which is not there")]
    NoCalendar {
        /// Which queue.
        queue: String,
        /// The name.
        named: String,
    },
    /// It closes into nowhere.
    #[error("queue `{queue}`: `when_closed` is `overflow`, but there is no `overflow`")]
    NoOverflow {
        /// Which queue.
        queue: String,
    },
    /// Contacts would go round.
    #[error("overflow goes round: {}", path(.queues))]
    Cycle {
        /// The queues, in the order in which a contact would come through.
        queues: Vec<String>,
    },
    /// Steps are not in the order of their time.
    #[error("queue `{queue}`: step {step} comes before the one above it")]
    StepsOutOfOrder {
        /// Which queue.
        queue: String,
        /// Which step, counted from 1.
        step: usize,
    },
    /// A number that means nothing.
    #[error("queue `{queue}`: `{field}` must be more than 0")]
    Zero {
        /// Which queue.
        queue: String,
        /// Which field.
        field: &'static str,
    },
    /// A requirement branches too often.
    #[error("queue `{queue}`: {source}")]
    TooComplex {
        /// Which queue.
        queue: String,
        /// Why.
        source: TooComplex,
    },
    /// More different loads than there are bits for.
    #[error("channels have {found} different loads; at most {MOST_SHAPES} are possible")]
    TooManyShapes {
        /// How many.
        found: usize,
    },
}

/// Whether an agent can take one more of a shape is one bit of a word.
pub(crate) const MOST_SHAPES: usize = 64;

fn path(queues: &[String]) -> String {
    let mut names: Vec<&str> = queues.iter().map(String::as_str).collect();
    names.extend(queues.first().map(String::as_str));
    names.join(" -> ")
}

impl Centre {
    /// Whether it can be used.
    ///
    /// # Errors
    /// The first thing that is wrong, by name.
    pub fn check(&self) -> Result<(), CentreError> {
        let mut ids: BTreeMap<QueueId, &String> = BTreeMap::new();
        for (name, queue) in &self.queues {
            if queue.id.as_uuid().is_nil() {
                return Err(CentreError::NoId { queue: name.clone() });
            }
            if let Some(first) = ids.insert(queue.id, name) {
                return Err(CentreError::SameId { first: first.clone(), second: name.clone() });
            }
            self.check_queue(name)?;
        }
        // One shape is kept for channels that are not listed.
        if self.channels.len() >= MOST_SHAPES {
            return Err(CentreError::TooManyShapes { found: self.channels.len() + 1 });
        }
        self.check_cycles()
    }

    fn check_queue(&self, name: &str) -> Result<(), CentreError> {
        let queue = &self.queues[name];
        let named = |field, other: &String| match self.queues.contains_key(other) {
            true => Ok(()),
            false => Err(CentreError::NoQueue { queue: name.into(), field, named: other.clone() }),
        };
        let complex = |source| CentreError::TooComplex { queue: name.into(), source };
        queue.requirement.check().map_err(complex)?;
        let mut after = 0;
        for (at, step) in queue.steps.iter().enumerate() {
            if step.after_seconds < after {
                return Err(CentreError::StepsOutOfOrder { queue: name.into(), step: at + 1 });
            }
            after = step.after_seconds;
            match &step.change {
                StepChange::WidenTo(other) => named("widen_to", other)?,
                StepChange::Widen(requirement) => requirement.check().map_err(complex)?,
                StepChange::Drop(_) | StepChange::LowerBy(_) | StepChange::Anyone => {}
            }
        }
        match &queue.overflow {
            Some(overflow) => named("overflow.to", &overflow.to)?,
            None if queue.when_closed == Closed::Overflow => {
                return Err(CentreError::NoOverflow { queue: name.into() });
            }
            None => {}
        }
        if let Some(hours) = &queue.hours
            && !self.calendars.contains_key(hours)
        {
            return Err(CentreError::NoCalendar { queue: name.into(), named: hours.clone() });
        }
        let zero = |field| CentreError::Zero { queue: name.into(), field };
        match queue.order {
            Order::Ageing { slope: 0 } => return Err(zero("order.ageing.slope")),
            Order::Cost { .. } if queue.expected_seconds == 0 => {
                return Err(zero("expected_seconds"));
            }
            _ => {}
        }
        for (field, value) in [
            ("offer.timeout_seconds", queue.offer.timeout_seconds),
            ("batch_millis", queue.batch_millis),
        ] {
            if value == Some(0) {
                return Err(zero(field));
            }
        }
        Ok(())
    }

    fn check_cycles(&self) -> Result<(), CentreError> {
        let mut graph: DiGraph<&str, ()> = DiGraph::new();
        let nodes: BTreeMap<&str, NodeIndex> =
            self.queues.keys().map(|name| (name.as_str(), graph.add_node(name))).collect();
        for (name, queue) in &self.queues {
            if let Some(overflow) = &queue.overflow {
                graph.add_edge(nodes[name.as_str()], nodes[overflow.to.as_str()], ());
            }
        }
        let round = |component: &Vec<NodeIndex>| {
            component.len() > 1 || component.iter().any(|node| graph.contains_edge(*node, *node))
        };
        let Some(component) = tarjan_scc(&graph).into_iter().find(round) else { return Ok(()) };
        // A queue overflows to one other, so following from the first name goes once round.
        let mut queues: Vec<String> = Vec::new();
        let mut next = component.iter().map(|node| graph[*node]).min().map(str::to_owned);
        while let Some(name) = next.filter(|name| !queues.contains(name)) {
            next = self.queues[&name].overflow.as_ref().map(|overflow| overflow.to.clone());
            queues.push(name);
        }
        Err(CentreError::Cycle { queues })
    }
}
