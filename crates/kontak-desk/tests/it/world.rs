//! A small shop with its own clock: what came in, and what follows.

use kontak_channel::address::PhoneNumber;
use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::content::Content;
use kontak_channel::{
    DedupeKey, Envelope, EnvelopeKind, InboundMessage, MemoryChannel, ProviderId, Sender,
};
use kontak_conversation::EventBody;
use kontak_desk::{
    Accounts, IdentityRecord, Notice, Record, Settings, Step, Tenant, Touched, Work,
};
use kontak_routing::{Agent, Presence};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, TouchpointId, TouchpointKey};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) const SECRET: [u8; 16] = *b"sixteen secret b";

pub(crate) const SETTINGS: &str = "
    routes = [{ queue = 'care' }]
    [centre.queues.care]
    order.deadline.horizon_seconds = 86400
    [[conversation.sla.targets]]
    id = 'answer'
    measure = 'first_response'
    within = '15m'
";

pub(crate) struct World {
    pub(crate) tenant: Tenant,
    pub(crate) accounts: Accounts,
    pub(crate) work: Work,
    pub(crate) now: DateTime<Utc>,
    pub(crate) secret: [u8; 16],
    next: u128,
    /// What was evicted.
    pub(crate) elsewhere: BTreeMap<ConversationId, Vec<u8>>,
}

impl World {
    pub(crate) fn new(settings: &str) -> Self {
        Self::numbered(settings, SECRET, 0)
    }

    /// A world with a secret of its own, whose ids come after `next`.
    pub(crate) fn numbered(settings: &str, secret: [u8; 16], next: u128) -> Self {
        let settings: Settings = toml::from_str(settings).unwrap();
        let accounts = ["whatsapp", "till", "mail"];
        let accounts = accounts.iter().fold(Accounts::new(), |accounts, name| {
            accounts.with(Arc::new(MemoryChannel::in_memory(name)))
        });
        Self {
            tenant: Tenant::new(settings, secret).unwrap(),
            accounts,
            work: Work::default(),
            now: "2026-03-02T02:00:00Z".parse().unwrap(),
            secret,
            next,
            elsewhere: BTreeMap::new(),
        }
    }

