use crate::Fault;
use crate::sql::{Spoken, corrupt};

/// What PostgreSQL said, by what the caller can do. The codes are those of
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
pub(super) fn fault(error: &sqlx::Error) -> Fault {
    let source = || Spoken::boxed(error);
    let code = match error {
        sqlx::Error::Database(error) => error.code().unwrap_or_default(),
        sqlx::Error::PoolClosed => return Fault::Closed,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::RowNotFound => {
            return corrupt("a row is not as it was written", error);
        }
        _ => return Fault::Unavailable { source: source() },
    };
    match &*code {
        // disk_full
        "53100" => Fault::Full { source: source() },
        // read_only_sql_transaction, and insufficient_privilege
        "25006" | "42501" => Fault::ReadOnly { source: source() },
        // data_corrupted, index_corrupted
        "XX001" | "XX002" => corrupt("PostgreSQL finds a file corrupted", error),
        // connection exceptions, transaction rollbacks, resources, an operator's intervention, the system
        code if ["08", "40", "53", "55", "57", "58"]
            .iter()
            .any(|class| code.starts_with(class)) =>
        {
            Fault::Unavailable { source: source() }
        }
        _ => Fault::Refused { source: source() },
    }
}
