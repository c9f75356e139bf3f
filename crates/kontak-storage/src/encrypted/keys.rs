use crate::{DedupeKey, Fault, OutboxId, PartName, Payload, Position, Subject, TenantId};
use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload as Sealed};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

/// The keys under which a store is sealed.
///
/// Sealing keys are numbered and may be replaced: the newest seals, all of them open. The index key
/// stays for the life of the data, since by its hashes things are found again.
#[derive(Clone)]
pub struct EncryptionKeys {
    index: [u8; 32],
    newest: u32,
    sealing: Vec<(u32, XChaCha20Poly1305)>,
}

impl EncryptionKeys {
    /// An index key, and the sealing key of number `number`.
    #[must_use]
    pub fn new(index: [u8; 32], number: u32, key: [u8; 32]) -> Self {
        Self { index, newest: number, sealing: Vec::new() }.with_older(number, key)
    }

    /// With a key that sealed earlier, and opens still.
    #[must_use]
    pub fn with_older(mut self, number: u32, key: [u8; 32]) -> Self {
        self.sealing.push((number, XChaCha20Poly1305::new(&Key::from(key))));
        self
    }

    pub(super) fn hash_key(&self, tenant: TenantId, key: &DedupeKey) -> DedupeKey {
        DedupeKey::new(self.hash(b'k', tenant, key.as_bytes()))
    }

    pub(super) fn hash_subject(&self, tenant: TenantId, subject: &Subject) -> Subject {
        Subject::from_bytes(self.hash(b's', tenant, subject.as_bytes()))
    }

    pub(super) fn hash_subjects(&self, tenant: TenantId, subjects: &mut [Subject]) {
        for subject in subjects {
            *subject = self.hash_subject(tenant, subject);
        }
    }

    fn hash(&self, tag: u8, tenant: TenantId, bytes: &[u8]) -> Box<[u8]> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.index)
            .expect("HMAC takes a key of any length");
        mac.update(&[tag]);
        mac.update(tenant.as_uuid().as_bytes());
        mac.update(bytes);
        mac.finalize().into_bytes()[..].into()
    }

    /// A form, the number of the key, a nonce, and what was sealed. The nonce is random: 24 bytes are
    /// enough for that under one key.
    pub(super) fn seal(
        &self,
        tenant: TenantId,
        place: Place<'_>,
        payload: &Payload,
    ) -> Result<Payload, Fault> {
        let failed = || Fault::corrupt("nothing could be sealed: is there a source of randomness?");
        let nonce = XNonce::try_generate().map_err(|_| failed())?;
        let (number, cipher) =
            self.sealing.iter().find(|(number, _)| *number == self.newest).ok_or_else(failed)?;
        let bound = place.bound(tenant);
        let sealed = Sealed { msg: payload.as_bytes(), aad: &bound };
        let sealed = cipher.encrypt(&nonce, sealed).map_err(|_| failed())?;
        let mut bytes = Vec::with_capacity(HEAD + sealed.len());
        bytes.push(FORM);
        bytes.extend_from_slice(&number.to_be_bytes());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(bytes.into())
    }

    /// What was sealed. What was erased is empty and stays so: nothing that is sealed is.
    pub(super) fn open(
        &self,
        tenant: TenantId,
        place: Place<'_>,
        payload: &Payload,
    ) -> Result<Payload, Fault> {
        if payload.is_empty() {
            return Ok(Payload::default());
        }
        let opened = self.opened(&place.bound(tenant), payload.as_bytes());
        let opened = opened.map(Payload::from);
        opened.ok_or_else(|| Fault::corrupt(format!("{place} does not open with any key")))
    }

    fn opened(&self, bound: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
        let (form, rest) = bytes.split_first()?;
        let (number, rest) = rest.split_first_chunk::<4>()?;
        let (nonce, sealed) = rest.split_first_chunk::<24>()?;
        let number = u32::from_be_bytes(*number);
        let (_, cipher) = self.sealing.iter().find(|(known, _)| *known == number)?;
        let sealed = Sealed { msg: sealed, aad: bound };
        let opened = cipher.decrypt(&XNonce::from(*nonce), sealed).ok()?;
        (*form == FORM).then_some(opened)
    }
}

const FORM: u8 = 1;
const HEAD: usize = 1 + 4 + 24;

impl fmt::Debug for EncryptionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptionKeys(newest {})", self.newest)
    }
}

/// Where a payload lies, which is part of its seal.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    Event(Position),
    Inbox(&'p DedupeKey),
    Outbox(OutboxId),
    Part(&'p PartName),
}

impl Place<'_> {
    fn bound(self, tenant: TenantId) -> Vec<u8> {
        let mut bound = tenant.as_uuid().as_bytes().to_vec();
        match self {
            Self::Event(position) => {
                bound.push(b'e');
                bound.extend_from_slice(&position.number().to_be_bytes());
            }
            Self::Inbox(hash) => {
                bound.push(b'i');
                bound.extend_from_slice(hash.as_bytes());
            }
            Self::Outbox(id) => {
                bound.push(b'o');
                bound.extend_from_slice(id.as_uuid().as_bytes());
            }
            Self::Part(name) => {
                bound.push(b'p');
                bound.extend_from_slice(name.as_str().as_bytes());
            }
        }
        bound
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(position) => write!(f, "event {position}"),
            Self::Inbox(_) => f.write_str("an inbox item"),
            Self::Outbox(id) => write!(f, "outbox row {id}"),
            Self::Part(name) => write!(f, "part {name}"),
        }
    }
}
