use crate::{Fault, Payload};
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

/// A torn page may hold a payload of which a part is old or nothing; the database would hand it out.
pub(crate) fn checksum_of_payload(position: i64, payload: &[u8]) -> i64 {
    let mut hasher = SipHasher13::new();
    hasher.write(&position.to_be_bytes());
    hasher.write(payload);
    hasher.finish().cast_signed()
}

/// Over all of an event that a replay depends on.
pub(crate) fn checksum_of_event(
    position: i64,
    engine: &str,
    version: i64,
    recorded_at: i64,
    payload: &[u8],
) -> i64 {
    let mut hasher = SipHasher13::new();
    hasher.write(&position.to_be_bytes());
    hasher.write(&version.to_be_bytes());
    hasher.write(&recorded_at.to_be_bytes());
    hasher.write(&(engine.len() as u64).to_be_bytes());
    hasher.write(engine.as_bytes());
    hasher.write(payload);
    hasher.finish().cast_signed()
}

/// A payload whose checksum is looked at before it is believed.
pub(crate) trait Checked {
    fn checked(self, found: i64, expected: i64, of: &str, position: i64) -> Result<Payload, Fault>;
}

impl Checked for Vec<u8> {
    fn checked(self, found: i64, expected: i64, of: &str, position: i64) -> Result<Payload, Fault> {
        if found == expected {
            return Ok(self.into());
        }
        Err(Fault::corrupt(format!("{of} {position} is not what was written")))
    }
}
