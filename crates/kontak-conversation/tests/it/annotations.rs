//! What is recorded beside what was said.

use crate::world::{World, agent, touchpoint, uuid, words};
use kontak_content::Content;
use kontak_conversation::chrono::TimeDelta;
use kontak_conversation::label::{Dimension, Label, LabelSource, Labeller, RetailRules, Style};
use kontak_conversation::{
    Actor, Command, Joins, LinkKind, Message, PlacementReason, Policy, Preference,
    PreferenceReason, Priority, Rejected, Role,
};
use kontak_types::{CaseId, ChannelKind, ConversationId, CustomerId, MessageId};

fn clerk() -> Actor {
    Actor::Agent(agent(1))
}

fn rule() -> LabelSource {
    let (rule, set) = ("topic.repair".parse().unwrap(), "shop".parse().unwrap());
    LabelSource::Rule { rule, set, version: 1 }
}

fn topic(world: &World, id: ConversationId) -> Option<&str> {
    let known = world.state.conversation(id).unwrap();
    let standing = known.label(Dimension::Topic, &world.state.policy().labels)?;
    Some(standing.labelling.label.name())
}

#[test]
fn a_later_label_replaces_and_a_rule_does_not_overrule_a_person() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let label = |name: &str, source| {
        let label = Label::topic(name).unwrap();
        Command::Label { conversation: id, label, source }
    };
    let _ = world.run(&Actor::System, label("repair", rule())).unwrap();
    assert_eq!(topic(&world, id), Some("repair"));
    assert_eq!(world.run(&Actor::System, label("repair", rule())), Ok(Vec::new()));
    let _ = world.run(&clerk(), label("invoice", LabelSource::Agent(agent(1)))).unwrap();
    let _ = world.run(&Actor::System, label("delivery", rule())).unwrap();
    assert_eq!(topic(&world, id), Some("invoice"));
    let known = world.state.conversation(id).unwrap();
    assert_eq!(known.labels().len(), 3);
    let standing = known.label(Dimension::Topic, &world.state.policy().labels).unwrap();
    assert_eq!(standing.set_aside.len(), 2, "and both say why");
    assert_eq!(known.label(Dimension::Style, &world.state.policy().labels), None);
}

#[test]
fn what_rules_propose_is_recorded_with_the_message_and_decides_where_it_goes() {
    let mut world = World::new();
    let mut policy = Policy::default();
    policy.default.joins = Joins::Topic;
    let _ = world.run(&Actor::System, Command::SetPolicy(Box::new(policy))).unwrap();
    let labeller = Labeller::new(&[RetailRules::English.rule_set()]).unwrap();
    let mut says = |text: &str| {
        let mut inbound = world.inbound(1, 0, "webchat");
        inbound.message.content = Content::plain(text).unwrap();
        let proposals = labeller.propose(text, Some(&"en".parse().unwrap()));
        inbound.labels = proposals.into_iter().map(|it| (it.label, it.source)).collect();
        world.receive(&inbound).0
    };
    let first = says("How much is the delivery to Bandung?");
    let second = says("I want my money back, please refund me.");
    assert_ne!(first, second);
    assert_ne!(topic(&world, first), topic(&world, second));
    let inbound = world.inbound(1, 0, "webchat");
    assert_eq!(world.state.place(&inbound).reason, PlacementReason::OpenConversation);
    let style = world.state.conversation(second).unwrap().labels();
    assert!(style.iter().any(|it| it.label != Label::from(Style::Formal)));
}

#[test]
fn a_conversation_presses_as_much_as_somebody_says() {
    let mut world = World::new();
    let conversation = world.hears(1, 0, "whatsapp");
    let set = |priority| Command::SetPriority { conversation, priority };
    assert_eq!(world.state.conversation(conversation).unwrap().priority(), Priority::Normal);
    let _ = world.run(&clerk(), set(Priority::Urgent)).unwrap();
    assert_eq!(world.state.conversation(conversation).unwrap().priority(), Priority::Urgent);
    assert_eq!(world.run(&clerk(), set(Priority::Urgent)), Ok(Vec::new()));
    assert!(Priority::Urgent > Priority::Low);
}

#[test]
fn somebody_from_outside_speaks_only_while_they_are_let_in() {
    let mut world = World::new();
    let conversation = world.hears(1, 0, "whatsapp");
    let leg = world.state.legs(conversation).next().unwrap().id;
    let courier = Actor::External("courier".into());
    let says = |world: &mut World, number| {
        let id = MessageId::new(uuid(3, number));
        let content = Content::plain("I am at the door").unwrap();
        let message = Box::new(Message::new(id, courier.clone(), world.now, content));
        world.run(&courier, Command::Say { leg, message }).map(|events| events.len())
    };
    assert_eq!(says(&mut world, 90), Err(Rejected::NotLetIn));
    let (who, supervisor) = (courier.clone(), Actor::Supervisor(agent(5)));
    for who in [who.clone(), supervisor.clone()] {
        let _ = world.run(&clerk(), Command::LetIn { conversation, who }).unwrap();
    }
    assert_eq!(says(&mut world, 91), Ok(2));
    world.pass(1);
    let _ = world.run(&clerk(), Command::Leave { conversation, who }).unwrap();
    assert_eq!(says(&mut world, 92), Err(Rejected::NotLetIn));
    let all = world.state.participants(conversation);
    let roles: Vec<_> = all.iter().map(|one| one.who.role().unwrap()).collect();
    assert_eq!(roles, [Role::External, Role::Supervisor, Role::Customer]);
    assert_eq!(all[0].left, Some(world.now));
    assert_eq!(all[1].left, None);
}

