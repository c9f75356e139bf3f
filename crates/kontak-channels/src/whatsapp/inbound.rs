//! Meta's notifications, as envelopes.

use super::message;
use super::payload::{
    Body, Call, Change, Contact, Message, Notification, Preference, Status, Value,
};
use crate::intake::{Intake, MOST_THINGS, id, seconds, written};
use kontak_channel::address::{Origin, PhoneNumber, PhoneParser};
use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::content::{CallDirection, CallOutcome, FieldName, SystemKind, SystemLine};
use kontak_channel::{
    CallEvent, CallStage, Consent, ConsentScope, Envelope, EnvelopeBody, Failure, IgnoredReason,
    InboundBatch, InboundMessage, MessageAuthor, MessageChange, ParseError, ProviderId, Receipt,
    ReceiptStatus, Sender,
};
use serde::Deserialize;
use serde_json::value::RawValue;

pub(super) fn read(
    intake: Intake<'_>,
    notification: &Notification<'_>,
) -> Result<InboundBatch, ParseError> {
    let mut reader = Reader { intake, envelopes: Vec::new() };
    for raw in notification.entry.iter().flat_map(|entry| &entry.changes) {
        reader.change(raw);
        if reader.envelopes.len() > MOST_THINGS {
            return Err(ParseError::TooMany { limit: MOST_THINGS });
        }
    }
    Ok(InboundBatch::new(reader.envelopes))
}

struct Reader<'a> {
    intake: Intake<'a>,
    envelopes: Vec<Envelope>,
}

/// What one change says about all its things.
struct Around<'v> {
    recipient: Option<ProviderId>,
    contacts: &'v [Contact<'v>],
}

/// What came of one thing: an envelope, or the reason why there is none.
type Read = Result<Envelope, IgnoredReason>;

const MALFORMED: IgnoredReason = IgnoredReason::Malformed;

