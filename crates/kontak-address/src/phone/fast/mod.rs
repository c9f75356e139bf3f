//! The way round the metadata engine for the writings that make up nearly all traffic: digits of a
//! mobile number of a few large plans, of a fixed line of some.
//!
//! Every function here answers only where it is certain to say what the reference says, and
//! abstains otherwise: it never refuses a number. The tables are held against the reference number
//! range by number range in the tests, so that new metadata turns them red.

mod plan;
mod tables;
#[cfg(test)]
mod tests;

use super::{NumberType, PhoneNumber, Region, Rescue};
use plan::{Dialled, DoubleZero, Plan};

/// How a text without a plus is to be read.
#[derive(Clone, Copy)]
pub(super) enum WithoutPlus {
    /// The country code leads.
    International,
    /// By the plan of one region.
    National(&'static Plan),
    /// Not here: there is no plan to read it by.
    Abstain,
}

impl WithoutPlus {
    /// The national reading in `region`, where there is a table for it.
    pub(super) fn national(region: Region) -> Self {
        let plan = tables::PLANS.iter().find(|plan| plan.region == region);
        plan.map_or(Self::Abstain, |plan| Self::National(plan))
    }
}

/// What the fast path says of a text.
pub(super) struct Answer {
    pub(super) number: PhoneNumber,
    pub(super) number_type: NumberType,
    pub(super) region: Region,
    pub(super) rescue: Option<Rescue>,
}

/// Reads digits, full-width ones too, set apart by spaces, dashes, dots and parentheses, after a
/// label such as "WA:" or the apostrophe of a spreadsheet.
#[inline]
pub(super) fn parse(text: &str, without_plus: WithoutPlus) -> Option<Answer> {
    let (plus, dialled) = scan(text)?;
    let mut rescue = None;
    let (plan, national) = match without_plus {
        WithoutPlus::National(plan) if !plus && dialled.zeros >= 2 => {
            let (codes, rule) = match plan.double_zero {
                DoubleZero::Abroad(codes) => (codes, None),
                DoubleZero::Rescued(codes) => (codes, Some(Rescue::DialledDoubleZero)),
            };
            rescue = rule;
            let count = dialled.count - 2;
            let found = (dialled.zeros == 2)
                .then(|| international(Dialled { value: dialled.value, count, zeros: 0 }))??;
            codes.contains(&found.0.country_code).then_some(found)?
        }
        WithoutPlus::National(plan) if !plus => (plan, plan.strip_trunk(dialled)?),
        WithoutPlus::Abstain if !plus => return None,
        _ => international(dialled)?,
    };
    let number_type = plan.classify(national)?;
    Some(Answer { number: plan.number(national)?, number_type, region: plan.region, rescue })
}

/// Type and region of a number.
pub(super) fn classify(number: PhoneNumber) -> Option<(NumberType, Region)> {
    let (country_code, value, count) = number.parts();
    let plan = tables::PLANS.iter().find(|plan| plan.country_code == u64::from(country_code))?;
    let number_type = plan.classify(Dialled { value, count, zeros: 0 })?;
    Some((number_type, plan.region))
}

#[inline]
fn scan(text: &str) -> Option<(bool, Dialled)> {
    let mut dialled = Dialled { value: 0, count: 0, zeros: 0 };
    let mut plus = false;
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'0'..=b'9' => dialled.push(byte - b'0'),
            b' ' | b'-' | b'.' | b'(' | b')' => {}
            b'+' if !plus && dialled.count == 0 => plus = true,
            // An x may stand for a digit that is withheld.
            b':' | b'/' | b'\'' | b'a'..=b'w' | b'y' | b'z' | b'A'..=b'W' | b'Y' | b'Z'
                if !plus && dialled.count == 0 => {}
            _ => match (byte, after) {
                (0xc2, [0xa0, after @ ..]) => rest = after,
                (0xef, [0xbc, digit @ 0x90..=0x99, after @ ..]) => {
                    dialled.push(digit - 0x90);
                    rest = after;
                }
                _ => return None,
            },
        }
    }
    (dialled.count <= Dialled::MOST).then_some((plus, dialled))
}

#[inline]
fn international(dialled: Dialled) -> Option<(&'static Plan, Dialled)> {
    tables::PLANS.iter().find_map(|plan| Some((*plan, plan.strip_country_code(dialled)?)))
}
