//! Service levels: by hand, and against a clock that looks every minute.

use crate::world::{World, agent, uuid, words};
use kontak_calendar::{Calendar, Tz};
use kontak_content::Content;
use kontak_conversation::chrono::{DateTime, TimeDelta, Utc};
use kontak_conversation::sla::{Clock, ClockState, Measure, SlaPolicy, Target};
use kontak_conversation::{
    Actor, Command, Event, EventBody, JourneyFilter, Message, Priority, Status, StatusKind,
    StepKind,
};
use kontak_types::{ActorKind, ConversationId, MessageId};
use proptest::collection::vec;
use proptest::prelude::*;
use std::time::Duration;

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

fn policy(targets: Vec<Target>) -> SlaPolicy {
    let mut policy = SlaPolicy::default();
    policy.targets = targets;
    policy.check().unwrap();
    policy
}

fn says(world: &mut World, id: ConversationId, author: &Actor, at: DateTime<Utc>) {
    let leg = world.state.legs(id).next().unwrap().id;
    let message = Message::new(
        MessageId::new(uuid(3, world.fresh())),
        author.clone(),
        at,
        Content::plain("an answer").unwrap(),
    );
    let _ = world.run(author, Command::Say { leg, message: Box::new(message) }).unwrap();
}

fn set(world: &mut World, id: ConversationId, to: Status) {
    let clerk = Actor::Agent(agent(1));
    let _ = world.run(&clerk, Command::SetStatus { conversation: id, to }).unwrap();
}

fn states(clocks: &[Clock]) -> Vec<ClockState> {
    clocks.iter().map(|clock| clock.state).collect()
}

/// chatwoot's `check_rt` returns early once a conversation is resolved: a breach that is made good
/// before the next look is never recorded.
#[test]
fn a_breach_that_is_made_good_before_anybody_looks_is_a_breach() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let policy = policy(vec![Target::new("answer", Measure::FirstResponse, minutes(15))]);
    let due = world.now + TimeDelta::minutes(15);
    assert_eq!(policy.next_deadline(&world.state, id, world.now), Some(due));
    world.pass(1);
    let now = world.now;
    says(&mut world, id, &Actor::Agent(agent(1)), now);
    set(&mut world, id, Status::Resolved);
    let clocks = policy.clocks(&world.state, id, world.now);
    assert_eq!(clocks[0].breached, Some(due));
    assert_eq!((clocks[0].state, clocks[0].stopped), (ClockState::Breached, Some(now)));
}

/// chatwoot PR#12058: the first response is measured from the creation, also after a reopening.
#[test]
fn every_episode_has_its_own_first_response() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let policy = policy(vec![Target::new("answer", Measure::FirstResponse, minutes(90))]);
    world.pass(1);
    let now = world.now;
    says(&mut world, id, &Actor::Agent(agent(1)), now);
    set(&mut world, id, Status::Resolved);
    world.pass(24);
    let again = world.now;
    assert_eq!(world.hears(1, 0, "whatsapp"), id);
    world.pass(1);
    let now = world.now;
    says(&mut world, id, &Actor::Agent(agent(1)), now);
    let clocks = policy.clocks(&world.state, id, world.now);
    assert_eq!(states(&clocks), [ClockState::Met, ClockState::Met]);
    assert_eq!((clocks[1].started, clocks[1].episode), (again, 1));
}

#[test]
fn a_bots_answer_counts_only_where_the_policy_says_so_and_a_note_never() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let now = world.now;
    says(&mut world, id, &Actor::Bot("welcome".into()), now);
    let leg = world.state.legs(id).next().unwrap().id;
    let note = kontak_content::InternalNote::new(kontak_content::Text::plain("angry").unwrap());
    let clerk = Actor::Agent(agent(1));
    let message =
        Message::new(MessageId::new(uuid(3, 77)), clerk.clone(), now, Content::from(note));
    let _ = world.run(&clerk, Command::Say { leg, message: Box::new(message) }).unwrap();
    let people = Target::new("people", Measure::FirstResponse, minutes(15));
    let mut anyone = people.clone();
    anyone.id = "anyone".into();
    anyone.stopped_by.push(ActorKind::Bot);
    let clocks = policy(vec![people, anyone]).clocks(&world.state, id, world.now);
    assert_eq!(states(&clocks), [ClockState::Running, ClockState::Met]);
}

