#![doc = include_str!("../README.md")]

mod call;
mod choice;
mod contact;
mod content;
mod custom;
mod form;
mod location;
mod media;
mod moment;
mod name;
mod part;
mod plain;
mod summary;
mod system;
mod template;
mod text;
mod tombstone;
mod vocabulary;
mod wire;
mod written;

pub use call::{
    Call, CallDirection, CallOutcome, CallTimeline, Hold, Recording, Transcript, TranscriptLine,
    Transfer, TransferKind,
};
pub use choice::{
    ChoiceError, ChoiceLayout, ChoiceMade, ChoiceOffered, ChoiceOption, ChoiceSection, FreeText,
};
/// The time crate whose types stand in calls.
pub use chrono;
pub use contact::{ContactCard, EmptyCard};
pub use content::Content;
pub use custom::{CustomPart, CustomPartError};
pub use form::{FormAnswer, QuestionAnswer};
pub use location::{GeoPoint, GeoPointError, Location};
pub use media::{
    ByteSize, ByteSizeError, FetchFailure, FileName, FileNameError, Media, MediaKind, MediaPlace,
    MimeType, MimeTypeError, Remote, WebUrl, WebUrlError,
};
pub use name::{BlobId, FieldName, NameError, OfferId, OptionId, ProviderRef, TemplateName};
pub use part::{Part, PartKind};
pub use system::{SystemKind, SystemLine};
pub use template::{Template, TemplateParameter, TemplateSlot, TemplateValue};
pub use text::{InternalNote, Text, TextFormat};
pub use tombstone::Tombstone;
pub use written::{Written, WrittenError};
