use crate::phone::{NumberType, PhoneNumber, Region};

/// The part of one country's numbering plan that the fast path answers for.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(super) region: Region,
    pub(super) country_code: u64,
    /// The digit dialled before a national number, where there is one.
    pub(super) trunk: Option<u8>,
    /// Bit n is set where n digits that begin with the country code, without a plus, are an
    /// international number and nothing else.
    pub(super) code_leads: u32,
    /// How the region reads 00 before a country code.
    pub(super) double_zero: DoubleZero,
    pub(super) ranges: &'static [Range],
}

/// What 00 means before one of these country codes. Before others only the reference knows.
#[derive(Debug)]
pub(super) enum DoubleZero {
    /// It dials out, as the plus does.
    Abroad(&'static [u64]),
    /// It does not, and no number of the region's own begins so: it was meant for the plus.
    Rescued(&'static [u64]),
}

/// Numbers of certain lengths that share a type.
#[derive(Debug)]
pub(super) struct Range {
    pub(super) number_type: NumberType,
    /// Bit n is set where a national number may have n digits.
    pub(super) lengths: u16,
    pub(super) prefixes: Prefixes,
}

/// Digits in a row: their value, how many there are, and how many of them are zeros in front, which
/// the value does not tell.
#[derive(Clone, Copy)]
pub(super) struct Dialled {
    pub(super) value: u64,
    pub(super) count: u32,
    pub(super) zeros: u32,
}

impl Dialled {
    /// More digits than any number in the tables; their value fits.
    pub(super) const MOST: u32 = 16;

    /// The value is meaningless after more than [`Dialled::MOST`] digits.
    #[inline]
    pub(super) fn push(&mut self, digit: u8) {
        self.value = self.value.wrapping_mul(10).wrapping_add(u64::from(digit));
        self.count += 1;
        self.zeros += u32::from(self.value == 0);
    }

    /// Whether the first digit is this one.
    fn begins_with(self, digit: u8) -> bool {
        match digit {
            0 => self.zeros > 0,
            _ => {
                self.zeros == 0
                    && self.count > 0
                    && self.value / POWERS[self.count as usize - 1] == u64::from(digit)
            }
        }
    }
}

impl Plan {
    /// The national number in what was dialled inside the country. Abstains where the country code
    /// seems to lead without a plus, and the reference may read it as a part of the number.
    #[inline]
    pub(super) fn strip_trunk(&self, dialled: Dialled) -> Option<Dialled> {
        if let Some(trunk) = self.trunk.filter(|trunk| dialled.begins_with(*trunk)) {
            let count = dialled.count - 1;
            let value = dialled.value - u64::from(trunk) * POWERS[count as usize];
            return Some(Dialled { value, count, zeros: 0 });
        }
        match self.strip_country_code(dialled) {
            None => Some(dialled),
            national => national.filter(|_| self.code_leads >> dialled.count & 1 == 1),
        }
    }

    /// What follows the country code, where the digits begin with it.
    #[inline]
    pub(super) fn strip_country_code(&self, dialled: Dialled) -> Option<Dialled> {
        let count = dialled.count.checked_sub(if self.country_code < 10 { 1 } else { 2 })?;
        let scale = POWERS[count as usize];
        let value = dialled.value.checked_sub(self.country_code * scale)?;
        (value < scale).then_some(Dialled { value, count, zeros: 0 })
    }

    /// The type of a national number, where it is assigned beyond doubt.
    #[inline]
    pub(super) fn classify(&self, national: Dialled) -> Option<NumberType> {
        let length = 1_u16.checked_shl(national.count)?;
        let prefix = national.value / POWERS[national.count.checked_sub(4)? as usize];
        let range = self.ranges.iter().find(|range| {
            range.lengths & length != 0 && range.prefixes.contains(prefix as usize)
        })?;
        Some(range.number_type)
    }

    #[inline]
    pub(super) fn number(&self, national: Dialled) -> Option<PhoneNumber> {
        let digits = self.country_code * POWERS[national.count as usize] + national.value;
        PhoneNumber::from_digits(digits).ok()
    }
}

/// Powers of ten, up to the one that [`Dialled::MOST`] digits need.
const POWERS: [u64; Dialled::MOST as usize + 1] = {
    let mut powers = [1; Dialled::MOST as usize + 1];
    let mut n = 1;
    while n < powers.len() {
        powers[n] = powers[n - 1] * 10;
        n += 1;
    }
    powers
};

/// A set of four-digit prefixes, one bit each.
#[derive(Debug)]
pub(super) struct Prefixes([u64; Self::WORDS]);

impl Prefixes {
    pub(super) const COUNT: usize = 10_000;
    const WORDS: usize = Self::COUNT.div_ceil(64);

    /// From runs of prefixes: first, last, first, last ...
    pub(super) const fn from_runs(runs: &[u16]) -> Self {
        assert!(runs.len().is_multiple_of(2));
        let mut words = [0; Self::WORDS];
        let mut run = 0;
        while run < runs.len() {
            let (first, last) = (runs[run] as usize, runs[run + 1] as usize);
            // A national number that begins with 0 would pass for a shorter one.
            assert!(1_000 <= first && first <= last && last < Self::COUNT);
            let mut prefix = first;
            while prefix <= last {
                words[prefix / 64] |= 1 << (prefix % 64);
                prefix += 1;
            }
            run += 2;
        }
        Self(words)
    }

    #[inline]
    pub(super) fn contains(&self, prefix: usize) -> bool {
        self.0.get(prefix / 64).is_some_and(|word| word >> (prefix % 64) & 1 == 1)
    }
}
