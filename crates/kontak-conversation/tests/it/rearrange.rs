//! Merges and splits, and that undoing them leaves nothing behind.

use crate::steps::{Step, accounts, at, merge_customers, part, rearranging, shops, steps, take};
use crate::world::{World, agent, canary, native, touchpoint, uuid, words};
use kontak_conversation::rearrange::SplitBy;
use kontak_conversation::vcon::{Vcon, VconExport, VconReader};
use kontak_conversation::{
    Actor, Command, EventBody, HandoverId, HandoverKind, HandoverTarget, JourneyFilter, LegId,
    LinkKind, PlacementReason, Rejected, Status, StepKind,
};
use kontak_types::{ConversationId, CustomerId};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;

fn clerk() -> Actor {
    Actor::Agent(agent(1))
}

/// All that can be seen of a customer, as text.
fn seen(world: &World, customer: CustomerId) -> String {
    let mut text = String::new();
    let state = &world.state;
    for conversation in state.of_customer(customer) {
        let id = conversation.id;
        let json = |value: &dyn erased::Json| value.json();
        writeln!(text, "conversation {}", json(conversation)).unwrap();
        for message in state.messages(id) {
            let answered = message.answers().and_then(|message| message.content());
            writeln!(
                text,
                "message {} {:?} {} {}",
                message.said.id,
                message.place,
                message.content().map_or_else(String::new, |content| json(content)),
                answered.map_or_else(String::new, |content| json(content)),
            )
            .unwrap();
        }
        for promise in state.commitments(id) {
            writeln!(text, "promise {}", json(promise)).unwrap();
        }
        for handover in conversation.handovers() {
            writeln!(text, "handed {}", json(&state.handed(*handover).unwrap())).unwrap();
        }
        writeln!(text, "brief {}", json(&state.brief(id, None).unwrap())).unwrap();
        for answer in conversation.answers() {
            let known = conversation.already_answered(&answer.question).unwrap();
            writeln!(text, "answered {}", json(known)).unwrap();
        }
        writeln!(text, "participants {:?}", state.participants(id)).unwrap();
        let links: Vec<_> = state.links(id).filter(|it| it.1 != LinkKind::SameCustomer).collect();
        writeln!(text, "links {links:?}").unwrap();
        for case in state.cases(id) {
            writeln!(text, "case {}", json(case)).unwrap();
        }
        for reader in [VconReader::Ours, VconReader::Customer] {
            let export = VconExport::new(Vcon::id_of(world.now, 1, "toko.example"), world.now);
            let vcon = state.vcon(id, &export.with_reader(reader)).unwrap();
            writeln!(text, "vcon {}", vcon.write().unwrap()).unwrap();
        }
    }
    for step in state.journey(customer, &JourneyFilter::default(), None, usize::MAX) {
        let words = match step.kind {
            StepKind::Message(id) => state.message(id).and_then(|message| message.content()),
            _ => None,
        };
        let words = words.map_or_else(String::new, |content| content.plain_text().into_owned());
        writeln!(text, "step {step:?} {words}").unwrap();
    }
    for hit in state.search(customer, "canary") {
        writeln!(text, "hit {} {}", hit.said.id, hit.content().unwrap().plain_text()).unwrap();
    }
    writeln!(text, "{:?}", state.preferred_channel(customer)).unwrap();
    text
}

mod erased {
    pub(super) trait Json {
        fn json(&self) -> String;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string(self).unwrap()
        }
    }
}

fn customers(world: &World) -> BTreeSet<CustomerId> {
    accounts().map(|account| world.owner(account)).collect()
}

fn all_seen(world: &World) -> Vec<String> {
    let all: BTreeSet<CustomerId> =
        customers(world).into_iter().chain(accounts().map(CustomerId::from)).collect();
    all.into_iter().map(|customer| seen(world, customer)).collect()
}

/// Where every message stands: its conversation and its leg.
fn places(world: &World) -> Vec<(kontak_types::MessageId, ConversationId, LegId)> {
    let mut all = Vec::new();
    for id in world.conversations() {
        for message in world.state.messages(id) {
            all.push((message.said.id, id, message.place.unwrap().0));
        }
    }
    all.sort();
    all
}

