//! One message all the way: a webhook's body, who it is from, which conversation it belongs to, when
//! it has to be answered, and who answers. Every crate that there is, each by its narrowest door.
//!
//! ```text
//! cargo run --release --example thin_path
//! ```

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use kontak_address::{Origin, PhoneParser};
use kontak_calendar::{Calendar, HolidaySet, Tz};
use kontak_content::Content;
use kontak_conversation::sla::{Measure, SlaPolicy, Target};
use kontak_conversation::{Actor, Command, Conversations, Inbound, LegId, Message, NativeId};
use kontak_identity::{Identifier, IdentityGraph, Observation, Policy, TenantKey, Verification};
use kontak_routing::{Agent, Centre, Engine, Input, Presence, WorkItem};
use kontak_types::uuid::Uuid;
use kontak_types::{
    AgentId, ChannelKind, ConversationId, MessageId, TouchpointId, TouchpointKey, WorkItemId,
};
use std::time::Duration;

const SECRET: [u8; 16] = *b"sixteen secret b";

/// As WhatsApp delivers it, but for the envelope.
const WEBHOOK: &str = r#"{"from": "6281290435517", "id": "wamid.HBgM", "timestamp": "1772416800",
    "profile": {"name": "Siti Rahayu"}, "text": {"body": "Halo, AC saya rusak"}}"#;

/// As the till of a shop has it: a number as people say it, and no message id.
const TILL: &str = r#"{"member": "77", "phone": "0812-9043-5517", "name": "Ibu Siti Rahayu",
    "at": "2026-03-04T10:15:00+07:00", "note": "asks about her air conditioner"}"#;

struct Desk {
    identity: IdentityGraph,
    conversations: Conversations,
    next: u128,
}

/// What a channel's adapter makes of a body.
struct Arrived {
    key: TouchpointKey,
    phone: Identifier,
    verification: Verification,
    name: String,
    text: String,
    native: String,
    at: DateTime<Utc>,
}

