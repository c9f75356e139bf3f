use crate::{
    Action, Codec, IdempotencyKey, Outbound, ProviderId, SendError, SendReceipt, TransportError,
    Upload, Uploads, Window, WireRequest, WireResponse,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kontak_content::{Content, ProviderRef, Written};
use kontak_types::TouchpointKey;

/// Carries requests to a provider, and its answers back. The only layer that does I/O.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request and waits for the answer.
    ///
    /// # Errors
    /// [`TransportError`] must tell truly whether anything was written: on that depends whether a
    /// message may be sent again.
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError>;
}

/// One account of ours on a channel, ready for use.
///
/// What not every channel can do is asked for: `channel.edits()` is nothing where messages cannot be
/// edited. [`Wired`] makes a channel of a codec and a transport.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Its language.
    fn codec(&self) -> &dyn Codec;

    /// Says or does something.
    ///
    /// # Errors
    /// [`SendError`], by what can be done about it. Dropping the future before it is done is as
    /// [`SendError::Ambiguous`].
    async fn send(&self, outbound: &Outbound, now: DateTime<Utc>)
    -> Result<SendReceipt, SendError>;

    /// Whether it could send now, as far as it knows without sending.
    async fn health(&self, now: DateTime<Utc>) -> Health;

    /// Editing and taking back.
    fn edits(&self) -> Option<&dyn Edits> {
        None
    }

    /// Reacting.
    fn reactions(&self) -> Option<&dyn Reactions> {
        None
    }

    /// Giving files to the provider before they are sent.
    fn uploads(&self) -> Option<&dyn Uploads> {
        None
    }

    /// Showing that we write, and that we have read.
    fn presence(&self) -> Option<&dyn Presences> {
        None
    }
}

/// Whether a channel could send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Health {
    /// As far as is known.
    Good,
    /// It works, and not as it should.
    Degraded {
        /// In what way.
        because: &'static str,
    },
    /// No.
    Down {
        /// Why.
        because: &'static str,
    },
}

/// Editing and taking back what was sent.
#[async_trait]
pub trait Edits: Send + Sync {
    /// Says an earlier message in other words.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn edit(
        &self,
        to: &TouchpointKey,
        target: &ProviderId,
        content: Content,
        now: DateTime<Utc>,
    ) -> Result<SendReceipt, SendError>;

    /// Takes a message back.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn delete(
        &self,
        to: &TouchpointKey,
        target: &ProviderId,
        now: DateTime<Utc>,
    ) -> Result<SendReceipt, SendError>;
}

/// Reacting to messages.
#[async_trait]
pub trait Reactions: Send + Sync {
    /// Reacts; without an emoji, takes the reaction back.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn react(
        &self,
        to: &TouchpointKey,
        target: &ProviderId,
        emoji: Option<Written>,
        now: DateTime<Utc>,
    ) -> Result<SendReceipt, SendError>;
}

/// Showing what we do.
#[async_trait]
pub trait Presences: Send + Sync {
    /// Shows that we write, until a message comes or a few seconds are over.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn show_typing(
        &self,
        to: &TouchpointKey,
        target: Option<&ProviderId>,
        now: DateTime<Utc>,
    ) -> Result<(), SendError>;

    /// Shows that we have read everything up to a message.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn mark_read(
        &self,
        to: &TouchpointKey,
        target: &ProviderId,
        now: DateTime<Utc>,
    ) -> Result<(), SendError>;
}

/// A codec and a transport: a channel.
#[derive(Clone, Debug)]
pub struct Wired<C, T> {
    codec: C,
    transport: T,
}

impl<C: Codec, T: Transport> Wired<C, T> {
    /// Speaks `codec` over `transport`.
    #[must_use]
    pub fn new(codec: C, transport: T) -> Self {
        Self { codec, transport }
    }

    /// The transport.
    #[must_use]
    pub fn transport(&self) -> &T {
        &self.transport
    }

    async fn act(
        &self,
        to: &TouchpointKey,
        key: &str,
        action: Action,
        now: DateTime<Utc>,
    ) -> Result<SendReceipt, SendError> {
        // Doing the same to the same message twice is as doing it once, so its id is the key.
        let key =
            IdempotencyKey::new(key).map_err(|_| SendError::Invalid { code: "key".into() })?;
        self.send(&Outbound::new(to.clone(), key, action), now).await
    }
}

