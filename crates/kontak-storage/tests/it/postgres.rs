use crate::server;
use kontak_storage::PostgresStorage;
use kontak_storage::conformance::Suite;
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
