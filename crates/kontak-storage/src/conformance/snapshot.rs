use super::world::{World, commit, event};
use super::{Broken, ensure, equal, table};
use crate::{Lease, Part, PartError, PartName, Payload, Position, PublishError, WriteError};

table! {
    "parts are seen by nobody before they are published, then all at once" => all_at_once,
    "what is not said anew is carried over" => carried,
    "what was staged for elsewhere is dropped" => dropped,
    "a snapshot that counts no more says so" => superseded,
    "a snapshot goes neither back nor beyond the journal" => bounds,
    "names are listed by prefix, in order, in pages" => listed,
    "a part may be big, but not too big" => big,
}

async fn with_events(world: &World, count: u64) -> Result<Lease, Broken> {
    let lease = world.owned().await?;
    let step =
        (0..count).fold(commit(0), |step, number| step.with_event(event(&number.to_string())));
    world.one.append(&lease, step).await?;
    Ok(lease)
}

fn part(name: &str, text: &str) -> Part {
    Part::new(name, text.as_bytes().to_vec())
}

async fn text(world: &World, lease: &Lease, at: Position, name: &str) -> Result<String, Broken> {
    let part = world.other.part(lease.tenant, at, &name.into()).await?;
    let bytes = part.map_or_else(|| b"(none)".to_vec(), |part| part.payload.into_bytes());
    Ok(String::from_utf8(bytes)?)
}

async fn all_at_once(world: World) -> Result<(), Broken> {
    let lease = with_events(&world, 5).await?;
    let (three, five) = (Position::new(3), Position::new(5));
    world.one.stage(&lease, three, vec![part("identity", "i3"), part("routing", "r3")]).await?;
    equal(&world.other.snapshot(lease.tenant).await?, &None, "a snapshot that is only staged")?;
    world.one.stage(&lease, three, vec![part("routing", "r3 again")]).await?;
    world.one.publish(&lease, three, Vec::new()).await?;
    equal(&world.other.snapshot(lease.tenant).await?, &Some(three), "the snapshot")?;
    equal(&text(&world, &lease, three, "identity").await?, &"i3".to_owned(), "a part")?;
    equal(&text(&world, &lease, three, "routing").await?, &"r3 again".to_owned(), "staged twice")?;
    world.one.stage(&lease, five, vec![part("identity", "i5")]).await?;
    equal(&text(&world, &lease, three, "identity").await?, &"i3".to_owned(), "a part, not yet")?;
    world.one.publish(&lease, five, Vec::new()).await?;
    equal(&text(&world, &lease, five, "identity").await?, &"i5".to_owned(), "a part, now")
}

async fn carried(world: World) -> Result<(), Broken> {
    let lease = with_events(&world, 9).await?;
    let (three, five, nine) = (Position::new(3), Position::new(5), Position::new(9));
    let parts = vec![part("a", "a3"), part("b", "b3"), part("c", "c3")];
    world.one.stage(&lease, three, parts).await?;
    world.one.publish(&lease, three, Vec::new()).await?;
    world.one.stage(&lease, five, vec![part("b", "b5")]).await?;
    world.one.publish(&lease, five, vec!["c".into(), "never there".into()]).await?;
    world.one.publish(&lease, nine, Vec::new()).await?;
    for (name, expected) in [("a", "a3"), ("b", "b5"), ("c", "(none)"), ("d", "(none)")] {
        equal(&text(&world, &lease, nine, name).await?, &expected.to_owned(), "a part")?;
    }
    // What is gone and said anew at once is there.
    world.one.stage(&lease, nine, vec![part("a", "a9")]).await?;
    world.one.publish(&lease, nine, vec!["a".into()]).await?;
    equal(&text(&world, &lease, nine, "a").await?, &"a9".to_owned(), "gone and staged")
}

