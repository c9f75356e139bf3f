use crate::TenantId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// Who waits for what a tenant's writers write, within this process.
#[derive(Debug, Default)]
pub(crate) struct Wakers {
    tenants: Mutex<BTreeMap<TenantId, Arc<Notify>>>,
}

impl Wakers {
    pub(crate) fn of(&self, tenant: TenantId) -> Arc<Notify> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tenants.entry(tenant).or_default())
    }

    pub(crate) fn wake(&self, tenant: TenantId) {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = tenants.get(&tenant) {
            waiting.notify_waiters();
            // Nobody else holds it: nobody waits, and the next who does makes a new one.
            if Arc::strong_count(waiting) == 1 {
                tenants.remove(&tenant);
            }
        }
    }
}
