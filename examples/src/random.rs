use kontak_routing::simulate::Random;

/// A wait with a heavy tail, in microseconds: half are below `median` seconds, one in a hundred is ten
/// times as long.
pub fn wait(random: &mut Random, median: f64) -> i64 {
    // A Lomax variable of shape 4, whose inverse needs square roots only: exact on every platform.
    let tail = 1.0 / (1.0 - random.unit()).sqrt().sqrt() - 1.0;
    (median * 1e6 * tail / 0.189_207) as i64 + 1
}

/// Puts items into another order.
pub fn shuffle<T>(random: &mut Random, items: &mut [T]) {
    for place in (1..items.len()).rev() {
        items.swap(place, random.below(place as u32 + 1) as usize);
    }
}
