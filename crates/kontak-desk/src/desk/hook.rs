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
///
/// ```
/// use kontak_channel::Sender;
/// use kontak_channel::address::EmailAddress;
/// use kontak_content::Content;
/// use kontak_desk::{Enriched, Enrichment};
/// use kontak_identity::chrono::DateTime;
/// use kontak_identity::{Identifier, Observation, Verification};
/// use kontak_types::TouchpointId;
/// use kontak_types::uuid::Uuid;
///
/// /// The till knows the e-mail address of members.
/// struct Members;
///
/// #[async_trait::async_trait]
/// impl Enrichment for Members {
///     async fn look_up(&self, sender: &Sender, _content: Option<&Content>) -> Enriched {
///         // Here you ask your system, for the account `sender.touchpoint`.
///         let (row, since) = ("member 17", DateTime::UNIX_EPOCH);
///         let Ok(email) = "budi@example.org".parse::<EmailAddress>() else { return Enriched::nothing() };
///         let account = sender.touchpoint.clone();
///         // The id counts only where the account is new.
///         let id = TouchpointId::new(Uuid::now_v7());
///         let known = Observation::new(id, account, "members", row, since)
///             .with_identifier(Identifier::from(&email))
///             .with_verification(Verification::Signed);
///         Enriched::nothing().with_observation(known)
///     }
/// }
/// # let _: &dyn Enrichment = &Members;
/// ```
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
/// else does, and a call of it that a crash cut off is not made again. A queue with `bot_seconds` waits
/// for it that long before anybody is asked; without, people are asked at once and it only comments.
///
/// ```
/// use kontak_content::Content;
/// use kontak_conversation::Actor;
/// use kontak_desk::{Automation, AutomationOutcome, Desk};
/// use kontak_types::{ConversationId, MessageId};
///
/// /// Says when the shop is open, and leaves all else to people.
/// struct Greeter;
///
/// #[async_trait::async_trait]
/// impl Automation for Greeter {
///     async fn on_message(
///         &self,
///         desk: &Desk,
///         conversation: ConversationId,
///         message: MessageId,
///     ) -> AutomationOutcome {
///         let asks = desk.step(move |tenant, _, _| {
///             let said = tenant.conversations().message(message)?;
///             Some(said.content()?.plain_text().contains("jam berapa"))
///         });
///         let Ok(Some(true)) = asks.await else { return AutomationOutcome::HandOver };
///         let Ok(answer) = Content::plain("Kami buka pukul 9.") else {
///             return AutomationOutcome::HandOver;
///         };
///         match desk.reply(Actor::Bot("greeter".into()), conversation, answer).await {
///             Ok(_) => AutomationOutcome::Handled,
///             Err(_) => AutomationOutcome::HandOver,
///         }
///     }
/// }
/// # let _: &dyn Automation = &Greeter;
/// ```
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

/// Writes content in another language, for agents and customers who do not share one: what
/// [`Desk::reply_in`] says goes through it. What customers write is translated by whoever shows it.
#[async_trait]
pub trait Translation: Send + Sync {
    /// The content in that language; as it was where that fails.
    async fn translate(&self, content: &Content, into: &Language) -> Content;
}
