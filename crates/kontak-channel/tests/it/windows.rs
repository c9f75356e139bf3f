//! The service window: facts in any order, the provider's time, the exact second.

use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::{Opening, Reopening, Window, WindowLedger, WindowRule};
use proptest::prelude::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000 + seconds, 0).unwrap()
}

const HOUR: i64 = 3_600;

#[test]
fn it_closes_at_the_second() {
    let rule = WindowRule::hours(24);
    let mut leg = WindowLedger::default();
    leg.record(Opening::Message, at(0));
    assert!(leg.window(&rule, at(24 * HOUR - 1)).is_open());
    assert!(!leg.window(&rule, at(24 * HOUR)).is_open());
}

#[test]
fn a_person_has_seven_days_on_messenger() {
    let rule = WindowRule::hours(24)
        .with_human_agent_hours(7 * 24)
        .with_reopening(Reopening::OtherChannel);
    let mut leg = WindowLedger::default();
    leg.record(Opening::Message, at(0));
    let until = at(7 * 24 * HOUR);
    assert_eq!(leg.window(&rule, at(25 * HOUR)), Window::HumanAgentOnly { until });
    let closed = Window::Closed { since: until, reopened_by: Reopening::OtherChannel };
    assert_eq!(leg.window(&rule, until), closed);
}

#[test]
fn a_call_opens_it_where_the_rule_says_so() {
    let mut leg = WindowLedger::default();
    leg.record(Opening::Call, at(0));
    assert!(!leg.window(&WindowRule::hours(24), at(1)).is_open());
    assert!(leg.window(&WindowRule::hours(24).with_opening(Opening::Call), at(1)).is_open());
}

#[test]
fn a_message_that_came_late_opens_nothing_anew() {
    let rule = WindowRule::hours(48);
    let mut leg = WindowLedger::default();
    leg.record(Opening::Message, at(10 * HOUR));
    leg.record(Opening::Message, at(0));
    assert_eq!(leg.window(&rule, at(10 * HOUR)), Window::Open { until: at(58 * HOUR) });
}

proptest! {
    #[test]
    fn any_order_and_number_of_facts_gives_one_ledger(
        facts in proptest::collection::vec((0..3_usize, 0..1_000_000_i64), 0..20).prop_shuffle(),
    ) {
        let openings = [Opening::Message, Opening::Reaction, Opening::Call];
        let ledger = |facts: &[(usize, i64)]| {
            let mut ledger = WindowLedger::default();
            for (opening, second) in facts {
                ledger.record(openings[*opening], at(*second));
            }
            ledger
        };
        let mut sorted = facts.clone();
        sorted.sort_unstable();
        sorted.extend(facts.clone());
        prop_assert_eq!(ledger(&facts), ledger(&sorted));
        let rule = WindowRule::hours(24);
        let last = facts.iter().filter(|(opening, _)| *opening == 0).map(|(_, second)| *second).max();
        let now = at(500_000);
        let naive = last.is_some_and(|last| now < at(last) + TimeDelta::hours(24));
        prop_assert_eq!(ledger(&facts).window(&rule, now).is_open(), naive);
    }
}
