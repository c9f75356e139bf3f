//! The engine: facts in columns, and the partition that follows from them.
//!
//! Two ways lead to the partition, and tests hold them against each other and against a naive
//! model: step by step ([`append`], [`cluster`], [`unmerge`]), and all at once ([`rebuild`]).

mod admit;
mod append;
mod attach;
mod batch;
mod cluster;
mod detach;
mod erase;
mod evidence;
mod excerpt;
mod fact;
mod forbid;
mod hash;
mod index;
mod intern;
mod load;
mod log;
mod moves;
mod observe;
mod people;
mod rebuild;
mod record;
mod register;
mod review;
mod snapshot;
mod split;
mod store;
mod text;
mod unmerge;
mod verdict;
mod words;

pub use batch::Batch;
pub use erase::EraseError;
pub use forbid::LinkError;
pub use observe::{Assertion, ObserveError, Outcome};
pub use snapshot::{RestoreError, Snapshot};
pub use unmerge::Retraction;

pub(crate) use fact::Fact;
pub(crate) use log::{Log, Reason};
pub(crate) use record::{Mode, NONE};
pub(crate) use split::{Hold, names_of};
pub(crate) use store::Store;

use crate::change::{Change, Position};
use crate::policy::{Policy, PolicyError, Rules};
use crate::tenant_key::{EvidenceId, TenantKey};
use crate::view::View;
use cluster::Contest;
use hash::{Keyed, KeyedMap};
use hashbrown::HashMap;
use std::collections::BTreeSet;

/// The touchpoints, the evidence and the customers of one tenant.
///
/// Facts go in by [`observe`](Self::observe) and the other calls that take `&mut self`; answers
/// come from the [`View`] that [`settle`](Self::settle) gives. The graph reads no clock and makes
/// no ids: both are arguments.
///
/// ```
/// use kontak_address::{Origin, PhoneParser};
/// use kontak_identity::{Identifier, IdentityGraph, Observation, Policy, TenantKey};
/// use kontak_types::{ChannelKind, TouchpointId, TouchpointKey, uuid::Uuid};
///
/// let phones = PhoneParser::new(Origin::International);
/// let mut graph = IdentityGraph::new(TenantKey::new(*b"sixteen secret b"), Policy::default())?;
/// for (number, channel, account) in [(1, "whatsapp", "6281290435517"), (2, "store", "card 77")] {
///     let id = TouchpointId::new(Uuid::from_u128(number));
///     let touchpoint = TouchpointKey::new(ChannelKind::from(channel), "jakarta", account);
///     let seen_at = "2026-01-05T08:30:00Z".parse()?;
///     let observation = Observation::new(id, touchpoint, channel, account, seen_at)
///         .with_identifier(Identifier::from(&phones.parse("6281290435517")?));
///     graph.observe(&observation)?;
/// }
/// let view = graph.settle();
/// assert_eq!(view.customer_count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct IdentityGraph {
    pub(crate) store: Store,
    pub(crate) rules: Rules,
    pub(crate) contests: Vec<Option<Contest>>,
    free_contests: Vec<u32>,
    /// Contests whose outcome is older than their evidence: they wait for the next read.
    dirty_contests: Vec<u32>,
    /// Clusters to be reviewed before this call ends.
    reviews: Vec<u32>,
    /// Values that must be judged again before this call ends.
    dirty_values: Vec<u32>,
    /// Pairs that must not be linked, both ways.
    pub(crate) forbidden: BTreeSet<(u32, u32)>,
    /// Evidence that was retracted or has ended, up to which revision.
    tombstones: KeyedMap<EvidenceId, u32>,
    /// Touchpoints that were erased: a keyed hash of the key, and when.
    erased: KeyedMap<u128, u64>,
    /// When live evidence with an explicit end ends.
    deadlines: BTreeSet<(u64, u32)>,
    clock: u64,
    pub(crate) log: Log,
    position: u64,
    /// How many touchpoints the log knows.
    logged: u32,
}

impl IdentityGraph {
    /// An empty graph.
    ///
    /// # Errors
    /// If the policy cannot be followed.
    pub fn new(key: TenantKey, policy: Policy) -> Result<Self, PolicyError> {
        Ok(Self::empty(key, Rules::new(policy)?))
    }

