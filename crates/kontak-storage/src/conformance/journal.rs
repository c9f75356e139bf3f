use super::world::{World, at, commit, event, item, row, row_id, texts};
use super::{Broken, ensure, equal, table};
use crate::{
    AppendError, Commit, Event, EventKind, InboxPosition, NewEvent, OutboxState, Outcome, Payload,
    Position, Progress, Settlement, WakeAt,
};
use chrono::Timelike;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

table! {
    "a tenant that was never written for stands at the start" => untouched,
    "an event comes back as it was appended" => comes_back,
    "positions count from one, without gaps, over any pages" => counts,
    "a commit is written whole" => whole,
    "a refused commit leaves nothing" => nothing,
    "a commit that misplaces the journal's end is refused" => moved,
    "the inbox cursor goes forward only, and not beyond the inbox" => cursor,
    "a big payload comes back, one too big is refused" => big,
    "an append that nobody waits for is written whole or not at all" => dropped,
    "many tenants append at once" => at_once,
}

async fn untouched(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    equal(&world.one.progress(tenant).await?, &Progress::default(), "progress")?;
    equal(&world.one.snapshot(tenant).await?, &None, "snapshot")?;
    ensure(world.events(tenant).await?.is_empty(), "there are events")?;
    ensure(world.items(tenant).await?.is_empty(), "there are items")?;
    ensure(world.rows(tenant, OutboxState::Waiting).await?.is_empty(), "there are rows")
}

async fn comes_back(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let now = at(1).with_nanosecond(123_456_000).ok_or("no such time")?;
    let kind = EventKind::new("tổng đài".to_owned(), u16::MAX);
    let bytes: Vec<u8> = (0..=255).collect();
    let first = NewEvent::new(kind.clone(), bytes.clone());
    let empty = NewEvent::new(EventKind::new("", 0), Vec::new());
    let steps = Commit::new(Position::START, now).with_event(first).with_event(empty);
    world.one.append(&lease, steps).await?;
    let expected = vec![
        Event::new(Position::new(1), kind, now, None, bytes.into()),
        Event::new(Position::new(2), EventKind::new("", 0), now, None, Payload::default()),
    ];
    equal(&world.events(lease.tenant).await?, &expected, "events")
}

async fn counts(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let mut expected = Vec::new();
    for size in [1_usize, 0, 3, 70, 2, 300] {
        let mut step = commit(expected.len() as u64);
        for _ in 0..size {
            expected.push(format!("{}", expected.len() + 1));
            step = step.with_event(event(&expected[expected.len() - 1]));
        }
        let head = world.one.append(&lease, step).await?;
        equal(&head, &Position::new(expected.len() as u64), "the end")?;
    }
    for page in [1, 7, 64, 1000] {
        let (mut read, mut after) = (Vec::new(), Position::START);
        loop {
            let events = world.other.read(lease.tenant, after, page).await?;
            let Some(last) = events.last() else { break };
            ensure(events.len() <= page, "a page is longer than was asked for")?;
            equal(&last.position, &after.plus(events.len() as u64), "the last position of a page")?;
            after = last.position;
            read.extend(texts(&events));
        }
        equal(&read, &expected, "all pages")?;
    }
    Ok(())
}

async fn whole(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    world.one.accept(lease.tenant, vec![item("a"), item("b")]).await?;
    let step = commit(0)
        .with_event(event("heard"))
        .with_event(event("answered"))
        .with_outbox_row(row(1))
        .with_outbox_row(row(2))
        .with_inbox_cursor(InboxPosition::new(2))
        .with_wake_at(WakeAt::Instant(at(60)));
    equal(&world.one.append(&lease, step).await?, &Position::new(2), "the end")?;
    equal(&texts(&world.events(lease.tenant).await?), &texts_of(["heard", "answered"]), "events")?;
    let rows = world.rows(lease.tenant, OutboxState::Waiting).await?;
    equal(&rows.iter().map(|row| row.id).collect(), &vec![row_id(1), row_id(2)], "rows")?;
    let progress = world.other.progress(lease.tenant).await?;
    let two = InboxPosition::new(2);
    equal(&progress, &Progress::new(Position::new(2), two, two, Some(at(60))), "progress")?;
    world.one.append(&lease, commit(2)).await?;
    equal(&world.one.progress(lease.tenant).await?, &progress, "progress after an empty commit")?;
    world.one.append(&lease, commit(2).with_wake_at(WakeAt::Never)).await?;
    equal(&world.one.progress(lease.tenant).await?.wake_at, &None, "the instant to wake at")
}

