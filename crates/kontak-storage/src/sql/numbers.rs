use crate::{Fault, Subject};
use chrono::{DateTime, Utc};

/// A position as a database counts. Beyond 63 bits there is nothing.
pub(crate) fn number(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

pub(crate) fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

pub(crate) fn time(micros: i64) -> Result<DateTime<Utc>, Fault> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| Fault::corrupt(format!("no time is {micros} microseconds after 1970")))
}

/// Whom a part is about, as one value: each subject after its length in four bytes.
pub(crate) fn subjects_to_bytes(subjects: &[Subject]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for subject in subjects {
        let subject = subject.as_bytes();
        bytes.extend_from_slice(&u32::try_from(subject.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(subject);
    }
    bytes
}

pub(crate) fn subjects_from_bytes(mut bytes: &[u8]) -> Result<Vec<Subject>, Fault> {
    let damaged = || Fault::corrupt("whom a part is about cannot be read");
    let mut subjects = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(damaged)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| damaged())?;
        let (subject, rest) = rest.split_at_checked(length).ok_or_else(damaged)?;
        subjects.push(Subject::from_bytes(subject));
        bytes = rest;
    }
    Ok(subjects)
}
