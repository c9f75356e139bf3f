//! What is mounted, and what becomes of a request.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::content::Content;
use kontak_channel::{
    Acknowledgement, Action, CallStage, Codec, DedupeMemory, Envelope, EnvelopeBody,
    IdempotencyKey, KeyRing, MessageAuthor, Outbound, PlanMode, RawRequest, Secret, Transport as _,
    Window, WireRequest, plan,
};
use kontak_channels::email::Email;
use kontak_channels::http_client::HttpClient;
use kontak_channels::line::Line;
use kontak_channels::messenger::Messenger;
use kontak_channels::telegram::Telegram;
use kontak_channels::twilio_sms::TwilioSms;
use kontak_channels::twilio_voice::TwilioVoice;
use kontak_channels::webhook::{Discourse, Webhook};
use kontak_channels::whatsapp::WhatsApp;
use kontak_channels::zalo::Zalo;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The secret of every account here; yours have one each.
pub(crate) const SECRET: &str = "a-secret-of-at-least-sixteen-bytes";

pub(crate) struct Desk {
    channels: BTreeMap<&'static str, Arc<Mounted>>,
    seen: Mutex<DedupeMemory>,
}

struct Mounted {
    name: &'static str,
    codec: Box<dyn Codec>,
    keys: KeyRing,
    /// Without it, answers are printed.
    client: Option<HttpClient>,
}

/// One of each, at the place of the providers' own interfaces where one is given that stands in for
/// them. The web chat has a server of its own, in the example `webchat`.
fn codecs(public: &str, api: Option<&str>) -> anyhow::Result<Vec<(&'static str, Box<dyn Codec>)>> {
    let token = || Secret::new("an-access-token");
    let api = api.unwrap_or("https://nobody.example");
    let graph = format!("{api}/graph");
    let twilio = format!("{api}/2010-04-01");
    let till =
        Webhook::new("store", "till").with_answers_to(format!("{api}/till").parse()?, token());
    let whatsapp = WhatsApp::new("shop", "106540352242922", token()).with_graph(&graph);
    let messenger = Messenger::new("page", "1906385232743451", token()).with_graph(&graph);
    let instagram =
        Messenger::instagram("shop-ig", "17841405793187218", token()).with_graph(&graph);
    let forum = Discourse::new("forum", &format!("{api}/forum").parse()?, token(), "desk");
    let voice = TwilioVoice::new("hotline", "AC1", token(), "+18005551212")
        .with_greeting(Content::plain("Say something, and you hear it again.")?)
        .with_answers_to(&format!("{public}/twilio_voice"));
    Ok(vec![
        ("webhook", Box::new(till)),
        ("discourse", Box::new(forum)),
        ("whatsapp", Box::new(whatsapp)),
        ("messenger", Box::new(messenger)),
        ("instagram", Box::new(instagram)),
        ("telegram", Box::new(Telegram::new("bot", token()).with_api(&format!("{api}/telegram")))),
        ("line", Box::new(Line::new("shop", token()).with_api(&format!("{api}/line")))),
        ("zalo", Box::new(Zalo::new("shop", token()).with_api(&format!("{api}/zalo")))),
        (
            "twilio_sms",
            Box::new(TwilioSms::new("hotline", "AC1", token(), "+18005551212").with_api(&twilio)),
        ),
        ("twilio_voice", Box::new(voice.with_api(&twilio))),
        ("email", Box::new(Email::new("desk", "desk@shop.example.com".parse()?))),
    ])
}

/// The one place with a clock.
#[expect(clippy::disallowed_methods, reason = "a server reads the time")]
pub(crate) fn now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::from_timestamp(since.as_secs().cast_signed(), 0).unwrap_or_default()
}

