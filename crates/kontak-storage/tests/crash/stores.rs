use crate::Error;
use kontak_storage::{PostgresStorage, SqliteStorage, Storage};
use std::sync::Arc;

/// A file, or the address of a database.
pub(crate) struct Place(pub(crate) String);

impl Place {
    pub(crate) async fn open(&self) -> Result<Arc<dyn Storage>, Error> {
        if self.0.starts_with("postgres:") {
            return Ok(Arc::new(PostgresStorage::connect(&self.0).await?));
        }
        Ok(Arc::new(SqliteStorage::open(&self.0).await?))
    }
}
