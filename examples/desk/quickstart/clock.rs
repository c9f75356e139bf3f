//! The clock on the wall of the shop: it stands still until the day goes on.

use chrono::{DateTime, Utc};
use kontak_desk::Clock;
use std::sync::atomic::{AtomicI64, Ordering};

pub(crate) struct ShopClock(AtomicI64);

impl ShopClock {
    pub(crate) fn new(at: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(at.timestamp_micros()))
    }

    pub(crate) fn set(&self, at: DateTime<Utc>) {
        self.0.fetch_max(at.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Clock for ShopClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}
