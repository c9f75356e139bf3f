use super::world::{World, at, commit, event, item, person, row, row_id, texts};
use super::{Broken, ensure, equal, table};
use crate::{
    Erased, Erasure, InboxPosition, Lease, OutboxState, Outcome, Part, Payload, Position, Record,
    RecordKey, Settlement, Subject,
};

table! {
    "all that is known of somebody is found, in pages" => found,
    "an erasure reaches inbox, journal and outbox, and nobody else" => reaches,
    "an erased snapshot is gone, a newer one stays" => snapshots,
    "who was erased is known again when they come again" => comes_again,
}

/// Ani is 1, Budi is 2; some of what happened is about both.
async fn ani_and_budi(world: &World) -> Result<Lease, Broken> {
    let lease = world.owned().await?;
    let (ani, budi) = (person(1), person(2));
    let items = vec![
        item("from ani").with_subject(ani.clone()),
        item("from budi").with_subject(budi.clone()),
        item("from nobody"),
        item("ani again").with_subject(ani.clone()),
    ];
    world.one.accept(lease.tenant, items).await?;
    let step = commit(0)
        .with_event(event("ani speaks").with_subject(ani.clone()))
        .with_event(event("budi speaks").with_subject(budi.clone()))
        .with_event(event("ani is budi").with_subject(budi.clone()).with_subject(ani.clone()))
        .with_event(event("the shop opens"))
        .with_event(event("ani twice").with_subject(ani.clone()).with_subject(ani.clone()))
        .with_outbox_row(row(1).with_subject(ani.clone()))
        .with_outbox_row(row(2).with_subject(budi.clone()))
        .with_outbox_row(row(3).with_subject(ani.clone()))
        .with_inbox_cursor(InboxPosition::new(2));
    world.one.append(&lease, step).await?;
    world.one.claim(&lease, at(0), 1).await?;
    let sent = Settlement::new(row_id(1), Outcome::Sent);
    world.one.append(&lease, commit(5).with_settlement(sent)).await?;
    Ok(lease)
}

async fn known(world: &World, lease: &Lease, of: &[Subject]) -> Result<Vec<Record>, Broken> {
    Ok(world.other.about(lease.tenant, of, None, usize::MAX).await?)
}

async fn found(world: World) -> Result<(), Broken> {
    use RecordKey::{Event, Inbox, Outbox};
    let lease = ani_and_budi(&world).await?;
    let all = known(&world, &lease, &[person(1)]).await?;
    let keys: Vec<_> = all.iter().map(Record::key).collect();
    let (inbox, event) = (InboxPosition::new, Position::new);
    let rows = |state| world.rows(lease.tenant, state);
    let (sent, waiting) = (rows(OutboxState::Sent).await?, rows(OutboxState::Waiting).await?);
    let expected = vec![
        Inbox(inbox(1)),
        Inbox(inbox(4)),
        Event(event(1)),
        Event(event(3)),
        Event(event(5)),
        Outbox(sent[0].position),
        Outbox(waiting[1].position),
    ];
    equal(&keys, &expected, "what is known of Ani")?;
    for page in 1..=4 {
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let records = world.other.about(lease.tenant, &[person(1)], after, page).await?;
            let Some(last) = records.last() else { break };
            ensure(records.len() <= page, "a page is longer than was asked for")?;
            after = Some(last.key());
            paged.extend(records);
        }
        equal(&paged, &all, "the same in pages")?;
    }
    let both = known(&world, &lease, &[person(1), person(2), person(1)]).await?;
    equal(&both.len(), &10, "records about either")?;
    ensure(known(&world, &lease, &[person(3)]).await?.is_empty(), "a stranger is known")?;
    ensure(known(&world, &lease, &[]).await?.is_empty(), "nobody is known")
}

