//! What holds after whatever happened.

use crate::history::{Act, Player, SETTINGS, acts};
use crate::world::World;
use kontak_content::Part;
use kontak_conversation::{Actor, Conversation, HandoverState, Status};
use kontak_desk::WhyUnattended;
use kontak_metrics::{Filter, ResidualKind};
use kontak_routing::{ItemState, Where};
use kontak_types::{ConversationId, WorkItemId};
use proptest::prelude::*;

fn player(acts: &[Act]) -> Player {
    let mut player = Player::new(World::new(SETTINGS), "canary");
    for act in acts {
        player.play(act);
    }
    player
}

fn find(world: &World, conversation: ConversationId) -> Option<Where> {
    world.tenant.routing().find(WorkItemId::new(*conversation.as_uuid()))
}

/// Whether the customer wrote last, and somebody has to answer.
fn waits_for_us(world: &World, known: &Conversation) -> bool {
    let state = world.tenant.conversations();
    if !matches!(known.status, Status::New | Status::Open) {
        return false;
    }
    // By our own order: what came late was said before, and still waits.
    let mut said = state.messages(known.id).filter(|message| {
        !message.said.content.is_note()
            && !message.said.content.parts.iter().any(|part| matches!(part, Part::Call(_)))
    });
    let last = said.rfind(|it| !matches!(it.said.author, Actor::Bot(_) | Actor::System));
    // Who was erased waits for nothing.
    last.is_some_and(|last| match last.said.author {
        Actor::Customer(touchpoint) => !world.erased(*touchpoint),
        _ => false,
    })
}

fn assert_served(world: &World) {
    let state = world.tenant.conversations();
    let unattended = world.tenant.unattended();
    for one in &unattended {
        assert_eq!(one.why, WhyUnattended::Abandoned, "{one:?}");
    }
    let unattended: Vec<ConversationId> = unattended.iter().map(|it| it.conversation).collect();
    for id in world.all_conversations() {
        let known = state.conversation(id).unwrap();
        let at = find(world, id);
        if state.home(id) != id || !known.status.is_active() {
            let wraps_up = at.is_some_and(|at| at.state == ItemState::WrapUp);
            assert!(at.is_none() || wraps_up, "{id} is over, and still {at:?}");
            continue;
        }
        let is_listed = unattended.contains(&id);
        assert!(!(is_listed && at.is_some()), "{id} is nobody's, and {at:?}");
        if at.is_none() && matches!(known.status, Status::New | Status::Open) {
            // All routes lead somewhere: who is asked for nobody gave up, or was handled to the end.
            let is_known = is_listed || known.agent.is_some() || state.is_deserted(id);
            assert!(is_known, "{id} waits for us, nobody is asked, and nobody is told");
        }
        if waits_for_us(world, known) && !is_listed {
            assert!(at.is_some(), "{id} waits for us, and nobody is asked");
            assert_ne!(at.unwrap().state, ItemState::Parked, "{id} waits for us, and is parked");
        }
        let Some(at) = at else { continue };
        let is_handed_over = known.handovers().iter().any(|handover| {
            state.handover(*handover).is_some_and(|it| it.state == HandoverState::Offered)
        });
        match at.state {
            ItemState::Waiting | ItemState::Held | ItemState::Offered => {
                // Who hands it over has it until somebody else takes it.
                assert!(known.agent.is_none() || is_handed_over, "{id}: {:?}, {at:?}", known.agent);
            }
            _ => assert_eq!(known.agent, at.agent, "{id}: {at:?}"),
        }
    }
}

fn assert_counted(world: &mut World) {
    let waiting = world.all_conversations().into_iter().filter(|id| {
        use ItemState as State;
        // Who is to be called back has hung up.
        let at = find(world, *id).filter(|at| !at.call_back).map(|at| at.state);
        matches!(at, Some(State::Waiting | State::Held | State::Offered))
    });
    let waiting = waiting.count() as u64;
    let view = world.tenant.metrics();
    let reconciled = view.reconcile(&view.all_time(), &Filter::all()).unwrap();
    assert!(reconciled.holds(), "{reconciled:?}");
    let still = reconciled.cohort.iter().find(|it| it.kind == ResidualKind::StillWaiting).unwrap();
    assert_eq!(still.count.get(), waiting, "{reconciled:?}");
}

fn assert_sound(world: &mut World) {
    assert_eq!(world.tenant.routing().invariants(), []);
    assert_served(world);
    assert_counted(world);
    world.assert_replays();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_tenant_is_sound(acts in acts(70)) {
        assert_sound(&mut player(&acts).world);
    }
}
