use crate::{OfferId, OptionId, Text, Written};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use thiserror::Error;

/// A choice that is put to somebody: buttons, or a list in sections.
///
/// There is at least one option, no section is empty, and no two options have one id.
///
/// ```
/// use kontak_content::{ChoiceLayout, ChoiceOffered, ChoiceOption, FreeText, OfferId, OptionId, Written};
///
/// let option = |id, label| {
///     Ok::<_, Box<dyn std::error::Error>>(ChoiceOption::new(OptionId::new(id)?, Written::new(label)?))
/// };
/// let offer = ChoiceOffered::new(
///     OfferId::new("visit-day")?,
///     ChoiceLayout::Buttons(vec![option("mon", "Monday")?, option("tue", "Tuesday")?]),
///     FreeText::Allowed,
/// )?;
/// assert_eq!(offer.options().count(), 2);
/// let made = offer.made(&OptionId::new("tue")?).ok_or("no such option")?;
/// assert_eq!(made.label, Some(Written::new("Tuesday")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Offer", into = "Offer")]
pub struct ChoiceOffered(Offer);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename = "ChoiceOffered")]
struct Offer {
    offer: OfferId,
    prompt: Option<Text>,
    layout: ChoiceLayout,
    free_text: FreeText,
}

/// How options are laid out. A channel that cannot show the one shows the other, or numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChoiceLayout {
    /// All at once, in this order.
    Buttons(Vec<ChoiceOption>),
    /// Behind a button that opens them.
    List {
        /// What the button says.
        opens_with: Option<Written>,
        /// The options under their headings.
        sections: Vec<ChoiceSection>,
    },
}

/// Options under one heading.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChoiceSection {
    /// The heading.
    pub title: Option<Written>,
    /// What stands under it.
    pub options: Vec<ChoiceOption>,
}

impl ChoiceSection {
    /// Options under a heading, or under none.
    #[must_use]
    pub fn new(title: Option<Written>, options: Vec<ChoiceOption>) -> Self {
        Self { title, options }
    }
}

/// One option.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChoiceOption {
    /// What comes back when it is chosen.
    pub id: OptionId,
    /// What it says.
    pub label: Written,
    /// A smaller line below.
    pub description: Option<Written>,
}

impl ChoiceOption {
    /// An option that says this.
    #[must_use]
    pub fn new(id: OptionId, label: Written) -> Self {
        Self { id, label, description: None }
    }

    /// With a smaller line below.
    #[must_use]
    pub fn with_description(self, description: Written) -> Self {
        Self { description: Some(description), ..self }
    }
}

/// Whether the answer may be something else than an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "it is a yes and a no")]
pub enum FreeText {
    /// Any text is an answer too.
    Allowed,
    /// Only an option is an answer; whoever asked asks again.
    Refused,
}

impl ChoiceOffered {
    /// An offer without a question of its own.
    ///
    /// # Errors
    /// Where there is no option, a section is empty or two options have one id.
    pub fn new(
        offer: OfferId,
        layout: ChoiceLayout,
        free_text: FreeText,
    ) -> Result<Self, ChoiceError> {
        Offer { offer, prompt: None, layout, free_text }.try_into()
    }

    /// With the question above the options.
    #[must_use]
    pub fn with_prompt(self, prompt: Text) -> Self {
        Self(Offer { prompt: Some(prompt), ..self.0 })
    }

    /// Which offer this is.
    #[must_use]
    pub fn offer(&self) -> &OfferId {
        &self.0.offer
    }

    /// The question above the options.
    #[must_use]
    pub fn prompt(&self) -> Option<&Text> {
        self.0.prompt.as_ref()
    }

    /// How the options are laid out.
    #[must_use]
    pub fn layout(&self) -> &ChoiceLayout {
        &self.0.layout
    }

    /// Whether the answer may be something else.
    #[must_use]
    pub fn free_text(&self) -> FreeText {
        self.0.free_text
    }

    /// All options, in the order in which they are shown.
    pub fn options(&self) -> impl Iterator<Item = &ChoiceOption> {
        self.0.layout.groups().flatten()
    }

    /// The choice of one of the options; nothing where no option has that id. O(n).
    #[must_use]
    pub fn made(&self, option: &OptionId) -> Option<ChoiceMade> {
        let chosen = self.options().find(|offered| offered.id == *option)?;
        Some(ChoiceMade {
            offer: Some(self.0.offer.clone()),
            option: chosen.id.clone(),
            label: Some(chosen.label.clone()),
        })
    }
}

impl ChoiceLayout {
    fn groups(&self) -> impl Iterator<Item = &[ChoiceOption]> {
        let (buttons, sections) = match self {
            Self::Buttons(options) => (Some(options.as_slice()), [].as_slice()),
            Self::List { sections, .. } => (None, sections.as_slice()),
        };
        buttons.into_iter().chain(sections.iter().map(|section| section.options.as_slice()))
    }
}

/// Why a choice cannot be offered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// There is nothing to choose from.
    #[error("the choice has no options")]
    NoOptions,
    /// A section is empty.
    #[error("section {section} of the list has no options (counted from 0)")]
    EmptySection {
        /// Which section, counted from 0.
        section: usize,
    },
    /// The answer could not be told from that to an earlier option.
    #[error("option {option} has the id of an earlier one (counted from 0)")]
    SameId {
        /// Which option, counted from 0 over all sections.
        option: usize,
    },
}

impl TryFrom<Offer> for ChoiceOffered {
    type Error = ChoiceError;

    fn try_from(offer: Offer) -> Result<Self, Self::Error> {
        let layout = &offer.layout;
        if layout.groups().flatten().next().is_none() {
            return Err(ChoiceError::NoOptions);
        }
        if let Some(section) = layout.groups().position(<[_]>::is_empty) {
            return Err(ChoiceError::EmptySection { section });
        }
        let mut seen = BTreeSet::new();
        if let Some(option) = layout.groups().flatten().position(|option| !seen.insert(&option.id))
        {
            return Err(ChoiceError::SameId { option });
        }
        Ok(Self(offer))
    }
}

impl From<ChoiceOffered> for Offer {
    fn from(offer: ChoiceOffered) -> Self {
        offer.0
    }
}

/// What somebody chose: a tap, or a numbered reply that was recognised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChoiceMade {
    /// Of which offer; nothing where the channel does not say.
    pub offer: Option<OfferId>,
    /// Which option.
    pub option: OptionId,
    /// What it said.
    pub label: Option<Written>,
}

impl ChoiceMade {
    /// The choice of an option, of an unknown offer.
    #[must_use]
    pub fn new(option: OptionId) -> Self {
        Self { offer: None, option, label: None }
    }

    /// With the offer it belongs to.
    #[must_use]
    pub fn with_offer(self, offer: OfferId) -> Self {
        Self { offer: Some(offer), ..self }
    }

    /// With what the option said.
    #[must_use]
    pub fn with_label(self, label: Written) -> Self {
        Self { label: Some(label), ..self }
    }
}
