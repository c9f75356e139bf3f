use super::{Labeller, Proposal};
use kontak_types::Language;
use std::fmt;

/// What a classifier reads. `Debug` shows no text.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct MessageText<'a> {
    /// What the customer wrote, as plain text. Spans point into it.
    pub text: &'a str,
    /// In which language, where that is known.
    pub language: Option<&'a Language>,
}

impl<'a> MessageText<'a> {
    /// A text of unknown language.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, language: None }
    }

    /// With its language.
    #[must_use]
    pub const fn with_language(self, language: &'a Language) -> Self {
        Self { language: Some(language), ..self }
    }
}

impl fmt::Debug for MessageText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageText")
            .field("text", &format_args!("({} chars)", self.text.chars().count()))
            .field("language", &self.language)
            .finish()
    }
}

/// Something that proposes labels: the rules of this crate, a model of yours.
///
/// It answers at once and does no I/O. A model behind a network is asked beforehand, and what it
/// said is handed in by an implementation that only looks it up. An answer should depend on nothing
/// but the message and the version in its [`LabelSource`](super::LabelSource); an empty one says
/// that nothing fits.
///
/// ```
/// use kontak_conversation::label::{
///     Classifier, Confidence, Interaction, LabelSource, MessageText, Proposal, combine,
/// };
///
/// struct Shouting;
///
/// impl Classifier for Shouting {
///     fn classify(&self, message: &MessageText<'_>) -> Vec<Proposal> {
///         let source = LabelSource::Model {
///             model: "shouting".parse().unwrap(),
///             version: "1".parse().unwrap(),
///         };
///         let label = Interaction::Complains.into();
///         let loud = message.text.contains("!!!");
///         loud.then(|| Proposal::new(label, source, Confidence::CERTAIN)).into_iter().collect()
///     }
/// }
///
/// let classifiers: [&dyn Classifier; 1] = [&Shouting];
/// let message = MessageText::new("Where is my parcel!!!");
/// let combined = combine(classifiers.iter().flat_map(|one| one.classify(&message)));
/// assert_eq!(combined[0].label, Interaction::Complains.into());
/// ```
pub trait Classifier {
    /// The labels it finds fitting, in any order.
    fn classify(&self, message: &MessageText<'_>) -> Vec<Proposal>;
}

impl Classifier for Labeller {
    fn classify(&self, message: &MessageText<'_>) -> Vec<Proposal> {
        self.propose(message.text, message.language)
    }
}
