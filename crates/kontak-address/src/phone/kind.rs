use serde::{Deserialize, Serialize};

/// What a number is for, as the numbering plan of its country says.
///
/// ```
/// use kontak_address::{NumberType, PhoneNumber};
///
/// let call_centre = PhoneNumber::from_e164("+621500888")?;
/// assert_eq!(call_centre.number_type(), NumberType::Uan);
/// assert!(call_centre.number_type().is_never_a_person());
/// # Ok::<(), kontak_address::E164Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NumberType {
    /// A mobile line.
    Mobile,
    /// A line with a place: a home, an office.
    FixedLine,
    /// Either: the plan does not tell them apart (United States, Canada).
    FixedLineOrMobile,
    /// Free for the caller.
    TollFree,
    /// The price is shared between caller and callee.
    SharedCost,
    /// Dearer than a call: hotlines, votes, Vietnam's 1900 call centres.
    PremiumRate,
    /// A line over the internet.
    Voip,
    /// A number that follows one person from line to line.
    PersonalNumber,
    /// A pager.
    Pager,
    /// Universal access number: one number for a whole company, such as Indonesia's 1500 call centres.
    Uan,
    /// Reaches a mailbox, not a line.
    Voicemail,
    /// Three to six digits that are no line of their own: emergency, service and SMS short codes,
    /// call centres such as Indonesia's 14xxx, local numbers without their area code. Means
    /// something inside its region only.
    Short,
    /// The metadata assigns no purpose to this number.
    Unknown,
}

impl NumberType {
    /// Whether this number can be no single customer's own, so that two people who gave it must not
    /// be taken for one.
    #[must_use]
    pub const fn is_never_a_person(self) -> bool {
        match self {
            Self::TollFree
            | Self::SharedCost
            | Self::PremiumRate
            | Self::Uan
            | Self::Voicemail
            | Self::Short => true,
            Self::Mobile
            | Self::FixedLine
            | Self::FixedLineOrMobile
            | Self::Voip
            | Self::PersonalNumber
            | Self::Pager
            | Self::Unknown => false,
        }
    }
}