async fn reaches(world: World) -> Result<(), Broken> {
    let lease = ani_and_budi(&world).await?;
    let erasure = Erasure::new(vec![person(1), person(9)], Position::new(5), at(7))
        .with_rewritten(Position::new(3), b"somebody was budi".to_vec())
        .with_rewritten(Position::new(4), b"not about ani".to_vec());
    let erased = world.one.erase(&lease, erasure).await?;
    let expected = Erased { inbox: 2, events: 3, outbox: 2, snapshot: false };
    equal(&erased, &expected, "what was reached")?;

    let events = world.events(lease.tenant).await?;
    let left = ["", "budi speaks", "somebody was budi", "the shop opens", ""];
    equal(&texts(&events), &left.map(str::to_owned).to_vec(), "events")?;
    let marks: Vec<_> = events.iter().map(|event| event.erased_at).collect();
    let mark = Some(at(7));
    equal(&marks, &vec![mark, None, mark, None, mark], "marks of events")?;
    ensure(events.iter().all(|event| event.recorded_at == at(0)), "an event has another time")?;

    let items = world.items(lease.tenant).await?;
    let items: Vec<_> =
        items.iter().map(|item| (item.payload.is_empty(), item.erased_at)).collect();
    equal(&items, &vec![(true, mark), (false, None), (false, None), (true, mark)], "items")?;

    let failed = world.rows(lease.tenant, OutboxState::Failed).await?;
    equal(&failed.len(), &1, "rows that waited, failed")?;
    let sent = world.rows(lease.tenant, OutboxState::Sent).await?;
    ensure(sent.len() == 1 && sent[0].payload.is_empty(), "a sent row keeps its payload")?;
    ensure(failed[0].payload.is_empty(), "a failed row keeps its payload")?;
    equal(&world.rows(lease.tenant, OutboxState::Waiting).await?.len(), &1, "rows of others")?;

    ensure(known(&world, &lease, &[person(1)]).await?.is_empty(), "Ani is still found")?;
    equal(&known(&world, &lease, &[person(2)]).await?.len(), &4, "what is known of Budi")?;
    let again = Erasure::new(vec![person(1)], Position::new(5), at(8));
    equal(&world.one.erase(&lease, again).await?, &Erased::default(), "erased again")?;
    world.one.append(&lease, commit(5).with_event(event("on it goes"))).await?;
    Ok(())
}

async fn snapshots(world: World) -> Result<(), Broken> {
    let (two, five) = (Position::new(2), Position::new(5));
    let everybody = || Part::new("identity", b"ani, budi".to_vec());
    let of = |number, name: &str| Part::new(name, b"said".to_vec()).with_subject(person(number));

    // Old and about everybody: it goes, and what was staged with it.
    let lease = ani_and_budi(&world).await?;
    world.one.stage(&lease, two, vec![everybody()]).await?;
    world.one.publish(&lease, two, Vec::new()).await?;
    world.one.stage(&lease, two, vec![of(1, "conversation/1")]).await?;
    let erasure = Erasure::new(vec![person(1)], five, at(7));
    ensure(world.one.erase(&lease, erasure.clone()).await?.snapshot, "an old snapshot stays")?;
    equal(&world.other.snapshot(lease.tenant).await?, &None, "the snapshot")?;
    world.one.publish(&lease, two, Vec::new()).await?;
    let names = world.one.part_names(lease.tenant, two, "", None, 9).await?;
    ensure(names.is_empty(), "what was staged before the erasure is published after it")?;

    // Old and about somebody else: it stays, beside what is new.
    let lease = ani_and_budi(&world).await?;
    world.one.stage(&lease, two, vec![everybody(), of(2, "conversation/2")]).await?;
    world.one.publish(&lease, two, Vec::new()).await?;
    world.one.stage(&lease, five, vec![Part::new("identity", b"budi".to_vec())]).await?;
    world.one.publish(&lease, five, Vec::new()).await?;
    ensure(!world.one.erase(&lease, erasure.clone()).await?.snapshot, "a clean snapshot goes")?;
    let kept = world.other.part(lease.tenant, five, &"conversation/2".into()).await?;
    ensure(
        kept.is_some_and(|part| part.payload == Payload::from(b"said".to_vec())),
        "Budi's part",
    )?;

    // Carried over and about the one: the whole goes.
    let lease = ani_and_budi(&world).await?;
    world.one.stage(&lease, two, vec![of(1, "conversation/1")]).await?;
    world.one.publish(&lease, two, Vec::new()).await?;
    world.one.publish(&lease, five, Vec::new()).await?;
    ensure(world.one.erase(&lease, erasure).await?.snapshot, "a part about Ani is carried over")?;
    equal(&world.other.snapshot(lease.tenant).await?, &None, "the snapshot of Ani")
}

async fn comes_again(world: World) -> Result<(), Broken> {
    let lease = ani_and_budi(&world).await?;
    let erasure = Erasure::new(vec![person(1)], Position::new(5), at(7));
    world.one.erase(&lease, erasure).await?;
    let again = item("from ani").with_subject(person(1));
    let accepted = world.one.accept(lease.tenant, vec![again]).await?;
    let known = crate::Accepted::Known(InboxPosition::new(1));
    equal(&accepted, &vec![known], "a copy of what was erased")?;
    let items = world.items(lease.tenant).await?;
    ensure(items[0].payload.is_empty(), "a copy brings back what was erased")
}
