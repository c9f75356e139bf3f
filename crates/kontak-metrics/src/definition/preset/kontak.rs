use super::define;
use super::service_level::{abandonment, short_excluded};
use crate::QueueEnd::{Abandoned, Answered};
use crate::definition::{
    About, ClockStart, ClosedTime, ContactBase, Counts, Definition, FirstContactRule, HandlingPart,
    Measure, OfferEnd, Placement, ResolutionClock, ResponseClock, Seconds, Show, WhichResolution,
    WhichResponse,
};
use crate::{PromiseOutcome, QueueEnd, Status, SurveyKind};

const WEEK: Seconds = Seconds::days(7);

pub(super) fn definitions() -> Vec<Definition> {
    [waiting(), answering(), working(), returning(), asking(), whole()].concat()
}

fn waiting() -> Vec<Definition> {
    vec![
        define("kontak.offered", Measure::QueueOutcome, Show::CountWithOpen)
            .placed(Placement::Start),
        define("kontak.left_queue", Measure::QueueOutcome, Show::Count),
        define("kontak.service_level", short_excluded(), Show::Share).placed(Placement::Start),
        define("kontak.abandonment", abandonment(), Show::Share).placed(Placement::Start),
        define(
            "kontak.speed_of_answer",
            Measure::QueueTime { ends: [Answered].into() },
            Show::Duration,
        ),
        define(
            "kontak.time_to_abandon",
            Measure::QueueTime { ends: [Abandoned].into() },
            Show::Duration,
        ),
        define(
            "kontak.queue_time",
            Measure::QueueTime { ends: QueueEnd::ALL.into() },
            Show::Duration,
        ),
        define(
            "kontak.agent_non_response",
            Measure::Offers { ends: [OfferEnd::Declined, OfferEnd::RangOut].into() },
            Show::Share,
        ),
    ]
}

fn answering() -> Vec<Definition> {
    let pauses = || [Status::WaitingCustomer, Status::OnHold].into();
    let response = |which, start| {
        Measure::Response(ResponseClock { which, start, ..ResponseClock::default() })
    };
    vec![
        define(
            "kontak.first_response",
            response(WhichResponse::FirstOfEpisode, ClockStart::HandOff),
            Show::Duration,
        ),
        define(
            "kontak.next_response",
            response(WhichResponse::Each, ClockStart::Episode),
            Show::Duration,
        ),
        define(
            "kontak.first_resolution",
            Measure::Resolution(ResolutionClock { pauses: pauses(), ..ResolutionClock::default() }),
            Show::Duration,
        ),
        define(
            "kontak.full_resolution",
            Measure::Resolution(ResolutionClock {
                which: WhichResolution::Last,
                pauses: pauses(),
                closed_time: ClosedTime::Paused,
                ..ResolutionClock::default()
            }),
            Show::Duration,
        ),
        define("kontak.resolutions", Measure::Resolutions, Show::Count),
        define("kontak.reopened", Measure::Reopened, Show::Share),
    ]
}

fn working() -> Vec<Definition> {
    use HandlingPart::{Hold, Talk, WrapUp};
    let handling =
        |parts: &[HandlingPart]| Measure::Handling { parts: parts.iter().copied().collect() };
    vec![
        define("kontak.handle_time", handling(&[Talk, Hold, WrapUp]), Show::Duration),
        define("kontak.hold_time", handling(&[Hold]), Show::Duration),
        define("kontak.after_call_work", handling(&[WrapUp]), Show::Duration),
    ]
}

fn returning() -> Vec<Definition> {
    let returns = |of, several_channels| {
        Measure::FirstContact(FirstContactRule {
            of,
            about: About::SameIssue,
            returns: Counts::Excluded,
            several_channels,
            ..FirstContactRule::new(WEEK)
        })
    };
    vec![
        define(
            "kontak.first_contact_resolution",
            returns(ContactBase::Resolved, Counts::Success),
            Show::Share,
        ),
        define(
            "kontak.one_contact_resolution",
            returns(ContactBase::Resolved, Counts::Failure),
            Show::Share,
        ),
        define(
            "kontak.repeat_contact",
            Measure::RepeatContact { within: WEEK, about: About::SameIssue },
            Show::Share,
        ),
    ]
}

fn asking() -> Vec<Definition> {
    let survey = |survey| Measure::Survey { survey };
    vec![
        define("kontak.csat", survey(SurveyKind::Csat), Show::TopBox { from: 4 }),
        define("kontak.csat_top_box", survey(SurveyKind::Csat), Show::TopBox { from: 5 }),
        define("kontak.csat_mean", survey(SurveyKind::Csat), Show::Mean),
        define(
            "kontak.csat_response_rate",
            Measure::SurveyReturned { survey: SurveyKind::Csat },
            Show::Share,
        ),
        define("kontak.nps", survey(SurveyKind::Nps), Show::Nps),
        define("kontak.ces", survey(SurveyKind::Ces), Show::TopBox { from: 5 }),
        define("kontak.ces_mean", survey(SurveyKind::Ces), Show::Mean),
        define(
            "kontak.first_contact_resolution_said",
            survey(SurveyKind::FirstContact),
            Show::TopBox { from: 1 },
        ),
    ]
}

fn whole() -> Vec<Definition> {
    vec![
        define("kontak.conversations", Measure::Conversations, Show::Count),
        define("kontak.transferred", Measure::Transferred, Show::Share),
        define("kontak.ping_pong", Measure::PingPong { most_owners: 3 }, Show::Share),
        define("kontak.retold", Measure::Retold, Show::Share),
        define("kontak.contained", Measure::Contained, Show::Share),
        define(
            "kontak.promises_kept",
            Measure::Promises { outcome: PromiseOutcome::Kept },
            Show::Share,
        ),
        define("kontak.converted", Measure::Converted, Show::Share),
        define("kontak.cost", Measure::Cost, Show::Amount),
    ]
}
