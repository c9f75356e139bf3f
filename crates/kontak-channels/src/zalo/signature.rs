use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::{Coverage, RawRequest, Secret, SignatureScheme, VerifyError};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

const HEADER: &str = "x-zevent-signature";
const PREFIX: &str = "mac=";

/// How Zalo signs: SHA-256 over app id, body, time and the secret of the official account, one after
/// the other. The app id and the time are those that stand in the body.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing to set")]
pub struct ZaloSignature;

#[derive(Deserialize)]
struct Signed<'a> {
    #[serde(borrow)]
    app_id: Cow<'a, str>,
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
}

impl ZaloSignature {
    /// What Zalo would write into the header, for tests; nothing where the body has no app id or no
    /// time.
    #[must_use]
    pub fn sign(&self, request: &RawRequest, secret: &Secret) -> Option<String> {
        Some(format!("{PREFIX}{}", hex::encode(digest(request, secret)?)))
    }
}

fn digest(request: &RawRequest, secret: &Secret) -> Option<Vec<u8>> {
    let signed: Signed<'_> = serde_json::from_slice(&request.body).ok()?;
    let mut hash = Sha256::new();
    hash.update(signed.app_id.as_bytes());
    hash.update(&request.body);
    hash.update(signed.timestamp.as_bytes());
    hash.update(secret.reveal());
    Some(hash.finalize().to_vec())
}

impl SignatureScheme for ZaloSignature {
    fn coverage(&self) -> Coverage {
        Coverage::body()
    }

    fn check(
        &self,
        request: &RawRequest,
        key: &Secret,
        _now: DateTime<Utc>,
    ) -> Result<(), VerifyError> {
        let header = request.header(HEADER).ok_or(VerifyError::MissingHeader { name: HEADER })?;
        let malformed =
            VerifyError::Malformed { name: HEADER, expected: "mac= and hexadecimal digits" };
        let tag = header.strip_prefix(PREFIX).and_then(|tag| hex::decode(tag).ok());
        let tag = tag.ok_or(malformed)?;
        let ours = digest(request, key).ok_or(VerifyError::Mismatch)?;
        if Secret::new(ours).is(&tag) { Ok(()) } else { Err(VerifyError::Mismatch) }
    }
}
