use super::world::{World, at, commit, event, item, row};
use super::{Broken, ensure, equal, table};
use crate::{
    AcquireError, AppendError, Erasure, InDoubt, Lease, OutboxState, Part, Position, PublishError,
    RenewError, Storage, WakeAt, WriteError,
};
use std::sync::Arc;

table! {
    "one holds, others wait until it runs out" => one_holds,
    "a lease is lengthened and never shortened" => renewed,
    "a tenant let go of is free at once" => released,
    "of many who ask at once, one gets it" => race,
    "who was overtaken can write nothing" => fenced,
    "who ran out writes on until somebody else takes it" => ran_out,
    "tenants that wait for an owner are named" => due,
}

async fn one_holds(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let first = world.one.acquire(tenant, "a", at(0), at(10)).await?;
    match world.other.acquire(tenant, "b", at(9), at(20)).await {
        Err(AcquireError::Held { owner, until, .. }) => {
            equal(&(owner.as_str(), until), &("a", at(10)), "who holds it")?;
        }
        other => return Err(format!("a held tenant is {other:?}").into()),
    }
    let again = world.one.acquire(tenant, "a", at(5), at(12)).await?;
    ensure(again.token > first.token, "an owner that begins anew has its old token")?;
    let next = world.other.acquire(tenant, "b", at(12), at(20)).await?;
    ensure(next.token > again.token, "the next owner has no higher token")?;
    equal(&(next.tenant, next.until), &(tenant, at(20)), "the lease")
}

async fn renewed(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let lease = world.one.acquire(tenant, "a", at(0), at(10)).await?;
    let longer = world.one.renew(&lease, at(30)).await?;
    equal(&longer, &Lease::new(tenant, lease.token, at(30)), "the lengthened lease")?;
    equal(&world.one.renew(&longer, at(20)).await?.until, &at(30), "the end, not shortened")?;
    let held = world.other.acquire(tenant, "b", at(29), at(40)).await;
    ensure(matches!(held, Err(AcquireError::Held { .. })), "a lengthened lease does not hold")?;
    world.other.acquire(tenant, "b", at(30), at(40)).await?;
    let fenced = world.one.renew(&longer, at(90)).await;
    ensure(matches!(fenced, Err(RenewError::Fenced { .. })), "an overtaken lease is lengthened")
}

async fn released(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let lease = world.one.acquire(tenant, "a", at(0), at(1000)).await?;
    world.one.release(&lease).await?;
    let late = world.one.append(&lease, commit(0).with_event(event("late"))).await;
    ensure(matches!(late, Err(AppendError::Fenced { .. })), "who let go still writes")?;
    let next = world.other.acquire(tenant, "b", at(1), at(1000)).await?;
    ensure(next.token > lease.token, "the next owner has no higher token")?;
    world.one.release(&lease).await?;
    let held = world.one.acquire(tenant, "c", at(2), at(9)).await;
    ensure(matches!(held, Err(AcquireError::Held { .. })), "a late release frees another's lease")
}

