use super::bounds::{BOUNDS, SLICES};

/// Bins per octave: scale 7 of the OpenTelemetry exponential histogram.
const PER_OCTAVE: u16 = 128;

/// The number of bins: bin 0 holds 1, the last one the largest `u64`.
pub(super) const BINS: usize = 64 * PER_OCTAVE as usize + 1;

/// The bin of a value that is not zero: bin `b` holds what is above `2^((b - 1) / 128)` and not above
/// `2^(b / 128)`, as the bucket `b - 1` of an OpenTelemetry histogram of scale 7 does.
#[inline]
pub(super) fn bin(value: u64) -> u16 {
    let shift = value.leading_zeros();
    let mantissa = value << shift;
    // An octave begins with its power of two, the upper bound of the bin before.
    if mantissa == 1 << 63 {
        return (63 - shift as u16) * PER_OCTAVE;
    }
    let low = SLICES[((mantissa >> 55) & 0xff) as usize];
    let next = BOUNDS.get(low as usize + 1).copied();
    let within = u16::from(low) + u16::from(next.is_some_and(|next| mantissa >= next));
    (63 - shift as u16) * PER_OCTAVE + within + 1
}

/// The value that stands for a bin: as far from its lower bound as from its upper one, relatively, so
/// at most 0.271 % from any value in it.
pub(super) fn midpoint(bin: u16) -> f64 {
    let (low, high) = bounds(bin);
    if bin == 0 { high } else { 2.0 * low * high / (low + high) }
}

/// Lower bound, exclusive, and upper bound, inclusive.
pub(super) fn bounds(bin: u16) -> (f64, f64) {
    (bin.checked_sub(1).map_or(0.0, upper), upper(bin))
}

/// Only IEEE operations that round exactly, so the same on every machine.
fn upper(bin: u16) -> f64 {
    let (octave, within) = (i32::from(bin / PER_OCTAVE), usize::from(bin % PER_OCTAVE));
    BOUNDS[within] as f64 * 2.0_f64.powi(octave - 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Schoolbook multiplication of little-endian 64-bit digits.
    fn times(a: &[u64], b: u64) -> Vec<u64> {
        let mut carry = 0_u128;
        let mut product: Vec<u64> = a
            .iter()
            .map(|digit| {
                let sum = u128::from(*digit) * u128::from(b) + carry;
                carry = sum >> 64;
                sum as u64
            })
            .collect();
        product.push(carry as u64);
        product
    }

    /// Whether `value^128 >= 2^(63 * 128 + k)`.
    fn reaches(value: u64, k: usize) -> bool {
        let mut power = vec![1];
        for _ in 0..128 {
            power = times(&power, value);
        }
        let top = power.iter().rposition(|digit| *digit != 0).unwrap_or(0);
        top * 64 + 63 - power[top].leading_zeros() as usize >= 63 * 128 + k
    }

    #[test]
    fn each_bound_is_the_least_integer_that_reaches_its_root_of_two() {
        for (k, bound) in BOUNDS.into_iter().enumerate() {
            assert!(reaches(bound, k), "bound {k}");
            assert!(!reaches(bound - 1, k), "bound {k} is not the least");
        }
    }

    #[test]
    fn slices_point_at_the_last_bound_before_them_and_hold_one_more_at_most() {
        for (slice, low) in SLICES.into_iter().enumerate() {
            let start = (1 << 63) + ((slice as u64) << 55);
            let below = BOUNDS.iter().filter(|bound| **bound <= start).count();
            assert_eq!(usize::from(low) + 1, below, "slice {slice}");
            let end = start + ((1 << 55) - 1);
            assert!(BOUNDS.iter().filter(|bound| (start + 1..=end).contains(*bound)).count() <= 1);
        }
    }

    #[test]
    fn bins_are_in_order_and_the_midpoint_is_near() {
        assert_eq!([1, 2, 4].map(bin), [0, 128, 256]);
        assert_eq!(usize::from(bin(u64::MAX)), BINS - 1);
        let mut last = 0;
        let mut value = 1_u64;
        while value < u64::MAX / 1_009 * 1_000 {
            let bin = bin(value);
            assert!(bin >= last);
            last = bin;
            let error = (midpoint(bin) - value as f64).abs() / value as f64;
            assert!(error <= 0.002_708, "{value}: {error}");
            value = (value + 1).max(value / 1_000 * 1_009);
        }
    }
}
