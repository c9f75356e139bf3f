//! What interactions sell, against a model that looks at everything anew for every question.

use crate::world::*;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::*;
use kontak_types::{ActorKind, CustomerId};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What happened in a conversation.
#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Came,
    Customer,
    Acknowledged,
    Bot,
    Agent(u8),
    Queued,
    HandedOff,
    Given,
    Pending,
    OnHold,
    Open,
    Resolved,
    Reopened,
    Bought(u64),
}

/// At which minute, in which conversation.
type Happened = (i64, u8, What);

const CONVERSATIONS: u8 = 5;
const WITHIN: i64 = 2_000;

/// The account that a conversation came from; of 0 it is not known.
fn account(conversation: u8) -> u8 {
    conversation % 4
}

fn what() -> impl Strategy<Value = What> {
    use What::*;
    let kinds = vec![
        Came,
        Customer,
        Acknowledged,
        Bot,
        Bot,
        Queued,
        HandedOff,
        Given,
        Pending,
        OnHold,
        Open,
        Resolved,
        Resolved,
        Reopened,
    ];
    prop_oneof![
        3 => prop::sample::select(kinds),
        1 => (0_u8..3).prop_map(Agent),
        1 => (1_u64..100).prop_map(Bought),
    ]
}

/// Each at a minute of its own.
fn happened() -> impl Strategy<Value = Vec<Happened>> {
    prop::collection::vec((1_i64..1_500, 0..CONVERSATIONS, what()), 0..40).prop_map(|them| {
        let mut at = 0;
        let later = them.into_iter().map(|(gap, of, what)| {
            at += gap;
            (at, of, what)
        });
        later.collect()
    })
}

fn event(number: u128, (at, of, what): Happened) -> Event {
    let message =
        |by, agent, origin| EventKind::Message { by, agent, audience: Audience::Public, origin };
    let status = |status| EventKind::StatusSet { status };
    let kind = match what {
        What::Came => EventKind::Started {
            channel: "webchat".into(),
            direction: Direction::Inbound,
            by: ActorKind::Customer,
            touchpoint: (account(of) > 0).then(|| touchpoint(account(of))),
            language: None,
            segment: None,
        },
        What::Customer => message(ActorKind::Customer, None, Origin::Composed),
        What::Acknowledged => message(ActorKind::Bot, None, Origin::Automatic),
        What::Bot => message(ActorKind::Bot, None, Origin::Composed),
        What::Agent(who) => message(ActorKind::Agent, Some(agent(who)), Origin::Composed),
        What::Queued => EventKind::Enqueued { queue: queue(0) },
        What::HandedOff => EventKind::HandedOff,
        What::Given => EventKind::Transferred { from: None, to: None, context: Context::Carried },
        What::Pending => status(Status::WaitingCustomer),
        What::OnHold => status(Status::OnHold),
        What::Open => status(Status::Open),
        What::Resolved => EventKind::Resolved { by: ActorKind::Bot, agent: None },
        What::Reopened => EventKind::Reopened { by: ActorKind::Customer },
        What::Bought(amount) => EventKind::Converted { amount },
    };
    let at = base() + TimeDelta::minutes(at);
    Event::new(conversation(of), EventId::new(Uuid::from_u128(number)), at, kind)
}

/// All that is known, looked through for every question.
struct Model<'a> {
    happened: &'a [Happened],
    said: &'a [(u8, u8, u64)],
    states: &'a [InteractionState],
    now: i64,
}

