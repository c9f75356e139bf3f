//! A server with every webhook adapter mounted, which says back what it hears: each message is
//! verified, parsed, known again when it comes twice, and answered through a planner.
//!
//! Without arguments it starts on a free port of the loopback interface, sends itself a few signed
//! requests, prints what came of them and stops. With an address it stays:
//!
//! ```text
//! cargo run --example echo_webhooks
//! cargo run --example echo_webhooks -- 127.0.0.1:8080 https://your.public.address
//! ```
//!
//! Answers are printed, not sent: for that, make a `Wired` channel of codec and `HttpClient`.

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::content::Content;
use kontak_channel::{
    Acknowledgement, Action, Codec, DedupeMemory, EnvelopeBody, HttpRequest, IdempotencyKey,
    KeyRing, MessageAuthor, Outbound, PlanMode, RawRequest, Secret, Transport, Window, WireRequest,
    WireResponse, plan,
};
use kontak_channels::http_client::HttpClient;
use kontak_channels::line::Line;
use kontak_channels::messenger::Messenger;
use kontak_channels::telegram::Telegram;
use kontak_channels::twilio_sms::{TwilioSignature, TwilioSms};
use kontak_channels::twilio_voice::TwilioVoice;
use kontak_channels::webhook::{Discourse, Webhook};
use kontak_channels::whatsapp::WhatsApp;
use kontak_channels::zalo::{Zalo, ZaloSignature};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

struct Mounted {
    codec: Box<dyn Codec>,
    keys: KeyRing,
}

struct Desk {
    public: String,
    channels: BTreeMap<&'static str, Mounted>,
    seen: Mutex<DedupeMemory>,
}

const SECRET: &str = "a secret of at least sixteen bytes";

fn desk(public: &str) -> anyhow::Result<Desk> {
    let token = || Secret::new("an-access-token");
    let forum = Discourse::new("forum", &"https://forum.example".parse()?, token(), "desk");
    let codecs: Vec<(&'static str, Box<dyn Codec>)> = vec![
        (
            "webhook",
            Box::new(
                Webhook::new("store", "till")
                    .with_answers_to("https://till.example/in".parse()?, token()),
            ),
        ),
        ("discourse", Box::new(forum)),
        ("whatsapp", Box::new(WhatsApp::new("shop", "106540352242922", token()))),
        ("messenger", Box::new(Messenger::new("page", "1906385232743451", token()))),
        ("instagram", Box::new(Messenger::instagram("shop-ig", "17841405793187218", token()))),
        ("telegram", Box::new(Telegram::new("bot", token()))),
        ("line", Box::new(Line::new("shop", token()))),
        ("zalo", Box::new(Zalo::new("shop", token()))),
        ("twilio_sms", Box::new(TwilioSms::new("hotline", "AC1", token(), "+18005551212"))),
        ("twilio_voice", Box::new(TwilioVoice::new("hotline", "AC1", token(), "+18005551212"))),
    ];
    let mounted =
        |(name, codec)| (name, Mounted { codec, keys: KeyRing::new(Secret::new(SECRET)) });
    Ok(Desk {
        public: public.to_owned(),
        channels: codecs.into_iter().map(mounted).collect(),
        seen: Mutex::new(DedupeMemory::new(TimeDelta::days(8))),
    })
}

/// The one place with a clock.
#[expect(clippy::disallowed_methods, reason = "a server reads the time")]
fn now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::from_timestamp(since.as_secs().cast_signed(), 0).unwrap_or_default()
}

