use super::plan::{Dialled, Plan, Prefixes};
use super::{WithoutPlus, classify, parse, tables};
use crate::phone::{NumberType, PhoneNumber, Region, reference};

/// National numbers of other lengths are no mobile numbers anywhere.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=15;

#[test]
fn tables_are_what_the_metadata_says() {
    for plan in tables::PLANS {
        for length in LENGTHS {
            for number_type in [NumberType::Mobile, NumberType::FixedLineOrMobile] {
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
        self.classify(Dialled { value, count: length as u32, first: None })
    }
}

/// Every four-digit beginning, every length, every writing: where the fast path answers, the
/// reference reads the same number from the same text.
#[test]
fn answers_are_what_the_reference_reads() {
    for plan in tables::PLANS {
        let mut answered = 0;
        for prefix in 0..Prefixes::COUNT {
            for length in LENGTHS {
                let tail = (prefix as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let free = length - 4;
                let tail = tail % 10_u64.pow(free as u32);
                let dialled = if free == 0 {
                    format!("{prefix:04}")
                } else {
                    format!("{prefix:04}{tail:0free$}")
                };
                answered += usize::from(agrees(&dialled, WithoutPlus::National(plan), Some(plan)));
                agrees(&dialled, WithoutPlus::International, None);
                let trunk = plan.trunk.unwrap_or(0);
                agrees(&format!("{trunk}{dialled}"), WithoutPlus::National(plan), Some(plan));
                let abroad = format!("{}{dialled}", plan.country_code);
                agrees(&abroad, WithoutPlus::International, None);
                agrees(&abroad, WithoutPlus::National(plan), Some(plan));
                agrees(&format!("+{abroad}"), WithoutPlus::National(plan), Some(plan));
            }
        }
        assert!(answered > 0, "{}", plan.region);
    }
}

/// Whether the fast path answered; panics where the reference says otherwise.
fn agrees(text: &str, without_plus: WithoutPlus, plan: Option<&Plan>) -> bool {
    let Some((number, number_type, region)) = parse(text, without_plus) else { return false };
    let as_read = match without_plus {
        WithoutPlus::International => format!("+{text}"),
        _ => text.to_owned(),
    };
    let reference = reference::read(&as_read, plan.map(|plan| plan.region))
        .unwrap_or_else(|_| panic!("the reference refuses {text} in {plan:?}"));
    assert_eq!(
        number.digits(),
        reference.number.digits(),
        "{text} by {:?}",
        plan.map(|p| p.region)
    );
    assert_eq!((number_type, Some(region)), (reference.number_type, reference.region), "{text}");
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
