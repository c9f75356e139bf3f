//! Three ways from the text of a phone number to a key.

use kontak_address::{Origin, PhoneNumber, PhoneParser};
use kontak_identity::IdentifierClass;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType};

/// A number, if the text holds one, and what is known of it. The text is not empty.
pub(crate) trait ReadPhone {
    fn read(&mut self, text: &str, region: &str) -> Option<(PhoneNumber, IdentifierClass)>;
}

/// What is made of a region, once for each.
pub(crate) struct ByRegion<T> {
    make: fn(&str) -> Option<T>,
    known: Vec<(Box<str>, Option<T>)>,
}

impl<T: Copy> ByRegion<T> {
    pub(crate) fn new(make: fn(&str) -> Option<T>) -> Self {
        Self { make, known: Vec::new() }
    }

    pub(crate) fn get(&mut self, region: &str) -> Option<T> {
        if let Some((_, made)) = self.known.iter().find(|(known, _)| **known == *region) {
            return *made;
        }
        let made = (self.make)(region);
        self.known.push((region.into(), made));
        made
    }
}

pub(crate) struct Kontak(ByRegion<PhoneParser>);

impl Kontak {
    pub(crate) fn new() -> Self {
        let parser =
            |region: &str| Some(PhoneParser::new(Origin::Typed).with_region(region.parse().ok()?));
        Self(ByRegion::new(parser))
    }
}

impl ReadPhone for Kontak {
    fn read(&mut self, text: &str, region: &str) -> Option<(PhoneNumber, IdentifierClass)> {
        let phone = self.0.get(region)?.parse(text).ok()?;
        Some((phone.number, phone.number_type.into()))
    }
}

pub(crate) struct Engine(ByRegion<rlibphonenumber::Region>);

impl Engine {
    pub(crate) fn new() -> Self {
        Self(ByRegion::new(|region| region.parse().ok()))
    }
}

impl ReadPhone for Engine {
    fn read(&mut self, text: &str, region: &str) -> Option<(PhoneNumber, IdentifierClass)> {
        let number = PHONE_NUMBER_UTIL.parse(text, self.0.get(region)).ok()?;
        let class = match PHONE_NUMBER_UTIL.get_number_type(&number) {
            // Which is what `is_valid_number` asks as well.
            PhoneNumberType::Unknown => return None,
            PhoneNumberType::FixedLine => IdentifierClass::FixedLine,
            PhoneNumberType::TollFree => IdentifierClass::TollFree,
            PhoneNumberType::SharedCost => IdentifierClass::SharedCost,
            PhoneNumberType::PremiumRate => IdentifierClass::PremiumRate,
            PhoneNumberType::UAN => IdentifierClass::CallCentre,
            PhoneNumberType::VoiceMail | PhoneNumberType::Pager => IdentifierClass::Machine,
            _ => IdentifierClass::Personal,
        };
        let e164 = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164);
        Some((PhoneNumber::from_e164(&e164).ok()?, class))
    }
}

pub(crate) struct Peer(ByRegion<phonenumber::country::Id>);

impl Peer {
    pub(crate) fn new() -> Self {
        Self(ByRegion::new(|region| region.parse().ok()))
    }

    pub(crate) fn e164(&mut self, text: &str, region: &str) -> Option<String> {
        let number = phonenumber::parse(self.0.get(region), text).ok()?;
        let e164 = || number.format().mode(phonenumber::Mode::E164).to_string();
        number.is_valid().then(e164)
    }
}
