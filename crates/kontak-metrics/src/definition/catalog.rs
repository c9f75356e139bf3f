use super::{Definition, Hours, Preset, Show};
use crate::Tag;
use kontak_calendar::Calendar;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The definitions that an engine computes, and the calendars that they name. Written out in full, it is part of
/// what a number means.
///
/// ```
/// use kontak_metrics::{Catalog, Preset};
///
/// let catalog = Catalog::of([Preset::AmazonConnect, Preset::Genesys])?;
/// assert!(catalog.get("amazon_connect.service_level").is_some());
/// let json = serde_json::to_string(&catalog)?;
/// assert_eq!(serde_json::from_str::<Catalog>(&json)?, catalog);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Record", into = "Record")]
pub struct Catalog {
    definitions: Vec<Definition>,
    calendars: BTreeMap<Tag, Calendar>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Catalog", deny_unknown_fields)]
struct Record {
    definitions: Vec<Definition>,
    #[serde(default)]
    calendars: BTreeMap<Tag, Calendar>,
}

/// A catalog that cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// Two definitions have one name and version.
    #[error("definition `{id}` version {version} stands there twice")]
    Twice {
        /// The name.
        id: Tag,
        /// The version.
        version: u32,
    },
    /// A definition names a calendar that is not there.
    #[error("definition `{id}` names the calendar `{calendar}`, which is not in `calendars`")]
    NoCalendar {
        /// The definition.
        id: Tag,
        /// The calendar.
        calendar: Tag,
    },
    /// The measure has no such number.
    #[error("definition `{id}` cannot be shown as {show:?}: its measure has no such number")]
    CannotShow {
        /// The definition.
        id: Tag,
        /// How it was to be shown.
        show: Show,
    },
    /// More than an engine has room for.
    #[error("{0} definitions; at most 1,000 go into one catalog")]
    TooMany(usize),
}

const MOST: usize = 1_000;

impl Catalog {
    /// Checks that every calendar is there, that names are their own, and that measures can be shown as they
    /// say.
    ///
    /// # Errors
    ///
    /// The first definition that is wrong.
    pub fn new(
        definitions: Vec<Definition>,
        calendars: BTreeMap<Tag, Calendar>,
    ) -> Result<Self, CatalogError> {
        if definitions.len() > MOST {
            return Err(CatalogError::TooMany(definitions.len()));
        }
        for (place, definition) in definitions.iter().enumerate() {
            let Definition { id, version, .. } = definition;
            let before = &definitions[..place];
            if before.iter().any(|other| other.id == *id && other.version == *version) {
                return Err(CatalogError::Twice { id: id.clone(), version: *version });
            }
            if let Hours::Calendar(calendar) = &definition.hours
                && !calendars.contains_key(calendar)
            {
                let (id, calendar) = (id.clone(), calendar.clone());
                return Err(CatalogError::NoCalendar { id, calendar });
            }
            if !definition.measure.can_be(definition.show) {
                return Err(CatalogError::CannotShow { id: id.clone(), show: definition.show });
            }
        }
        Ok(Self { definitions, calendars })
    }

    /// The definitions of some presets, side by side.
    ///
    /// # Errors
    ///
    /// A preset is named twice.
    pub fn of(presets: impl IntoIterator<Item = Preset>) -> Result<Self, CatalogError> {
        Self::new(presets.into_iter().flat_map(Preset::definitions).collect(), BTreeMap::new())
    }

    /// The definitions, in their order.
    #[must_use]
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// The calendars, by name.
    #[must_use]
    pub fn calendars(&self) -> &BTreeMap<Tag, Calendar> {
        &self.calendars
    }

    /// The newest version of a definition.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Definition> {
        self.place(id).map(|place| &self.definitions[place])
    }

    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        let named = self.definitions.iter().enumerate().filter(|(_, it)| it.id.as_str() == id);
        named.max_by_key(|(_, it)| it.version).map(|(place, _)| place)
    }
}

impl TryFrom<Record> for Catalog {
    type Error = CatalogError;

    fn try_from(record: Record) -> Result<Self, Self::Error> {
        Self::new(record.definitions, record.calendars)
    }
}

impl From<Catalog> for Record {
    fn from(catalog: Catalog) -> Self {
        Self { definitions: catalog.definitions, calendars: catalog.calendars }
    }
}
