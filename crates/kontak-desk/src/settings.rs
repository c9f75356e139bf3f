use kontak_calendar::Calendar;
use kontak_metrics::{Catalog, CatalogError, Preset};
use kontak_routing::{Centre, CentreError};
use kontak_types::uuid::Uuid;
use kontak_types::{ChannelKind, QueueId};
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;
use thiserror::Error;

/// The rules of one tenant, all in one: write them in TOML or JSON and leave out what shall stay as
/// it is. An unknown key is an error that names it.
///
/// ```
/// use kontak_desk::Settings;
///
/// let settings: Settings = toml::from_str("
///     routes = [{ channel = 'voice', queue = 'calls' }, { queue = 'care' }]
///     [centre.queues.care]
///     [centre.queues.calls]
///     [centre.channels.voice]
///     exclusive = true
/// ")?;
/// settings.check()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// Who is one customer.
    pub identity: kontak_identity::Policy,
    /// Which conversation a message belongs to, and what is owed when.
    pub conversation: kontak_conversation::Policy,
    /// Who serves whom. A queue without an id gets one from its name.
    pub centre: Centre,
    /// Which queue a contact waits in: the first that fits. Where none fits nobody is asked.
    pub routes: Vec<Route>,
    /// Whose formulas the numbers follow. Default: our own.
    pub metrics: Vec<Preset>,
    /// When we may write to customers unasked. Default: always.
    pub proactive_hours: Option<Calendar>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            identity: kontak_identity::Policy::default(),
            conversation: kontak_conversation::Policy::default(),
            centre: Centre::default(),
            routes: Vec::new(),
            metrics: vec![Preset::Kontak],
            proactive_hours: None,
        }
    }
}

/// Contacts of this kind wait in this queue. What is left out fits all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Route {
    /// On which channel.
    #[serde(default)]
    pub channel: Option<ChannelKind>,
    /// Through which account of ours, by its name in the channel's descriptor.
    #[serde(default)]
    pub account: Option<String>,
    /// About which topic: the name of a label.
    #[serde(default)]
    pub topic: Option<String>,
    /// The queue, by its name in the centre.
    pub queue: String,
    /// Above the priority of the queue, or below it.
    #[serde(default)]
    pub priority: i32,
    /// Whether only somebody may answer who speaks the language of the customer, where it is known.
    #[serde(default)]
    pub by_language: bool,
    /// What becomes of a call whose customer gave up before anybody took it. Without it nobody is asked
    /// by itself: it is [listed](crate::Tenant::unattended) for a supervisor.
    #[serde(default)]
    pub call_back: Option<CallBack>,
}

/// Who gave up before anybody took their call is to be called back: it counts as abandoned, and waits
/// again, in the place that they had.
///
/// ```
/// use kontak_desk::Settings;
///
/// let settings: Settings = toml::from_str("
///     routes = [{ channel = 'voice', queue = 'calls', call_back = { waited_seconds = 10, queue = 'later' } }]
///     [centre.queues.calls]
///     [centre.queues.later]
/// ")?;
/// settings.check()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CallBack {
    /// Who waited for less is not called back: they hardly wanted to speak. Default 0.
    pub waited_seconds: u32,
    /// The queue in which it waits, by its name in the centre. Default: that of the route.
    pub queue: Option<String>,
}

/// Why settings cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The rules of identity.
    #[error("identity: {0}")]
    Identity(#[from] kontak_identity::PolicyError),
    /// The service levels.
    #[error("conversation: {0}")]
    ServiceLevel(#[from] kontak_conversation::sla::SlaError),
    /// The rules of routing.
    #[error("centre: {0}")]
    Centre(#[from] CentreError),
    /// The definitions of metrics.
    #[error("metrics: {0}")]
    Metrics(#[from] CatalogError),
    /// A route leads nowhere.
    #[error("route {place} leads to the queue {queue:?}, which the centre does not have; there are: {}", .known.join(", "))]
    Route {
        /// Which route, counted from 1.
        place: usize,
        /// Where it leads.
        queue: String,
        /// The queues that there are.
        known: Vec<String>,
    },
}

impl Settings {
    /// Whether they can be used.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), SettingsError> {
        self.conversation.sla.check()?;
        self.numbered().check()?;
        self.catalog()?;
        for (place, route) in self.routes.iter().enumerate() {
            let to_call = route.call_back.iter().filter_map(|rule| rule.queue.as_ref());
            for queue in std::iter::once(&route.queue).chain(to_call) {
                if !self.centre.queues.contains_key(queue) {
                    return Err(SettingsError::Route {
                        place: place + 1,
                        queue: queue.clone(),
                        known: self.centre.queues.keys().cloned().collect(),
                    });
                }
            }
        }
        Ok(())
    }

    /// The centre, in which every queue has an id. One that has none gets it from its name, so that
    /// it is the same after the next queue was added.
    pub(crate) fn numbered(&self) -> Centre {
        let mut centre = self.centre.clone();
        for (name, queue) in &mut centre.queues {
            if queue.id.as_uuid().is_nil() {
                let mut hasher = SipHasher24::new();
                hasher.write(name.as_bytes());
                queue.id = QueueId::new(Uuid::from_u128(hasher.finish128().as_u128()));
            }
        }
        centre
    }

    /// The first route that fits.
    pub(crate) fn route(
        &self,
        channel: &ChannelKind,
        account: &str,
        topic: Option<&str>,
    ) -> Option<&Route> {
        self.routes.iter().find(|route| route.fits(channel, account, topic))
    }

    pub(crate) fn catalog(&self) -> Result<Catalog, CatalogError> {
        Catalog::of(self.metrics.iter().copied())
    }
}

impl Route {
    fn fits(&self, channel: &ChannelKind, account: &str, topic: Option<&str>) -> bool {
        self.channel.as_ref().is_none_or(|wanted| wanted == channel)
            && self.account.as_ref().is_none_or(|wanted| wanted == account)
            && self.topic.as_ref().is_none_or(|wanted| Some(wanted.as_str()) == topic)
    }
}
