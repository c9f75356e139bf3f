use super::world::{World, at, commit, event, item, person, row, texts};
use super::{Broken, ensure, equal, table};
use crate::{Accepted, Erasure, InDoubt, InboxPosition, OutboxState, Part, Position};

table! {
    "two tenants with the same everything never meet" => apart,
}

async fn apart(world: World) -> Result<(), Broken> {
    let (one, two) = (world.owned().await?, world.owned().await?);
    let storage = &world.one;
    for (lease, who) in [(&one, "one"), (&two, "two")] {
        let accepted =
            storage.accept(lease.tenant, vec![item("a").with_subject(person(1))]).await?;
        equal(&accepted, &vec![Accepted::New(InboxPosition::new(1))], "an item of the same key")?;
        let step = commit(0)
            .with_event(event(who).with_subject(person(1)))
            .with_outbox_row(row(1).with_subject(person(1)))
            .with_inbox_cursor(InboxPosition::new(1));
        equal(&storage.append(lease, step).await?, &Position::new(1), "the end")?;
        let part = Part::new("identity", who.as_bytes().to_vec());
        storage.stage(lease, Position::new(1), vec![part]).await?;
        storage.publish(lease, Position::new(1), Vec::new()).await?;
    }
    let before = storage.progress(two.tenant).await?;

    storage.append(&one, commit(1).with_event(event("more")).with_event(event("and more"))).await?;
    equal(&storage.claim(&one, at(9), 99).await?.len(), &1, "rows claimed by one")?;
    storage.doubt(&one, InDoubt::Unsent).await?;
    storage.erase(&one, Erasure::new(vec![person(1)], Position::new(3), at(9))).await?;
    storage.forget_inbox(&one, at(99)).await?;
    storage.forget_outbox(&one, at(99)).await?;
    storage.release(&one).await?;

    equal(&world.other.progress(two.tenant).await?, &before, "progress of the other")?;
    equal(&texts(&world.events(two.tenant).await?), &vec!["two".to_owned()], "its events")?;
    ensure(
        world.items(two.tenant).await?.iter().all(|item| !item.payload.is_empty()),
        "its items",
    )?;
    equal(&world.rows(two.tenant, OutboxState::Waiting).await?.len(), &1, "its rows")?;
    equal(&world.other.about(two.tenant, &[person(1)], None, 99).await?.len(), &3, "its people")?;
    let part = world.other.part(two.tenant, Position::new(1), &"identity".into()).await?;
    ensure(part.is_some_and(|part| part.payload.as_bytes() == b"two"), "its snapshot")?;
    storage.renew(&two, at(9999)).await?;
    Ok(())
}