async fn dropped(world: World) -> Result<(), Broken> {
    let lease = with_events(&world, 9).await?;
    let (three, five) = (Position::new(3), Position::new(5));
    world.one.stage(&lease, three, vec![part("a", "a3"), part("b", "b3")]).await?;
    world.one.stage(&lease, five, vec![part("a", "a5")]).await?;
    world.one.publish(&lease, five, Vec::new()).await?;
    equal(&text(&world, &lease, five, "a").await?, &"a5".to_owned(), "the part staged here")?;
    equal(&text(&world, &lease, five, "b").await?, &"(none)".to_owned(), "the part staged before")
}

async fn superseded(world: World) -> Result<(), Broken> {
    let lease = with_events(&world, 9).await?;
    let (three, five) = (Position::new(3), Position::new(5));
    let early = world.one.part(lease.tenant, three, &"a".into()).await;
    let none = matches!(early, Err(PartError::Superseded { latest: None, .. }));
    ensure(none, "a part is read of a snapshot that is not")?;
    world.one.publish(&lease, three, Vec::new()).await?;
    world.one.publish(&lease, five, Vec::new()).await?;
    let late = world.one.part(lease.tenant, three, &"a".into()).await;
    let by =
        matches!(late, Err(PartError::Superseded { latest: Some(latest), .. }) if latest == five);
    ensure(by, "a part is read of a snapshot that counts no more")?;
    let late = world.one.part_names(lease.tenant, three, "", None, 9).await;
    ensure(matches!(late, Err(PartError::Superseded { .. })), "as are its names")
}

async fn bounds(world: World) -> Result<(), Broken> {
    let lease = with_events(&world, 5).await?;
    world.one.publish(&lease, Position::new(3), Vec::new()).await?;
    for wrong in [2, 6] {
        let refused = world.one.publish(&lease, Position::new(wrong), Vec::new()).await;
        ensure(matches!(refused, Err(PublishError::Position { .. })), "a snapshot out of bounds")?;
    }
    equal(&world.one.snapshot(lease.tenant).await?, &Some(Position::new(3)), "the snapshot")
}

async fn listed(world: World) -> Result<(), Broken> {
    let lease = with_events(&world, 1).await?;
    let at = Position::new(1);
    let names = ["b", "a/2", "a/10", "a", "a%", "a_", "aß", "a/1"];
    let parts = names.iter().map(|name| part(name, name)).collect();
    world.one.stage(&lease, at, parts).await?;
    world.one.publish(&lease, at, Vec::new()).await?;
    let list = async |prefix: &str, after: Option<&str>, limit| {
        let after = after.map(PartName::from);
        let found = world.other.part_names(lease.tenant, at, prefix, after.as_ref(), limit).await?;
        Ok::<_, Broken>(found.iter().map(|name| name.as_str().to_owned()).collect::<Vec<_>>())
    };
    equal(&list("a/", None, 9).await?, &words("a/1 a/10 a/2"), "names under a/")?;
    equal(&list("a/", Some("a/1"), 1).await?, &words("a/10"), "the next")?;
    equal(&list("a/", Some("a/2"), 9).await?, &words(""), "behind the last")?;
    equal(&list("", None, 99).await?, &words("a a% a/1 a/10 a/2 a_ aß b"), "all names")?;
    equal(&list("a_", None, 99).await?, &words("a_"), "names under a_")?;
    equal(&list("a%", Some("a"), 99).await?, &words("a%"), "names under a%, behind a")?;
    equal(&list("aß", None, 99).await?, &words("aß"), "names under aß")
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

async fn big(world: World) -> Result<(), Broken> {
    let lease = with_events(&world, 1).await?;
    let at = Position::new(1);
    let bytes = vec![7_u8; 12 << 20];
    world.one.stage(&lease, at, vec![Part::new("identity", bytes.clone())]).await?;
    world.one.publish(&lease, at, Vec::new()).await?;
    let read = world.other.part(lease.tenant, at, &"identity".into()).await?;
    ensure(read.is_some_and(|part| part.payload.as_bytes() == bytes), "12 MiB changed on the way")?;
    let bigger = Part::new("identity", vec![0_u8; Payload::MAX_BYTES + 1]);
    let refused = world.one.stage(&lease, at, vec![bigger]).await;
    ensure(matches!(refused, Err(WriteError::TooLarge(_))), "a part above the limit is taken")
}