async fn nothing(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    world.one.accept(lease.tenant, vec![item("a")]).await?;
    world.one.append(&lease, commit(0).with_outbox_row(row(1))).await?;
    let before = world.one.progress(lease.tenant).await?;
    let full = || {
        commit(0)
            .with_event(event("lost"))
            .with_outbox_row(row(2))
            .with_inbox_cursor(InboxPosition::new(1))
            .with_wake_at(WakeAt::Instant(at(9)))
    };
    let known = world.one.append(&lease, full().with_outbox_row(row(1))).await;
    ensure(matches!(known, Err(AppendError::KnownRow { .. })), "a known row is taken again")?;
    let twice = world.one.append(&lease, full().with_outbox_row(row(2))).await;
    ensure(matches!(twice, Err(AppendError::KnownRow { .. })), "a row is taken twice at once")?;
    let sent = Settlement::new(row_id(1), Outcome::Sent);
    let waits = world.one.append(&lease, full().with_settlement(sent)).await;
    ensure(matches!(waits, Err(AppendError::Settled { .. })), "a row that waits was sent")?;
    let missing = Settlement::new(row_id(3), Outcome::Failed);
    let missing = world.one.append(&lease, full().with_settlement(missing)).await;
    ensure(matches!(missing, Err(AppendError::Settled { .. })), "a row that is not is settled")?;
    equal(&world.other.progress(lease.tenant).await?, &before, "progress")?;
    ensure(world.events(lease.tenant).await?.is_empty(), "an event is left")?;
    equal(&world.rows(lease.tenant, OutboxState::Waiting).await?.len(), &1, "rows")?;
    world.one.append(&lease, full()).await.map(drop).map_err(Broken::from)
}

async fn moved(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    world.one.append(&lease, commit(0).with_event(event("1"))).await?;
    for wrong in [0, 2, u64::from(u32::MAX)] {
        let refused = world.one.append(&lease, commit(wrong).with_event(event("?"))).await;
        match refused {
            Err(AppendError::Moved { after, head }) => {
                equal(&(after.number(), head.number()), &(wrong, 1), "said, is")?;
            }
            other => return Err(format!("a commit after {wrong} is {other:?}").into()),
        }
    }
    equal(&world.events(lease.tenant).await?.len(), &1, "events")
}

async fn cursor(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    world.one.accept(lease.tenant, vec![item("a"), item("b"), item("c")]).await?;
    let to = |number| commit(0).with_inbox_cursor(InboxPosition::new(number));
    world.one.append(&lease, to(2)).await?;
    world.one.append(&lease, to(2)).await?;
    for wrong in [0, 1, 4] {
        let refused = world.one.append(&lease, to(wrong)).await;
        ensure(matches!(refused, Err(AppendError::Cursor { .. })), "a cursor goes astray")?;
    }
    equal(
        &world.one.progress(lease.tenant).await?.inbox_cursor,
        &InboxPosition::new(2),
        "the cursor",
    )
}

async fn big(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let bytes: Vec<u8> =
        (0..8_u32 << 20).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let kind = EventKind::new("conversation", 1);
    let big = NewEvent::new(kind.clone(), bytes.clone());
    world.one.append(&lease, commit(0).with_event(big)).await?;
    let events = world.events(lease.tenant).await?;
    ensure(events.len() == 1 && events[0].payload.as_bytes() == bytes, "8 MiB changed on the way")?;
    let bigger = NewEvent::new(kind, vec![0_u8; Payload::MAX_BYTES + 1]);
    let refused = world.one.append(&lease, commit(1).with_event(bigger)).await;
    ensure(matches!(refused, Err(AppendError::TooLarge(_))), "a payload above the limit is taken")
}

async fn dropped(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let mut head = 0;
    for attempt in 0_u128..40 {
        let mut step = commit(head).with_outbox_row(row(attempt));
        for number in 0..5 {
            step = step.with_event(event(&format!("{attempt}/{number}")));
        }
        // Polled a few times, with turns for whatever works in the background, then dropped.
        let mut append = world.one.append(&lease, step);
        for _ in 0..attempt % 8 {
            if let Poll::Ready(done) = poll_once(append.as_mut()) {
                done?;
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(append);
        // What is asked next waits for what was asked before, so from here on it stays as it is.
        let empty = world.one.append(&lease, commit(head)).await;
        let found = match empty {
            Ok(found) => found.number(),
            Err(AppendError::Moved { head, .. }) => head.number(),
            Err(error) => return Err(error.into()),
        };
        ensure(found == head || found == head + 5, "half a commit is written")?;
        let rows = world.rows(lease.tenant, OutboxState::Waiting).await?;
        equal(&(rows.len() as u64 * 5), &found, "rows, by events")?;
        head = found;
    }
    equal(&world.events(lease.tenant).await?.len(), &usize::try_from(head)?, "events")
}

async fn at_once(world: World) -> Result<(), Broken> {
    let mut owners = Vec::new();
    for number in 0..6 {
        let lease = world.owned().await?;
        let storage = Arc::clone(if number % 2 == 0 { &world.one } else { &world.other });
        owners.push(tokio::spawn(async move {
            for after in 0..25 {
                let event = event(&format!("{number}/{after}"));
                storage.append(&lease, commit(after).with_event(event)).await?;
            }
            Ok::<_, AppendError>((number, lease))
        }));
    }
    for owner in owners {
        let (number, lease) = owner.await??;
        let expected: Vec<_> = (0..25).map(|after| format!("{number}/{after}")).collect();
        equal(&texts(&world.events(lease.tenant).await?), &expected, "a tenant's events")?;
    }
    Ok(())
}

fn texts_of<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}
