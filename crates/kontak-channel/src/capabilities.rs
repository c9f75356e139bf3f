use crate::{TextLimit, WindowRule};
use kontak_content::{MediaKind, MimeType, TextFormat};
use serde::{Deserialize, Serialize};

/// How far a channel supports something. The order is from harmful to good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Support {
    /// The provider refuses a message that has it.
    Rejected,
    /// The provider takes the message and leaves it out without a word.
    Dropped,
    /// There is no way to say it.
    Unsupported,
    /// Some of it, or in another form.
    Partial,
    /// All of it.
    Full,
}

impl Support {
    /// Whether it may be sent at all.
    #[must_use]
    pub fn is_usable(self) -> bool {
        self >= Self::Partial
    }
}

/// What a channel can do, for one account and one moment: with its service window closed, a channel
/// can do less. Data only, so that it can be shown, compared and stored.
///
/// ```
/// use kontak_channel::{Capabilities, LengthUnit, Support, TextLimit};
///
/// let sms = Capabilities::text_only(TextLimit::new(1600, LengthUnit::Scalars));
/// assert_eq!((sms.text.support, sms.location), (Support::Full, Support::Unsupported));
/// let json = serde_json::to_string(&sms)?;
/// assert_eq!(serde_json::from_str::<Capabilities>(&json)?, sms);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Capabilities {
    /// Words.
    pub text: TextCapability,
    /// Media, by what they are; what is not listed is not supported.
    pub media: Vec<MediaCapability>,
    /// Buttons.
    pub buttons: Option<ButtonCapability>,
    /// Lists to choose from.
    pub list: Option<ListCapability>,
    /// Places.
    pub location: Support,
    /// Cards.
    pub contact: Support,
    /// Messages that the platform approved beforehand.
    pub template: Support,
    /// How many parts one message may have.
    pub parts: PartsPerMessage,
    /// A subject.
    pub subject: Support,
    /// That a message answers another one.
    pub reply: Support,
    /// Saying it in other words, later.
    pub edit: ChangeCapability,
    /// Taking it back, later.
    pub delete: ChangeCapability,
    /// Reacting with an emoji.
    pub reaction: Support,
    /// Showing that we write.
    pub typing: Support,
    /// Telling the customer that we have read.
    pub read_marks: Support,
    /// Being told that a message arrived.
    pub delivered_receipts: Support,
    /// Being told that it was read.
    pub read_receipts: Support,
    /// When we may write at all.
    pub window: Option<WindowRule>,
    /// Whether the provider recognises a message that is sent twice under one key.
    pub idempotency: Support,
}

/// Words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextCapability {
    /// Whether words may be sent now.
    pub support: Support,
    /// How long one message may be.
    pub limit: TextLimit,
    /// The formats that are shown as such; the rest is flattened to plain.
    pub formats: Vec<TextFormat>,
}

/// One kind of media.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MediaCapability {
    /// What it is.
    pub kind: MediaKind,
    /// How far.
    pub support: Support,
    /// The largest file, in bytes.
    pub max_bytes: Option<u32>,
    /// The types that are taken; any where none is listed.
    pub mime_types: Vec<MimeType>,
    /// The words with it; nothing where none are possible.
    pub caption: Option<TextLimit>,
}

impl MediaCapability {
    /// A kind that is taken in any size and type, without words.
    #[must_use]
    pub fn new(kind: MediaKind) -> Self {
        Self {
            kind,
            support: Support::Full,
            max_bytes: None,
            mime_types: Vec::new(),
            caption: None,
        }
    }

    /// With the largest file, in bytes.
    #[must_use]
    pub fn with_max_bytes(self, max_bytes: u32) -> Self {
        Self { max_bytes: Some(max_bytes), ..self }
    }

    /// With the types that are taken.
    #[must_use]
    pub fn with_mime_types(self, mime_types: Vec<MimeType>) -> Self {
        Self { mime_types, ..self }
    }

    /// With words.
    #[must_use]
    pub fn with_caption(self, limit: TextLimit) -> Self {
        Self { caption: Some(limit), ..self }
    }

