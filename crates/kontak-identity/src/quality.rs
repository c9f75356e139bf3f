//! How good a partition is, against a known truth.
//!
//! Every function takes *labelings*: one label per record, equal labels for records of one
//! customer. Labels are compared only within their own labeling, so the truth may carry strings
//! and the result customer ids.
//!
//! ```
//! use kontak_identity::quality::Quality;
//!
//! let truth = ["ani", "ani", "ani", "budi"];
//! let found = [1, 1, 2, 2];
//! let quality = Quality::measure(&truth, &found)?;
//! assert_eq!(quality.pairs.precision(), Some(1.0 / 2.0));
//! assert_eq!(quality.pairs.recall(), Some(1.0 / 3.0));
//! # Ok::<(), kontak_identity::quality::QualityError>(())
//! ```
//!
//! Two measures, because they fail differently. *Pairwise* counts pairs of records, so one large
//! false merge weighs by the square of its size. *B-cubed* asks each record how pure and how
//! complete its own cluster is, so a customer weighs by its number of records.

mod partition;
#[cfg(test)]
mod tests;

use partition::Partition;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Pairwise and B-cubed quality of one labeling against the truth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Quality {
    /// Number of records compared.
    #[serde(with = "exact")]
    pub records: u64,
    /// Counts of pairs, from which pairwise precision, recall and F1 follow.
    pub pairs: PairCounts,
    /// B-cubed averages; `None` where there is no record.
    pub b_cubed: Option<BCubed>,
}

impl Quality {
    /// Compares `found` with `truth`, record by record.
    ///
    /// `O(n log n)` time, about 40 bytes a record while it runs. The result does not depend on how
    /// the labels are spelt or on the order of the records.
    ///
    /// # Errors
    /// When the labelings differ in length, or have 2³² records or more.
    pub fn measure<T, F>(truth: &[T], found: &[F]) -> Result<Self, QualityError>
    where
        T: Copy + Ord,
        F: Copy + Ord,
    {
        same_length(truth.len(), found.len())?;
        let (truth, found) = (Partition::of(truth)?, Partition::of(found)?);
        let both = truth.meet(&found)?;
        let pairs = PairCounts { truth: truth.pairs(), found: found.pairs(), both: both.pairs() };
        let b_cubed = (truth.records() > 0).then(|| BCubed {
            precision: both.mean_share_of(&found),
            recall: both.mean_share_of(&truth),
        });
        Ok(Self { records: truth.records(), pairs, b_cubed })
    }
}

/// Counts of unordered pairs of records, exact.
///
/// Precision, recall and F1 over pairs as in Menestrina, Whang and Garcia-Molina, *Evaluating
/// Entity Resolution Results*, PVLDB 3(1), 2010, section 3.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PairCounts {
    /// Pairs that are one customer in truth.
    #[serde(with = "exact")]
    pub truth: u64,
    /// Pairs that were put into one customer.
    #[serde(with = "exact")]
    pub found: u64,
    /// Pairs that are both.
    #[serde(with = "exact")]
    pub both: u64,
}

impl PairCounts {
    /// `both / found`; `None` where no pair was joined, so that nothing could be wrong.
    ///
    /// ```
    /// use kontak_identity::quality::Quality;
    ///
    /// let nothing_joined = Quality::measure(&[7, 7], &[1, 2])?.pairs;
    /// assert_eq!(nothing_joined.precision(), None);
    /// assert_eq!(nothing_joined.recall(), Some(0.0));
    /// assert_eq!(nothing_joined.f1(), Some(0.0));
    /// # Ok::<(), kontak_identity::quality::QualityError>(())
    /// ```
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        ratio(self.both, self.found)
    }

    /// `both / truth`; `None` where no two records are one customer, so that nothing could be
    /// missed.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        ratio(self.both, self.truth)
    }

    /// `2 · both / (found + truth)`, the harmonic mean of precision and recall wherever both are
    /// defined; `None` where there is no pair on either side.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        let sides = self.found as f64 + self.truth as f64;
        (sides > 0.0).then(|| 2.0 * self.both as f64 / sides)
    }

    /// Pairs that were joined and should not have been.
    #[must_use]
    pub const fn false_joins(&self) -> u64 {
        self.found.saturating_sub(self.both)
    }

    /// Pairs that should have been joined and were not.
    #[must_use]
    pub const fn missed(&self) -> u64 {
        self.truth.saturating_sub(self.both)
    }
}

/// B-cubed averages over records.
///
/// A record's precision is the share of its found cluster that is the same customer in truth, its
/// recall the share of its true customer that is in its found cluster, itself included both
/// times. Bagga and Baldwin, *Entity-Based Cross-Document Coreferencing Using the Vector Space
/// Model*, COLING-ACL 1998; why this one among the clustering measures: Amigó et al., *A
/// Comparison of Extrinsic Clustering Evaluation Metrics Based on Formal Constraints*, Information
/// Retrieval 12, 2009.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BCubed {
    /// Mean purity of a record's cluster; above 0, at most 1.
    pub precision: f64,
    /// Mean completeness of a record's cluster; above 0, at most 1.
    pub recall: f64,
}

