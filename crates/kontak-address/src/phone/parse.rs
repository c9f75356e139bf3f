use super::strict::Refused;
use super::writing::Writing;
use super::{NumberType, PhoneError, PhoneNumber, Region, Rescue, fast, rescue, several, strict};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a text comes from, which decides how digits without a plus are read.
///
/// The text alone cannot tell. `62812345678` on WhatsApp is the Indonesian mobile number
/// +62 812 345 678; the same digits typed in Jakarta are a valid landline of the area code 0628.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// A platform's own form: the country code always leads, with a plus or without. WhatsApp ids,
    /// Telegram contacts, caller ids of most carriers.
    International,
    /// A person: national to the parser's region, unless there is a plus or the region's own prefix
    /// for calls abroad.
    Typed,
}

/// Reads phone numbers as one source writes them.
///
/// Reading is strict first: exactly what Google's libphonenumber reads, minus the texts in which it
/// would dial letters or overlook masked digits. Where that gives no valid number, a [`Rescue`] may, and says so.
///
/// ```
/// use kontak_address::{NumberType, Origin, PhoneParser, Rescue};
///
/// let typed = PhoneParser::new(Origin::Typed).with_region("ID".parse()?);
/// let phone = typed.parse("0812-3456-7890")?;
/// assert_eq!(phone.number.to_string(), "+6281234567890");
/// assert_eq!(phone.number_type, NumberType::Mobile);
/// assert_eq!(phone.rescue, None);
///
/// let abroad = typed.parse("00 84 90 123 45 67")?;
/// assert_eq!(abroad.number.to_string(), "+84901234567");
/// assert_eq!(abroad.rescue, Some(Rescue::DialledDoubleZero));
///
/// let whatsapp = PhoneParser::new(Origin::International);
/// assert_eq!(whatsapp.parse("62812345678")?.number.to_string(), "+62812345678");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct PhoneParser {
    origin: Origin,
    region: Option<Region>,
    pub(super) without_plus: fast::WithoutPlus,
}

impl PhoneParser {
    /// The longest text that is read as one number, in bytes.
    pub const MAX_TEXT: usize = 250;

    /// A parser without a region: it reads numbers that say their country.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        let without_plus = match origin {
            Origin::International => fast::WithoutPlus::International,
            Origin::Typed => fast::WithoutPlus::Abstain,
        };
        Self { origin, region: None, without_plus }
    }

    /// The region in which national numbers are read. Without effect on [`Origin::International`].
    #[must_use]
    pub fn with_region(self, region: Region) -> Self {
        let without_plus = match self.origin {
            Origin::International => fast::WithoutPlus::International,
            Origin::Typed => fast::WithoutPlus::national(region),
        };
        Self { region: Some(region), without_plus, ..self }
    }

    /// Reads a text that holds one number.
    ///
    /// What precedes the number ("WA: 0812…") is skipped; digits of any script are read.
    ///
    /// # Errors
    ///
    /// [`PhoneError`] says what is wrong with the text, and where.
    pub fn parse(&self, text: &str) -> Result<ParsedPhone, PhoneError> {
        if text.len() > Self::MAX_TEXT {
            return Err(PhoneError::TextTooLong { bytes: text.len(), limit: Self::MAX_TEXT });
        }
        match self.fast(text) {
            Some(phone) => Ok(phone),
            None => self.parse_slowly(text),
        }
    }

    /// Reads every number in a text, in order: "0812… / 0857…", a note, a signature.
    ///
    /// Only valid numbers are given, rescued ones included; digits that are none, short codes among
    /// them, are passed over.
    ///
    /// ```
    /// use kontak_address::{Origin, PhoneParser};
    ///
    /// let parser = PhoneParser::new(Origin::Typed).with_region("ID".parse()?);
    /// let both = parser.parse_all("0812 3456 789 (Ibu) / 0857 1234 567");
    /// assert_eq!(both.len(), 2);
    /// assert_eq!(both[1].number.to_string(), "+628571234567");
    /// # Ok::<(), kontak_address::RegionError>(())
    /// ```
    #[must_use]
    pub fn parse_all(&self, text: &str) -> Vec<ParsedPhone> {
        match self.parse(text) {
            Ok(phone) if phone.number_type == NumberType::Short => Vec::new(),
            Ok(phone) => vec![phone],
            Err(_) => self.parse_pieces(text),
        }
    }

    #[inline]
    pub(super) fn fast(&self, text: &str) -> Option<ParsedPhone> {
        let fast::Answer { number, number_type, region, rescue } =
            fast::parse(text, self.without_plus)?;
        Some(ParsedPhone { number, number_type, region: Some(region), extension: None, rescue })
    }

    #[cold]
    pub(super) fn parse_slowly(&self, text: &str) -> Result<ParsedPhone, PhoneError> {
        let parsed = self.parse_one(text);
        // The engine takes "81234567,91234567" for a number and its extension.
        let suspicious = match &parsed {
            Ok(phone) => phone.extension.as_ref().is_some_and(|extension| extension.len() >= 7),
            Err(_) => Writing::new(text).is_some_and(|writing| writing.may_be_several()),
        };
        let count = if suspicious { self.parse_pieces(text).len() } else { 0 };
        if count > 1 { Err(PhoneError::SeveralNumbers { count }) } else { parsed }
    }

    fn parse_pieces(&self, text: &str) -> Vec<ParsedPhone> {
        several::pieces(text, self.origin, self.region)
            .filter(|piece| piece.len() <= Self::MAX_TEXT)
            .filter_map(|piece| self.parse_one(piece).ok())
            .filter(|phone| phone.number_type != NumberType::Short)
            .collect()
    }

    /// One number, never several.
    fn parse_one(&self, text: &str) -> Result<ParsedPhone, PhoneError> {
        strict::parse(text, self.origin, self.region).or_else(|refused| {
            let rescued = rescue::rescue(text, &refused, self.origin, self.region);
            let Refused { error, .. } = refused;
            rescued.ok_or(error)
        })
    }
}

impl fmt::Debug for PhoneParser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneParser")
            .field("origin", &self.origin)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

/// A number that was read, and what is known about it by the metadata of
/// [`PHONE_DATA_VERSION`](crate::PHONE_DATA_VERSION).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ParsedPhone {
    /// The number.
    pub number: PhoneNumber,
    /// What it is for.
    pub number_type: NumberType,
    /// The region whose plan holds it; `None` for networks that belong to no region.
    pub region: Option<Region>,
    /// The digits to dial once connected. A number with an extension is a switchboard: the line is
    /// shared, and the number alone is not whoever gave it.
    pub extension: Option<String>,
    /// The rule by which it was read, if it was not valid as it stood.
    pub rescue: Option<Rescue>,
}

impl fmt::Debug for ParsedPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParsedPhone")
            .field("number", &self.number)
            .field("number_type", &self.number_type)
            .field("region", &self.region)
            .field("extension", &self.extension.as_ref().map(|digits| "*".repeat(digits.len())))
            .field("rescue", &self.rescue)
            .finish()
    }
}