async fn hook(
    State(desk): State<Arc<Desk>>,
    Path(name): Path<String>,
    uri: Uri,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(mounted) = desk.channels.get(name.as_str()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // What the provider called, not what a proxy made of it.
    let Ok(url) = format!("{}{uri}", desk.public).parse() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let request = RawRequest::new(method, url, headers, body);
    if let Some(answer) = mounted.codec.handshake(&request, &mounted.keys) {
        return acknowledge(answer);
    }
    let verified = match mounted.codec.verify(&request, &mounted.keys, now()) {
        Ok(verified) => verified,
        Err(error) => {
            println!("{name}: refused: {error}");
            return StatusCode::UNAUTHORIZED.into_response();
        }
    };
    let Ok(batch) = mounted.codec.parse(&verified) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    for envelope in batch.envelopes {
        let first = {
            let mut seen = desk.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.insert(envelope.dedupe.clone(), verified.arrived())
        };
        let kind = envelope.body.kind();
        if !first {
            println!("{name}: {kind:?} again, known by its key");
            continue;
        }
        println!("{name}: {kind:?}");
        if let (EnvelopeBody::Message(message), Some(sender)) = (&envelope.body, &envelope.sender)
            && message.author == MessageAuthor::Customer
            && let Err(error) = echo(&*mounted.codec, &message.content, &sender.touchpoint)
        {
            println!("{name}: no answer: {error}");
        }
    }
    acknowledge(mounted.codec.acknowledge(&verified))
}

fn acknowledge(answer: Acknowledgement) -> Response {
    ([("content-type", answer.content_type)], answer.body).into_response()
}

fn echo(
    codec: &dyn Codec,
    content: &Content,
    to: &kontak_types::TouchpointKey,
) -> anyhow::Result<()> {
    let plan = plan(content, &codec.capabilities(Window::Unlimited), PlanMode::Lenient)?;
    for (number, message) in plan.messages.into_iter().enumerate() {
        let key = IdempotencyKey::new(format!("echo {number}"))?;
        for request in codec.render(&Outbound::new(to.clone(), key, Action::Say(message)))? {
            println!("    answer: {request:?}");
        }
    }
    Ok(())
}

/// A genuine request of each channel, as its provider would send it.
fn samples(public: &str) -> anyhow::Result<Vec<(&'static str, RawRequest)>> {
    let key = Secret::new(SECRET);
    let post = |name: &str, body: &'static str| {
        Ok::<_, anyhow::Error>(RawRequest::post(format!("{public}/{name}").parse()?, body))
    };
    let till = post("webhook", r#"{"type":"message.created","data":{"id":"1","from":{"id":"member 77"},"text":"Bought an air conditioner"}}"#)?
        .with_header("webhook-id", "msg_1")?
        .with_header("webhook-timestamp", &now().timestamp().to_string())?;
    let signature = Webhook::scheme().sign(&till, &key)?;
    let till = till.with_header("webhook-signature", &signature)?;
    let whatsapp = post(
        "whatsapp",
        r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"contacts":[{"profile":{"name":"Siti"},"wa_id":"6281290435517"}],"messages":[{"from":"6281290435517","id":"wamid.1","timestamp":"1770000000","type":"text","text":{"body":"It is broken"}}]}}]}]}"#,
    )?;
    let signature = WhatsApp::scheme().sign(&whatsapp, &key)?;
    let whatsapp = whatsapp.with_header("x-hub-signature-256", &signature)?;
    let messenger = post(
        "messenger",
        r#"{"object":"page","entry":[{"id":"1906385232743451","time":1770000000123,"messaging":[{"sender":{"id":"6544121"},"recipient":{"id":"1906385232743451"},"timestamp":1770000000000,"message":{"mid":"m_1","text":"It is still broken"}}]}]}"#,
    )?;
    let signature = Messenger::scheme().sign(&messenger, &key)?;
    let messenger = messenger.with_header("x-hub-signature-256", &signature)?;
    let telegram = post("telegram", r#"{"update_id":1,"message":{"message_id":2,"date":1770000000,"chat":{"id":7,"type":"private"},"from":{"id":7,"is_bot":false,"first_name":"Siti"},"text":"Nobody came"}}"#)?
        .with_header("x-telegram-bot-api-secret-token", SECRET)?;
    let line = post(
        "line",
        r#"{"destination":"U0","events":[{"type":"message","mode":"active","timestamp":1770000000000,"webhookEventId":"E1","deliveryContext":{"isRedelivery":false},"source":{"type":"user","userId":"U7"},"message":{"type":"text","id":"1","text":"Still nobody","quoteToken":"q"}}]}"#,
    )?;
    let signature = Line::scheme().sign(&line, &key)?;
    let line = line.with_header("x-line-signature", &signature)?;
    let zalo = post(
        "zalo",
        r#"{"app_id":"360846524940903967","event_name":"user_send_text","sender":{"id":"246845883529197922"},"recipient":{"id":"388613280878808645"},"message":{"text":"Alo?","msg_id":"96d3"},"timestamp":"1770000000123"}"#,
    )?;
    let signature = ZaloSignature.sign(&zalo, &key).context("a body that has an app id")?;
    let zalo = zalo.with_header("x-zevent-signature", &signature)?;
    let sms = post(
        "twilio_sms",
        "MessageSid=SM1&From=%2B6281290435517&To=%2B18005551212&Body=Halo&NumMedia=0",
    )?;
    let signature = TwilioSignature.sign(&sms, &key);
    let sms = sms.with_header("x-twilio-signature", &signature)?;
    let call = post(
        "twilio_voice",
        "CallSid=CA1&From=%2B6281290435517&To=%2B18005551212&Direction=inbound&CallStatus=ringing",
    )?;
    let signature = TwilioSignature.sign(&call, &key);
    let call = call.with_header("x-twilio-signature", &signature)?;
    Ok(vec![
        ("webhook", till),
        ("messenger", messenger),
        ("zalo", zalo),
        ("twilio_voice", call),
        ("whatsapp", whatsapp),
        ("telegram", telegram),
        ("line", line),
        ("twilio_sms", sms),
    ])
}

async fn status(client: &HttpClient, request: &RawRequest) -> anyhow::Result<u16> {
    let mut out = HttpRequest::post(
        request.public_url.clone(),
        "application/octet-stream",
        request.body.clone(),
    );
    out.headers.extend(request.headers.clone());
    match client.exchange(WireRequest::Http(out)).await? {
        WireResponse::Http(response) => Ok(response.status.as_u16()),
        other => anyhow::bail!("an answer of another kind: {other:?}"),
    }
}

async fn try_out(public: &str) -> anyhow::Result<()> {
    let client = HttpClient::new();
    for (name, request) in samples(public)? {
        ensure!(status(&client, &request).await? == 200, "{name}: genuine");
        ensure!(status(&client, &request).await? == 200, "{name}: a second time");
        let mut forged = request.clone();
        forged.headers.clear();
        ensure!(status(&client, &forged).await? == 401, "{name}: without its signature");
    }
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:0")).await?;
        let own = format!("http://{}", listener.local_addr()?);
        let public = arguments.next().unwrap_or_else(|| own.clone());
        let router =
            Router::new().route("/{channel}", any(hook)).with_state(Arc::new(desk(&public)?));
        println!("listening on {own}, called {public}");
        let server = async { axum::serve(listener, router).await.context("serving") };
        if address.is_some() {
            return server.await;
        }
        tokio::select! {
            ended = server => ended,
            tried = try_out(&public) => tried,
        }
    })
}
