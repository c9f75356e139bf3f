use kontak_content::PartKind;
use serde::{Deserialize, Serialize};

/// What reaches the customer in another form than it was meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Loss {
    /// Which part of the content, counted from 0; nothing for the subject.
    pub part: Option<u32>,
    /// What the part is.
    pub of: PartKind,
    /// What becomes of it.
    pub kind: LossKind,
}

/// What becomes of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LossKind {
    /// One message becomes several.
    Split,
    /// A web address alone is longer than a message, and is cut.
    UrlCut,
    /// Bold, links and headings become plain words.
    Formatting,
    /// The subject stands above the text.
    SubjectAsText,
    /// Buttons become a list.
    ButtonsAsList,
    /// A list becomes buttons.
    ListAsButtons,
    /// Buttons or a list become text with numbers.
    ChoiceAsNumbers,
    /// The question is a message of its own, before the choice.
    PromptApart,
    /// The words with a medium are a message of their own, behind it.
    CaptionApart,
    /// A medium becomes a file to be opened.
    MediaAsDocument,
    /// A medium becomes a link.
    MediaAsLink,
    /// A place becomes its name, address and coordinates.
    LocationAsText,
    /// A card becomes its entries.
    ContactAsText,
    /// A template becomes what it reads.
    TemplateAsText,
    /// A part that only agents see as such becomes its words.
    AsText,
    /// An internal note stays with us.
    Withheld,
    /// It cannot be said, and is left out.
    Dropped,
}
