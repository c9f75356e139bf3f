//! Copies of a store's files as a power cut or a bad disk would leave them.

use crate::folder::Folder;
use crate::story::{all, event, owned, tenant, text};
use kontak_storage::{Commit, Fault, Journal, OpenError, Position, SqliteStorage};
use std::fs;
use std::path::Path;

const COMMITS: u64 = 60;

/// A store whose file and log both hold commits, copied while it runs; how many of its commits are
/// in the file alone.
async fn written(folder: &Folder) -> u64 {
    let storage = SqliteStorage::open(folder.join("live.db")).await.unwrap();
    let lease = owned(&storage).await;
    let mut head = Position::START;
    let mut in_file = 0;
    for number in 0..COMMITS {
        let step = (0..3).fold(Commit::new(head, crate::story::now()), |step, event_of_step| {
            step.with_event(event(number * 3 + event_of_step + 1))
        });
        head = storage.append(&lease, step).await.unwrap();
        if number == COMMITS / 2 {
            // An erasure of nobody empties the log into the file.
            let nobody = kontak_storage::Erasure::new(Vec::new(), head, crate::story::now());
            kontak_storage::Subjects::erase(&storage, &lease, nobody).await.unwrap();
            in_file = head.number();
        }
    }
    for name in ["db", "db-wal"] {
        fs::copy(folder.join(&format!("live.{name}")), folder.join(&format!("copy.{name}")))
            .unwrap();
    }
    storage.close().await;
    in_file
}

/// What a damaged copy gives: so many first events, each as it was written, or an error.
async fn recovered(path: &Path) -> Result<u64, String> {
    let storage = match SqliteStorage::open(path).await {
        Ok(storage) => storage,
        Err(OpenError::Failed(fault)) => return Err(fault.to_string()),
        Err(other) => return Err(other.to_string()),
    };
    let events = match all(&storage).await {
        Ok(events) => events,
        Err(fault) => return Err(fault.to_string()),
    };
    let progress = storage.progress(tenant()).await.map_err(|fault| fault.to_string())?;
    storage.close().await;
    for (event, number) in events.iter().zip(1..) {
        assert_eq!(event.position, Position::new(number));
        assert_eq!(event.payload.as_bytes(), text(number), "event {number} is wrong");
    }
    // A journal that ends before its head would be a loss that nobody notices.
    if progress.journal.number() != events.len() as u64 {
        return Err("events are missing".into());
    }
    assert_eq!(events.len() % 3, 0, "half a commit");
    Ok(events.len() as u64)
}

struct Copy<'f> {
    folder: &'f Folder,
    db: Vec<u8>,
    wal: Vec<u8>,
}

impl<'f> Copy<'f> {
    fn of(folder: &'f Folder) -> Self {
        let read = |name| fs::read(folder.join(name)).unwrap();
        Self { folder, db: read("copy.db"), wal: read("copy.db-wal") }
    }

    async fn recovered(&self, db: &[u8], wal: &[u8]) -> Result<u64, String> {
        let path = self.folder.join("torn.db");
        for name in ["torn.db-shm", "torn.db-wal"] {
            drop(fs::remove_file(self.folder.join(name)));
        }
        fs::write(&path, db).unwrap();
        fs::write(self.folder.join("torn.db-wal"), wal).unwrap();
        recovered(&path).await
    }
}

#[tokio::test]
async fn a_log_cut_anywhere_gives_the_commits_before_the_cut() {
    let folder = Folder::new("cut-log");
    let in_file = written(&folder).await;
    let copy = Copy::of(&folder);
    assert_eq!(copy.recovered(&copy.db, &copy.wal).await, Ok(COMMITS * 3));
    let mut before = 0;
    for cut in (0..copy.wal.len()).step_by(copy.wal.len() / 40) {
        let found = copy.recovered(&copy.db, &copy.wal[..cut]).await.unwrap();
        assert!(found >= in_file && found >= before, "{found} events after a cut at {cut}");
        before = found;
    }
    assert!(before > in_file);
}

#[tokio::test]
async fn a_log_torn_anywhere_gives_the_commits_before_the_tear() {
    let folder = Folder::new("torn-log");
    let in_file = written(&folder).await;
    let copy = Copy::of(&folder);
    for place in (0..copy.wal.len() - 512).step_by(copy.wal.len() / 40) {
        for tear in [0_u8, 0xa5] {
            let mut wal = copy.wal.clone();
            wal[place..place + 512].fill(tear);
            let found = copy.recovered(&copy.db, &wal).await.unwrap();
            assert!(found >= in_file, "{found} events after a tear at {place}");
        }
    }
}

#[tokio::test]
async fn a_file_cut_anywhere_is_refused_or_right() {
    let folder = Folder::new("cut-file");
    written(&folder).await;
    let copy = Copy::of(&folder);
    let mut refused = 0;
    for cut in (1..copy.db.len()).step_by(copy.db.len() / 40 + 1) {
        // With its log, which may heal it, and without.
        for wal in [&*copy.wal, &[]] {
            refused += u32::from(copy.recovered(&copy.db[..cut], wal).await.is_err());
        }
    }
    assert!(refused > 40, "a file cut short was refused {refused} times only");
}

#[tokio::test]
async fn a_file_torn_anywhere_is_refused_or_right() {
    let folder = Folder::new("torn-file");
    written(&folder).await;
    let copy = Copy::of(&folder);
    let (mut refused, mut tried) = (0, 0);
    for place in (0..copy.db.len() - 512).step_by(512 * 5) {
        for tear in [0_u8, 0xa5] {
            let mut db = copy.db.clone();
            db[place..place + 512].fill(tear);
            tried += 1;
            refused += u32::from(copy.recovered(&db, &[]).await.is_err());
        }
    }
    assert!(refused > tried / 3, "{refused} of {tried} tears were noticed");
}

#[tokio::test]
async fn a_payload_changed_in_place_is_never_handed_out() {
    let folder = Folder::new("changed");
    written(&folder).await;
    let mut db = fs::read(folder.join("copy.db")).unwrap();
    // In the middle of a payload that fills several pages: SQLite itself cannot notice.
    let needle = text(7)[..600].to_vec();
    let place = db.windows(600).position(|bytes| bytes == needle).unwrap();
    db[place + 300] ^= 1;
    fs::write(folder.join("changed.db"), &db).unwrap();
    let storage = SqliteStorage::open(folder.join("changed.db")).await.unwrap();
    let fault = all(&storage).await.unwrap_err();
    assert!(matches!(fault, Fault::Corrupt { .. }));
    assert_eq!(fault.to_string(), "the store is damaged: event 7 is not what was written");
}
