//! The one writer of a tenant: takes what waits, decides, stores it as one, and only then tells.

use super::dispatch::{self, Sent};
use super::error::Lost;
use super::forget::Forget;
use super::intake::Item;
use super::shelf::Shelf;
use super::start::Started;
use super::{Desk, DeskError, Inner, Order, Reply, journal};
use crate::desk::hook::AutomationOutcome;
use crate::{Notice, SendReport, Step, Tenant, Touched, Work};
use chrono::{DateTime, Utc};
use kontak_channel::{Envelope, Retry, SendError};
use kontak_conversation::Command;
use kontak_storage::{
    Commit, InboxItem, InboxPosition, Lease, NewOutboxRow, OutboxId, OutboxRow, Outcome, Position,
    Settlement, Subject, WakeAt,
};
use kontak_types::{ConversationId, Language};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinSet;

/// How much is taken at a time: as much is stored as one.
const BATCH: usize = 512;
/// How long a timer sleeps at most: clocks are set now and then.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// What a batch led to.
#[derive(Default)]
struct Decided {
    work: Work,
    replies: Vec<Reply>,
    settlements: Vec<Settlement>,
    forgets: Vec<Forget>,
}

pub(super) struct Writer {
    pub(super) inner: Arc<Inner>,
    pub(super) tenant: Tenant,
    pub(super) head: Position,
    lease: watch::Receiver<Lease>,
    cursor: InboxPosition,
    pub(super) since_snapshot: u64,
    woken_at: Option<WakeAt>,
    in_doubt: Vec<OutboxRow>,
    outbox: Arc<Notify>,
    all_sent: oneshot::Receiver<()>,
    pub(super) shelf: Shelf,
}

impl Writer {
    pub(super) fn new(
        inner: Arc<Inner>,
        lease: watch::Receiver<Lease>,
        started: Started,
        tasks: &mut JoinSet<()>,
    ) -> Self {
        let Started { tenant, head, cursor, since_snapshot, shelf, in_doubt } = started;
        let outbox = Arc::new(Notify::new());
        let (sending, all_sent) = oneshot::channel();
        let waits = Arc::clone(&outbox);
        tasks.spawn(dispatch::run(Arc::clone(&inner), lease.clone(), waits, sending));
        Self {
            inner,
            tenant,
            head,
            lease,
            cursor,
            since_snapshot,
            woken_at: None,
            in_doubt,
            outbox,
            all_sent,
            shelf,
        }
    }

    pub(super) fn lease(&self) -> Lease {
        self.lease.borrow().clone()
    }

    /// The rules that are in force from now on are recorded. What was being sent when the last owner
    /// stopped is reported, and never sent again by itself.
    pub(super) async fn begin(&mut self) -> Result<(), Lost> {
        let now = self.inner.clock.now();
        let mut work = Work::default();
        let inner = Arc::clone(&self.inner);
        let mut ids = || inner.clock.id();
        let rules = inner.settings.clone();
        let set = Command::SetPolicy(Box::new(rules.conversation.clone()));
        self.touch(&Touched::Command(Box::new(set))).await?;
        if let Err(error) = self.tenant.set_rules(rules, &mut Step::new(now, &mut ids, &mut work)) {
            tracing::error!(%error, "the rules of before stay in force");
        }
        for row in std::mem::take(&mut self.in_doubt) {
            let Some(sending) = dispatch::read(&row) else { continue };
            let why = "the process stopped while it was being sent";
            let report = SendReport::unsent(&sending, true, why);
            self.touch(&Touched::Message(report.id.message)).await?;
            self.tenant.report(&report, &mut Step::new(now, &mut ids, &mut work));
        }
        self.go_on(now, &mut work).await?;
        self.commit(work, now, Vec::new(), None).await?;
        self.forget().await
    }

    /// Works until the desk is shut down.
    pub(super) async fn run(
        &mut self,
        orders: &mut mpsc::Receiver<Order>,
        closed: &mut watch::Receiver<bool>,
    ) -> Result<(), Lost> {
        loop {
            let first = self.wait(orders, closed).await?;
            let Some(first) = first else { return self.finish(orders).await };
            let mut taken: Vec<Order> = first.into_iter().collect();
            while taken.len() < BATCH
                && let Ok(order) = orders.try_recv()
            {
                taken.push(order);
            }
            self.take(taken).await?;
            if self.since_snapshot >= self.inner.snapshot_every {
                self.snapshot().await?;
            }
        }
    }

    /// What is on its way is waited for, though not for ever: what nobody has heard of by then is in
    /// doubt.
    async fn finish(&mut self, orders: &mut mpsc::Receiver<Order>) -> Result<(), Lost> {
        let mut patience = pin!(tokio::time::sleep(self.inner.lease));
        loop {
            tokio::select! {
                biased;
                order = orders.recv() => match order {
                    Some(sent @ Order::Sent(_)) => self.take(vec![sent]).await?,
                    // Whoever asks learns that it was not stored.
                    Some(_) => {}
                    None => return Ok(()),
                },
                // An error means that all is sent.
                _ = &mut self.all_sent => return Ok(()),
                () = &mut patience => return Ok(()),
            }
        }
    }

