use crate::server;
use kontak_storage::conformance::Suite;
use kontak_storage::{ConnectError, Fault, PostgresStorage};
use std::sync::Arc;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_lawful_from_two_sides() {
    let Some(address) = server::address() else { return };
    let one = PostgresStorage::connect(address).await.unwrap();
    let other = PostgresStorage::connect(address).await.unwrap();
    let suite = Suite::new(Arc::new(one), Uuid::from_u128(1 << 64)).with_other(Arc::new(other));
    suite.assert_lawful().await;
}

#[tokio::test]
async fn postgres_is_lawful() {
    let Some(address) = server::address() else { return };
    let storage = PostgresStorage::connect(address).await.unwrap();
    Suite::new(Arc::new(storage), Uuid::from_u128(2 << 64)).assert_lawful().await;
}

#[tokio::test]
async fn what_cannot_be_reached_or_written_is_said() {
    let Some(address) = server::address() else { return };
    let refused = PostgresStorage::connect("postgres:// secret@").await.unwrap_err();
    assert!(matches!(refused, ConnectError::Address));
    let nobody = "postgres://kontak:rahasia@127.0.0.1:1/postgres";
    let refused = PostgresStorage::connect(nobody).await.unwrap_err();
    assert!(matches!(refused, ConnectError::Failed(Fault::Unavailable { .. })), "{refused:?}");
    assert!(!format!("{refused:?} {refused}").contains("rahasia"));
    let reading = format!("{address}?options[default_transaction_read_only]=on");
    let refused = PostgresStorage::connect(&reading).await.unwrap_err();
    assert!(matches!(refused, ConnectError::Failed(Fault::ReadOnly { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_later_schema_is_refused() {
    use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};
    let Some(address) = server::address() else { return };
    let options: PgConnectOptions = address.parse().unwrap();
    let run = async |connection: &mut PgConnection, statement: &'static str| {
        sqlx::raw_sql(statement).execute(connection).await.unwrap();
    };
    run(&mut options.connect().await.unwrap(), "CREATE DATABASE later").await;
    let later = format!("{}/later", address.rsplit_once('/').unwrap().0);
    PostgresStorage::connect(&later).await.unwrap().close().await;
    let mut connection = options.database("later").connect().await.unwrap();
    run(&mut connection, "INSERT INTO kontak_schema (version) VALUES (99)").await;
    let refused = PostgresStorage::connect(&later).await.unwrap_err();
    assert_eq!(refused.to_string(), "the store has schema 99; this version knows schemas up to 1");
}
