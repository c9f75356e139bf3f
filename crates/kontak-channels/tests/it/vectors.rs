//! Signatures that the vendors' own libraries made, and what those refuse.

use kontak_channel::chrono::DateTime;
use kontak_channel::http::HeaderName;
use kontak_channel::{Codec, KeyRing, RawRequest, Secret, SignaturePolicy, SignatureScheme};
use kontak_channels::{
    line::Line,
    messenger::Messenger,
    twilio_sms::TwilioSignature,
    webchat::SessionScheme,
    webhook::{Discourse, Webhook},
    whatsapp::WhatsApp,
    zalo::ZaloSignature,
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Vector {
    scheme: String,
    made_by: String,
    secret: String,
    url: String,
    headers: BTreeMap<String, String>,
    body: String,
    at: i64,
    genuine: bool,
}

fn policy(scheme: &str) -> SignaturePolicy {
    match scheme {
        "twilio" => SignaturePolicy::signed(TwilioSignature),
        "line" => SignaturePolicy::signed(Line::scheme()),
        "meta" => SignaturePolicy::signed(WhatsApp::scheme()),
        "standard-webhooks" => SignaturePolicy::signed(Webhook::scheme()),
        "zalo" => SignaturePolicy::signed(ZaloSignature),
        other => panic!("no scheme {other}"),
    }
}

#[test]
fn we_accept_and_refuse_what_they_do() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../vectors/signatures.json")).unwrap();
    let mut tried = BTreeMap::new();
    for vector in vectors {
        let request = RawRequest::post(vector.url.parse().unwrap(), vector.body.clone());
        let request = vector
            .headers
            .iter()
            .fold(request, |request, (name, value)| request.with_header(name, value).unwrap());
        let secret = if vector.scheme == "standard-webhooks" {
            Secret::from_base64(&vector.secret, "whsec_").unwrap()
        } else {
            Secret::new(&vector.secret)
        };
        let now = DateTime::from_timestamp(vector.at, 0).unwrap();
        let outcome = policy(&vector.scheme).verify(&request, &KeyRing::new(secret), 1 << 20, now);
        assert_eq!(
            outcome.is_ok(),
            vector.genuine,
            "{} by {}: {:?}",
            vector.scheme,
            vector.made_by,
            outcome
        );
        *tried.entry((vector.scheme, vector.genuine)).or_insert(0) += 1;
    }
    assert_eq!(tried.len(), 10, "genuine and forged of each scheme: {tried:?}");
}

/// What each scheme covers. What is not covered can be changed by whoever sees a request; without a
/// signed time only the dedupe key stops a request that is sent again.
#[test]
fn the_table_of_coverage() {
    let telegram = kontak_channels::telegram::Telegram::new("a", Secret::new("t"));
    let rows = [
        ("webhook", Webhook::scheme().coverage()),
        ("discourse", Discourse::scheme().coverage()),
        ("whatsapp", WhatsApp::scheme().coverage()),
        ("messenger", Messenger::scheme().coverage()),
        ("telegram", telegram.signature().scheme().unwrap().coverage()),
        ("line", Line::scheme().coverage()),
        ("zalo", ZaloSignature.coverage()),
        ("twilio_sms, twilio_voice", TwilioSignature.coverage()),
        ("email", kontak_channels::email::Email::scheme().coverage()),
        ("webchat", SessionScheme.coverage()),
    ];
    let yes = |covered| if covered { "yes" } else { "no" };
    let mut table = String::from(
        "| adapter | body | address | headers | signed time |\n|---|---|---|---|---|\n",
    );
    for (name, coverage) in rows {
        let headers: Vec<_> = coverage.headers.iter().map(HeaderName::as_str).collect();
        let headers = if headers.is_empty() { "none".to_owned() } else { headers.join(", ") };
        let time = coverage
            .replay_window
            .map_or_else(|| "no".to_owned(), |window| format!("{} s", window.num_seconds()));
        table += &format!(
            "| {name} | {} | {} | {headers} | {time} |\n",
            yes(coverage.body),
            yes(coverage.url)
        );
    }
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&table), "the README should have:\n{table}");
}