impl Reader<'_> {
    fn change(&mut self, raw: &RawValue) {
        let whole = raw.get();
        let Ok(change) = serde_json::from_str::<Change<'_>>(whole) else {
            return self.ignore(MALFORMED, "change", whole);
        };
        let about_people = ["messages", "calls", "smb_message_echoes", "user_preferences"]
            .contains(&&*change.field);
        if !about_people {
            return self.ignore(IgnoredReason::AccountNotice, &change.field, whole);
        }
        let Ok(value) = serde_json::from_str::<Value<'_>>(change.value.get()) else {
            return self.ignore(MALFORMED, &change.field, whole);
        };
        let recipient =
            value.metadata.as_ref().and_then(|own| id(own.phone_number_id.as_deref()?));
        let around = Around { recipient, contacts: &value.contacts };
        self.each(&value.messages, "message", |this, raw| this.message(raw, &around, false));
        self.each(&value.message_echoes, "echo", |this, raw| this.message(raw, &around, true));
        self.each(&value.statuses, "status", |this, raw| this.status(raw, &around));
        self.each(&value.calls, "call", |this, raw| this.call(raw, &around));
        self.each(&value.user_preferences, "preference", |this, raw| this.preference(raw, &around));
    }

    fn each(&mut self, things: &[&RawValue], what: &str, read: impl Fn(&Self, &str) -> Read) {
        for raw in things {
            match read(self, raw.get()) {
                Ok(envelope) => self.envelopes.push(envelope),
                Err(reason) => self.ignore(reason, what, raw.get()),
            }
        }
    }

    fn ignore(&mut self, reason: IgnoredReason, what: &str, bytes: &str) {
        self.envelopes.push(self.intake.ignored(reason, what, bytes.as_bytes()));
    }

    fn envelope(
        &self,
        around: &Around<'_>,
        (target, version): (&ProviderId, &str),
        at: Option<DateTime<Utc>>,
        sender: Option<Sender>,
        body: EnvelopeBody,
    ) -> Envelope {
        let key = self.intake.key(body.kind(), target).with_version(version);
        let mut envelope = Envelope::new(key, self.intake.arrived, body);
        envelope.sender = sender;
        envelope.recipient.clone_from(&around.recipient);
        match at {
            Some(at) => envelope.with_occurred(at),
            None => envelope,
        }
    }

    fn message(&self, raw: &str, around: &Around<'_>, echo: bool) -> Read {
        let message: Message<'_> = read_json(raw)?;
        let body: Body<'_> = read_json(raw)?;
        let target = id(&message.id).ok_or(MALFORMED)?;
        let sender = if echo {
            self.sender(around, message.to.as_deref(), message.to_user_id.as_deref())
        } else {
            self.sender(around, message.from.as_deref(), message.from_user_id.as_deref())
        };
        let at = time(&message.timestamp);
        let made = |version: &str, target: &ProviderId, body| {
            Ok(self.envelope(around, (target, version), at, sender.clone(), body))
        };
        match &*body.r#type {
            "reaction" => {
                let reaction = body.reaction.as_ref().ok_or(MALFORMED)?;
                let reacted = MessageChange::Reacted {
                    target: id(&reaction.message_id).ok_or(MALFORMED)?,
                    emoji: reaction.emoji.as_deref().and_then(written),
                };
                made("", &target, reacted.into())
            }
            "edit" => {
                let edit = body.edit.as_ref().ok_or(MALFORMED)?;
                let inside: Body<'_> = read_json(edit.message.get())?;
                let edited = MessageChange::Edited {
                    target: id(&edit.original_message_id).ok_or(MALFORMED)?,
                    content: message::content(&inside)?,
                };
                made("", &target, edited.into())
            }
            "revoke" => {
                let revoked = &body.revoke.as_ref().ok_or(MALFORMED)?.original_message_id;
                let deleted = MessageChange::Deleted { target: id(revoked).ok_or(MALFORMED)? };
                made("", &target, deleted.into())
            }
            "system" => {
                let line = system(&body).ok_or(MALFORMED)?;
                let sender = sender.ok_or(MALFORMED)?;
                let message = InboundMessage::new(target.clone(), line.into())
                    .with_author(MessageAuthor::Machine);
                Ok(self.envelope(around, (&target, ""), at, Some(sender), message.into()))
            }
            "interactive" if permission(&body).is_some() => {
                let granted = permission(&body) == Some("accept");
                let consent = if granted {
                    Consent::granted(ConsentScope::Calls)
                } else {
                    Consent::withdrawn(ConsentScope::Calls)
                };
                made("", &target, consent.into())
            }
            _ => {
                let content = message::content(&body)?;
                if sender.is_none() {
                    return Err(MALFORMED);
                }
                let mut out = InboundMessage::new(target.clone(), content);
                out.references.extend(message::reference(&body));
                out.thread = message.group_id.as_deref().and_then(id);
                if echo {
                    out.author = MessageAuthor::Business;
                }
                made("", &target, out.into())
            }
        }
    }

    fn status(&self, raw: &str, around: &Around<'_>) -> Read {
        let status: Status<'_> = read_json(raw)?;
        let target = id(&status.id).ok_or(MALFORMED)?;
        let at = time(&status.timestamp);
        let recipient = status.recipient_participant_id.as_ref().or(status.recipient_id.as_ref());
        let user = status.recipient_user_id.as_deref();
        let sender = self.sender(around, recipient.map(|id| &**id), user);
        if status.r#type.as_deref() == Some("call") {
            let stage = match &*status.status {
                "RINGING" => CallStage::Ringing,
                "ACCEPTED" => CallStage::Answered,
                "REJECTED" => ended(CallOutcome::Declined),
                _ => return Err(IgnoredReason::UnknownKind),
            };
            let event = CallEvent::new(target.clone(), CallDirection::Outbound, stage);
            return Ok(self.envelope(around, (&target, &status.status), at, sender, event.into()));
        }
        let far = match &*status.status {
            "sent" => ReceiptStatus::Sent,
            "delivered" => ReceiptStatus::Delivered,
            "read" | "played" => ReceiptStatus::Read,
            "failed" => ReceiptStatus::Failed,
            _ => return Err(IgnoredReason::UnknownKind),
        };
        let mut receipt = Receipt::new(target.clone(), far);
        receipt.note = status.biz_opaque_callback_data.as_deref().and_then(written);
        receipt.failure = status.errors.first().map(|problem| {
            let mut failure = Failure::new(problem.code.to_string());
            failure.text = problem.title.as_deref().and_then(written);
            failure
        });
        // In a group each reader has a receipt of their own.
        let version = match status.recipient_participant_id.as_deref() {
            Some(reader) => format!("{} {reader}", status.status),
            None => status.status.to_string(),
        };
        Ok(self.envelope(around, (&target, &version), at, sender, receipt.into()))
    }

    fn call(&self, raw: &str, around: &Around<'_>) -> Read {
        let call: Call<'_> = read_json(raw)?;
        let target = id(&call.id).ok_or(MALFORMED)?;
        let ours = call.direction.as_deref() == Some("BUSINESS_INITIATED");
        let direction = if ours { CallDirection::Outbound } else { CallDirection::Inbound };
        let customer = if ours { call.to.as_deref() } else { call.from.as_deref() };
        let stage = match &*call.event {
            // For a call of ours, `connect` brings the other side's answer.
            "connect" if ours => CallStage::Answered,
            "connect" => CallStage::Started,
            "terminate" => CallStage::Ended {
                outcome: match call.status.as_deref() {
                    Some("COMPLETED") => CallOutcome::Answered,
                    Some("FAILED") if ours => CallOutcome::NoAnswer,
                    _ => CallOutcome::HungUp,
                },
                started: call.start_time.as_deref().and_then(time),
                seconds: call.duration,
            },
            _ => return Err(IgnoredReason::UnknownKind),
        };
        let sender = self.sender(around, customer, None);
        let event = CallEvent::new(target.clone(), direction, stage);
        let at = time(&call.timestamp);
        Ok(self.envelope(around, (&target, &call.event), at, sender, event.into()))
    }

    fn preference(&self, raw: &str, around: &Around<'_>) -> Read {
        let preference: Preference<'_> = read_json(raw)?;
        let consent = match &*preference.value {
            "stop" => Consent::withdrawn(ConsentScope::Marketing),
            "resume" | "signup" => Consent::granted(ConsentScope::Marketing),
            _ => return Err(IgnoredReason::UnknownKind),
        };
        let target = ProviderId::of_bytes(raw.as_bytes());
        let user = preference.user_id.as_deref();
        let sender = self.sender(around, preference.wa_id.as_deref(), user);
        let at = seconds(preference.timestamp);
        Ok(self.envelope(around, (&target, ""), at, sender, consent.into()))
    }

    /// The customer: the contact that the thing names, or the only one there is.
    fn sender(
        &self,
        around: &Around<'_>,
        number: Option<&str>,
        user: Option<&str>,
    ) -> Option<Sender> {
        let named = |contact: &&Contact<'_>| {
            (number.is_some() && contact.wa_id.as_deref() == number)
                || (user.is_some() && contact.user_id.as_deref() == user)
        };
        let contact = match around.contacts {
            [only] if only.wa_id.is_none() || number.is_none() => Some(only),
            contacts => contacts.iter().find(named),
        };
        let user = user.or_else(|| contact.and_then(|contact| contact.user_id.as_deref()));
        let number = number.or_else(|| contact.and_then(|contact| contact.wa_id.as_deref()));
        let some = |text: Option<&'_ str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let mut sender = match (some(user), some(number)) {
            (Some(user), number) => {
                let mut sender = self.intake.sender(&user);
                sender.also.extend(number.iter().map(|number| self.intake.touchpoint(number)));
                sender
            }
            (None, Some(number)) => self.intake.sender(&number),
            (None, None) => return None,
        };
        sender.phone = number.and_then(phone);
        let profile = contact.and_then(|contact| contact.profile.as_ref());
        sender.display_name = profile.and_then(|profile| written(profile.name.as_deref()?));
        sender.user_name = profile.and_then(|profile| written(profile.username.as_deref()?));
        Some(sender)
    }
}

