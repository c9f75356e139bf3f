//! Calls as dialogs, and back.

use super::content::Content;
use super::dialog::Dialog;
use super::index::PartyIndex;
use super::timestamp::Seconds;
use super::token::{Disposition, PartyEventKind};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_content::{CallDirection, CallOutcome, CallTimeline};

const DISPOSITIONS: [(CallOutcome, Disposition); 7] = [
    (CallOutcome::NoAnswer, Disposition::NoAnswer),
    (CallOutcome::Busy, Disposition::Busy),
    (CallOutcome::Declined, Disposition::Busy),
    (CallOutcome::HungUp, Disposition::HungUp),
    (CallOutcome::VoicemailNoMessage, Disposition::VoicemailNoMessage),
    (CallOutcome::Congestion, Disposition::Congestion),
    (CallOutcome::Failed, Disposition::Failed),
];

/// A call between the customer and somebody of ours: what was recorded of it, or that it never came
/// to be.
pub(super) fn dialog(
    timeline: &CallTimeline,
    (customer, ours): (PartyIndex, PartyIndex),
    recorded: Content,
) -> Dialog {
    let parties = match timeline.direction {
        CallDirection::Inbound => [customer, ours],
        CallDirection::Outbound => [ours, customer],
    };
    if timeline.is_incomplete() {
        let outcome = timeline.outcome.as_ref();
        let listed = DISPOSITIONS.iter().find(|(known, _)| Some(known) == outcome);
        let disposition = listed.map_or(Disposition::Failed, |(_, word)| word.clone());
        return Dialog::incomplete(timeline.started, parties, disposition);
    }
    let mut call = Dialog::recording(timeline.started, parties, recorded);
    let mut happens = |party, at, kind| {
        call = std::mem::take(&mut call).with_event(party, at, kind);
    };
    let [caller, called] = parties;
    happens(caller, timeline.started, PartyEventKind::Join);
    if let Some(answered) = timeline.answered {
        happens(called, answered, PartyEventKind::Join);
    }
    for hold in &timeline.holds {
        happens(customer, hold.from, PartyEventKind::Hold);
        if let Some(until) = hold.until {
            happens(customer, until, PartyEventKind::Unhold);
        }
    }
    if let Some(ended) = timeline.ended {
        happens(customer, ended, PartyEventKind::Drop);
        let length = (ended - timeline.started).num_milliseconds().max(0);
        call = call.with_duration(Seconds::from_millis(length.try_into().unwrap_or(u32::MAX)));
    }
    call
}

/// When what happened in a call of which there is a dialog; nothing if it does not say when it
/// began.
pub(super) fn timeline(dialog: &Dialog, customer: Option<PartyIndex>) -> Option<CallTimeline> {
    let started = dialog.start.as_ref()?.instant()?;
    let caller = dialog.originator.or_else(|| dialog.parties.as_ref()?.iter().next());
    let direction =
        if caller == customer { CallDirection::Inbound } else { CallDirection::Outbound };
    let timeline = CallTimeline::new(direction, started);
    if let Some(disposition) = &dialog.disposition {
        let listed = DISPOSITIONS.iter().find(|(_, word)| word == disposition);
        let outcome = listed.map_or(CallOutcome::Failed, |(outcome, _)| outcome.clone());
        return Some(timeline.with_ended(started, outcome));
    }
    let events = |kinds: &'static [PartyEventKind]| {
        dialog.party_history.iter().filter_map(move |event| {
            let kind = event.event.as_ref()?;
            let at = event.time.as_ref()?.instant()?;
            kinds.contains(kind).then_some((event.party, at, kind.clone()))
        })
    };
    let answered = events(&[PartyEventKind::Join])
        .find(|(party, ..)| *party != caller)
        .map_or(started, |(_, at, _)| at);
    let mut timeline = timeline.with_answered(answered);
    let mut held: Option<DateTime<Utc>> = None;
    for (party, at, kind) in events(&[PartyEventKind::Hold, PartyEventKind::Unhold]) {
        if party != customer {
            continue;
        }
        match (kind, held) {
            (PartyEventKind::Hold, None) => held = Some(at),
            (PartyEventKind::Unhold, Some(from)) => {
                timeline = timeline.with_hold(from, Some(at));
                held = None;
            }
            _ => {}
        }
    }
    if let Some(from) = held {
        timeline = timeline.with_hold(from, None);
    }
    let length = dialog.duration.as_ref().and_then(|seconds| {
        let millis = seconds.as_f64() * 1_000.0;
        (0.0..1e12).contains(&millis).then(|| TimeDelta::milliseconds(millis.round() as i64))
    });
    let ended = length.and_then(|length| started.checked_add_signed(length));
    Some(match ended {
        Some(ended) => timeline.with_ended(ended, CallOutcome::Answered),
        None => timeline,
    })
}
