use serde::{Deserialize, Serialize};

/// How far a message of ours has come. It never goes back: two reports join to the greater, so the
/// order in which receipts come plays no part.
///
/// ```
/// use kontak_conversation::{Delivery, DeliveryStatus};
///
/// let delivered = Delivery::new(0, DeliveryStatus::Delivered);
/// let late = Delivery::new(0, DeliveryStatus::Sent);
/// assert_eq!(delivered.join(late), delivered);
/// // Sending it again is another attempt, which begins anew.
/// let again = Delivery::new(1, DeliveryStatus::Queued);
/// assert_eq!(delivered.join(again), again);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery {
    /// Which attempt, from 0.
    pub attempt: u32,
    /// How far that one has come.
    pub status: DeliveryStatus,
}

/// The steps of one attempt, in their order. A failure outweighs what was only sent; whoever has
/// received it proves the failure wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryStatus {
    /// It waits to be sent.
    Queued,
    /// The channel has taken it.
    Sent,
    /// The channel has given up.
    Failed,
    /// It has arrived.
    Delivered,
    /// It was looked at.
    Read,
}

impl Delivery {
    /// A message that waits to be sent.
    pub const QUEUED: Self = Self::new(0, DeliveryStatus::Queued);

    /// This far in this attempt.
    #[must_use]
    pub const fn new(attempt: u32, status: DeliveryStatus) -> Self {
        Self { attempt, status }
    }

    /// What two reports say together.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        self.max(other)
    }
}
