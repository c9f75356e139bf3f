//! A centre with everything in it, and what may happen there.

use crate::simulate::Random;
use crate::{
    Agent, Centre, Decision, Engine, Input, ItemState, Leaving, Level, Preference, Presence,
    Requirement, Tie, Token, TransferMode, TransferTarget, WorkItem,
};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_types::{AgentId, QueueId, WorkItemId, uuid::Uuid};
use std::collections::VecDeque;

pub(super) const AGENTS: u32 = 24;
const SKILLS: [&str; 5] = ["billing", "returns", "tech", "sales", "vip"];
const LANGUAGES: [&str; 3] = ["id", "vi", "en"];
const CHANNELS: [&str; 4] = ["voice", "webchat", "email", "instagram"];
const QUEUES: u32 = 8;

const CENTRE: &str = r#"
[channels]
voice = { exclusive = true, units = 60 }
webchat = { units = 20 }
instagram = { units = 34 }
email = { units = 50, interruptible = true }
[presence]
lease_seconds = 90
keep_work_seconds = 30
missed_offers = 2
damper = { for_seconds = 120, gap_seconds = 10 }
[transfers]
wait_for_named_seconds = 40
most_hops = 4
[calendars.office]
zone = "Asia/Jakarta"
[calendars.office.weekly]
thursday = ["00:00-00:30", "00:45-02:00"]
friday = ["00:00-24:00"]
[queues.a_plain]
requirement = "billing"
offer.timeout_seconds = 15
[queues.b_ageing]
requirement = "returns or tech >= 3"
order.ageing.slope = 4
strategy = "spare_capacity"
promote_after_seconds = 600
steps = [
  { after_seconds = 30, change.lower_by = 1 },
  { after_seconds = 60, change.drop = ["tech"] },
]
[queues.c_deadline]
requirement = "sales and not vip"
order.deadline.horizon_seconds = 300
strategy = "weighted_round_robin"
offer = { timeout_seconds = 10, remember_declined_seconds = 60 }
continuity = { wait_seconds = 20, wait_absent_seconds = 5 }
[queues.d_cost]
requirement = "vip"
priority = 1
order.cost.per_hour = 30
promote_after_seconds = 300
wrap_up_seconds = 12
steps = [{ after_seconds = 90, change = "anyone", at_once_if_nobody = true }]
[queues.e_batch]
requirement = "tech"
batch_millis = 400
strategy = "least_occupied"
[queues.f_bot]
requirement = "anyone"
bot_seconds = 25
most_waiting = 20
overflow.to = "a_plain"
order.arrival.head_start_seconds = 45
[queues.g_office]
hours = "office"
finish_before_close = true
expected_seconds = 120
when_closed = "wait"
offer.timeout_seconds = 20
[queues.h_widening]
requirement = "vip and sales >= 8"
overflow = { to = "f_bot", after_seconds = 200 }
steps = [{ after_seconds = 20, change.widen_to = "a_plain" }, { after_seconds = 40, change.widen = "language:id" }]
"#;

pub(super) fn centre() -> Centre {
    toml::from_str::<Centre>(CENTRE).unwrap().with_numbered_queues()
}

pub(super) fn agent_id(number: u32) -> AgentId {
    AgentId::new(Uuid::from_u128(1_000 + u128::from(number)))
}

fn queue_id(number: u32) -> QueueId {
    QueueId::new(Uuid::from_u128(1 + u128::from(number)))
}

