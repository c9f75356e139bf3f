//! Tables of stays in a queue: what an abandoned call is.

use super::define;
use crate::QueueEnd::{Abandoned, Answered, CalledBack, FlowedOut};
use crate::definition::{Counts, Definition, Measure, QueueRule, Seconds, Show, WaitRange};
use Counts::{Excluded, Failure, Success};
use WaitRange::{Any, AtMost, Below};

/// The usual goal: 80 % within 20 seconds.
pub(super) const WITHIN: Seconds = Seconds(20);

/// Shorter than this, and nobody waited.
pub(super) const SHORT: Seconds = Seconds(5);

pub(super) fn share(rules: Vec<QueueRule>) -> Measure {
    Measure::QueueShare { rules }
}

fn answered_in_time() -> [QueueRule; 2] {
    [QueueRule::new([Answered], AtMost(WITHIN), Success), QueueRule::new([Answered], Any, Failure)]
}

fn with_abandoned(abandoned: impl IntoIterator<Item = QueueRule>) -> Measure {
    share(answered_in_time().into_iter().chain(abandoned).collect())
}

/// Abandoned in time is a success: (answered in time + abandoned in time) / (answered + abandoned).
pub(super) fn abandoned_in_time_succeeds() -> Measure {
    with_abandoned([
        QueueRule::new([Abandoned], AtMost(WITHIN), Success),
        QueueRule::new([Abandoned], Any, Failure),
    ])
}

/// answered in time / answered.
pub(super) fn abandoned_excluded() -> Measure {
    with_abandoned([QueueRule::new([Abandoned], Any, Excluded)])
}

/// answered in time / (answered + abandoned).
pub(super) fn abandoned_fails() -> Measure {
    with_abandoned([QueueRule::new([Abandoned], Any, Failure)])
}

/// answered in time / (answered + abandoned after the threshold).
pub(super) fn abandoned_in_time_excluded() -> Measure {
    with_abandoned([
        QueueRule::new([Abandoned], AtMost(WITHIN), Excluded),
        QueueRule::new([Abandoned], Any, Failure),
    ])
}

/// (answered in time + abandoned at once) / (answered + abandoned).
pub(super) fn short_succeeds() -> Measure {
    with_abandoned([
        QueueRule::new([Abandoned], AtMost(SHORT), Success),
        QueueRule::new([Abandoned], Any, Failure),
    ])
}

/// answered in time / (answered + abandoned, but for those at once).
pub(super) fn short_excluded() -> Measure {
    with_abandoned([
        QueueRule::new([Abandoned], AtMost(SHORT), Excluded),
        QueueRule::new([Abandoned], Any, Failure),
    ])
}

/// abandoned / (answered + abandoned), those at once left out.
pub(super) fn abandonment() -> Measure {
    share(vec![
        QueueRule::new([Abandoned], Below(SHORT), Excluded),
        QueueRule::new([Abandoned], Any, Success),
        QueueRule::new([Answered, CalledBack, FlowedOut], Any, Failure),
    ])
}

pub(super) fn icmi() -> Vec<Definition> {
    let source =
        "ICMI, Calculating Service Level, 2005; Call Centre Helper, How to Calculate Service Level";
    [
        ("icmi.service_level_1", abandoned_in_time_succeeds()),
        ("icmi.service_level_2", abandoned_excluded()),
        ("icmi.service_level_3", abandoned_fails()),
        ("icmi.service_level_4", abandoned_in_time_excluded()),
        ("icmi.service_level_5", short_succeeds()),
    ]
    .map(|(id, measure)| define(id, measure, Show::Share).from_source(source))
    .into()
}

pub(super) fn cisco() -> Vec<Definition> {
    let source = "Cisco Intelligent Contact Routing, service level type: positive, negative, ignored impact of abandoned calls";
    [
        ("cisco.service_level_positive", abandoned_in_time_succeeds()),
        ("cisco.service_level_negative", abandoned_fails()),
        ("cisco.service_level_ignored", abandoned_in_time_excluded()),
    ]
    .map(|(id, measure)| define(id, measure, Show::Share).from_source(source))
    .into()
}
