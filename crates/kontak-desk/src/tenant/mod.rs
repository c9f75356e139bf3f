//! All engines of one tenant, joined; without I/O, clock or chance.

mod about;
mod action;
mod apply;
mod evict;
mod inbound;
mod measure;
mod outgoing;
mod people;
mod reach;
mod record;
mod route;
mod rules;
mod snapshot;
mod timer;
mod unattended;
mod unreadable;
mod work;

pub use action::ActionError;
pub use evict::{BringBackError, Resting, Touched};
pub use inbound::Met;
pub use reach::{Reach, ReachRecord};
pub use record::{IdentityRecord, Record};
pub use snapshot::{RestoreError, Snapshot};
pub use unattended::{Unattended, WhyUnattended};
pub use work::{Kept, Notice, SendId, SendReport, Sending, Step, Unsent, Work};

use crate::{Settings, SettingsError};
use apply::{CustomersChange, Following};
use chrono::DateTime;
use kontak_conversation::{Actor, Command, Conversations, Event, EventBody, NativeId, Rejected};
use kontak_identity::{IdentityGraph, TenantKey};
use kontak_metrics::{Grid, Metrics};
use kontak_routing::{Centre, Engine};
use kontak_types::uuid::Uuid;
use kontak_types::{ConversationId, MessageId, TouchpointId};
use measure::Stays;
use reach::Reaches;
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use unattended::Departures;

/// One tenant: who its customers are, what was said, who answers, and how well that goes.
///
/// It is what [`Desk`](crate::Desk) runs, and can be run without: every step takes the time and ids
/// as arguments, and adds to a [`Work`] what has to be stored before anybody sees it. Applying the
/// stored records again gives the same tenant.
pub struct Tenant {
    settings: Settings,
    secret: [u8; 16],
    identity: IdentityGraph,
    conversations: Conversations,
    routing: Engine,
    metrics: Metrics,
    reaches: Reaches,
    stays: Stays,
    departures: Departures,
    /// Those that are evicted and were lost, and whom they are about.
    unreadable: BTreeMap<ConversationId, BTreeSet<TouchpointId>>,
    /// What conversations are still to be told of customers.
    unfollowed: VecDeque<CustomersChange>,
    /// How many records were applied: numbers the events that metrics are told.
    applied: u64,
}

impl Tenant {
    /// A tenant of which nothing is known yet. `secret` is what personal data is hashed under; keep
    /// it as you keep a password, and the same for as long as the journal.
    ///
    /// # Errors
    /// Where the settings cannot be used.
    pub fn new(settings: Settings, secret: [u8; 16]) -> Result<Self, SettingsError> {
        settings.check()?;
        let (centre, policy) = (settings.numbered(), settings.conversation.clone());
        let mut tenant = Self::without_rules(settings, secret)?;
        tenant.identity =
            IdentityGraph::new(TenantKey::new(secret), tenant.settings.identity.clone())?;
        let policy = EventBody::PolicySet(Box::new(policy));
        tenant.conversations.apply(&Event::new(DateTime::UNIX_EPOCH, Actor::System, policy));
        tenant.routing = Engine::new(centre)?;
        Ok(tenant)
    }

    /// As every journal begins: the first that is recorded are the rules.
    pub(crate) fn without_rules(
        settings: Settings,
        secret: [u8; 16],
    ) -> Result<Self, SettingsError> {
        let metrics =
            Metrics::new(settings.catalog()?, Grid::usual()).expect("the usual grids are grids");
        Ok(Self {
            settings,
            secret,
            identity: IdentityGraph::new(TenantKey::new(secret), Default::default())?,
            conversations: Conversations::new(),
            routing: Engine::new(Centre::default())?,
            metrics,
            reaches: Reaches::default(),
            stays: Stays::default(),
            departures: Departures::default(),
            unreadable: BTreeMap::new(),
            unfollowed: VecDeque::new(),
            applied: 0,
        })
    }

    /// The rules.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who is who.
    pub fn identity(&mut self) -> kontak_identity::View<'_> {
        self.identity.settle()
    }

    /// What was said, and what is owed.
    #[must_use]
    pub fn conversations(&self) -> &Conversations {
        &self.conversations
    }

    /// Who serves whom.
    #[must_use]
    pub fn routing(&self) -> &Engine {
        &self.routing
    }

    /// The numbers.
    pub fn metrics(&mut self) -> kontak_metrics::View<'_> {
        self.metrics.settle()
    }

    /// How an account can be reached.
    #[must_use]
    pub fn reach(&self, touchpoint: TouchpointId) -> Option<&Reach> {
        self.reaches.of(touchpoint)
    }

    /// Messages of which nobody knows whether they went out, and their rows in the outbox.
    #[must_use]
    pub fn ambiguous(&self) -> Vec<(MessageId, Uuid)> {
        self.reaches.ambiguous().iter().map(|(id, row)| (id.message, *row)).collect()
    }

    /// Accounts that were erased, and are still to be taken out of the store.
    pub fn to_forget(&self) -> impl Iterator<Item = TouchpointId> {
        self.reaches.to_forget()
    }

    /// They are out of the store.
    pub fn forgotten(&mut self, touchpoints: Vec<TouchpointId>, step: &mut Step<'_>) {
        let _ = self.keep(Record::Reach(ReachRecord::Forgotten { touchpoints }), step);
    }

    /// A record that was taken out of the journal, or is of a kind that this release does not know.
    pub fn pass_over(&mut self) {
        self.applied += 1;
    }

    /// How many records it has taken in.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.applied
    }

    fn native(&self, account: &str, id: &str) -> NativeId {
        NativeId::new(&self.secret, account, id)
    }

    /// What the conversation calls a message of ours: it is said before its channel has named it.
    fn own_native(&self, message: MessageId) -> NativeId {
        self.native("", &message.to_string())
    }

    /// Takes a record in, and keeps it for the journal.
    fn keep(&mut self, record: Record, step: &mut Step<'_>) -> Following {
        let about = self.about(&record);
        self.keep_about(record, about, step)
    }

    fn keep_about(
        &mut self,
        record: Record,
        about: SmallVec<[TouchpointId; 2]>,
        step: &mut Step<'_>,
    ) -> Following {
        let following = self.take(&record);
        step.work.records.push(Kept { record, about });
        following
    }

    /// Decides what a command to the conversations brings about, and takes that in.
    fn decide(
        &mut self,
        actor: &Actor,
        command: Command,
        step: &mut Step<'_>,
    ) -> Result<(), Rejected> {
        let events = self.conversations.decide(actor, command, step.now)?;
        self.record_events(events, step);
        Ok(())
    }

    fn record_events(&mut self, events: Vec<Event>, step: &mut Step<'_>) {
        // A message is recorded before its place is: what is about whom shows in all of them.
        let mut about = SmallVec::new();
        for event in &events {
            self.add_about(event, &mut about);
        }
        for event in events {
            let record = Record::Conversation(Box::new(event));
            let _ = self.keep_about(record, about.clone(), step);
        }
    }
}

impl std::fmt::Debug for Tenant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tenant").field("applied", &self.applied).finish_non_exhaustive()
    }
}
