//! Teams, against the numbers of their agents.

use crate::world::*;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::*;
use kontak_types::{ActorKind, AgentId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn team(number: u8) -> TeamId {
    TeamId::new(Uuid::from_u128(0x600 + u128::from(number)))
}

fn joined(record: u128, who: u8, at: DateTime<Utc>, of: Option<u8>) -> TeamEvent {
    let kind = of.map_or(TeamEventKind::Left, |of| TeamEventKind::Joined { team: team(of) });
    TeamEvent::new(agent(who), EventId::new(Uuid::from_u128(record)), at, kind)
}

/// Records, each with its revisions. On whole hours, or at any minute.
fn rosters() -> impl Strategy<Value = Vec<TeamEvent>> {
    let revision = (0_u8..3, -100_i64..500, prop::option::of(0_u8..2), 0_u8..5);
    let records = prop::collection::vec(prop::collection::vec(revision, 1..3), 0..8);
    (records, any::<bool>()).prop_map(|(records, on_hours)| {
        let mut events = Vec::new();
        for (record, revisions) in (0..).zip(records) {
            for (revision, (who, hour, of, odd)) in (0..).zip(revisions) {
                let minute = if on_hours { 0 } else { i64::from(odd) * 7 };
                let at = base() + TimeDelta::hours(hour) + TimeDelta::minutes(minute);
                let event = joined(record, who, at, of).revised(revision);
                let is_withdrawn = revision == 1 && odd == 0;
                let kind = if is_withdrawn { TeamEventKind::Withdrawn } else { event.kind };
                events.push(TeamEvent { kind, ..event });
            }
        }
        events
    })
}

/// In which team somebody was, by looking through the last revisions.
fn model(events: &[TeamEvent], of: AgentId, at: DateTime<Utc>) -> Option<TeamId> {
    let is_last = |event: &&TeamEvent| {
        !events.iter().any(|it| it.id == event.id && it.revision > event.revision)
    };
    let so_far = events
        .iter()
        .filter(is_last)
        .filter(|it| it.agent == of && it.at <= at && it.kind != TeamEventKind::Withdrawn);
    match so_far.max_by_key(|it| (it.at, it.id))?.kind {
        TeamEventKind::Joined { team } => Some(team),
        _ => None,
    }
}

fn value(of: Option<TeamId>) -> DimensionValue {
    of.map_or(DimensionValue::None(Dimension::Team), DimensionValue::Team)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_team_is_what_its_agents_did_while_they_were_in_it(
        events in records(),
        roster in rosters(),
        shuffled in rosters().prop_shuffle(),
        from in 0_i64..200,
        length in 0_i64..400,
    ) {
        let now = base() + TimeDelta::days(25);
        let mut metrics = clean(&events, &[], now);
        let mut without_cells = Metrics::new(metrics.catalog().clone(), Vec::new()).unwrap();
        ingest(&mut without_cells, &events);
        without_cells.advance(now);
        let mut teams = Teams::default();
        roster.iter().rev().for_each(|event| { teams.ingest(event); });
        let from = base() + TimeDelta::hours(from);
        let window = Window::new(from, from + TimeDelta::hours(length)).unwrap();
        let catalog = metrics.catalog().clone();
        let (view, facts) = (metrics.settle().with_teams(&teams), without_cells.settle().with_teams(&teams));

        // Wherever somebody may have changed, and every agent or nobody beside.
        let mut edges: BTreeSet<DateTime<Utc>> = roster.iter().map(|it| it.at).filter(|at| window.contains(*at)).collect();
        edges.extend([window.from(), window.until()]);
        let edges: Vec<_> = edges.into_iter().collect();
        let whom = [Some(agent(0)), Some(agent(1)), Some(agent(2)), None];
        let all = Filter::all();
        for definition in catalog.definitions() {
            let id = definition.id.as_str();
            let by = view.by(Dimension::Team, id, &window, &all);
            prop_assert_eq!(&by, &facts.by(Dimension::Team, id, &window, &all));
            let Ok(by) = by else {
                prop_assert_eq!(by, Err(QueryError::Overlaps(definition.id.clone(), Dimension::Team)));
                continue;
            };
            let mut expected: BTreeMap<DimensionValue, Summary> = BTreeMap::new();
            for stretch in edges.windows(2) {
                let part = Window::new(stretch[0], stretch[1]).unwrap();
                for who in whom {
                    let of = who.and_then(|who| model(&roster, who, stretch[0]));
                    let who = who.map_or(DimensionValue::None(Dimension::Agent), DimensionValue::Agent);
                    let summary = view.summary(id, &part, &Filter::all().on(who)).unwrap();
                    expected.entry(value(of)).or_default().add(&summary);
                }
            }
            expected.retain(|_, summary| *summary != Summary::default());
            let found: Vec<_> = by.rows.iter().map(|row| row.value.clone()).collect();
            prop_assert_eq!(found, expected.keys().cloned().collect::<Vec<_>>(), "{}", id);
            let total = view.report(id, &window, &all).unwrap();
            prop_assert_eq!(&by.total, &total);
            for row in &by.rows {
                let of = Filter::all().on(row.value.clone());
                let summary = view.summary(id, &window, &of).unwrap();
                prop_assert_eq!(&summary, &expected[&row.value], "{} {}", id, row.value);
                prop_assert_eq!(&row.report, &facts.report(id, &window, &of).unwrap());
                let channels = view.by(Dimension::Channel, id, &window, &of).unwrap();
                prop_assert_eq!(&channels, &facts.by(Dimension::Channel, id, &window, &of).unwrap());
                prop_assert_eq!(&channels.total.n, &row.report.n);
                let behind = view.page(&row.report.cursor, 100).unwrap().conversations;
                prop_assert_eq!(behind.is_empty(), summary.values.count() == 0);
            }
        }

        // What counts is the set.
        let of_events = |events: &[TeamEvent]| Teams::from(events.to_vec());
        let mut merged = of_events(&shuffled);
        merged.merge(&teams);
        let mut other_way = teams.clone();
        other_way.merge(&of_events(&shuffled));
        prop_assert_eq!(&merged, &other_way);
        let json = serde_json::to_string(&merged).unwrap();
        let read: Teams = serde_json::from_str(&json).unwrap();
        let bytes = postcard::to_allocvec(&merged).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<Teams>(&bytes).unwrap(), &read);
        for who in 0..3 {
            for at in (-110..510).step_by(13).map(|hour| base() + TimeDelta::hours(hour)) {
                prop_assert_eq!(read.team_of(agent(who), at), other_way.team_of(agent(who), at));
            }
        }
    }
}

