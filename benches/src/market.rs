/// A country whose people are in the population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a closed list of what is generated")]
pub enum Market {
    /// Indonesia.
    Id,
    /// Viet Nam.
    Vn,
    /// The United States.
    Us,
    /// Singapore.
    Sg,
    /// Malaysia.
    My,
    /// India.
    In,
    /// Brazil.
    Br,
}

/// Which of a market's two numbering spaces a serial counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Mobile,
    Landline,
}

/// Numbers `prefix` + one of `span` subscriber numbers from `base`.
struct Space {
    prefixes: &'static [u32],
    base: u64,
    span: u64,
}

struct Plan {
    region: &'static str,
    calling_code: &'static str,
    trunk: &'static str,
    mobile: Space,
    landline: Space,
}

impl Market {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Id, Self::Vn, Self::Us, Self::Sg, Self::My, Self::In, Self::Br];

    /// People in a hundred.
    pub(crate) const WEIGHTS: [(Self, u32); 7] = [
        (Self::Id, 55),
        (Self::Vn, 33),
        (Self::Us, 3),
        (Self::Sg, 3),
        (Self::My, 3),
        (Self::In, 2),
        (Self::Br, 1),
    ];

    /// The ISO 3166 code, as default region of national numbers.
    #[must_use]
    pub const fn region(self) -> &'static str {
        self.plan().region
    }

    /// The market with this ISO 3166 code, in capitals.
    #[must_use]
    pub fn from_region(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|market| market.region() == code)
    }

    pub(crate) const fn calling_code(self) -> &'static str {
        self.plan().calling_code
    }

    pub(crate) const fn trunk(self) -> &'static str {
        self.plan().trunk
    }

    /// The national significant number with this serial: one to one, and scattered, so that
    /// neighbours in the population are not neighbours in the numbering plan.
    pub(crate) fn national_number(self, line: Line, serial: u32) -> u64 {
        let space = self.space(line);
        let numbers = space.prefixes.len() as u64 * space.span;
        // The factor has no divisor in common with any count of numbers: a permutation.
        let number = (u64::from(serial) * FACTOR + OFFSET) % numbers;
        let prefix = u64::from(space.prefixes[(number / space.span) as usize]);
        let digits = (space.base + space.span - 1).ilog10() + 1;
        prefix * 10_u64.pow(digits) + space.base + number % space.span
    }

    /// Serials below this give different numbers.
    pub(crate) const fn capacity(self, line: Line) -> u64 {
        let space = self.space(line);
        space.prefixes.len() as u64 * space.span
    }

    const fn space(self, line: Line) -> &'static Space {
        match line {
            Line::Mobile => &self.plan().mobile,
            Line::Landline => &self.plan().landline,
        }
    }

    const fn plan(self) -> &'static Plan {
        match self {
            Self::Id => &INDONESIA,
            Self::Vn => &VIET_NAM,
            Self::Us => &UNITED_STATES,
            Self::Sg => &SINGAPORE,
            Self::My => &MALAYSIA,
            Self::In => &INDIA,
            Self::Br => &BRAZIL,
        }
    }
}

const FACTOR: u64 = 1_618_033_987;
const OFFSET: u64 = 31_415_926;

const INDONESIA: Plan = Plan {
    region: "ID",
    calling_code: "62",
    trunk: "0",
    mobile: Space {
        prefixes: &[
            811, 812, 813, 814, 815, 816, 817, 818, 819, 821, 822, 823, 831, 832, 833, 838, 851,
            852, 853, 855, 856, 857, 858, 859, 877, 878, 881, 882, 888, 895, 896, 897, 898, 899,
        ],
        base: 10_000_000,
        span: 90_000_000,
    },
    landline: Space { prefixes: &[21, 22, 24, 31, 61], base: 3_000_000, span: 5_000_000 },
};

const VIET_NAM: Plan = Plan {
    region: "VN",
    calling_code: "84",
    trunk: "0",
    mobile: Space {
        prefixes: &[
            32, 33, 34, 35, 36, 37, 38, 39, 56, 58, 70, 76, 77, 78, 79, 81, 82, 83, 84, 85, 86, 88,
            90, 91, 93, 94, 96, 97, 98,
        ],
        base: 1_000_000,
        span: 9_000_000,
    },
    landline: Space { prefixes: &[243, 283], base: 5_000_000, span: 4_500_000 },
};

const UNITED_STATES: Plan = Plan {
    region: "US",
    calling_code: "1",
    trunk: "",
    mobile: Space {
        prefixes: &[212, 213, 305, 312, 404, 415, 512, 617, 646, 702, 713, 718, 818, 917],
        base: 2_000_000,
        span: 7_500_000,
    },
    landline: Space { prefixes: &[206, 303, 503, 602], base: 2_000_000, span: 7_500_000 },
};

const SINGAPORE: Plan = Plan {
    region: "SG",
    calling_code: "65",
    trunk: "",
    mobile: Space {
        prefixes: &[81, 82, 83, 84, 85, 86, 87, 90, 91, 92, 93, 94, 96, 97],
        base: 100_000,
        span: 900_000,
    },
    landline: Space { prefixes: &[62, 63, 64, 65, 67], base: 100_000, span: 900_000 },
};

const MALAYSIA: Plan = Plan {
    region: "MY",
    calling_code: "60",
    trunk: "0",
    mobile: Space { prefixes: &[12, 13, 16, 17, 19], base: 2_000_000, span: 7_500_000 },
    landline: Space { prefixes: &[3], base: 80_000_000, span: 9_000_000 },
};

const INDIA: Plan = Plan {
    region: "IN",
    calling_code: "91",
    trunk: "0",
    mobile: Space {
        prefixes: &[987, 981, 999, 990, 971, 961, 941, 931, 901, 880, 700],
        base: 1_000_000,
        span: 9_000_000,
    },
    landline: Space { prefixes: &[11, 22], base: 23_000_000, span: 5_000_000 },
};

const BRAZIL: Plan = Plan {
    region: "BR",
    calling_code: "55",
    trunk: "",
    mobile: Space {
        prefixes: &[119, 219, 319, 419, 519, 619, 719, 819, 859],
        base: 70_000_000,
        span: 30_000_000,
    },
    landline: Space { prefixes: &[11, 21, 31], base: 30_000_000, span: 10_000_000 },
};

#[cfg(test)]
mod tests {
    use super::*;

    fn greatest_common_divisor(a: u64, b: u64) -> u64 {
        if b == 0 { a } else { greatest_common_divisor(b, a % b) }
    }

    #[test]
    fn every_serial_has_a_number_of_its_own() {
        for market in Market::ALL {
            for line in [Line::Mobile, Line::Landline] {
                assert_eq!(greatest_common_divisor(market.capacity(line), FACTOR), 1, "{market:?}");
            }
        }
    }
}
