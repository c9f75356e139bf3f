use crate::{Media, Written};
use kontak_types::{ActorKind, Language};
use serde::{Deserialize, Serialize};

/// What was said in a call, written down: as lines, as a document that lies elsewhere, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Transcript {
    /// The language it is in.
    pub language: Option<Language>,
    /// The lines, in the order spoken.
    pub lines: Vec<TranscriptLine>,
    /// The document.
    pub document: Option<Media>,
}

impl Transcript {
    /// A transcript as lines.
    #[must_use]
    pub fn from_lines(lines: Vec<TranscriptLine>) -> Self {
        Self { lines, ..Self::default() }
    }

    /// A transcript that lies elsewhere.
    #[must_use]
    pub fn from_document(document: Media) -> Self {
        Self { document: Some(document), ..Self::default() }
    }

    /// With the language it is in.
    #[must_use]
    pub fn with_language(self, language: Language) -> Self {
        Self { language: Some(language), ..self }
    }
}

/// One thing said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TranscriptLine {
    /// Who spoke, where they could be told apart.
    pub speaker: Option<ActorKind>,
    /// When, in milliseconds after the call was answered.
    pub offset_ms: u32,
    /// What was said.
    pub text: Written,
}

impl TranscriptLine {
    /// Something said by somebody, `offset_ms` milliseconds after the answer.
    #[must_use]
    pub fn new(speaker: Option<ActorKind>, offset_ms: u32, text: Written) -> Self {
        Self { speaker, offset_ms, text }
    }
}