#[test]
fn cases_group_conversations_and_a_conversation_may_be_in_several() {
    let mut world = World::new();
    let (one, other) = (world.hears(1, 0, "whatsapp"), world.hears(2, 0, "whatsapp"));
    let case = |number| CaseId::new(uuid(7, number));
    for number in [1, 2] {
        let open = Command::OpenCase { case: case(number), title: words("recall") };
        let _ = world.run(&clerk(), open.clone()).unwrap();
        assert_eq!(world.run(&clerk(), open), Err(Rejected::IdTaken { what: "case" }));
        let join = Command::JoinCase { case: case(number), conversation: one };
        let _ = world.run(&clerk(), join).unwrap();
    }
    let join = Command::JoinCase { case: case(1), conversation: other };
    let _ = world.run(&clerk(), join.clone()).unwrap();
    assert_eq!(world.run(&clerk(), join), Ok(Vec::new()));
    assert_eq!(world.state.case(case(1)).unwrap().conversations, [one, other]);
    assert_eq!(world.state.cases(one).count(), 2);
    let leave = Command::LeaveCase { case: case(1), conversation: one };
    let _ = world.run(&clerk(), leave).unwrap();
    let _ = world.run(&clerk(), Command::CloseCase(case(1))).unwrap();
    let join = Command::JoinCase { case: case(1), conversation: one };
    assert_eq!(world.run(&clerk(), join), Err(Rejected::CaseClosed(case(1))));
}

#[test]
fn a_link_has_no_direction_and_can_be_taken_back() {
    let mut world = World::new();
    let (one, other) = (world.hears(1, 0, "whatsapp"), world.hears(2, 0, "whatsapp"));
    let before = world.state.snapshot();
    let (kind, itself) =
        (LinkKind::FollowUp, Command::Link { one, other: one, kind: LinkKind::Related });
    let _ = world.run(&clerk(), Command::Link { one, other, kind }).unwrap();
    for (id, linked) in [(one, other), (other, one)] {
        assert_eq!(world.state.links(id).collect::<Vec<_>>(), [(linked, kind)]);
    }
    assert_eq!(world.run(&clerk(), itself), Err(Rejected::Itself));
    let _ = world.run(&clerk(), Command::Unlink { one: other, other: one, kind }).unwrap();
    assert_eq!(world.state.snapshot(), before);
}

#[test]
fn a_channel_is_preferred_because_they_said_so_or_because_they_use_it() {
    let mut world = World::new();
    let customer = CustomerId::from(touchpoint(1, 0));
    for (account, channel) in [(0, "whatsapp"), (0, "whatsapp"), (1, "email")] {
        let _ = world.hears(1, account, channel);
    }
    let preferred = world.state.preferred_channel(customer).unwrap();
    assert_eq!(preferred.value, ChannelKind::WhatsApp);
    assert_eq!(preferred.reason, PreferenceReason::Seen { messages: 2, of: 3 });
    insta::assert_snapshot!(preferred.reason, @"2 of their last 3 messages came so");
    let states = |world: &mut World, preference| {
        world.now += TimeDelta::minutes(1);
        let (touchpoint, message) = (touchpoint(1, 1), None);
        let _ = world
            .run(&clerk(), Command::StatePreference { touchpoint, preference, message })
            .unwrap();
    };
    states(&mut world, Preference::Channel(ChannelKind::Voice));
    states(&mut world, Preference::Channel(ChannelKind::Email));
    states(&mut world, Preference::Language("vi".parse().unwrap()));
    let preferred = world.state.preferred_channel(customer).unwrap();
    assert_eq!(preferred.value, ChannelKind::Email, "the later one");
    insta::assert_snapshot!(preferred.reason.text(&"vi".parse().unwrap()), @"khách đã nói vậy ngày 2026-03-02");
    assert_eq!(world.state.preferred_language(customer).unwrap().value.as_str(), "vi");
    assert_eq!(world.state.stated_preferences(customer).len(), 2);
    // It is the account's: who has the account has it.
    crate::steps::part(&mut world, touchpoint(1, 1));
    assert_eq!(world.state.preferred_channel(customer).unwrap().value, ChannelKind::WhatsApp);
    let theirs = world.state.preferred_channel(CustomerId::from(touchpoint(1, 1))).unwrap();
    assert_eq!(theirs.value, ChannelKind::Email);
}

#[test]
fn reasons_speak_three_languages() {
    let (en, id, vi) = ("en".parse().unwrap(), "id".parse().unwrap(), "vi".parse().unwrap());
    for reason in PlacementReason::ALL {
        let said = [&en, &id, &vi].map(|language| reason.text(language));
        assert!(said.iter().all(|text| text.contains(' ')), "{said:?}");
        assert_eq!(said[0], reason.to_string());
        assert!(said[0] != said[1] && said[1] != said[2]);
        let wire = serde_json::to_string(&reason).unwrap();
        assert_eq!(wire, format!("{:?}", reason.as_str()), "one name");
    }
    assert_eq!(Rejected::NotForThem.text(&"th".parse().unwrap()), Rejected::NotForThem.to_string());
}