#[async_trait]
impl<C: Codec, T: Transport> Channel for Wired<C, T> {
    fn codec(&self) -> &dyn Codec {
        &self.codec
    }

    async fn send(
        &self,
        outbound: &Outbound,
        _now: DateTime<Utc>,
    ) -> Result<SendReceipt, SendError> {
        let mut receipt = SendReceipt::default();
        for (place, request) in self.codec.render(outbound)?.into_iter().enumerate() {
            let answer = self.transport.exchange(request).await.map_err(SendError::from);
            let outcome = answer.and_then(|answer| self.codec.interpret(&answer));
            match outcome {
                Ok(taken) => receipt.ids.extend(taken.ids),
                // The first ones are out: trying the whole again would double them.
                Err(error) if place > 0 && error.is_retryable() => {
                    return Err(SendError::Ambiguous { what: "only the first pieces were taken" });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(receipt)
    }

    async fn health(&self, _now: DateTime<Utc>) -> Health {
        Health::Good
    }

    fn edits(&self) -> Option<&dyn Edits> {
        let capabilities = self.codec.capabilities(Window::Unlimited);
        let usable =
            capabilities.edit.support.is_usable() || capabilities.delete.support.is_usable();
        usable.then_some(self)
    }

    fn reactions(&self) -> Option<&dyn Reactions> {
        self.codec.capabilities(Window::Unlimited).reaction.is_usable().then_some(self)
    }

    fn uploads(&self) -> Option<&dyn Uploads> {
        self.codec.uploads().map(|_| self as &dyn Uploads)
    }

    fn presence(&self) -> Option<&dyn Presences> {
        let capabilities = self.codec.capabilities(Window::Unlimited);
        let usable = capabilities.typing.is_usable() || capabilities.read_marks.is_usable();
        usable.then_some(self)
    }
}

#[async_trait]
impl<C: Codec, T: Transport> Edits for Wired<C, T> {
    async fn edit(
        &self,
        to: &TouchpointKey,
        target: &ProviderId,
        content: Content,
        now: DateTime<Utc>,
    ) -> Result<SendReceipt, SendError> {
        let action = Action::Edit { target: target.clone(), content };
        self.act(to, target.as_str(), action, now).await
    }

    async fn delete(
        &self,
        to: &TouchpointKey,
        target: &ProviderId,
        now: DateTime<Utc>,
    ) -> Result<SendReceipt, SendError> {
        let action = Action::Delete { target: target.clone() };
        self.act(to, target.as_str(), action, now).await
    }
}

#[async_trait]
impl<C: Codec, T: Transport> Reactions for Wired<C, T> {
    async fn react(
        &self,
        to: &TouchpointKey,
        target: &ProviderId,
        emoji: Option<Written>,
        now: DateTime<Utc>,
    ) -> Result<SendReceipt, SendError> {
        let action = Action::React { target: target.clone(), emoji };
        self.act(to, target.as_str(), action, now).await
    }
}

#[async_trait]
impl<C: Codec, T: Transport> Uploads for Wired<C, T> {
    async fn upload(&self, upload: &Upload) -> Result<ProviderRef, SendError> {
        let Some(codec) = self.codec.uploads() else {
            return Err(SendError::Invalid { code: "the channel keeps no files".into() });
        };
        let answer = self.transport.exchange(codec.render_upload(upload)?).await?;
        codec.interpret_upload(&answer)
    }
}

#[async_trait]
impl<C: Codec, T: Transport> Presences for Wired<C, T> {
    async fn show_typing(
        &self,
        to: &TouchpointKey,
        target: Option<&ProviderId>,
        now: DateTime<Utc>,
    ) -> Result<(), SendError> {
        let action = Action::ShowTyping { target: target.cloned() };
        self.act(to, "typing", action, now).await.map(drop)
    }

    async fn mark_read(
        &self,
        to: &TouchpointKey,
        target: &ProviderId,
        now: DateTime<Utc>,
    ) -> Result<(), SendError> {
        let action = Action::MarkRead { target: target.clone() };
        self.act(to, target.as_str(), action, now).await.map(drop)
    }
}
