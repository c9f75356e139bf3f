//! A disk that is full, and one that cannot be written.

use crate::folder::Folder;
use crate::story::{all, event, now, owned, text};
use kontak_storage::{AppendError, Commit, Fault, Journal, OpenError, Position, SqliteStorage};
use std::path::Path;
use std::process::Command;

/// A small disk of its own, as only root can mount one.
struct SmallDisk(Folder);

impl SmallDisk {
    fn mount(name: &str) -> Option<Self> {
        let disk = Self(Folder::new(name));
        if disk.run("mount", &["-t", "tmpfs", "-o", "size=1m", "tmpfs"]) {
            return Some(disk);
        }
        println!("SKIPPED: a small disk cannot be mounted here (it takes root)");
        None
    }

    fn remount(&self, options: &str) {
        assert!(self.run("mount", &["-o", &format!("remount,{options}")]));
    }

    fn run(&self, command: &str, arguments: &[&str]) -> bool {
        let status = Command::new(command).args(arguments).arg(self.path()).output();
        status.is_ok_and(|output| output.status.success())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        self.run("umount", &["-l"]);
    }
}

#[tokio::test]
async fn a_full_disk_is_said_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount("full") else { return };
    let path = disk.path().join("desk.db");
    let storage = SqliteStorage::open(&path).await.unwrap();
    let lease = owned(&storage).await;
    let mut head = Position::START;
    let fault = loop {
        let step = Commit::new(head, now()).with_event(event(head.number() + 1));
        match storage.append(&lease, step).await {
            Ok(next) => head = next,
            Err(AppendError::Failed(fault)) => break fault,
            Err(other) => panic!("{other}"),
        }
    };
    assert!(matches!(fault, Fault::Full { .. }), "{fault:?}");
    assert!(head.number() > 20);

    // It is still there, and goes on where there is room again.
    assert_eq!(all(&storage).await.unwrap().len() as u64, head.number());
    disk.remount("size=8m");
    for _ in 0..20 {
        let step = Commit::new(head, now()).with_event(event(head.number() + 1));
        head = storage.append(&lease, step).await.unwrap();
    }
    storage.close().await;
    let storage = SqliteStorage::open(&path).await.unwrap();
    let events = all(&storage).await.unwrap();
    assert_eq!(events.len() as u64, head.number());
    assert!(events.iter().all(|event| event.payload.as_bytes() == text(event.position.number())));
}

#[tokio::test]
async fn a_disk_that_cannot_be_written_is_said() {
    let Some(disk) = SmallDisk::mount("read-only") else { return };
    let path = disk.path().join("desk.db");
    let storage = SqliteStorage::open(&path).await.unwrap();
    let lease = owned(&storage).await;
    let step = Commit::new(Position::START, now()).with_event(event(1));
    storage.append(&lease, step).await.unwrap();
    storage.close().await;

    disk.remount("ro");
    let refused = SqliteStorage::open(&path).await.unwrap_err();
    assert!(matches!(refused, OpenError::Failed(Fault::ReadOnly { .. })), "{refused:?}");
    let refused = SqliteStorage::open(disk.path().join("new.db")).await.unwrap_err();
    assert!(matches!(refused, OpenError::Failed(Fault::ReadOnly { .. })), "{refused:?}");

    disk.remount("rw");
    let storage = SqliteStorage::open(&path).await.unwrap();
    assert_eq!(all(&storage).await.unwrap().len(), 1);
}
