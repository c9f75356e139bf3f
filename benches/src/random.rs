/// SplitMix64 (Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA
/// 2014): the same numbers on every platform. Only integer steps and IEEE operations that round
/// exactly are used here, so no mathematical library can change a draw.
///
/// ```
/// use kontak_benches::SplitMix64;
///
/// let mut random = SplitMix64::new(1_234_567);
/// assert_eq!(random.draw(), 6_457_827_717_110_365_317);
/// assert!(random.below(10) < 10);
/// ```
#[derive(Clone, Debug)]
pub struct SplitMix64(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl SplitMix64 {
    /// The sequence of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A sequence of its own for item `index` of `stream`, so that an item looks the same whenever
    /// and in whatever order it is drawn.
    pub(crate) fn of_item(seed: u64, stream: u64, index: u64) -> Self {
        let mut base = Self(seed ^ stream.wrapping_mul(0xd6e8_feb8_6659_fd93));
        Self(base.draw() ^ index.wrapping_mul(0xa076_1d64_78bd_642f))
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// An integer in `0..bound`; 0 where `bound` is 0. Bias below `bound / 2^32`.
    pub fn below(&mut self, bound: u32) -> u32 {
        (((self.draw() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// A number in `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with probability `share`.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low))
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u32) as usize]
    }

    /// An item, each as likely as the weight beside it.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(T, u32)]) -> T {
        let mut left = self.below(items.iter().map(|(_, weight)| weight).sum());
        for (item, weight) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        items[0].0
    }

    /// A Lomax variable of shape 4, `P(X > x) = (1 + x / scale)^-4`, mean `scale / 3`: a heavy
    /// tail whose inverse needs only square roots.
    pub(crate) fn heavy_tail(&mut self, scale: f64) -> f64 {
        scale * (1.0 / (1.0 - self.unit()).sqrt().sqrt() - 1.0)
    }
}
