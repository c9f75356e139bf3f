//! Everything is delivered again, later: nothing is other than it was.

use crate::history::{Act, Player, SETTINGS, acts};
use crate::world::{World, sender};
use kontak_conversation::Actor;
use kontak_metrics::Filter;
use kontak_types::{TouchpointId, WorkItemId};
use proptest::prelude::*;
use std::fmt::Write as _;

/// All that there is to see of a tenant, without ids that it made.
pub(crate) fn seen(player: &mut Player) -> String {
    let world = &mut player.world;
    // Numbers are as of the last that was recorded.
    world.hears("mail", sender("mail", "the last"), "the last", "x");
    let mut seen = String::new();
    let all = world.all_conversations();
    let touchpoints: Vec<TouchpointId> = {
        let view = world.tenant.identity();
        view.touchpoints().filter_map(|it| view.touchpoint_id(it)).collect()
    };
    let keys: Vec<_> = {
        let view = world.tenant.identity();
        touchpoints
            .iter()
            .map(|id| {
                let handle = view.touchpoint_by_id(*id);
                let key = handle.and_then(|it| view.touchpoint_key(it));
                let customer = handle.and_then(|it| view.customer_of(it)).map(|it| it.len());
                key.map(|key| (key.scope, key.id, customer))
            })
            .collect()
    };
    let number = |of: TouchpointId| touchpoints.iter().position(|id| *id == of);
    let state = world.tenant.conversations();
    for id in &all {
        let known = state.conversation(*id).unwrap();
        let home = all.iter().position(|other| *other == state.home(*id));
        let at = world.tenant.routing().find(WorkItemId::new(*id.as_uuid()));
        let at = at.map(|at| (at.state, at.agent, at.hold, at.until));
        writeln!(seen, "{home:?} {:?} {:?} {at:?}", known.status, known.agent).unwrap();
        for message in state.messages(*id) {
            let (leg, reason) = message.place.unwrap();
            let leg = number(state.leg(leg).unwrap().touchpoint);
            let author = match message.said.author {
                Actor::Customer(touchpoint) => format!("customer {:?}", number(*touchpoint)),
                other => format!("{other:?}"),
            };
            let reactions = message.reactions().count();
            let content = serde_json::to_string(&message.content()).unwrap();
            let (delivery, at) = (message.delivery(), message.said.at);
            writeln!(
                seen,
                "  {leg:?} {reason:?} {at} {author} {content} {delivery:?} {reactions}",
            )
            .unwrap();
        }
        for promise in state.commitments(*id) {
            writeln!(seen, "  {:?} {}", promise.state, promise.due).unwrap();
        }
    }
    for (touchpoint, key) in touchpoints.iter().zip(keys) {
        let reach = world.tenant.reach(*touchpoint);
        let reach = reach.map(|it| (&it.account, it.window, &it.refused, &it.references));
        writeln!(seen, "{key:?} {reach:?}").unwrap();
    }
    let view = world.tenant.metrics();
    for metric in
        ["kontak.first_contact_resolution", "kontak.repeat_contact", "kontak.first_response"]
    {
        let report = view.report(metric, &view.all_time(), &Filter::all()).unwrap();
        writeln!(seen, "{:?}", report.statistic).unwrap();
    }
    let reconciled = view.reconcile(&view.all_time(), &Filter::all()).unwrap();
    writeln!(seen, "{reconciled:?}").unwrap();
    seen
}

/// Plays a history; what came in comes again, so many acts later.
fn play(acts: &[Act], later: &[(usize, usize)]) -> String {
    let mut player = Player::new(World::new(SETTINGS), "canary");
    let mut due: Vec<(usize, usize)> = Vec::new();
    for (place, act) in acts.iter().enumerate() {
        let before = player.inbound.len();
        player.play(act);
        for (nth, (one, other)) in (before..player.inbound.len()).zip(later.iter().cycle()) {
            due.extend([(place + one, nth), (place + other, nth)]);
        }
        for (_, nth) in due.extract_if(.., |(when, _)| *when <= place) {
            player.again(nth);
        }
    }
    for (_, nth) in due {
        player.again(nth);
    }
    seen(&mut player)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_delivered_again_changes_nothing(
        acts in acts(60),
        later in proptest::collection::vec((0..9_usize, 0..40_usize), 5..20),
    ) {
        // What was said before an erasure, and comes again after the account came anew, is the
        // inbox's to know.
        let acts: Vec<_> = acts.into_iter().filter(|it| !matches!(it, Act::Erase { .. })).collect();
        let (once, twice) = (play(&acts, &[]), play(&acts, &later));
        prop_assert!(once == twice, "{}", differences(&once, &twice));
    }
}

fn differences(one: &str, other: &str) -> String {
    let pairs = one.lines().zip(other.lines()).filter(|(one, other)| one != other);
    let lines = pairs.take(3).map(|(one, other)| format!("\n- {one}\n+ {other}"));
    lines.collect()
}
