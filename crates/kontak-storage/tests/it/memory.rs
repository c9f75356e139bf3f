use kontak_storage::MemoryStorage;
use kontak_storage::conformance::Suite;
use std::sync::Arc;
use uuid::Uuid;

#[tokio::test]
async fn the_memory_store_is_lawful() {
    Suite::new(Arc::new(MemoryStorage::new()), Uuid::from_u128(0)).assert_lawful().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_store_is_lawful_over_several_threads() {
    Suite::new(Arc::new(MemoryStorage::new()), Uuid::from_u128(0)).assert_lawful().await;
}

#[cfg(feature = "encryption")]
#[tokio::test]
async fn an_encrypted_store_is_lawful() {
    let keys = kontak_storage::EncryptionKeys::new([1; 32], 1, [2; 32]);
    let storage = kontak_storage::Encrypted::new(MemoryStorage::new(), keys);
    Suite::new(Arc::new(storage), Uuid::from_u128(0)).assert_lawful().await;
}
