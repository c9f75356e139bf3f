use kontak_examples::Random;

/// A sequence of its own for item `index` of `stream`, so that an item looks the same whenever and in
/// whatever order it is drawn.
pub(crate) fn of_item(seed: u64, stream: u64, index: u64) -> Random {
    let mut base = Random::new(seed ^ stream.wrapping_mul(0xd6e8_feb8_6659_fd93));
    Random::new(base.draw() ^ index.wrapping_mul(0xa076_1d64_78bd_642f))
}

/// What the population is drawn by, beyond what the generator has. Only integer steps and IEEE
/// operations that round exactly, so that no mathematical library can change a draw.
pub(crate) trait Draws {
    fn between(&mut self, low: u32, high: u32) -> u32;

    fn pick<T: Copy>(&mut self, items: &[T]) -> T;

    /// An item, each as likely as the weight beside it.
    fn weighted<T: Copy>(&mut self, items: &[(T, u32)]) -> T;

    /// A Lomax variable of shape 4, `P(X > x) = (1 + x / scale)^-4`, mean `scale / 3`: a heavy tail
    /// whose inverse needs only square roots.
    fn heavy_tail(&mut self, scale: f64) -> f64;
}

impl Draws for Random {
    fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low))
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u32) as usize]
    }

    fn weighted<T: Copy>(&mut self, items: &[(T, u32)]) -> T {
        let mut left = self.below(items.iter().map(|(_, weight)| weight).sum());
        for (item, weight) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        items[0].0
    }

    fn heavy_tail(&mut self, scale: f64) -> f64 {
        scale * (1.0 / (1.0 - self.unit()).sqrt().sqrt() - 1.0)
    }
}
