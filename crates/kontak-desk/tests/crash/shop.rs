//! What both sides know: the shop, its customers, and how they speak.

use crate::Error;
use kontak_channel::{
    DedupeKey, EnvelopeKind, KeyRing, MemoryCodec, MemoryItem, ProviderId, RawRequest, Secret,
};
use kontak_conversation::Actor;
use kontak_desk::{Clock as _, Settings, SystemClock, Tenant};
use kontak_storage::{PostgresStorage, SqliteStorage, Storage, TenantId};
use kontak_types::ConversationId;
use kontak_types::uuid::Uuid;
use siphasher::sip::SipHasher13;
use std::hash::Hasher as _;
use std::sync::Arc;

pub(crate) const SECRET: [u8; 16] = *b"sixteen secret b";
pub(crate) const ACCOUNTS: [&str; 2] = ["shop", "mail"];
const CUSTOMERS: u64 = 40;
const SETTINGS: &str = "
    routes = [{ queue = 'care' }]
    [centre.queues.care]
    [[conversation.sla.targets]]
    id = 'answer'
    measure = 'first_response'
    within = '1m'
";

pub(crate) fn settings() -> Result<Settings, Error> {
    Ok(toml::from_str(SETTINGS)?)
}

pub(crate) fn keys() -> KeyRing {
    KeyRing::new(Secret::new("a secret of the provider"))
}

/// A file, or the address of a database.
pub(crate) async fn open(place: &str) -> Result<Arc<dyn Storage>, Error> {
    if place.starts_with("postgres:") {
        return Ok(Arc::new(PostgresStorage::connect(place).await?));
    }
    Ok(Arc::new(SqliteStorage::open(place).await?))
}

/// The tenant of this number, and the number of one of its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Post {
    pub(crate) tenant: u32,
    pub(crate) number: u64,
}

pub(crate) fn tenant(number: u32) -> TenantId {
    TenantId::new(Uuid::from_u128(u128::from(number) + 1))
}

impl Post {
    pub(crate) fn account(self) -> &'static str {
        ACCOUNTS[usize::from(self.number.is_multiple_of(3))]
    }

    fn id(self) -> String {
        format!("{}-{}", self.tenant, self.number)
    }

    pub(crate) fn text(self) -> String {
        format!("pesan {}", self.id())
    }

    pub(crate) fn answer(self) -> String {
        format!("balas {}", self.id())
    }

    /// As a line, without its end: account, time, signature, body.
    pub(crate) fn line(self) -> Result<String, Error> {
        // The same person has another name on each account.
        let from = format!("{} {}", self.account(), self.number * 7 % CUSTOMERS);
        let (id, text, at) = (self.id().into(), self.text().into(), SystemClock.now());
        let item = MemoryItem::Message { id, from: from.into(), text, at };
        let body = serde_json::to_string(&[item])?;
        let request = unsigned(&at.timestamp().to_string(), &body)?;
        let signature = MemoryCodec::scheme().sign(&request, keys().current())?;
        Ok(format!("{}\t{}\t{signature}\t{body}", self.account(), at.timestamp()))
    }

    /// Under which key its item lies in the inbox.
    pub(crate) fn key(self) -> Result<Vec<u8>, Error> {
        let key =
            DedupeKey::new(self.account(), EnvelopeKind::Message, ProviderId::new(self.id())?);
        Ok(serde_json::to_vec(&key)?)
    }

    /// Which message this is the text of, after the first word.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let (_, id) = text.split_once(' ')?;
        let (tenant, number) = id.split_once('-')?;
        Some(Self { tenant: tenant.parse().ok()?, number: number.parse().ok()? })
    }
}

fn unsigned(time: &str, body: &str) -> Result<RawRequest, Error> {
    let request = RawRequest::post("https://shop.example/hook".parse()?, body.to_owned());
    Ok(request.with_header("x-memory-timestamp", time)?)
}

/// The account and the request of a line.
pub(crate) fn request(line: &str) -> Result<(&str, RawRequest), Error> {
    match &*line.trim_end().splitn(4, '\t').collect::<Vec<_>>() {
        [account, time, signature, body] => {
            Ok((account, unsigned(time, body)?.with_header("x-memory-signature", signature)?))
        }
        _ => Err("a line without a request".into()),
    }
}

/// Of the whole state: two that have the same are equal, byte for byte.
pub(crate) fn digest(tenant: &mut Tenant) -> u64 {
    let bytes = postcard::to_stdvec(&tenant.snapshot()).expect("a snapshot is data");
    let mut hasher = SipHasher13::new();
    hasher.write(&bytes);
    hasher.finish()
}

/// One message of a conversation.
#[derive(Clone, Copy)]
pub(crate) struct Said {
    pub(crate) conversation: ConversationId,
    /// Of a customer, or one of ours.
    pub(crate) asks: bool,
    pub(crate) post: Option<Post>,
}

/// All that was said.
pub(crate) fn said(tenant: &mut Tenant) -> Vec<Said> {
    let customers: Vec<_> = tenant.identity().customers().map(|customer| customer.id()).collect();
    let state = tenant.conversations();
    let conversations = customers.into_iter().flat_map(|customer| state.of_customer(customer));
    let all = conversations.flat_map(|known| {
        state.messages(known.id).map(move |message| Said {
            conversation: known.id,
            asks: matches!(message.said.author, Actor::Customer(_)),
            post: message.content().and_then(|content| Post::of_text(&content.plain_text())),
        })
    });
    all.collect()
}
