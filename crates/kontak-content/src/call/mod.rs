mod timeline;
mod transcript;

pub use timeline::{CallDirection, CallOutcome, CallTimeline, Hold, Transfer, TransferKind};
pub use transcript::{Transcript, TranscriptLine};

use crate::{Media, moment};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A telephone or video call: when what happened, and what was said.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use kontak_content::{Call, CallDirection, CallOutcome, CallTimeline, chrono};
///
/// let at = |second: i64| DateTime::<Utc>::from_timestamp(1_770_000_000 + second, 0).ok_or("no such time");
/// let timeline = CallTimeline::new(CallDirection::Inbound, at(0)?)
///     .with_answered(at(8)?)
///     .with_ended(at(68)?, CallOutcome::Answered)
///     .with_hold(at(20)?, Some(at(35)?));
/// assert_eq!(timeline.ringing().map(|time| time.num_seconds()), Some(8));
/// assert_eq!(timeline.talking().map(|time| time.num_seconds()), Some(60));
/// assert_eq!(timeline.on_hold().num_seconds(), 15);
/// assert!(!Call::new(timeline).timeline.is_missed());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Call {
    /// When what happened.
    pub timeline: CallTimeline,
    /// What was recorded.
    pub recordings: Vec<Recording>,
    /// What was said, written down.
    pub transcript: Option<Transcript>,
}

impl Call {
    /// A call of which nothing was recorded.
    #[must_use]
    pub fn new(timeline: CallTimeline) -> Self {
        Self { timeline, recordings: Vec::new(), transcript: None }
    }

    /// With one more recording.
    #[must_use]
    pub fn with_recording(mut self, recording: Recording) -> Self {
        self.recordings.push(recording);
        self
    }

    /// With what was said.
    #[must_use]
    pub fn with_transcript(self, transcript: Transcript) -> Self {
        Self { transcript: Some(transcript), ..self }
    }
}

/// A recording of a call or of a stretch of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Recording {
    /// When it begins.
    #[serde(with = "moment::option")]
    pub started: Option<DateTime<Utc>>,
    /// Where it lies.
    pub media: Media,
}

impl Recording {
    /// A recording that began at an unknown time.
    #[must_use]
    pub fn new(media: Media) -> Self {
        Self { started: None, media }
    }

    /// With when it begins, cut to microseconds.
    #[must_use]
    pub fn with_started(self, started: DateTime<Utc>) -> Self {
        Self { started: Some(moment::whole(started)), ..self }
    }
}
