//! The desk of the shop, with a clock that the day turns.

use crate::body;
use crate::clock::ShopClock;
use crate::people::{Person, Via};
use crate::provider::Providers;
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use kontak_channel::{Channel, Codec, RawRequest, Secret, Wired};
use kontak_channels::email::Email;
use kontak_channels::line::Line;
use kontak_channels::telegram::Telegram;
use kontak_channels::twilio_sms::TwilioSms;
use kontak_channels::webhook::{Discourse, Webhook};
use kontak_channels::whatsapp::WhatsApp;
use kontak_content::Content;
use kontak_conversation::Actor;
use kontak_desk::{Accounts, Desk, Notice, Step, Tenant};
use kontak_routing::Agent;
use kontak_storage::{Storage, TenantId};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId};
use std::sync::Arc;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

const SECRET: [u8; 16] = *b"sixteen secret b";

pub(crate) struct Shop {
    pub(crate) desk: Desk,
    pub(crate) providers: Providers,
    pub(crate) heard: u64,
    clock: Arc<ShopClock>,
    notices: Receiver<Notice>,
    unread: Vec<Notice>,
}

impl Shop {
    pub(crate) async fn open(storage: Arc<dyn Storage>, at: DateTime<Utc>) -> anyhow::Result<Self> {
        let clock = Arc::new(ShopClock::new(at));
        let providers = Providers::default();
        let mut builder = Desk::builder(storage, TenantId::new(Uuid::from_u128(1)), SECRET)
            .settings(toml::from_str(include_str!("shop.toml"))?)
            .clock(Arc::clone(&clock) as Arc<_>);
        for via in Via::ALL {
            builder = builder.account(channel(via, &providers)?, body::keys());
        }
        let desk = builder.start()?;
        desk.owned().await?;
        let notices = desk.subscribe();
        Ok(Self { desk, providers, heard: 0, clock, notices, unread: Vec::new() })
    }

    /// Lets time pass: what comes due on the way happens at its own second.
    pub(crate) async fn until(&mut self, at: DateTime<Utc>) -> anyhow::Result<()> {
        loop {
            let due = self.look(|tenant| tenant.next_deadline()).await?;
            match due.filter(|due| *due <= at) {
                Some(due) => {
                    self.clock.set(due);
                    self.look(|_| ()).await?;
                }
                None => break,
            }
        }
        self.clock.set(at);
        Ok(())
    }

    /// A person writes. Returns the conversation that it is in.
    pub(crate) async fn hears(
        &mut self,
        via: Via,
        person: &Person,
        text: &str,
        at: DateTime<Utc>,
    ) -> anyhow::Result<ConversationId> {
        self.heard += 1;
        let request = body::message(via, person, self.heard, text, at)?;
        self.takes(via, &request).await?;
        let notices = self.notices()?;
        let said = notices.iter().rev().find_map(|notice| match notice {
            Notice::Said { conversation, .. } => Some(*conversation),
            _ => None,
        });
        self.unread = notices;
        said.with_context(|| format!("nothing was said on {via:?}"))
    }

    /// What a provider posts, acknowledged and understood.
    pub(crate) async fn takes(&self, via: Via, request: &RawRequest) -> anyhow::Result<()> {
        self.desk.inbound(via.account(), request).await?;
        // The inbox is read before orders are carried out.
        self.look(|_| ()).await
    }

    pub(crate) async fn says(
        &self,
        agent: AgentId,
        conversation: ConversationId,
        text: &str,
    ) -> anyhow::Result<()> {
        self.desk.reply(Actor::Agent(agent), conversation, Content::plain(text)?).await?;
        Ok(())
    }

    pub(crate) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Tenant) -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        Ok(self.desk.step(|tenant, _: &Accounts, _: &mut Step<'_>| look(tenant)).await?)
    }

    /// What has happened since it was asked last.
    pub(crate) fn notices(&mut self) -> anyhow::Result<Vec<Notice>> {
        let mut notices = std::mem::take(&mut self.unread);
        loop {
            match self.notices.try_recv() {
                Ok(notice) => notices.push(notice),
                Err(TryRecvError::Empty) => return Ok(notices),
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub(crate) async fn sign_in(&self, number: u64) -> anyhow::Result<AgentId> {
        let id = AgentId::new(Uuid::from_u128(9_000 + u128::from(number)));
        let mut agent = Agent::new(id).with_capacity(100);
        // Everybody answers messages; some stand at the counter, some write letters.
        for via in Via::ALL {
            let most = match via {
                Via::Till if number.is_multiple_of(4) => 1,
                Via::Till => continue,
                Via::Mail if !number.is_multiple_of(3) => continue,
                _ => 3,
            };
            agent = agent.with_channel(via.kind().as_str(), most);
        }
        self.desk.sign_in(agent).await?;
        Ok(id)
    }
}

fn channel(via: Via, providers: &Providers) -> anyhow::Result<Arc<dyn Channel>> {
    let (account, token) = (via.account(), || Secret::new("an-access-token"));
    Ok(match via {
        Via::WhatsApp => wired(WhatsApp::new(account, "106540352242922", token()), providers),
        Via::Telegram => wired(Telegram::new(account, token()), providers),
        Via::Line => wired(Line::new(account, token()), providers),
        Via::Mail => {
            let mailbox = Email::new(account, "layanan@tokobudi.example".parse()?)
                .with_authority("mx.tokobudi.example");
            wired(mailbox, providers)
        }
        Via::Sms => wired(TwilioSms::new(account, "AC1", token(), "+18005551212"), providers),
        Via::Till => {
            let till = Webhook::new("store", account);
            wired(till.with_answers_to("https://till.example/in".parse()?, token()), providers)
        }
        Via::Market => {
            let market = Webhook::new("marketplace", account);
            wired(market.with_answers_to("https://market.example/in".parse()?, token()), providers)
        }
        Via::Forum => {
            let base = "https://forum.example".parse()?;
            wired(Discourse::new(account, &base, token(), "desk"), providers)
        }
    })
}

fn wired(codec: impl Codec + 'static, providers: &Providers) -> Arc<dyn Channel> {
    Arc::new(Wired::new(codec, providers.clone()))
}
