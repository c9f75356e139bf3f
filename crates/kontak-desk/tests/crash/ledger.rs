//! What the provider knows, against what is stored.

use crate::Error;
use crate::life::Fate;
use crate::provider::{Known, Report};
use crate::shop::{self, Post};
use kontak_desk::{Record, Sending, Tenant};
use kontak_storage::{
    Event, InboxPosition, OutboxPosition, OutboxRow, OutboxState, Position, Storage, TenantId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Follows one tenant's inbox and journal, and replays the latter.
pub(crate) struct Ledger {
    id: TenantId,
    replayed: Tenant,
    journal: Position,
    inbox: InboxPosition,
    keys: BTreeSet<Vec<u8>>,
    compared: u64,
}

impl Ledger {
    pub(crate) fn new(tenant: u32) -> Result<Self, Error> {
        Ok(Self {
            id: shop::tenant(tenant),
            replayed: Tenant::new(shop::settings()?, shop::SECRET)?,
            journal: Position::START,
            inbox: InboxPosition::START,
            keys: BTreeSet::new(),
            compared: 0,
        })
    }

    /// After each life. What is lost stays lost, so only the ends are read.
    pub(crate) async fn look(
        &mut self,
        place: &str,
        known: &Known,
        mut reports: Vec<Report>,
    ) -> Result<(), Error> {
        let storage = shop::open(place).await?;
        for item in storage.read_inbox(self.id, self.inbox, usize::MAX).await? {
            self.inbox = item.position;
            if !self.keys.insert(item.key.as_bytes().to_vec()) {
                return Err(format!("inbox item {} stands twice", item.position).into());
            }
        }
        for post in &known.acknowledged {
            if !self.keys.contains(&post.key()?) {
                return Err(format!("{post:?} was acknowledged and is lost").into());
            }
        }
        reports.sort_unstable_by_key(|report| std::cmp::Reverse(report.position));
        for event in storage.read(self.id, self.journal, usize::MAX).await? {
            self.compare(&mut reports)?;
            self.replayed.apply(&record(&event)?);
            self.journal = event.position;
        }
        self.compare(&mut reports)?;
        match reports.pop() {
            Some(report) => {
                Err(format!("{report:?}, and the journal ends at {}", self.journal).into())
            }
            None => Ok(()),
        }
    }

    /// What an owner began with is what the journal leads to.
    fn compare(&mut self, reports: &mut Vec<Report>) -> Result<(), Error> {
        let here = self.replayed.position();
        while let Some(report) = reports.pop_if(|report| report.position <= here) {
            if report.position < here {
                return Err(format!("{report:?} comes late").into());
            }
            if report.digest != shop::digest(&mut self.replayed) {
                return Err(format!("{report:?}: a replay leads to another state").into());
            }
            let violations = self.replayed.routing().invariants();
            if report.violations > 0 || !violations.is_empty() {
                return Err(format!("{report:?}: routing is unsound: {violations:?}").into());
            }
            self.compared += 1;
        }
        Ok(())
    }

    /// How far it came, for whoever wonders why no further.
    pub(crate) async fn state(&mut self, place: &str) -> Result<String, Error> {
        let storage = shop::open(place).await?;
        let progress = storage.progress(self.id).await?;
        let said = shop::said(&mut self.replayed);
        let (asked, all) = (said.iter().filter(|said| said.asks).count(), said.len());
        let waiting = rows(&*storage, self.id, OutboxState::Waiting).await?.len();
        let sending = rows(&*storage, self.id, OutboxState::Sending).await?.len();
        Ok(format!(
            "{progress:?}, {asked} messages, {} answers, {waiting} waiting, {sending} being sent",
            all - asked,
        ))
    }

    /// When all is done: each message is there once, was answered once, and its answer went out once
    /// or is reported as ambiguous.
    pub(crate) async fn close(
        mut self,
        place: &str,
        known: &Known,
        counted: &mut Counted,
    ) -> Result<(), Error> {
        let storage = shop::open(place).await?;
        let posts = (0..known.posted()).map(|number| Post { tenant: known.tenant, number });
        let posts: BTreeSet<Post> = posts.collect();
        if posts != known.acknowledged {
            return Err("not all that was posted was acknowledged in the end".into());
        }
        let said = shop::said(&mut self.replayed);
        for asks in [true, false] {
            let mut heard = BTreeMap::new();
            for said in said.iter().filter(|said| said.asks == asks) {
                *heard.entry(said.post.ok_or("something else was said")?).or_insert(0) += 1;
            }
            if let Some((post, times)) = heard.iter().find(|(_, times)| **times != 1) {
                return Err(format!("{post:?} stands {times} times, asked: {asks}").into());
            }
            if !heard.into_keys().eq(posts.iter().copied()) {
                return Err(
                    format!("another set of messages than was posted, asked: {asks}").into()
                );
            }
        }
        let sent = rows(&*storage, self.id, OutboxState::Sent).await?;
        let ambiguous = rows(&*storage, self.id, OutboxState::Ambiguous).await?;
        if sent.len() + ambiguous.len() != posts.len() {
            return Err("a row is neither sent nor ambiguous".into());
        }
        if let Some(key) = sent.keys().find(|key| !known.taken.contains_key(*key)) {
            return Err(format!("{key} is sent, and never went out").into());
        }
        let taken_of = |rows: &BTreeMap<String, OutboxRow>| {
            rows.keys().filter(|key| known.taken.contains_key(*key)).count()
        };
        if taken_of(&sent) + taken_of(&ambiguous) != known.taken.len() {
            return Err("something went out that is in no row".into());
        }
        let told: BTreeSet<_> = self.replayed.ambiguous().into_iter().map(|(_, row)| row).collect();
        if !ambiguous.values().map(|row| *row.id.as_uuid()).collect::<BTreeSet<_>>().eq(&told) {
            return Err("what is ambiguous in the outbox is not what is told".into());
        }
        counted.acknowledged += posts.len();
        counted.events += self.journal.number();
        counted.compared += self.compared;
        counted.taken += known.taken.len();
        counted.ambiguous += ambiguous.len();
        Ok(())
    }
}

fn record(event: &Event) -> Result<Record, Error> {
    let bytes = event.payload.as_bytes();
    Ok(match event.kind.engine() {
        "identity" => Record::Identity(serde_json::from_slice(bytes)?),
        "conversation" => Record::Conversation(serde_json::from_slice(bytes)?),
        "routing" => Record::Routing(serde_json::from_slice(bytes)?),
        "metrics" => Record::Metrics(serde_json::from_slice(bytes)?),
        "reach" => Record::Reach(serde_json::from_slice(bytes)?),
        other => return Err(format!("an event of {other:?}").into()),
    })
}

/// By the keys under which their requests go out.
async fn rows(
    storage: &dyn Storage,
    tenant: TenantId,
    state: OutboxState,
) -> Result<BTreeMap<String, OutboxRow>, Error> {
    let rows = storage.read_outbox(tenant, state, OutboxPosition::START, usize::MAX).await?;
    let keyed = rows.into_iter().map(|row| {
        let sending: Sending = serde_json::from_slice(row.payload.as_bytes())?;
        Ok((sending.outbound.key.as_str().to_owned(), row))
    });
    keyed.collect()
}

/// What all lives together came to.
#[derive(Default)]
pub(crate) struct Counted {
    killed: u32,
    stops: u32,
    usurped: u32,
    acknowledged: usize,
    events: u64,
    compared: u64,
    taken: usize,
    ambiguous: usize,
}

impl Counted {
    pub(crate) fn count(&mut self, fate: Fate) {
        match fate {
            Fate::Killed => self.killed += 1,
            Fate::WithoutDatabase => self.stops += 1,
            Fate::Usurped => self.usurped += 1,
        }
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { killed, stops, usurped, acknowledged, events, compared, taken, ambiguous } =
            self;
        write!(
            f,
            "{killed} kills, {stops} of the database, {usurped} usurped; {acknowledged} messages \
             acknowledged and answered, 0 lost, 0 twice; {taken} answers went out, 0 twice, \
             {ambiguous} reported as ambiguous; {events} events, {compared} starts equal to a replay"
        )
    }
}
