use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::{Coverage, RawRequest, Secret, SignatureScheme, VerifyError};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const HEADER: &str = "x-twilio-signature";
const BODY_HASH: &str = "bodySHA256";

/// How Twilio signs: HMAC-SHA1 over the address and the form's pairs in order of their names, each
/// different value of a name once. A body that is no form is signed by its hash in the address.
///
/// Twilio puts the port into what it signs, or leaves it out, depending on the service; both are
/// taken, as its own libraries do.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing to set")]
pub struct TwilioSignature;

impl TwilioSignature {
    /// What Twilio would write into the header, for tests.
    #[must_use]
    pub fn sign(&self, request: &RawRequest, token: &Secret) -> String {
        let tag = mac(request.public_url.as_str(), &pairs(request), token).finalize();
        STANDARD.encode(tag.into_bytes())
    }
}

/// The pairs, one after the other, as they are signed.
fn pairs(request: &RawRequest) -> String {
    if body_hash(request).is_some() {
        return String::new();
    }
    let mut sorted: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(&request.body) {
        sorted.entry(name).or_default().insert(value);
    }
    let mut out = String::new();
    for (name, values) in &sorted {
        for value in values {
            out.push_str(name);
            out.push_str(value);
        }
    }
    out
}

fn body_hash(request: &RawRequest) -> Option<&str> {
    let pairs = request.query().split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| *name == BODY_HASH).map(|(_, hash)| hash).next()
}

fn mac(url: &str, pairs: &str, token: &Secret) -> Hmac<Sha1> {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(token.reveal())
        .expect("HMAC takes a key of any length");
    mac.update(url.as_bytes());
    mac.update(pairs.as_bytes());
    mac
}

/// The address as it is, and the one with the usual port put in or any port taken out.
fn writings(url: &str) -> [String; 2] {
    let as_is = url.to_owned();
    let Some((scheme, rest)) = url.split_once("://") else { return [as_is.clone(), as_is] };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host_start = authority.rfind('@').map_or(0, |at| at + 1);
    let port =
        authority[host_start..].rfind(':').filter(|at| !authority[host_start + at..].contains(']'));
    let other = match port {
        Some(at) => format!("{scheme}://{}{path}", &authority[..host_start + at]),
        None => {
            let port = if scheme.eq_ignore_ascii_case("https") { 443 } else { 80 };
            format!("{scheme}://{authority}:{port}{path}")
        }
    };
    [as_is, other]
}

impl SignatureScheme for TwilioSignature {
    fn coverage(&self) -> Coverage {
        Coverage::body().with_url()
    }

    fn check(
        &self,
        request: &RawRequest,
        key: &Secret,
        _now: DateTime<Utc>,
    ) -> Result<(), VerifyError> {
        let header = request.header(HEADER).ok_or(VerifyError::MissingHeader { name: HEADER })?;
        let malformed = VerifyError::Malformed { name: HEADER, expected: "base64" };
        let tag = STANDARD.decode(header).map_err(|_| malformed)?;
        if let Some(hash) = body_hash(request) {
            let ours = hex::encode(Sha256::digest(&request.body));
            if !Secret::new(ours).is(hash.to_ascii_lowercase().as_bytes()) {
                return Err(VerifyError::Mismatch);
            }
        }
        let pairs = pairs(request);
        let fits = |url: &String| mac(url, &pairs, key).verify_slice(&tag).is_ok();
        if writings(request.public_url.as_str()).iter().any(fits) {
            Ok(())
        } else {
            Err(VerifyError::Mismatch)
        }
    }
}
