use crate::{FieldName, Location, Media, TemplateName, Text, Written};
use kontak_types::Language;
use serde::{Deserialize, Serialize};

/// A message that the platform approved beforehand, with what is filled into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Template {
    /// The name under which it was approved.
    pub name: TemplateName,
    /// In which of its languages.
    pub language: Language,
    /// What is filled in, in the order of each slot's places.
    pub parameters: Vec<TemplateParameter>,
    /// What the customer reads, where it is known. Only this has the template's own words.
    pub reads: Option<Text>,
}

impl Template {
    /// A template with nothing to fill in.
    #[must_use]
    pub fn new(name: TemplateName, language: Language) -> Self {
        Self { name, language, parameters: Vec::new(), reads: None }
    }

    /// With one more parameter.
    #[must_use]
    pub fn with_parameter(mut self, parameter: TemplateParameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// With what the customer reads.
    #[must_use]
    pub fn with_reads(self, reads: Text) -> Self {
        Self { reads: Some(reads), ..self }
    }
}

/// What is filled into one place of a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TemplateParameter {
    /// In which of its pieces.
    pub slot: TemplateSlot,
    /// The name of the place, where places have names. Without one the order counts.
    pub name: Option<FieldName>,
    /// What is filled in.
    pub value: TemplateValue,
}

impl TemplateParameter {
    /// The next value of a slot.
    #[must_use]
    pub fn new(slot: TemplateSlot, value: TemplateValue) -> Self {
        Self { slot, name: None, value }
    }

    /// With the name of its place.
    #[must_use]
    pub fn with_name(self, name: FieldName) -> Self {
        Self { name: Some(name), ..self }
    }
}

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TemplateSlot {
    /// What stands above the text.
    Header,
    /// The text.
    Body,
    /// A button, counted from 0.
    Button(u8),
}

/// What can be filled into a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TemplateValue {
    /// Words.
    Text(Written),
    /// A picture, film or document.
    Media(Box<Media>),
    /// A place.
    Location(Location),
}
