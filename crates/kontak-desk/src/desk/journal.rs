//! Records as events of a journal, and back.

use super::error::StartError;
use crate::{IdentityRecord, Kept, Record};
use kontak_storage::{Event, EventKind, NewEvent, Subject};
use serde::Serialize;
use serde::de::DeserializeOwned;

const VERSION: u16 = 1;

/// What is appended for a record. JSON, so that a field that a later release adds is no break.
pub(crate) fn event(kept: &Kept) -> NewEvent {
    let kind = EventKind::new(kept.record.kind(), VERSION);
    let mut event = NewEvent::new(kind, payload(&kept.record));
    event.subjects.extend(kept.about.iter().map(|touchpoint| Subject::touchpoint(*touchpoint)));
    if let Record::Identity(IdentityRecord::Observed(observation)) = &kept.record {
        event.subjects.push(Subject::account(&observation.touchpoint));
    }
    event
}

/// A record as it stands in the journal.
pub(crate) fn payload(record: &Record) -> Vec<u8> {
    match record {
        Record::Identity(record) => bytes(record),
        Record::Conversation(event) => bytes(event),
        Record::Routing(entry) => bytes(entry),
        Record::Metrics(event) => bytes(event),
        Record::Reach(record) => bytes(record),
    }
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("records are maps and lists of what JSON has")
}

/// What an event says; nothing where it was taken out, or is of a kind that this release does not
/// know, which is passed over.
pub(crate) fn record(event: &Event) -> Result<Option<Record>, StartError> {
    if event.payload.is_empty() {
        return Ok(None);
    }
    Ok(Some(match event.kind.engine() {
        "identity" => Record::Identity(read(event)?),
        "conversation" => Record::Conversation(read(event)?),
        "routing" => Record::Routing(read(event)?),
        "metrics" => Record::Metrics(read(event)?),
        "reach" => Record::Reach(read(event)?),
        _ => return Ok(None),
    }))
}

fn read<T: DeserializeOwned>(event: &Event) -> Result<T, StartError> {
    serde_json::from_slice(event.payload.as_bytes()).map_err(|error| StartError::Event {
        position: event.position.number(),
        kind: event.kind.engine().to_owned(),
        // The error names places, and may name a word of the text: only the place is told.
        what: format!("line {}, column {}", error.line(), error.column()),
    })
}
