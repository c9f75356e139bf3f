//! Who a connection belongs to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kontak_channel::address::{EmailAddress, PhoneNumber};
use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::content::Written;
use kontak_channel::{
    Coverage, KeyRing, RawRequest, Secret, SignatureScheme, VerifyError, check_age,
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The header in which a session's token stands beside each of its frames.
pub const SESSION_HEADER: &str = "x-webchat-session";

/// A visitor: nobody in particular, or somebody whom the site knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Session {
    /// The browser or app, by an id of ours.
    pub visitor: Box<str>,
    /// Whom the site has let in, by the site's own id.
    pub user: Option<Box<str>>,
    /// The name that the visitor shows.
    pub name: Option<Written>,
    /// The e-mail address, where the site attests it.
    pub email: Option<EmailAddress>,
    /// The phone number, where the site attests it.
    pub phone: Option<PhoneNumber>,
}

impl Session {
    /// Nobody in particular.
    #[must_use]
    pub fn anonymous(visitor: &str) -> Self {
        Self { visitor: visitor.into(), user: None, name: None, email: None, phone: None }
    }

    /// Somebody whom the site knows by this id. Check it first: with [`user_is_known`], unless the
    /// site issues the token itself.
    #[must_use]
    pub fn with_user(self, user: &str) -> Self {
        Self { user: Some(user.into()), ..self }
    }

    /// The account that messages come from and go to: one person's devices share one.
    #[must_use]
    pub fn touchpoint(&self) -> String {
        match &self.user {
            Some(user) => format!("user:{user}"),
            None => Self::of_visitor(&self.visitor),
        }
    }

    /// What the person's messages were recorded under before they were known.
    pub(super) fn before(&self) -> Option<String> {
        self.user.as_ref().map(|_| Self::of_visitor(&self.visitor))
    }

    fn of_visitor(visitor: &str) -> String {
        format!("visitor:{visitor}")
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    session: Session,
    /// Unix seconds.
    issued: i64,
}

/// How sessions are shown: the session and the time of issue, signed with HMAC-SHA256, good for a
/// day and renewed with each `hello`. Whoever holds the token is the visitor.
///
/// ```
/// use kontak_channel::chrono::{DateTime, TimeDelta};
/// use kontak_channel::{KeyRing, Secret};
/// use kontak_channels::webchat::{Session, SessionScheme};
///
/// let keys = KeyRing::new(Secret::new("a secret of the site"));
/// let now = DateTime::UNIX_EPOCH;
/// let token = SessionScheme.issue(&Session::anonymous("0192f0c1").with_user("member 77"), keys.current(), now);
/// assert_eq!(SessionScheme.open(&token, &keys, now)?.touchpoint(), "user:member 77");
/// assert!(SessionScheme.open(&token, &keys, now + TimeDelta::hours(25)).is_err());
/// # Ok::<(), kontak_channel::VerifyError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing to set")]
pub struct SessionScheme;

const LIFETIME: TimeDelta = TimeDelta::hours(24);

const MALFORMED: VerifyError =
    VerifyError::Malformed { name: SESSION_HEADER, expected: "a token of a session" };

impl SessionScheme {
    /// A token for this session. The site's own server may issue some too, with what it attests.
    #[must_use]
    pub fn issue(self, session: &Session, key: &Secret, now: DateTime<Utc>) -> String {
        let claims = Claims { session: session.clone(), issued: now.timestamp() };
        let json = serde_json::to_vec(&claims).expect("text and numbers are JSON");
        let payload = URL_SAFE_NO_PAD.encode(json);
        let tag = mac(key, "session", payload.as_bytes()).finalize().into_bytes();
        format!("{payload}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// The session of a token, if it is one of ours and not too old.
    ///
    /// # Errors
    /// [`VerifyError`], and never what would have been right.
    pub fn open(
        self,
        token: &str,
        keys: &KeyRing,
        now: DateTime<Utc>,
    ) -> Result<Session, VerifyError> {
        let mut outcome = Err(VerifyError::Mismatch);
        for key in keys.iter() {
            outcome = check(token, key, now);
            if outcome != Err(VerifyError::Mismatch) {
                break;
            }
        }
        outcome?;
        Ok(claims(token).ok_or(MALFORMED)?.session)
    }
}

/// What a token says, checked or not.
pub(super) fn session(request: &RawRequest) -> Option<Session> {
    Some(claims(request.header(SESSION_HEADER)?)?.session)
}

fn claims(token: &str) -> Option<Claims> {
    let (payload, _) = token.split_once('.')?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

fn check(token: &str, key: &Secret, now: DateTime<Utc>) -> Result<(), VerifyError> {
    let (payload, tag) = token.split_once('.').ok_or(MALFORMED)?;
    let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| MALFORMED)?;
    let mac = mac(key, "session", payload.as_bytes());
    mac.verify_slice(&tag).map_err(|_| VerifyError::Mismatch)?;
    let issued = claims(token).and_then(|claims| DateTime::from_timestamp(claims.issued, 0));
    check_age(issued.ok_or(MALFORMED)?, LIFETIME, now)
}

/// One secret signs several kinds of things, which must not pass for each other.
fn mac(key: &Secret, purpose: &str, bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.reveal())
        .expect("HMAC takes a key of any length");
    mac.update(b"kontak webchat ");
    mac.update(purpose.as_bytes());
    mac.update(b"\0");
    mac.update(bytes);
    mac
}

impl SignatureScheme for SessionScheme {
    fn coverage(&self) -> Coverage {
        Coverage::nothing().with_replay_window(LIFETIME)
    }

    fn check(
        &self,
        request: &RawRequest,
        key: &Secret,
        now: DateTime<Utc>,
    ) -> Result<(), VerifyError> {
        let name = SESSION_HEADER;
        check(request.header(name).ok_or(VerifyError::MissingHeader { name })?, key, now)
    }
}

/// What the site's own server writes into its pages beside the id of somebody who is logged in:
/// HMAC-SHA256 of the id, in hexadecimal digits, under a secret that browsers never see. Without it
/// anybody could call themselves anybody.
///
/// ```
/// use kontak_channel::{KeyRing, Secret};
/// use kontak_channels::webchat::{user_hash, user_is_known};
///
/// let key = Secret::new("a secret of the site");
/// let hash = user_hash("member 77", &key);
/// assert!(user_is_known("member 77", &hash, &KeyRing::new(key.clone())));
/// assert!(!user_is_known("member 78", &hash, &KeyRing::new(key)));
/// ```
#[must_use]
pub fn user_hash(user: &str, key: &Secret) -> String {
    hex::encode(user_mac(user, key).finalize().into_bytes())
}

/// Whether the site vouches for a user by this hash.
#[must_use]
pub fn user_is_known(user: &str, hash: &str, keys: &KeyRing) -> bool {
    let Ok(tag) = hex::decode(hash) else { return false };
    keys.iter().any(|key| user_mac(user, key).verify_slice(&tag).is_ok())
}

/// The plain HMAC of the id, as sites can make it with one line of any language.
fn user_mac(user: &str, key: &Secret) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.reveal())
        .expect("HMAC takes a key of any length");
    mac.update(user.as_bytes());
    mac
}