    /// Whether a type is taken. One that is not known may be.
    #[must_use]
    pub fn takes(&self, mime_type: Option<&MimeType>) -> bool {
        let Some(mime_type) = mime_type else { return true };
        let same = |taken: &MimeType| taken.essence() == mime_type.essence();
        self.mime_types.is_empty() || self.mime_types.iter().any(same)
    }
}

/// Buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ButtonCapability {
    /// How many.
    pub max: u16,
    /// What one says.
    pub label: TextLimit,
    /// What comes back, in bytes.
    pub id_bytes: u16,
    /// The question above them.
    pub prompt: TextLimit,
}

impl ButtonCapability {
    /// So many buttons, with labels and ids so long, below so long a question.
    #[must_use]
    pub const fn new(max: u16, label: TextLimit, id_bytes: u16, prompt: TextLimit) -> Self {
        Self { max, label, id_bytes, prompt }
    }
}

/// Lists to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ListCapability {
    /// How many rows in all.
    pub max: u16,
    /// How many sections.
    pub max_sections: u16,
    /// What a row says, and a heading.
    pub label: TextLimit,
    /// The smaller line below.
    pub description: TextLimit,
    /// What the button says that opens it.
    pub opens_with: TextLimit,
    /// What comes back, in bytes.
    pub id_bytes: u16,
    /// The question above.
    pub prompt: TextLimit,
}

impl ListCapability {
    /// So many rows in so many sections, with labels and descriptions so long.
    #[must_use]
    pub const fn new(
        (max, max_sections): (u16, u16),
        label: TextLimit,
        description: TextLimit,
        id_bytes: u16,
        prompt: TextLimit,
    ) -> Self {
        Self { max, max_sections, label, description, opens_with: label, id_bytes, prompt }
    }

    /// With another limit for the button that opens it.
    #[must_use]
    pub const fn with_opens_with(self, opens_with: TextLimit) -> Self {
        Self { opens_with, ..self }
    }
}

/// How many parts one message may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PartsPerMessage {
    /// Each part is a message of its own.
    One,
    /// All parts go together, as in a mail.
    Many,
}

/// Changing what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChangeCapability {
    /// How far.
    pub support: Support,
    /// For how many seconds after it was sent; nothing where it is for ever.
    pub max_age_seconds: Option<u32>,
}

impl ChangeCapability {
    /// It cannot be changed.
    pub const NONE: Self = Self { support: Support::Unsupported, max_age_seconds: None };
    /// It can be changed for ever.
    pub const ALWAYS: Self = Self { support: Support::Full, max_age_seconds: None };

    /// It can be changed for so many seconds.
    #[must_use]
    pub const fn within(seconds: u32) -> Self {
        Self { support: Support::Full, max_age_seconds: Some(seconds) }
    }
}

impl Capabilities {
    /// Plain words and nothing else: what every channel has. The rest is added field by field.
    #[must_use]
    pub fn text_only(limit: TextLimit) -> Self {
        Self {
            text: TextCapability {
                support: Support::Full,
                limit,
                formats: vec![TextFormat::Plain],
            },
            media: Vec::new(),
            buttons: None,
            list: None,
            location: Support::Unsupported,
            contact: Support::Unsupported,
            template: Support::Unsupported,
            parts: PartsPerMessage::One,
            subject: Support::Unsupported,
            reply: Support::Unsupported,
            edit: ChangeCapability::NONE,
            delete: ChangeCapability::NONE,
            reaction: Support::Unsupported,
            typing: Support::Unsupported,
            read_marks: Support::Unsupported,
            delivered_receipts: Support::Unsupported,
            read_receipts: Support::Unsupported,
            window: None,
            idempotency: Support::Unsupported,
        }
    }

    /// What the channel takes of one kind of media.
    #[must_use]
    pub fn media(&self, kind: &MediaKind) -> Option<&MediaCapability> {
        self.media.iter().find(|media| media.kind == *kind && media.support.is_usable())
    }

    /// The same while nothing may be said freely: only templates go out.
    #[must_use]
    pub fn outside_window(self) -> Self {
        let text = TextCapability { support: Support::Rejected, ..self.text };
        Self {
            text,
            media: Vec::new(),
            buttons: None,
            list: None,
            location: Support::Rejected,
            contact: Support::Rejected,
            ..self
        }
    }
}
