//! Calls by Twilio: requests as its documentation has them.

use crate::world::{answer, failure, now, only, outbound, post, say, wire};
use kontak_channel::chrono::DateTime;
use kontak_channel::conformance::Subject;
use kontak_channel::content::{
    CallDirection, CallOutcome, Content, Media, MediaKind, MediaPlace, Remote, Text, Written,
};
use kontak_channel::{
    Action, CallEvent, CallStage, Codec, Envelope, EnvelopeBody, IgnoredReason, KeyRing,
    ProviderId, RawRequest, Secret, SendError,
};
use kontak_channels::twilio_voice::{TwilioSignature, TwilioVoice, twiml};

const TOKEN: &str = "twilio-auth-token-12345";

fn voice() -> TwilioVoice {
    TwilioVoice::new("hotline", "AC1", Secret::new(TOKEN), "+18005551212")
        .with_status_callback("https://h.example/calls?a=1&b=2")
        .with_answers_to("https://h.example/pressed?question=1&of=2")
}

const INCOMING: &str = "AccountSid=AC1&ApiVersion=2010-04-01&CallSid=CA11&CallStatus=ringing&Called=%2B18005551212&Caller=%2B6281290435517&Direction=inbound&From=%2B6281290435517&To=%2B18005551212&CallerName=SITI+RAHAYU";
const PRESSED: &str = "AccountSid=AC1&CallSid=CA11&CallStatus=in-progress&Direction=inbound&Digits=2&FinishedOnKey=&From=%2B6281290435517&To=%2B18005551212&msg=Gather+End";
const ANSWERED: &str = "AccountSid=AC1&CallSid=CA12&CallStatus=in-progress&CallbackSource=call-progress-events&Direction=outbound-api&From=%2B18005551212&To=%2B6281290435517&SequenceNumber=2&Timestamp=Mon%2C+02+Feb+2026+02%3A40%3A00+%2B0000";
const ENDED: &str = "AccountSid=AC1&CallSid=CA12&CallDuration=37&CallStatus=completed&CallbackSource=call-progress-events&Direction=outbound-api&Duration=1&From=%2B18005551212&To=%2B6281290435517&SequenceNumber=3&Timestamp=Mon%2C+02+Feb+2026+02%3A40%3A37+%2B0000";
const RECORDED: &str = "AccountSid=AC1&CallSid=CA12&RecordingChannels=1&RecordingDuration=33&RecordingSid=RE7&RecordingSource=OutboundAPI&RecordingStartTime=Mon%2C+02+Feb+2026+02%3A40%3A03+%2B0000&RecordingStatus=completed&RecordingUrl=https%3A%2F%2Fapi.twilio.com%2F2010-04-01%2FAccounts%2FAC1%2FRecordings%2FRE7";

fn signed(body: &str) -> RawRequest {
    let request = post(body);
    let signature = TwilioSignature.sign(&request, &Secret::new(TOKEN));
    request.with_header("x-twilio-signature", &signature).unwrap()
}

