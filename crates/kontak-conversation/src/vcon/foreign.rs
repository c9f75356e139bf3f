//! What can be taken over of a vCon that others wrote.

use super::attachment::Attachment;
use super::call;
use super::dialog::Dialog;
use super::document::Vcon;
use super::import::{ImportError, Imported};
use super::index::{DialogIndex, PartyIndex};
use super::timestamp::Timestamp;
use super::token::{DialogKind, PartyRole};
use crate::{Actor, CommitmentId, Event, EventBody, Leg, LegId, Message};
use chrono::{DateTime, Utc};
use kontak_content::{
    Call, Content, Media, MediaKind, MediaPlace, Part, Recording, Remote, Transfer, TransferKind,
    Written,
};
use kontak_types::uuid::Uuid;
use kontak_types::{ChannelKind, ConversationId, CustomerId, MessageId, TouchpointId};
use std::collections::BTreeMap;

pub(super) fn read(vcon: &Vcon, fresh: &mut dyn FnMut() -> Uuid) -> Result<Imported, ImportError> {
    let mut reader = Reader::new(vcon, fresh)?;
    for (place, dialog) in (0..).zip(&vcon.dialog) {
        let index = DialogIndex::new(place);
        if reader.dialog(dialog, index).is_none() && dialog.kind != Some(DialogKind::Transfer) {
            reader.left_out.push(format!("/dialog/{place}"));
        }
    }
    for (place, dialog) in vcon.dialog.iter().enumerate() {
        if dialog.kind == Some(DialogKind::Transfer) && reader.transfer(dialog).is_none() {
            reader.left_out.push(format!("/dialog/{place}"));
        }
    }
    for (place, attachment) in vcon.attachments.iter().enumerate() {
        if reader.promise(attachment).is_none() {
            reader.left_out.push(format!("/attachments/{place}"));
        }
    }
    reader.left_out.extend((0..vcon.analysis.len()).map(|place| format!("/analysis/{place}")));
    Ok(reader.finish())
}

struct Reader<'a> {
    actors: Vec<Actor>,
    names: Vec<Option<&'a str>>,
    fresh: &'a mut dyn FnMut() -> Uuid,
    conversation: ConversationId,
    customer: (PartyIndex, TouchpointId),
    legs: BTreeMap<(TouchpointId, ChannelKind), LegId>,
    /// Messages in the order of their dialogs.
    messages: Vec<(Option<DialogIndex>, LegId, Message)>,
    promises: Vec<Event>,
    left_out: Vec<String>,
}

impl<'a> Reader<'a> {
    fn new(vcon: &'a Vcon, fresh: &'a mut dyn FnMut() -> Uuid) -> Result<Self, ImportError> {
        let has_customer = vcon.parties.iter().any(|party| party.role == Some(PartyRole::Customer));
        // Without roles, whoever spoke first is the customer.
        let first = vcon.dialog.iter().find_map(|dialog| {
            dialog.originator.or_else(|| dialog.parties.as_ref()?.iter().next())
        });
        let mut actors = Vec::new();
        let mut customer = None;
        for (place, party) in (0..).zip(&vcon.parties) {
            let index = PartyIndex::new(place);
            let mut actor = party.actor(fresh);
            if !has_customer && first == Some(index) {
                let id = party.uuid.as_deref().and_then(|id| Uuid::parse_str(id).ok());
                actor = Actor::Customer(TouchpointId::new(id.unwrap_or_else(&mut *fresh)));
            }
            if let (None, Actor::Customer(touchpoint)) = (customer, &actor) {
                customer = Some((index, *touchpoint));
            }
            actors.push(actor);
        }
        Ok(Self {
            actors,
            names: vcon.parties.iter().map(|party| party.name.as_deref()).collect(),
            conversation: ConversationId::new(fresh()),
            fresh,
            customer: customer.ok_or(ImportError::NoCustomer)?,
            legs: BTreeMap::new(),
            messages: Vec::new(),
            promises: Vec::new(),
            left_out: Vec::new(),
        })
    }

    fn actor(&self, party: PartyIndex) -> Option<&Actor> {
        self.actors.get(usize::try_from(party.get()).ok()?)
    }

