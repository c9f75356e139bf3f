//! Channels: a WhatsApp text from bytes to an envelope, the same of the other adapters, and plans.

use criterion::{Criterion, criterion_group, criterion_main};
use kontak_channel::chrono::DateTime;
use kontak_channel::content::{Content, Part};
use kontak_channel::{
    CallStage, Codec, EnvelopeBody, HmacScheme, KeyRing, LengthUnit, PlanMode, RawRequest, Secret,
    TextLimit, Window, plan, split_text,
};
use kontak_channels::email::Email;
use kontak_channels::line::Line;
use kontak_channels::messenger::Messenger;
use kontak_channels::telegram::Telegram;
use kontak_channels::twilio_sms::{TwilioSignature, TwilioSms};
use kontak_channels::twilio_voice::TwilioVoice;
use kontak_channels::webchat::{SESSION_HEADER, Session, SessionScheme, WebChat};
use kontak_channels::webhook::{Discourse, Webhook};
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

/// As people's mail programs write an answer: twice, with what it quotes below.
fn mail() -> String {
    let quoted = "On Sun, 1 Feb 2026 at 19:12, Layanan <layanan@tokobudi.co.id> wrote:\r\n\
        > Teknisi kami datang besok pagi antara pukul 09.00 dan 12.00.\r\n> Terima kasih.\r\n";
    let html = format!(
        "<div dir=\"ltr\">{WORDS}</div><br><div class=\"gmail_quote\"><blockquote>Teknisi kami datang \
         besok pagi antara pukul 09.00 dan 12.00.<br>Terima kasih.</blockquote></div>"
    );
    format!(
        "Return-Path: <siti.rahayu@gmail.com>\r\n\
         Received: from mail-sor-f41.google.com by mail.tokobudi.co.id with ESMTPS id 0192f0c1; Mon, 2 Feb 2026 09:40:00 +0700\r\n\
         Authentication-Results: mail.tokobudi.co.id; dkim=pass header.d=gmail.com; spf=pass smtp.mailfrom=siti.rahayu@gmail.com; dmarc=pass header.from=gmail.com\r\n\
         MIME-Version: 1.0\r\n\
         References: <1@tokobudi.co.id> <2@mail.gmail.com> <3@tokobudi.co.id>\r\n\
         In-Reply-To: <3@tokobudi.co.id>\r\n\
         From: Siti Rahayu <siti.rahayu@gmail.com>\r\n\
         Date: Mon, 2 Feb 2026 09:40:00 +0700\r\n\
         Message-ID: <CAJ4+sV0192f0c1@mail.gmail.com>\r\n\
         Subject: Re: AC rusak\r\n\
         To: Layanan <layanan@tokobudi.co.id>\r\n\
         Content-Type: multipart/alternative; boundary=\"000000000000a1b2c3\"\r\n\r\n\
         --000000000000a1b2c3\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\n\r\n{WORDS}\r\n\r\n{quoted}\r\n\
         --000000000000a1b2c3\r\nContent-Type: text/html; charset=\"UTF-8\"\r\n\r\n{html}\r\n\
         --000000000000a1b2c3--\r\n"
    )
}

