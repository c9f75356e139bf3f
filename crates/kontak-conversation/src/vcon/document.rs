use super::attachment::{Analysis, Attachment};
use super::dialog::Dialog;
use super::index::{AttachmentIndex, DialogIndex, OneOrMany, PartyIndex};
use super::object::object;
use super::party::Party;
use super::timestamp::Timestamp;
use super::validate::{Problem, Severity};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use sha1_smol::Sha1;
use thiserror::Error;
use uuid::Uuid;

object! {
    /// A conversation in the unsigned form of a vCon.
    ///
    /// The lists are only ever added to: elements refer to each other by their place.
    Vcon {
        /// The version of the syntax: `0.4.0`.
        version: Option<String> = "vcon",
        /// Its id, which should be a UUID of version 8.
        uuid: Option<Uuid> = "uuid",
        /// The extensions whose members it uses.
        extensions: Vec<String> = "extensions",
        /// The extensions that a reader must know to understand it.
        critical: Vec<String> = "critical",
        /// When it was made.
        created_at: Option<Timestamp> = "created_at",
        /// When it was last changed.
        updated_at: Option<Timestamp> = "updated_at",
        /// What the conversation is about.
        subject: Option<String> = "subject",
        /// The fuller vCon from which this one was redacted.
        redacted: Option<Reference> = "redacted",
        /// The vCon to which this one adds.
        amended: Option<Reference> = "amended",
        /// The vCons of which this one is made; drafts before 0.4.0 only.
        group: Vec<Reference> = "group",
        /// Who took part.
        parties: Vec<Party> = "parties",
        /// What was said, in the order in which it was added.
        dialog: Vec<Dialog> = "dialog",
        /// What was found in it.
        analysis: Vec<Analysis> = "analysis",
        /// What goes with it.
        attachments: Vec<Attachment> = "attachments",
    }
}

object! {
    /// Another vCon: the one that was redacted or amended, or a member of a group.
    Reference {
        /// The id of that vCon.
        uuid: Option<Uuid> = "uuid",
        /// What was taken out, where this one is redacted.
        redaction: Option<String> = "type",
        /// Where that vCon lies: HTTPS.
        url: Option<String> = "url",
        /// Hashes of what lies at `url`.
        content_hash: Option<OneOrMany<String>> = "content_hash",
    }
}

impl Reference {
    /// The vCon to which another one adds.
    #[must_use]
    pub fn amended(uuid: Uuid) -> Self {
        Self { uuid: Some(uuid), ..Self::default() }
    }

    /// The vCon from which another one was redacted, and what was taken out.
    #[must_use]
    pub fn redacted(uuid: Uuid, redaction: impl Into<String>) -> Self {
        Self { uuid: Some(uuid), redaction: Some(redaction.into()), ..Self::default() }
    }
}

impl Vcon {
    /// The version of the syntax that is written.
    pub const VERSION: &'static str = "0.4.0";
    /// The name of the contact-centre extension.
    pub const CONTACT_CENTRE: &'static str = "CC";

    /// An empty vCon.
    #[must_use]
    pub fn new(uuid: Uuid, created_at: DateTime<Utc>) -> Self {
        let mut vcon = Self {
            version: Some(Self::VERSION.to_owned()),
            uuid: Some(uuid),
            created_at: Some(created_at.into()),
            ..Self::default()
        };
        // The Python package adds the list where it is missing, and so would change the document.
        vcon.other.insert("attachments".to_owned(), Value::Array(Vec::new()));
        vcon
    }

    /// The id (UUID version 8) of the vCon that a host makes at an instant.
    ///
    /// It is made of the millisecond, a count and the SHA-1 of the host name, so the same input
    /// gives the same id. The lowest 12 bits of `count` must tell apart what one host makes in one
    /// millisecond; a version of a vCon that redacts or amends another is one of its own.
    ///
    /// ```
    /// use kontak_conversation::vcon::Vcon;
    ///
    /// let id = Vcon::id_of(Default::default(), 5, "toko.example");
    /// assert_eq!(id.get_version_num(), 8);
    /// assert_ne!(id, Vcon::id_of(Default::default(), 6, "toko.example"));
    /// ```
    #[must_use]
    pub fn id_of(at: DateTime<Utc>, count: u16, host: &str) -> Uuid {
        let digest = Sha1::from(host).digest().bytes();
        let host = digest[..8].iter().fold(0_u128, |bits, &byte| bits << 8 | u128::from(byte)) >> 2;
        let millis = u128::from(at.timestamp_millis().max(0).unsigned_abs()) & ((1 << 48) - 1);
        let bits = millis << 80 | u128::from(count & 0x0FFF) << 64 | host;
        uuid::Builder::from_custom_bytes(bits.to_be_bytes()).into_uuid()
    }

