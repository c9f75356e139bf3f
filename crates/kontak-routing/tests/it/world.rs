//! A centre for tests: few words for what happens, and a clock that is turned by hand.

use chrono::{DateTime, TimeDelta, Utc};
use kontak_routing::{
    Agent, Centre, Decision, Engine, Input, Level, Presence, Token, Where, WorkItem,
};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, QueueId, WorkItemId};

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) now: DateTime<Utc>,
}

pub(crate) fn agent(number: u128) -> AgentId {
    AgentId::new(Uuid::from_u128(1_000 + number))
}

pub(crate) fn item(number: u128) -> WorkItemId {
    WorkItemId::new(Uuid::from_u128(2_000 + number))
}

impl World {
    /// These rules, on a Monday at 09:00 in Jakarta.
    pub(crate) fn new(rules: &str) -> Self {
        let centre: Centre = toml::from_str(rules).unwrap();
        let engine = Engine::new(centre.with_numbered_queues()).unwrap();
        let mut world = Self { engine, now: "2026-03-02T09:00:00+07:00".parse().unwrap() };
        // Rules are measured by the first instant that the engine is told.
        world.tell(Input::Timeout);
        world
    }

    pub(crate) fn queue(&self, name: &str) -> QueueId {
        self.engine.centre().queues[name].id
    }

    /// What follows is checked after every input.
    pub(crate) fn tell(&mut self, input: Input) -> Vec<Decision> {
        let text = format!("{input:?}");
        let decisions = self.engine.handle(self.now, input);
        assert_eq!(self.engine.invariants(), [], "{text}");
        decisions
    }

    /// Time passes, deadline by deadline.
    pub(crate) fn wait(&mut self, seconds: i64) -> Vec<Decision> {
        let until = self.now + TimeDelta::seconds(seconds);
        let mut decisions = Vec::new();
        while let Some(at) = self.engine.next_deadline().filter(|at| *at <= until) {
            self.now = at;
            decisions.extend(self.tell(Input::Timeout));
        }
        self.now = until;
        decisions
    }

    /// Somebody with these skills, at level 5, on voice once and on webchat five times.
    pub(crate) fn hire(&mut self, number: u128, skills: &[&str]) -> AgentId {
        let mut of = Agent::new(agent(number)).with_channel("voice", 1).with_channel("webchat", 5);
        for skill in skills {
            of = of.with_skill(skill.parse().unwrap(), Level::new(5).unwrap());
        }
        of = of.with_channel("email", 2);
        self.tell(Input::SetAgent(Box::new(of)));
        agent(number)
    }

    pub(crate) fn comes(&mut self, number: u128, skills: &[&str]) -> Vec<Decision> {
        let agent = self.hire(number, skills);
        self.is(agent, Presence::Available)
    }

    pub(crate) fn is(&mut self, agent: AgentId, presence: Presence) -> Vec<Decision> {
        self.tell(Input::SetPresence { agent, presence })
    }

    pub(crate) fn work(&self, number: u128, queue: &str, channel: &str) -> WorkItem {
        WorkItem::new(item(number), self.queue(queue), channel)
    }

    pub(crate) fn arrives(&mut self, number: u128, queue: &str, channel: &str) -> Vec<Decision> {
        let work = self.work(number, queue, channel);
        self.tell(Input::Arrive(Box::new(work)))
    }

    pub(crate) fn at(&self, number: u128) -> Where {
        self.engine.find(item(number)).unwrap()
    }

    /// Who has it, or is asked.
    pub(crate) fn holder(&self, number: u128) -> Option<AgentId> {
        self.engine.find(item(number)).and_then(|found| found.agent)
    }

    pub(crate) fn token(&self, number: u128) -> Token {
        self.at(number).offer.unwrap()
    }

    pub(crate) fn accept(&mut self, number: u128) -> Vec<Decision> {
        let token = self.token(number);
        self.tell(Input::Accept { item: item(number), token })
    }

    pub(crate) fn complete(&mut self, number: u128) -> Vec<Decision> {
        self.tell(Input::Complete { item: item(number) })
    }
}

pub(crate) fn refused(decisions: &[Decision]) -> bool {
    decisions.iter().any(|decision| matches!(decision, Decision::Refused(_)))
}