async fn race(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let mut tokens = Vec::new();
    for round in 0..5_i64 {
        let askers: Vec<_> = (0..8)
            .map(|number| {
                let storage = Arc::clone(if number % 2 == 0 { &world.one } else { &world.other });
                tokio::spawn(async move {
                    let (now, until) = (at(round * 10), at(round * 10 + 10));
                    storage.acquire(tenant, &format!("{round}/{number}"), now, until).await
                })
            })
            .collect();
        let mut got = Vec::new();
        for asker in askers {
            match asker.await? {
                Ok(lease) => got.push(lease.token),
                Err(AcquireError::Held { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        equal(&got.len(), &1, "owners of one tenant")?;
        tokens.extend(got);
    }
    ensure(tokens.is_sorted_by(|one, next| one < next), "tokens do not rise")
}

async fn fenced(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let old = world.one.acquire(tenant, "a", at(0), at(10)).await?;
    world.one.accept(tenant, vec![item("a")]).await?;
    world.one.append(&old, commit(0).with_event(event("1")).with_outbox_row(row(1))).await?;
    let new = world.other.acquire(tenant, "b", at(10), at(20)).await?;
    writes_nothing(&*world.one, &old).await?;
    writes_nothing(&*world.other, &old).await?;
    // Nor does a token that was never given.
    writes_nothing(&*world.one, &Lease::new(tenant, new.token.plus(1), at(99))).await?;
    writes_nothing(&*world.one, &Lease::new(world.tenant(), new.token, at(99))).await?;
    equal(&world.events(tenant).await?.len(), &1, "events")?;
    equal(&world.rows(tenant, OutboxState::Waiting).await?.len(), &1, "rows that wait")?;
    world.other.append(&new, commit(1).with_event(event("2"))).await?;
    Ok(())
}

async fn writes_nothing(storage: &dyn Storage, lease: &Lease) -> Result<(), Broken> {
    let appended = storage.append(lease, commit(1).with_event(event("late"))).await;
    ensure(matches!(appended, Err(AppendError::Fenced { .. })), "the fenced one appends")?;
    let renewed = storage.renew(lease, at(999)).await;
    ensure(matches!(renewed, Err(RenewError::Fenced { .. })), "the fenced one renews")?;
    let fenced = |error: &WriteError| matches!(error, WriteError::Fenced { .. });
    let claimed = storage.claim(lease, at(999), 10).await;
    ensure(claimed.is_err_and(|error| fenced(&error)), "the fenced one claims")?;
    let doubted = storage.doubt(lease, InDoubt::Unsent).await;
    ensure(doubted.is_err_and(|error| fenced(&error)), "the fenced one doubts")?;
    let staged = storage.stage(lease, Position::START, vec![Part::new("a", vec![1])]).await;
    ensure(staged.is_err_and(|error| fenced(&error)), "the fenced one stages")?;
    let published = storage.publish(lease, Position::START, Vec::new()).await;
    let refused = matches!(published, Err(PublishError::Write(WriteError::Fenced { .. })));
    ensure(refused, "the fenced one publishes")?;
    let erased = storage.erase(lease, Erasure::new(Vec::new(), Position::START, at(0))).await;
    ensure(erased.is_err_and(|error| fenced(&error)), "the fenced one erases")?;
    let forgotten = storage.forget_inbox(lease, at(999)).await;
    ensure(forgotten.is_err_and(|error| fenced(&error)), "the fenced one forgets items")?;
    let forgotten = storage.forget_outbox(lease, at(999)).await;
    ensure(forgotten.is_err_and(|error| fenced(&error)), "the fenced one forgets rows")
}

async fn ran_out(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let lease = world.one.acquire(tenant, "a", at(0), at(10)).await?;
    let late = crate::Commit::new(Position::START, at(5000)).with_event(event("late"));
    world.one.append(&lease, late).await?;
    world.one.renew(&lease, at(6000)).await?;
    Ok(())
}

async fn due(world: World) -> Result<(), Broken> {
    let [idle, inbox, wakes, sends, sending] = std::array::from_fn(|_| world.tenant());
    let asleep = world.tenant();
    for tenant in [idle, wakes, sends, sending, asleep] {
        let lease = world.one.acquire(tenant, "a", at(0), at(10)).await?;
        let step = match tenant {
            tenant if tenant == wakes => commit(0).with_wake_at(WakeAt::Instant(at(50))),
            tenant if tenant == asleep => commit(0).with_wake_at(WakeAt::Instant(at(150))),
            tenant if tenant == sends || tenant == sending => commit(0).with_outbox_row(row(1)),
            _ => commit(0).with_event(event("1")),
        };
        world.one.append(&lease, step).await?;
        if tenant == sending {
            world.one.claim(&lease, at(1), 1).await?;
        }
    }
    world.one.accept(inbox, vec![item("a")]).await?;
    let ours = [idle, inbox, wakes, sends, sending, asleep];
    let due = async |seconds| {
        let all = world.other.due(at(seconds), usize::MAX).await?;
        Ok::<_, Broken>(all.into_iter().filter(|tenant| ours.contains(tenant)).collect::<Vec<_>>())
    };
    equal(&due(5).await?, &vec![inbox], "while the others are held")?;
    equal(&due(20).await?, &vec![inbox, sends, sending], "when they are free")?;
    equal(&due(60).await?, &vec![inbox, wakes, sends, sending], "when one is to wake")?;
    equal(&world.other.due(at(60), 1).await?.len(), &1, "due tenants, at most one")
}
