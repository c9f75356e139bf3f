use super::define;
use super::service_level::{WITHIN, share};
use crate::QueueEnd::{Abandoned, Answered, CalledBack, FlowedOut, Transferred};
use crate::definition::{
    Counts, Definition, HandlingPart, Measure, OfferEnd, OneTouchRule, Placement, QueueRule, Show,
    WaitRange,
};

const SOURCE: &str =
    "Amazon Connect Administrator Guide, metrics definitions; data lake reference queries";

pub(super) fn definitions() -> Vec<Definition> {
    use Counts::{Failure, Success};
    let queued = [Answered, Abandoned, CalledBack, FlowedOut, Transferred];
    vec![
        // Whatever took it out of the queue in time succeeds: an agent, the customer, a callback.
        define(
            "amazon_connect.service_level",
            share(vec![
                QueueRule::new(queued, WaitRange::AtMost(WITHIN), Success),
                QueueRule::new(queued, WaitRange::Any, Failure),
            ]),
            Show::Share,
        ),
        define(
            "amazon_connect.abandonment_rate",
            share(vec![
                QueueRule::new([Abandoned], WaitRange::Any, Success),
                QueueRule::new(queued, WaitRange::Any, Failure),
            ]),
            Show::Share,
        ),
        define(
            "amazon_connect.queue_answer_time",
            Measure::QueueTime { ends: [Answered].into() },
            Show::Duration,
        ),
        define(
            "amazon_connect.abandon_time",
            Measure::QueueTime { ends: [Abandoned].into() },
            Show::Duration,
        ),
        define(
            "amazon_connect.queued_time",
            Measure::QueueTime { ends: queued.into() },
            Show::Duration,
        ),
        define(
            "amazon_connect.agent_non_response",
            Measure::Offers {
                ends: [OfferEnd::Declined, OfferEnd::RangOut, OfferEnd::Gone].into(),
            },
            Show::Share,
        ),
        define(
            "amazon_connect.agent_non_response_without_customer_abandons",
            Measure::Offers { ends: [OfferEnd::Declined, OfferEnd::RangOut].into() },
            Show::Share,
        ),
        define(
            "amazon_connect.handle_time",
            Measure::Handling {
                parts: [HandlingPart::Talk, HandlingPart::Hold, HandlingPart::WrapUp].into(),
            },
            Show::Duration,
        ),
        define(
            "amazon_connect.hold_time",
            Measure::Handling { parts: [HandlingPart::Hold].into() },
            Show::Duration,
        ),
        define(
            "amazon_connect.after_contact_work_time",
            Measure::Handling { parts: [HandlingPart::WrapUp].into() },
            Show::Duration,
        ),
        define(
            "amazon_connect.cases_resolved_on_first_contact",
            Measure::OneTouch(OneTouchRule { most_reopenings: 0, ..OneTouchRule::default() }),
            Show::Share,
        ),
        define("amazon_connect.contacts_queued", Measure::QueueOutcome, Show::CountWithOpen)
            .placed(Placement::Start),
    ]
    .into_iter()
    .map(|definition| definition.from_source(SOURCE))
    .collect()
}
