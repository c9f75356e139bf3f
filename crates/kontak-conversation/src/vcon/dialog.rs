use super::content::Content;
use super::index::{DialogIndex, DialogParties, OneOrMany, PartyIndex};
use super::object::{group, object, plain};
use super::timestamp::{Seconds, Timestamp};
use super::token::{DialogKind, Disposition, PartyEventKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

object! {
    /// A piece of the conversation: a text, a recording, a transfer, a call that never came to be,
    /// or the recordings of one call.
    ///
    /// One without any member stands for a dialog of which nothing is known.
    Dialog {
        /// What it is.
        kind: Option<DialogKind> = "type",
        /// When it began.
        start: Option<Timestamp> = "start",
        /// How long it took.
        duration: Option<Seconds> = "duration",
        /// Who took part.
        parties: Option<DialogParties> = "parties",
        /// Who began it, where that is not the first party.
        originator: Option<PartyIndex> = "originator",
        /// The recordings of a recording set.
        recordings: Vec<DialogIndex> = "recordings",
        /// The recording set that this recording belongs to.
        recording_set: Option<DialogIndex> = "recording_set",
        /// What was written or recorded.
        content: Content = "",
        /// Why it never came to be.
        disposition: Option<Disposition> = "disposition",
        /// The SIP or H.323 sessions.
        session_id: Option<SessionIds> = "session_id",
        /// Who joined, left, was on hold or pressed a key, and when.
        party_history: Vec<PartyEvent> = "party_history",
        /// Who passed whom to whom.
        transfer: Transfer = "",
        /// The application or channel, such as `whatsapp`.
        application: Option<String> = "application",
        /// The id that the messaging system gave it.
        message_id: Option<String> = "message_id",
        /// The campaign it is part of (contact-centre extension).
        campaign: Option<String> = "campaign",
        /// The type of the interaction (contact-centre extension).
        interaction_type: Option<String> = "interaction_type",
        /// The id of the interaction (contact-centre extension).
        interaction_id: Option<String> = "interaction_id",
        /// The skills it needs (contact-centre extension).
        skill: Vec<String> = "skill",
    }
}

impl Dialog {
    /// A text of one party to others.
    ///
    /// ```
    /// use kontak_conversation::vcon::{Dialog, PartyIndex};
    ///
    /// let (customer, agent) = (PartyIndex::new(0), PartyIndex::new(1));
    /// let text = Dialog::text(Default::default(), customer, [agent], "Pendingin saya rusak")
    ///     .with_application("whatsapp")
    ///     .with_message_id("wamid.1");
    /// assert_eq!(serde_json::to_value(&text)?["parties"], serde_json::json!([0, 1]));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn text(
        start: DateTime<Utc>,
        from: PartyIndex,
        to: impl IntoIterator<Item = PartyIndex>,
        text: impl Into<String>,
    ) -> Self {
        let parties = std::iter::once(from).chain(to);
        Self { content: Content::text(text), ..Self::of(DialogKind::Text, start, parties) }
    }

    /// A recording of a call or meeting; the first party began it.
    ///
    /// ```
    /// use kontak_conversation::vcon::{Content, Dialog, PartyEventKind, PartyIndex, Seconds};
    ///
    /// let (customer, agent) = (PartyIndex::new(0), PartyIndex::new(1));
    /// let content = Content::external("audio/ogg", "https://rec.example/1.ogg", &[7; 64]);
    /// let call = Dialog::recording(Default::default(), [customer, agent], content)
    ///     .with_duration(Seconds::new(180))
    ///     .with_event(customer, Default::default(), PartyEventKind::Hold);
    /// assert_eq!(call.party_history.len(), 1);
    /// ```
    #[must_use]
    pub fn recording(
        start: DateTime<Utc>,
        parties: impl IntoIterator<Item = PartyIndex>,
        content: Content,
    ) -> Self {
        Self { content, ..Self::of(DialogKind::Recording, start, parties) }
    }

    /// The recordings that together are one call. Each recording says so by
    /// [`recording_set`](Self::recording_set).
    #[must_use]
    pub fn set_of_recordings(
        start: DateTime<Utc>,
        parties: impl IntoIterator<Item = PartyIndex>,
        recordings: impl IntoIterator<Item = DialogIndex>,
    ) -> Self {
        let recordings = recordings.into_iter().collect();
        Self { recordings, ..Self::of(DialogKind::RecordingSet, start, parties) }
    }

    /// A call or conversation that never came to be; the first party tried.
    ///
    /// ```
    /// use kontak_conversation::vcon::{Dialog, Disposition, PartyIndex};
    ///
    /// let call = [PartyIndex::new(1), PartyIndex::new(0)];
    /// let missed = Dialog::incomplete(Default::default(), call, Disposition::NoAnswer);
    /// assert_eq!(serde_json::to_value(&missed)?["disposition"], "no-answer");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn incomplete(
        start: DateTime<Utc>,
        parties: impl IntoIterator<Item = PartyIndex>,
        disposition: Disposition,
    ) -> Self {
        Self { disposition: Some(disposition), ..Self::of(DialogKind::Incomplete, start, parties) }
    }

    /// A transfer.
    #[must_use]
    pub fn transfer(start: DateTime<Utc>, transfer: Transfer) -> Self {
        Self {
            kind: Some(DialogKind::Transfer),
            start: Some(start.into()),
            transfer,
            ..Self::default()
        }
    }

    fn of(
        kind: DialogKind,
        start: DateTime<Utc>,
        parties: impl IntoIterator<Item = PartyIndex>,
    ) -> Self {
        Self {
            kind: Some(kind),
            start: Some(start.into()),
            parties: Some(parties.into_iter().collect()),
            ..Self::default()
        }
    }

    /// With how long it took.
    #[must_use]
    pub fn with_duration(self, duration: Seconds) -> Self {
        Self { duration: Some(duration), ..self }
    }

    /// With who began it, where that is not the first party.
    #[must_use]
    pub fn with_originator(self, originator: PartyIndex) -> Self {
        Self { originator: Some(originator), ..self }
    }

    /// With what happened to a party.
    #[must_use]
    pub fn with_event(
        mut self,
        party: PartyIndex,
        at: DateTime<Utc>,
        kind: PartyEventKind,
    ) -> Self {
        self.party_history.push(PartyEvent::new(party, at, kind));
        self
    }

    /// With the recording set that this recording belongs to.
    #[must_use]
    pub fn with_recording_set(self, set: DialogIndex) -> Self {
        Self { recording_set: Some(set), ..self }
    }

    /// With the application or channel, such as `whatsapp`.
    #[must_use]
    pub fn with_application(self, application: impl Into<String>) -> Self {
        Self { application: Some(application.into()), ..self }
    }

    /// With the id that the messaging system gave it.
    #[must_use]
    pub fn with_message_id(self, id: impl Into<String>) -> Self {
        Self { message_id: Some(id.into()), ..self }
    }

    /// With the id and the type of the interaction.
    #[must_use]
    pub fn with_interaction(self, id: impl Into<String>, kind: impl Into<String>) -> Self {
        Self { interaction_id: Some(id.into()), interaction_type: Some(kind.into()), ..self }
    }

    /// With the campaign it is part of.
    #[must_use]
    pub fn with_campaign(self, campaign: impl Into<String>) -> Self {
        Self { campaign: Some(campaign.into()), ..self }
    }

    /// With one more skill it needs.
    #[must_use]
    pub fn with_skill(mut self, skill: impl Into<String>) -> Self {
        self.skill.push(skill.into());
        self
    }

    pub(super) fn uses_contact_centre(&self) -> bool {
        self.campaign.is_some()
            || self.interaction_type.is_some()
            || self.interaction_id.is_some()
            || !self.skill.is_empty()
    }
}

