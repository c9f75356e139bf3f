use super::base32;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;
use thiserror::Error;
use uuid::Uuid;

/// Keeps a tag made here from being one made with the same key for something else.
const PURPOSE: &[u8] = b"kontak reply token 1\0";
const UUID_BYTES: usize = 16;
const TAG_BYTES: usize = 14;
const TOKEN_BYTES: usize = UUID_BYTES + TAG_BYTES;
const MIN_KEY_BYTES: usize = 32;
/// RFC 5321, 4.5.3.1.1.
const MAX_LOCAL_PART: usize = 64;

/// The name of a conversation, signed, as it travels in our reply addresses and Message-IDs.
///
/// 48 letters and digits: the 16 bytes of the conversation's id and 14 bytes of HMAC-SHA-256 over it, in
/// base 32. Mail systems fold letter case; a token survives that. Whoever has seen a token can use it, so
/// it says *which* conversation is meant and never *who* writes: check that the sender belongs to the
/// conversation.
///
/// `Debug` shows the conversation only; the token is written out by [`as_str`](Self::as_str),
/// [`reply_address`](Self::reply_address) and [`message_id`](Self::message_id).
///
/// ```
/// use kontak_conversation::email::ReplyKeys;
/// use uuid::Uuid;
///
/// let keys = ReplyKeys::new(b"32 bytes or more from the secrets")?;
/// let token = keys.sign(Uuid::from_u128(7));
/// let address = token.reply_address("reply", "toko.example")?;
/// assert_eq!(address.len(), "reply+".len() + 48 + "@toko.example".len());
/// assert_eq!(keys.verify_address(&address)?, token);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ReplyToken {
    conversation: Uuid,
    text: Box<str>,
}

impl ReplyToken {
    /// The length of a token in characters.
    pub const LEN: usize = TOKEN_BYTES * 8 / 5;

    /// The conversation that the token names.
    #[must_use]
    pub const fn conversation(&self) -> Uuid {
        self.conversation
    }

    /// The token as it is written: lower-case letters and the digits 2 to 7.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.text
    }

    /// `prefix+token@domain`, for `Reply-To`.
    ///
    /// # Errors
    ///
    /// When the prefix is empty, is longer than 15 bytes (a local part has at most 64) or has other
    /// characters than letters, digits, `.`, `_` and `-`.
    pub fn reply_address(&self, prefix: &str, domain: &str) -> Result<String, ReplyAddressError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if let Some(position) = prefix.find(|c| !allowed(c)) {
            return Err(ReplyAddressError::Character { position });
        }
        if prefix.is_empty() || prefix.len() + 1 + Self::LEN > MAX_LOCAL_PART {
            return Err(ReplyAddressError::Length { found: prefix.len() });
        }
        Ok(format!("{prefix}+{}@{domain}", self.text))
    }

    /// `<token.message@domain>`, for `Message-ID`: an answer names its conversation even where the reply
    /// address is lost.
    ///
    /// ```
    /// use kontak_conversation::email::{MessageId, ReplyKeys};
    /// use uuid::Uuid;
    ///
    /// let keys = ReplyKeys::new(b"32 bytes or more from the secrets")?;
    /// let header = keys.sign(Uuid::from_u128(7)).message_id(Uuid::from_u128(8), "toko.example");
    /// let read = MessageId::parse(&header)?;
    /// assert_eq!(keys.verify_message_id(&read)?.conversation(), Uuid::from_u128(7));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn message_id(&self, message: Uuid, domain: &str) -> String {
        format!("<{}.{}@{domain}>", self.text, message.simple())
    }
}

impl fmt::Debug for ReplyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyToken")
            .field("conversation", &self.conversation)
            .finish_non_exhaustive()
    }
}

/// The keys that reply tokens are signed with: one that signs, and one before it that is still accepted.
///
/// Use a key per tenant: a token of one tenant then says nothing to another. Tokens do not expire, as
/// people answer old mails; they end with the key that made them.
///
/// ```
/// use kontak_conversation::email::ReplyKeys;
/// use uuid::Uuid;
///
/// let old = ReplyKeys::new(b"the key of the year 2025, 32 bytes")?;
/// let keys = ReplyKeys::new(b"the key of the year 2026, 32 bytes")?
///     .with_previous(b"the key of the year 2025, 32 bytes")?;
/// let token = old.sign(Uuid::from_u128(7));
/// assert_eq!(keys.verify(token.as_str())?.conversation(), Uuid::from_u128(7));
/// assert_ne!(keys.sign(Uuid::from_u128(7)), token);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ReplyKeys {
    current: Hmac<Sha256>,
    previous: Option<Hmac<Sha256>>,
}

impl ReplyKeys {
    /// Takes the key that signs.
    ///
    /// # Errors
    ///
    /// When the key has fewer than 32 bytes.
    pub fn new(key: &[u8]) -> Result<Self, ReplyKeyError> {
        Ok(Self { current: keyed(key)?, previous: None })
    }

    /// Takes the key that signed until now, and is accepted until it is left out.
    ///
    /// # Errors
    ///
    /// When the key has fewer than 32 bytes.
    pub fn with_previous(self, key: &[u8]) -> Result<Self, ReplyKeyError> {
        Ok(Self { previous: Some(keyed(key)?), ..self })
    }

    /// The token of a conversation: the same one each time.
    #[must_use]
    pub fn sign(&self, conversation: Uuid) -> ReplyToken {
        let mut bytes = [0; TOKEN_BYTES];
        bytes[..UUID_BYTES].copy_from_slice(conversation.as_bytes());
        bytes[UUID_BYTES..].copy_from_slice(&tag(&self.current, &conversation));
        ReplyToken::from_bytes(&bytes)
    }

