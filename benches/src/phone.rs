use crate::random::Draws;
use crate::{Market, Random};

/// How somebody types a phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhoneWriting {
    International,
    InternationalGrouped,
    DoubleZero,
    WithoutPlus,
    National,
    NationalGrouped,
    Bracketed,
    FullWidth,
    Labelled,
    Quoted,
    WithoutTrunk,
    /// As it was written before the numbering plan changed.
    Former,
}

const HOME_WRITINGS: [(PhoneWriting, u32); 12] = [
    (PhoneWriting::International, 30),
    (PhoneWriting::InternationalGrouped, 10),
    (PhoneWriting::DoubleZero, 2),
    (PhoneWriting::WithoutPlus, 10),
    (PhoneWriting::National, 26),
    (PhoneWriting::NationalGrouped, 12),
    (PhoneWriting::Bracketed, 2),
    (PhoneWriting::FullWidth, 1),
    (PhoneWriting::Labelled, 2),
    (PhoneWriting::Quoted, 2),
    (PhoneWriting::WithoutTrunk, 2),
    (PhoneWriting::Former, 1),
];

impl PhoneWriting {
    pub(crate) fn draw(random: &mut Random) -> Self {
        random.weighted(&HOME_WRITINGS)
    }

    /// What can be read back in `market`; the others become international.
    fn readable(self, market: Market, national: u64) -> Self {
        match self {
            // Digits that begin like the calling code may be a national number themselves; the
            // mobile numbers of these two are too long for that.
            Self::WithoutPlus if !is_unmistakable(market, national) => Self::International,
            Self::WithoutTrunk if market.trunk().is_empty() => Self::National,
            Self::WithoutTrunk if begins_with(national, market.calling_code()) => Self::National,
            Self::DoubleZero if matches!(market, Market::Us | Market::Br) => Self::International,
            Self::Former if former(market, national).is_none() => Self::National,
            other => other,
        }
    }
}

/// Writes the number as `writing` has it. In a row of another region only the international forms
/// mean the same number.
pub(crate) fn write_phone(
    out: &mut String,
    (market, national): (Market, u64),
    at_home: bool,
    writing: PhoneWriting,
    random: &mut Random,
) {
    let writing = match writing {
        grouped @ PhoneWriting::InternationalGrouped => grouped,
        _ if !at_home => PhoneWriting::International,
        home => home.readable(market, national),
    };
    let (code, trunk) = (market.calling_code(), market.trunk());
    let digits = national.to_string();
    let separator = random.pick(&["-", " ", "-", " ", ".", "\u{a0}"]);
    match writing {
        PhoneWriting::International => out.extend(["+", code, &digits]),
        PhoneWriting::InternationalGrouped => {
            out.extend(["+", code, if separator == "." { " " } else { separator }]);
            group(out, &digits, separator);
        }
        PhoneWriting::DoubleZero => out.extend(["00", code, &digits]),
        PhoneWriting::WithoutPlus => out.extend([code, &digits]),
        PhoneWriting::National => out.extend([trunk, &digits]),
        PhoneWriting::NationalGrouped => {
            out.push_str(trunk);
            group(out, &digits, separator);
        }
        PhoneWriting::Bracketed => {
            let (head, tail) = digits.split_at(3);
            out.extend(["(", trunk, head, ") "]);
            group(out, tail, "-");
        }
        PhoneWriting::FullWidth => out.extend(trunk.chars().chain(digits.chars()).map(full_width)),
        PhoneWriting::Labelled => {
            let label = random.pick(&["WA: ", "Telp. ", "tel:", "HP "]);
            out.extend([label, trunk, &digits]);
        }
        PhoneWriting::Quoted => out.extend(["'", trunk, &digits]),
        PhoneWriting::WithoutTrunk => out.push_str(&digits),
        PhoneWriting::Former => {
            let former = former(market, national).unwrap_or(national).to_string();
            out.extend([trunk, &former]);
        }
    }
}

const fn is_unmistakable(market: Market, national: u64) -> bool {
    match market {
        Market::Id => national > 80_000_000_000,
        Market::Vn => true,
        _ => false,
    }
}

