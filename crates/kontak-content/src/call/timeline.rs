use crate::vocabulary::vocabulary;
use crate::{Written, moment};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// When what happened in a call. All times are UTC and kept to the microsecond.
///
/// Times stand as the phone system told them. It may tell them by two clocks, so a length that
/// would be negative is zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CallTimeline {
    /// Who called whom.
    pub direction: CallDirection,
    /// When it began to ring, or was dialled.
    #[serde(with = "moment")]
    pub started: DateTime<Utc>,
    /// When it was answered, by a person or a machine of ours; nothing where it never was.
    #[serde(with = "moment::option")]
    pub answered: Option<DateTime<Utc>>,
    /// When it ended; nothing while it goes on.
    #[serde(with = "moment::option")]
    pub ended: Option<DateTime<Utc>>,
    /// What came of it; nothing while it goes on.
    pub outcome: Option<CallOutcome>,
    /// When the customer was put on hold, in the order told.
    pub holds: Vec<Hold>,
    /// When it was passed on, in the order told.
    pub transfers: Vec<Transfer>,
}

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a call has two ends")]
pub enum CallDirection {
    /// The customer called.
    Inbound,
    /// The business called.
    Outbound,
}

vocabulary! {
    /// What came of a call.
    CallOutcome {
        /// The two sides spoke.
        Answered = "answered",
        /// It rang until somebody or something gave up.
        NoAnswer = "no_answer",
        /// The line was taken.
        Busy = "busy",
        /// The called side refused it.
        Declined = "declined",
        /// The caller gave up before it was answered.
        HungUp = "hung_up",
        /// A voice message was left.
        Voicemail = "voicemail",
        /// Voice mail answered, and nothing was left.
        VoicemailNoMessage = "voicemail_no_message",
        /// The network had no room.
        Congestion = "congestion",
        /// It failed for a technical reason.
        Failed = "failed",
    }
}

/// The customer was put on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hold {
    /// From when.
    #[serde(with = "moment")]
    pub from: DateTime<Utc>,
    /// Until when; nothing while it lasts, and for one that the end of the call ended.
    #[serde(with = "moment::option")]
    pub until: Option<DateTime<Utc>>,
}

/// The call was passed on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Transfer {
    /// How.
    pub kind: TransferKind,
    /// When it was begun.
    #[serde(with = "moment")]
    pub started: DateTime<Utc>,
    /// When the other side took over; nothing where it never did.
    #[serde(with = "moment::option")]
    pub completed: Option<DateTime<Utc>>,
    /// To whom, in the words of the phone system: a queue, an extension, a number.
    pub to: Option<Written>,
}

impl Transfer {
    /// A transfer that is under way, or came to nothing.
    #[must_use]
    pub fn new(kind: TransferKind, started: DateTime<Utc>) -> Self {
        Self { kind, started: moment::whole(started), completed: None, to: None }
    }

    /// With when the other side took over, cut to microseconds.
    #[must_use]
    pub fn with_completed(self, completed: DateTime<Utc>) -> Self {
        Self { completed: Some(moment::whole(completed)), ..self }
    }

    /// With whom it went to.
    #[must_use]
    pub fn with_to(self, to: Written) -> Self {
        Self { to: Some(to), ..self }
    }
}

vocabulary! {
    /// How a call is passed on.
    TransferKind {
        /// Without a word.
        Cold = "cold",
        /// After the two had spoken.
        Warm = "warm",
        /// The other side was only asked, and did not take over.
        Consult = "consult",
    }
}

impl CallTimeline {
    /// A call that rings. The time is cut to microseconds, as all of them.
    #[must_use]
    pub fn new(direction: CallDirection, started: DateTime<Utc>) -> Self {
        Self {
            direction,
            started: moment::whole(started),
            answered: None,
            ended: None,
            outcome: None,
            holds: Vec::new(),
            transfers: Vec::new(),
        }
    }

    /// With when it was answered.
    #[must_use]
    pub fn with_answered(self, answered: DateTime<Utc>) -> Self {
        Self { answered: Some(moment::whole(answered)), ..self }
    }

    /// With when it ended, and what came of it.
    #[must_use]
    pub fn with_ended(self, ended: DateTime<Utc>, outcome: CallOutcome) -> Self {
        Self { ended: Some(moment::whole(ended)), outcome: Some(outcome), ..self }
    }

    /// With one more hold; `until` is missing while it lasts.
    #[must_use]
    pub fn with_hold(mut self, from: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Self {
        self.holds.push(Hold { from: moment::whole(from), until: until.map(moment::whole) });
        self
    }

    /// With one more transfer.
    #[must_use]
    pub fn with_transfer(mut self, transfer: Transfer) -> Self {
        self.transfers.push(transfer);
        self
    }

    /// How long it rang: until it was answered, else until it ended; nothing while it rings.
    #[must_use]
    pub fn ringing(&self) -> Option<TimeDelta> {
        self.answered.or(self.ended).map(|until| length(self.started, until))
    }

    /// How long it lasted from the answer on, holds included; nothing while it goes on, and where
    /// it was not answered.
    #[must_use]
    pub fn talking(&self) -> Option<TimeDelta> {
        Some(length(self.answered?, self.ended?))
    }

    /// How long the customer was on hold. A hold without an end counts until the end of the call,
    /// and not at all while the call goes on; what several holds overlap in counts once.
    #[must_use]
    pub fn on_hold(&self) -> TimeDelta {
        let mut stretches: Vec<_> = self
            .holds
            .iter()
            .filter_map(|hold| Some((hold.from, hold.until.or(self.ended)?)))
            .collect();
        stretches.sort_unstable();
        let mut counted_until = DateTime::<Utc>::MIN_UTC;
        let mut total = TimeDelta::zero();
        for (from, until) in stretches {
            total += length(from.max(counted_until), until);
            counted_until = counted_until.max(until);
        }
        total
    }

    /// Whether it ended without the two sides having spoken and without a voice message.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        let spoke = |outcome: &CallOutcome| {
            matches!(outcome, CallOutcome::Answered | CallOutcome::Voicemail)
        };
        self.outcome.as_ref().is_some_and(|outcome| !spoke(outcome))
    }

    /// Whether the customer called and nobody answered; a voice message makes it no less missed.
    #[must_use]
    pub fn is_missed(&self) -> bool {
        self.direction == CallDirection::Inbound
            && self.outcome.as_ref().is_some_and(|outcome| *outcome != CallOutcome::Answered)
    }
}

fn length(from: DateTime<Utc>, until: DateTime<Utc>) -> TimeDelta {
    until.signed_duration_since(from).max(TimeDelta::zero())
}
