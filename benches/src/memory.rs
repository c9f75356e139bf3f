//! Live and peak heap bytes, by a counting allocator.
//!
//! A bench that measures declares it, because it slows every allocation and copies on every
//! growth; those that time do not:
//!
//! ```
//! use kontak_benches::memory::{Heap, PeakAlloc};
//!
//! #[global_allocator]
//! static ALLOCATOR: PeakAlloc = PeakAlloc;
//!
//! let (words, heap) = Heap::measure(&ALLOCATOR, || vec![0_u64; 1_000]);
//! assert_eq!(heap.kept, 8_000);
//! assert_eq!(words.len(), 1_000);
//! ```

pub use peak_alloc::PeakAlloc;

/// What a piece of work did to the heap, in bytes as asked for, without the allocator's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Heap {
    /// Live after it and not before it: the size of what it returns. Negative where it freed more.
    pub kept: i64,
    /// The most that was live at once, above what was live before. A growing vector counts with
    /// its old and its new self.
    pub peak: u64,
}

impl Heap {
    /// Runs `work` with the global allocator watched. No other thread may allocate meanwhile.
    pub fn measure<T>(allocator: &PeakAlloc, work: impl FnOnce() -> T) -> (T, Self) {
        allocator.reset_peak_usage();
        let before = allocator.current_usage();
        let made = work();
        let (after, peak) = (allocator.current_usage(), allocator.peak_usage());
        let kept = after as i64 - before as i64;
        (made, Self { kept, peak: peak.saturating_sub(before) as u64 })
    }
}
