use crate::{Fault, Record, Subject, Subjects, TenantId};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

/// All that is known of somebody, a line of JSON for each record, a page at a time. A payload that is
/// JSON itself stands as it is under `content`; another stands under `base64`, for whoever knows its
/// engine to read.
///
/// ```
/// use kontak_storage::chrono::DateTime;
/// use kontak_storage::uuid::Uuid;
/// use kontak_storage::{Export, Inbox, MemoryStorage, NewInboxItem, Subject, TenantId};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (storage, tenant) = (MemoryStorage::new(), TenantId::new(Uuid::from_u128(1)));
/// let ani = Subject::touchpoint(Uuid::from_u128(7).into());
/// let item = NewInboxItem::new("1", DateTime::UNIX_EPOCH, br#"{"text":"halo"}"#.to_vec());
/// storage.accept(tenant, vec![item.with_subject(ani.clone())]).await?;
///
/// let mut export = Export::new(&storage, tenant, vec![ani]);
/// let mut lines = String::new();
/// while let Some(page) = export.next_page().await? {
///     lines += &page;
/// }
/// assert_eq!(
///     lines,
///     "{\"record\":\"inbox\",\"position\":1,\"at\":\"1970-01-01T00:00:00Z\",\"erased_at\":null,\
///      \"kind\":null,\"content\":{\"text\":\"halo\"},\"base64\":null}\n"
/// );
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Export<'s, S: ?Sized> {
    storage: &'s S,
    tenant: TenantId,
    subjects: Vec<Subject>,
    after: Option<crate::RecordKey>,
}

const PAGE: usize = 256;

impl<'s, S: Subjects + ?Sized> Export<'s, S> {
    /// Begins with the first record about any of these.
    #[must_use]
    pub const fn new(storage: &'s S, tenant: TenantId, subjects: Vec<Subject>) -> Self {
        Self { storage, tenant, subjects, after: None }
    }

    /// The next lines, each with its end; nothing when all were given out.
    ///
    /// # Errors
    /// Where the store failed.
    pub async fn next_page(&mut self) -> Result<Option<String>, Fault> {
        let records = self.storage.about(self.tenant, &self.subjects, self.after, PAGE).await?;
        let Some(last) = records.last() else { return Ok(None) };
        self.after = Some(last.key());
        let mut lines = String::new();
        for record in &records {
            let line = serde_json::to_string(&Line::of(record));
            lines += &line.map_err(|_| Fault::corrupt("a record cannot be written as JSON"))?;
            lines.push('\n');
        }
        Ok(Some(lines))
    }
}

#[derive(Serialize)]
struct Line<'r> {
    record: &'static str,
    position: u64,
    at: DateTime<Utc>,
    erased_at: Option<DateTime<Utc>>,
    kind: Option<Kind<'r>>,
    content: Option<&'r RawValue>,
    base64: Option<String>,
}

/// Whose event it is, or how a row stands.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind<'r> {
    Event { engine: &'r str, version: u16 },
    Outbox(crate::OutboxState),
}

impl<'r> Line<'r> {
    fn of(record: &'r Record) -> Self {
        let (record, position, at, erased_at, kind, payload) = match record {
            Record::Inbox(item) => (
                "inbox",
                item.position.number(),
                item.received_at,
                item.erased_at,
                None,
                &item.payload,
            ),
            Record::Event(event) => {
                let (engine, version) = (event.kind.engine(), event.kind.version());
                let kind = Some(Kind::Event { engine, version });
                let position = event.position.number();
                ("event", position, event.recorded_at, event.erased_at, kind, &event.payload)
            }
            Record::Outbox(row) => {
                let kind = Some(Kind::Outbox(row.state));
                (
                    "outbox",
                    row.position.number(),
                    row.appended_at,
                    row.erased_at,
                    kind,
                    &row.payload,
                )
            }
        };
        let bytes = payload.as_bytes();
        // A line must stay one line, whatever the JSON inside looks like.
        let content: Option<&RawValue> = serde_json::from_slice(bytes).ok();
        let content = content.filter(|content| !content.get().contains(['\n', '\r']));
        let base64 = content.is_none().then(|| STANDARD.encode(bytes));
        Self { record, position, at, erased_at, kind, content, base64 }
    }
}
