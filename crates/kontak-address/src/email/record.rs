//! The stored form: what was decided when the address was recorded is written out and read back, so
//! that a release with newer tables changes nothing that was concluded.

use super::address::EmailAddress;
use super::kind::MailboxKind;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;

#[derive(Serialize, Deserialize)]
#[serde(rename = "EmailAddress")]
struct Record<'a> {
    #[serde(borrow)]
    display: Cow<'a, str>,
    #[serde(borrow)]
    exact: Cow<'a, str>,
    /// Absent where no rule of the provider changed the exact key.
    canonical: Option<Cow<'a, str>>,
    kind: MailboxKind,
    data_version: u16,
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (exact, canonical) = (self.exact_key(), self.canonical_key());
        Record {
            display: Cow::Borrowed(self.as_str()),
            exact: Cow::Borrowed(exact),
            canonical: (canonical != exact).then_some(Cow::Borrowed(canonical)),
            kind: self.kind(),
            data_version: self.data_version(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let record = Record::deserialize(deserializer)?;
        let canonical = record.canonical.as_deref().unwrap_or_default();
        let well_formed = is_well_formed(&record.display)
            && is_key(&record.exact)
            && (canonical.is_empty() || is_key(canonical));
        if !well_formed {
            return Err(de::Error::custom("an e-mail record has a key that no address can have"));
        }

        let mut text = record.display.into_owned();
        let display_end = text.len();
        if record.exact != text {
            text.push_str(&record.exact);
        }
        let exact_end = text.len();
        if record.exact != canonical {
            text.push_str(canonical);
        }
        Ok(Self::from_parts(text, display_end, exact_end, record.kind, record.data_version))
    }
}

const LONGEST: usize = 4_096;

fn is_well_formed(address: &str) -> bool {
    address.len() <= LONGEST
        && address
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

fn is_key(key: &str) -> bool {
    let domain_byte = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    is_well_formed(key)
        && key.rsplit('@').next().is_some_and(|domain| domain.bytes().all(domain_byte))
}
