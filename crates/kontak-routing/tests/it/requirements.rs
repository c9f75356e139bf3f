//! What an agent must be able to do: text and tree, bits and one by one.

use kontak_routing::{Agent, Centre, Engine, Input, Level, Presence, Queue, Requirement, WorkItem};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, QueueId, WorkItemId};
use proptest::prelude::*;

const SKILLS: [&str; 3] = ["billing", "tech", "vip"];
const LANGUAGES: [&str; 4] = ["id", "en", "en-GB", "vi"];

fn level() -> impl Strategy<Value = Level> {
    (1..=10_u8).prop_map(|level| Level::new(level).unwrap())
}

fn leaf() -> impl Strategy<Value = Requirement> {
    let skill = prop::sample::select(&SKILLS[..]).prop_map(|name| name.parse().unwrap());
    prop_oneof![
        Just(Requirement::Anyone),
        Just(Requirement::Nobody),
        (skill, level(), level()).prop_map(|(skill, a, b)| {
            Requirement::skill(skill).at_least(a.min(b)).at_most(a.max(b))
        }),
        prop::sample::select(&LANGUAGES[..])
            .prop_map(|tag| Requirement::language(tag.parse().unwrap())),
        (0..3_u128).prop_map(|id| Requirement::agent(AgentId::new(Uuid::from_u128(id)))),
    ]
}

fn requirement() -> impl Strategy<Value = Requirement> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Requirement::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Requirement::Any),
            inner.prop_map(|part| Requirement::Not(Box::new(part))),
        ]
    })
}

fn agent() -> impl Strategy<Value = Agent> {
    let skills = prop::collection::btree_map(prop::sample::select(&SKILLS[..]), level(), 0..4);
    let languages = prop::collection::btree_set(prop::sample::select(&LANGUAGES[..]), 0..3);
    (0..3_u128, skills, languages).prop_map(|(id, skills, languages)| {
        let mut agent = Agent::new(AgentId::new(Uuid::from_u128(id))).with_channel("voice", 1);
        for (skill, level) in skills {
            agent = agent.with_skill(skill.parse().unwrap(), level);
        }
        for language in languages {
            agent = agent.with_language(language.parse().unwrap());
        }
        agent
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(requirement in requirement()) {
        let text = requirement.to_string();
        prop_assert_eq!(text.parse::<Requirement>().unwrap(), requirement, "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused_with_its_column(text in "[a-z:>=<.() 0-9-]{0,40}") {
        if let Err(error) = text.parse::<Requirement>() {
            prop_assert!(error.to_string().starts_with("column "));
        }
    }

    #[test]
    fn the_index_admits_whom_the_tree_admits(agents in prop::collection::vec(agent(), 1..4), requirement in requirement()) {
        let mut centre = Centre::default();
        let queue = QueueId::new(Uuid::from_u128(1));
        centre.queues.insert("all".into(), Queue::new(queue, Requirement::Anyone));
        let mut engine = Engine::new(centre).unwrap();
        let now = chrono::DateTime::UNIX_EPOCH;
        for agent in &agents {
            let _ = engine.handle(now, Input::SetAgent(Box::new(agent.clone())));
            let presence = Presence::Available;
            let _ = engine.handle(now, Input::SetPresence { agent: agent.id, presence });
        }
        let item = WorkItemId::new(Uuid::from_u128(9));
        let work = WorkItem::new(item, queue, "voice").with_requirement(requirement.clone());
        let _ = engine.handle(now, Input::Arrive(Box::new(work)));
        // The last word on an agent counts.
        let able = engine.agents().any(|agent| requirement.is_met_by(agent));
        let taken = engine.find(item).is_some_and(|found| found.agent.is_some());
        prop_assert_eq!(able, taken);
        prop_assert_eq!(engine.invariants(), []);
    }
}

#[test]
fn a_requirement_that_branches_too_often_is_refused_and_not_built() {
    let pairs: Vec<String> = (0..12).map(|n| format!("(a{n} or b{n})")).collect();
    let mut centre = Centre::default();
    let wide: Requirement = pairs.join(" and ").parse().unwrap();
    centre.queues.insert("wide".into(), Queue::new(QueueId::new(Uuid::from_u128(1)), wide));
    let error = centre.check().unwrap_err().to_string();
    assert!(error.contains("`wide`") && error.contains("256"), "{error}");
}
