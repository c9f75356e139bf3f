//! What any process may do: check a request, keep what it brings, and only then acknowledge it.

use super::acceptor::Accept;
use super::error::InboundError;
use super::hook::Enriched;
use super::{Inner, Order};
use chrono::{DateTime, Utc};
use kontak_channel::{Acknowledgement, Envelope, EnvelopeBody, RawRequest};
use kontak_identity::Observation;
use kontak_storage::{AcceptError, DedupeKey, Fault, NewInboxItem, Subject};
use kontak_types::Language;
use serde::{Deserialize, Serialize};
use std::pin::{Pin, pin};
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::time::Sleep;

/// What an inbox item holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) account: Box<str>,
    pub(crate) envelope: Envelope,
    pub(crate) language: Option<Language>,
    pub(crate) observations: Vec<Observation>,
}

impl Inner {
    pub(crate) async fn inbound(
        self: &Arc<Self>,
        account: &str,
        request: &RawRequest,
    ) -> Result<Acknowledgement, InboundError> {
        let now = self.clock.now();
        let (channel, keys) = self
            .accounts
            .named(account)
            .zip(self.keys.get(account))
            .ok_or(InboundError::NoAccount)?;
        let codec = channel.codec();
        if let Some(answer) = codec.handshake(request, keys) {
            return Ok(answer);
        }
        let verified = codec.verify(request, keys, now)?;
        let batch = codec.parse(&verified)?;
        let mut items = Vec::with_capacity(batch.envelopes.len());
        // For all of the request together: the provider waits for its answer.
        let mut patience = pin!(tokio::time::sleep(self.enrichment_within));
        for envelope in batch.envelopes {
            match &envelope.body {
                EnvelopeBody::Presence(_) => self.glimpse(account, envelope),
                EnvelopeBody::Ignored(ignored) => {
                    tracing::debug!(account, what = &*ignored.what, reason = ?ignored.reason, "passed over");
                }
                _ => items.push(self.item(account, envelope, now, patience.as_mut()).await),
            }
        }
        if !items.is_empty() {
            let count = items.len();
            self.accept(items).await?;
            tracing::debug!(account, count, "kept");
        }
        Ok(codec.acknowledge(&verified))
    }

    /// Returns when they are durable.
    async fn accept(&self, items: Vec<NewInboxItem>) -> Result<(), AcceptError> {
        let (kept, known) = oneshot::channel();
        let gone = || AcceptError::Failed(Fault::Closed);
        self.acceptor.send(Accept { items, kept }).await.map_err(|_| gone())?;
        known.await.map_err(|_| gone())?
    }

    /// Nobody misses it if it is lost.
    fn glimpse(&self, account: &str, envelope: Envelope) {
        let _ = self.orders.try_send(Order::Glimpse(account.into(), Box::new(envelope)));
    }

    async fn item(
        &self,
        account: &str,
        envelope: Envelope,
        now: DateTime<Utc>,
        patience: Pin<&mut Sleep>,
    ) -> NewInboxItem {
        let enriched = self.enriched(&envelope, patience).await;
        let key = serde_json::to_vec(&envelope.dedupe).expect("a key is words and numbers");
        // Whichever of its keys the account is known by: it is found when it is to be forgotten.
        let keys = envelope
            .sender
            .iter()
            .flat_map(|sender| std::iter::once(&sender.touchpoint).chain(&sender.also));
        let subjects: Vec<_> = keys.map(Subject::account).collect();
        let item = Item {
            account: account.into(),
            envelope,
            language: enriched.language,
            observations: enriched.observations,
        };
        let payload = serde_json::to_vec(&item).expect("an envelope is words and numbers");
        let mut item = NewInboxItem::new(DedupeKey::new(key), now, payload);
        item.subjects.extend(subjects);
        item
    }

    async fn enriched(&self, envelope: &Envelope, patience: Pin<&mut Sleep>) -> Enriched {
        let (Some(enrichment), Some(sender)) = (&self.enrichment, &envelope.sender) else {
            return Enriched::nothing();
        };
        let content = match &envelope.body {
            EnvelopeBody::Message(message) => Some(&message.content),
            _ => None,
        };
        if patience.is_elapsed() {
            return Enriched::nothing();
        }
        tokio::select! {
            biased;
            enriched = enrichment.look_up(sender, content) => enriched,
            () = patience => {
                tracing::warn!("the enrichment did not answer in time");
                Enriched::nothing()
            }
        }
    }
}