/// People go on writing, and answering, and promising.
fn goes_on() -> impl Strategy<Value = Vec<Step>> {
    let talk = |step: &Step| {
        matches!(
            step,
            Step::Writes { .. }
                | Step::Says { .. }
                | Step::Reports { .. }
                | Step::Promises(..)
                | Step::Answers(..)
        )
    };
    vec(steps().prop_filter("talk", talk), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn merge_then_unmerge_is_the_identity(world in shops(), from in 0..12_usize, into in 0..12_usize) {
        let (mut world, before) = (world.clone(), world);
        let (Some(from), Some(into)) = (at(&world, from), at(&world, into)) else { return Ok(()) };
        if world.run(&clerk(), Command::Merge { from, into }).is_err() {
            prop_assert_eq!(&world.state.snapshot(), &before.state.snapshot());
            return Ok(());
        }
        prop_assert_eq!(world.state.home(from), into);
        prop_assert!(world.state.messages(from).next().is_none());
        let _ = world.run(&clerk(), Command::Unmerge(from)).unwrap();
        prop_assert_eq!(&world.state.snapshot(), &before.state.snapshot());
        prop_assert_eq!(all_seen(&world), all_seen(&before));
    }

    #[test]
    fn unmerge_after_later_messages_gives_each_leg_its_own(
        world in shops(), from in 0..12_usize, into in 0..12_usize, later in goes_on(),
    ) {
        let mut world = world;
        let (Some(from), Some(into)) = (at(&world, from), at(&world, into)) else { return Ok(()) };
        let before = places(&world);
        let legs: Vec<LegId> = world.state.legs(from).map(|leg| leg.id).collect();
        if world.run(&clerk(), Command::Merge { from, into }).is_err() {
            return Ok(());
        }
        later.iter().for_each(|step| take(&mut world, step));
        if let Err(why) = world.run(&clerk(), Command::Unmerge(from)) {
            panic!("{why}");
        }
        let after = places(&world);
        prop_assert!(before.iter().all(|place| after.contains(place)));
        for (_, home, leg) in &after {
            let goes_back = legs.contains(leg);
            prop_assert!(!goes_back || *home == from, "what was said on its legs is there");
            prop_assert!(goes_back || *home != from, "and nothing else");
        }
        for (home, other) in [(from, into), (into, from)] {
            for promise in world.state.commitments(home) {
                let said_in = promise.message.and_then(|it| world.state.message(it)?.place);
                let stands_in = said_in.map(|(leg, _)| world.state.leg(leg).unwrap().conversation);
                prop_assert_ne!(stands_in, Some(other));
            }
        }
    }

    #[test]
    fn split_then_unsplit_is_the_identity(world in shops(), place in 0..12_usize, by in 0..8_u8) {
        let (mut world, before) = (world.clone(), world);
        take(&mut world, &Step::Splits(place, by));
        let split = world.events[before.events.len()..].iter().find_map(|event| match &event.body {
            EventBody::ConversationSplit { into, .. } => Some(*into),
            _ => None,
        });
        let Some(part) = split else { return Ok(()) };
        prop_assert!(world.state.messages(part).next().is_some() || by % 2 == 0);
        if world.run(&clerk(), Command::Unsplit(part)).is_err() {
            // A legal hold stands against it, as it does against a merge.
            prop_assert!(!world.state.conversation(part).unwrap().matters().is_empty());
            return Ok(());
        }
        prop_assert_eq!(all_seen(&world), all_seen(&before));
        prop_assert_eq!(world.state.next_deadline(), before.state.next_deadline());
    }

    #[test]
    fn unsplit_after_later_messages_brings_all_of_it_back(
        world in shops(), place in 0..12_usize, by in 0..8_u8, later in goes_on(),
    ) {
        let mut world = world;
        let begun = world.events.len();
        let before = places(&world);
        take(&mut world, &Step::Splits(place, by));
        let split = world.events[begun..].iter().find_map(|event| match &event.body {
            EventBody::ConversationSplit { from, into, .. } => Some((*from, *into)),
            _ => None,
        });
        let Some((whole, part)) = split else { return Ok(()) };
        later.iter().for_each(|step| take(&mut world, step));
        let in_both = [whole, part].map(|id| world.state.messages(id).count()).iter().sum::<usize>();
        if world.run(&clerk(), Command::Unsplit(part)).is_err() {
            return Ok(());
        }
        let after = places(&world);
        prop_assert!(before.iter().all(|place| after.contains(place)));
        prop_assert_eq!(world.state.messages(whole).count(), in_both);
        prop_assert_eq!(world.state.messages(part).count(), 0);
    }

    #[test]
    fn customers_merged_then_parted_are_as_before(world in shops()) {
        let mut world = world;
        let (one, other) = (touchpoint(1, 0), touchpoint(2, 0));
        let theirs: Vec<_> = accounts().filter(|it| world.owner(*it) == world.owner(other)).collect();
        if theirs != [other] || world.owner(one) == world.owner(other)
            || world.owner(other) != CustomerId::from(other) {
            return Ok(());
        }
        let before = world.clone();
        merge_customers(&mut world, one, other);
        part(&mut world, other);
        prop_assert_eq!(all_seen(&world), all_seen(&before));
    }

    /// However accounts were taken for one person's and conversations rearranged in between: once
    /// they are apart, nobody sees a word of another.
    #[test]
    fn after_an_unmerge_nobody_sees_a_word_of_another(
        world in shops(), more in vec(prop_oneof![rearranging(), steps()], 0..20),
    ) {
        let mut world = world;
        let all: Vec<_> = accounts().collect();
        merge_customers(&mut world, all[0], all[2]);
        merge_customers(&mut world, all[0], all[4]);
        more.iter().for_each(|step| take(&mut world, step));
        for account in &all {
            part(&mut world, *account);
        }
        for customer in customers(&world) {
            let text = seen(&world, customer);
            for account in &all {
                let is_theirs = world.owner(*account) == customer;
                prop_assert!(is_theirs || !text.contains(&canary(*account)), "{}", text);
            }
        }
    }

    #[test]
    fn a_shop_comes_back_from_its_snapshot(world in shops()) {
        let snapshot = world.state.snapshot();
        let bytes = postcard::to_allocvec(&snapshot).unwrap();
        let json = serde_json::to_string(&snapshot).unwrap();
        let back = kontak_conversation::Conversations::restore(postcard::from_bytes(&bytes).unwrap());
        let back = back.unwrap();
        prop_assert_eq!(&serde_json::from_str::<kontak_conversation::Snapshot>(&json).unwrap(), &snapshot);
        prop_assert_eq!(back.next_deadline(), world.state.next_deadline());
        prop_assert_eq!(back.handle_timeout(world.now), world.state.handle_timeout(world.now));
        prop_assert_eq!(back.snapshot(), snapshot);
    }
}

/// zammad#983, frappe/helpdesk#2539: a reply to a ticket that was merged brings the dead one back.
#[test]
fn a_reply_to_what_was_merged_goes_where_it_was_merged_into() {
    let mut world = World::new();
    let mut policy = kontak_conversation::Policy::default();
    policy.default.joins = kontak_conversation::Joins::Touchpoint;
    let _ = world.run(&Actor::System, Command::SetPolicy(Box::new(policy))).unwrap();
    let mail = world.inbound(1, 0, "email");
    let (from, _) = world.receive(&mail);
    let into = world.hears(1, 1, "whatsapp");
    assert_ne!(from, into);
    let _ = world.run(&clerk(), Command::Merge { from, into }).unwrap();
    let mut reply = world.inbound(1, 0, "email");
    reply.message.answers = mail.message.native;
    reply.token = Some(from);
    assert_eq!(world.receive(&reply).0, into);
    assert_eq!(world.state.of_customer(reply.customer).count(), 1);
    let set = Command::SetStatus { conversation: from, to: Status::Resolved };
    assert_eq!(world.run(&clerk(), set), Err(Rejected::Absorbed { into }));
    // osTicket#5325: and it can be undone; the reply goes with its leg.
    let _ = world.run(&clerk(), Command::Unmerge(from)).unwrap();
    assert_eq!(world.state.messages(from).count(), 2);
    assert_eq!(world.state.conversation(from).unwrap().status, Status::New);
}

/// chatwoot#4728: conversations of different people end up as one.
#[test]
fn conversations_of_different_customers_are_not_merged() {
    let mut world = World::new();
    let (from, into) = (world.hears(1, 0, "email"), world.hears(2, 0, "email"));
    let merge = Command::Merge { from, into };
    assert_eq!(world.run(&clerk(), merge), Err(Rejected::OtherCustomer));
}

/// chatwoot#15869: a new subject in a reply is swallowed under the old one.
#[test]
fn a_reply_under_another_subject_is_seen_and_can_be_split_off() {
    let mut world = World::new();
    let mut mail = world.inbound(1, 0, "email");
    mail.message.content = mail.message.content.with_subject(words("Broken air conditioner"));
    let (id, first) = world.receive(&mail);
    let mut reply = |subject: &str| {
        let mut reply = world.inbound(1, 0, "email");
        reply.message.answers = mail.message.native;
        reply.message.content = reply.message.content.with_subject(words(subject));
        world.receive(&reply)
    };
    let (same, again) = reply("Re: Broken air conditioner");
    let (_, other) = reply("Invoice 77 is wrong");
    assert_eq!(same, id);
    assert!(!world.state.changes_subject(first) && !world.state.changes_subject(again));
    assert!(world.state.changes_subject(other));
    let (new, new_leg) = (ConversationId::new(uuid(2, 90)), LegId::new(uuid(4, 90)));
    let by = SplitBy::From { message: other, new_leg };
    let _ = world.run(&clerk(), Command::Split { conversation: id, new, by }).unwrap();
    assert_eq!((world.state.messages(id).count(), world.state.messages(new).count()), (2, 1));
    // Whoever answers that goes there, and whoever answers the old one stays.
    let mut answer = world.inbound(1, 0, "email");
    answer.message.answers = world.state.message(other).unwrap().said.native;
    assert_eq!(world.receive(&answer).0, new);
    let mut answer = world.inbound(1, 0, "email");
    answer.message.answers = mail.message.native;
    assert_eq!(world.state.place(&answer).conversation, Some(id));
}

#[test]
fn when_customers_part_notes_and_briefs_stay_with_the_opener_and_the_other_is_flagged() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let (one, other) = (touchpoint(1, 0), touchpoint(1, 1));
    assert_eq!(world.hears(1, 1, "voice"), id);
    take(&mut world, &Step::Answers(0, 1));
    let message = world.state.messages(id).last().unwrap().said.id;
    let offer = Command::OfferHandover {
        handover: HandoverId::new(uuid(6, 1)),
        conversation: id,
        to: HandoverTarget::Agent(agent(2)),
        kind: HandoverKind::Cold,
        wants: Some(words("the air conditioner repaired")),
    };
    let _ = world.run(&clerk(), offer).unwrap();
    assert_eq!(world.state.handed(HandoverId::new(uuid(6, 1))).unwrap().answers.len(), 1);
    part(&mut world, other);
    let theirs = CustomerId::from(other);
    let new = world.state.of_customer(theirs).next().unwrap();
    assert!(new.review().is_some() && new.handovers().is_empty());
    assert_eq!((new.answers().len(), world.state.home(new.id)), (1, new.id));
    let brief = world.state.handed(HandoverId::new(uuid(6, 1))).unwrap();
    assert_eq!((brief.answers.len(), brief.reply_on), (0, None));
    assert_eq!(
        world.state.message(message).unwrap().place.unwrap().1,
        Some(PlacementReason::OpenConversation)
    );
    let (new, flagged) = (new.id, Command::Review(new.id));
    let _ = world.run(&clerk(), flagged).unwrap();
    assert!(world.state.conversation(new).unwrap().review().is_none());
    // One person after all: nothing is merged, and the split can be taken back.
    assert_eq!(world.run(&clerk(), Command::Unsplit(new)), Err(Rejected::OtherCustomer));
    merge_customers(&mut world, one, other);
    assert_eq!(world.state.links(new).collect::<Vec<_>>(), [(id, LinkKind::SameCustomer)]);
    let _ = world.run(&clerk(), Command::Unsplit(new)).unwrap();
    assert_eq!(world.state.of_customer(CustomerId::from(one)).count(), 1);
    assert_eq!(world.state.handed(HandoverId::new(uuid(6, 1))).unwrap().answers.len(), 1);
    assert!(world.state.messages(id).all(|message| message.said.native != Some(native(0))));
}
