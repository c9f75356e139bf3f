//! Many rows in one statement: an array for each column, so that one text, prepared once, takes any
//! number of rows in one turn to the server and back.

use super::connection::Connection;
use crate::sql::{Among, Insert, Value};

/// How much one statement carries; a message to the server has an end.
const MOST_BYTES: usize = 64 << 20;

pub(super) async fn insert<const N: usize>(
    connection: &mut Connection,
    into: &'static Insert<N>,
    tenant: i64,
    rows: Vec<[Value; N]>,
) -> Result<(), sqlx::Error> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut columns = [const { Array::Empty }; N];
        let mut bytes = 0;
        while bytes < MOST_BYTES
            && let Some(row) = rows.next()
        {
            for (column, value) in columns.iter_mut().zip(row) {
                bytes += column.push(value);
            }
        }
        let mut query = sqlx::query(into.texts.nth(0, || insert_of(into))).bind(tenant);
        for column in columns {
            query = match column {
                Array::Empty => query,
                Array::Numbers(numbers) => query.bind(numbers),
                Array::Texts(texts) => query.bind(texts),
                Array::Bytes(bytes) => query.bind(bytes),
            };
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

fn insert_of<const N: usize>(into: &Insert<N>) -> String {
    let arrays: Vec<_> = (0..N).map(|column| format!("${}", column + 2)).collect();
    let (columns, arrays) = (into.columns.join(", "), arrays.join(", "));
    format!("INSERT INTO {} (tenant, {columns}) SELECT $1, * FROM unnest({arrays})", into.table)
}

/// The values of one column.
enum Array {
    Empty,
    Numbers(Vec<i64>),
    Texts(Vec<String>),
    Bytes(Vec<Vec<u8>>),
}

impl Array {
    /// Answers how many bytes that adds, about.
    fn push(&mut self, value: Value) -> usize {
        if let Self::Empty = self {
            *self = match &value {
                Value::Number(_) => Self::Numbers(Vec::new()),
                Value::Text(_) => Self::Texts(Vec::new()),
                Value::Bytes(_) => Self::Bytes(Vec::new()),
            };
        }
        match (self, value) {
            (Self::Numbers(all), Value::Number(number)) => {
                all.push(number);
                size_of_val(&number)
            }
            (Self::Texts(all), Value::Text(text)) => {
                all.push(text);
                all.last().map_or(0, String::len)
            }
            (Self::Bytes(all), Value::Bytes(bytes)) => {
                all.push(bytes);
                all.last().map_or(0, Vec::len)
            }
            _ => unreachable!("the values of a column are of one kind"),
        }
    }
}

/// The rows that a statement finds, each with its value and a number.
pub(super) async fn find(
    connection: &mut Connection,
    statement: &'static Among,
    tenant: i64,
    values: Vec<Vec<u8>>,
) -> Result<Vec<(Vec<u8>, i64)>, sqlx::Error> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let text = statement.texts.nth(0, || find_of(statement));
    sqlx::query_as(text).bind(tenant).bind(values).fetch_all(connection).await
}

pub(super) async fn change(
    connection: &mut Connection,
    statement: &'static Among,
    tenant: i64,
    values: Vec<Vec<u8>>,
) -> Result<(), sqlx::Error> {
    if values.is_empty() {
        return Ok(());
    }
    let text = statement.texts.nth(0, || change_of(statement));
    sqlx::query(text).bind(tenant).bind(values).execute(connection).await.map(drop)
}

// One look into the index for each value, said so: of a table that was not analysed yet PostgreSQL
// believes that a tenant has few rows, and `= ANY` then reads all of them.

fn find_of(Among { table, column, what, .. }: &Among) -> String {
    format!(
        "SELECT v.value, f.found FROM unnest($2) v(value) CROSS JOIN LATERAL
            (SELECT {what} AS found FROM {table} WHERE tenant = $1 AND {column} = v.value LIMIT 1) f"
    )
}

fn change_of(Among { table, column, what, .. }: &Among) -> String {
    format!(
        "UPDATE {table} SET {what} WHERE ctid = ANY (ARRAY(SELECT
            (SELECT ctid FROM {table} WHERE tenant = $1 AND {column} = v.value)
         FROM unnest($2) v(value)))"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_an_array_for_each_column() {
        let insert = Insert::new("t", ["a", "b"]);
        let text = "INSERT INTO t (tenant, a, b) SELECT $1, * FROM unnest($2, $3)";
        assert_eq!(insert_of(&insert), text);
    }
}
