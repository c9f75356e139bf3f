use super::world::{World, at, commit, event, row, row_id};
use super::{Broken, ensure, equal, table};
use crate::{AppendError, InDoubt, NewOutboxRow, OutboxPosition, OutboxState, Outcome, Settlement};
use OutboxState::{Ambiguous, Failed, Sending, Sent, Waiting};

table! {
    "rows go out in order, each once, and not before their time" => claimed,
    "a claimed row is in doubt under the next token" => doubted,
    "after a restore what waits is in doubt too" => restored,
    "what became of a row is written with the step that says so" => settled,
    "ends stay" => ends,
    "a row that is to be tried again waits for its time" => again,
    "rows that ended and are old are forgotten, and no others" => forgotten,
}

async fn claimed(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let late = NewOutboxRow::new(row_id(1), at(100), b"late".to_vec());
    let step = commit(0).with_outbox_row(late).with_outbox_row(row(2)).with_outbox_row(row(3));
    world.one.append(&lease, step).await?;
    world.one.append(&lease, commit(0).with_outbox_row(row(4))).await?;

    let first = world.one.claim(&lease, at(0), 2).await?;
    equal(&first.iter().map(|row| row.id).collect(), &vec![row_id(2), row_id(3)], "claimed first")?;
    let claimed = &first[0];
    equal(&claimed.state, &Sending, "its state")?;
    equal(&(claimed.claimed_by, claimed.attempts), &(Some(lease.token), 1), "its claim")?;
    equal(&(claimed.appended_at, claimed.not_before), &(at(0), at(0)), "its times")?;
    equal(&claimed.payload.as_bytes(), &&b"row 2"[..], "its payload")?;
    equal(&world.rows(lease.tenant, Sending).await?, &first, "as it is kept")?;

    let rest = world.one.claim(&lease, at(99), 10).await?;
    equal(&rest.iter().map(|row| row.id).collect(), &vec![row_id(4)], "claimed next")?;
    ensure(world.one.claim(&lease, at(99), 10).await?.is_empty(), "a row is claimed twice")?;
    let late = world.one.claim(&lease, at(100), 10).await?;
    equal(&late.iter().map(|row| row.id).collect(), &vec![row_id(1)], "claimed in its time")?;

    let page = world.other.read_outbox(lease.tenant, Sending, late[0].position, 2).await?;
    equal(&page.iter().map(|row| row.id).collect(), &vec![row_id(2), row_id(3)], "a page")?;
    ensure(OutboxPosition::START < late[0].position, "a row stands at the start")
}

async fn doubted(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let old = world.one.acquire(tenant, "a", at(0), at(10)).await?;
    let step = commit(0).with_outbox_row(row(1)).with_outbox_row(row(2)).with_outbox_row(row(3));
    world.one.append(&old, step).await?;
    world.one.claim(&old, at(0), 2).await?;
    equal(&world.one.doubt(&old, InDoubt::Claimed).await?, &0, "its own rows, doubted")?;
    let new = world.other.acquire(tenant, "b", at(10), at(20)).await?;
    equal(&world.other.doubt(&new, InDoubt::Claimed).await?, &2, "rows in doubt")?;
    equal(&world.other.doubt(&new, InDoubt::Claimed).await?, &0, "rows in doubt, asked again")?;
    let rows = world.rows(tenant, Ambiguous).await?;
    equal(&rows.iter().map(|row| row.id).collect(), &vec![row_id(1), row_id(2)], "in doubt")?;
    let claimed = world.other.claim(&new, at(11), 10).await?;
    let ids: Vec<_> = claimed.iter().map(|row| row.id).collect();
    equal(&ids, &vec![row_id(3)], "what the next owner may send")
}

async fn restored(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let step = commit(0).with_outbox_row(row(1)).with_outbox_row(row(2)).with_outbox_row(row(3));
    world.one.append(&lease, step).await?;
    world.one.claim(&lease, at(0), 1).await?;
    world
        .one
        .append(&lease, commit(0).with_settlement(Settlement::new(row_id(1), Outcome::Sent)))
        .await?;
    equal(&world.one.doubt(&lease, InDoubt::Unsent).await?, &2, "rows in doubt")?;
    ensure(world.one.claim(&lease, at(0), 9).await?.is_empty(), "a doubtful row is sent")?;
    equal(&world.rows(lease.tenant, Sent).await?.len(), &1, "rows sent")
}