    /// One step, a second later.
    pub(crate) fn step<T>(
        &mut self,
        act: impl FnOnce(&mut Tenant, &Accounts, &mut Step<'_>) -> T,
    ) -> T {
        self.now += TimeDelta::seconds(1);
        self.step_now(act)
    }

    /// One more step at the same instant.
    pub(crate) fn step_now<T>(
        &mut self,
        act: impl FnOnce(&mut Tenant, &Accounts, &mut Step<'_>) -> T,
    ) -> T {
        let done = self.part_of_step(act);
        loop {
            let needed = self.tenant.needed_to_go_on();
            if needed.is_empty() {
                return done;
            }
            self.bring_back(needed);
            self.part_of_step(|tenant, _, step| tenant.go_on(step));
        }
    }

    fn part_of_step<T>(
        &mut self,
        act: impl FnOnce(&mut Tenant, &Accounts, &mut Step<'_>) -> T,
    ) -> T {
        let next = &mut self.next;
        let mut ids = || {
            *next += 1;
            Uuid::from_u128(*next)
        };
        let mut step = Step::new(self.now, &mut ids, &mut self.work);
        act(&mut self.tenant, &self.accounts, &mut step)
    }

    pub(crate) fn receive(&mut self, account: &str, envelope: &Envelope) {
        self.now += TimeDelta::seconds(1);
        self.receive_now(account, envelope);
    }

    pub(crate) fn receive_now(&mut self, account: &str, envelope: &Envelope) {
        let met = self.step_now(|tenant, _, step| tenant.meet(account, envelope, step));
        let now = self.now;
        self.fetch(|tenant| tenant.needed_to_take_in((account, envelope), met, now));
        self.step_now(|tenant, _, step| tenant.take_in((account, envelope), met, None, step));
    }

    /// Lets go of some of those that rest.
    pub(crate) fn forget(&mut self, which: u8) {
        let resting = self.tenant.resting_since(DateTime::<Utc>::MAX_UTC);
        for (nth, id) in resting.into_iter().enumerate() {
            if which >> (nth % 8) & 1 == 1 {
                let resting = self.tenant.evict(id).unwrap();
                self.elsewhere.insert(id, postcard::to_stdvec(&resting).unwrap());
            }
        }
    }

    /// Brings back what a step has to do with.
    pub(crate) fn touch(&mut self, touched: &Touched) {
        self.fetch(|tenant| tenant.needed(touched));
    }

    pub(crate) fn fetch(&mut self, needed: impl Fn(&mut Tenant) -> Vec<ConversationId>) {
        loop {
            let needed = needed(&mut self.tenant);
            if needed.is_empty() {
                return;
            }
            self.bring_back(needed);
        }
    }

    fn bring_back(&mut self, needed: Vec<ConversationId>) {
        for id in needed {
            let bytes = self.elsewhere.remove(&id).unwrap();
            self.tenant.bring_back(postcard::from_bytes(&bytes).unwrap()).unwrap();
        }
    }

    pub(crate) fn bring_all_back(&mut self) {
        let all = self.elsewhere.keys().copied().collect();
        self.bring_back(all);
    }

    /// The tenant as its snapshot has it.
    pub(crate) fn restart(&mut self) {
        let settings = self.tenant.settings().clone();
        let bytes = postcard::to_stdvec(&self.tenant.snapshot()).unwrap();
        assert_eq!(postcard::to_stdvec(&self.tenant.snapshot_view()).unwrap(), bytes);
        let snapshot = postcard::from_bytes(&bytes).unwrap();
        self.tenant = Tenant::restore(settings, self.secret, snapshot).unwrap();
    }

    pub(crate) fn hears(&mut self, account: &str, sender: Sender, id: &str, text: &str) {
        let envelope = said(account, sender, id, text, self.now);
        self.receive(account, &envelope);
    }

    pub(crate) fn agent(&mut self, number: u128) -> AgentId {
        let agent = AgentId::new(Uuid::from_u128(number));
        self.step(|tenant, _, step| {
            tenant.set_agent(Agent::new(agent).with_channel("memory", 3).with_capacity(300), step);
            tenant.set_presence(agent, Presence::Available, step).unwrap();
        });
        agent
    }

    pub(crate) fn conversations(&self) -> Vec<ConversationId> {
        let opened = self.work.notices.iter().filter_map(|notice| match notice {
            Notice::Opened { conversation, .. } => Some(*conversation),
            _ => None,
        });
        opened.collect()
    }

    /// Every conversation that there ever was, in the order in which they were recorded.
    pub(crate) fn all_conversations(&self) -> Vec<ConversationId> {
        let opened = self.work.records.iter().filter_map(|kept| match &kept.record {
            Record::Conversation(event) => match event.body {
                EventBody::ConversationOpened { conversation, .. } => Some(conversation),
                _ => None,
            },
            _ => None,
        });
        opened.collect()
    }

    pub(crate) fn erased(&self, who: TouchpointId) -> bool {
        self.work.records.iter().any(|kept| {
            matches!(&kept.record, Record::Identity(IdentityRecord::Erased { touchpoint, .. })
                if *touchpoint == who)
        })
    }

    /// The records alone lead to the same tenant, byte for byte; and so does its snapshot.
    pub(crate) fn assert_replays(&mut self) {
        let settings = self.tenant.settings().clone();
        let mut again = Tenant::new(settings, self.secret).unwrap();
        for kept in &self.work.records {
            let json = serde_json::to_vec(&kept.record).unwrap();
            again.apply(&serde_json::from_slice(&json).unwrap());
        }
        let bytes = |tenant: &mut Tenant| serde_json::to_string(&tenant.snapshot()).unwrap();
        let (live, again) = (bytes(&mut self.tenant), bytes(&mut again));
        assert!(live == again, "{live}\n{again}");
        let settings = self.tenant.settings().clone();
        let snapshot = serde_json::from_str(&live).unwrap();
        let mut restored = Tenant::restore(settings.clone(), self.secret, snapshot).unwrap();
        assert!(live == bytes(&mut restored), "restored");
        let binary = postcard::to_stdvec(&self.tenant.snapshot()).unwrap();
        let snapshot = postcard::from_bytes(&binary).unwrap();
        let mut restored = Tenant::restore(settings, self.secret, snapshot).unwrap();
        assert!(live == bytes(&mut restored), "restored from postcard");
    }
}

pub(crate) fn sender(account: &str, id: &str) -> Sender {
    Sender::new(TouchpointKey::new("memory", account, id))
}

pub(crate) fn phone(number: &str) -> PhoneNumber {
    number.parse().unwrap()
}

pub(crate) fn said(
    account: &str,
    sender: Sender,
    id: &str,
    text: &str,
    at: DateTime<Utc>,
) -> Envelope {
    let id = ProviderId::new(id).unwrap();
    let key = DedupeKey::new(account, EnvelopeKind::Message, id.clone());
    let message = InboundMessage::new(id, Content::plain(text).unwrap());
    Envelope::new(key, at, message).with_sender(sender).with_occurred(at)
}
