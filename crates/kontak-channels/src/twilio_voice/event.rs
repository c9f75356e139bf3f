//! What happens in a call.

use crate::intake::{Intake, id, written};
use crate::twilio::{Form, form};
use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::content::{
    CallDirection, CallOutcome, Media, MediaKind, MediaPlace, ProviderRef, Remote,
};
use kontak_channel::{
    CallEvent, CallStage, Envelope, EnvelopeKind, IgnoredReason, InboundBatch, ParseError,
    ProviderId, Verified,
};

pub(super) fn read(intake: Intake<'_>, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
    let form = form(request.body());
    let field = ParseError::Field { field: "CallSid", expected: "the id of a call" };
    let call = get(&form, "CallSid").and_then(id).ok_or(field)?;
    let Some((stage, version)) = stage(&form, request) else {
        let what = get(&form, "CallStatus").unwrap_or("call");
        let ignored = intake.ignored(IgnoredReason::UnknownKind, what, request.body());
        return Ok(InboundBatch::new(vec![ignored]));
    };
    let ours = get(&form, "Direction").is_some_and(|direction| direction.starts_with("outbound"));
    let direction = if ours { CallDirection::Outbound } else { CallDirection::Inbound };
    let key = intake.key(EnvelopeKind::Call, &call).with_version(version);
    let mut envelope = Envelope::new(key, intake.arrived, CallEvent::new(call, direction, stage));
    // Who hides their number is `anonymous` or `+266696687`, and nobody in particular.
    let hidden =
        ["anonymous", "Anonymous", "restricted", "unavailable", "+266696687", "+7378742833"];
    let customer = get(&form, if ours { "To" } else { "From" });
    envelope.sender = customer.filter(|number| !hidden.contains(number)).map(|number| {
        let mut sender = intake.sender(number);
        sender.phone = number.parse().ok();
        sender.display_name = get(&form, "CallerName").filter(|_| !ours).and_then(written);
        sender
    });
    let recipient = get(&form, if ours { "From" } else { "To" });
    envelope.recipient = recipient.and_then(id);
    Ok(InboundBatch::new(vec![match time(&form, "Timestamp") {
        Some(at) => envelope.with_occurred(at),
        None => envelope,
    }]))
}

/// Whether Twilio asks what to do with a call that comes in.
pub(super) fn is_new_call(form: &Form) -> bool {
    get(form, "Direction") == Some("inbound")
        && get(form, "CallStatus") == Some("ringing")
        && get(form, "CallbackSource").is_none()
}

fn get<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
    form.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

fn stage(form: &Form, request: &Verified<'_>) -> Option<(CallStage, String)> {
    if let Some(recording) = get(form, "RecordingSid") {
        let ready = get(form, "RecordingStatus").is_none_or(|status| status == "completed");
        let media = ready.then(|| sound(form)).flatten()?;
        return Some((CallStage::Recorded(Box::new(media)), format!("recording {recording}")));
    }
    let entered = get(form, "Digits").or_else(|| get(form, "SpeechResult"));
    if let Some(entered) = entered {
        let words = written(entered)?;
        let url = request.request().public_url.as_str().as_bytes();
        let place = ProviderId::of_bytes(&[url, b"\n", entered.as_bytes()].concat());
        return Some((CallStage::Entered(words), format!("entered {place}")));
    }
    let status = get(form, "CallStatus")?;
    let ended = |outcome| CallStage::Ended {
        outcome,
        started: time(form, "StartTime"),
        seconds: get(form, "CallDuration").and_then(|seconds| seconds.parse().ok()),
    };
    let stage = match status {
        "queued" | "initiated" => CallStage::Started,
        // The first that is heard of a call that comes in.
        "ringing" if is_new_call(form) => CallStage::Started,
        "ringing" => CallStage::Ringing,
        "in-progress" | "answered" => CallStage::Answered,
        "completed" => ended(CallOutcome::Answered),
        "busy" => ended(CallOutcome::Busy),
        "no-answer" => ended(CallOutcome::NoAnswer),
        "canceled" => ended(CallOutcome::HungUp),
        "failed" => ended(CallOutcome::Failed),
        _ => return None,
    };
    // One question and one notice may tell the same.
    let asked = if is_new_call(form) { "asked " } else { "" };
    Some((stage, format!("{asked}{status}")))
}

fn sound(form: &Form) -> Option<Media> {
    let remote = match get(form, "RecordingUrl").and_then(|url| url.parse().ok()) {
        Some(url) => Remote::Url(url),
        None => Remote::Provider(ProviderRef::new(get(form, "RecordingSid")?).ok()?),
    };
    let mut media = Media::new(MediaKind::Audio, MediaPlace::Remote(remote));
    media.mime_type = "audio/x-wav".parse().ok();
    let seconds = get(form, "RecordingDuration").and_then(|seconds| seconds.parse::<u32>().ok());
    media.duration_ms = seconds.and_then(|seconds| seconds.checked_mul(1_000));
    Some(media)
}

/// As RFC 2822 has it: `Mon, 02 Feb 2026 02:40:00 +0000`.
fn time(form: &Form, name: &str) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc2822(get(form, name)?).ok()?.to_utc();
    // A time before there were telephones is a mistake.
    (at > DateTime::UNIX_EPOCH + TimeDelta::days(365)).then_some(at)
}
