//! Service levels: what is due when, by whose clock, and when it was missed.
//!
//! A pure function of what happened. A breach has the instant at which the time ran out, whoever
//! looks and whenever; one that was made good before anybody looked is still a breach.

mod breach;
mod clock;
mod policy;

pub use breach::Breach;
pub use clock::{Clock, ClockState};
pub use policy::{Measure, SlaError, SlaPolicy, Target, Within};

use crate::state::Conversations;
use crate::{Actor, Conversation, StatusKind};
use chrono::{DateTime, Utc};
use clock::Stretch;
use kontak_types::ConversationId;

impl SlaPolicy {
    /// All clocks of a conversation, as they stand at `now`: by target, in the order of the policy,
    /// and then by time. Nothing where there is no such conversation.
    ///
    /// ```
    /// use kontak_conversation::Conversations;
    /// use kontak_conversation::sla::SlaPolicy;
    /// use kontak_types::{ConversationId, uuid::Uuid};
    ///
    /// let policy: SlaPolicy = toml::from_str(
    ///     "[[targets]]\nid = \"answer\"\nmeasure = \"first_response\"\nwithin = \"15m\"",
    /// )?;
    /// let nobody = ConversationId::new(Uuid::nil());
    /// let now = "2026-03-02T09:00:00Z".parse()?;
    /// assert_eq!(policy.clocks(&Conversations::new(), nobody, now), []);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Complexity: O(targets × (messages + changes of status)).
    #[must_use]
    pub fn clocks(
        &self,
        state: &Conversations,
        id: ConversationId,
        now: DateTime<Utc>,
    ) -> Vec<Clock> {
        let Some(conversation) = state.conversation(id) else { return Vec::new() };
        let applies = |target: &&Target| target.applies_to(state, conversation);
        self.targets
            .iter()
            .filter(applies)
            .flat_map(|target| {
                let stretches = stretches(target, state, conversation);
                stretches
                    .into_iter()
                    .map(move |stretch| self.clock(target, conversation, stretch, now))
            })
            .collect()
    }

    /// The service levels of a conversation that were missed by `now`. A promise is none: that it is
    /// broken is an event of its own.
    pub(crate) fn breaches(
        &self,
        state: &Conversations,
        conversation: &Conversation,
        now: DateTime<Utc>,
    ) -> Vec<Breach> {
        let clocks = self.clocks(state, conversation.id, now).into_iter();
        let missed = clocks.filter(|clock| clock.measure != Measure::Commitment);
        let missed = missed.filter_map(|clock| {
            Some(Breach {
                target: clock.target.into(),
                measure: clock.measure,
                episode: clock.episode,
                started: clock.started,
                due: clock.breached?,
            })
        });
        missed.collect()
    }

    /// When something has to be recorded of a conversation, if nothing happens before: a service
    /// level is missed, or one was not missed after all.
    pub(crate) fn next_record(
        &self,
        state: &Conversations,
        conversation: &Conversation,
    ) -> Option<DateTime<Utc>> {
        if self.targets.is_empty() {
            return None;
        }
        let (known, missed) = (conversation.breaches(), self.breaches(state, conversation, NEVER));
        let new = missed.iter().filter(|breach| !known.contains(breach));
        let gone = known.iter().filter(|breach| !missed.contains(breach));
        new.chain(gone).map(|breach| breach.due).min()
    }

    /// When the next clock of a conversation runs out that still runs.
    #[must_use]
    pub fn next_deadline(
        &self,
        state: &Conversations,
        id: ConversationId,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let clocks = self.clocks(state, id, now);
        clocks
            .iter()
            .filter(|clock| clock.state == ClockState::Running)
            .filter_map(|clock| clock.due)
            .min()
    }
}

/// So late that every clock that runs has run out.
const NEVER: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

/// When a clock of this target started and stopped.
fn stretches(target: &Target, state: &Conversations, conversation: &Conversation) -> Vec<Stretch> {
    match target.measure {
        Measure::FirstResponse => responses(target, state, conversation)
            .into_iter()
            .filter(|stretch| stretch.is_first)
            .collect(),
        Measure::NextResponse => responses(target, state, conversation)
            .into_iter()
            .filter(|stretch| !stretch.is_first)
            .collect(),
        Measure::Resolution => resolutions(conversation),
        Measure::Commitment => {
            state.commitments(conversation.id).map(Stretch::of_commitment).collect()
        }
    }
}

/// From each word of the customer that nobody had answered, to the answer. The first of an episode
/// is its first response: an answer given before it opened again does not count for it.
fn responses(target: &Target, state: &Conversations, conversation: &Conversation) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut waits: Option<DateTime<Utc>> = None;
    let mut answered_in: Option<usize> = None;
    let mut push = |start: DateTime<Utc>, stop: Option<DateTime<Utc>>| {
        let episode = conversation.episode_at(start);
        let is_first = answered_in != Some(episode);
        answered_in = Some(episode);
        stretches.push(Stretch { episode, start, stop, is_first, due: None });
    };
    for message in state.messages(conversation.id) {
        let at = message.said.at;
        match message.said.author {
            Actor::Customer(_) => {
                // A clock of an episode that ended without an answer ends with it.
                if let Some(start) = waits
                    && conversation.episode_at(start) != conversation.episode_at(at)
                {
                    let end = conversation.resolved_between(start, at);
                    push(start, end);
                    waits = None;
                }
                waits = waits.or(Some(at));
            }
            author => {
                let counts = author.kind().is_some_and(|kind| target.stopped_by.contains(&kind));
                let is_internal = message.said.content.is_note();
                if counts
                    && !is_internal
                    && let Some(start) = waits.take()
                {
                    push(start, Some(at));
                }
            }
        }
    }
    if let Some(start) = waits {
        let end = conversation.resolved_between(start, DateTime::<Utc>::MAX_UTC);
        push(start, end);
    }
    stretches
}

fn resolutions(conversation: &Conversation) -> Vec<Stretch> {
    let starts = || conversation.episodes();
    let ends = starts().skip(1).chain([DateTime::<Utc>::MAX_UTC]);
    starts()
        .zip(ends)
        .enumerate()
        .map(|(episode, (start, end))| Stretch {
            episode,
            start,
            stop: conversation.resolved_between(start, end),
            is_first: episode == 0,
            due: None,
        })
        .collect()
}

impl Conversation {
    /// When it was resolved in this time, if it was.
    fn resolved_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut history = self.history();
        let resolved = history
            .find(|(at, status)| *at >= from && *at < to && status.kind() == StatusKind::Resolved);
        resolved.map(|(at, _)| at)
    }

    /// The stretches of this time in which no pause was in force.
    fn unpaused(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        pauses: &[StatusKind],
    ) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let ends = self.history().skip(1).map(|(at, _)| at).chain([DateTime::<Utc>::MAX_UTC]);
        self.history()
            .zip(ends)
            .filter(move |((_, status), _)| !pauses.contains(&status.kind()))
            .map(move |((at, _), end)| (at.max(from), end.min(to)))
            .filter(|(start, end)| start < end)
    }
}