fn read_json<'de, T: Deserialize<'de>>(raw: &'de str) -> Result<T, IgnoredReason> {
    serde_json::from_str(raw).map_err(|_| MALFORMED)
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    seconds(text.parse().ok()?)
}

/// WhatsApp attests the number: one that the metadata does not know yet is taken too.
fn phone(number: &str) -> Option<PhoneNumber> {
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let known = PhoneParser::new(Origin::International).parse(number).ok();
    known.map(|parsed| parsed.number).or_else(|| format!("+{number}").parse().ok())
}

fn ended(outcome: CallOutcome) -> CallStage {
    CallStage::Ended { outcome, started: None, seconds: None }
}

fn permission<'b>(body: &'b Body<'_>) -> Option<&'b str> {
    Some(&body.interactive.as_ref()?.call_permission_reply.as_ref()?.response)
}

fn system(body: &Body<'_>) -> Option<SystemLine> {
    let system = body.system.as_ref()?;
    let kind = match system.r#type.as_deref() {
        Some("user_changed_number" | "customer_changed_number" | "user_changed_user_id") => {
            SystemKind::NumberChanged
        }
        Some("customer_identity_changed") => SystemKind::SecurityCodeChanged,
        other => SystemKind::from(other?),
    };
    let mut line = SystemLine::new(kind);
    let to = system.user_id.as_deref().or(system.wa_id.as_deref());
    if let (Some(to), Ok(name)) = (to.and_then(written), FieldName::new("to")) {
        line = line.with_argument(name, to);
    }
    line.text = system.body.as_deref().and_then(written);
    Some(line)
}
