use crate::Fault;
use crate::sql::{Spoken, corrupt};

/// What SQLite said, by what the caller can do. The codes are those of <https://sqlite.org/rescode.html>.
pub(super) fn fault(error: &sqlx::Error) -> Fault {
    let source = || Spoken::boxed(error);
    match error {
        sqlx::Error::Database(_) => {}
        sqlx::Error::PoolClosed => return Fault::Closed,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::RowNotFound => {
            return corrupt("a row is not as it was written", error);
        }
        _ => return Fault::Unavailable { source: source() },
    }
    // The lower byte is the kind of error, the rest says more of it.
    match code(error).unwrap_or(0) & 0xff {
        PERM | READONLY | CANTOPEN => Fault::ReadOnly { source: source() },
        FULL => Fault::Full { source: source() },
        CORRUPT | NOTADB => corrupt("SQLite finds the file malformed", error),
        BUSY | LOCKED | IOERR | INTERRUPT | PROTOCOL | NOMEM => {
            Fault::Unavailable { source: source() }
        }
        _ => Fault::Refused { source: source() },
    }
}

fn code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse().ok()
}

const PERM: u32 = 3;
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const NOMEM: u32 = 7;
const READONLY: u32 = 8;
const INTERRUPT: u32 = 9;
const IOERR: u32 = 10;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANTOPEN: u32 = 14;
const PROTOCOL: u32 = 15;
const NOTADB: u32 = 26;
