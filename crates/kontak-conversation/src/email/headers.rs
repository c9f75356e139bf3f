use super::MessageId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What threading needs to know of one mail.
///
/// Subjects are given with RFC 2047 undone, as mail parsers hand them out.
///
/// ```
/// use chrono::DateTime;
/// use kontak_conversation::email::MailHeaders;
///
/// let sent_at = DateTime::from_timestamp(1_767_578_400, 0).expect("a valid time");
/// let mail = MailHeaders::new(sent_at)
///     .with_message_id("<b@toko.example>")
///     .with_references("<a@toko.example>")
///     .with_subject("Re: Retur barang");
/// assert_eq!(mail.references[0].as_str(), "a@toko.example");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MailHeaders {
    /// The id of the mail; `None` where it has none or not a valid one.
    pub message_id: Option<MessageId>,
    /// `References`, oldest first.
    pub references: Vec<MessageId>,
    /// `In-Reply-To`, as written.
    pub in_reply_to: Vec<MessageId>,
    /// The subject; personal text, shown by length only in `Debug`.
    pub subject: Option<Box<str>>,
    /// The time in the `Date` header; where it is missing or cannot be read, the time of delivery.
    pub sent_at: DateTime<Utc>,
}

impl MailHeaders {
    /// A mail of which only the time is known.
    #[must_use]
    pub const fn new(sent_at: DateTime<Utc>) -> Self {
        Self {
            message_id: None,
            references: Vec::new(),
            in_reply_to: Vec::new(),
            subject: None,
            sent_at,
        }
    }

    /// Takes the first valid id of a `Message-ID` header.
    #[must_use]
    pub fn with_message_id(mut self, header: &str) -> Self {
        self.message_id = MessageId::read_all(header).next();
        self
    }

    /// Takes all valid ids of a `References` header.
    #[must_use]
    pub fn with_references(mut self, header: &str) -> Self {
        self.references = MessageId::read_all(header).collect();
        self
    }

    /// Takes all valid ids of an `In-Reply-To` header.
    #[must_use]
    pub fn with_in_reply_to(mut self, header: &str) -> Self {
        self.in_reply_to = MessageId::read_all(header).collect();
        self
    }

    /// Sets the subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<Box<str>>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The ids that RFC 5256 threads by: `References`, and only where it has no valid id, the first of
    /// `In-Reply-To`.
    pub(super) fn ancestors(&self) -> &[MessageId] {
        if self.references.is_empty() {
            &self.in_reply_to[..self.in_reply_to.len().min(1)]
        } else {
            &self.references
        }
    }
}

impl fmt::Debug for MailHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailHeaders")
            .field("message_id", &self.message_id)
            .field("references", &self.references.len())
            .field("in_reply_to", &self.in_reply_to.len())
            .field(
                "subject",
                &self.subject.as_ref().map(|text| format!("*** {} bytes", text.len())),
            )
            .field("sent_at", &self.sent_at)
            .finish()
    }
}
