//! Shares of whole conversations. They are cohorts: whatever happens, and when, a conversation counts where it
//! began.

use super::timeline::Message;
use super::{Draft, Subject};
use crate::PromiseOutcome;
use crate::fact::Reason;

impl Subject<'_> {
    pub(super) fn transferred(&mut self) {
        let by = self.timeline.transfers.first().map_or(0, |(_, from)| *from);
        self.say_of_conversation(Draft::happened(!self.timeline.transfers.is_empty()).by(by, by));
    }

    pub(super) fn retold(&mut self) {
        self.say_of_conversation(Draft::happened(self.timeline.retold.is_some()));
    }

    pub(super) fn converted(&mut self) {
        self.say_of_conversation(Draft::happened(self.timeline.converted.is_some()));
    }

    pub(super) fn conversations(&mut self) {
        self.say_of_conversation(Draft::value(1, Reason::Happened));
    }

    pub(super) fn cost(&mut self) {
        let total = self.timeline.costs.iter().map(|(_, amount)| *amount);
        let total = total.fold(0, u64::saturating_add);
        self.say_of_conversation(Draft::value(total, Reason::Measured));
    }

    pub(super) fn ping_pong(&mut self, most_owners: u32) {
        let mut owners: Vec<u32> = Vec::new();
        let mut went_back = false;
        for (_, owner) in self.timeline.owners.iter().filter(|(_, owner)| *owner != 0) {
            if owners.last() == Some(owner) {
                continue;
            }
            went_back |= owners.contains(owner);
            owners.push(*owner);
        }
        if owners.is_empty() {
            return;
        }
        let happened = went_back || owners.len() > most_owners as usize;
        self.say_of_conversation(Draft::happened(happened));
    }

    pub(super) fn contained(&mut self) {
        let timeline = self.timeline;
        if !timeline.bot_spoke {
            return;
        }
        let person = timeline.episodes.iter().any(|episode| episode.handed_off.is_some())
            || timeline.messages.iter().any(Message::is_from_agent)
            || !timeline.handlings.is_empty()
            || !timeline.visits.is_empty();
        let draft = match (person, timeline.resolved_now()) {
            (true, _) => Draft::happened(false),
            (false, Some(_)) => Draft::happened(true),
            (false, None) => Draft::open(Reason::NotResolved),
        };
        self.say_of_conversation(draft);
    }

    pub(super) fn promises(&mut self, wanted: PromiseOutcome) {
        let timeline = self.timeline;
        for (place, (made, commitment, _)) in timeline.promises.iter().enumerate() {
            let of_it = |(_, other, _): &&(i64, u32, PromiseOutcome)| other == commitment;
            if timeline.promises[..place].iter().any(|it| of_it(&it)) {
                continue;
            }
            let mut due = timeline.promises[place..].iter().filter(of_it);
            let due = due.rfind(|(_, _, outcome)| *outcome != PromiseOutcome::Made);
            let draft = match due {
                Some((at, _, outcome)) => Draft::happened(*outcome == wanted).over(*made, *at),
                None => Draft::open(Reason::StillWaiting).over(*made, *made),
            };
            let owner = timeline.last_owner();
            self.say(draft.on(timeline.first_channel()).by(owner, owner));
        }
    }

    fn say_of_conversation(&mut self, draft: Draft) {
        let timeline = self.timeline;
        let (actor, owner) = match draft.actor {
            0 => (timeline.last_owner(), timeline.last_owner()),
            actor => (actor, draft.owner),
        };
        let draft = draft.over(timeline.created, timeline.created).on(timeline.first_channel());
        self.say(draft.by(actor, owner));
    }
}
