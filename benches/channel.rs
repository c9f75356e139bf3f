//! Channels: a WhatsApp text from bytes to an envelope, the same of the other adapters, and plans.

use criterion::{Criterion, criterion_group, criterion_main};
use kontak_channel::chrono::DateTime;
use kontak_channel::content::{Content, Part};
use kontak_channel::{
    Codec, EnvelopeBody, KeyRing, LengthUnit, PlanMode, RawRequest, Secret, TextLimit, Window,
    plan, split_text,
};
use kontak_channels::line::Line;
use kontak_channels::messenger::Messenger;
use kontak_channels::telegram::Telegram;
use kontak_channels::twilio_sms::{TwilioSignature, TwilioSms};
use kontak_channels::webchat::{SESSION_HEADER, Session, SessionScheme, WebChat};
use kontak_channels::webhook::Webhook;
use kontak_channels::whatsapp::WhatsApp;
use kontak_channels::zalo::{Zalo, ZaloSignature};
use std::hint::black_box;

const SECRET: &str = "a secret of at least sixteen bytes";
const WORDS: &str = "Halo, AC saya rusak dan teknisi belum datang juga";

fn post(body: String) -> RawRequest {
    RawRequest::post("https://h.example/hook".parse().expect("an address"), body)
}

fn with(request: RawRequest, name: &str, value: &str) -> RawRequest {
    request.with_header(name, value).expect("a header")
}