group! {
    /// Who passed whom to whom, and in which dialogs.
    ///
    /// ```
    /// use kontak_conversation::vcon::{Dialog, DialogIndex, PartyIndex, Transfer};
    ///
    /// let [customer, first_line, workshop] = [0, 1, 2].map(PartyIndex::new);
    /// let passed = Transfer::new(first_line, customer, workshop)
    ///     .with_dialogs(DialogIndex::new(0), DialogIndex::new(2))
    ///     .with_consultation(DialogIndex::new(1));
    /// let dialog = Dialog::transfer(Default::default(), passed);
    /// assert_eq!(serde_json::to_value(&dialog)?["transfer_target"], 2);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    Transfer {
        /// Who passed the call on.
        transferor: Option<PartyIndex> = "transferor",
        /// Who was passed on.
        transferee: Option<PartyIndex> = "transferee",
        /// To whom.
        target: Option<OneOrMany<PartyIndex>> = "transfer_target",
        /// What the transferor and the transferee said before.
        original: Option<OneOrMany<DialogIndex>> = "original",
        /// What the transferor and the target said in between.
        consultation: Option<OneOrMany<DialogIndex>> = "consultation",
        /// What the transferee and the target said after.
        target_dialog: Option<OneOrMany<DialogIndex>> = "target_dialog",
    }
}