#[test]
fn a_clock_stands_still_while_the_customer_is_waited_for_and_while_the_shop_is_closed() {
    let mut world = World::new();
    // Monday 2 March 2026, nine o'clock in Jakarta.
    let id = world.hears(1, 0, "whatsapp");
    let mut target = Target::new("done", Measure::Resolution, minutes(8 * 60));
    target.calendar = Some("shop".into());
    target.pauses = vec![StatusKind::WaitingForCustomer, StatusKind::OnHold];
    let mut policy = SlaPolicy::default();
    let shop = Calendar::builder(Tz::Asia__Jakarta).workdays("09:00-17:00".parse().unwrap());
    policy.calendars.insert("shop".into(), shop.build().unwrap());
    policy.targets.push(target);
    policy.check().unwrap();
    world.pass(2);
    set(&mut world, id, Status::WaitingForCustomer);
    assert_eq!(states(&policy.clocks(&world.state, id, world.now)), [ClockState::Paused]);
    world.pass(24);
    set(&mut world, id, Status::Open);
    // Two hours are gone; six are left, and it is Tuesday, eleven o'clock.
    let clock = &policy.clocks(&world.state, id, world.now)[0];
    assert_eq!(clock.due, Some("2026-03-03T17:00:00+07:00".parse().unwrap()));
    world.pass(24);
    let clock = &policy.clocks(&world.state, id, world.now)[0];
    assert_eq!(clock.breached, Some("2026-03-03T17:00:00+07:00".parse().unwrap()));
}

#[test]
fn a_promise_is_a_clock_of_its_own() {
    let mut world = World::new();
    let id = world.hears(1, 0, "voice");
    let due = world.now + TimeDelta::days(2);
    let promise = Command::Promise {
        commitment: kontak_conversation::CommitmentId::new(uuid(5, 1)),
        conversation: id,
        what: words("a technician comes"),
        due,
        message: None,
    };
    let _ = world.run(&Actor::Agent(agent(1)), promise).unwrap();
    let policy = policy(vec![Target::new("promises", Measure::Commitment, Duration::ZERO)]);
    assert_eq!(policy.clocks(&world.state, id, world.now)[0].due, Some(due));
    let later = due + TimeDelta::days(1);
    assert_eq!(policy.clocks(&world.state, id, later)[0].breached, Some(due));
}

/// As a policy of the tenant: then a breach is an event as well, at its instant.
fn in_force(world: &mut World, targets: Vec<Target>) {
    let mut rules = kontak_conversation::Policy::default();
    rules.sla = policy(targets);
    let _ = world.run(&Actor::System, Command::SetPolicy(Box::new(rules))).unwrap();
}

fn breaches(events: &[Event]) -> Vec<(&str, DateTime<Utc>)> {
    let breach = |event: &'_ Event| match &event.body {
        EventBody::SlaBreached { breach, .. } => Some((breach.target.clone(), breach.due)),
        _ => None,
    };
    let names = ["answer", "next", "urgent", "vietnamese", "voice"];
    let known = |name: &str| names.into_iter().find(|known| *known == name).unwrap();
    events.iter().filter_map(breach).map(|(name, due)| (known(&name), due)).collect()
}

