//! What every store must hold, as laws that run over one.
//!
//! ```
//! use kontak_storage::MemoryStorage;
//! use kontak_storage::conformance::Suite;
//! use kontak_storage::uuid::Uuid;
//! use std::sync::Arc;
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! Suite::new(Arc::new(MemoryStorage::new()), Uuid::from_u128(7)).assert_lawful().await;
//! # }
//! ```

mod erasure;
mod following;
mod inbox;
mod isolation;
mod journal;
mod lease;
mod outbox;
mod snapshot;
mod world;

use crate::Storage;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use uuid::Uuid;
use world::World;

/// A store, and what is needed to try it. It runs on tokio.
///
/// Each law takes tenants of its own, counted on from `run`: a store that holds other data may be
/// tried, and one that was tried before under another `run`.
#[derive(Clone)]
pub struct Suite {
    one: Arc<dyn Storage>,
    other: Arc<dyn Storage>,
    run: Uuid,
}

impl Suite {
    /// Tries a store.
    #[must_use]
    pub fn new(storage: Arc<dyn Storage>, run: Uuid) -> Self {
        Self { one: Arc::clone(&storage), other: storage, run }
    }

    /// With another way to the same data, as another process would have it: what one wrote the other
    /// must see, and be refused where it is fenced.
    #[must_use]
    pub fn with_other(mut self, storage: Arc<dyn Storage>) -> Self {
        self.other = storage;
        self
    }

    /// Tries all laws.
    pub async fn report(&self) -> Report {
        let mut verdicts = Vec::new();
        for (number, law) in laws().enumerate() {
            let first = self.run.as_u128().wrapping_add((number as u128) << 16);
            let (one, other) = (Arc::clone(&self.one), Arc::clone(&self.other));
            let tried = tokio::spawn((law.check)(World::new(one, other, first))).await;
            let verdict = match tried {
                Ok(Ok(())) => Verdict::Holds,
                Ok(Err(broken)) => Verdict::Broken(broken.to_string()),
                Err(panicked) => Verdict::Broken(format!("it panics: {panicked}")),
            };
            verdicts.push((law.name, verdict));
        }
        Report { verdicts }
    }

    /// Tries all laws: the one line of a store's test.
    ///
    /// # Panics
    /// Where one is broken; the message lists all that are.
    pub async fn assert_lawful(&self) {
        let report = self.report().await;
        assert!(report.is_lawful(), "{report}");
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Suite(run {})", self.run)
    }
}

/// What came of the laws.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// Each law's name, and how it stands.
    pub verdicts: Vec<(&'static str, Verdict)>,
}

/// How a law stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It is broken, in this way.
    Broken(String),
}

impl Report {
    /// Whether no law is broken.
    #[must_use]
    pub fn is_lawful(&self) -> bool {
        !self.verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::Broken(_)))
    }

    /// How a law stands; nothing where there is none of that name.
    #[must_use]
    pub fn verdict(&self, law: &str) -> Option<&Verdict> {
        self.verdicts.iter().find(|(name, _)| *name == law).map(|(_, verdict)| verdict)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, verdict) in &self.verdicts {
            match verdict {
                Verdict::Holds => writeln!(f, "holds  {name}")?,
                Verdict::Broken(why) => writeln!(f, "BROKEN {name}: {why}")?,
            }
        }
        Ok(())
    }
}

type Broken = Box<dyn std::error::Error + Send + Sync>;
type Tried = Pin<Box<dyn Future<Output = Result<(), Broken>> + Send>>;

struct Law {
    name: &'static str,
    check: fn(World) -> Tried,
}

macro_rules! table {
    ($($name:literal => $check:ident,)*) => {
        pub(super) const LAWS: &[super::Law] =
            &[$(super::Law { name: $name, check: |world| Box::pin($check(world)) },)*];
    };
}
use table;

/// The names of all laws, in the order in which they are tried.
pub fn law_names() -> impl Iterator<Item = &'static str> {
    laws().map(|law| law.name)
}

fn laws() -> impl Iterator<Item = &'static Law> {
    [
        inbox::LAWS,
        journal::LAWS,
        following::LAWS,
        lease::LAWS,
        outbox::LAWS,
        snapshot::LAWS,
        erasure::LAWS,
        isolation::LAWS,
    ]
    .into_iter()
    .flatten()
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn equal<T: PartialEq + fmt::Debug>(found: &T, expected: &T, of: &str) -> Result<(), Broken> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{of}: {found:?}, expected {expected:?}").into())
}
