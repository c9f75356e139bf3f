use std::error::Error;

/// What can befall any operation of a store, by what the caller can do about it.
///
/// The texts name files and tables, never what is in them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The store could not be reached, or was lost on the way. **It may have been written.** Ask
    /// again: what is asked twice is either known already or refused for what it is.
    #[error("the store is not to be reached; what was asked may or may not have happened")]
    Unavailable {
        /// What the database said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// There is no room. Nothing was written; what was acknowledged before is safe. Make room, then
    /// ask again.
    #[error("the store is full; nothing was written")]
    Full {
        /// What the database said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The store may be read but not written. Nothing was written.
    #[error("the store is read-only; nothing was written")]
    ReadOnly {
        /// What the database said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// What is stored is not what was written. Stop, keep the files, restore a backup.
    #[error("the store is damaged: {what}")]
    Corrupt {
        /// What does not hold, and where.
        what: String,
        /// What the database said, where it was the database that noticed.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The store was closed by its owner.
    #[error("the store is closed")]
    Closed,
    /// The database refused for a reason that none of the above is; it will do so again.
    #[error("the store refused")]
    Refused {
        /// What the database said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl Fault {
    /// Whether asking again later may help by itself.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// Damage that no error of the database stands behind.
    pub fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into(), source: None }
    }
}