impl Model<'_> {
    fn of(&self, conversation: u8) -> impl Iterator<Item = (i64, What)> {
        self.happened.iter().filter(move |it| it.1 == conversation).map(|it| (it.0, it.2))
    }

    fn customer(&self, conversation: u8) -> Option<CustomerId> {
        let of = account(conversation);
        let is_known = of > 0 && self.of(conversation).any(|(_, what)| what == What::Came);
        let said = self.said.iter().filter(|saying| saying.0 == of);
        let last = said.map(|(_, whose, revision)| (*revision, customer(*whose))).max();
        is_known.then(|| last.map_or_else(|| CustomerId::from(touchpoint(of)), |it| it.1))
    }

    /// In which state it is, of all there are.
    fn state(&self, conversation: u8, at: i64) -> Option<InteractionState> {
        use InteractionState as S;
        let so_far = || self.of(conversation).filter(|it| it.0 <= at).map(|it| it.1);
        let any = |wanted: fn(&What) -> bool| so_far().any(|what| wanted(&what));
        if !any(|what| !matches!(what, What::Came | What::Bought(_))) {
            return None;
        }
        let (mut resolved, mut status) = (false, None);
        for what in so_far() {
            match what {
                What::Resolved => resolved = true,
                What::Reopened if resolved => (resolved, status) = (false, None),
                What::Pending => status = Some(S::WaitingCustomer),
                What::OnHold => status = Some(S::OnHold),
                What::Open => status = None,
                _ => {}
            }
        }
        Some(match (resolved, status) {
            (true, _) => S::Resolved,
            (false, Some(status)) => status,
            _ if any(|what| *what == What::Given) => S::Transferred,
            _ if any(|what| matches!(what, What::Agent(_))) => S::Agent,
            _ if any(|what| matches!(what, What::Queued | What::HandedOff)) => S::WaitingAgent,
            _ if any(|what| *what == What::Bot) => S::Bot,
            _ => S::Unanswered,
        })
    }

    /// The states that it was in by then, of those told apart: when it came into each.
    fn path(&self, conversation: u8, until: i64) -> Vec<(i64, InteractionState)> {
        let mut path: Vec<(i64, InteractionState)> = Vec::new();
        for (at, _) in self.of(conversation).filter(|it| it.0 <= until) {
            let state = self.state(conversation, at).filter(|it| self.states.contains(it));
            if let Some(state) = state
                && path.last().is_none_or(|last| last.1 != state)
            {
                path.push((at, state));
            }
        }
        path
    }

    /// What is credited to a conversation: when, how much, and the state that it was in.
    fn credited(&self, conversation: u8, of: WhosePurchases) -> Vec<(i64, u64, InteractionState)> {
        let mut credited = Vec::new();
        for (at, bought_in, what) in self.happened {
            let What::Bought(amount) = what else { continue };
            let mine = self.path(conversation, *at).last().copied();
            let Some((since, state)) = mine.filter(|mine| at - mine.0 <= WITHIN) else { continue };
            let is_mine = match of {
                WhosePurchases::Conversation => *bought_in == conversation,
                _ => {
                    let customer = self.customer(conversation);
                    let last = (0..CONVERSATIONS)
                        .filter(|other| self.customer(*other) == customer)
                        .filter_map(|other| self.path(other, *at).last().map(|it| it.0))
                        .max();
                    customer.is_some()
                        && self.customer(*bought_in) == customer
                        && last == Some(since)
                }
            };
            if is_mine {
                credited.push((*at, *amount, state));
            }
        }
        credited
    }

    fn furthest(&self, conversation: u8, until: i64) -> Option<InteractionState> {
        let path = self.path(conversation, until);
        self.states.iter().rev().copied().find(|state| path.iter().any(|it| it.1 == *state))
    }
}

/// Bought, did not, may still, left out.
type Counted = [u64; 4];

fn counted(report: &Report) -> Counted {
    let Statistic::Share { successes, of, .. } = report.statistic else { panic!("no share") };
    [successes.get(), of.get() - successes.get(), report.open.get(), report.excluded.get()]
}

