//! People with a known truth, and the traces that they leave on channels.

mod build;
mod config;
mod reach;
mod realised;
mod row;
#[cfg(test)]
mod tests;

pub use config::GeneratorConfig;
pub use realised::Realised;
pub use row::{Columns, Row};

use crate::channel::{CHANNELS, Verification};
use crate::mail::Mailbox;
use crate::market::Line;
use crate::names::FullName;
use crate::random::of_item;
use crate::{Market, Random, placeholder};

/// A generated population: compact records only; names, numbers and addresses are written when
/// they are asked for, and come out the same every time.
///
/// ```
/// use kontak_benches::{GeneratorConfig, Population};
///
/// let population = Population::generate(GeneratorConfig::new(7, 1_000));
/// let labels = population.truth();
/// assert_eq!(labels.len(), population.touchpoints().len());
/// let evidence = population.evidence().count();
/// assert!(evidence > labels.len());
/// ```
#[derive(Debug)]
pub struct Population {
    config: GeneratorConfig,
    people: Vec<Person>,
    touchpoints: Vec<Touchpoint>,
    sightings: Vec<Sighting>,
    identifiers: Vec<Identifier>,
}

/// Where somebody lives, and with whom.
#[derive(Clone, Copy, Debug)]
struct Person {
    household: u32,
    market: Market,
}

/// One account of somebody on a channel.
#[derive(Clone, Copy, Debug)]
pub struct Touchpoint {
    person: u32,
    seconds: u32,
    first_sighting: u32,
    scope: u16,
    channel: u8,
    verification: Verification,
}

/// One value in a contact field of a touchpoint.
#[derive(Clone, Copy, Debug)]
pub struct Sighting {
    identifier: u32,
    relation: Relation,
}

/// A phone number or mail address.
#[derive(Clone, Copy, Debug)]
pub struct Identifier {
    serial: u32,
    subject: u32,
    make: Make,
    market: Market,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Make {
    Mobile,
    Landline,
    JunkPhone,
    Personal,
    Role,
    JunkMail,
}

/// The two kinds of identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there are two")]
pub enum IdentifierKind {
    /// A phone number.
    Phone,
    /// A mail address.
    Email,
}

/// In truth, what the value is to the person of the touchpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the ways in which the generator draws a value")]
pub enum Relation {
    /// The person's own at that time.
    Own,
    /// Shared with the household.
    Household,
    /// The phone of the store.
    Store,
    /// The phone of an employee of the store.
    Staff,
    /// A mailbox of a company that many people read.
    Role,
    /// Typed because the field must not stay empty.
    Placeholder,
    /// Somebody else's, by mistake.
    Bridging,
}

impl Relation {
    /// Whether a method that joins by it is right to do so.
    #[must_use]
    pub const fn is_true(self) -> bool {
        matches!(self, Self::Own | Self::Household)
    }
}

/// A touchpoint used an identifier, in integers: what a graph is fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evidence {
    /// Index of the touchpoint.
    pub touchpoint: u32,
    /// Index of the identifier.
    pub identifier: u32,
    /// Whether that is a phone or an address.
    pub kind: IdentifierKind,
    /// Microseconds since 1970, UTC.
    pub seen_at: i64,
    /// How it was verified.
    pub verification: Verification,
    /// What it truly is; not for the graph.
    pub relation: Relation,
}

/// 1 January 2022, the first second of the four years.
const FIRST_SECOND: i64 = 1_640_995_200;

impl Population {
    /// Draws everybody. Linear in touchpoints but for one sort; about 40 bytes a touchpoint stay.
    #[must_use]
    pub fn generate(config: GeneratorConfig) -> Self {
        build::Builder::new(config).population()
    }

    /// What it was drawn with.
    #[must_use]
    pub const fn config(&self) -> &GeneratorConfig {
        &self.config
    }

    /// Number of people.
    #[must_use]
    pub fn people(&self) -> u32 {
        self.people.len() as u32
    }

    /// All touchpoints in the order in which they were seen, people interleaved.
    #[must_use]
    pub fn touchpoints(&self) -> &[Touchpoint] {
        &self.touchpoints
    }

    /// All phone numbers and addresses.
    #[must_use]
    pub fn identifiers(&self) -> &[Identifier] {
        &self.identifiers
    }

    /// The contact fields of one touchpoint; phones first.
    #[must_use]
    pub fn sightings(&self, touchpoint: u32) -> &[Sighting] {
        &self.sightings[self.sighting_range(touchpoint)]
    }

