use super::strict::{self, Refused};
use super::writing::Writing;
use super::{NumberType, Origin, ParsedPhone, PhoneError, PhoneNumber, Region, renumbering};
use serde::{Deserialize, Serialize};

/// The rule by which a text was read that is no valid number as it stands.
///
/// A rescue is a guess, if a good one: weigh it as evidence. At most one rule is applied to a text,
/// it must lead to a valid number, and it is never tried where the strict reading is valid.
///
/// ```
/// use kontak_address::{Origin, PhoneParser, Rescue};
///
/// let parser = PhoneParser::new(Origin::Typed).with_region("VN".parse()?);
/// let old = parser.parse("0168 123 4567")?;
/// assert_eq!(old.number.to_string(), "+84381234567");
/// assert_eq!(old.rescue, Some(Rescue::VietnamTenDigits2018));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rescue {
    /// `00` stands for the plus, in a country that dials out with something else.
    DialledDoubleZero,
    /// A Vietnamese mobile number from before the autumn of 2018.
    #[serde(rename = "vietnam_ten_digits_2018")]
    VietnamTenDigits2018,
    /// A Brazilian mobile number without its ninth digit.
    BrazilNinthDigit,
    /// A Mexican number with the 1 that was abolished in 2019.
    MexicoMobileOne,
    /// Words follow the number, such as the name of whoever answers.
    WordsAfterNumber,
}

/// Tries the rules on a text that was refused.
pub(super) fn rescue(
    text: &str,
    refused: &Refused,
    origin: Origin,
    region: Option<Region>,
) -> Option<ParsedPhone> {
    if let Some(reading) = &refused.reading
        && let Some((rule, number)) = rewrite(reading.number)
    {
        let extension = reading.extension.clone();
        return Some(ParsedPhone { extension, ..valid(number, rule)? });
    }
    if matches!(refused.error, PhoneError::Masked { .. }) {
        return None;
    }
    let writing = Writing::new(text)?;
    let (rule, parsed) = match (after_double_zero(&writing), writing.before_words()) {
        (Some(rest), None) => {
            (Rescue::DialledDoubleZero, strict::parse(rest, Origin::International, None))
        }
        (None, Some(before)) => (Rescue::WordsAfterNumber, strict::parse(before, origin, region)),
        _ => return None,
    };
    let parsed = parsed.ok().filter(|parsed| parsed.number_type != NumberType::Short)?;
    Some(ParsedPhone { rescue: Some(rule), ..parsed })
}

fn rewrite(number: PhoneNumber) -> Option<(Rescue, PhoneNumber)> {
    renumbering::vietnam_2018(number)
        .map(|number| (Rescue::VietnamTenDigits2018, number))
        .or_else(|| Some((Rescue::BrazilNinthDigit, renumbering::brazil_ninth_digit(number)?)))
        .or_else(|| Some((Rescue::MexicoMobileOne, renumbering::mexico_mobile_one(number)?)))
}

fn valid(number: PhoneNumber, rule: Rescue) -> Option<ParsedPhone> {
    let (number_type, region) = number.classify();
    let parsed = ParsedPhone { number, number_type, region, extension: None, rescue: Some(rule) };
    (number_type != NumberType::Unknown).then_some(parsed)
}

fn after_double_zero<'a>(writing: &Writing<'a>) -> Option<&'a str> {
    let zero = |c: char| matches!(c, '0' | '０' | '٠' | '۰');
    (!writing.is_uri()).then(|| writing.number().strip_prefix(zero)?.strip_prefix(zero)).flatten()
}