    /// A text, a recording, a call that never came to be.
    fn dialog(&mut self, dialog: &Dialog, index: DialogIndex) -> Option<()> {
        let at = dialog.start.as_ref()?.instant()?;
        let from = dialog.originator.or_else(|| dialog.parties.as_ref()?.iter().next())?;
        let author = self.actor(from)?.clone();
        let text = || String::from_utf8(dialog.content.payload()?).ok();
        let (content, usual) = match dialog.kind.as_ref()? {
            DialogKind::Text => {
                let usual = match dialog.content.mediatype.as_deref() {
                    Some("message/rfc822") => ChannelKind::Email,
                    _ => ChannelKind::WebChat,
                };
                // An empty text is a message too.
                let content = Some(text()?).filter(|text| !text.is_empty());
                (content.map_or_else(|| Ok(Content::default()), Content::plain).ok()?, usual)
            }
            DialogKind::Recording | DialogKind::Incomplete => {
                let mut call = Call::new(call::timeline(dialog, Some(self.customer.0))?);
                let lies = dialog.content.url.as_deref().and_then(|url| url.parse().ok());
                if let Some(url) = lies {
                    let place = MediaPlace::Remote(Remote::Url(url));
                    call = call.with_recording(Recording::new(Media::new(MediaKind::Audio, place)));
                } else if dialog.content.body.is_some() {
                    self.left_out.push(format!("/dialog/{}/body", index.get()));
                }
                (Content::from(call), ChannelKind::Voice)
            }
            _ => return None,
        };
        let channel = dialog.application.as_deref().map_or(usual, ChannelKind::from);
        let touchpoint = match &author {
            Actor::Customer(touchpoint) => *touchpoint,
            _ => self.addressee(dialog),
        };
        let leg = self.leg(touchpoint, channel);
        let message = Message::new(MessageId::new((self.fresh)()), author, at, content);
        self.messages.push((Some(index), leg, message));
        Some(())
    }

    /// The customer to whom somebody of ours spoke.
    fn addressee(&self, dialog: &Dialog) -> TouchpointId {
        let mut parties = dialog.parties.iter().flat_map(super::DialogParties::iter);
        let known = parties.find_map(|party| match self.actor(party)? {
            Actor::Customer(touchpoint) => Some(*touchpoint),
            _ => None,
        });
        known.unwrap_or(self.customer.1)
    }

    fn leg(&mut self, touchpoint: TouchpointId, channel: ChannelKind) -> LegId {
        let Self { legs, fresh, .. } = self;
        *legs.entry((touchpoint, channel)).or_insert_with(|| LegId::new(fresh()))
    }

    /// A transfer becomes part of the call that was passed on.
    fn transfer(&mut self, dialog: &Dialog) -> Option<()> {
        let at = dialog.start.as_ref()?.instant()?;
        let passed = &dialog.transfer;
        let original = passed.original.as_ref()?.as_slice().first()?;
        let to = passed.target.as_ref()?.as_slice().first()?;
        let name = self.names.get(usize::try_from(to.get()).ok()?)?;
        let kind =
            if passed.consultation.is_some() { TransferKind::Warm } else { TransferKind::Cold };
        let mut transfer = Transfer::new(kind, at).with_completed(at);
        transfer.to = name.and_then(|name| Written::new(name).ok());
        let (.., message) = self.messages.iter_mut().find(|(of, ..)| *of == Some(*original))?;
        let Some(Part::Call(call)) = message.content.parts.first_mut() else { return None };
        call.timeline.transfers.push(transfer);
        Some(())
    }

    fn promise(&mut self, attachment: &Attachment) -> Option<()> {
        if !attachment.is_commitment() {
            return None;
        }
        let body = attachment.content.value()?;
        let text = body.get("text")?.as_str()?;
        let due = Timestamp::from(body.get("due")?.as_str()?).instant()?;
        let by = self.actor(attachment.party?)?.clone();
        let said = self.messages.iter().find(|(of, ..)| of.is_some() && *of == attachment.dialog);
        let promised = EventBody::Promised {
            commitment: CommitmentId::new((self.fresh)()),
            conversation: self.conversation,
            what: Some(Written::new(text).ok()?),
            due,
            message: said.map(|(.., message)| message.id),
        };
        let at = attachment.start.as_ref()?.instant()?;
        self.promises.push(Event::new(at, by, promised));
        Some(())
    }

    fn finish(self) -> Imported {
        let began = self.messages.iter().map(|(.., message)| message.at).min();
        let since = began.unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
        let (conversation, customer) = (self.conversation, CustomerId::from(self.customer.1));
        let mut events = Vec::new();
        let mut tell = |at, body| events.push(Event::new(at, Actor::System, body));
        tell(since, EventBody::ConversationOpened { conversation, customer, since });
        for ((touchpoint, channel), id) in self.legs {
            tell(
                since,
                EventBody::LegOpened(Leg::new(id, conversation, touchpoint, channel, None)),
            );
        }
        for (_, leg, message) in self.messages {
            let (at, id) = (message.at, message.id);
            tell(at, EventBody::MessageSaid(message));
            tell(at, EventBody::MessagePlaced { message: id, leg, reason: None });
        }
        events.extend(self.promises);
        Imported { conversation, events, left_out: self.left_out }
    }
}