    /// Every sighting of a value that can be normalised, in the order of the touchpoints.
    pub fn evidence(&self) -> impl Iterator<Item = Evidence> + '_ {
        (0..self.touchpoints.len() as u32).flat_map(move |touchpoint| {
            let seen = &self.touchpoints[touchpoint as usize];
            let usable = |s: &&Sighting| self.identifiers[s.identifier as usize].is_usable();
            self.sightings(touchpoint).iter().filter(usable).map(move |sighting| Evidence {
                touchpoint,
                identifier: sighting.identifier,
                kind: self.identifiers[sighting.identifier as usize].kind(),
                seen_at: seen.seen_at(),
                verification: seen.verification,
                relation: sighting.relation,
            })
        })
    }

    /// The truth: the person of each touchpoint.
    #[must_use]
    pub fn truth(&self) -> Vec<u32> {
        self.touchpoints.iter().map(|touchpoint| touchpoint.person).collect()
    }

    /// For each touchpoint, the component in which an oracle would put it who knows whose every
    /// value is: touchpoints of one person, chained by values that are that person's own or the
    /// household's. What lies in two components, no method can rightly join by phone and address.
    #[must_use]
    pub fn reachable(&self) -> Vec<u32> {
        reach::components(self)
    }

    /// The shares that came out, for a look and for tests.
    #[must_use]
    pub fn realised(&self) -> Realised {
        Realised::of(self)
    }

    /// The normalised form of an identifier: E.164, or the address without case and without what
    /// its provider ignores. `None` for a placeholder that is neither.
    #[must_use]
    pub fn key(&self, identifier: u32) -> Option<String> {
        let it = &self.identifiers[identifier as usize];
        match it.make {
            Make::Mobile | Make::Landline => {
                Some(format!("+{}{}", it.market.calling_code(), it.national_number()))
            }
            Make::Personal | Make::Role => Some(self.mailbox(identifier).key()),
            Make::JunkPhone | Make::JunkMail => it.placeholder().1.map(str::to_owned),
        }
    }

    fn sighting_range(&self, touchpoint: u32) -> std::ops::Range<usize> {
        let from = self.touchpoints[touchpoint as usize].first_sighting as usize;
        let next = self.touchpoints.get(touchpoint as usize + 1);
        from..next.map_or(self.sightings.len(), |next| next.first_sighting as usize)
    }

    fn full_name(&self, person: u32) -> FullName {
        let Person { household, market } = self.people[person as usize];
        FullName::of(
            market,
            self.random(Stream::Household, household),
            self.random(Stream::Person, person),
        )
    }

    fn mailbox(&self, identifier: u32) -> Mailbox {
        let it = &self.identifiers[identifier as usize];
        let mut random = self.random(Stream::Mailbox, identifier);
        if it.make == Make::Role {
            return Mailbox::role(it.serial, &mut random);
        }
        let (given, other) = self.full_name(it.subject).ascii_parts();
        Mailbox::personal((&given, &other), it.serial, &mut random)
    }

    fn random(&self, stream: Stream, index: u32) -> Random {
        of_item(self.config.seed, stream as u64, u64::from(index))
    }
}

/// What is drawn by index, each from a sequence of its own.
#[derive(Clone, Copy)]
enum Stream {
    Build = 1,
    Household,
    Person,
    Mailbox,
    Row,
}

impl Touchpoint {
    /// Whose it is: the truth.
    #[must_use]
    pub const fn person(&self) -> u32 {
        self.person
    }

    /// The name of the kind of channel.
    #[must_use]
    pub const fn channel(&self) -> &'static str {
        CHANNELS[self.channel as usize].name
    }

    /// Microseconds since 1970, UTC.
    #[must_use]
    pub const fn seen_at(&self) -> i64 {
        (FIRST_SECOND + self.seconds as i64) * 1_000_000
    }

    /// How its values were verified.
    #[must_use]
    pub const fn verification(&self) -> Verification {
        self.verification
    }
}

impl Sighting {
    /// Index of the value.
    #[must_use]
    pub const fn identifier(&self) -> u32 {
        self.identifier
    }

    /// What it truly is to the person.
    #[must_use]
    pub const fn relation(&self) -> Relation {
        self.relation
    }
}

impl Identifier {
    /// Phone or address.
    #[must_use]
    pub const fn kind(&self) -> IdentifierKind {
        match self.make {
            Make::Mobile | Make::Landline | Make::JunkPhone => IdentifierKind::Phone,
            Make::Personal | Make::Role | Make::JunkMail => IdentifierKind::Email,
        }
    }

    /// Whether a normaliser can read it; not so for "tidak ada".
    #[must_use]
    pub fn is_usable(&self) -> bool {
        !matches!(self.make, Make::JunkPhone | Make::JunkMail) || self.placeholder().1.is_some()
    }

    fn national_number(&self) -> u64 {
        let line = if self.make == Make::Landline { Line::Landline } else { Line::Mobile };
        self.market.national_number(line, self.serial)
    }

    fn placeholder(&self) -> placeholder::Placeholder {
        let table = match self.make {
            Make::JunkMail => placeholder::MAIL,
            _ => placeholder::phones(self.market),
        };
        table[self.serial as usize]
    }
}