fn requests() -> Vec<(&'static str, Box<dyn Codec>, RawRequest)> {
    let key = Secret::new(SECRET);
    let token = || Secret::new("token");
    let whatsapp = post(format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"102290129340398","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"15550783881","phone_number_id":"106540352242922"}},"contacts":[{{"profile":{{"name":"Siti Rahayu"}},"wa_id":"6281290435517","user_id":"ID.13491208655302741918"}}],"messages":[{{"from":"6281290435517","from_user_id":"ID.13491208655302741918","id":"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=","timestamp":"1770000000","type":"text","text":{{"body":"{WORDS}"}}}}]}},"field":"messages"}}]}}]}}"#
    ));
    let signature = WhatsApp::scheme().sign(&whatsapp, &key).expect("nothing is missing");
    let whatsapp = with(whatsapp, "x-hub-signature-256", &signature);
    let telegram = post(format!(
        r#"{{"update_id":10000,"message":{{"date":1770000000,"chat":{{"first_name":"Siti","id":1111111,"type":"private"}},"message_id":1365,"from":{{"first_name":"Siti","id":1111111,"is_bot":false}},"text":"{WORDS}"}}}}"#
    ));
    let telegram = with(telegram, "x-telegram-bot-api-secret-token", SECRET);
    let line = post(format!(
        r#"{{"destination":"U0","events":[{{"type":"message","message":{{"type":"text","id":"14353798921116","text":"{WORDS}","quoteToken":"q"}},"webhookEventId":"01FZ74A0TDDPYRVKNK77XKC3ZR","deliveryContext":{{"isRedelivery":false}},"timestamp":1770000000000,"source":{{"type":"user","userId":"U4af4980629"}},"mode":"active"}}]}}"#
    ));
    let signature = Line::scheme().sign(&line, &key).expect("nothing is missing");
    let line = with(line, "x-line-signature", &signature);
    let sms = post(format!(
        "ToCountry=US&NumMedia=0&SmsStatus=received&Body={}&From=%2B6281290435517&To=%2B18005551212&MessageSid=SM11&AccountSid=AC1&NumSegments=1&ApiVersion=2010-04-01",
        WORDS.replace(' ', "+")
    ));
    let signature = TwilioSignature.sign(&sms, &key);
    let sms = with(sms, "x-twilio-signature", &signature);
    let till = post(format!(
        r#"{{"type":"message.created","timestamp":"2026-02-02T02:40:00Z","data":{{"id":"visit 7","from":{{"id":"member 77","phone":"+6281290435517"}},"text":"{WORDS}"}}}}"#
    ));
    let till = with(with(till, "webhook-id", "msg_1"), "webhook-timestamp", "1770000000");
    let signature = Webhook::scheme().sign(&till, &key).expect("nothing is missing");
    let till = with(till, "webhook-signature", &signature);
    let messenger = post(format!(
        r#"{{"object":"page","entry":[{{"id":"1906385232743451","time":1770000000123,"messaging":[{{"sender":{{"id":"6544121"}},"recipient":{{"id":"1906385232743451"}},"timestamp":1770000000000,"message":{{"mid":"m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM","text":"{WORDS}"}}}}]}}]}}"#
    ));
    let signature = Messenger::scheme().sign(&messenger, &key).expect("nothing is missing");
    let messenger = with(messenger, "x-hub-signature-256", &signature);
    let zalo = post(format!(
        r#"{{"app_id":"360846524940903967","user_id_by_app":"552177279717587730","event_name":"user_send_text","sender":{{"id":"246845883529197922"}},"recipient":{{"id":"388613280878808645"}},"message":{{"text":"{WORDS}","msg_id":"96d3cdf3af150460909"}},"timestamp":"1770000000123"}}"#
    ));
    let signature = ZaloSignature.sign(&zalo, &key).expect("nothing is missing");
    let zalo = with(zalo, "x-zevent-signature", &signature);
    let chat = post(format!(r#"{{"say":{{"id":"0192f0c1","text":"{WORDS}"}}}}"#));
    let issued = DateTime::from_timestamp(1_770_000_000, 0).expect("a time");
    let session = SessionScheme.issue(&Session::anonymous("b0d1"), &key, issued);
    let chat = with(chat, SESSION_HEADER, &session);
    vec![
        ("messenger", Box::new(Messenger::new("page", "1", Secret::new("token"))), messenger),
        ("zalo", Box::new(Zalo::new("shop", Secret::new("token"))), zalo),
        ("webchat", Box::new(WebChat::new("site")), chat),
        ("whatsapp", Box::new(WhatsApp::new("shop", "1", token())), whatsapp),
        ("telegram", Box::new(Telegram::new("bot", token())), telegram),
        ("line", Box::new(Line::new("shop", token())), line),
        ("twilio_sms", Box::new(TwilioSms::new("hotline", "AC1", token(), "+1")), sms),
        ("webhook", Box::new(Webhook::new("store", "till")), till),
    ]
}

fn verify_and_parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("verify and parse");
    let keys = KeyRing::new(Secret::new(SECRET));
    let now = DateTime::from_timestamp(1_770_000_000, 0).expect("a time");
    for (name, codec, request) in requests() {
        let run = |request: &RawRequest| {
            let verified = codec.verify(request, &keys, now).expect("it is genuine");
            codec.parse(&verified).expect("it is well formed")
        };
        let EnvelopeBody::Message(message) = &run(&request).envelopes[0].body else {
            panic!("{name} brings no message");
        };
        assert_eq!(message.content.plain_text(), WORDS, "{name}");
        group.bench_function(name, |b| b.iter(|| run(black_box(&request))));
    }
    group.finish();
}

fn planning(c: &mut Criterion) {
    let mut group = c.benchmark_group("plan");
    let can = WhatsApp::new("shop", "1", Secret::new("t")).capabilities(Window::Unlimited);
    let content = Content::plain(WORDS).expect("a text");
    let whole = plan(&content, &can, PlanMode::Strict).expect("it fits");
    assert!(matches!(&whole.messages[..], [only] if matches!(only.parts[0], Part::Text(_))));
    group.bench_function("plain text", |b| {
        b.iter(|| plan(black_box(&content), &can, PlanMode::Strict));
    });
    let long = "สินค้าของคุณกำลังเดินทาง https://h.example/lacak/0042 ".repeat(120);
    let limit = TextLimit::new(1_000, LengthUnit::Graphemes);
    assert!(split_text(&long, limit).len() > 4);
    group.bench_function("split 14 kB", |b| b.iter(|| split_text(black_box(&long), limit)));
    group.finish();
}

criterion_group!(benches, verify_and_parse, planning);
criterion_main!(benches);
