//! A conversation as a vCon.

use super::attachment::Attachment;
use super::call;
use super::content::Content;
use super::dialog::{Dialog, Transfer};
use super::document::Vcon;
use super::index::{DialogIndex, PartyIndex};
use super::party::Party;
use super::timestamp::Timestamp;
use super::token::PartyKind;
use crate::state::Conversations;
use crate::{Actor, Commitment, CommitmentState, Event, EventBody, HandoverState, MessageView};
use chrono::{DateTime, Utc};
use kontak_content::{CallTimeline, Media, Part};
use kontak_types::uuid::Uuid;
use kontak_types::{ConversationId, MessageId};
use serde_json::{Value, json};
use std::fmt;

/// What a vCon can hold and this engine does not know: names, and the bytes of media.
pub trait VconSource {
    /// How somebody is called and reached. Their role and id are filled in.
    fn party(&self, actor: &Actor) -> Option<Party>;
    /// A medium: inline, or where it lies and what its digest is.
    fn media(&self, media: &Media) -> Option<Content>;
}

/// Which vCon shall be made.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct VconExport<'a> {
    /// Its id: see [`Vcon::id_of`].
    pub uuid: Uuid,
    /// When it is made.
    pub created_at: DateTime<Utc>,
    /// Who it is for.
    pub reader: VconReader,
    /// Names and media.
    pub source: Option<&'a dyn VconSource>,
}

/// Who a vCon is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum VconReader {
    /// Us, and whoever goes on with our work: all there is, internal notes and the journal of
    /// decisions included. [`Conversations::import`] makes the same conversation of it.
    Ours,
    /// The customer: what was said and promised to them. No internal notes, nothing that its author
    /// took back, no decisions.
    Customer,
}

impl<'a> VconExport<'a> {
    /// All there is, without names and media.
    #[must_use]
    pub const fn new(uuid: Uuid, created_at: DateTime<Utc>) -> Self {
        Self { uuid, created_at, reader: VconReader::Ours, source: None }
    }

    /// With who it is for.
    #[must_use]
    pub const fn with_reader(self, reader: VconReader) -> Self {
        Self { reader, ..self }
    }

    /// With names and media.
    #[must_use]
    pub const fn with_source(self, source: &'a dyn VconSource) -> Self {
        Self { source: Some(source), ..self }
    }
}

impl fmt::Debug for VconExport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VconExport")
            .field("uuid", &self.uuid)
            .field("created_at", &self.created_at)
            .field("reader", &self.reader)
            .finish_non_exhaustive()
    }
}

/// What an internal note is for.
pub(super) const NOTE: &str = "internal-note";
/// What a message says where plain text does not say it all.
pub(super) const CONTENT: &str = "kontak-content";
/// What happened to the conversation beside what was said.
pub(super) const JOURNAL: &str = "kontak-journal";

impl Conversations {
    /// A conversation as a vCon: a dialog for every message and call, with its channel as
    /// `application`; transfers; promises, internal notes and our own journal as attachments.
    /// Nothing if there is no such conversation.
    ///
    /// ```
    /// use kontak_conversation::vcon::{Vcon, VconExport};
    /// use kontak_conversation::Conversations;
    /// use kontak_types::{ConversationId, uuid::Uuid};
    ///
    /// let now = "2026-03-02T09:00:00Z".parse()?;
    /// let export = VconExport::new(Vcon::id_of(now, 0, "toko.example"), now);
    /// let nobody = ConversationId::new(Uuid::nil());
    /// assert_eq!(Conversations::new().vcon(nobody, &export), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Complexity: O(what is in the conversation).
    #[must_use]
    pub fn vcon(&self, id: ConversationId, export: &VconExport<'_>) -> Option<Vcon> {
        let conversation = self.conversation(id)?;
        let mut writer = Writer {
            state: self,
            export,
            vcon: Vcon::new(export.uuid, export.created_at),
            actors: Vec::new(),
            business: None,
            notes: Vec::new(),
        };
        for leg in self.legs(id) {
            writer.party(&Actor::Customer(leg.touchpoint));
        }
        for message in self.messages(id) {
            writer.message(&message);
        }
        writer.handovers(id);
        if writer.vcon.dialog.is_empty() {
            let (at, somebody) = (conversation.opened_at, writer.business());
            writer.vcon.add_dialog(Dialog::text(at, somebody, [], ""));
        }
        for note in std::mem::take(&mut writer.notes) {
            writer.attach(note);
        }
        for promise in self.commitments(id) {
            writer.promise(promise);
        }
        if export.reader == VconReader::Ours {
            writer.journal(self.retell(id)?, conversation.opened_at);
        }
        Some(writer.vcon)
    }
}

