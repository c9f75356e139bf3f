use super::world::{World, at, commit, item, person};
use super::{Broken, ensure, equal, table};
use crate::{AcceptError, Accepted, InboxPosition, NewInboxItem, Payload};
use std::collections::BTreeSet;
use std::sync::Arc;

table! {
    "an item comes back as it was accepted" => comes_back,
    "what comes twice is kept once" => kept_once,
    "the same item from many sides at once is kept once" => kept_once_at_once,
    "an item too large is refused with all that came along" => too_large,
    "what is done with and old is forgotten, and nothing else" => forgotten,
}

async fn comes_back(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let new = NewInboxItem::new("wamid.1", at(0), b"\0halo\xff".to_vec()).with_subject(person(1));
    world.one.accept(tenant, vec![new, item("")]).await?;
    let items = world.items(tenant).await?;
    equal(&items.len(), &2, "items")?;
    equal(&items[0].position, &InboxPosition::new(1), "the first position")?;
    equal(&items[0].key, &"wamid.1".into(), "the key")?;
    equal(&items[0].received_at, &at(0), "the time")?;
    equal(&items[0].payload.as_bytes(), &&b"\0halo\xff"[..], "the payload")?;
    equal(&items[0].erased_at, &None, "erased")?;
    ensure(items[1].payload.is_empty(), "an empty payload is not empty")
}

async fn kept_once(world: World) -> Result<(), Broken> {
    use Accepted::{Known, New};
    let (tenant, place) = (world.tenant(), InboxPosition::new);
    let first = world.one.accept(tenant, vec![item("a"), item("b"), item("a")]).await?;
    equal(&first, &vec![New(place(1)), New(place(2)), Known(place(1))], "accepted")?;
    let again = world.other.accept(tenant, vec![item("b"), item("c")]).await?;
    equal(&again, &vec![Known(place(2)), New(place(3))], "accepted again")?;
    let none = world.one.accept(tenant, Vec::new()).await?;
    ensure(none.is_empty(), "nothing was accepted as something")?;
    equal(&world.items(tenant).await?.len(), &3, "items")?;
    equal(&world.one.progress(tenant).await?.inbox, &place(3), "the end of the inbox")
}

async fn kept_once_at_once(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let mut sides = Vec::new();
    for side in 0..8_usize {
        let storage = Arc::clone(if side % 2 == 0 { &world.one } else { &world.other });
        sides.push(tokio::spawn(async move {
            let mut new = Vec::new();
            for round in 0..10 {
                // Each begins elsewhere, so that two sides ask for the same items in different orders.
                let items = (0..5).map(|n| item(&format!("{round}/{}", (n + side) % 5))).collect();
                new.extend(storage.accept(tenant, items).await?);
            }
            Ok::<_, AcceptError>(new)
        }));
    }
    let mut new = Vec::new();
    for side in sides {
        let accepted = side.await??;
        new.extend(accepted.into_iter().filter(|accepted| matches!(accepted, Accepted::New(_))));
    }
    equal(&new.len(), &50, "items said to be new")?;
    let items = world.items(tenant).await?;
    let keys: BTreeSet<_> = items.iter().map(|item| &item.key).collect();
    equal(&(items.len(), keys.len()), &(50, 50), "items, keys")?;
    let places: Vec<_> = items.iter().map(|item| item.position.number()).collect();
    equal(&places, &(1..=50).collect(), "positions")
}

async fn too_large(world: World) -> Result<(), Broken> {
    let tenant = world.tenant();
    let large = NewInboxItem::new("large", at(0), vec![0_u8; Payload::MAX_BYTES + 1]);
    let refused = world.one.accept(tenant, vec![item("small"), large]).await;
    ensure(matches!(refused, Err(AcceptError::TooLarge(_))), "a payload above the limit is taken")?;
    ensure(world.items(tenant).await?.is_empty(), "what came along was kept")
}

async fn forgotten(world: World) -> Result<(), Broken> {
    let lease = world.owned().await?;
    let (tenant, one) = (lease.tenant, &world.one);
    let late = NewInboxItem::new("late", at(100), b"late".to_vec());
    one.accept(tenant, vec![item("a"), late, item("b")]).await?;
    one.append(&lease, commit(0).with_inbox_cursor(InboxPosition::new(2))).await?;
    equal(&one.forget_inbox(&lease, at(50)).await?, &1, "forgotten")?;
    let left: Vec<_> = world.items(tenant).await?.into_iter().map(|item| item.key).collect();
    equal(&left, &vec!["late".into(), "b".into()], "items left")?;
    let again = one.accept(tenant, vec![item("a")]).await?;
    equal(&again, &vec![Accepted::New(InboxPosition::new(4))], "the forgotten one again")
}
