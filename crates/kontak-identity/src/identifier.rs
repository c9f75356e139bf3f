use kontak_address::{
    EMAIL_DATA_VERSION, EmailAddress, MailboxKind, NumberType, PHONE_DATA_VERSION, ParsedPhone,
    PhoneNumber,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// What kind of value ties accounts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IdentifierKind {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
}

/// What was known about a value when it was normalised, by the data of that day.
///
/// It is recorded with the fact, so that a later release with newer tables changes no conclusion.
/// [`Policy::never_join`](crate::Policy::never_join) says which classes tie nobody together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IdentifierClass {
    /// A value that one person or one household may hold.
    Personal,
    /// A fixed line.
    FixedLine,
    /// A number that is free for the caller.
    TollFree,
    /// A number whose cost is shared.
    SharedCost,
    /// A number that charges the caller.
    PremiumRate,
    /// A company's one number for all its places, a call-centre number, a short number.
    CallCentre,
    /// A number that reaches a machine: voice mail, pager.
    Machine,
    /// A mailbox of a function, not of a person: `info@`, `layanan@`, `hotro@`.
    RoleMailbox,
    /// A throw-away mailbox.
    DisposableMailbox,
}

/// One value, as it is compared: digits of E.164, or the key of a mailbox.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum IdentifierRef<'a> {
    Phone(u64),
    Email(&'a str),
}

impl IdentifierRef<'_> {
    pub(crate) fn kind(self) -> IdentifierKind {
        match self {
            Self::Phone(_) => IdentifierKind::Phone,
            Self::Email(_) => IdentifierKind::Email,
        }
    }

    pub(crate) fn to_value(self) -> IdentifierValue {
        match self {
            Self::Phone(digits) => IdentifierValue::Phone(digits),
            Self::Email(key) => IdentifierValue::Email(key.into()),
        }
    }
}

/// One value that touchpoints are compared by. `Debug` is masked; `Display` shows it whole.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IdentifierValue {
    /// The digits of a number in E.164, or of a [`LineKey`](kontak_address::LineKey).
    #[serde(with = "digits")]
    Phone(u64),
    /// The exact or the canonical key of an e-mail address.
    Email(Box<str>),
}

impl IdentifierValue {
    /// Phone or e-mail.
    #[must_use]
    pub fn kind(&self) -> IdentifierKind {
        self.as_ref().kind()
    }

    /// A form for the screen of an agent who has no need to know: `+62…89`, `b…@example.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::Phone(digits) => {
                let text = digits.to_string();
                let (head, tail) = (text.len().min(2), text.len().saturating_sub(2).max(2));
                format!("+{}…{}", &text[..head], text.get(tail..).unwrap_or_default())
            }
            Self::Email(key) => {
                let (local, domain) = key.rsplit_once('@').unwrap_or((key, ""));
                format!("{}…@{domain}", local.chars().next().unwrap_or('?'))
            }
        }
    }

    pub(crate) fn as_ref(&self) -> IdentifierRef<'_> {
        match self {
            Self::Phone(digits) => IdentifierRef::Phone(*digits),
            Self::Email(key) => IdentifierRef::Email(key),
        }
    }
}

impl fmt::Display for IdentifierValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(digits) => write!(f, "+{digits}"),
            Self::Email(key) => f.write_str(key),
        }
    }
}

impl fmt::Debug for IdentifierValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// One identifier as a fact is recorded: the value, the weaker value that it also stands for, and
/// what was known about it.
///
/// The weaker value is the canonical form of a mailbox (`budi.s+shop@gmail.com` reaches
/// `budis@gmail.com`) or the line that two writings of a number share. It joins too, as weaker
/// evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Identifier {
    /// The value exactly.
    pub value: IdentifierValue,
    /// The value that other writings of it agree on, where that is a different one.
    pub weaker: Option<IdentifierValue>,
    /// What was known about it when it was normalised.
    pub class: IdentifierClass,
    /// By which tables of its kind that was:
    /// [`PHONE_DATA_VERSION`](kontak_address::PHONE_DATA_VERSION) or
    /// [`EMAIL_DATA_VERSION`](kontak_address::EMAIL_DATA_VERSION). A later release keeps what was
    /// concluded under these, and can tell what to normalise anew.
    pub data_version: Cow<'static, str>,
}

impl Identifier {
    /// A number that was normalised before, and what was known of it then; under the tables of
    /// this release, unless [`data_version`](Self::data_version) is set to others.
    #[must_use]
    pub fn phone(number: PhoneNumber, class: IdentifierClass) -> Self {
        let (digits, line) = (number.digits(), number.line_key().digits());
        Self {
            value: IdentifierValue::Phone(digits),
            weaker: (line != digits).then_some(IdentifierValue::Phone(line)),
            class,
            data_version: Self::phone_version(),
        }
    }

    pub(crate) fn phone_version() -> Cow<'static, str> {
        PHONE_DATA_VERSION.into()
    }

    pub(crate) fn email_version(address: &EmailAddress) -> Cow<'static, str> {
        match address.data_version() {
            EMAIL_DATA_VERSION => THIS_EMAIL_VERSION.into(),
            other => other.to_string().into(),
        }
    }
}

/// [`EMAIL_DATA_VERSION`] as text.
const THIS_EMAIL_VERSION: &str = "1";

impl From<&ParsedPhone> for Identifier {
    fn from(phone: &ParsedPhone) -> Self {
        Self::phone(phone.number, phone.number_type.into())
    }
}

impl From<&EmailAddress> for Identifier {
    fn from(address: &EmailAddress) -> Self {
        let (exact, canonical) = (address.exact_key(), address.canonical_key());
        Self {
            value: IdentifierValue::Email(exact.into()),
            weaker: (canonical != exact).then(|| IdentifierValue::Email(canonical.into())),
            class: address.kind().into(),
            data_version: Self::email_version(address),
        }
    }
}

impl From<NumberType> for IdentifierClass {
    fn from(number_type: NumberType) -> Self {
        match number_type {
            NumberType::FixedLine => Self::FixedLine,
            NumberType::TollFree => Self::TollFree,
            NumberType::SharedCost => Self::SharedCost,
            NumberType::PremiumRate => Self::PremiumRate,
            NumberType::Uan | NumberType::Short => Self::CallCentre,
            NumberType::Voicemail | NumberType::Pager => Self::Machine,
            _ => Self::Personal,
        }
    }
}

impl From<MailboxKind> for IdentifierClass {
    fn from(kind: MailboxKind) -> Self {
        match kind {
            MailboxKind::Role => Self::RoleMailbox,
            MailboxKind::Disposable => Self::DisposableMailbox,
            _ => Self::Personal,
        }
    }
}

/// The JSON form of digits is text: fifteen digits fit a double, the rule of the wire does not ask.
mod digits {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(digits: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("+{digits}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.strip_prefix('+')
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| serde::de::Error::custom("a phone value is a plus and digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_the_mail_tables_is_the_one_of_this_release() {
        assert_eq!(THIS_EMAIL_VERSION, EMAIL_DATA_VERSION.to_string());
    }
}