#[test]
fn a_breach_is_an_event_with_its_instant_however_late_anybody_looks() {
    let mut world = World::new();
    in_force(&mut world, vec![Target::new("answer", Measure::FirstResponse, minutes(15))]);
    let id = world.hears(1, 0, "whatsapp");
    let due = world.now + TimeDelta::minutes(15);
    assert_eq!(world.state.next_deadline(), Some(due));
    // Answered too late, and resolved, before anybody looks.
    world.pass(1);
    let now = world.now;
    says(&mut world, id, &Actor::Agent(agent(1)), now);
    set(&mut world, id, Status::Resolved);
    world.pass(24);
    let events = world.wake();
    assert_eq!(breaches(&events), [("answer", due)]);
    assert_eq!(world.state.conversation(id).unwrap().breaches()[0].due, due);
    let customer = world.state.conversation(id).unwrap().customer;
    let journey = world.state.journey(customer, &JourneyFilter::default(), None, usize::MAX);
    assert!(
        journey.iter().any(|step| (step.at, step.kind) == (due, StepKind::Breached { nth: 0 }))
    );
    assert_eq!((world.state.next_deadline(), world.wake().len()), (None, 0));
}

#[test]
fn an_answer_that_comes_to_light_late_takes_the_breach_back() {
    let mut world = World::new();
    in_force(&mut world, vec![Target::new("answer", Measure::FirstResponse, minutes(15))]);
    let id = world.hears(1, 0, "whatsapp");
    let in_time = world.now + TimeDelta::minutes(5);
    world.pass(1);
    assert_eq!(breaches(&world.wake()).len(), 1);
    // By the channel's clock it was said in time.
    says(&mut world, id, &Actor::Agent(agent(1)), in_time);
    let events = world.wake();
    assert!(matches!(events[0].body, EventBody::SlaCleared { .. }));
    assert!(world.state.conversation(id).unwrap().breaches().is_empty());
    assert_eq!(world.state.next_deadline(), None);
}

#[test]
fn targets_go_by_priority_channel_and_language() {
    let mut world = World::new();
    let mut urgent = Target::new("urgent", Measure::FirstResponse, minutes(5));
    urgent.priorities = vec![Priority::Urgent];
    let mut voice = Target::new("voice", Measure::FirstResponse, minutes(1));
    voice.channels = vec!["voice".into()];
    let mut vietnamese = Target::new("vietnamese", Measure::FirstResponse, minutes(30));
    vietnamese.languages = vec!["vi".parse().unwrap()];
    in_force(&mut world, vec![urgent, voice, vietnamese]);
    let mut inbound = world.inbound(1, 0, "zalo");
    inbound.message.language = Some("vi-VN".parse().unwrap());
    let (id, _) = world.receive(&inbound);
    assert_eq!(world.state.next_deadline(), Some(world.now + TimeDelta::minutes(30)));
    let priority = Command::SetPriority { conversation: id, priority: Priority::Urgent };
    let _ = world.run(&Actor::Agent(agent(1)), priority).unwrap();
    let began = world.now;
    assert_eq!(world.state.next_deadline(), Some(began + TimeDelta::minutes(5)));
    world.pass(1);
    let due =
        [("urgent", began + TimeDelta::minutes(5)), ("vietnamese", began + TimeDelta::minutes(30))];
    assert_eq!(breaches(&world.wake()), due);
}

/// chatwoot#10178: the next response is counted after a customer's "thanks", though all is done.
#[test]
fn a_thanks_that_needs_no_answer_is_over_when_it_is_resolved() {
    let mut world = World::new();
    in_force(&mut world, vec![Target::new("next", Measure::NextResponse, minutes(60))]);
    let id = world.hears(1, 0, "whatsapp");
    let now = world.now;
    says(&mut world, id, &Actor::Agent(agent(1)), now);
    world.now += TimeDelta::minutes(1);
    assert_eq!(world.hears(1, 0, "whatsapp"), id);
    world.now += TimeDelta::minutes(1);
    set(&mut world, id, Status::Resolved);
    world.pass(24);
    assert_eq!(world.wake(), []);
}