impl BCubed {
    /// The harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(&self) -> f64 {
        2.0 * self.precision * self.recall / (self.precision + self.recall)
    }
}

/// Recall against what could be had at all.
///
/// Records that share no phone and no address cannot be joined by phone and address, however good
/// the method. `reachable` labels the components that an oracle would make, who knows which
/// identifier is truly whose; this says how much of the truth the oracle gets, and how much of
/// *that* was found.
///
/// ```
/// use kontak_identity::quality::Reach;
///
/// let truth = [1, 1, 1, 2];
/// // Record 2 left neither phone nor address.
/// let reachable = [0, 0, 2, 3];
/// let found = [0, 0, 2, 2];
/// let reach = Reach::measure(&truth, &reachable, &found)?;
/// assert_eq!(reach.oracle_recall(), Some(1.0 / 3.0));
/// assert_eq!(reach.recall(), Some(1.0));
/// # Ok::<(), kontak_identity::quality::QualityError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reach {
    /// Pairs that are one customer in truth.
    #[serde(with = "exact")]
    pub truth: u64,
    /// Those of them that are reachable.
    #[serde(with = "exact")]
    pub reachable: u64,
    /// Those of the reachable that were found.
    #[serde(with = "exact")]
    pub found: u64,
}

impl Reach {
    /// Compares `found` with the part of `truth` that lies within one component of `reachable`.
    ///
    /// # Errors
    /// As for [`Quality::measure`].
    pub fn measure<T, R, F>(truth: &[T], reachable: &[R], found: &[F]) -> Result<Self, QualityError>
    where
        T: Copy + Ord,
        R: Copy + Ord,
        F: Copy + Ord,
    {
        same_length(truth.len(), reachable.len())?;
        same_length(truth.len(), found.len())?;
        let truth = Partition::of(truth)?;
        let within_reach = truth.meet(&Partition::of(reachable)?)?;
        let got = within_reach.meet(&Partition::of(found)?)?;
        Ok(Self { truth: truth.pairs(), reachable: within_reach.pairs(), found: got.pairs() })
    }

    /// `reachable / truth`, the highest recall that any method can have; `None` where no two
    /// records are one customer.
    #[must_use]
    pub fn oracle_recall(&self) -> Option<f64> {
        ratio(self.reachable, self.truth)
    }

    /// `found / reachable`; `None` where nothing is reachable.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        ratio(self.found, self.reachable)
    }
}

/// Why two labelings could not be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QualityError {
    /// One labeling has a label for a record that the other does not have.
    #[error(
        "the truth labels {truth} records, the other labeling {other}: label the same records in the same order"
    )]
    LengthsDiffer {
        /// Number of labels in the truth.
        truth: usize,
        /// Number of labels in the labeling beside it.
        other: usize,
    },
    /// Clusters are numbered in 32 bits.
    #[error("{records} records are more than the 4294967295 that can be compared at once")]
    TooManyRecords {
        /// Number of records given.
        records: usize,
    },
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = &self.pairs;
        let pairwise = [pairs.precision(), pairs.recall(), pairs.f1()];
        let b_cubed = self.b_cubed.map(|b| [b.precision, b.recall, b.f1()]);
        write!(f, "pairwise {}, B-cubed {}", Triple(pairwise), Triple(transpose(b_cubed)))
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} true pairs reachable ({}), {} of them found ({})",
            self.reachable,
            self.truth,
            Share(self.oracle_recall()),
            self.found,
            Share(self.recall())
        )
    }
}

struct Triple([Option<f64>; 3]);

impl fmt::Display for Triple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [precision, recall, f1] = self.0.map(Share);
        write!(f, "precision {precision} recall {recall} F1 {f1}")
    }
}

struct Share(Option<f64>);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(share) => write!(f, "{share:.4}"),
            None => f.write_str("undefined"),
        }
    }
}

fn transpose(shares: Option<[f64; 3]>) -> [Option<f64>; 3] {
    shares.map_or([None; 3], |shares| shares.map(Some))
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

const fn same_length(truth: usize, other: usize) -> Result<(), QualityError> {
    if truth == other { Ok(()) } else { Err(QualityError::LengthsDiffer { truth, other }) }
}

/// Counts of pairs pass 2^53, which readers of JSON round: strings there, integers elsewhere.
mod exact {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(super) fn serialize<S: Serializer>(count: &u64, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(count) } else { count.serialize(to) }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        if from.is_human_readable() {
            String::deserialize(from)?.parse().map_err(D::Error::custom)
        } else {
            u64::deserialize(from)
        }
    }
}
