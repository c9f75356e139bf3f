//! Voice calls, by Twilio: what happens in them as events, and what we say as spoken words.
//!
//! The signature is that of [text messages](TwilioSignature): address and form, with no
//! time in it. A call is many events under one id; what has no number of its own (a key that is
//! pressed, a recording) is told apart by what it says and where it was asked for, so that the same
//! key at the same address of one call counts once: give each question an address of its own.
//!
//! Words go out as TwiML: text is spoken in its language, sound is played from its address. With the
//! call's id as the [thread](kontak_channel::Outbound::thread) they go into that call, else a call is
//! made. What is offered to choose from is spoken with numbers, and the key that is pressed comes in
//! as its digits: [`choice_in_reply`](kontak_channel::choice_in_reply) finds the option.

mod event;
mod twiml;

pub use crate::twilio::TwilioSignature;
pub use twiml::twiml;

use crate::intake::Intake;
use crate::twilio::{self, Account, form};
use kontak_channel::content::{Content, MediaKind};
use kontak_channel::{
    Acknowledgement, Action, Capabilities, ChannelDescriptor, Codec, InboundBatch, LengthUnit,
    MediaCapability, Outbound, ParseError, PartsPerMessage, RenderError, Secret, SendOutcome,
    SignaturePolicy, TextLimit, Verified, Window, WireRequest, WireResponse,
};
use kontak_types::ChannelKind;

/// One number that calls and is called.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::content::Content;
/// use kontak_channel::{CallStage, Codec, EnvelopeBody, KeyRing, RawRequest, Secret};
/// use kontak_channels::twilio_voice::{TwilioSignature, TwilioVoice};
///
/// let token = Secret::new("12345");
/// let voice = TwilioVoice::new("hotline", "AC1", token.clone(), "+18005551212")
///     .with_greeting(Content::plain("Selamat datang di Toko Budi.")?)
///     .with_queue("support");
/// let body = "CallSid=CA1&From=%2B6281290435517&To=%2B18005551212&Direction=inbound&CallStatus=ringing";
/// let request = RawRequest::post("https://h.example/voice".parse()?, body);
/// let signature = TwilioSignature.sign(&request, &token);
/// let request = request.with_header("x-twilio-signature", &signature)?;
/// let verified = voice.verify(&request, &KeyRing::new(token), DateTime::UNIX_EPOCH)?;
/// let EnvelopeBody::Call(event) = &voice.parse(&verified)?.envelopes[0].body else { return Err("no call".into()) };
/// assert_eq!((event.call.as_str(), &event.stage), ("CA1", &CallStage::Started));
/// assert_eq!(voice.acknowledge(&verified).body,
///     "<Response><Say>Selamat datang di Toko Budi.</Say><Enqueue>support</Enqueue></Response>");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TwilioVoice {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    account: Account,
    number: Box<str>,
    status_callback: Option<Box<str>>,
    answers_to: Option<Box<str>>,
    greeting: Option<Content>,
    queue: Option<Box<str>>,
}

impl TwilioVoice {
    /// The number of this Twilio account.
    #[must_use]
    pub fn new(account: &str, account_sid: &str, token: Secret, number: &str) -> Self {
        Self {
            descriptor: ChannelDescriptor::new(ChannelKind::Voice, account)
                .with_answer_within_seconds(15),
            signature: SignaturePolicy::signed(TwilioSignature),
            account: Account::new(account_sid, token),
            number: number.into(),
            status_callback: None,
            answers_to: None,
            greeting: None,
            queue: None,
        }
    }

    /// With what a caller hears first.
    #[must_use]
    pub fn with_greeting(self, greeting: Content) -> Self {
        Self { greeting: Some(greeting), ..self }
    }

    /// With the queue of Twilio's in which a caller then waits; without one Twilio hangs up.
    #[must_use]
    pub fn with_queue(self, name: &str) -> Self {
        Self { queue: Some(name.into()), ..self }
    }

    /// With the public address to which Twilio tells what becomes of the calls that we make.
    #[must_use]
    pub fn with_status_callback(self, url: &str) -> Self {
        Self { status_callback: Some(url.into()), ..self }
    }

    /// With the public address to which Twilio tells what a customer presses or answers to what we
    /// say; without it nobody listens.
    #[must_use]
    pub fn with_answers_to(self, url: &str) -> Self {
        Self { answers_to: Some(url.into()), ..self }
    }

    /// Another address of the interface, without a slash at its end.
    #[must_use]
    pub fn with_api(self, api: &str) -> Self {
        Self { account: Account { api: api.into(), ..self.account }, ..self }
    }
}

/// Twilio takes 4,096 characters of TwiML to say; a listener takes far fewer.
const SPOKEN: TextLimit = TextLimit::new(4_096, LengthUnit::Utf16);

impl Codec for TwilioVoice {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, _window: Window) -> Capabilities {
        let mut can = Capabilities::text_only(SPOKEN);
        can.parts = PartsPerMessage::Many;
        can.media = [MediaKind::Audio, MediaKind::VoiceNote].map(MediaCapability::new).to_vec();
        can
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        event::read(Intake::new(&self.descriptor, request), request)
    }

    /// What Twilio is to do: a new caller is greeted and put into the queue.
    fn acknowledge(&self, request: &Verified<'_>) -> Acknowledgement {
        let form = form(request.body());
        let answer = if event::is_new_call(&form) { self.welcome() } else { None };
        let empty = || "<Response/>".to_owned();
        Acknowledgement::new("text/xml", answer.unwrap_or_else(empty))
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let Action::Say(content) = &outbound.action else {
            return Err(RenderError::Action("do anything but speak"));
        };
        let spoken = twiml(content, self.answers_to.as_deref())?;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Twiml", &spoken);
        let resource = match &outbound.thread {
            Some(call) => {
                let plain = call.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric());
                if !plain {
                    return Err(RenderError::Recipient("the id of a call as the thread"));
                }
                format!("Calls/{call}.json")
            }
            None => {
                form.append_pair("To", &outbound.to.id);
                form.append_pair("From", &self.number);
                if let Some(url) = &self.status_callback {
                    form.append_pair("StatusCallback", url);
                    for event in ["initiated", "ringing", "answered", "completed"] {
                        form.append_pair("StatusCallbackEvent", event);
                    }
                }
                "Calls.json".to_owned()
            }
        };
        Ok(vec![self.account.post(&resource, form.finish())?])
    }

    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        twilio::interpret(response)
    }
}

impl TwilioVoice {
    fn welcome(&self) -> Option<String> {
        let greeting = self.greeting.as_ref().and_then(|greeting| twiml(greeting, None).ok());
        let queue = self.queue.as_ref().map(|name| twiml::element("Enqueue", name));
        if greeting.is_none() && queue.is_none() {
            return None;
        }
        let inside = greeting.unwrap_or_default();
        let inside = inside.strip_prefix("<Response>").unwrap_or_default();
        let inside = inside.strip_suffix("</Response>").unwrap_or_default();
        Some(format!("<Response>{inside}{}</Response>", queue.unwrap_or_default()))
    }
}
