use super::define;
use super::service_level::{abandoned_excluded, abandoned_fails, share, short_excluded};
use crate::QueueEnd::{Abandoned, Answered, CalledBack, FlowedOut, Transferred};
use crate::definition::{
    Counts, Definition, HandlingPart, Measure, Placement, QueueRule, Show, WaitRange,
};

const SOURCE: &str =
    "Genesys Cloud Resource Center, configure the service level calculation; metric definitions";

pub(super) fn definitions() -> Vec<Definition> {
    use Counts::{Failure, Success};
    vec![
        // Three switches: abandons, short abandons, flow-outs. Which are on is the organisation's.
        define("genesys.service_level", abandoned_fails(), Show::Share),
        define("genesys.service_level_without_abandons", abandoned_excluded(), Show::Share),
        define("genesys.service_level_without_short_abandons", short_excluded(), Show::Share),
        define(
            "genesys.abandon_rate",
            share(vec![
                QueueRule::new([Abandoned], WaitRange::Any, Success),
                QueueRule::new(
                    [Answered, CalledBack, FlowedOut, Transferred],
                    WaitRange::Any,
                    Failure,
                ),
            ]),
            Show::Share,
        ),
        define(
            "genesys.answer_time",
            Measure::QueueTime { ends: [Answered].into() },
            Show::Duration,
        ),
        define(
            "genesys.handle_time",
            Measure::Handling {
                parts: [HandlingPart::Talk, HandlingPart::Hold, HandlingPart::WrapUp].into(),
            },
            Show::Duration,
        ),
        define(
            "genesys.hold_time",
            Measure::Handling { parts: [HandlingPart::Hold].into() },
            Show::Duration,
        ),
        define(
            "genesys.after_call_work_time",
            Measure::Handling { parts: [HandlingPart::WrapUp].into() },
            Show::Duration,
        ),
        define("genesys.offered", Measure::QueueOutcome, Show::CountWithOpen)
            .placed(Placement::Start),
    ]
    .into_iter()
    .map(|definition| definition.from_source(SOURCE))
    .collect()
}
