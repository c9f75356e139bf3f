use crate::Market;

/// How many people there are and how untidy their traces; every share in parts of one.
///
/// ```
/// use kontak_benches::{GeneratorConfig, Population};
///
/// let mut config = GeneratorConfig::new(7, 200);
/// config.bridging = 0.0;
/// let population = Population::generate(config);
/// assert_eq!(population.people(), 200);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GeneratorConfig {
    /// Start of every draw: the same seed, the same population on every platform.
    pub seed: u64,
    /// Number of people, each with one touchpoint at least.
    pub people: u32,
    /// Mean number of touchpoints of a person; the distribution has a heavy tail. Default 6.4.
    pub mean_touchpoints: f64,
    /// Share of touchpoints under which an agent typed somebody else's phone. Default 0.01.
    pub bridging: f64,
    /// Share of mobile numbers that had an owner before, who was last seen with it at least sixty
    /// days earlier. Default 0.02.
    pub recycled: f64,
    /// Share of people in households of two to four who use one phone, one mailbox or both
    /// together. Default 0.15.
    pub households: f64,
    /// Share of stores that type their own phone for customers. Default 0.05.
    pub store_phones: f64,
    /// Share of stores in which one employee registers 15 to 60 customers by the own phone.
    /// Default 0.3.
    pub staff_phones: f64,
    /// Share of mail addresses that are a role mailbox of a company. Default 0.003.
    pub role_mailboxes: f64,
    /// Share of phones and of addresses that are a placeholder. Default 0.01.
    pub placeholders: f64,
    /// The one region in which all rows are to be read, numbers of other markets being typed with
    /// their country code; `None`, the default, for a region of its own in each row.
    pub home: Option<Market>,
}

impl GeneratorConfig {
    /// The default rates for this many people.
    #[must_use]
    pub const fn new(seed: u64, people: u32) -> Self {
        Self {
            seed,
            people,
            mean_touchpoints: 6.4,
            bridging: 0.01,
            recycled: 0.02,
            households: 0.15,
            store_phones: 0.05,
            staff_phones: 0.3,
            role_mailboxes: 0.003,
            placeholders: 0.01,
            home: None,
        }
    }

    /// The default rates for about this many touchpoints.
    #[must_use]
    pub fn of_touchpoints(seed: u64, touchpoints: u32) -> Self {
        let mut config = Self::new(seed, 0);
        config.people = (f64::from(touchpoints) / config.mean_touchpoints) as u32;
        config
    }

    pub(super) fn expected_touchpoints(&self) -> f64 {
        f64::from(self.people) * self.mean_touchpoints
    }
}