    /// Reads a token and checks who made it.
    ///
    /// # Errors
    ///
    /// When the text is not a token, or neither key made it. The error never holds what was expected.
    pub fn verify(&self, text: &str) -> Result<ReplyToken, ReplyTokenError> {
        let bytes = read(text)?;
        let (id, found) =
            bytes.split_first_chunk::<UUID_BYTES>().ok_or(ReplyTokenError::Signature)?;
        let conversation = Uuid::from_bytes(*id);
        let made_by = |key: &Hmac<Sha256>| bool::from(tag(key, &conversation).ct_eq(found));
        if made_by(&self.current) || self.previous.as_ref().is_some_and(made_by) {
            Ok(ReplyToken::from_bytes(&bytes))
        } else {
            Err(ReplyTokenError::Signature)
        }
    }

    /// Reads the token of an address that a mail was sent to: what follows the last `+` or `-` of its
    /// local part, or all of it.
    ///
    /// # Errors
    ///
    /// As for [`verify`](Self::verify); an ordinary address fails with
    /// [`Length`](ReplyTokenError::Length) or [`Character`](ReplyTokenError::Character).
    pub fn verify_address(&self, address: &str) -> Result<ReplyToken, ReplyTokenError> {
        let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
        self.verify(local.rsplit_once(['+', '-']).map_or(local, |(_, token)| token))
    }

    /// Reads the token of one of our own Message-IDs.
    ///
    /// # Errors
    ///
    /// As for [`verify`](Self::verify); the id of a stranger's mail fails with any of them.
    pub fn verify_message_id(&self, id: &super::MessageId) -> Result<ReplyToken, ReplyTokenError> {
        let id = id.as_str();
        self.verify(id.split_once(['.', '@']).map_or(id, |(token, _)| token))
    }
}

impl fmt::Debug for ReplyKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyKeys")
            .field("has_previous", &self.previous.is_some())
            .finish_non_exhaustive()
    }
}

/// A key that is too short to sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a reply key needs at least {MIN_KEY_BYTES} random bytes, found {found}")]
#[non_exhaustive]
pub struct ReplyKeyError {
    /// The length of the key in bytes.
    pub found: usize,
}

/// Why a text is not a reply token of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReplyTokenError {
    /// The text has another length: cut short on its way, or not a token at all.
    #[error("a reply token has {len} characters, found {found}", len = ReplyToken::LEN)]
    Length {
        /// The length of the text in bytes.
        found: usize,
    },
    /// The text has a character that no token has.
    #[error(
        "a reply token is made of the letters a to z and the digits 2 to 7, found another character at {position}"
    )]
    Character {
        /// Where in the text, in bytes from 0.
        position: usize,
    },
    /// The token was altered, or made with a key that is not (or no longer) known.
    #[error("the reply token was not made with a known key")]
    Signature,
}

/// Why a reply address cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReplyAddressError {
    /// The prefix is empty or leaves no room for the token.
    #[error("the prefix of a reply address has 1 to {max} characters, found {found}", max = MAX_LOCAL_PART - ReplyToken::LEN - 1)]
    Length {
        /// The length of the prefix in bytes.
        found: usize,
    },
    /// The prefix has a character that needs quoting.
    #[error(
        "the prefix of a reply address is made of letters, digits, '.', '_' and '-', found another character at {position}"
    )]
    Character {
        /// Where in the prefix, in bytes from 0.
        position: usize,
    },
}

impl ReplyToken {
    fn from_bytes(bytes: &[u8; TOKEN_BYTES]) -> Self {
        let mut id = [0; UUID_BYTES];
        id.copy_from_slice(&bytes[..UUID_BYTES]);
        let mut text = String::with_capacity(Self::LEN);
        base32::encode(bytes, &mut text);
        Self { conversation: Uuid::from_bytes(id), text: text.into() }
    }
}

fn keyed(key: &[u8]) -> Result<Hmac<Sha256>, ReplyKeyError> {
    if key.len() < MIN_KEY_BYTES {
        return Err(ReplyKeyError { found: key.len() });
    }
    Hmac::new_from_slice(key).map_err(|_| ReplyKeyError { found: key.len() })
}

fn tag(key: &Hmac<Sha256>, conversation: &Uuid) -> [u8; TAG_BYTES] {
    let full = key
        .clone()
        .chain_update(PURPOSE)
        .chain_update(conversation.as_bytes())
        .finalize()
        .into_bytes();
    let mut tag = [0; TAG_BYTES];
    tag.copy_from_slice(&full[..TAG_BYTES]);
    tag
}

fn read(text: &str) -> Result<[u8; TOKEN_BYTES], ReplyTokenError> {
    if text.len() != ReplyToken::LEN {
        return Err(ReplyTokenError::Length { found: text.len() });
    }
    let mut bytes = [0; TOKEN_BYTES];
    let (groups, _) = text.as_bytes().as_chunks::<8>();
    let (places, _) = bytes.as_chunks_mut::<5>();
    for (at, (group, place)) in groups.iter().zip(places).enumerate() {
        let mut bits = 0_u64;
        for (offset, &letter) in group.iter().enumerate() {
            let value = base32::value(letter)
                .ok_or(ReplyTokenError::Character { position: 8 * at + offset })?;
            bits = bits << 5 | u64::from(value);
        }
        place.copy_from_slice(&bits.to_be_bytes()[3..]);
    }
    Ok(bytes)
}
