//! Many rows in one statement: as many marks as there are values, in few shapes.

use super::connection::Connection;
use crate::sql::{Among, Insert, Texts, Value};
use sqlx::query::{Query, QueryAs};

/// How many rows one statement takes at most, and below.
const SHAPES: [usize; Texts::MOST] = [256, 32, 4, 1];

/// The largest shape of which there are enough, by its number.
fn shape(rows: usize) -> Option<(usize, usize)> {
    SHAPES.into_iter().enumerate().find(|(_, shape)| *shape <= rows)
}

pub(super) async fn insert<const N: usize>(
    connection: &mut Connection,
    into: &'static Insert<N>,
    tenant: i64,
    rows: Vec<[Value; N]>,
) -> Result<(), sqlx::Error> {
    let mut rows = rows.into_iter();
    while let Some((nth, shape)) = shape(rows.len()) {
        let mut query = sqlx::query(into.texts.nth(nth, || insert_of(into, shape)));
        for row in rows.by_ref().take(shape) {
            query = query.bind(tenant);
            for value in row {
                query = match value {
                    Value::Number(number) => query.bind(number),
                    Value::Text(text) => query.bind(text),
                    Value::Bytes(bytes) => query.bind(bytes),
                };
            }
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// The marks have no names: SQLite would look for each among all of them.
fn insert_of<const N: usize>(into: &Insert<N>, rows: usize) -> String {
    let row = format!("(?{})", ", ?".repeat(N));
    let rows = vec![row; rows].join(", ");
    format!("INSERT INTO {} (tenant, {}) VALUES {rows}", into.table, into.columns.join(", "))
}

/// The rows that a statement finds, each with its value and a number.
pub(super) async fn find(
    connection: &mut Connection,
    statement: &'static Among,
    tenant: i64,
    values: Vec<Vec<u8>>,
) -> Result<Vec<(Vec<u8>, i64)>, sqlx::Error> {
    let mut found = Vec::new();
    let mut values = values.into_iter();
    while let Some((nth, shape)) = shape(values.len()) {
        let text = statement.texts.nth(nth, || find_of(statement, shape));
        let query =
            values.by_ref().take(shape).fold(sqlx::query_as(text).bind(tenant), QueryAs::bind);
        found.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

pub(super) async fn change(
    connection: &mut Connection,
    statement: &'static Among,
    tenant: i64,
    values: Vec<Vec<u8>>,
) -> Result<(), sqlx::Error> {
    let mut values = values.into_iter();
    while let Some((nth, shape)) = shape(values.len()) {
        let text = statement.texts.nth(nth, || change_of(statement, shape));
        let query = values.by_ref().take(shape).fold(sqlx::query(text).bind(tenant), Query::bind);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

fn find_of(Among { table, column, what, .. }: &Among, values: usize) -> String {
    let list = list(values);
    format!("SELECT {column}, {what} FROM {table} WHERE tenant = $1 AND {column} IN ({list})")
}

fn change_of(Among { table, column, what, .. }: &Among, values: usize) -> String {
    let list = list(values);
    format!("UPDATE {table} SET {what} WHERE tenant = $1 AND {column} IN ({list})")
}

fn list(values: usize) -> String {
    let list: Vec<_> = (0..values).map(|value| format!("${}", value + 2)).collect();
    list.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_a_mark_for_each_value() {
        let insert = Insert::new("t", ["a", "b"]);
        let text = "INSERT INTO t (tenant, a, b) VALUES (?, ?, ?), (?, ?, ?)";
        assert_eq!(insert_of(&insert, 2), text);
        let find = Among::new("t", "a", "b");
        let text = "SELECT a, b FROM t WHERE tenant = $1 AND a IN ($2, $3, $4, $5)";
        assert_eq!(find_of(&find, 4), text);
    }

    #[test]
    fn shapes_leave_no_row_out() {
        for count in [0, 1, 3, 4, 5, 31, 33, 255, 300, 1000] {
            let mut left = count;
            while let Some((nth, shape)) = shape(left) {
                assert_eq!(SHAPES[nth], shape);
                left -= shape;
            }
            assert_eq!(left, 0);
        }
    }
}
