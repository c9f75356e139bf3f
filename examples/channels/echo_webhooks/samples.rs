//! A genuine request of each channel, as its provider would send it; and whether the server can
//! tell it from others.

use crate::desk::{SECRET, now};
use anyhow::{Context as _, bail, ensure};
use kontak_channel::{
    HmacScheme, HttpRequest, RawRequest, Secret, Transport as _, WireRequest, WireResponse,
};
use kontak_channels::email::Email;
use kontak_channels::http_client::HttpClient;
use kontak_channels::line::Line;
use kontak_channels::messenger::Messenger;
use kontak_channels::twilio_sms::TwilioSignature;
use kontak_channels::webhook::{Discourse, Webhook};
use kontak_channels::whatsapp::WhatsApp;
use kontak_channels::zalo::ZaloSignature;

const TILL: &str = r#"{"type":"message.created","data":{"id":"1","from":{"id":"member 77"},"text":"Bought an air conditioner"}}"#;
const WHATSAPP: &str = r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"contacts":[{"profile":{"name":"Siti"},"wa_id":"6281290435517"}],"messages":[{"from":"6281290435517","id":"wamid.1","timestamp":"1770000000","type":"text","text":{"body":"It is broken"}}]}}]}]}"#;
const MESSENGER: &str = r#"{"object":"page","entry":[{"id":"1906385232743451","time":1770000000123,"messaging":[{"sender":{"id":"6544121"},"recipient":{"id":"1906385232743451"},"timestamp":1770000000000,"message":{"mid":"m_1","text":"It is still broken"}}]}]}"#;
const INSTAGRAM: &str = r#"{"object":"instagram","entry":[{"id":"17841405793187218","time":1770000000123,"messaging":[{"sender":{"id":"9912345"},"recipient":{"id":"17841405793187218"},"timestamp":1770000000000,"message":{"mid":"m_2","text":"Here it is, too"}}]}]}"#;
const FORUM: &str = r#"{"post":{"id":1042,"user_id":5,"username":"siti","raw":"It is broken","created_at":"2026-02-02T02:40:00Z","topic_id":77,"topic_title":"Air conditioner"}}"#;
const TELEGRAM: &str = r#"{"update_id":1,"message":{"message_id":2,"date":1770000000,"chat":{"id":7,"type":"private"},"from":{"id":7,"is_bot":false,"first_name":"Siti"},"text":"Nobody came"}}"#;
const LINE: &str = r#"{"destination":"U0","events":[{"type":"message","mode":"active","timestamp":1770000000000,"webhookEventId":"E1","deliveryContext":{"isRedelivery":false},"source":{"type":"user","userId":"U7"},"message":{"type":"text","id":"1","text":"Still nobody","quoteToken":"q"}}]}"#;
const ZALO: &str = r#"{"app_id":"360846524940903967","event_name":"user_send_text","sender":{"id":"246845883529197922"},"recipient":{"id":"388613280878808645"},"message":{"text":"Alo?","msg_id":"96d3"},"timestamp":"1770000000123"}"#;
const SMS: &str = "MessageSid=SM1&From=%2B6281290435517&To=%2B18005551212&Body=Halo&NumMedia=0";
const CALL: &str = "CallSid=CA1&From=%2B6281290435517&To=%2B18005551212&Direction=inbound&CallStatus=in-progress&SpeechResult=Halo";
const MAIL: &str = "From: Siti <siti@gmail.com>\r\nTo: desk@shop.example.com\r\nSubject: Broken\r\nMessage-ID: <1@mail.gmail.com>\r\n\r\nSince Monday.\r\n";

fn samples(public: &str) -> anyhow::Result<Vec<(&'static str, RawRequest)>> {
    let key = Secret::new(SECRET);
    let seconds = now().timestamp().to_string();
    let post = |name, body: &'static str| {
        anyhow::Ok(RawRequest::post(format!("{public}/{name}").parse()?, body))
    };
    let signed = |request: RawRequest, scheme: HmacScheme, header| {
        let signature = scheme.sign(&request, &key)?;
        anyhow::Ok(request.with_header(header, &signature)?)
    };
    let meta = |name, body, scheme| signed(post(name, body)?, scheme, "x-hub-signature-256");
    let twilio = |name, body| {
        let request = post(name, body)?;
        let signature = TwilioSignature.sign(&request, &key);
        anyhow::Ok(request.with_header("x-twilio-signature", &signature)?)
    };
    let till = post("webhook", TILL)?
        .with_header("webhook-id", "msg_1")?
        .with_header("webhook-timestamp", &seconds)?;
    let forum = post("discourse", FORUM)?.with_header("x-discourse-event", "post_created")?;
    let mail = post("email", MAIL)?.with_header("x-mail-timestamp", &seconds)?;
    let zalo = post("zalo", ZALO)?;
    let mac = ZaloSignature.sign(&zalo, &key).context("a body that has an app id")?;
    Ok(vec![
        ("webhook", signed(till, Webhook::scheme(), "webhook-signature")?),
        ("discourse", signed(forum, Discourse::scheme(), "x-discourse-event-signature")?),
        ("whatsapp", meta("whatsapp", WHATSAPP, WhatsApp::scheme())?),
        ("messenger", meta("messenger", MESSENGER, Messenger::scheme())?),
        ("instagram", meta("instagram", INSTAGRAM, Messenger::scheme())?),
        (
            "telegram",
            post("telegram", TELEGRAM)?.with_header("x-telegram-bot-api-secret-token", SECRET)?,
        ),
        ("line", signed(post("line", LINE)?, Line::scheme(), "x-line-signature")?),
        ("zalo", zalo.with_header("x-zevent-signature", &mac)?),
        ("twilio_sms", twilio("twilio_sms", SMS)?),
        ("twilio_voice", twilio("twilio_voice", CALL)?),
        ("email", signed(mail, Email::scheme(), "x-mail-signature")?),
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
        other => bail!("an answer of another kind: {other:?}"),
    }
}

pub(crate) async fn try_out(public: &str) -> anyhow::Result<()> {
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
