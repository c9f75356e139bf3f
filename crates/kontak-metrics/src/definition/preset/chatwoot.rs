use super::define;
use crate::SurveyKind;
use crate::definition::{
    Attribution, ClockStart, Definition, Measure, ResolutionClock, ResponseClock, Show,
    WhichResolution, WhichResponse,
};

const SOURCE: &str = "Chatwoot, app/listeners/reporting_event_listener.rb";

pub(super) fn definitions() -> Vec<Definition> {
    let first = |start, which| {
        Measure::Response(ResponseClock { start, which, ..ResponseClock::default() })
    };
    vec![
        define(
            "chatwoot.first_response_time",
            first(ClockStart::Created, WhichResponse::First),
            Show::Duration,
        )
        .credited(Attribution::OwnerThen),
        // Since a bot may hand over: chatwoot#6409, #12058.
        define(
            "chatwoot.first_response_time_from_handoff",
            first(ClockStart::HandOff, WhichResponse::FirstOfEpisode),
            Show::Duration,
        )
        .credited(Attribution::OwnerThen),
        define(
            "chatwoot.reply_time",
            Measure::Response(ResponseClock {
                which: WhichResponse::Each,
                ..ResponseClock::default()
            }),
            Show::Duration,
        )
        .credited(Attribution::OwnerThen),
        define(
            "chatwoot.resolution_time",
            Measure::Resolution(ResolutionClock {
                which: WhichResolution::Each,
                start: ClockStart::Created,
                ..ResolutionClock::default()
            }),
            Show::Duration,
        )
        .credited(Attribution::OwnerThen),
        define("chatwoot.resolutions", Measure::Resolutions, Show::Count)
            .credited(Attribution::OwnerThen),
        define(
            "chatwoot.csat",
            Measure::Survey { survey: SurveyKind::Csat },
            Show::TopBox { from: 4 },
        )
        .credited(Attribution::OwnerThen),
        define(
            "chatwoot.csat_response_rate",
            Measure::SurveyReturned { survey: SurveyKind::Csat },
            Show::Share,
        ),
    ]
    .into_iter()
    .map(|definition| definition.from_source(SOURCE))
    .collect()
}
