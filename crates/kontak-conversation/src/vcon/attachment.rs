use super::content::Content;
use super::index::{AttachmentIndex, DialogIndex, OneOrMany, PartyIndex};
use super::object::object;
use super::timestamp::Timestamp;
use super::token::AnalysisKind;
use chrono::{DateTime, Utc};
use serde_json::Value;

object! {
    /// A file that goes with the conversation and is not part of what was said.
    Attachment {
        /// What it is for, in free form.
        purpose: Option<String> = "purpose",
        /// When it was sent.
        start: Option<Timestamp> = "start",
        /// Who added it.
        party: Option<PartyIndex> = "party",
        /// The dialog it belongs to.
        dialog: Option<DialogIndex> = "dialog",
        /// The file.
        content: Content = "",
    }
}

impl Attachment {
    /// The purpose under which commitments are exported; the draft has no word for them.
    pub const COMMITMENT: &'static str = "commitment";

    /// A file that a party sent with a dialog.
    #[must_use]
    pub fn new(
        purpose: impl Into<String>,
        start: DateTime<Utc>,
        party: PartyIndex,
        dialog: DialogIndex,
        content: Content,
    ) -> Self {
        Self {
            purpose: Some(purpose.into()),
            start: Some(start.into()),
            party: Some(party),
            dialog: Some(dialog),
            content,
            ..Self::default()
        }
    }

    /// A promise that a party made in a dialog, as JSON of a shape of your own.
    ///
    /// ```
    /// use kontak_conversation::vcon::{Attachment, DialogIndex, PartyIndex};
    /// use serde_json::json;
    ///
    /// let promise = json!({ "text": "A technician comes", "due": "2026-02-04T10:00:00+00:00" });
    /// let (agent, call) = (PartyIndex::new(1), DialogIndex::new(0));
    /// let attachment = Attachment::commitment(Default::default(), agent, call, promise.clone());
    /// assert_eq!(attachment.content.value(), Some(promise));
    /// assert!(attachment.is_commitment());
    /// ```
    #[must_use]
    pub fn commitment(
        start: DateTime<Utc>,
        party: PartyIndex,
        dialog: DialogIndex,
        commitment: Value,
    ) -> Self {
        Self::new(Self::COMMITMENT, start, party, dialog, Content::json(commitment))
    }

    /// Whether it is a promise.
    #[must_use]
    pub fn is_commitment(&self) -> bool {
        self.purpose.as_deref() == Some(Self::COMMITMENT)
    }
}

object! {
    /// What a person or a program found in the conversation.
    Analysis {
        /// What it says.
        kind: Option<AnalysisKind> = "type",
        /// The dialogs it is about.
        dialog: Option<OneOrMany<DialogIndex>> = "dialog",
        /// The attachments it is about.
        attachment: Option<OneOrMany<AttachmentIndex>> = "attachment",
        /// Who made the software that found it.
        vendor: Option<String> = "vendor",
        /// Which software.
        product: Option<String> = "product",
        /// Which form the file has.
        schema: Option<String> = "schema",
        /// The file.
        content: Content = "",
    }
}

impl Analysis {
    /// What software of a vendor found in dialogs.
    #[must_use]
    pub fn new(
        kind: AnalysisKind,
        dialog: impl Into<OneOrMany<DialogIndex>>,
        vendor: impl Into<String>,
        content: Content,
    ) -> Self {
        Self {
            kind: Some(kind),
            dialog: Some(dialog.into()),
            vendor: Some(vendor.into()),
            content,
            ..Self::default()
        }
    }

    /// A summary of dialogs in plain text.
    ///
    /// ```
    /// use kontak_conversation::vcon::{Analysis, AnalysisKind, DialogIndex};
    ///
    /// let call = DialogIndex::new(0);
    /// let summary = Analysis::summary(call, "kontak", "Air conditioner broken, visit promised");
    /// assert_eq!(summary.kind, Some(AnalysisKind::Summary));
    /// ```
    #[must_use]
    pub fn summary(
        dialog: impl Into<OneOrMany<DialogIndex>>,
        vendor: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self::new(AnalysisKind::Summary, dialog, vendor, Content::text(text))
    }
}