#[test]
fn twilio_voice_is_lawful() {
    let voice = voice();
    let mut subject =
        Subject::new(&voice, KeyRing::new(Secret::new(TOKEN)), "+6281290435517", now());
    for body in [INCOMING, PRESSED, ANSWERED, ENDED, RECORDED] {
        subject = subject.with_request(signed(body));
    }
    subject
        .with_accepted(answer(201, r#"{"sid":"CA99","status":"queued"}"#))
        .with_secret(TOKEN)
        .assert_lawful();
}

fn call(envelope: &Envelope) -> &CallEvent {
    match &envelope.body {
        EnvelopeBody::Call(event) => event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_comes_in_and_a_key_is_pressed() {
    let envelope = only(&voice(), INCOMING);
    assert_eq!(call(&envelope).direction, CallDirection::Inbound);
    assert_eq!(call(&envelope).stage, CallStage::Started);
    let sender = envelope.sender.unwrap();
    assert_eq!(sender.phone, Some("+6281290435517".parse().unwrap()));
    assert_eq!(sender.display_name, Written::new("SITI RAHAYU").ok());
    let pressed = only(&voice(), PRESSED);
    assert_eq!(call(&pressed).stage, CallStage::Entered(Written::new("2").unwrap()));
    assert_eq!(call(&pressed).call.as_str(), "CA11");
}

#[test]
fn a_call_of_ours_is_answered_ends_and_was_recorded() {
    let answered = only(&voice(), ANSWERED);
    assert_eq!(call(&answered).direction, CallDirection::Outbound);
    assert_eq!(call(&answered).stage, CallStage::Answered);
    assert_eq!(answered.occurred, Some(DateTime::from_timestamp(1_770_000_000, 0).unwrap()));
    assert_eq!(answered.sender.unwrap().touchpoint.id, "+6281290435517");
    let ended = only(&voice(), ENDED);
    let expected =
        CallStage::Ended { outcome: CallOutcome::Answered, started: None, seconds: Some(37) };
    assert_eq!(call(&ended).stage, expected);
    let recorded = only(&voice(), RECORDED);
    let CallStage::Recorded(media) = &call(&recorded).stage else { panic!() };
    assert_eq!((&media.kind, media.duration_ms), (&MediaKind::Audio, Some(33_000)));
    assert_eq!(recorded.sender, None);
    for (status, outcome) in [
        ("busy", CallOutcome::Busy),
        ("no-answer", CallOutcome::NoAnswer),
        ("canceled", CallOutcome::HungUp),
        ("failed", CallOutcome::Failed),
    ] {
        let body = ENDED.replace("completed", status);
        let CallStage::Ended { outcome: read, .. } = &call(&only(&voice(), &body)).stage.clone()
        else {
            panic!()
        };
        assert_eq!(*read, outcome, "{status}");
    }
}

#[test]
fn what_a_key_answers_tells_it_from_the_same_key_elsewhere() {
    let at = |url: &str| {
        let request = RawRequest::post(url.parse().unwrap(), PRESSED);
        crate::world::read(&voice(), &request).remove(0).dedupe
    };
    assert_eq!(at("https://h.example/q1"), at("https://h.example/q1"));
    assert_ne!(at("https://h.example/q1"), at("https://h.example/q2"));
}

#[test]
fn who_hides_their_number_is_nobody() {
    let hidden = INCOMING.replace("%2B6281290435517", "anonymous");
    assert_eq!(only(&voice(), &hidden).sender, None);
    let early = RECORDED.replace("completed", "in-progress");
    assert_eq!(crate::world::ignored(&only(&voice(), &early)), IgnoredReason::UnknownKind);
}

fn form(body: &[u8], name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(body);
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[test]
fn words_are_spoken_into_the_call_or_make_one() {
    let text = Text::plain("Tekan 1 untuk <Budi> & \"Siti\"\u{7}")
        .unwrap()
        .with_language("id".parse().unwrap());
    let request = say(&voice(), "+6281290435517", text.clone());
    assert!(request.url.as_str().ends_with("/Accounts/AC1/Calls.json"));
    assert_eq!(
        form(&request.body, "Twiml").unwrap(),
        "<Response><Gather input=\"dtmf speech\" action=\"https://h.example/pressed?question=1&amp;of=2\"><Say language=\"id-ID\">Tekan 1 untuk &lt;Budi&gt; &amp; &quot;Siti&quot; </Say></Gather></Response>"
    );
    assert_eq!(form(&request.body, "To").unwrap(), "+6281290435517");
    let into = outbound(&voice(), "+6281290435517", Action::Say(text.into()))
        .with_thread(ProviderId::new("CA11").unwrap());
    let request = wire(&voice(), &into);
    assert!(request.url.as_str().ends_with("/Calls/CA11.json"));
    assert_eq!(form(&request.body, "To"), None);
    let elsewhere = into.with_thread(ProviderId::new("../x").unwrap());
    assert!(voice().render(&elsewhere).is_err());
}

#[test]
fn sound_is_played_and_a_caller_is_greeted_once() {
    let url = Remote::Url("https://cdn.example/tunggu.mp3".parse().unwrap());
    let sound = Media::new(MediaKind::Audio, MediaPlace::Remote(url));
    let content = Content::plain("Mohon tunggu.").unwrap().with_part(sound);
    assert_eq!(
        twiml(&content, None).unwrap(),
        "<Response><Say>Mohon tunggu.</Say><Play>https://cdn.example/tunggu.mp3</Play></Response>"
    );
    let greeting = voice().with_greeting(content).with_queue("a & b");
    let answer_to = |body: &str| {
        let request = signed(body);
        let keys = KeyRing::new(Secret::new(TOKEN));
        let verified = greeting.verify(&request, &keys, now()).unwrap();
        String::from_utf8(greeting.acknowledge(&verified).body.to_vec()).unwrap()
    };
    assert!(answer_to(INCOMING).ends_with("<Enqueue>a &amp; b</Enqueue></Response>"));
    assert_eq!(answer_to(ENDED), "<Response/>");
}

#[test]
fn what_answers_mean() {
    let over = r#"{"code":21220,"message":"Call is not in-progress","status":400}"#;
    assert!(matches!(failure(&voice(), 400, over), SendError::Invalid { .. }));
    let number = r#"{"code":21210,"message":"not verified","status":400}"#;
    assert!(matches!(failure(&voice(), 400, number), SendError::Config { .. }));
}