impl Desk {
    fn fresh(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    /// Stored, understood, placed. Returns the conversation.
    fn takes(&mut self, arrived: Arrived) -> anyhow::Result<ConversationId> {
        let Arrived { key, phone, verification, name, text, native, at } = arrived;
        let channel = key.channel.clone();
        let new_id = TouchpointId::new(self.fresh());
        let observation = Observation::new(new_id, key.clone(), channel.as_str(), &*native, at)
            .with_identifier(phone)
            .with_verification(verification)
            .with_name(name);
        self.identity.observe(&observation)?;
        let view = self.identity.settle();
        let touchpoint = view.touchpoint(&key).context("it was observed")?;
        let from = view.touchpoint_id(touchpoint).context("it is recorded")?;
        let customer = view.customer_of(touchpoint).context("everybody is a customer")?;
        println!("  {:<9} customer {}", channel.as_str(), customer.id());
        let customer = customer.id();

        let mut message = Message::new(
            MessageId::new(self.fresh()),
            Actor::Customer(from),
            at,
            Content::plain(text)?,
        );
        message.native = Some(NativeId::new(&SECRET, channel.as_str(), &native));
        let id = message.id;
        let new = (ConversationId::new(self.fresh()), LegId::new(self.fresh()));
        let inbound = Inbound::new(message, (customer, from), channel.clone(), new);
        let receive = Command::Receive(Box::new(inbound));
        for event in self.conversations.decide(&Actor::Customer(from), receive, at)? {
            self.conversations.apply(&event);
        }
        let place = self.conversations.message(id).and_then(|message| message.place);
        let (leg, reason) = place.context("it was placed")?;
        let conversation = self.conversations.leg(leg).context("it is open")?.conversation;
        let reason = reason.context("it came in")?;
        println!("  {:<9} conversation {conversation}: {reason}", channel.as_str());
        Ok(conversation)
    }
}

fn main() -> anyhow::Result<()> {
    let mut desk = Desk {
        identity: IdentityGraph::new(TenantKey::new(SECRET), Policy::default())?,
        conversations: Conversations::new(),
        next: 0,
    };
    let first = desk.takes(whatsapp(WEBHOOK)?)?;
    let second = desk.takes(till(TILL)?)?;
    ensure!(first == second, "one person, one conversation");

    let hours = Calendar::builder(Tz::Asia__Jakarta)
        .workdays("09:00-17:00".parse()?)
        .holidays(HolidaySet::indonesia())
        .build()?;
    let mut target = Target::new("answer", Measure::FirstResponse, Duration::from_secs(4 * 3_600));
    target.calendar = Some("shop".to_owned());
    let mut sla = SlaPolicy::default();
    sla.calendars.insert("shop".to_owned(), hours);
    sla.targets.push(target);
    sla.check()?;
    let now = "2026-03-04T10:20:00+07:00".parse()?;
    let clocks = sla.clocks(&desk.conversations, first, now);
    let breached = clocks[0].breached.context("nobody answered for two days")?;
    ensure!(breached == "2026-03-02T13:00:00+07:00".parse::<DateTime<Utc>>()?);
    println!(
        "  the answer was due on {}",
        breached.with_timezone(&Tz::Asia__Jakarta).format("%a %d %b, %H:%M")
    );
    answered_by(&mut desk, first, (breached, now))
}

/// The conversation goes to somebody who speaks the customer's language.
fn answered_by(
    desk: &mut Desk,
    conversation: ConversationId,
    (due, now): (DateTime<Utc>, DateTime<Utc>),
) -> anyhow::Result<()> {
    let centre: Centre = toml::from_str("[queues.care]\norder.deadline.horizon_seconds = 86400")?;
    let centre = centre.with_numbered_queues();
    let queue = centre.queues["care"].id;
    let mut routing = Engine::new(centre)?;
    let clerk = AgentId::new(desk.fresh());
    let agent = Agent::new(clerk).with_language("id".parse()?).with_channel("whatsapp", 4);
    let work = WorkItem::new(WorkItemId::new(*conversation.as_uuid()), queue, "whatsapp")
        .with_requirement("language:id".parse()?)
        .due(due);
    let item = work.id;
    for input in [
        Input::SetAgent(Box::new(agent)),
        Input::Arrive(Box::new(work)),
        Input::SetPresence { agent: clerk, presence: Presence::Available },
    ] {
        let _ = routing.handle(now, input);
    }
    let found = routing.find(item).context("it came")?;
    ensure!(found.agent == Some(clerk), "they are free, and speak Indonesian");
    println!("  {}", routing.explain(item).context("it came")?);
    Ok(())
}

fn whatsapp(body: &str) -> anyhow::Result<Arrived> {
    let body: serde_json::Value = serde_json::from_str(body)?;
    let text = |pointer: &str| body.pointer(pointer).and_then(|at| at.as_str()).context("a field");
    let account = text("/from")?;
    let seconds = text("/timestamp")?.parse()?;
    Ok(Arrived {
        key: TouchpointKey::new(ChannelKind::WhatsApp, "shop-jakarta", account),
        phone: Identifier::from(&PhoneParser::new(Origin::International).parse(account)?),
        verification: Verification::PlatformAttested,
        name: text("/profile/name")?.to_owned(),
        text: text("/text/body")?.to_owned(),
        native: text("/id")?.to_owned(),
        at: DateTime::from_timestamp(seconds, 0).context("a time")?,
    })
}

fn till(body: &str) -> anyhow::Result<Arrived> {
    let body: serde_json::Value = serde_json::from_str(body)?;
    let text = |key: &str| body.get(key).and_then(|at| at.as_str()).context("a field");
    let phones = PhoneParser::new(Origin::Typed).with_region("ID".parse()?);
    Ok(Arrived {
        key: TouchpointKey::new(ChannelKind::Store, "shop-bekasi", text("member")?),
        phone: Identifier::from(&phones.parse(text("phone")?)?),
        verification: Verification::AgentConfirmed,
        name: text("name")?.to_owned(),
        text: text("note")?.to_owned(),
        native: format!("visit {} {}", text("member")?, text("at")?),
        at: text("at")?.parse()?,
    })
}
