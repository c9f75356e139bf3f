//! What products and authorities mean by their numbers, as definitions.

mod amazon_connect;
mod chatwoot;
mod genesys;
mod intercom;
mod kontak;
mod sales;
mod service_level;
mod talkdesk;
mod zendesk;

use super::{Definition, Measure, Show};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A set of definitions that agree with what somebody publishes.
///
/// Their names begin with the preset's, so that several stand side by side. They are what the documentation says, not
/// what the product does in a case that it does not speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Preset {
    /// Our own choice, of every family.
    Kontak,
    /// Amazon Connect.
    AmazonConnect,
    /// Genesys Cloud.
    Genesys,
    /// Zendesk.
    Zendesk,
    /// Intercom.
    Intercom,
    /// Talkdesk.
    Talkdesk,
    /// Chatwoot.
    Chatwoot,
    /// The three ways in which Cisco counts abandoned calls.
    Cisco,
    /// The five service levels that ICMI compares.
    Icmi,
    /// What interactions sell, by their state. Apart from `kontak`, as it looks at all contacts of a customer.
    Sales,
}

/// No preset has that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no preset `{name}`; there are: {}", Preset::ALL.map(Preset::name).join(", "))]
#[non_exhaustive]
pub struct UnknownPreset {
    name: String,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Kontak,
        Self::AmazonConnect,
        Self::Genesys,
        Self::Zendesk,
        Self::Intercom,
        Self::Talkdesk,
        Self::Chatwoot,
        Self::Cisco,
        Self::Icmi,
        Self::Sales,
    ];

    /// Its name, with which the names of its definitions begin.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kontak => "kontak",
            Self::AmazonConnect => "amazon_connect",
            Self::Genesys => "genesys",
            Self::Zendesk => "zendesk",
            Self::Intercom => "intercom",
            Self::Talkdesk => "talkdesk",
            Self::Chatwoot => "chatwoot",
            Self::Cisco => "cisco",
            Self::Icmi => "icmi",
            Self::Sales => "sales",
        }
    }

    /// Its definitions.
    #[must_use]
    pub fn definitions(self) -> Vec<Definition> {
        match self {
            Self::Kontak => kontak::definitions(),
            Self::AmazonConnect => amazon_connect::definitions(),
            Self::Genesys => genesys::definitions(),
            Self::Zendesk => zendesk::definitions(),
            Self::Intercom => intercom::definitions(),
            Self::Talkdesk => talkdesk::definitions(),
            Self::Chatwoot => chatwoot::definitions(),
            Self::Cisco => service_level::cisco(),
            Self::Icmi => service_level::icmi(),
            Self::Sales => sales::definitions(),
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|preset| preset.name() == name);
        named.ok_or_else(|| UnknownPreset { name: name.to_owned() })
    }
}

fn define(id: &str, measure: Measure, show: Show) -> Definition {
    Definition::new(id.parse().expect("the names of presets are tags"), measure, show)
}