#[test]
fn a_conversation_of_two_owners_of_one_team_counts_once_for_it() {
    let mut metrics = engine();
    for (minute, who) in (0..).zip([0, 1, 2, 1]) {
        let kind = EventKind::Assigned { agent: agent(who) };
        let at = base() + TimeDelta::minutes(minute);
        let id = EventId::new(Uuid::from_u128(minute as u128));
        ingest(&mut metrics, [&Event::new(conversation(1), id, at, kind)]);
    }
    let before = base() - TimeDelta::days(1);
    let roster = [(0, 0), (1, 0), (2, 1)];
    let roster = roster.map(|(who, of)| joined(u128::from(who), who, before, Some(of)));
    let teams = Teams::from(roster.to_vec());
    let view = metrics.settle().with_teams(&teams);
    let of = |of: u8| Filter::all().on(DimensionValue::Team(team(of)));
    let rows =
        view.overlapping(Dimension::Team, "test.every_owner", &view.all_time(), &Filter::all());
    let rows: Vec<_> =
        rows.unwrap().rows.iter().map(|row| (row.value.clone(), row.n.get())).collect();
    let of_team = |of| DimensionValue::Team(team(of));
    assert_eq!(rows, [(of_team(0), 1), (of_team(1), 1)]);
    let n = |filter| view.report("test.every_owner", &view.all_time(), &filter).unwrap().n.get();
    assert_eq!([n(of(0)), n(of(1)), n(Filter::all())], [1, 1, 1]);
    let both = of(0).on(DimensionValue::Agent(agent(1)));
    assert_eq!(n(both), 1, "agents are told apart");
}