/// What comes at random, good and bad.
pub(super) struct World {
    random: Random,
    pub(super) now: DateTime<Utc>,
    next: u128,
    /// The last contacts, those that are over among them.
    recent: VecDeque<WorkItemId>,
    /// The last offers, those that are over among them.
    offers: VecDeque<(WorkItemId, Token)>,
    sent: VecDeque<Input>,
    burst: u32,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            // Shortly before the office in Jakarta opens on a Thursday.
            now: "2026-03-04T16:50:00Z".parse().unwrap(),
            next: 1 << 40,
            recent: VecDeque::new(),
            offers: VecDeque::new(),
            sent: VecDeque::new(),
            burst: 0,
        }
    }

    pub(super) fn heard(&mut self, decisions: &[Decision]) {
        for decision in decisions {
            if let Decision::Offer { item, token, .. } = decision {
                self.offers.push_front((*item, *token));
                self.offers.truncate(60);
            }
        }
    }

    fn agent(&mut self) -> Agent {
        let number = self.random.below(AGENTS);
        let mut agent = Agent::new(agent_id(number)).with_weight(1 + number as u16 % 3);
        for skill in SKILLS {
            if self.random.chance(0.45) {
                let level = Level::new(1 + self.random.below(10) as u8).unwrap();
                agent = agent.with_skill(skill.parse().unwrap(), level);
            }
        }
        for language in LANGUAGES {
            if self.random.chance(0.6) {
                agent = agent.with_language(language.parse().unwrap());
            }
        }
        for (channel, most) in CHANNELS.into_iter().zip([1, 3, 2, 3]) {
            if self.random.chance(0.75) {
                agent = agent.with_channel(channel, most);
            }
        }
        if self.random.chance(0.1) { agent.with_shift("office") } else { agent }
    }

    fn work(&mut self, id: WorkItemId) -> WorkItem {
        let channel = CHANNELS[self.random.below(4) as usize];
        let mut item = WorkItem::new(id, queue_id(self.random.below(QUEUES)), channel);
        if self.random.chance(0.5) {
            let language = LANGUAGES[self.random.below(3) as usize].parse().unwrap();
            item = item.with_requirement(Requirement::language(language));
        }
        if self.random.chance(0.05) {
            let excluded = !Requirement::agent(agent_id(self.random.below(AGENTS)));
            item = item.with_requirement(excluded);
        }
        if self.random.chance(0.1) {
            item = item.with_priority(self.random.below(3) as i32 - 1);
        }
        if self.random.chance(0.3) {
            item = item.due(self.now + TimeDelta::seconds(i64::from(self.random.below(400)) - 50));
        }
        if self.random.chance(0.2) {
            let agent = agent_id(self.random.below(AGENTS));
            let tie = Tie::ALL[self.random.below(3) as usize];
            let score = self.random.below(100) as u16;
            item = item.preferring(Preference::new(agent, tie, score));
        }
        item
    }

    fn recent(&mut self) -> WorkItemId {
        let at = self.random.below(self.recent.len() as u32) as usize;
        self.recent.get(at).copied().unwrap_or(WorkItemId::new(Uuid::nil()))
    }

    fn fresh(&mut self) -> WorkItemId {
        self.next += 1;
        let id = WorkItemId::new(Uuid::from_u128(self.next));
        self.recent.push_front(id);
        self.recent.truncate(250);
        id
    }

    /// Something that happens next, and when. Sometimes late, twice, or by somebody's mistake.
    pub(super) fn next(&mut self, engine: &Engine) -> (DateTime<Utc>, Input) {
        if self.random.chance(0.03)
            && let Some(again) = {
                let at = self.random.below(self.sent.len() as u32) as usize;
                self.sent.get(at).cloned()
            }
        {
            return (self.now, again);
        }
        if self.burst > 0 {
            self.burst -= 1;
        } else {
            let step = match self.random.below(4) {
                0 => 0,
                1 => self.random.below(300_000),
                2 => self.random.below(2_000_000),
                _ => self.random.below(5_000_000),
            };
            self.now += TimeDelta::microseconds(i64::from(step));
        }
        let input = self.input(engine);
        self.sent.push_front(input.clone());
        self.sent.truncate(40);
        // A clock that lags.
        let lag = if self.random.chance(0.05) { self.random.below(3_000_000) } else { 0 };
        (self.now - TimeDelta::microseconds(i64::from(lag)), input)
    }

    fn input(&mut self, engine: &Engine) -> Input {
        let crowded = engine.waiting() > 120;
        match self.random.below(100) {
            0..=25 if !crowded => {
                if self.random.chance(0.01) {
                    self.burst = 30;
                }
                let id = self.fresh();
                Input::Arrive(Box::new(self.work(id)))
            }
            0..=30 => {
                let item = self.recent();
                let how = [Leaving::Abandoned, Leaving::FlowOut, Leaving::Resolved];
                Input::Leave { item, how: how[self.random.below(3) as usize] }
            }
            31..=44 => match self.offer() {
                Some((item, token)) if self.random.chance(0.8) => Input::Accept { item, token },
                Some((item, token)) => Input::Decline { item, token },
                None => Input::Timeout,
            },
            45..=66 => self.on_work(engine),
            67..=76 => {
                let presence = match self.random.below(10) {
                    0 => Presence::Offline,
                    1 => Presence::Break,
                    _ => Presence::Available,
                };
                Input::SetPresence { agent: agent_id(self.random.below(AGENTS)), presence }
            }
            77..=84 => Input::Heartbeat { agent: agent_id(self.random.below(AGENTS)) },
            85 => Input::Crash { agent: agent_id(self.random.below(AGENTS)) },
            86 => Input::SetAgent(Box::new(self.agent())),
            87 if self.random.chance(0.05) => {
                Input::RemoveAgent(agent_id(self.random.below(AGENTS)))
            }
            87..=88 => {
                let id = self.recent();
                Input::Revise(Box::new(self.work(id)))
            }
            89 => Input::BotDone { item: self.recent() },
            90 => {
                let in_a_while = self.now + TimeDelta::seconds(i64::from(self.random.below(60)));
                let not_before = self.random.chance(0.5).then_some(in_a_while);
                Input::CallBack { item: self.recent(), not_before }
            }
            91 if self.random.chance(0.3) => {
                // One that waits or is in hand is refused.
                let id = if self.random.chance(0.7) { self.fresh() } else { self.recent() };
                let (work, agent) = (Box::new(self.work(id)), agent_id(self.random.below(AGENTS)));
                Input::Give { work, agent, by: agent_id(9_999) }
            }
            91 => {
                let (item, agent) = (self.recent(), agent_id(self.random.below(AGENTS)));
                Input::Assign { item, agent, by: agent_id(9_999) }
            }
            92 => Input::Unpark { item: self.recent() },
            _ => Input::Timeout,
        }
    }

    fn offer(&mut self) -> Option<(WorkItemId, Token)> {
        let most = (self.offers.len() as u32).min(if self.random.chance(0.8) { 8 } else { 60 });
        self.offers.get(self.random.below(most) as usize).copied()
    }

    /// Something an agent does with what they have.
    fn on_work(&mut self, engine: &Engine) -> Input {
        let agent = agent_id(self.random.below(AGENTS));
        let work = engine.work_of(agent);
        let Some(item) = work.get(self.random.below(work.len() as u32) as usize).copied() else {
            return Input::Heartbeat { agent };
        };
        if engine.find(item).is_some_and(|found| found.state == ItemState::WrapUp) {
            return Input::WrapUpDone { item };
        }
        match self.random.below(10) {
            0 => Input::Park { item },
            1 | 2 => {
                let to = match self.random.chance(0.6) {
                    true => TransferTarget::Queue(queue_id(self.random.below(QUEUES))),
                    false => TransferTarget::Agent(agent_id(self.random.below(AGENTS))),
                };
                let mode = match self.random.below(3) {
                    0 => TransferMode::Warm,
                    1 => TransferMode::Consult { with: self.fresh() },
                    _ => TransferMode::Cold,
                };
                Input::Transfer { item, to, mode, may_return: false }
            }
            _ => Input::Complete { item },
        }
    }

    /// The agents, before anything happens.
    pub(super) fn opening(&mut self) -> Vec<Input> {
        (0..AGENTS)
            .map(|number| {
                let mut agent = self.agent();
                agent.id = agent_id(number);
                Input::SetAgent(Box::new(agent))
            })
            .collect()
    }
}
