use crate::Desk;
use async_trait::async_trait;
use kontak_channel::Sender;
use kontak_content::Content;
use kontak_identity::Observation;
use kontak_types::{ConversationId, Language, MessageId};

/// Looks up what another system knows about a sender: the customer list, the order system.
///
/// It is asked before a message is acknowledged, and not waited for longer than
/// [`DeskBuilder::enrichment_within`](crate::DeskBuilder::enrichment_within). What it says is
/// recorded with the message, so that a replay does not ask again.
#[async_trait]
pub trait Enrichment: Send + Sync {
    /// What is known. Where it fails it says nothing: the message counts all the same.
    async fn look_up(&self, sender: &Sender, content: Option<&Content>) -> Enriched;
}

/// What another system knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Enriched {
    /// In which language the message is.
    pub language: Option<Language>,
    /// What it knows of the account: numbers, addresses, names.
    pub observations: Vec<Observation>,
}

impl Enriched {
    /// Nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// The language of the message.
    #[must_use]
    pub fn with_language(self, language: Language) -> Self {
        Self { language: Some(language), ..self }
    }

    /// One more thing that is known of the account.
    #[must_use]
    pub fn with_observation(mut self, observation: Observation) -> Self {
        self.observations.push(observation);
        self
    }
}

/// Something that looks at messages before a person does: a bot, a rule.
///
/// It is called beside the desk, after the message is durable; it acts through the desk as anybody
/// else does. Where a queue has a bot first, the conversation waits for it until it is through, or
/// until its time is over.
#[async_trait]
pub trait Automation: Send + Sync {
    /// A customer wrote. The conversation goes on to people unless it says otherwise.
    async fn on_message(
        &self,
        desk: &Desk,
        conversation: ConversationId,
        message: MessageId,
    ) -> AutomationOutcome;
}

/// What an automation has done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AutomationOutcome {
    /// People go on.
    HandOver,
    /// It has done it all, or goes on by itself.
    Handled,
}

/// Writes content in another language, for agents and customers who do not share one.
#[async_trait]
pub trait Translation: Send + Sync {
    /// The content in that language; as it was where that fails.
    async fn translate(&self, content: &Content, into: &Language) -> Content;
}