impl Transfer {
    /// A transfer by `transferor` of `transferee` to `target`.
    #[must_use]
    pub fn new(
        transferor: PartyIndex,
        transferee: PartyIndex,
        target: impl Into<OneOrMany<PartyIndex>>,
    ) -> Self {
        Self {
            transferor: Some(transferor),
            transferee: Some(transferee),
            target: Some(target.into()),
            ..Self::default()
        }
    }

    /// With the dialogs before and after.
    #[must_use]
    pub fn with_dialogs(
        self,
        original: impl Into<OneOrMany<DialogIndex>>,
        target: impl Into<OneOrMany<DialogIndex>>,
    ) -> Self {
        Self { original: Some(original.into()), target_dialog: Some(target.into()), ..self }
    }

    /// With the dialog in between.
    #[must_use]
    pub fn with_consultation(self, consultation: impl Into<OneOrMany<DialogIndex>>) -> Self {
        Self { consultation: Some(consultation.into()), ..self }
    }
}

object! {
    /// What happened to a party during a dialog.
    PartyEvent {
        /// To whom.
        party: Option<PartyIndex> = "party",
        /// When.
        time: Option<Timestamp> = "time",
        /// What.
        event: Option<PartyEventKind> = "event",
        /// The key that was pressed or let go.
        button: Option<String> = "button",
    }
}

impl PartyEvent {
    /// What happened to a party at an instant.
    #[must_use]
    pub fn new(party: PartyIndex, at: DateTime<Utc>, kind: PartyEventKind) -> Self {
        Self { party: Some(party), time: Some(at.into()), event: Some(kind), ..Self::default() }
    }

    /// With the key that was pressed or let go.
    #[must_use]
    pub fn with_button(self, button: impl Into<String>) -> Self {
        Self { button: Some(button.into()), ..self }
    }
}

object! {
    /// The two ends of a session (RFC 7989); an empty one where a party has none.
    SessionId {
        /// The local UUID.
        local: Option<String> = "local",
        /// The remote UUID.
        remote: Option<String> = "remote",
    }
}

/// The sessions of a dialog: one for all parties, or in the shape of its parties.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::exhaustive_enums, reason = "the draft has these two forms")]
pub enum SessionIds {
    /// The same for all parties.
    All(SessionId),
    /// One or several a channel.
    Each(Vec<OneOrMany<SessionId>>),
}

impl SessionIds {
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut SessionId> {
        let (all, each) = match self {
            Self::All(session) => (Some(session), None),
            Self::Each(channels) => (None, Some(channels)),
        };
        let each = each.into_iter().flatten().flat_map(OneOrMany::as_mut_slice);
        all.into_iter().chain(each)
    }
}

plain! { SessionIds: "a session id, or an array in the shape of the parties", }