/// Groups of three or four digits.
fn group(out: &mut String, digits: &str, separator: &str) {
    let mut rest = digits;
    while rest.len() > 4 {
        let (head, tail) = rest.split_at(if rest.len().is_multiple_of(4) { 4 } else { 3 });
        out.push_str(head);
        out.push_str(separator);
        rest = tail;
    }
    out.push_str(rest);
}

fn full_width(digit: char) -> char {
    char::from_u32(u32::from(digit) - u32::from('0') + 0xff10).unwrap_or(digit)
}

fn begins_with(national: u64, code: &str) -> bool {
    national.to_string().starts_with(code)
}

/// The number as dialled before Viet Nam went from eleven to ten digits (2018) and before
/// Brazilian mobiles got their ninth digit.
fn former(market: Market, national: u64) -> Option<u64> {
    match market {
        Market::Vn => {
            let (prefix, subscriber) = (national / 10_000_000, national % 10_000_000);
            let old = match prefix {
                70 => 120,
                79 => 121,
                77 => 122,
                76 => 126,
                78 => 128,
                83 => 123,
                84 => 124,
                85 => 125,
                81 => 127,
                82 => 129,
                32..=39 => 130 + prefix,
                56 => 186,
                58 => 188,
                _ => return None,
            };
            Some(old * 10_000_000 + subscriber)
        }
        Market::Br if national >= 10_000_000_000 => {
            Some(national / 1_000_000_000 * 100_000_000 + national % 100_000_000)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::Line;
    use crate::placeholder;
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

    fn e164(text: &str, market: Market) -> Option<String> {
        let region = Region::from_code(market.region()).unwrap();
        let number = PHONE_NUMBER_UTIL.parse(text, Some(region)).ok()?;
        let e164 = || PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned();
        PHONE_NUMBER_UTIL.is_valid_number(&number).then(e164)
    }

    /// Those that the reference reads; the others are for a rescue above it.
    fn is_standard(writing: PhoneWriting, market: Market) -> bool {
        match writing {
            PhoneWriting::DoubleZero => market != Market::Id && market != Market::Sg,
            PhoneWriting::Former => false,
            _ => true,
        }
    }

    #[test]
    fn every_number_is_valid_and_every_standard_writing_is_read_back() {
        let mut random = Random::new(1);
        for market in Market::ALL {
            for line in [Line::Mobile, Line::Landline] {
                for serial in (0..100_000).step_by(97) {
                    let national = market.national_number(line, serial);
                    let key = format!("+{}{national}", market.calling_code());
                    assert_eq!(e164(&key, market), Some(key.clone()), "{market:?} {line:?}");
                    for (writing, _) in HOME_WRITINGS {
                        let mut text = String::new();
                        write_phone(&mut text, (market, national), true, writing, &mut random);
                        if is_standard(writing.readable(market, national), market) {
                            let read = e164(&text, market);
                            assert_eq!(read.as_ref(), Some(&key), "{text} {writing:?}");
                        }
                    }
                    let mut abroad = String::new();
                    let writing = PhoneWriting::draw(&mut random);
                    write_phone(&mut abroad, (market, national), false, writing, &mut random);
                    assert_eq!(e164(&abroad, Market::Vn), Some(key), "{abroad}");
                }
            }
        }
    }

    #[test]
    fn the_former_writing_is_the_one_of_the_old_plan() {
        assert_eq!(former(Market::Vn, 701_234_567), Some(1_201_234_567));
        assert_eq!(former(Market::Vn, 321_234_567), Some(1_621_234_567));
        assert_eq!(former(Market::Vn, 391_234_567), Some(1_691_234_567));
        assert_eq!(former(Market::Vn, 901_234_567), None);
        assert_eq!(former(Market::Br, 11_987_654_321), Some(1_187_654_321));
        assert_eq!(former(Market::Br, 1_132_345_678), None);
    }

    #[test]
    fn placeholders_have_the_key_that_the_reference_makes() {
        for market in Market::ALL {
            for (text, key) in placeholder::phones(market) {
                assert_eq!(e164(text, market).as_deref(), *key, "{market:?} {text}");
            }
        }
    }
}
