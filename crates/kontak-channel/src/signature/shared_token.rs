use super::{Coverage, SignatureScheme, VerifyError};
use crate::{RawRequest, Secret};
use chrono::{DateTime, Utc};

/// The secret itself in a header. It says who speaks, and nothing about what is said.
///
/// ```
/// use kontak_channel::{Coverage, SharedToken, SignatureScheme};
///
/// let telegram = SharedToken::new("x-telegram-bot-api-secret-token");
/// assert_eq!(telegram.coverage(), Coverage::nothing());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SharedToken {
    header: &'static str,
}

impl SharedToken {
    /// The token in this header.
    #[must_use]
    pub fn new(header: &'static str) -> Self {
        Self { header }
    }
}

impl SignatureScheme for SharedToken {
    fn coverage(&self) -> Coverage {
        Coverage::nothing()
    }

    fn check(
        &self,
        request: &RawRequest,
        key: &Secret,
        _now: DateTime<Utc>,
    ) -> Result<(), VerifyError> {
        let name = self.header;
        let token = request.headers.get(name).ok_or(VerifyError::MissingHeader { name })?;
        if key.is(token.as_bytes()) { Ok(()) } else { Err(VerifyError::Mismatch) }
    }
}
