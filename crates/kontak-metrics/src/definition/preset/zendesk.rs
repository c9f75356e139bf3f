use super::define;
use crate::definition::{
    AgentOpened, ClockStart, ClosedTime, Definition, Hours, Measure, OneTouchRule, ResolutionClock,
    ResponseClock, ScheduleRule, Show, WhichResolution, WhichResponse,
};
use crate::{Status, SurveyKind};

const SOURCE: &str = "Zendesk help, native ticket time duration metrics; Explore metrics reference";

pub(super) fn definitions() -> Vec<Definition> {
    let first_reply = || {
        Measure::Response(ResponseClock {
            which: WhichResponse::First,
            agent_opened: AgentOpened::SecondMessage,
            ..ResponseClock::default()
        })
    };
    let resolution = |which| {
        Measure::Resolution(ResolutionClock {
            which,
            start: ClockStart::Created,
            closed_time: ClosedTime::Counts,
            ..ResolutionClock::default()
        })
    };
    let time =
        |statuses: &[Status]| Measure::StatusTime { statuses: statuses.iter().copied().collect() };
    // Metrics of several events use the schedule of each part, metrics of one event one for the whole span.
    let whole = Hours::Scheduled(ScheduleRule::WholeSpan);
    let parts = Hours::Scheduled(ScheduleRule::EachPart);
    vec![
        define("zendesk.first_reply_time", first_reply(), Show::Duration),
        define("zendesk.first_reply_time_business", first_reply(), Show::Duration)
            .by_hours(whole.clone()),
        define("zendesk.first_resolution_time", resolution(WhichResolution::First), Show::Duration),
        define("zendesk.full_resolution_time", resolution(WhichResolution::Last), Show::Duration),
        define(
            "zendesk.full_resolution_time_business",
            resolution(WhichResolution::Last),
            Show::Duration,
        )
        .by_hours(whole),
        define(
            "zendesk.requester_wait_time",
            time(&[Status::Open, Status::OnHold]),
            Show::Duration,
        ),
        define(
            "zendesk.requester_wait_time_business",
            time(&[Status::Open, Status::OnHold]),
            Show::Duration,
        )
        .by_hours(parts),
        define("zendesk.agent_wait_time", time(&[Status::WaitingCustomer]), Show::Duration),
        define("zendesk.on_hold_time", time(&[Status::OnHold]), Show::Duration),
        define(
            "zendesk.one_touch_tickets",
            Measure::OneTouch(OneTouchRule::default()),
            Show::Share,
        ),
        define(
            "zendesk.one_touch_messaging",
            Measure::OneTouch(OneTouchRule {
                least_answers: 1,
                most_answers: u32::MAX,
                most_reopenings: 0,
                never: [Status::WaitingCustomer, Status::OnHold].into(),
                ..OneTouchRule::default()
            }),
            Show::Share,
        ),
        define("zendesk.reopened", Measure::Reopened, Show::Share),
        // Good and bad are 5 and 1.
        define(
            "zendesk.satisfaction",
            Measure::Survey { survey: SurveyKind::Csat },
            Show::TopBox { from: 4 },
        ),
    ]
    .into_iter()
    .map(|definition| definition.from_source(SOURCE))
    .collect()
}
