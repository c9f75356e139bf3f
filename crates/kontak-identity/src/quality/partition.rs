use super::QualityError;
use std::collections::BTreeMap;

/// A labeling with its labels replaced by dense numbers.
pub(super) struct Partition {
    labels: Vec<u32>,
    sizes: Vec<u32>,
}

impl Partition {
    pub(super) fn of<L: Copy + Ord>(labels: &[L]) -> Result<Self, QualityError> {
        Self::number(labels.len(), labels.iter().copied())
    }

    /// The coarsest partition that is finer than both.
    pub(super) fn meet(&self, other: &Self) -> Result<Self, QualityError> {
        let both = self.labels.iter().zip(&other.labels);
        Self::number(self.labels.len(), both.map(|(&a, &b)| (u64::from(a) << 32) | u64::from(b)))
    }

    fn number<L: Ord>(
        records: usize,
        labels: impl Iterator<Item = L>,
    ) -> Result<Self, QualityError> {
        let end = u32::try_from(records).map_err(|_| QualityError::TooManyRecords { records })?;
        let mut sorted: Vec<(L, u32)> = labels.zip(0..end).collect();
        sorted.sort_unstable();
        let mut numbered = vec![0; records];
        let mut sizes = Vec::new();
        for run in sorted.chunk_by(|(a, _), (b, _)| a == b) {
            for &(_, record) in run {
                numbered[record as usize] = sizes.len() as u32;
            }
            sizes.push(run.len() as u32);
        }
        Ok(Self { labels: numbered, sizes })
    }

    pub(super) fn records(&self) -> u64 {
        self.labels.len() as u64
    }

    /// Unordered pairs of records within one cell.
    pub(super) fn pairs(&self) -> u64 {
        self.sizes.iter().map(|&size| u64::from(size)).map(|size| size * (size - 1) / 2).sum()
    }

    /// The mean over records of (size of its cell here) / (size of its cell in `coarser`).
    ///
    /// Summed in integers per size of the coarser cell, and those in order of size: floating
    /// addition in record order would make the last digits depend on how the labels are spelt.
    pub(super) fn mean_share_of(&self, coarser: &Self) -> f64 {
        let mut by_size: BTreeMap<u32, u128> = BTreeMap::new();
        for (&cell, &whole) in self.labels.iter().zip(&coarser.labels) {
            let whole = coarser.sizes[whole as usize];
            *by_size.entry(whole).or_default() += u128::from(self.sizes[cell as usize]);
        }
        let sum: f64 = by_size.iter().map(|(&whole, &sum)| sum as f64 / f64::from(whole)).sum();
        sum / self.labels.len() as f64
    }
}
