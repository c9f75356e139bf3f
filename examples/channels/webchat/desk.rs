//! The application behind the chat.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::content::{
    ChoiceLayout, ChoiceOffered, ChoiceOption, Content, FileName, FreeText, MimeType, OfferId,
    OptionId, Part, Text, WebUrl, Written,
};
use kontak_channel::{
    Action, Channel, DedupeMemory, Envelope, EnvelopeBody, IdempotencyKey, InboundBatch, Outbound,
    PlanMode, Window, Wired, plan,
};
use kontak_channels::webchat::{Host, HostError, Hub, Session, WebChat};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) struct Desk {
    channel: Arc<Wired<WebChat, Hub>>,
    own: String,
    seen: Mutex<DedupeMemory>,
    files: Mutex<BTreeMap<String, (MimeType, Bytes)>>,
}

/// The one place with a clock.
#[expect(clippy::disallowed_methods, reason = "a server reads the time")]
pub(crate) fn now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::from_timestamp_micros(i64::try_from(since.as_micros()).unwrap_or_default())
        .unwrap_or_default()
}

impl Desk {
    pub(crate) fn new(channel: Wired<WebChat, Hub>, own: &str) -> Self {
        Self {
            channel: Arc::new(channel),
            own: own.to_owned(),
            seen: Mutex::new(DedupeMemory::new(TimeDelta::days(2))),
            files: Mutex::default(),
        }
    }

    fn is_new(&self, envelope: &Envelope) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(envelope.dedupe.clone(), envelope.arrived)
    }
}

#[async_trait::async_trait]
impl Host for Desk {
    async fn receive(&self, batch: InboundBatch) -> Result<(), HostError> {
        for envelope in batch.envelopes {
            if !self.is_new(&envelope) {
                println!("{:?} again, known by its key", envelope.body.kind());
                continue;
            }
            println!("{:?}", envelope.body.kind());
            // Answering takes its time, and the visitor waits only for the storing.
            tokio::spawn(answer(Arc::clone(&self.channel), envelope));
        }
        Ok(())
    }

    async fn keep(
        &self,
        _session: &Session,
        _name: Option<FileName>,
        mime_type: MimeType,
        bytes: Bytes,
    ) -> Result<WebUrl, HostError> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| HostError)?;
        let name = random.map(|byte| format!("{byte:02x}")).concat();
        let url = format!("{}/files/{name}", self.own).parse().map_err(|_| HostError)?;
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(name, (mime_type, bytes));
        Ok(url)
    }
}

/// What a stranger uploaded is shown as a picture or saved, and never run.
pub(crate) async fn file(State(desk): State<Arc<Desk>>, Path(name): Path<String>) -> Response {
    let files = desk.files.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((mime, bytes)) = files.get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let harmless = ["image/png", "image/jpeg", "image/webp", "image/gif"];
    let shown = harmless.iter().find(|known| **known == mime.essence());
    let headers = [
        (CONTENT_TYPE, *shown.unwrap_or(&"application/octet-stream")),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    (headers, bytes.clone()).into_response()
}

async fn answer(channel: Arc<Wired<WebChat, Hub>>, envelope: Envelope) {
    if let Err(error) = try_answer(&*channel, &envelope).await {
        println!("no answer: {error}");
    }
}

async fn try_answer(channel: &dyn Channel, envelope: &Envelope) -> anyhow::Result<()> {
    let (EnvelopeBody::Message(message), Some(sender)) = (&envelope.body, &envelope.sender) else {
        return Ok(());
    };
    let to = &sender.touchpoint;
    if let Some(presence) = channel.presence() {
        presence.mark_read(to, &message.id, now()).await?;
        presence.show_typing(to, None, now()).await?;
    }
    tokio::time::sleep(Duration::from_millis(400)).await;
    let content = match &message.content.parts[..] {
        [Part::Text(text)] if text.body.as_str().contains('?') => offer(text)?.into(),
        [Part::ChoiceMade(made)] => {
            let label = made.label.as_ref().map_or("…", Written::as_str);
            Content::plain(format!("Baik, {label}. Teknisi kami menghubungi Anda dulu."))?
        }
        _ => message.content.clone(),
    };
    let can = channel.codec().capabilities(Window::Unlimited);
    for (number, part) in plan(&content, &can, PlanMode::Lenient)?.messages.into_iter().enumerate()
    {
        // The same message is answered under the same key, however often the answer is tried.
        let key = message.id.as_str().replace('/', " ");
        let key = IdempotencyKey::new(format!("answer {number} to {key}"))?;
        channel.send(&Outbound::new(to.clone(), key, Action::Say(part)), now()).await?;
    }
    Ok(())
}

fn offer(question: &Text) -> anyhow::Result<ChoiceOffered> {
    let option = |id: &str, label: &str| {
        anyhow::Ok(ChoiceOption::new(OptionId::new(id)?, Written::new(label)?))
    };
    let days = vec![option("tue", "Selasa pagi")?, option("wed", "Rabu sore")?];
    let offer =
        ChoiceOffered::new(OfferId::new("day")?, ChoiceLayout::Buttons(days), FreeText::Allowed)?;
    let prompt = format!("Anda bertanya: “{}” Kapan teknisi boleh datang?", question.body.as_str());
    Ok(offer.with_prompt(Text::plain(prompt)?))
}
