use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_segmentation::UnicodeSegmentation;

/// How a platform counts the length of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LengthUnit {
    /// Bytes of UTF-8.
    Bytes,
    /// Unicode scalar values, often called characters or code points.
    Scalars,
    /// 16-bit units of UTF-16, as JavaScript and Java count.
    Utf16,
    /// Characters as people see them (UAX #29, extended grapheme clusters).
    Graphemes,
    /// Septets of GSM 03.38, as the telephone network counts. A text with one character outside
    /// that alphabet goes as UCS-2, where each UTF-16 unit takes 16 bits: 160 septets or 70 units.
    Gsm7Septets,
}

/// The longest text that a platform takes somewhere.
///
/// ```
/// use kontak_channel::{LengthUnit, TextLimit};
///
/// let sms = TextLimit::new(160, LengthUnit::Gsm7Septets);
/// assert!(sms.fits(&"a".repeat(160)) && !sms.fits(&"€".repeat(81)));
/// assert!(sms.fits(&"ơ".repeat(70)) && !sms.fits(&"ơ".repeat(71)));
/// assert_eq!(TextLimit::new(20, LengthUnit::Utf16).measure("👋🏽"), 4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Limit", into = "Limit")]
pub struct TextLimit(Limit);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename = "TextLimit")]
struct Limit {
    max: u32,
    unit: LengthUnit,
}

impl TextLimit {
    /// The shortest limit: any scalar value fits in it, in any unit.
    pub const SHORTEST: u32 = 8;

    /// At most `max` of these units.
    ///
    /// # Panics
    /// Below [`SHORTEST`](Self::SHORTEST): limits are constants of an adapter. What is read from
    /// outside goes through serde, which refuses it with an error.
    #[must_use]
    pub const fn new(max: u32, unit: LengthUnit) -> Self {
        assert!(max >= Self::SHORTEST, "no platform has so short a limit");
        Self(Limit { max, unit })
    }

    /// How many.
    #[must_use]
    pub const fn max(self) -> u32 {
        self.0.max
    }

    /// Of what.
    #[must_use]
    pub const fn unit(self) -> LengthUnit {
        self.0.unit
    }

    /// The length of a text in this unit, in O(n).
    #[must_use]
    pub fn measure(self, text: &str) -> usize {
        match self.0.unit {
            LengthUnit::Bytes => text.len(),
            LengthUnit::Scalars => text.chars().count(),
            LengthUnit::Utf16 => text.encode_utf16().count(),
            LengthUnit::Graphemes => text.graphemes(true).count(),
            LengthUnit::Gsm7Septets => {
                let mut count = Septets::default();
                text.chars().for_each(|c| count.add(c));
                count.septets()
            }
        }
    }

    /// Whether a text is short enough.
    #[must_use]
    pub fn fits(self, text: &str) -> bool {
        let max = self.0.max as usize;
        // No unit counts more than one, or 16/7 for the telephone network, for a byte of UTF-8.
        let cheap = match self.0.unit {
            LengthUnit::Gsm7Septets => text.len().saturating_mul(3),
            _ => text.len(),
        };
        cheap <= max || self.measure(text) <= max
    }
}

/// A limit is too short to hold any text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a limit of {max} is too short: expected at least {}", TextLimit::SHORTEST)]
#[non_exhaustive]
pub struct TextLimitError {
    /// The limit.
    pub max: u32,
}

impl TryFrom<Limit> for TextLimit {
    type Error = TextLimitError;

    fn try_from(limit: Limit) -> Result<Self, Self::Error> {
        if limit.max < Self::SHORTEST {
            return Err(TextLimitError { max: limit.max });
        }
        Ok(Self(limit))
    }
}

impl From<TextLimit> for Limit {
    fn from(limit: TextLimit) -> Self {
        limit.0
    }
}

/// Counts a text for the telephone network, character by character; it never shrinks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Septets {
    gsm: usize,
    units: usize,
    beyond: bool,
}

const SEPTET: usize = 7;
const UCS2_UNIT: usize = 16;

impl Septets {
    pub(crate) fn add(&mut self, c: char) {
        self.units += c.len_utf16();
        match gsm_septets(c) {
            Some(septets) => self.gsm += septets,
            None => self.beyond = true,
        }
    }

    pub(crate) fn septets(self) -> usize {
        let bits = if self.beyond { self.units * UCS2_UNIT } else { self.gsm * SEPTET };
        bits.div_ceil(SEPTET)
    }
}

/// How many septets a character takes in the alphabet of GSM 03.38; nothing where it is not in it.
#[must_use]
pub fn gsm_septets(c: char) -> Option<usize> {
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
    const EXTENDED: &str = "\u{c}^{}\\[~]|€";
    if c.is_ascii_alphanumeric() || BASIC.contains(c) {
        Some(1)
    } else if EXTENDED.contains(c) {
        Some(2)
    } else {
        None
    }
}