#[test]
fn a_number_of_march_is_of_those_who_were_there_in_march() {
    let mut metrics = engine();
    for (number, day) in [(1, 1), (2, 15), (3, 20)] {
        let kind = EventKind::Resolved { by: ActorKind::Agent, agent: Some(agent(1)) };
        let id = EventId::new(Uuid::from_u128(number.into()));
        let at = base() + TimeDelta::days(day);
        ingest(&mut metrics, [&Event::new(conversation(number), id, at, kind)]);
    }
    metrics.seal(base() + TimeDelta::days(30));
    let mut teams = Teams::default();
    let n = |metrics: &mut Metrics, teams: &Teams, of: u8| {
        let view = metrics.settle().with_teams(teams);
        let filter = Filter::all().on(DimensionValue::Team(team(of)));
        view.report("kontak.resolutions", &view.all_time(), &filter).unwrap().n.get()
    };
    assert!(teams.ingest(&joined(1, 1, base(), Some(0))));
    assert_eq!(n(&mut metrics, &teams, 0), 3);
    let moved = joined(2, 1, base() + TimeDelta::days(10), Some(1));
    assert!(teams.ingest(&moved) && !teams.ingest(&moved));
    assert_eq!([0, 1].map(|of| n(&mut metrics, &teams, of)), [1, 2]);
    // It was ten days later; no fact has changed, sealed or not.
    assert!(teams.ingest(&TeamEvent { at: base() + TimeDelta::days(18), ..moved }.revised(1)));
    assert_eq!([0, 1].map(|of| n(&mut metrics, &teams, of)), [2, 1]);
    assert!(teams.ingest(&TeamEvent { kind: TeamEventKind::Withdrawn, ..moved }.revised(2)));
    assert_eq!([0, 1].map(|of| n(&mut metrics, &teams, of)), [3, 0]);
    assert!(!teams.ingest(&moved), "an outdated revision says nothing");
    let view = metrics.settle();
    let nobodys =
        view.by(Dimension::Team, "kontak.resolutions", &view.all_time(), &Filter::all()).unwrap();
    assert_eq!(nobodys.rows.len(), 1, "without teams nobody is in one");
    assert_eq!(nobodys.rows[0].value, DimensionValue::None(Dimension::Team));
}

#[test]
fn a_grid_has_no_teams() {
    assert_eq!(Grid::new(&[Dimension::Team], 60), Err(GridError::Team));
}

#[test]
fn the_time_of_a_team_is_that_of_its_agents_while_they_were_in_it() {
    let mut workforce = Workforce::new(TimeShare::presets()).unwrap();
    for (number, who, hour, state) in [
        (1, 0, 0, AgentState::Available),
        (2, 0, 2, AgentState::OnContact),
        (3, 0, 4, AgentState::Offline),
        (4, 1, 0, AgentState::OnContact),
        (5, 1, 1, AgentState::Offline),
    ] {
        let id = EventId::new(Uuid::from_u128(number));
        let at = base() + TimeDelta::hours(hour);
        let event = AgentEvent::new(agent(who), id, at, AgentEventKind::State(state));
        assert_eq!(workforce.ingest(&event), Ok(Ingested::Taken));
    }
    workforce.advance(base() + TimeDelta::hours(6));
    let roster = [
        joined(1, 0, base(), Some(0)),
        joined(2, 0, base() + TimeDelta::hours(3), Some(1)),
        joined(3, 1, base() + TimeDelta::hours(3), Some(1)),
    ];
    let teams = Teams::from(roster.to_vec());
    let window = Window::new(base(), base() + TimeDelta::hours(6)).unwrap();
    let by = workforce.settle().by_team("kontak.occupancy", &window, &teams).unwrap();
    let hours =
        |report: &TimeReport| (report.above / 3_600.0, report.below / 3_600.0, report.agents);
    let rows: Vec<_> = by.rows.iter().map(|row| (row.team, hours(&row.report))).collect();
    let expected =
        [(Some(team(0)), (1.0, 3.0, 1)), (Some(team(1)), (1.0, 1.0, 1)), (None, (1.0, 1.0, 1))];
    assert_eq!(rows, expected);
    assert_eq!(hours(&by.total), (3.0, 5.0, 2));
}
