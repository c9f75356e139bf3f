/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers from one seed on every platform.
///
/// ```
/// use kontak_examples::Random;
///
/// assert_eq!(Random::new(1_234_567).draw(), 6_457_827_717_110_365_317);
/// assert!(Random::new(7).below(10) < 10);
/// ```
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The numbers of one item of a seed, whenever and in whatever order it is asked for.
    #[must_use]
    pub fn of_item(seed: u64, item: u64) -> Self {
        let mut base = Self(seed ^ item.wrapping_mul(0xd6e8_feb8_6659_fd93));
        Self(base.draw())
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// An integer in `0..bound`; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        (((self.draw() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// A number in `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// A wait with a heavy tail, in microseconds: half are below `median`, one in a hundred is ten times as long.
    pub fn wait(&mut self, median: f64) -> i64 {
        // A Lomax variable of shape 4, whose inverse needs square roots only: exact on every platform.
        let tail = 1.0 / (1.0 - self.unit()).sqrt().sqrt() - 1.0;
        (median * 1e6 * tail / 0.189_207) as i64 + 1
    }

    /// Puts items into another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place as u32 + 1) as usize);
        }
    }
}
