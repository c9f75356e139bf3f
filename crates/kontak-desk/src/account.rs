use kontak_channel::Channel;
use kontak_types::TouchpointKey;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Our accounts on channels, by their names.
#[derive(Clone, Default)]
pub struct Accounts(BTreeMap<Box<str>, Arc<dyn Channel>>);

impl Accounts {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more; its name is that of its descriptor. One of the same name is replaced.
    #[must_use]
    pub fn with(mut self, channel: Arc<dyn Channel>) -> Self {
        self.0.insert(channel.codec().descriptor().account.clone(), channel);
        self
    }

    /// The account of this name.
    #[must_use]
    pub fn named(&self, account: &str) -> Option<&Arc<dyn Channel>> {
        self.0.get(account)
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(AsRef::as_ref)
    }

    /// An account through which this one can be written to: the one named, if it is one, else the
    /// first that sees people under the same ids.
    pub(crate) fn towards(
        &self,
        key: &TouchpointKey,
        named: Option<&str>,
    ) -> Option<&Arc<dyn Channel>> {
        let reaches = |channel: &&Arc<dyn Channel>| {
            let descriptor = channel.codec().descriptor();
            descriptor.kind == key.channel && *descriptor.scope == *key.scope
        };
        named
            .and_then(|account| self.named(account))
            .filter(reaches)
            .or_else(|| self.0.values().find(reaches))
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
