use crate::folder::Folder;
use crate::story::{all, ani, now, owned, tell, tenant};
use kontak_storage::conformance::Suite;
use kontak_storage::{
    BackupError, Erasure, Fault, InDoubt, OpenError, Outbox, Position, RestoreError, Snapshots,
    SqliteStorage, Subjects,
};
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

#[tokio::test]
async fn what_was_erased_is_in_no_file() {
    let folder = Folder::new("erased");
    let storage = SqliteStorage::open(folder.join("desk.db")).await.unwrap();
    let lease = owned(&storage).await;
    let head = tell(&storage, &lease, "rahasia-ani").await;
    assert!(holds(&folder, b"rahasia-ani"));
    let erasure = Erasure::new(vec![ani()], head.plus(1), now());
    let erased = storage.erase(&lease, erasure).await.unwrap();
    assert_eq!((erased.inbox, erased.events, erased.outbox, erased.snapshot), (1, 2, 1, true));
    // The key by which a copy would be known again stays; here it is the word itself, once.
    let left = occurrences(&folder, b"rahasia-ani");
    assert!(left <= 2, "{left} times, beside the dedupe key and its index");
}

fn holds(folder: &Folder, word: &[u8]) -> bool {
    occurrences(folder, word) > 0
}

fn occurrences(folder: &Folder, word: &[u8]) -> usize {
    let files = std::fs::read_dir(folder.path()).unwrap();
    let read =
        |file: std::io::Result<std::fs::DirEntry>| std::fs::read(file.unwrap().path()).unwrap();
    files.map(read).map(|bytes| bytes.windows(word.len()).filter(|w| *w == word).count()).sum()
}

#[cfg(feature = "encryption")]
#[tokio::test]
async fn an_encrypted_file_says_nothing_of_anybody() {
    let folder = Folder::new("sealed");
    let storage = SqliteStorage::open(folder.join("desk.db")).await.unwrap();
    let keys = kontak_storage::EncryptionKeys::new([1; 32], 1, [2; 32]);
    let storage = kontak_storage::Encrypted::new(storage, keys.clone());
    let lease = owned(&storage).await;
    tell(&storage, &lease, "rahasia-ani").await;
    assert!(!holds(&folder, b"rahasia-ani"));
    assert!(!holds(&folder, ani().as_bytes()));
    assert_eq!(storage.about(tenant(), &[ani()], None, 99).await.unwrap().len(), 4);

    // A newer key seals, the older one opens still; without it nothing is handed out.
    let newer = kontak_storage::EncryptionKeys::new([1; 32], 2, [3; 32]);
    let other = SqliteStorage::open(folder.join("desk.db")).await.unwrap();
    let other = kontak_storage::Encrypted::new(other, newer.clone());
    let fault = all(&other).await.unwrap_err();
    assert_eq!(fault.to_string(), "the store is damaged: event 1 does not open with any key");
    let other = SqliteStorage::open(folder.join("desk.db")).await.unwrap();
    let other = kontak_storage::Encrypted::new(other, newer.with_older(1, [2; 32]));
    assert_eq!(all(&other).await.unwrap(), all(&storage).await.unwrap());
}

#[tokio::test]
async fn a_backup_is_restored_with_what_waits_in_doubt() {
    let folder = Folder::new("backup");
    let storage = SqliteStorage::open(folder.join("desk.db")).await.unwrap();
    let lease = owned(&storage).await;
    tell(&storage, &lease, "before").await;
    storage.back_up(folder.join("backup.db")).await.unwrap();
    let exists = storage.back_up(folder.join("backup.db")).await;
    assert!(matches!(exists, Err(BackupError::Exists { .. })));
    tell(&storage, &lease, "after").await;

    let restored =
        SqliteStorage::restore(folder.join("backup.db"), folder.join("restored.db")).await.unwrap();
    assert_eq!(all(&restored).await.unwrap(), all(&storage).await.unwrap()[..2]);
    let lease = owned(&restored).await;
    assert_eq!(restored.doubt(&lease, InDoubt::Unsent).await.unwrap(), 1);
    assert!(restored.claim(&lease, now(), 9).await.unwrap().is_empty());
    let over = SqliteStorage::restore(folder.join("backup.db"), folder.join("desk.db")).await;
    assert!(matches!(over, Err(RestoreError::Exists { .. })));
}

/// The file was written by the first version, with [`tell`] and the word "pertama"; it is never made
/// anew.
#[tokio::test]
async fn a_file_of_the_first_schema_opens() {
    let folder = Folder::new("schema");
    let written = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/schema-1.db");
    if std::env::var_os("KONTAK_WRITE_SCHEMA").is_some() {
        let storage = SqliteStorage::open(folder.join("new.db")).await.unwrap();
        let lease = owned(&storage).await;
        tell(&storage, &lease, "pertama").await;
        storage.back_up(written).await.unwrap();
    }
    std::fs::copy(written, folder.join("desk.db")).unwrap();
    let storage = SqliteStorage::open(folder.join("desk.db")).await.unwrap();
    storage.check().await.unwrap();
    let events = all(&storage).await.unwrap();
    assert_eq!(events[1].payload.as_bytes(), b"pertama");
    assert_eq!((events.len(), events[1].recorded_at), (2, now()));
    assert_eq!(storage.snapshot(tenant()).await.unwrap(), Some(Position::new(2)));
    assert_eq!(storage.about(tenant(), &[ani()], None, 99).await.unwrap().len(), 4);
    let lease = owned(&storage).await;
    tell(&storage, &lease, "kedua").await;
}

#[tokio::test]
async fn other_files_and_later_ones_are_refused() {
    use sqlx::{ConnectOptions, Connection};
    let folder = Folder::new("other");
    let path = folder.join("other.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE theirs (a)").execute(&mut connection).await.unwrap();
    let refused = SqliteStorage::open(&path).await.unwrap_err();
    assert!(matches!(refused, OpenError::NotAStore { .. }));
    sqlx::raw_sql("PRAGMA application_id = 0x6b6f6e74; PRAGMA user_version = 99")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let refused = SqliteStorage::open(&path).await.unwrap_err();
    assert_eq!(refused.to_string(), "the store has schema 99; this version knows schemas up to 1");

    std::fs::write(
        folder.join("text.db"),
        "no database at all, but long enough to be read".repeat(9),
    )
    .unwrap();
    let refused = SqliteStorage::open(folder.join("text.db")).await.unwrap_err();
    assert!(matches!(refused, OpenError::Failed(Fault::Corrupt { .. })), "{refused:?}");
}