    /// With what it is about.
    #[must_use]
    pub fn with_subject(self, subject: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), ..self }
    }

    /// As the redacted version of a fuller one.
    #[must_use]
    pub fn with_redacted(self, fuller: Reference) -> Self {
        Self { redacted: Some(fuller), ..self }
    }

    /// As a version that adds to an earlier one.
    #[must_use]
    pub fn with_amended(self, earlier: Reference) -> Self {
        Self { amended: Some(earlier), ..self }
    }

    /// Adds a party, and the contact-centre extension where it uses that.
    pub fn add_party(&mut self, party: Party) -> PartyIndex {
        self.extend_if(party.uses_contact_centre());
        let index = PartyIndex::of_next(&self.parties);
        self.parties.push(party);
        index
    }

    /// Adds a dialog, and the contact-centre extension where it uses that.
    pub fn add_dialog(&mut self, dialog: Dialog) -> DialogIndex {
        self.extend_if(dialog.uses_contact_centre());
        let index = DialogIndex::of_next(&self.dialog);
        self.dialog.push(dialog);
        index
    }

    /// Adds an attachment.
    pub fn add_attachment(&mut self, attachment: Attachment) -> AttachmentIndex {
        self.other.remove("attachments");
        let index = AttachmentIndex::of_next(&self.attachments);
        self.attachments.push(attachment);
        index
    }

    /// Adds an analysis.
    pub fn add_analysis(&mut self, analysis: Analysis) {
        self.analysis.push(analysis);
    }

    fn extend_if(&mut self, contact_centre: bool) {
        if contact_centre && !self.has_contact_centre() {
            self.extensions.push(Self::CONTACT_CENTRE.to_owned());
        }
    }

    pub(super) fn has_contact_centre(&self) -> bool {
        self.extensions.iter().any(|name| name == Self::CONTACT_CENTRE)
    }

    /// Reads a vCon of this or an older draft, and brings it to today's names and forms as
    /// [`upgrade`](Self::upgrade) does.
    ///
    /// What stays out of form is in `other` and named by [`validate`](Self::validate). Reading by
    /// serde leaves everything as it came.
    ///
    /// # Errors
    /// Where the text is no JSON object, is a signed or encrypted vCon, or has critical extensions
    /// other than that for contact centres.
    pub fn read(json: &str) -> Result<Self, ReadError> {
        let value: Value = serde_json::from_str(json)
            .map_err(|error| ReadError::Syntax { line: error.line(), column: error.column() })?;
        let Value::Object(object) = &value else { return Err(ReadError::NotAnObject) };
        if object.contains_key("signatures") {
            return Err(ReadError::Signed);
        }
        if object.contains_key("ciphertext") {
            return Err(ReadError::Encrypted);
        }
        let mut vcon = Self::deserialize(value).map_err(|_| ReadError::NotAnObject)?;
        vcon.upgrade();
        match vcon.critical.iter().position(|name| name != Self::CONTACT_CENTRE) {
            Some(index) => Err(ReadError::Critical { index }),
            None => Ok(vcon),
        }
    }

    /// Writes a vCon that the draft allows, as JSON.
    ///
    /// # Errors
    /// Where [`validate`](Self::validate) finds what is [`Severity::Invalid`].
    pub fn write(&self) -> Result<String, WriteError> {
        let mut problems = self.validate();
        problems.retain(|problem| problem.severity == Severity::Invalid);
        match serde_json::to_string(self) {
            Ok(json) if problems.is_empty() => Ok(json),
            _ => Err(WriteError { problems }),
        }
    }
}

/// Why a text cannot be read as a vCon.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The text is no JSON.
    #[error("line {line}, column {column}: not JSON; expected a vCon as a JSON object")]
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// The text is another JSON value.
    #[error("the text is JSON but no object; expected a vCon as a JSON object")]
    NotAnObject,
    /// The vCon is signed.
    #[error("the vCon is signed (JWS): verify it, and read what its payload holds")]
    Signed,
    /// The vCon is encrypted.
    #[error("the vCon is encrypted (JWE): decrypt and verify it, and read what it holds")]
    Encrypted,
    /// The vCon must not be processed by whoever does not know the extension.
    #[error("/critical/{index}: an extension that is not known here is critical to understanding")]
    Critical {
        /// The place of the extension in `critical`.
        index: usize,
    },
}

/// Why a vCon is not written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the vCon has {} problems that the draft forbids{}", problems.len(), first(problems))]
#[non_exhaustive]
pub struct WriteError {
    /// The problems, all [`Severity::Invalid`].
    pub problems: Vec<Problem>,
}

fn first(problems: &[Problem]) -> String {
    problems.first().map(|problem| format!(": first, {problem}")).unwrap_or_default()
}
