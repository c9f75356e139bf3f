use super::world::{World, commit, event, item};
use super::{Broken, ensure, equal, table};
use crate::{AppendError, InboxPosition, Position, Storage, TenantId};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

table! {
    "followers see every event once, in order, while it is written" => journal,
    "an inbox that many write is read once, in order" => inbox,
    "who waits is woken by either, and not before" => woken,
}

const EVENTS: u64 = 200;

async fn journal(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let followers: Vec<_> = (0..4)
        .map(|number| {
            let storage = Arc::clone(if number % 2 == 0 { &world.one } else { &world.other });
            tokio::spawn(follow(storage, lease.tenant))
        })
        .collect();
    let mut head = Position::START;
    while head.number() < EVENTS {
        let mut step = commit(head.number());
        for number in 1..=(head.number() % 5).max(1).min(EVENTS - head.number()) {
            step = step.with_event(event(&head.plus(number).to_string()));
        }
        head = world.one.append(&lease, step).await?;
        tokio::task::yield_now().await;
    }
    for follower in followers {
        let seen = timeout(PATIENCE, follower).await???;
        let all: Vec<_> = (1..=EVENTS).map(|number| number.to_string()).collect();
        equal(&seen, &all, "what a follower saw")?;
    }
    Ok(())
}

async fn follow(storage: Arc<dyn Storage>, tenant: TenantId) -> Result<Vec<String>, Broken> {
    let (mut seen, mut after) = (Vec::new(), Position::START);
    while after.number() < EVENTS {
        storage.beyond(tenant, after, InboxPosition::new(u64::MAX >> 1)).await?;
        for event in storage.read(tenant, after, 7).await? {
            equal(&event.position, &after.plus(1), "the next position")?;
            after = event.position;
            seen.push(String::from_utf8_lossy(event.payload.as_bytes()).into_owned());
        }
    }
    Ok(seen)
}

async fn inbox(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let writers: Vec<_> = (0..6)
        .map(|number| {
            let storage = Arc::clone(if number % 2 == 0 { &world.one } else { &world.other });
            tokio::spawn(async move {
                for round in 0..20 {
                    let items = vec![item(&format!("{number}/{round}")), item(&format!("{round}"))];
                    storage.accept(tenant, items).await?;
                }
                Ok::<_, Broken>(())
            })
        })
        .collect();
    let (mut after, mut seen) = (InboxPosition::START, 0);
    let all = 6 * 20 + 20;
    while seen < all {
        let more = world.other.beyond(tenant, Position::new(u64::MAX >> 1), after);
        timeout(PATIENCE, more).await??;
        for item in world.other.read_inbox(tenant, after, 9).await? {
            equal(&item.position, &after.plus(1), "the next position")?;
            after = item.position;
            seen += 1;
        }
    }
    for writer in writers {
        writer.await??;
    }
    equal(&world.items(tenant).await?.len(), &all, "items")
}

/// A store that has nothing to say must say nothing; this is how long a test listens.
const QUIET: Duration = Duration::from_millis(150);
const PATIENCE: Duration = Duration::from_secs(60);

async fn woken(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let tenant = lease.tenant;
    let (start, first) = (Position::START, InboxPosition::START);
    let early = timeout(QUIET, world.other.beyond(tenant, start, first)).await;
    ensure(early.is_err(), "somebody was woken for nothing")?;
    let storage = Arc::clone(&world.other);
    let waits = tokio::spawn(async move { storage.beyond(tenant, start, first).await });
    world.one.accept(tenant, vec![item("a")]).await?;
    let progress = timeout(PATIENCE, waits).await???;
    equal(&progress.inbox, &InboxPosition::new(1), "the inbox, by who was woken")?;
    let storage = Arc::clone(&world.other);
    let waits = tokio::spawn(async move { storage.beyond(tenant, start, first.plus(1)).await });
    let appended = world.one.append(&lease, commit(0).with_event(event("a"))).await;
    appended.map_err(|error: AppendError| Broken::from(error))?;
    let progress = timeout(PATIENCE, waits).await???;
    equal(&progress.journal, &Position::new(1), "the journal, by who was woken")
}