/// An attachment: when, by whom, to which dialog, what for, and what.
type Note = (DateTime<Utc>, PartyIndex, Option<DialogIndex>, &'static str, Value);

struct Writer<'a> {
    state: &'a Conversations,
    export: &'a VconExport<'a>,
    vcon: Vcon,
    /// Who stands at which place of the parties; nobody for the business itself.
    actors: Vec<Option<Actor>>,
    business: Option<PartyIndex>,
    /// Attachments that wait for the first dialog.
    notes: Vec<Note>,
}

impl Writer<'_> {
    fn party(&mut self, actor: &Actor) -> PartyIndex {
        let known = self.actors.iter().position(|one| one.as_ref() == Some(actor));
        if let Some(known) = known.and_then(|place| u32::try_from(place).ok()) {
            return PartyIndex::new(known);
        }
        let bare = Party::from(actor);
        let party = match self.export.source.and_then(|source| source.party(actor)) {
            Some(named) => Party {
                kind: bare.kind,
                role: bare.role,
                uuid: bare.uuid.or_else(|| named.uuid.clone()),
                name: bare.name.or_else(|| named.name.clone()),
                ..named
            },
            None => bare,
        };
        self.actors.push(Some(actor.clone()));
        self.vcon.add_party(party)
    }

    /// The other side, where nobody in particular is known.
    fn business(&mut self) -> PartyIndex {
        if self.business.is_none() {
            self.actors.push(None);
            self.business = Some(self.vcon.add_party(Party::of(PartyKind::Organization)));
        }
        self.business.unwrap_or(PartyIndex::new(0))
    }

    fn media(&self, media: &Media) -> Option<Content> {
        self.export.source?.media(media)
    }

    fn message(&mut self, message: &MessageView<'_>) {
        let said = message.said;
        let author = self.party(said.author);
        let is_ours = self.export.reader == VconReader::Ours;
        let leg = message.place.and_then(|(leg, _)| self.state.leg(leg));
        let Some(leg) = leg else { return };
        if said.content.is_note() {
            if is_ours {
                let note = json!({
                    "message": said.id,
                    "text": said.content.plain_text(),
                    "content": said.content,
                });
                let last = self.last_dialog();
                self.notes.push((said.at, author, last, NOTE, note));
            }
            return;
        }
        let shown = match (message.content(), is_ours) {
            (Some(content), false) => content.clone().without_internal(),
            (Some(content), true) => content.clone(),
            (None, true) => kontak_content::Content::default(),
            (None, false) => return,
        };
        let customer = self.party(&Actor::Customer(leg.touchpoint));
        let ours = if author == customer { self.business() } else { author };
        let call = shown.parts.iter().find_map(Part::call_timeline);
        let dialog = match call {
            Some(timeline) => {
                let recorded = shown.media().find_map(|media| self.media(media));
                let recorded = recorded.unwrap_or_else(|| Content::json(json!(timeline)));
                call::dialog(timeline, (customer, ours), recorded)
            }
            None => {
                let to = if author == customer { ours } else { customer };
                let without_internal = shown.clone().without_internal();
                Dialog::text(said.at, author, [to], without_internal.plain_text())
            }
        };
        let dialog =
            dialog.with_application(leg.channel.as_str()).with_message_id(said.id.to_string());
        let index = self.vcon.add_dialog(dialog);
        if let Some(timeline) = call {
            self.transfers(timeline, (customer, ours), index);
        } else {
            let files: Vec<Content> = shown.media().filter_map(|media| self.media(media)).collect();
            for file in files {
                let attachment = Attachment::new("media", said.at, author, index, file);
                self.vcon.add_attachment(attachment);
            }
        }
        if is_ours && !is_plain(message) {
            let exact = json!({ "message": said.id, "content": said.content });
            self.notes.push((said.at, author, Some(index), CONTENT, exact));
        }
    }

    /// The transfers of a call.
    fn transfers(
        &mut self,
        timeline: &CallTimeline,
        (customer, ours): (PartyIndex, PartyIndex),
        call: DialogIndex,
    ) {
        for passed in &timeline.transfers {
            let to = passed.to.as_ref().map_or("unknown", |to| to.as_str());
            let target = self.party(&Actor::External(to.into()));
            // One recording goes on through the transfer.
            let transfer = Transfer::new(ours, customer, target).with_dialogs(call, call);
            self.vcon.add_dialog(Dialog::transfer(passed.started, transfer));
        }
    }

    /// Handovers that were accepted, as transfers of the customer from one agent to another.
    fn handovers(&mut self, id: ConversationId) {
        let Some(conversation) = self.state.conversation(id) else { return };
        let Some(leg) = self.state.legs(id).next() else { return };
        let customer = self.party(&Actor::Customer(leg.touchpoint));
        for handover in conversation.handovers.iter().filter_map(|id| self.state.handover(*id)) {
            let HandoverState::Accepted { by, at } = handover.state else { continue };
            let giver = match handover.from {
                Some(giver) => self.party(&Actor::Agent(giver)),
                None => self.business(),
            };
            let taker = self.party(&Actor::Agent(by));
            let Some((before, after)) = self.dialogs_around(at) else { continue };
            let transfer = Transfer::new(giver, customer, taker).with_dialogs(before, after);
            self.vcon.add_dialog(Dialog::transfer(at, transfer));
        }
    }

    /// What was said last before an instant, and first after it: the same, where there is one only.
    fn dialogs_around(&self, at: DateTime<Utc>) -> Option<(DialogIndex, DialogIndex)> {
        let spoken = (0..).zip(&self.vcon.dialog).filter(|(_, dialog)| dialog.parties.is_some());
        let mut starts = spoken.filter_map(|(place, dialog)| {
            Some((DialogIndex::new(place), dialog.start.as_ref()?.instant()?))
        });
        let (mut before, start) = starts.next()?;
        if start > at {
            return Some((before, before));
        }
        for (place, start) in starts {
            if start > at {
                return Some((before, place));
            }
            before = place;
        }
        Some((before, before))
    }

    fn last_dialog(&self) -> Option<DialogIndex> {
        let last = u32::try_from(self.vcon.dialog.len()).ok()?.checked_sub(1)?;
        Some(DialogIndex::new(last))
    }

    fn promise(&mut self, promise: &Commitment) {
        let (state, kept) = match promise.state {
            CommitmentState::Open => ("open", None),
            CommitmentState::Kept { at } => ("kept", Some(at)),
            CommitmentState::Broken { kept, .. } => ("broken", kept),
            CommitmentState::Withdrawn { .. } => ("withdrawn", None),
        };
        let body = json!({
            "id": promise.id,
            "text": promise.what,
            "due": Timestamp::new(promise.due),
            "state": state,
            "kept_at": kept.map(Timestamp::new),
        });
        let party = self.party(&promise.by);
        let message = promise.message.map(|id| id.to_string());
        let dialog = self
            .vcon
            .dialog
            .iter()
            .position(|dialog| message.is_some() && dialog.message_id == message);
        let dialog = dialog.and_then(|place| u32::try_from(place).ok()).map(DialogIndex::new);
        self.attach((promise.made_at, party, dialog, Attachment::COMMITMENT, body));
    }

    fn attach(&mut self, (at, party, dialog, purpose, body): Note) {
        let dialog = dialog.unwrap_or(DialogIndex::new(0));
        let body = Content::json(body);
        self.vcon.add_attachment(Attachment::new(purpose, at, party, dialog, body));
    }

    /// Our own journal, in which messages say nothing: what they say stands in dialogs and notes.
    fn journal(&mut self, events: Vec<Event>, at: DateTime<Utc>) {
        let silent = |mut event: Event| {
            if let EventBody::MessageSaid(message) = &mut event.body {
                message.content = kontak_content::Content::default();
            }
            event
        };
        let events: Vec<Event> = events.into_iter().map(silent).collect();
        let body = json!({ "events": events });
        self.attach((at, PartyIndex::new(0), None, JOURNAL, body));
    }
}

/// Whether the text of the dialog is all there is to a message.
fn is_plain(message: &MessageView<'_>) -> bool {
    let said = message.said.content;
    let text = kontak_content::Content::plain(&*said.plain_text());
    message.content() == Some(said) && text.is_ok_and(|text| text == *said)
}

/// The text of the dialog that stands for a message.
pub(super) fn message_of(dialog: &Dialog) -> Option<MessageId> {
    dialog.message_id.as_deref()?.parse().ok()
}
