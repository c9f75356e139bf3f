use super::define;
use super::service_level::{abandoned_in_time_succeeds, short_excluded};
use crate::QueueEnd::{Abandoned, Answered};
use crate::definition::{Definition, Measure, Show};

const SOURCE: &str = "Talkdesk data dictionary, calls and contacts models";

pub(super) fn definitions() -> Vec<Definition> {
    vec![
        // Two data models, two service levels.
        define("talkdesk.service_level_calls", abandoned_in_time_succeeds(), Show::Share),
        define("talkdesk.service_level_contacts", short_excluded(), Show::Share),
        define(
            "talkdesk.wait_time",
            Measure::QueueTime { ends: [Answered, Abandoned].into() },
            Show::Duration,
        ),
    ]
    .into_iter()
    .map(|definition| definition.from_source(SOURCE))
    .collect()
}
