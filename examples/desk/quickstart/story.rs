//! Siti's air conditioner: one customer on three channels, a promise that breaks and one that holds.

use crate::day::Day;
use crate::people::{Person, Via};
use crate::shop::Shop;
use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use kontak_calendar::Tz;
use kontak_content::Written;
use kontak_conversation::{Actor, Command, CommitmentState};
use kontak_desk::Notice;
use kontak_types::{AgentId, ConversationId, TouchpointKey, WorkItemId};

pub(crate) fn siti() -> Person {
    Person {
        number: 100_000,
        name: "Siti Rahayu".to_owned(),
        phone: "+6281290435517".to_owned(),
        email: "siti.rahayu@gmail.com".to_owned(),
        channels: vec![Via::Market, Via::WhatsApp, Via::Till],
        shows_number: false,
    }
}

/// What came of it.
pub(crate) struct Story {
    pub(crate) conversation: ConversationId,
    pub(crate) told: Vec<String>,
}

impl Story {
    fn tell(&mut self, at: DateTime<Utc>, what: impl AsRef<str>) {
        let line =
            format!("{}  {}", at.with_timezone(&Tz::Asia__Jakarta).format("%H:%M"), what.as_ref());
        println!("  {line}");
        self.told.push(line);
    }
}

pub(crate) async fn tell(
    shop: &mut Shop,
    day: &mut Day,
    at: impl Fn(&str) -> anyhow::Result<DateTime<Utc>>,
) -> anyhow::Result<Story> {
    let siti = siti();
    let now = at("09:10")?;
    day.until(shop, now).await?;
    let conversation = shop.hears(Via::Market, &siti, "AC saya tidak dingin", now).await?;
    let mut story = Story { conversation, told: Vec::new() };
    story.tell(now, "she writes on the marketplace: \"AC saya tidak dingin\"");
    let agent = holder(shop, conversation).await?.context("somebody is free")?;
    let why = shop
        .look(move |tenant| {
            let item = WorkItemId::new(*conversation.as_uuid());
            tenant.routing().explain(item).map(|explanation| explanation.to_string())
        })
        .await?;
    story.tell(now, format!("who has it: {}", why.context("it is in hand")?));
    shop.says(agent, conversation, "Teknisi kami datang sebelum jam 15.").await?;
    let what = Written::new("Teknisi datang")?;
    let due = at("15:00")?;
    let promise = shop.desk.promise(Actor::Agent(agent), conversation, what, due).await?;
    story.tell(now, "promised: a technician comes before 15:00");

    day.until(shop, at("14:59")?).await?;
    shop.notices()?;
    shop.until(at("15:00")?).await?;
    let notices = shop.notices()?;
    let broken = Notice::PromiseBroken { commitment: promise, conversation };
    ensure!(notices.contains(&broken), "the promise is known to be broken at its second");
    story.tell(at("15:00")?, "nobody came: the promise is broken, and known to be at its second");

    let now = at("15:40")?;
    day.until(shop, now).await?;
    let again = shop.hears(Via::WhatsApp, &siti, "Teknisi tidak datang!", now).await?;
    ensure!(again == conversation, "one person, one conversation");
    let why = placed(shop, conversation).await?;
    story.tell(now, format!("she writes on WhatsApp; it is the same conversation, because {why}"));
    story.tell(now, format!("why one person: {}", one_person(shop, &siti).await?));
    let agent = holder(shop, conversation).await?.context("somebody has it")?;
    let brief = shop
        .look(move |tenant| {
            let brief = tenant.conversations().brief(conversation, None)?;
            let open = brief.commitments.iter().filter(|it| it.state.is_outstanding()).count();
            Some(format!("{} messages to read, {open} promise to make good", brief.messages))
        })
        .await?;
    story.tell(now, format!("what the agent sees: {}", brief.context("it is known")?));
    shop.says(agent, conversation, "Maaf! Teknisi datang hari ini jam 18.").await?;
    let what = Written::new("Teknisi datang hari ini")?;
    let second = shop.desk.promise(Actor::Agent(agent), conversation, what, at("18:30")?).await?;

    let now = at("16:30")?;
    day.until(shop, now).await?;
    let third = shop.hears(Via::Till, &siti, "Bertanya soal AC di toko", now).await?;
    ensure!(third == conversation, "she did not have to begin again");
    story.tell(now, "she walks into the shop; the till shows the same conversation");
    let agent = holder(shop, conversation).await?.context("somebody has it")?;
    shop.says(agent, conversation, "Teknisi sudah di jalan, Bu.").await?;

    let now = at("18:05")?;
    day.until(shop, now).await?;
    let kept = Command::KeepPromise(second);
    shop.desk.command(Actor::Agent(agent), kept).await?;
    shop.desk.resolve(Actor::Agent(agent), conversation).await?;
    story
        .tell(now, "the technician has been there: the second promise is kept, and it is resolved");
    let states = shop
        .look(move |tenant| {
            let promises = tenant.conversations().commitments(conversation);
            promises.map(|promise| promise.state).collect::<Vec<_>>()
        })
        .await?;
    ensure!(
        matches!(states[..], [CommitmentState::Broken { .. }, CommitmentState::Kept { .. }]),
        "one promise broken, one kept"
    );
    Ok(story)
}

async fn holder(shop: &Shop, conversation: ConversationId) -> anyhow::Result<Option<AgentId>> {
    shop.look(move |tenant| tenant.conversations().conversation(conversation)?.agent).await
}

/// Why the last message of a conversation is in it.
async fn placed(shop: &Shop, conversation: ConversationId) -> anyhow::Result<String> {
    let reason = shop
        .look(move |tenant| {
            let mut messages = tenant.conversations().messages(conversation).rev();
            messages.find_map(|message| message.place?.1)
        })
        .await?;
    Ok(reason.context("it came in")?.to_string())
}

/// Why the accounts of two channels are one person's.
async fn one_person(shop: &Shop, person: &Person) -> anyhow::Result<String> {
    let buyer = TouchpointKey::new("marketplace", "market", format!("buyer-{}", person.number));
    let digits = person.phone.trim_start_matches('+').to_owned();
    let explained = shop
        .look(move |tenant| {
            let view = tenant.identity();
            let one = view.touchpoint(&buyer)?;
            let customer = view.customer_of(one)?;
            let whatsapp = |other: &kontak_identity::TouchpointHandle| {
                view.touchpoint_key(*other).is_some_and(|key| key.id == digits)
            };
            let other = customer.members().into_iter().find(whatsapp)?;
            Some(view.explain(one, other)?.to_string())
        })
        .await?;
    explained.context("they are one customer")
}