    fn empty(key: TenantKey, rules: Rules) -> Self {
        Self {
            store: Store::new(key),
            rules,
            contests: Vec::new(),
            free_contests: Vec::new(),
            dirty_contests: Vec::new(),
            reviews: Vec::new(),
            dirty_values: Vec::new(),
            forbidden: BTreeSet::new(),
            tombstones: HashMap::with_hasher(Keyed(key)),
            erased: HashMap::with_hasher(Keyed(key)),
            deadlines: BTreeSet::new(),
            clock: 0,
            log: Log::default(),
            position: 0,
            logged: 0,
        }
    }

    /// Makes room, so that a load of known size moves nothing twice.
    pub fn reserve(&mut self, touchpoints: usize, identifiers: usize, evidence: usize) {
        self.store.reserve(touchpoints, identifiers, evidence);
        self.log.reserve(touchpoints + touchpoints / 4);
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.rules.policy
    }

    /// Puts another policy in force. All customers are formed anew; the changes say how.
    ///
    /// See [`View::simulate`] for what it would do.
    ///
    /// # Errors
    /// If the policy cannot be followed; then nothing changes.
    pub fn set_policy(&mut self, policy: Policy) -> Result<(), PolicyError> {
        self.rules = Rules::new(policy)?;
        self.position += 1;
        self.block_values();
        for value in 0..self.store.values.len() as u32 {
            self.mark_dirty(value);
        }
        self.rebuild();
        Ok(())
    }

    /// Where the graph stands in the order of its calls.
    #[must_use]
    pub fn position(&self) -> Position {
        Position(self.position)
    }

    /// How many touchpoints have been recorded, erased ones included.
    #[must_use]
    pub fn touchpoint_count(&self) -> usize {
        self.store.touchpoints.len()
    }

    /// How many pieces of evidence are live.
    #[must_use]
    pub fn evidence_count(&self) -> usize {
        self.store.evidence.len() - self.store.free.len()
    }

    /// Brings contested clusters up to date and gives the answers.
    ///
    /// Everything else is up to date after each call already, so this is free where no contested
    /// cluster was touched.
    pub fn settle(&mut self) -> View<'_> {
        self.log_new();
        self.review_dirty();
        View::new(self)
    }

    /// The changes after `since`, oldest first. Those of a contested cluster come when it is
    /// settled.
    ///
    /// ```
    /// use kontak_identity::{IdentityGraph, Policy, Position, TenantKey};
    ///
    /// let graph = IdentityGraph::new(TenantKey::new([7; 16]), Policy::default())?;
    /// assert_eq!(graph.changes(Position::default()).count(), 0);
    /// # Ok::<(), kontak_identity::PolicyError>(())
    /// ```
    pub fn changes(&self, since: Position) -> impl Iterator<Item = (Position, Change)> {
        self.log.changes(since)
    }

    /// Ends what every call that changes something has in common: judges the values it touched,
    /// and forms anew the clusters that may have come apart.
    fn finish_call(&mut self) {
        if !self.dirty_values.is_empty() || !self.reviews.is_empty() {
            self.repair();
        }
        self.log_new();
    }

    /// Touchpoints that joined nobody are customers.
    fn log_new(&mut self) {
        while (self.logged as usize) < self.store.touchpoints.len() {
            self.log.founded(self.position, self.logged);
            self.logged += 1;
        }
    }

    fn mark_dirty(&mut self, value: u32) {
        let record = &mut self.store.values[value as usize];
        record.set_crowd(false);
        if !record.is_dirty() {
            record.set_dirty(true);
            self.dirty_values.push(value);
        }
    }

    fn is_over(&self, state: record::State) -> bool {
        use crate::identifier::IdentifierKind::{Email, Phone};
        let policy = &self.rules.policy;
        state.size() > policy.touchpoints_per_customer.into()
            || state.values(Phone) > policy.phone.per_customer.into()
            || state.values(Email) > policy.email.per_customer.into()
    }
}

impl std::fmt::Debug for IdentityGraph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityGraph")
            .field("touchpoints", &self.store.touchpoints.len())
            .field("identifiers", &self.store.values.len())
            .field("evidence", &(self.store.evidence.len() - self.store.free.len()))
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
