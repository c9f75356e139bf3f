use super::plan::{Dialled, Plan, Prefixes};
use super::{Answer, WithoutPlus, classify, parse, tables};
use crate::phone::{NumberType, Origin, PhoneNumber, PhoneParser, Region, reference};

/// National numbers of other lengths are no mobile numbers anywhere.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=15;

#[test]
fn tables_are_what_the_metadata_says() {
    for plan in tables::PLANS {
        for length in LENGTHS {
            let fixed = plan.ranges.iter().any(|range| {
                range.number_type == NumberType::FixedLine && range.lengths >> length & 1 == 1
            });
            let fixed = fixed.then_some(NumberType::FixedLine);
            let mobile = [NumberType::Mobile, NumberType::FixedLineOrMobile];
            for number_type in mobile.into_iter().chain(fixed) {
                let ours = runs(|prefix| plan.answers(prefix, length) == Some(number_type));
                let reference = runs(|prefix| {
                    is_uniform(plan, prefix, length, (number_type, Some(plan.region)))
                });
                assert!(
                    ours == reference,
                    "{} {number_type:?}, {length} digits: the metadata says {reference:?}",
                    plan.region
                );
            }
        }
    }
}

/// Metadata patterns look at six leading digits at most and leave the rest free, so to try two more
/// than a table entry has is to try all. The tails differ in case a pattern learns to look further.
fn is_uniform(
    plan: &Plan,
    prefix: usize,
    length: usize,
    expected: (NumberType, Option<Region>),
) -> bool {
    let free = length - 4;
    let tried = free.min(2);
    (0..10_u64.pow(tried as u32)).all(|next| {
        let rest = 10_u64.pow((free - tried) as u32);
        let tail = next.wrapping_mul(0x9e37_79b9_7f4a_7c15) % rest;
        let beginning = prefix as u64 * 10_u64.pow(tried as u32) + next;
        let national = beginning * rest + tail;
        let number = number(plan, national, length);
        number.is_some_and(|number| reference::classify(number) == expected)
    })
}

fn number(plan: &Plan, national: u64, length: usize) -> Option<PhoneNumber> {
    let country_code = plan.country_code as u16;
    PhoneNumber::from_parts(country_code, national, length as u32)
}

fn runs(holds: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for prefix in (0..Prefixes::COUNT).filter(|prefix| holds(*prefix)) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == prefix => *last = prefix,
            _ => runs.push((prefix, prefix)),
        }
    }
    runs
}

impl Plan {
    fn answers(&self, prefix: usize, length: usize) -> Option<NumberType> {
        let value = prefix as u64 * 10_u64.pow(length as u32 - 4);
        self.classify(Dialled { value, count: length as u32, zeros: 0 })
    }
}

/// Every four-digit beginning and every length.
fn national_numbers() -> impl Iterator<Item = String> {
    (0..Prefixes::COUNT).flat_map(|prefix| {
        LENGTHS.map(move |length| {
            let tail = (prefix as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let free = length - 4;
            match free {
                0 => format!("{prefix:04}"),
                _ => format!("{prefix:04}{:0free$}", tail % 10_u64.pow(free as u32)),
            }
        })
    })
}

/// Every number, every writing: where the fast path answers, the slow one reads the same from the
/// same text.
#[test]
fn answers_are_what_the_slow_path_reads() {
    let platform = PhoneParser::new(Origin::International);
    for plan in tables::PLANS {
        let typed = PhoneParser::new(Origin::Typed).with_region(plan.region);
        let (code, trunk) = (plan.country_code, plan.trunk.unwrap_or(0));
        let mut answered = 0;
        for dialled in national_numbers() {
            answered += usize::from(agrees(&dialled, &typed));
            agrees(&dialled, &platform);
            agrees(&format!("{code}{dialled}"), &platform);
            agrees(&format!("{trunk}{dialled}"), &typed);
            agrees(&format!("{code}{dialled}"), &typed);
            agrees(&format!("+{code}{dialled}"), &typed);
            agrees(&format!("{code}{trunk}{dialled}"), &typed);
        }
        assert!(answered > 0, "{}", plan.region);
    }
}

#[test]
fn what_follows_two_zeros_is_what_the_slow_path_reads() {
    let mut rescued = 0;
    for plan in tables::PLANS {
        let typed = PhoneParser::new(Origin::Typed).with_region(plan.region);
        for code in tables::PLANS.map(|plan| plan.country_code) {
            for dialled in national_numbers() {
                let text = format!("00{code}{dialled}");
                rescued += usize::from(agrees(&text, &typed));
                agrees(&format!("0{text}"), &typed);
            }
        }
    }
    assert!(rescued > 0);
}

/// The ways to write one number.
#[test]
fn marks_between_the_digits_are_what_the_slow_path_reads() {
    let full_width = |digit: char| char::from_u32(u32::from(digit) + 0xfee0).unwrap_or(digit);
    for plan in tables::PLANS {
        let typed = PhoneParser::new(Origin::Typed).with_region(plan.region);
        let (code, trunk) = (plan.country_code, plan.trunk.unwrap_or(0));
        let mut answered = 0;
        for dialled in national_numbers().step_by(7) {
            let (a, b) = dialled.split_at(3);
            let wide: String = dialled.chars().map(full_width).collect();
            for text in [
                format!("+{code}\u{a0}{a}\u{a0}{b}"),
                format!("\u{a0}{trunk}{a}\u{a0}-{b}\u{a0}"),
                format!("'{trunk}{dialled}"),
                format!("' +{code} {dialled}"),
                format!("{}{wide}", full_width(char::from(b'0' + trunk))),
                format!("+{code}{a}{wide}"),
                format!("+{code} ({trunk}) {a}-{b}."),
                format!("WA' {trunk}{a}.{b})"),
                format!("00{code}\u{a0}{a} {b}"),
                format!("{code}-{wide}"),
            ] {
                answered += usize::from(agrees(&text, &typed));
            }
        }
        assert!(answered > 0, "{}", plan.region);
    }
}

/// Whether the fast path answered; panics where the slow one says otherwise.
fn agrees(text: &str, parser: &PhoneParser) -> bool {
    let Some(Answer { number, number_type, region, .. }) = parse(text, parser.without_plus) else {
        return false;
    };
    assert_eq!(parser.fast(text), parser.parse_slowly(text).ok(), "{text:?} by {parser:?}");
    assert_eq!(classify(number), Some((number_type, region)), "{text}");
    true
}

/// Which reading wins there is the reference's to say.
#[test]
fn abstains_where_the_country_code_leads_without_a_plus() {
    for (region, text) in [("ID", "62812345678"), ("IN", "9123456789"), ("BR", "55912345678")] {
        let national = WithoutPlus::national(region.parse().unwrap());
        assert!(parse(text, national).is_none(), "{region}");
        assert!(parse(&format!("0{text}"), national).is_some() || region == "ID", "{region}");
    }
}
