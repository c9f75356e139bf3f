use super::Seconds;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a customer's interaction with the business stands.
///
/// Progress goes one way: nobody has answered, a bot has, it waits for a person, a person has answered, it was given on.
/// Over it lies what is said of its status, and over that that it is resolved; a reopening brings back what was below.
/// A message that a rule sent is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InteractionState {
    /// The customer came, and nobody has answered.
    Unanswered,
    /// A bot has answered, and nobody else.
    Bot,
    /// It waits for a person: a bot gave it away, or it is in a queue.
    WaitingAgent,
    /// A person has answered.
    Agent,
    /// It went from hand to hand: given on, escalated.
    Transferred,
    /// It waits for somebody else: a supplier, a courier.
    OnHold,
    /// It waits for the customer.
    WaitingCustomer,
    /// It is resolved.
    Resolved,
}

impl InteractionState {
    /// All of them, in the order in which most businesses would say that one is further than the other.
    pub const ALL: [Self; 8] = [
        Self::Unanswered,
        Self::Bot,
        Self::WaitingAgent,
        Self::Agent,
        Self::Transferred,
        Self::OnHold,
        Self::WaitingCustomer,
        Self::Resolved,
    ];

    /// Its name in a definition.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unanswered => "unanswered",
            Self::Bot => "bot",
            Self::WaitingAgent => "waiting_agent",
            Self::Agent => "agent",
            Self::Transferred => "transferred",
            Self::OnHold => "on_hold",
            Self::WaitingCustomer => "waiting_customer",
            Self::Resolved => "resolved",
        }
    }

    pub(crate) const fn code(self) -> u32 {
        self as u32 + 1
    }

    pub(crate) fn of_code(code: u32) -> Option<Self> {
        Self::ALL.get((code as usize).checked_sub(1)?).copied()
    }
}

impl fmt::Display for InteractionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which purchases are whose: the attribution of sales to interactions.
///
/// A purchase counts for a conversation if it was made within a time after the conversation came into the state that it
/// was then in. A conversation is eligible if it was ever in one of the `states`; one in which nothing was said or
/// done, as an order that is recorded as a conversation of its own, never was in any.
///
/// ```
/// use kontak_metrics::{ConversionRule, Measure, Seconds, WhosePurchases};
///
/// let rule = ConversionRule::new(Seconds::days(7)).crediting(WhosePurchases::Customer);
/// let json = serde_json::to_string(&Measure::Conversion(rule))?;
/// assert!(json.starts_with(r#"{"conversion":{"within":604800,"states":["unanswered","bot","#), "{json}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConversionRule {
    /// For how long after it came into a state a purchase is credited to it. Until then it may still come.
    pub within: Seconds,
    /// The states that are told apart, the furthest last. One that is not among them is passed over: meanwhile the
    /// conversation stays in the one before.
    #[serde(default = "all_states")]
    pub states: Vec<InteractionState>,
    /// Under which of its states a conversation counts.
    #[serde(default)]
    pub under: WhichState,
    /// Whose purchases.
    #[serde(default)]
    pub purchases: WhosePurchases,
}

fn all_states() -> Vec<InteractionState> {
    InteractionState::ALL.into()
}

/// Under which of its states a conversation counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhichState {
    /// Under the furthest that it reached, by the time of the purchase if there was one. Each counts once, so states
    /// add up: a funnel.
    #[default]
    Furthest,
    /// Under every one that it was in, as a success where the customer bought while it was in it: what a state
    /// converts. A conversation counts under several, so ask with [`overlapping`](crate::View::overlapping);
    /// where states are not told apart each counts once.
    Each,
}

/// Which purchases are credited to a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhosePurchases {
    /// Those that were recorded in it.
    #[default]
    Conversation,
    /// All of its customer, wherever they were recorded, each credited to the one conversation that last came into a
    /// state before it. It follows who is who; of a customer who is not known conversations are left out.
    Customer,
}

impl ConversionRule {
    /// All states, the furthest, purchases of the conversation itself.
    #[must_use]
    pub fn new(within: Seconds) -> Self {
        Self {
            within,
            states: all_states(),
            under: WhichState::default(),
            purchases: WhosePurchases::default(),
        }
    }

    /// Telling apart only these states, the furthest last.
    #[must_use]
    pub fn among(self, states: impl IntoIterator<Item = InteractionState>) -> Self {
        Self { states: states.into_iter().collect(), ..self }
    }

    /// Counting a conversation under another of its states.
    #[must_use]
    pub fn under(self, under: WhichState) -> Self {
        Self { under, ..self }
    }

    /// Crediting other purchases.
    #[must_use]
    pub fn crediting(self, purchases: WhosePurchases) -> Self {
        Self { purchases, ..self }
    }
}