    /// Until there is something to do: an order, an inbox item, or time. Nothing once the desk is
    /// shut down.
    async fn wait(
        &self,
        orders: &mut mpsc::Receiver<Order>,
        closed: &mut watch::Receiver<bool>,
    ) -> Result<Option<Option<Order>>, Lost> {
        let now = self.inner.clock.now();
        let due = self.tenant.next_deadline();
        let sleep = due.map_or(LONGEST_SLEEP, |due| (due - now).to_std().unwrap_or_default());
        let beyond = self.inner.storage.beyond(self.inner.tenant, self.head, self.cursor);
        tokio::select! {
            biased;
            // An error means that nobody is left who could shut it down.
            _ = closed.wait_for(|closed| *closed) => Ok(None),
            order = orders.recv() => Ok(order.map(Some)),
            progress = beyond => progress.map(|_| Some(None)).map_err(Lost::from),
            () = tokio::time::sleep(sleep.min(LONGEST_SLEEP)) => Ok(Some(None)),
        }
    }

    /// Does what was taken, what waits in the inbox and what is due, and stores it as one.
    async fn take(&mut self, orders: Vec<Order>) -> Result<(), Lost> {
        let items = self.inner.storage.read_inbox(self.inner.tenant, self.cursor, BATCH).await?;
        let now = self.inner.clock.now();
        let Decided { work, replies, settlements, forgets } =
            self.decide(orders, &items, now).await?;
        let cursor = items.last().map(|item| item.position);
        let stored = self.commit(work, now, settlements, cursor).await;
        for reply in replies {
            reply(if stored.is_ok() { Ok(()) } else { Err(DeskError::NotStored) });
        }
        stored?;
        for Forget { done } in forgets {
            let forgotten = self.forget().await;
            // Whoever asked may have gone.
            let _ = done.send(if forgotten.is_ok() { Ok(()) } else { Err(DeskError::NotStored) });
            forgotten?;
        }
        Ok(())
    }

    async fn decide(
        &mut self,
        orders: Vec<Order>,
        items: &[InboxItem],
        now: DateTime<Utc>,
    ) -> Result<Decided, Lost> {
        let inner = Arc::clone(&self.inner);
        let mut ids = || inner.clock.id();
        let mut decided = Decided::default();
        for item in items {
            self.receive(item, now, &mut decided.work).await?;
        }
        for order in orders {
            match order {
                Order::Step(touched, act) => {
                    for touched in &touched {
                        self.touch(touched).await?;
                    }
                    let mut step = Step::new(now, &mut ids, &mut decided.work);
                    decided.replies.push(act(&mut self.tenant, &inner.accounts, &mut step));
                }
                Order::Glimpse(account, envelope) => {
                    self.take_in((&account, &envelope), None, now, &mut decided.work).await?;
                }
                Order::Sent(sent) => {
                    self.touch(&Touched::Message(sent.sending.id.message)).await?;
                    let mut step = Step::new(now, &mut ids, &mut decided.work);
                    let settlement = settle(&inner, &mut self.tenant, sent, &mut step);
                    decided.settlements.push(settlement);
                }
                Order::Forget(forget) => decided.forgets.push(forget),
            }
            self.go_on(now, &mut decided.work).await?;
        }
        if self.tenant.next_deadline().is_some_and(|due| due <= now) {
            self.bring_back(|tenant| tenant.needed_at(now)).await?;
            self.tenant.handle_timeout(&mut Step::new(now, &mut ids, &mut decided.work));
        }
        Ok(decided)
    }

    async fn receive(
        &mut self,
        item: &InboxItem,
        now: DateTime<Utc>,
        work: &mut Work,
    ) -> Result<(), Lost> {
        if item.payload.is_empty() {
            return Ok(());
        }
        let read: Result<Item, _> = serde_json::from_slice(item.payload.as_bytes());
        let Ok(Item { account, envelope, language, observations }) = read else {
            // It was written by a later release, and stays in the inbox as long as others do.
            tracing::error!(position = %item.position, "an inbox item cannot be read");
            return Ok(());
        };
        let inner = Arc::clone(&self.inner);
        let mut ids = || inner.clock.id();
        for observation in observations {
            self.tenant.enrich(observation, &mut Step::new(now, &mut ids, work));
            self.go_on(now, work).await?;
        }
        self.take_in((&account, &envelope), language.as_ref(), now, work).await
    }

    async fn take_in(
        &mut self,
        (account, envelope): (&str, &Envelope),
        language: Option<&Language>,
        now: DateTime<Utc>,
        work: &mut Work,
    ) -> Result<(), Lost> {
        let inner = Arc::clone(&self.inner);
        let mut ids = || inner.clock.id();
        let met = self.tenant.meet(account, envelope, &mut Step::new(now, &mut ids, work));
        self.go_on(now, work).await?;
        let origin = (account, envelope);
        self.bring_back(|tenant| tenant.needed_to_take_in(origin, met, now)).await?;
        self.tenant.take_in(origin, met, language, &mut Step::new(now, &mut ids, work));
        self.go_on(now, work).await
    }

