//! Many requests at once cost the store little more than one: what comes in while it is busy is put
//! into the inbox together.

use kontak_storage::{AcceptError, NewInboxItem, Storage, TenantId};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// How many items are kept at a time.
const BATCH: usize = 512;

/// What one request brought, and who waits for it to be durable.
pub(super) struct Accept {
    pub(super) items: Vec<NewInboxItem>,
    pub(super) kept: oneshot::Sender<Result<(), AcceptError>>,
}

/// Keeps what comes, until nobody is left who could bring anything.
pub(super) async fn run(
    storage: Arc<dyn Storage>,
    tenant: TenantId,
    mut brought: mpsc::Receiver<Accept>,
) {
    while let Some(first) = brought.recv().await {
        let mut batch = vec![first];
        let mut count = batch[0].items.len();
        while count < BATCH
            && let Ok(next) = brought.try_recv()
        {
            count += next.items.len();
            batch.push(next);
        }
        let items = batch.iter().flat_map(|accept| accept.items.iter().cloned()).collect();
        match storage.accept(tenant, items).await {
            Ok(_) => {
                for Accept { kept, .. } in batch {
                    // Whoever asked may have gone; it is kept all the same.
                    let _ = kept.send(Ok(()));
                }
            }
            // One item that cannot be kept takes no other with it, and each is told its own error.
            Err(_) => {
                for Accept { items, kept } in batch {
                    let _ = kept.send(storage.accept(tenant, items).await.map(drop));
                }
            }
        }
    }
}