fn engine_of(of: WhosePurchases, states: &[InteractionState]) -> Metrics {
    let rule = |under| {
        let within = Seconds(WITHIN as u32 * 60);
        ConversionRule::new(within).under(under).crediting(of).among(states.iter().copied())
    };
    let define = |id: &str, measure, show| Definition::new(id.parse().unwrap(), measure, show);
    let definitions = vec![
        define("furthest", Measure::Conversion(rule(WhichState::Furthest)), Show::Share),
        define("each", Measure::Conversion(rule(WhichState::Each)), Show::Share),
        define("value", Measure::ConversionValue(rule(WhichState::Each)), Show::Amount),
        define(
            "value_furthest",
            Measure::ConversionValue(rule(WhichState::Furthest)),
            Show::Amount,
        ),
    ];
    let mut grids = Grid::usual();
    grids.push(Grid::new(&[Dimension::State], 60).unwrap());
    Metrics::new(Catalog::new(definitions, Default::default()).unwrap(), grids).unwrap()
}

fn at(minute: i64) -> DateTime<Utc> {
    base() + TimeDelta::minutes(minute)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn purchases_are_credited_as_a_model_credits_them(
        happened in happened(),
        said in sayings(),
        order in prop::collection::vec(any::<u32>(), 40),
        withdrawn in prop::collection::vec(0_usize..40, 0..4),
        states in prop::sample::subsequence(InteractionState::ALL.to_vec(), 1..=8),
        of in prop::sample::select(vec![WhosePurchases::Conversation, WhosePurchases::Customer]),
        now in 0_i64..40_000,
        sealed in any::<bool>(),
    ) {
        // Whatever way it comes: late, some of it taken back, settled in between, sealed and brought back.
        let mut metrics = engine_of(of, &states);
        let mut arriving: Vec<usize> = (0..happened.len()).collect();
        arriving.sort_by_key(|place| order[*place]);
        let all: Vec<Event> = happened.iter().enumerate().map(|(place, it)| event(place as u128, *it)).collect();
        for place in arriving {
            ingest(&mut metrics, [&all[place]]);
            metrics.settle();
        }
        let mut left = happened.clone();
        let mut journal = all.clone();
        for place in withdrawn.iter().filter(|place| **place < all.len()) {
            let taken_back = Event { kind: EventKind::Withdrawn, ..all[*place].clone().revised(1) };
            if sealed {
                metrics.seal(at(100_000));
                let _ = metrics.ingest(&taken_back).unwrap();
                journal.push(taken_back.clone());
                let history = journal.iter().filter(|it| it.conversation == taken_back.conversation);
                let _ = metrics.supply(taken_back.conversation, history);
            } else {
                ingest(&mut metrics, [&taken_back]);
            }
            left.retain(|it| *it != happened[*place]);
        }
        identify(&mut metrics, &said);
        metrics.advance(at(now));
        let mut metrics = Metrics::restore(metrics.snapshot()).unwrap();
        let mut shard = engine_of(of, &states);
        shard.merge(metrics.clone()).unwrap();
        prop_assert_eq!(shard.cells(), metrics.cells());
        let view = metrics.settle();

        let model = Model { happened: &left, said: &said, states: &states, now };
        let mut furthest: BTreeMap<InteractionState, Counted> = BTreeMap::new();
        let (mut each, mut value, mut value_furthest) = (furthest.clone(), BTreeMap::new(), BTreeMap::new());
        let (mut total, mut nobodys) = ([0; 4], 0);
        for conversation in 0..CONVERSATIONS {
            let Some((since, last)) = model.path(conversation, i64::MAX).last().copied() else { continue };
            if of == WhosePurchases::Customer && model.customer(conversation).is_none() {
                nobodys += 1;
                continue;
            }
            let credited = model.credited(conversation, of);
            let outcome = |bought: bool, stands_there: bool| match (bought, stands_there && model.now - since <= WITHIN) {
                (true, _) => 0,
                (false, false) => 1,
                (false, true) => 2,
            };
            let until = credited.first().map_or(i64::MAX, |it| it.0);
            let state = model.furthest(conversation, until).unwrap();
            let outcome_here = outcome(!credited.is_empty(), true);
            furthest.entry(state).or_default()[outcome_here] += 1;
            total[outcome_here] += 1;
            for state in &states {
                if model.path(conversation, i64::MAX).iter().any(|it| it.1 == *state) {
                    let bought = credited.iter().any(|it| it.2 == *state);
                    each.entry(*state).or_default()[outcome(bought, last == *state)] += 1;
                }
            }
            for (when, amount, state) in credited {
                *value.entry(state).or_default() += amount;
                *value_furthest.entry(model.furthest(conversation, when).unwrap()).or_default() += amount;
            }
        }
        total[3] = nobodys;
        let all_time = view.all_time();
        let of_state = |id: &str, state: InteractionState| {
            view.report(id, &all_time, &Filter::all().on(DimensionValue::State(state))).unwrap()
        };
        for state in InteractionState::ALL {
            let expected = |counts: &BTreeMap<_, Counted>| counts.get(&state).copied().unwrap_or_default();
            prop_assert_eq!(counted(&of_state("furthest", state)), expected(&furthest), "furthest {}", state);
            prop_assert_eq!(counted(&of_state("each", state)), expected(&each), "each {}", state);
            for (id, value) in [("value", &value), ("value_furthest", &value_furthest)] {
                let Statistic::Amount { sum, .. } = of_state(id, state).statistic else { panic!("no amount") };
                prop_assert_eq!(sum, value.get(&state).copied().unwrap_or(0_u64), "{} {}", id, state);
            }
        }
        for id in ["furthest", "each"] {
            prop_assert_eq!(counted(&view.report(id, &all_time, &Filter::all()).unwrap()), total, "{}", id);
        }
        let breakdown = view.by(Dimension::State, "furthest", &all_time, &Filter::all()).unwrap();
        let rows: Count = breakdown.rows.iter().map(|row| row.report.n).sum();
        prop_assert_eq!((rows.get(), counted(&breakdown.total)), (total[0] + total[1], total));
        let overlaps = view.by(Dimension::State, "each", &all_time, &Filter::all());
        prop_assert!(matches!(overlaps, Err(QueryError::Overlaps(_, Dimension::State))));
    }
}