    /// Does what a step could not yet do without conversations that are evicted.
    async fn go_on(&mut self, now: DateTime<Utc>, work: &mut Work) -> Result<(), Lost> {
        let inner = Arc::clone(&self.inner);
        let mut ids = || inner.clock.id();
        while !self.tenant.needed_to_go_on().is_empty() {
            self.bring_back(|tenant| tenant.needed_to_go_on()).await?;
            self.tenant.go_on(&mut Step::new(now, &mut ids, work));
        }
        Ok(())
    }

    async fn touch(&mut self, touched: &Touched) -> Result<(), Lost> {
        self.bring_back(|tenant| tenant.needed(touched)).await
    }

    /// Brings conversations back until nothing is needed any more.
    pub(super) async fn bring_back(
        &mut self,
        needed: impl Fn(&mut Tenant) -> Vec<ConversationId>,
    ) -> Result<(), Lost> {
        self.shelf.bring_back(&self.inner, &mut self.tenant, needed).await
    }

    /// Stores what steps led to, and then tells it.
    pub(super) async fn commit(
        &mut self,
        work: Work,
        now: DateTime<Utc>,
        mut settlements: Vec<Settlement>,
        cursor: Option<InboxPosition>,
    ) -> Result<(), Lost> {
        settlements.extend(work.settled.iter().map(|(row, went_out)| {
            let outcome = if *went_out { Outcome::Sent } else { Outcome::Failed };
            Settlement::new(OutboxId::new(*row), outcome)
        }));
        let wake_at = self.tenant.next_deadline().map_or(WakeAt::Never, WakeAt::Instant);
        let is_idle = work.is_empty() && settlements.is_empty() && cursor.is_none();
        if !is_idle {
            let mut commit = Commit::new(self.head, now).with_wake_at(wake_at);
            commit.wake_at = commit.wake_at.filter(|at| self.woken_at != Some(*at));
            commit.events = work.records.iter().map(journal::event).collect();
            commit.outbox = work.sends.iter().map(|sending| row(sending, now)).collect();
            commit.settlements = settlements;
            commit.inbox_cursor = cursor;
            let count = commit.events.len() as u64;
            self.head = self.inner.storage.append(&self.lease(), commit).await?;
            self.woken_at = Some(wake_at);
            self.since_snapshot += count;
            self.cursor = cursor.unwrap_or(self.cursor);
        }
        if !work.sends.is_empty() {
            self.outbox.notify_one();
        }
        for notice in work.notices {
            self.automate(&notice);
            // An error means that nobody listens.
            let _ = self.inner.notices.send(notice);
        }
        Ok(())
    }

    fn automate(&self, notice: &Notice) {
        let (Some(automation), Notice::Said { conversation, message, .. }) =
            (&self.inner.automation, notice)
        else {
            return;
        };
        let (automation, desk) = (Arc::clone(automation), Desk { inner: Arc::clone(&self.inner) });
        let (conversation, message) = (*conversation, *message);
        tokio::spawn(async move {
            let outcome = automation.on_message(&desk, conversation, message).await;
            if outcome == AutomationOutcome::HandOver {
                // Where no bot is first nobody waits for one, and routing says so.
                let _ = desk.step(move |tenant, _, step| tenant.bot_done(conversation, step)).await;
            }
        });
    }
}

/// What a send means for its row, and what the tenant is told of it.
fn settle(inner: &Inner, tenant: &mut Tenant, sent: Sent, step: &mut Step<'_>) -> Settlement {
    let Sent { sending, attempts, result } = sent;
    let row = OutboxId::new(sending.row);
    let error = match result {
        Ok(receipt) => {
            tenant.report(&SendReport::sent(&sending, receipt.ids), step);
            return Settlement::new(row, Outcome::Sent);
        }
        Err(error) => error,
    };
    let retry = inner.retry.next(&error, attempts, &sending.outbound.key);
    let (outcome, ambiguous) = match retry {
        Retry::After(wait) => {
            return Settlement::new(row, Outcome::Again { at: step.now() + wait });
        }
        Retry::Reconcile => (Outcome::Ambiguous, true),
        _ => (Outcome::Failed, matches!(error, SendError::Ambiguous { .. })),
    };
    tenant.report(&SendReport::unsent(&sending, ambiguous, error.to_string()), step);
    Settlement::new(row, outcome)
}

fn row(sending: &crate::Sending, now: DateTime<Utc>) -> NewOutboxRow {
    let payload = serde_json::to_vec(sending).expect("a request is words and numbers");
    NewOutboxRow::new(OutboxId::new(sending.row), now, payload)
        .with_subject(Subject::touchpoint(sending.touchpoint))
}
