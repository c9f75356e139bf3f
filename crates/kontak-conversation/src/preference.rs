//! On which channel, and in which language, a customer would like to be answered.

use crate::phrase::PHRASES;
use crate::state::Conversations;
use crate::{Actor, MessageView};
use chrono::{DateTime, Utc};
use kontak_types::Phrases;
use kontak_types::{ChannelKind, CustomerId, Language, MessageId, TouchpointId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Something that a customer would rather have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Preference {
    /// To be answered there.
    Channel(ChannelKind),
    /// To be answered in it.
    Language(Language),
}

/// A preference that a customer told us: evidence, which a later one outweighs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StatedPreference {
    /// From which account.
    pub touchpoint: TouchpointId,
    /// What.
    pub preference: Preference,
    /// In which message, if in one.
    pub message: Option<MessageId>,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// What a customer would rather have, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preferred<T> {
    /// What.
    pub value: T,
    /// How that is known.
    pub reason: PreferenceReason,
}

/// How a preference is known. `Display` is English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PreferenceReason {
    /// They said so.
    Stated {
        /// From which account.
        touchpoint: TouchpointId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Most of their last messages came so.
    Seen {
        /// How many of them.
        messages: u32,
        /// How many were looked at.
        of: u32,
    },
}

impl PreferenceReason {
    /// The reason in a language; English where there are no phrases in it.
    #[must_use]
    pub fn text(self, language: &Language) -> String {
        self.say(PHRASES.of(language))
    }

    fn say(self, phrases: Phrases) -> String {
        match self {
            Self::Stated { at, .. } => {
                phrases.fill("stated", &[("date", at.format("%Y-%m-%d").to_string())])
            }
            Self::Seen { messages, of } => {
                phrases.fill("seen", &[("messages", messages.to_string()), ("of", of.to_string())])
            }
        }
    }
}

impl fmt::Display for PreferenceReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(PHRASES.english()))
    }
}

/// How many of the last messages are looked at.
const LOOKED_AT: usize = 20;

impl Conversations {
    /// On which channel a customer would like to be answered: as they said last, from any of their
    /// accounts; else where most of their last 20 messages came from. Nothing where neither is
    /// known.
    ///
    /// ```
    /// use kontak_conversation::Conversations;
    /// use kontak_types::{CustomerId, uuid::Uuid};
    ///
    /// let nobody = CustomerId::new(Uuid::nil());
    /// assert_eq!(Conversations::new().preferred_channel(nobody), None);
    /// ```
    ///
    /// Complexity: O(conversations and accounts of the customer).
    #[must_use]
    pub fn preferred_channel(&self, customer: CustomerId) -> Option<Preferred<ChannelKind>> {
        let stated = |preference: &Preference| match preference {
            Preference::Channel(channel) => Some(channel.clone()),
            Preference::Language(_) => None,
        };
        self.stated(customer, stated).or_else(|| {
            self.seen(customer, |message| {
                let (leg, _) = message.place?;
                Some(self.leg(leg)?.channel.clone())
            })
        })
    }

    /// In which language a customer would like to be answered, as
    /// [`preferred_channel`](Self::preferred_channel).
    #[must_use]
    pub fn preferred_language(&self, customer: CustomerId) -> Option<Preferred<Language>> {
        let stated = |preference: &Preference| match preference {
            Preference::Language(language) => Some(language.clone()),
            Preference::Channel(_) => None,
        };
        self.stated(customer, stated)
            .or_else(|| self.seen(customer, |message| message.said.language.cloned()))
    }

    /// All that the accounts of a customer have stated and that still counts, the latest first.
    #[must_use]
    pub fn stated_preferences(&self, customer: CustomerId) -> Vec<&StatedPreference> {
        let legs = self.of_customer(customer).flat_map(|one| self.legs(one.id));
        let mut touchpoints: Vec<TouchpointId> = legs.map(|leg| leg.touchpoint).collect();
        touchpoints.sort_unstable();
        touchpoints.dedup();
        let mut all: Vec<&StatedPreference> =
            touchpoints.iter().filter_map(|one| self.preferences.get(one)).flatten().collect();
        all.sort_by_key(|one| std::cmp::Reverse((one.at, one.touchpoint)));
        all
    }

    fn stated<T>(
        &self,
        customer: CustomerId,
        value: impl Fn(&Preference) -> Option<T>,
    ) -> Option<Preferred<T>> {
        self.stated_preferences(customer).into_iter().find_map(|stated| {
            let (touchpoint, at) = (stated.touchpoint, stated.at);
            let reason = PreferenceReason::Stated { touchpoint, at };
            Some(Preferred { value: value(&stated.preference)?, reason })
        })
    }

    fn seen<T: Ord>(
        &self,
        customer: CustomerId,
        value: impl Fn(&MessageView<'_>) -> Option<T>,
    ) -> Option<Preferred<T>> {
        let theirs = self.of_customer(customer).flat_map(|one| {
            let wrote =
                |message: &MessageView<'_>| matches!(message.said.author, Actor::Customer(_));
            self.messages(one.id).rev().filter(wrote).take(LOOKED_AT)
        });
        let mut last: Vec<(DateTime<Utc>, T)> =
            theirs.filter_map(|message| Some((message.said.at, value(&message)?))).collect();
        last.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        last.truncate(LOOKED_AT);
        let of = u32::try_from(last.len()).unwrap_or(u32::MAX);
        let mut counts: BTreeMap<T, (u32, DateTime<Utc>)> = BTreeMap::new();
        for (at, value) in last {
            let (count, latest) = counts.entry(value).or_insert((0, at));
            (*count, *latest) = (*count + 1, at.max(*latest));
        }
        let (value, (messages, _)) = counts.into_iter().max_by_key(|(_, counted)| *counted)?;
        Some(Preferred { value, reason: PreferenceReason::Seen { messages, of } })
    }
}
