//! What is done with is let go of, and not before a provider can send it again.

use crate::shop::{TENANT, keys, message, request};
use crate::world::{SECRET, SETTINGS};
use kontak_channel::MemoryChannel;
use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_desk::{Clock, Desk, SystemClock};
use kontak_storage::{Inbox, InboxPosition, MemoryStorage};
use std::sync::Arc;

/// The machine's clock, so many days on.
struct Later(i64);

impl Clock for Later {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::days(self.0)
    }
}

async fn visit(storage: &Arc<MemoryStorage>, days: i64, incoming: bool) -> usize {
    let desk = Desk::builder(Arc::clone(storage) as Arc<_>, TENANT, SECRET)
        .settings(toml::from_str(SETTINGS).unwrap())
        .account(Arc::new(MemoryChannel::in_memory("shop")), keys())
        .clock(Arc::new(Later(days)))
        .start()
        .unwrap();
    desk.owned().await.unwrap();
    if incoming {
        desk.inbound("shop", &request(&[message("1", "budi", "halo")])).await.unwrap();
    }
    desk.step(|_, _, _| ()).await.unwrap();
    desk.shut_down().await;
    storage.read_inbox(TENANT, InboxPosition::START, 10).await.unwrap().len()
}

#[tokio::test]
async fn the_inbox_is_kept_for_a_week_and_no_longer() {
    let storage = Arc::new(MemoryStorage::new());
    assert_eq!(visit(&storage, 0, true).await, 1);
    assert_eq!(visit(&storage, 7, false).await, 1);
    assert_eq!(visit(&storage, 9, false).await, 0);
}
