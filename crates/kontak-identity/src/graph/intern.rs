//! Handles: each account, value, source and name is looked up once, and is a number from then on.

use super::IdentityGraph;
use super::observe::{ObserveError, micros};
use super::store::Entered;
use crate::handle::{
    DataVersionHandle, IdentifierHandle, NameHandle, RecordHandle, SourceHandle, TouchpointHandle,
};
use crate::identifier::{IdentifierRef, IdentifierValue};
use chrono::{DateTime, Utc};
use kontak_address::{LineKey, PhoneNumber};
use kontak_types::{ChannelKind, TouchpointId, TouchpointKey};

impl IdentityGraph {
    /// The handle of an account, recorded under `id` if it is new. `None` if the account was erased
    /// after it was seen.
    ///
    /// # Errors
    /// If `id` was given to another account, or the time cannot be kept.
    pub fn touchpoint(
        &mut self,
        id: TouchpointId,
        key: &TouchpointKey,
        seen_at: DateTime<Utc>,
    ) -> Result<Option<TouchpointHandle>, ObserveError> {
        self.touchpoint_in(id, (&key.channel, &key.scope, &key.id), seen_at)
    }

    /// Like [`touchpoint`](Self::touchpoint), from borrowed parts: channel, scope, account id.
    ///
    /// # Errors
    /// If `id` was given to another account, or the time cannot be kept.
    pub fn touchpoint_in(
        &mut self,
        id: TouchpointId,
        key: (&ChannelKind, &str, &str),
        seen_at: DateTime<Utc>,
    ) -> Result<Option<TouchpointHandle>, ObserveError> {
        let known = self.store.touchpoints.len();
        let touchpoint = self.record_touchpoint(id, key, seen_at)?;
        self.position += u64::from(self.store.touchpoints.len() > known);
        Ok(touchpoint)
    }

    pub(super) fn record_touchpoint(
        &mut self,
        id: TouchpointId,
        (channel, scope, account_id): (&ChannelKind, &str, &str),
        seen_at: DateTime<Utc>,
    ) -> Result<Option<TouchpointHandle>, ObserveError> {
        let seen = micros(seen_at, "seen_at")?;
        if self.is_erased_at((channel, scope, account_id), seen) {
            return Ok(None);
        }
        let full = |full| ObserveError::full(&full, "touchpoints");
        let account = self.store.account(channel, scope).map_err(full)?;
        let hashes = self.store.hash_touchpoint(account, account_id, id);
        self.enter(account, account_id, id, hashes).map(Some)
    }

    pub(super) fn enter(
        &mut self,
        account: u32,
        account_id: &str,
        id: TouchpointId,
        hashes: (u64, u64),
    ) -> Result<TouchpointHandle, ObserveError> {
        match self.store.enter_touchpoint(account, account_id, id, hashes) {
            Ok(Entered::New(index) | Entered::Known(index)) => Ok(TouchpointHandle(index)),
            Ok(Entered::IdTaken) => Err(ObserveError::IdTaken { id }),
            Err(full) => Err(ObserveError::full(&full, "touchpoints")),
        }
    }

    /// The handle of a value.
    ///
    /// # Errors
    /// If it is no value, or the graph is full.
    pub fn identifier(
        &mut self,
        value: &IdentifierValue,
    ) -> Result<IdentifierHandle, ObserveError> {
        self.identifier_ref(value.as_ref())
    }

    /// The handle of a phone number.
    ///
    /// # Errors
    /// If the graph is full.
    pub fn phone(&mut self, number: PhoneNumber) -> Result<IdentifierHandle, ObserveError> {
        self.identifier_ref(IdentifierRef::Phone(number.digits()))
    }

    /// The handle of a line: what two writings of a number agree on, so weaker evidence.
    ///
    /// # Errors
    /// If the graph is full.
    pub fn line(&mut self, line: LineKey) -> Result<IdentifierHandle, ObserveError> {
        self.identifier_ref(IdentifierRef::Phone(line.digits()))
    }

    /// The handle of a mailbox, by its exact or canonical key.
    ///
    /// # Errors
    /// If the key is too long, or the graph is full.
    pub fn email(&mut self, key: &str) -> Result<IdentifierHandle, ObserveError> {
        self.identifier_ref(IdentifierRef::Email(key))
    }

    fn identifier_ref(
        &mut self,
        value: IdentifierRef<'_>,
    ) -> Result<IdentifierHandle, ObserveError> {
        check_value(value)?;
        self.enter_value(value, self.store.hash_value(value))
    }

    /// A checked value.
    pub(super) fn enter_value(
        &mut self,
        value: IdentifierRef<'_>,
        hash: u64,
    ) -> Result<IdentifierHandle, ObserveError> {
        let rules = &self.rules;
        self.store
            .enter_value(value, hash, || rules.blocked_by(value).is_some())
            .map_err(|full| ObserveError::full(&full, "identifiers"))
            .map(IdentifierHandle)
    }

    /// The handle of a source.
    ///
    /// # Errors
    /// If there are 32,768 sources already.
    pub fn source(&mut self, name: &str) -> Result<SourceHandle, ObserveError> {
        self.store
            .source(name)
            .map_err(|full| ObserveError::full(&full, "source"))
            .map(SourceHandle)
    }

    /// The handle of a version of the tables that normalise, as
    /// [`Identifier::data_version`](crate::Identifier::data_version) says it.
    ///
    /// # Errors
    /// If there are 65,536 of them already.
    pub fn data_version(&mut self, version: &str) -> Result<DataVersionHandle, ObserveError> {
        self.store
            .data_version(version)
            .map_err(|full| ObserveError::full(&full, "data versions"))
            .map(DataVersionHandle)
    }

    /// The handle of a source's record id.
    ///
    /// # Errors
    /// If it is too long.
    pub fn record(&mut self, id: &str) -> Result<RecordHandle, ObserveError> {
        let word =
            self.store.texts.insert(id).map_err(|_| ObserveError::TooLong { field: "record" })?;
        Ok(RecordHandle(word))
    }

    /// The handle of a name, as it is written.
    ///
    /// # Errors
    /// If it is too long, or the graph is full.
    pub fn name(&mut self, name: &str) -> Result<NameHandle, ObserveError> {
        self.store.name(name).map_err(|full| ObserveError::full(&full, "name")).map(NameHandle)
    }
}

pub(super) fn check_value(value: IdentifierRef<'_>) -> Result<(), ObserveError> {
    match value {
        IdentifierRef::Phone(digits) if digits == 0 || digits >= 1_000_000_000_000_000 => {
            Err(ObserveError::NotAPhone)
        }
        IdentifierRef::Email(key) if key.len() >= 1 << 16 => {
            Err(ObserveError::TooLong { field: "email" })
        }
        _ => Ok(()),
    }
}