impl Desk {
    pub(crate) fn new(public: &str, api: Option<&str>) -> anyhow::Result<Self> {
        let mounted = |(name, codec)| {
            let keys = KeyRing::new(Secret::new(SECRET));
            let client = api.map(|_| HttpClient::new());
            (name, Arc::new(Mounted { name, codec, keys, client }))
        };
        Ok(Self {
            channels: codecs(public, api)?.into_iter().map(mounted).collect(),
            seen: Mutex::new(DedupeMemory::new(TimeDelta::days(8))),
        })
    }

    pub(crate) fn hear(
        &self,
        name: &str,
        request: &RawRequest,
    ) -> Result<Acknowledgement, StatusCode> {
        let mounted = self.channels.get(name).ok_or(StatusCode::NOT_FOUND)?;
        let Mounted { codec, keys, .. } = &**mounted;
        if let Some(answer) = codec.handshake(request, keys) {
            return Ok(answer);
        }
        let verified = codec.verify(request, keys, now()).map_err(|error| {
            println!("{name}: refused: {error}");
            StatusCode::UNAUTHORIZED
        })?;
        let batch = codec.parse(&verified).map_err(|error| {
            println!("{name}: {error}");
            StatusCode::BAD_REQUEST
        })?;
        for envelope in batch.envelopes {
            let kind = envelope.body.kind();
            if self.is_new(&envelope) {
                println!("{name}: {kind:?}");
                // Answering takes its time, and the provider waits only for the storing.
                tokio::spawn(answer(Arc::clone(mounted), envelope));
            } else {
                println!("{name}: {kind:?} again, known by its key");
            }
        }
        Ok(codec.acknowledge(&verified))
    }

    fn is_new(&self, envelope: &Envelope) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(envelope.dedupe.clone(), envelope.arrived)
    }
}

async fn answer(mounted: Arc<Mounted>, envelope: Envelope) {
    if let Err(error) = mounted.answer(&envelope).await {
        println!("{}: no answer: {error}", mounted.name);
    }
}

impl Mounted {
    async fn answer(&self, envelope: &Envelope) -> anyhow::Result<()> {
        for outbound in echo(&*self.codec, envelope)? {
            for request in self.codec.render(&outbound)? {
                match (&self.client, request) {
                    (Some(client), WireRequest::Http(request)) => {
                        let response = client.exchange(WireRequest::Http(request)).await?;
                        let receipt = self.codec.interpret(&response)?;
                        println!("{}: answered, as {:?}", self.name, receipt.ids);
                    }
                    (_, request) => println!("{}: answer: {request:?}", self.name),
                }
            }
        }
        Ok(())
    }
}

/// The same words back to where they came from.
fn echo(codec: &dyn Codec, envelope: &Envelope) -> anyhow::Result<Vec<Outbound>> {
    let (content, thread, references) = match &envelope.body {
        EnvelopeBody::Message(message) if message.author == MessageAuthor::Customer => {
            let earlier = std::iter::once(&message.id).chain(&message.references);
            (message.content.clone(), message.thread.clone(), earlier.cloned().collect())
        }
        EnvelopeBody::Call(event) => match &event.stage {
            CallStage::Entered(words) => {
                (Content::plain(words.as_str())?, Some(event.call.clone()), Vec::new())
            }
            _ => return Ok(Vec::new()),
        },
        _ => return Ok(Vec::new()),
    };
    let Some(sender) = &envelope.sender else { return Ok(Vec::new()) };
    let plan = plan(&content, &codec.capabilities(Window::Unlimited), PlanMode::Lenient)?;
    let say = |(number, message)| {
        // The same message is answered under the same key, however often the answer is tried.
        let heard = &envelope.dedupe;
        let key = IdempotencyKey::new(format!("echo {number} of {} {}", heard.id, heard.version))?;
        let mut say = Outbound::new(sender.touchpoint.clone(), key, Action::Say(message));
        say.thread.clone_from(&thread);
        say.references.clone_from(&references);
        Ok(say)
    };
    plan.messages.into_iter().enumerate().map(say).collect()
}
