//! Text messages by Twilio.

use crate::world::{answer, failure, message, now, only, outbound, post, say};
use kontak_channel::conformance::Subject;
use kontak_channel::content::{Content, MediaKind, Part, Text};
use kontak_channel::{
    Action, Codec, Consent, ConsentScope, EnvelopeBody, KeyRing, RawRequest, ReceiptStatus, Secret,
    SendError, SignatureScheme, VerifyError,
};
use kontak_channels::twilio_sms::{TwilioSignature, TwilioSms};

const TOKEN: &str = "twilio-auth-token-12345";

fn sms() -> TwilioSms {
    TwilioSms::new("hotline", "AC1", Secret::new(TOKEN), "+18005551212")
        .with_status_callback("https://h.example/status?a=1&b=2")
}

const TEXT: &str = "ToCountry=US&SmsMessageSid=SM11&NumMedia=0&SmsStatus=received&Body=Xin+ch%C3%A0o+%F0%9F%91%8B&From=%2B84901234567&To=%2B18005551212&MessageSid=SM11&AccountSid=AC1&NumSegments=1&ApiVersion=2010-04-01";
const MEDIA: &str = "MessageSid=MM12&From=%2B14158675309&To=%2B18005551212&Body=&NumMedia=2&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2Fm%2F1&MediaContentType0=image%2Fjpeg&MediaUrl1=https%3A%2F%2Fapi.twilio.com%2Fm%2F2&MediaContentType1=text%2Fvcard";
const STOP: &str =
    "MessageSid=SM13&From=%2B14158675309&To=%2B18005551212&Body=STOP&OptOutType=STOP&NumMedia=0";
const FAILED: &str = "MessageSid=SM14&MessageStatus=undelivered&ErrorCode=30003&To=%2B14158675309&From=%2B18005551212&SmsStatus=undelivered&SmsSid=SM14&AccountSid=AC1";

fn delivered() -> String {
    FAILED.replace("undelivered", "delivered").replace("&ErrorCode=30003", "")
}

fn signed(body: &str) -> RawRequest {
    let request = post(body);
    let signature = TwilioSignature.sign(&request, &Secret::new(TOKEN));
    request.with_header("x-twilio-signature", &signature).unwrap()
}

#[test]
fn twilio_is_lawful() {
    let sms = sms();
    Subject::new(&sms, KeyRing::new(Secret::new(TOKEN)), "+6281290435517", now())
        .with_request(signed(TEXT))
        .with_request(signed(MEDIA))
        .with_request(signed(STOP))
        .with_request(signed(FAILED))
        .with_request(signed(&delivered()))
        .with_accepted(answer(201, r#"{"sid":"SM22","status":"queued","error_code":null}"#))
        .with_secret(TOKEN)
        .assert_lawful();
    Subject::new(&sms.with_pictures(), KeyRing::new(Secret::new(TOKEN)), "+14158675309", now())
        .with_request(signed(TEXT))
        .assert_lawful();
}

#[test]
fn texts_pictures_and_stops() {
    let envelope = only(&sms(), TEXT);
    assert_eq!(message(&envelope).content, Content::plain("Xin chào 👋").unwrap());
    assert_eq!(envelope.sender.unwrap().phone, Some("+84901234567".parse().unwrap()));
    let media = only(&sms(), MEDIA);
    let kinds: Vec<_> = message(&media).content.media().map(|media| media.kind.clone()).collect();
    assert_eq!(kinds, [MediaKind::Image, MediaKind::Document]);
    assert!(message(&media).content.parts.iter().all(|part| matches!(part, Part::Media(_))));
    assert_eq!(only(&sms(), STOP).body, Consent::withdrawn(ConsentScope::Everything).into());
}

#[test]
fn a_receipt_says_why() {
    let EnvelopeBody::Receipt(receipt) = only(&sms(), FAILED).body else { panic!() };
    assert_eq!((receipt.status, &*receipt.failure.unwrap().code), (ReceiptStatus::Failed, "30003"));
    assert_ne!(only(&sms(), FAILED).dedupe, only(&sms(), &delivered()).dedupe);
}

#[test]
fn what_goes_out_is_a_form() {
    let request = say(&sms(), "+6281290435517", Text::plain("Siap & lunas + 1").unwrap());
    let body = String::from_utf8(request.body.to_vec()).unwrap();
    assert_eq!(
        body,
        "To=%2B6281290435517&From=%2B18005551212&Body=Siap+%26+lunas+%2B+1&StatusCallback=https%3A%2F%2Fh.example%2Fstatus%3Fa%3D1%26b%3D2"
    );
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(request.headers["authorization"].is_sensitive());
    let edit = Action::Delete { target: kontak_channel::ProviderId::new("SM1").unwrap() };
    assert!(sms().render(&outbound(&sms(), "+1", edit)).is_err());
}

#[test]
fn what_errors_mean() {
    let error = |code: u32| {
        failure(&sms(), 400, &format!(r#"{{"code":{code},"message":"…","status":400}}"#))
    };
    assert!(matches!(error(21_610), SendError::OptedOut { .. }));
    assert!(matches!(error(21_211), SendError::Invalid { .. }));
    assert!(matches!(error(21_408), SendError::Config { .. }));
    assert!(matches!(error(20_003), SendError::Unauthorized { .. }));
    assert!(matches!(error(99_999), SendError::Rejected { .. }));
}

#[test]
fn a_json_body_is_signed_by_its_hash() {
    // A vector of twilio 9.13 for Python.
    let url = "https://h.example/tw?bodySHA256=34ae59ca68685d7bbc33612dfec3f161a6ab159e03781b888318a6d11358a890";
    let check = |body: &'static str| {
        let request = RawRequest::post(url.parse().unwrap(), body);
        let request =
            request.with_header("x-twilio-signature", "BGJrgNDUCXMU20+CaZDVenY5fDA=").unwrap();
        TwilioSignature.check(&request, &Secret::new("12345"), now())
    };
    assert_eq!(check(r#"{"MessageSid":"SM1","Body":"halo"}"#), Ok(()));
    assert_eq!(check(r#"{"MessageSid":"SM1","Body":"halo"} "#), Err(VerifyError::Mismatch));
}
