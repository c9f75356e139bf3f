use super::{Filter, Interval, QueryError, View};
use crate::Window;
use crate::history::Record;
use kontak_types::ChannelKind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many different ones. Those of two weeks are not those of the one and of the other together, so it has no sum:
///
/// ```compile_fail
/// # use kontak_metrics::DistinctCount;
/// fn both(this_week: DistinctCount, last_week: DistinctCount) -> DistinctCount {
///     this_week + last_week
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DistinctCount(u64);

impl DistinctCount {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    fn of(set: usize) -> Self {
        Self(set as u64)
    }
}

/// The customers behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Customers {
    /// How many different ones.
    pub customers: DistinctCount,
    /// Conversations of nobody known, or of somebody who was erased. They are in no way counted above.
    pub of_nobody: u64,
}

/// Who of those who came in one window came in another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Retention {
    /// The customers of the first window.
    pub before: DistinctCount,
    /// Those of them who are customers of the second too.
    pub stayed: DistinctCount,
    /// Their share; churn is what is missing to 1. `None` of none.
    pub share: Option<f64>,
    /// Where the true share lies.
    pub interval: Option<Interval>,
}

/// Which channels are used, of three denominators. They answer different questions, and their shares differ: a
/// customer with ten contacts is one customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChannelUsage {
    /// Of conversations, by the channel that they began on. These shares add up to 1.
    pub of_contacts: Usage,
    /// Of customers, each under every channel that they began a conversation on.
    pub of_customers: Usage,
    /// Of issues, each under every channel that a conversation about it began on.
    pub of_issues: Usage,
}

/// Channels used, of one denominator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    /// The denominator.
    pub of: DistinctCount,
    /// By channel.
    pub channels: Vec<UsedChannel>,
    /// How many went over several channels, in one conversation or from one to the next.
    pub several: DistinctCount,
    /// Their share. `None` of none.
    pub several_share: Option<f64>,
    /// Where the true share lies.
    pub interval: Option<Interval>,
}

/// A channel in a [`Usage`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UsedChannel {
    /// Which; `None` where it is not known.
    pub channel: Option<ChannelKind>,
    /// How many.
    pub count: DistinctCount,
    /// Their share of the denominator.
    pub share: f64,
}

impl<'a> View<'a> {
    /// The customers behind a number, as they are known now: exactly, so that a merge or an un-merge corrects it. It
    /// looks at the facts of all conversations.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or conversations of the window are evicted.
    pub fn customers(
        &self,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<Customers, QueryError> {
        let (customers, of_nobody) = self.customers_behind(definition, window, filter)?;
        Ok(Customers { customers: DistinctCount::of(customers.len()), of_nobody })
    }

    /// Who of the customers behind a number in one window are behind it in another.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or conversations of the window are evicted.
    pub fn retention(
        &self,
        definition: &str,
        before: &Window,
        after: &Window,
        filter: &Filter,
    ) -> Result<Retention, QueryError> {
        let (before, _) = self.customers_behind(definition, before, filter)?;
        let (after, _) = self.customers_behind(definition, after, filter)?;
        let (of, stayed) = (before.len(), before.intersection(&after).count());
        Ok(Retention {
            before: DistinctCount::of(of),
            stayed: DistinctCount::of(stayed),
            share: (of > 0).then(|| stayed as f64 / of as f64),
            interval: Interval::of_share(stayed as u64, of as u64),
        })
    }

    /// Which channels the conversations behind a number began on, and how many went over several.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or conversations of the window are evicted.
    pub fn channel_usage(
        &self,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<ChannelUsage, QueryError> {
        let mut contacts = BTreeMap::new();
        let (mut customers, mut issues) = (BTreeMap::new(), BTreeMap::new());
        let found = self.behind(definition, window, filter)?;
        for (place, record) in (0_u32..).zip(found) {
            let contact = &record.contact;
            let used = Used::default().and(contact.channel, contact.several_channels);
            contacts.insert(place, used);
            if let Some(customer) = self.metrics.customer_number(contact.touchpoint) {
                let used: &mut Used = customers.entry(customer).or_default();
                *used = std::mem::take(used).and(contact.channel, contact.several_channels);
            }
            if contact.issue != 0 {
                let used: &mut Used = issues.entry(contact.issue).or_default();
                *used = std::mem::take(used).and(contact.channel, contact.several_channels);
            }
        }
        Ok(ChannelUsage {
            of_contacts: self.usage(&contacts),
            of_customers: self.usage(&customers),
            of_issues: self.usage(&issues),
        })
    }

    fn usage<K: Ord>(self, used: &BTreeMap<K, Used>) -> Usage {
        let mut channels: BTreeMap<Option<ChannelKind>, usize> = BTreeMap::new();
        for channel in used.values().flat_map(|used| &used.channels) {
            let name = self.metrics.names.channels.name((*channel).into()).cloned();
            *channels.entry(name).or_default() += 1;
        }
        let of = used.len();
        let several = used.values().filter(|used| used.several || used.channels.len() > 1).count();
        let channels = channels.into_iter().map(|(channel, count)| UsedChannel {
            channel,
            count: DistinctCount::of(count),
            share: count as f64 / of as f64,
        });
        Usage {
            of: DistinctCount::of(of),
            channels: channels.collect(),
            several: DistinctCount::of(several),
            several_share: (of > 0).then(|| several as f64 / of as f64),
            interval: Interval::of_share(several as u64, of as u64),
        }
    }

    /// By id, so that they come in one order however they were taken in.
    #[cfg(feature = "sketch")]
    pub(super) fn customer_ids(
        self,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<BTreeSet<kontak_types::CustomerId>, QueryError> {
        let found = self.behind(definition, window, filter)?;
        let touchpoints =
            found.filter_map(|it| self.metrics.names.touchpoints.name(it.contact.touchpoint));
        Ok(touchpoints.filter_map(|it| self.customer_of(*it)).collect())
    }

    fn customers_behind(
        self,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<(BTreeSet<u32>, u64), QueryError> {
        let (mut customers, mut of_nobody) = (BTreeSet::new(), 0);
        for record in self.behind(definition, window, filter)? {
            match self.metrics.customer_number(record.contact.touchpoint) {
                Some(customer) => {
                    customers.insert(customer);
                }
                None => of_nobody += 1,
            }
        }
        Ok((customers, of_nobody))
    }

    /// The conversations with a value of the definition in the window.
    fn behind(
        self,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<impl Iterator<Item = &'a Record> + use<'a>, QueryError> {
        let measure = self.find(definition)?;
        let asked = self.asked(measure, window, filter);
        let records = asked.as_ref().map(|asked| self.records(asked)).transpose()?;
        Ok(asked.into_iter().zip(records).flat_map(move |(asked, records)| {
            records.filter(move |record| {
                let mut facts = asked.facts(record);
                facts.any(|fact| fact.outcome == crate::Outcome::Value && asked.holds(fact, record))
            })
        }))
    }
}

/// The channels of somebody, or of something.
#[derive(Default)]
struct Used {
    channels: BTreeSet<u16>,
    several: bool,
}

impl Used {
    fn and(mut self, channel: u16, several: bool) -> Self {
        self.channels.insert(channel);
        self.several |= several;
        self
    }
}
