use super::define;
use crate::SurveyKind;
use crate::definition::{
    ClockStart, Definition, Measure, OneTouchRule, Placement, ResolutionClock, ResponseClock, Show,
    WhichResolution,
};

const SOURCE: &str = "Intercom help, reporting metrics and attributes";

pub(super) fn definitions() -> Vec<Definition> {
    vec![
        // Filtered by the start: an answer two days later is in the report of the day it began.
        define(
            "intercom.first_response_time",
            Measure::Response(ResponseClock {
                start: ClockStart::FirstCustomerMessage,
                ..ResponseClock::default()
            }),
            Show::Duration,
        )
        .placed(Placement::ConversationStart),
        define(
            "intercom.time_to_close",
            Measure::Resolution(ResolutionClock {
                which: WhichResolution::Last,
                ..ResolutionClock::default()
            }),
            Show::Duration,
        ),
        define(
            "intercom.first_contact_resolution",
            Measure::OneTouch(OneTouchRule {
                most_answers: u32::MAX,
                most_reopenings: 0,
                most_agents: 1,
                ..OneTouchRule::default()
            }),
            Show::Share,
        ),
        define(
            "intercom.csat",
            Measure::Survey { survey: SurveyKind::Csat },
            Show::TopBox { from: 4 },
        ),
    ]
    .into_iter()
    .map(|definition| definition.from_source(SOURCE))
    .collect()
}
