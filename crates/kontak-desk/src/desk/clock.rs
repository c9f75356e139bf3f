use chrono::{DateTime, SubsecRound, Utc};
use kontak_types::uuid::Uuid;
use std::time::SystemTime;

/// What time it is, and ids that nobody else makes: the two things that engines do not know.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;

    /// A new id. The default is a UUID of version 7, in the order of time.
    fn id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing in it")]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
    fn now(&self) -> DateTime<Utc> {
        DateTime::<Utc>::from(SystemTime::now()).trunc_subsecs(6)
    }
}
