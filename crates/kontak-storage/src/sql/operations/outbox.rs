use super::inbox::insert_subjects;
use super::lookup::{Owned, key, token};
use super::owner::OwnersWork;
use super::{Connection, Store, change, fault, find, insert};
use crate::sql::{Among, Checked, Insert, checksum_of_payload, micros, number, time};
use crate::{
    AppendError, Commit, Fault, InDoubt, Lease, NewOutboxRow, Outbox, OutboxId, OutboxPosition,
    OutboxRow, OutboxState, Outcome, Settlement, TenantId, WriteError,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[async_trait]
impl Outbox for Store {
    async fn claim(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, WriteError> {
        self.owner().ask_as(lease, Claim { now: micros(now), limit }).await
    }

    async fn doubt(&self, lease: &Lease, which: InDoubt) -> Result<u64, WriteError> {
        self.owner().ask_as(lease, Doubt { which }).await
    }

    async fn read_outbox(
        &self,
        tenant: TenantId,
        state: OutboxState,
        after: OutboxPosition,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, Fault> {
        let mut connection = self.reader().await?;
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT b.position, b.id, b.state, b.claimed_by, b.attempts, b.appended_at,
                b.not_before, b.erased_at, b.payload, b.checksum
             FROM outbox b WHERE b.tenant = (SELECT number FROM tenants WHERE tenant = $1)
                AND b.state = $2 AND b.position > $3
             ORDER BY b.position LIMIT $4",
        )
        .bind(key(tenant))
        .bind(state_number(state))
        .bind(number(after.number()))
        .bind(number(limit as u64))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| fault(&error))?;
        rows.into_iter().map(row).collect()
    }

    async fn forget_outbox(&self, lease: &Lease, before: DateTime<Utc>) -> Result<u64, WriteError> {
        self.owner().ask_as(lease, Forget { before: micros(before) }).await
    }
}

pub(super) type Columns =
    (i64, Vec<u8>, i64, Option<i64>, i64, i64, i64, Option<i64>, Vec<u8>, i64);

pub(super) fn row(columns: Columns) -> Result<OutboxRow, Fault> {
    let (position, id, state, claimed_by, attempts, appended_at, not_before, ..) = columns;
    let (.., erased_at, payload, checksum) = columns;
    let damaged = |what: &str| Fault::corrupt(format!("outbox row {position} has no {what}"));
    let id = Uuid::from_slice(&id).map_err(|_| damaged("id"))?;
    let expected = checksum_of_payload(position, &payload);
    let payload = payload.checked(checksum, expected, "outbox row", position)?;
    let new = NewOutboxRow::new(OutboxId::new(id), time(not_before)?, payload);
    let position = OutboxPosition::new(position.unsigned_abs());
    let mut row = OutboxRow::waiting(position, new, time(appended_at)?);
    row.state = state_of(state).ok_or_else(|| damaged("known state"))?;
    row.claimed_by = claimed_by.map(token);
    row.attempts = u32::try_from(attempts).map_err(|_| damaged("count of attempts"))?;
    row.erased_at = erased_at.map(time).transpose()?;
    Ok(row)
}

const STATES: [OutboxState; 5] = [
    OutboxState::Waiting,
    OutboxState::Sending,
    OutboxState::Ambiguous,
    OutboxState::Sent,
    OutboxState::Failed,
];

const fn state_number(state: OutboxState) -> i64 {
    match state {
        OutboxState::Waiting => 0,
        OutboxState::Sending => 1,
        OutboxState::Ambiguous => 2,
        OutboxState::Sent => 3,
        OutboxState::Failed => 4,
    }
}

fn state_of(number: i64) -> Option<OutboxState> {
    STATES.into_iter().find(|state| state_number(*state) == number)
}

static STATES_OF: Among = Among::new("outbox", "id", "state");

/// Whether rows may be appended and settled as a commit says.
pub(super) async fn allowed(
    connection: &mut Connection,
    tenant: i64,
    commit: &Commit,
) -> Result<Result<(), AppendError>, sqlx::Error> {
    let new = commit.outbox.iter().map(|row| row.id);
    let settled = commit.settlements.iter().map(|settlement| settlement.id);
    let ids: BTreeSet<OutboxId> = new.chain(settled).collect();
    let ids = ids.into_iter().map(|id| id.as_uuid().as_bytes().to_vec()).collect();
    let states = find(connection, &STATES_OF, tenant, ids).await?;
    let states: BTreeMap<Vec<u8>, i64> = states.into_iter().collect();
    let state = |id: &OutboxId| states.get(&id.as_uuid().as_bytes()[..]).copied();
    let mut new = BTreeSet::new();
    for &NewOutboxRow { id, .. } in &commit.outbox {
        if state(&id).is_some() || !new.insert(id) {
            return Ok(Err(AppendError::KnownRow { id }));
        }
    }
    for &Settlement { id, outcome } in &commit.settlements {
        if !state(&id).and_then(state_of).is_some_and(|state| state.allows(&outcome)) {
            return Ok(Err(AppendError::Settled { id }));
        }
    }
    Ok(Ok(()))
}

static SENT: Among = Among::new("outbox", "id", "state = 3");
static FAILED: Among = Among::new("outbox", "id", "state = 4");
static AMBIGUOUS: Among = Among::new("outbox", "id", "state = 2");

/// Of two that say something of one row the later counts.
pub(super) async fn settle(
    connection: &mut Connection,
    tenant: i64,
    settlements: &[Settlement],
) -> Result<(), sqlx::Error> {
    let outcomes: BTreeMap<_, _> = settlements.iter().map(|it| (it.id, it.outcome)).collect();
    let (mut sent, mut failed, mut ambiguous) = (Vec::new(), Vec::new(), Vec::new());
    for (id, outcome) in outcomes {
        let id = id.as_uuid().as_bytes().to_vec();
        match outcome {
            Outcome::Sent => sent.push(id),
            Outcome::Failed => failed.push(id),
            Outcome::Ambiguous => ambiguous.push(id),
            Outcome::Again { at } => {
                let again = "UPDATE outbox SET state = 0, not_before = $3
                    WHERE tenant = $1 AND id = $2";
                let again = sqlx::query(again).bind(tenant).bind(id).bind(micros(at));
                again.execute(&mut *connection).await?;
            }
        }
    }
    change(connection, &SENT, tenant, sent).await?;
    change(connection, &FAILED, tenant, failed).await?;
    change(connection, &AMBIGUOUS, tenant, ambiguous).await
}

static ROWS: Insert<8> = Insert::new(
    "outbox",
    ["position", "id", "state", "attempts", "appended_at", "not_before", "payload", "checksum"],
);
static SUBJECTS: Insert<2> = Insert::new("outbox_subjects", ["subject", "position"]);

/// Answers the last row's position.
pub(super) async fn append(
    connection: &mut Connection,
    owned: &Owned,
    commit: &Commit,
) -> Result<i64, sqlx::Error> {
    let mut head = owned.outbox_head;
    let rows = commit.outbox.iter().map(|row| {
        head += 1;
        let (id, payload) = (&row.id.as_uuid().as_bytes()[..], row.payload.as_bytes());
        let (state, attempts) = (state_number(OutboxState::Waiting), 0_i64);
        let (appended_at, not_before) = (micros(commit.now), micros(row.not_before));
        let checksum = checksum_of_payload(head, payload);
        [
            head.into(),
            id.into(),
            state.into(),
            attempts.into(),
            appended_at.into(),
            not_before.into(),
            payload.into(),
            checksum.into(),
        ]
    });
    let rows = rows.collect();
    insert(connection, &ROWS, owned.tenant, rows).await?;
    let of = commit.outbox.iter().zip(owned.outbox_head + 1..);
    let of = of.map(|(row, position)| (position, &*row.subjects));
    insert_subjects(connection, &SUBJECTS, owned.tenant, of).await?;
    Ok(head)
}

struct Claim {
    now: i64,
    limit: usize,
}

impl OwnersWork for Claim {
    type Answer = Vec<OutboxRow>;
    type Refusal = WriteError;

    async fn run(
        &self,
        connection: &mut Connection,
        owned: &Owned,
    ) -> Result<Result<Vec<OutboxRow>, WriteError>, sqlx::Error> {
        let rows: Vec<Columns> = sqlx::query_as(
            "UPDATE outbox SET state = 1, claimed_by = $2, attempts = attempts + 1
             WHERE tenant = $1 AND position IN
                (SELECT position FROM outbox
                 WHERE tenant = $1 AND state = 0 AND not_before <= $3
                 ORDER BY position LIMIT $4)
             RETURNING position, id, state, claimed_by, attempts, appended_at, not_before,
                erased_at, payload, checksum",
        )
        .bind(owned.tenant)
        .bind(owned.token)
        .bind(self.now)
        .bind(number(self.limit as u64))
        .fetch_all(connection)
        .await?;
        let rows: Result<Vec<OutboxRow>, Fault> = rows.into_iter().map(row).collect();
        Ok(rows.map_err(WriteError::from).map(|mut rows| {
            // What is returned comes in no order of its own.
            rows.sort_unstable_by_key(|row| row.position);
            rows
        }))
    }
}

struct Doubt {
    which: InDoubt,
}

impl OwnersWork for Doubt {
    type Answer = u64;
    type Refusal = WriteError;

    async fn run(
        &self,
        connection: &mut Connection,
        owned: &Owned,
    ) -> Result<Result<u64, WriteError>, sqlx::Error> {
        let claimed = sqlx::query(
            "UPDATE outbox SET state = 2 WHERE tenant = $1 AND state = 1 AND claimed_by <> $2",
        )
        .bind(owned.tenant)
        .bind(owned.token)
        .execute(&mut *connection)
        .await?;
        let waiting = match self.which {
            InDoubt::Claimed => 0,
            InDoubt::Unsent => {
                sqlx::query("UPDATE outbox SET state = 2 WHERE tenant = $1 AND state = 0")
                    .bind(owned.tenant)
                    .execute(connection)
                    .await?
                    .rows_affected()
            }
        };
        Ok(Ok(claimed.rows_affected() + waiting))
    }
}

struct Forget {
    before: i64,
}

impl OwnersWork for Forget {
    type Answer = u64;
    type Refusal = WriteError;

    async fn run(
        &self,
        connection: &mut Connection,
        owned: &Owned,
    ) -> Result<Result<u64, WriteError>, sqlx::Error> {
        let done = sqlx::query(
            "DELETE FROM outbox WHERE tenant = $1 AND state IN (3, 4) AND appended_at < $2",
        )
        .bind(owned.tenant)
        .bind(self.before)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "DELETE FROM outbox_subjects WHERE tenant = $1 AND position NOT IN
                (SELECT position FROM outbox WHERE tenant = $1)",
        )
        .bind(owned.tenant)
        .execute(connection)
        .await?;
        Ok(Ok(done.rows_affected()))
    }
}
