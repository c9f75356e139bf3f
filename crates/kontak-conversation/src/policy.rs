use crate::Retention;
use crate::label::LabelPolicy;
use crate::sla::SlaPolicy;
use kontak_types::ChannelKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The rules of a tenant, as data: write it in TOML or JSON, leave
/// out what shall stay as it is. An unknown key is an error that names it.
///
/// ```
/// use kontak_conversation::Policy;
///
/// let policy: Policy = toml::from_str("[channels.email]\nreopen_hours = 336")?;
/// assert_eq!(policy.channel(&"email".into()).reopen_hours, 336);
/// assert_eq!(policy.channel(&"whatsapp".into()).reopen_hours, 72);
/// assert!(toml::from_str::<Policy>("reopen = 3").unwrap_err().to_string().contains("reopen"));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Policy {
    /// The rules where a channel has none of its own.
    pub default: ChannelPolicy,
    /// By channel.
    pub channels: BTreeMap<ChannelKind, ChannelPolicy>,
    /// Of how many messages that nobody has seen a report may wait. Default 10,000.
    pub waiting_messages: u32,
    /// Which label counts where several were given. Default: the last, and a person's before a
    /// rule's or a model's.
    pub labels: LabelPolicy,
    /// What has to happen within what time. Default: nothing.
    pub sla: SlaPolicy,
    /// For how long what is kept. Default: all of it, for ever.
    pub retention: Retention,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            default: ChannelPolicy::default(),
            channels: BTreeMap::new(),
            waiting_messages: 10_000,
            labels: LabelPolicy::default(),
            sla: SlaPolicy::default(),
            retention: Retention::default(),
        }
    }
}

/// The rules of one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ChannelPolicy {
    /// For how many hours after it was resolved a message opens a conversation again. Default 72.
    pub reopen_hours: u32,
    /// After how many hours without a word a new message begins another conversation, although the
    /// old one is open. Nothing, the default: never.
    pub idle_split_hours: Option<u32>,
    /// What a message without a thread of its own joins. Default: the customer's open conversation.
    pub joins: Joins,
}

impl Default for ChannelPolicy {
    fn default() -> Self {
        Self { reopen_hours: 72, idle_split_hours: None, joins: Joins::Customer }
    }
}

/// Which open conversation a message joins that names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Joins {
    /// The customer's, over every channel: nobody tells the story twice.
    Customer,
    /// The customer's about the same topic.
    Topic,
    /// Only one of the same touchpoint.
    Touchpoint,
}

impl Policy {
    /// The rules for a channel.
    #[must_use]
    pub fn channel(&self, channel: &ChannelKind) -> &ChannelPolicy {
        self.channels.get(channel).unwrap_or(&self.default)
    }
}
