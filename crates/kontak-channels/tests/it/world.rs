//! What the tests of all adapters need.

use kontak_channel::address::EmailAddress;
use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::content::Content;
use kontak_channel::http::StatusCode;
use kontak_channel::{
    Action, Codec, Envelope, EnvelopeBody, HttpRequest, HttpResponse, IdempotencyKey, Ignored,
    IgnoredReason, InboundMessage, Outbound, RawRequest, Secret, SendError, SignaturePolicy,
    WireRequest, WireResponse,
};
use kontak_channels::email::Email;
use kontak_channels::line::Line;
use kontak_channels::messenger::Messenger;
use kontak_channels::telegram::Telegram;
use kontak_channels::twilio_sms::TwilioSms;
use kontak_channels::twilio_voice::TwilioVoice;
use kontak_channels::webchat::WebChat;
use kontak_channels::webhook::{Discourse, Webhook};
use kontak_channels::whatsapp::WhatsApp;
use kontak_channels::zalo::Zalo;
use kontak_types::TouchpointKey;
use serde_json::Value;

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000, 0).unwrap()
}

pub(crate) fn post(body: impl Into<String>) -> RawRequest {
    RawRequest::post("https://h.example/hook".parse().unwrap(), body.into())
}

/// What an adapter reads of a body, whoever signed it.
pub(crate) fn read(codec: &dyn Codec, request: &RawRequest) -> Vec<Envelope> {
    let policy = SignaturePolicy::Unsigned { because: "signatures have tests of their own" };
    let keys = kontak_channel::KeyRing::new(Secret::new("x"));
    let verified = policy.verify(request, &keys, usize::MAX, now()).unwrap();
    codec.parse(&verified).unwrap().envelopes
}

pub(crate) fn only(codec: &dyn Codec, body: &str) -> Envelope {
    let mut envelopes = read(codec, &post(body));
    assert_eq!(envelopes.len(), 1, "{envelopes:?}");
    envelopes.remove(0)
}

pub(crate) fn message(envelope: &Envelope) -> &InboundMessage {
    match &envelope.body {
        EnvelopeBody::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn ignored(envelope: &Envelope) -> IgnoredReason {
    match &envelope.body {
        EnvelopeBody::Ignored(Ignored { reason, .. }) => *reason,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn outbound(codec: &dyn Codec, to: &str, action: Action) -> Outbound {
    let descriptor = codec.descriptor();
    let to = TouchpointKey::new(descriptor.kind.clone(), &*descriptor.scope, to);
    Outbound::new(to, IdempotencyKey::new("0192f0c1-2345-7abc-8def-0123456789ab").unwrap(), action)
}

pub(crate) fn say(codec: &dyn Codec, to: &str, content: impl Into<Content>) -> HttpRequest {
    wire(codec, &outbound(codec, to, Action::Say(content.into())))
}

pub(crate) fn wire(codec: &dyn Codec, outbound: &Outbound) -> HttpRequest {
    match codec.render(outbound).unwrap().remove(0) {
        WireRequest::Http(request) => request,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn json(request: &HttpRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

pub(crate) fn answer(status: u16, body: &str) -> WireResponse {
    let status = StatusCode::from_u16(status).unwrap();
    WireResponse::Http(HttpResponse::new(status, body.to_owned()))
}

pub(crate) fn failure(codec: &dyn Codec, status: u16, body: &str) -> SendError {
    codec.interpret(&answer(status, body)).unwrap_err()
}

/// One of each adapter.
pub(crate) fn codecs() -> Vec<(&'static str, Box<dyn Codec>)> {
    let secret = || Secret::new("token");
    let forum = "https://forum.example".parse().unwrap();
    let mailbox = EmailAddress::parse("desk@shop.example.com").unwrap();
    vec![
        ("webhook", Box::new(Webhook::new("store", "a"))),
        ("discourse", Box::new(Discourse::new("a", &forum, secret(), "desk"))),
        ("whatsapp", Box::new(WhatsApp::new("a", "1", secret()))),
        ("messenger", Box::new(Messenger::new("a", "1", secret()).with_human_agent())),
        ("instagram", Box::new(Messenger::instagram("a", "1", secret()).with_human_agent())),
        ("telegram", Box::new(Telegram::new("a", secret()))),
        ("line", Box::new(Line::new("a", secret()))),
        ("zalo", Box::new(Zalo::new("a", secret()))),
        ("twilio_sms", Box::new(TwilioSms::new("a", "AC1", secret(), "+1").with_pictures())),
        ("twilio_voice", Box::new(TwilioVoice::new("a", "AC1", secret(), "+1"))),
        ("email", Box::new(Email::new("a", mailbox))),
        ("webchat", Box::new(WebChat::new("a"))),
    ]
}