fn requests() -> Vec<(&'static str, Box<dyn Codec>, RawRequest)> {
    let key = Secret::new(SECRET);
    let token = || Secret::new("token");
    let signed = |request: RawRequest, scheme: HmacScheme, header| {
        let signature = scheme.sign(&request, &key).expect("nothing is missing");
        with(request, header, &signature)
    };
    let meta = |body| signed(post(body), WhatsApp::scheme(), "x-hub-signature-256");
    let twilio = |body| {
        let request = post(body);
        let signature = TwilioSignature.sign(&request, &key);
        with(request, "x-twilio-signature", &signature)
    };
    let whatsapp = meta(format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"102290129340398","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"15550783881","phone_number_id":"106540352242922"}},"contacts":[{{"profile":{{"name":"Siti Rahayu"}},"wa_id":"6281290435517","user_id":"ID.13491208655302741918"}}],"messages":[{{"from":"6281290435517","from_user_id":"ID.13491208655302741918","id":"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=","timestamp":"1770000000","type":"text","text":{{"body":"{WORDS}"}}}}]}},"field":"messages"}}]}}]}}"#
    ));
    let messenger = meta(format!(
        r#"{{"object":"page","entry":[{{"id":"1906385232743451","time":1770000000123,"messaging":[{{"sender":{{"id":"6544121"}},"recipient":{{"id":"1906385232743451"}},"timestamp":1770000000000,"message":{{"mid":"m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM","text":"{WORDS}"}}}}]}}]}}"#
    ));
    let telegram = post(format!(
        r#"{{"update_id":10000,"message":{{"date":1770000000,"chat":{{"first_name":"Siti","id":1111111,"type":"private"}},"message_id":1365,"from":{{"first_name":"Siti","id":1111111,"is_bot":false}},"text":"{WORDS}"}}}}"#
    ));
    let telegram = with(telegram, "x-telegram-bot-api-secret-token", SECRET);
    let line = post(format!(
        r#"{{"destination":"U0","events":[{{"type":"message","message":{{"type":"text","id":"14353798921116","text":"{WORDS}","quoteToken":"q"}},"webhookEventId":"01FZ74A0TDDPYRVKNK77XKC3ZR","deliveryContext":{{"isRedelivery":false}},"timestamp":1770000000000,"source":{{"type":"user","userId":"U4af4980629"}},"mode":"active"}}]}}"#
    ));
    let line = signed(line, Line::scheme(), "x-line-signature");
    let zalo = post(format!(
        r#"{{"app_id":"360846524940903967","user_id_by_app":"552177279717587730","event_name":"user_send_text","sender":{{"id":"246845883529197922"}},"recipient":{{"id":"388613280878808645"}},"message":{{"text":"{WORDS}","msg_id":"96d3cdf3af150460909"}},"timestamp":"1770000000123"}}"#
    ));
    let signature = ZaloSignature.sign(&zalo, &key).expect("nothing is missing");
    let zalo = with(zalo, "x-zevent-signature", &signature);
    let words = WORDS.replace(' ', "+");
    let sms = twilio(format!(
        "ToCountry=US&NumMedia=0&SmsStatus=received&Body={words}&From=%2B6281290435517&To=%2B18005551212&MessageSid=SM11&AccountSid=AC1&NumSegments=1&ApiVersion=2010-04-01"
    ));
    let call = twilio(format!(
        "AccountSid=AC1&ApiVersion=2010-04-01&CallSid=CA11&CallStatus=in-progress&Called=%2B18005551212&Caller=%2B6281290435517&CallerCountry=ID&Confidence=0.93&Direction=inbound&From=%2B6281290435517&SpeechResult={words}&To=%2B18005551212"
    ));
    let till = post(format!(
        r#"{{"type":"message.created","timestamp":"2026-02-02T02:40:00Z","data":{{"id":"visit 7","from":{{"id":"member 77","phone":"+6281290435517"}},"text":"{WORDS}"}}}}"#
    ));
    let till = with(with(till, "webhook-id", "msg_1"), "webhook-timestamp", "1770000000");
    let till = signed(till, Webhook::scheme(), "webhook-signature");
    let post_created = post(format!(
        r#"{{"post":{{"id":1042,"name":"Siti Rahayu","username":"siti","created_at":"2026-02-02T02:40:00.000Z","cooked":"<p>{WORDS}</p>","raw":"{WORDS}","post_number":1,"topic_id":77,"topic_slug":"ac-rusak","topic_title":"AC rusak","version":1,"user_id":5,"trust_level":1}}}}"#
    ));
    let post_created = with(post_created, "x-discourse-event", "post_created");
    let post_created = signed(post_created, Discourse::scheme(), "x-discourse-event-signature");
    let mail = with(post(mail()), "x-mail-timestamp", "1770000000");
    let mail = signed(mail, Email::scheme(), "x-mail-signature");
    let chat = post(format!(r#"{{"say":{{"id":"0192f0c1","text":"{WORDS}"}}}}"#));
    let issued = DateTime::from_timestamp(1_770_000_000, 0).expect("a time");
    let session = SessionScheme.issue(&Session::anonymous("b0d1"), &key, issued);
    let chat = with(chat, SESSION_HEADER, &session);
    let forum = "https://forum.example".parse().expect("an address");
    let address = "layanan@tokobudi.co.id".parse().expect("an address");
    let mailbox = Email::new("layanan", address).with_authority("mail.tokobudi.co.id");
    vec![
        ("whatsapp", Box::new(WhatsApp::new("shop", "1", token())), whatsapp),
        ("messenger", Box::new(Messenger::new("page", "1", token())), messenger),
        ("telegram", Box::new(Telegram::new("bot", token())), telegram),
        ("line", Box::new(Line::new("shop", token())), line),
        ("zalo", Box::new(Zalo::new("shop", token())), zalo),
        ("twilio_sms", Box::new(TwilioSms::new("hotline", "AC1", token(), "+1")), sms),
        ("twilio_voice", Box::new(TwilioVoice::new("hotline", "AC1", token(), "+1")), call),
        ("webhook", Box::new(Webhook::new("store", "till")), till),
        ("discourse", Box::new(Discourse::new("forum", &forum, token(), "desk")), post_created),
        ("email", Box::new(mailbox), mail),
        ("webchat", Box::new(WebChat::new("site")), chat),
    ]
}

fn words(body: &EnvelopeBody) -> Option<String> {
    match body {
        EnvelopeBody::Message(message) => match &message.content.parts[..] {
            [Part::Text(text)] => Some(text.plain_text().into_owned()),
            _ => None,
        },
        EnvelopeBody::Call(event) => match &event.stage {
            CallStage::Entered(words) => Some(words.as_str().to_owned()),
            _ => None,
        },
        _ => None,
    }
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
        assert_eq!(words(&run(&request).envelopes[0].body).as_deref(), Some(WORDS), "{name}");
        let id = format!("{name}, {} bytes", request.body.len());
        group.bench_function(id, |b| b.iter(|| run(black_box(&request))));
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
