use crate::{IdempotencyKey, SendError};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

/// When to try again. A pure function: the spread comes from the message's own key, so that two
/// messages wait differently and one message the same in every run.
///
/// ```
/// use kontak_channel::chrono::TimeDelta;
/// use kontak_channel::{IdempotencyKey, Retry, RetryPolicy, SendError};
///
/// let policy = RetryPolicy::default();
/// let key = IdempotencyKey::new("row 7")?;
/// let throttled = SendError::Throttled { retry_after: Some(TimeDelta::seconds(30)) };
/// assert!(matches!(policy.next(&throttled, 1, &key), Retry::After(wait) if wait >= TimeDelta::seconds(30)));
/// let lost = SendError::Ambiguous { what: "no answer in time" };
/// assert_eq!(policy.next(&lost, 1, &key), Retry::Reconcile);
/// # Ok::<(), kontak_channel::content::NameError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a message is tried in all.
    pub tries: u32,
    /// How long to wait after the first failure, in milliseconds; each further one doubles it.
    pub first_wait_ms: u32,
    /// The longest wait, in milliseconds.
    pub longest_wait_ms: u32,
}

impl Default for RetryPolicy {
    /// 8 tries, from 1 second to 10 minutes apart.
    fn default() -> Self {
        Self { tries: 8, first_wait_ms: 1_000, longest_wait_ms: 600_000 }
    }
}

/// What to do about a failed send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// Try again, so long from now.
    After(TimeDelta),
    /// Do not send again: look it up with the provider by its key, or wait for a receipt. If
    /// neither tells, a person decides.
    Reconcile,
    /// Trying again does not help, or has been tried often enough.
    GiveUp,
}

impl RetryPolicy {
    /// What to do after the failure of try number `tried`, counted from 1.
    #[must_use]
    pub fn next(&self, error: &SendError, tried: u32, key: &IdempotencyKey) -> Retry {
        if matches!(error, SendError::Ambiguous { .. }) {
            return Retry::Reconcile;
        }
        if !error.is_retryable() || tried >= self.tries {
            return Retry::GiveUp;
        }
        let doublings = tried.saturating_sub(1).min(31);
        let wait = u64::from(self.first_wait_ms) << doublings;
        let wait = wait.min(self.longest_wait_ms.into());
        let spread = wait / 2;
        let jitter = if spread == 0 { 0 } else { hash(key, tried) % spread };
        // Below 2^32 + 2^31 milliseconds.
        let wait = TimeDelta::milliseconds((wait + jitter) as i64);
        Retry::After(match error {
            SendError::Throttled { retry_after: Some(asked) } => wait.max(*asked),
            _ => wait,
        })
    }
}

fn hash(key: &IdempotencyKey, tried: u32) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(key.as_str().as_bytes());
    hasher.write_u32(tried);
    hasher.finish()
}