async fn settled(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let step = (1..=4).fold(commit(0), |step, number| step.with_outbox_row(row(number)));
    world.one.append(&lease, step).await?;
    world.one.claim(&lease, at(0), 3).await?;
    let step = commit(0)
        .with_event(event("sent"))
        .with_settlement(Settlement::new(row_id(1), Outcome::Sent))
        .with_settlement(Settlement::new(row_id(2), Outcome::Failed))
        .with_settlement(Settlement::new(row_id(3), Outcome::Ambiguous))
        .with_settlement(Settlement::new(row_id(4), Outcome::Failed));
    world.one.append(&lease, step).await?;
    for (state, expected) in [
        (Sent, vec![1]),
        (Failed, vec![2, 4]),
        (Ambiguous, vec![3]),
        (Waiting, vec![]),
        (Sending, vec![]),
    ] {
        let rows = world.rows(lease.tenant, state).await?;
        let expected: Vec<_> = expected.into_iter().map(row_id).collect();
        equal(&rows.iter().map(|row| row.id).collect(), &expected, "rows by state")?;
    }
    let found = Settlement::new(row_id(3), Outcome::Sent);
    world.one.append(&lease, commit(1).with_settlement(found)).await?;
    equal(&world.rows(lease.tenant, Sent).await?.len(), &2, "rows sent, one found later")
}

async fn ends(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let step = commit(0).with_outbox_row(row(1)).with_outbox_row(row(2));
    world.one.append(&lease, step).await?;
    world.one.claim(&lease, at(0), 2).await?;
    let settle = |id, outcome| commit(0).with_settlement(Settlement::new(row_id(id), outcome));
    world.one.append(&lease, settle(1, Outcome::Sent)).await?;
    world.one.append(&lease, settle(2, Outcome::Failed)).await?;
    world.one.append(&lease, settle(1, Outcome::Sent)).await?;
    world.one.append(&lease, settle(2, Outcome::Failed)).await?;
    for (id, outcome) in [
        (1, Outcome::Failed),
        (1, Outcome::Ambiguous),
        (1, Outcome::Again { at: at(0) }),
        (2, Outcome::Sent),
        (2, Outcome::Again { at: at(0) }),
    ] {
        let refused = world.one.append(&lease, settle(id, outcome)).await;
        ensure(matches!(refused, Err(AppendError::Settled { .. })), "an end is overwritten")?;
    }
    ensure(world.one.claim(&lease, at(99), 9).await?.is_empty(), "an ended row is sent")
}

async fn again(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    world.one.append(&lease, commit(0).with_outbox_row(row(1))).await?;
    world.one.claim(&lease, at(0), 1).await?;
    let again = Settlement::new(row_id(1), Outcome::Again { at: at(30) });
    world.one.append(&lease, commit(0).with_settlement(again)).await?;
    ensure(world.one.claim(&lease, at(29), 1).await?.is_empty(), "it goes before its time")?;
    let claimed = world.one.claim(&lease, at(30), 1).await?;
    let attempts: Vec<_> = claimed.iter().map(|row| row.attempts).collect();
    equal(&attempts, &vec![2], "attempts")
}

async fn forgotten(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let step = (1..=3).fold(commit(0), |step, number| step.with_outbox_row(row(number)));
    world.one.append(&lease, step).await?;
    world.one.claim(&lease, at(0), 2).await?;
    let sent = Settlement::new(row_id(1), Outcome::Sent);
    world.one.append(&lease, commit(0).with_settlement(sent)).await?;
    equal(&world.one.forget_outbox(&lease, at(0)).await?, &0, "rows too young, forgotten")?;
    equal(&world.one.forget_outbox(&lease, at(1)).await?, &1, "rows forgotten")?;
    equal(&world.rows(lease.tenant, Sending).await?.len(), &1, "rows being sent")?;
    equal(&world.rows(lease.tenant, Waiting).await?.len(), &1, "rows that wait")?;
    ensure(world.rows(lease.tenant, Sent).await?.is_empty(), "a forgotten row is there")
}