/// faveo#218: holidays count as working time.
#[test]
fn a_holiday_is_no_working_time() {
    let mut world = World::new();
    // The day before Nyepi 2026.
    world.now = "2026-03-18T16:30:00+07:00".parse().unwrap();
    let id = world.hears(1, 0, "whatsapp");
    let mut target = Target::new("answer", Measure::FirstResponse, minutes(60));
    target.calendar = Some("shop".into());
    let mut policy = policy(Vec::new());
    let shop = Calendar::builder(Tz::Asia__Jakarta).workdays("09:00-17:00".parse().unwrap());
    let holidays = kontak_calendar::HolidaySet::indonesia();
    policy.calendars.insert("shop".into(), shop.holidays(holidays).build().unwrap());
    policy.targets.push(target);
    let due = policy.clocks(&world.state, id, world.now)[0].due;
    assert_eq!(due, Some("2026-03-20T09:30:00+07:00".parse().unwrap()));
}

#[test]
fn a_policy_says_what_is_wrong_with_it() {
    let wrong = [
        ("[[targets]]\nid = \"a\"\nmeasure = \"first_response\"\nwithin = \"15 min\"", "15 min"),
        ("[[targets]]\nid = \"a\"\nmeasure = \"first_response\"\nwithn = \"15m\"", "withn"),
    ];
    for (text, named) in wrong {
        let error = toml::from_str::<SlaPolicy>(text).unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
    let text =
        "[[targets]]\nid = \"a\"\nmeasure = \"resolution\"\nwithin = \"2d\"\ncalendar = \"shop\"";
    let policy: SlaPolicy = toml::from_str(text).unwrap();
    assert!(policy.check().unwrap_err().to_string().contains("`shop`"));
    let json = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<SlaPolicy>(&json).unwrap(), policy);
    let binary = postcard::to_allocvec(&policy).unwrap();
    assert_eq!(postcard::from_bytes::<SlaPolicy>(&binary).unwrap(), policy);
}

/// Somebody who looks at the status every minute, and counts.
fn by_the_minute(
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    open: impl Fn(DateTime<Utc>) -> bool,
    paused: impl Fn(DateTime<Utc>) -> bool,
    within: u64,
) -> Option<DateTime<Utc>> {
    let mut counted = 0;
    let mut at = start;
    while at < end {
        if open(at) && !paused(at) {
            counted += 1;
            if counted == within {
                return Some(at + TimeDelta::minutes(1)).filter(|out| *out <= end);
            }
        }
        at += TimeDelta::minutes(1);
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_time_runs_out_when_a_minute_counter_says_so(
        steps in vec((0..5_u8, 1..400_i64), 0..12),
        within in 1..900_u64,
        with_calendar in any::<bool>(),
    ) {
        let mut world = World::new();
        let start = world.now;
        let id = world.hears(1, 0, "whatsapp");
        for (to, later) in &steps {
            world.now += TimeDelta::minutes(*later);
            let until = world.now + TimeDelta::days(30);
            let to = [
                Status::Open,
                Status::WaitingForCustomer,
                Status::OnHold,
                Status::Snoozed { until },
                Status::Open,
            ][usize::from(*to)];
            set(&mut world, id, to);
        }
        world.now += TimeDelta::minutes(100);
        let mut target = Target::new("done", Measure::Resolution, minutes(within));
        target.pauses = vec![StatusKind::WaitingForCustomer, StatusKind::OnHold];
        let shop = Calendar::builder(Tz::Asia__Jakarta)
            .workdays("09:00-12:00, 13:00-17:00".parse().unwrap())
            .build()
            .unwrap();
        let mut policy = SlaPolicy::default();
        if with_calendar {
            target.calendar = Some("shop".into());
            policy.calendars.insert("shop".into(), shop.clone());
        }
        policy.targets.push(target);
        let conversation = world.state.conversation(id).unwrap();
        let status = |at: DateTime<Utc>| {
            conversation.history().take_while(|(since, _)| *since <= at).last().unwrap().1.kind()
        };
        let expected = by_the_minute(
            start,
            world.now,
            |at| !with_calendar || shop.is_open(at),
            |at| matches!(status(at), StatusKind::WaitingForCustomer | StatusKind::OnHold),
            within,
        );
        let clock = &policy.clocks(&world.state, id, world.now)[0];
        prop_assert_eq!(clock.breached, expected);
    }
}