#[test]
fn a_conversion_says_why_it_counts_where_it_does() {
    let mut metrics = Metrics::new(Catalog::of([Preset::Sales]).unwrap(), Grid::usual()).unwrap();
    let happened = [
        (0, 1, What::Came),
        (1, 1, What::Customer),
        (2, 1, What::Bot),
        (9, 1, What::Agent(2)),
        (30, 1, What::Bought(12)),
    ];
    for (number, it) in (0..).zip(happened) {
        ingest(&mut metrics, [&event(number, it)]);
    }
    metrics.advance(at(60));
    let view = metrics.settle();
    let text = |language: &str| {
        let explanation = view.explain(conversation(1), "sales.converted").unwrap().unwrap();
        explanation.text(&language.parse().unwrap())
    };
    assert_eq!(
        text("en"),
        "sales.converted (version 1): counts with 1, on 2026-03-20 00:00:00 UTC: the customer bought within the time (answered by an agent)."
    );
    assert!(text("id").ends_with("pelanggan membeli dalam batas waktu (dijawab oleh agen)."));
    let explained = view.explain(conversation(1), "sales.converted_in_state").unwrap().unwrap();
    let states: Vec<_> = explained.facts.iter().map(|fact| (fact.reason, fact.value)).collect();
    use InteractionState::{Agent, Bot, Unanswered};
    use Reason::{Bought, DidNotBuy};
    assert_eq!(states, [(DidNotBuy(Unanswered), 0), (DidNotBuy(Bot), 0), (Bought(Agent), 1)]);
    let of_agent = Filter::all().on(DimensionValue::Agent(agent(2)));
    let sold = view.report("sales.value", &view.all_time(), &of_agent).unwrap();
    assert_eq!(sold.statistic.headline(), Some(12.0));
}
