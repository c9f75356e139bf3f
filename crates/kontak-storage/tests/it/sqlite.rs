use crate::folder::Folder;
use kontak_storage::SqliteStorage;
use kontak_storage::conformance::Suite;
use std::sync::Arc;
use uuid::Uuid;

#[tokio::test]
async fn sqlite_is_lawful() {
    let folder = Folder::new("lawful");
    let storage = SqliteStorage::open(folder.join("desk.db")).await.unwrap();
    Suite::new(Arc::new(storage), Uuid::from_u128(0)).assert_lawful().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_is_lawful_from_two_sides() {
    let folder = Folder::new("two-sides");
    let one = SqliteStorage::open(folder.join("desk.db")).await.unwrap();
    let other = SqliteStorage::open(folder.join("desk.db")).await.unwrap();
    let suite = Suite::new(Arc::new(one), Uuid::from_u128(0)).with_other(Arc::new(other));
    suite.assert_lawful().await;
}
