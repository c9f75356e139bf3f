use thiserror::Error;

/// Why a text is not one e-mail address.
///
/// Every case names a place in the text that was given, as a byte offset, and never repeats the text
/// itself, so an error may be logged.
///
/// ```
/// use kontak_address::{EmailAddress, EmailError};
///
/// assert_eq!(EmailAddress::parse("budi.example.com"), Err(EmailError::NoAt));
/// assert_eq!(EmailAddress::parse("budi @example.com"), Err(EmailError::UnexpectedCharacter { at: 4 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum EmailError {
    /// Nothing but white space.
    #[error("the text is empty: expected an address such as name@example.com")]
    Empty,
    /// The text is longer than any address with a name before it can be.
    #[error("the text has {length} bytes: an address with its name fits into 1,024")]
    TextTooLong {
        /// Bytes of the text.
        length: usize,
    },
    /// No `@` separates a local part from a domain.
    #[error("there is no `@`: expected name@example.com")]
    NoAt,
    /// The `@` comes first.
    #[error("nothing stands before the `@` at byte {at}")]
    NoLocalPart {
        /// Where the `@` is.
        at: usize,
    },
    /// The `@` comes last.
    #[error("nothing stands after the `@`, at byte {at}")]
    NoDomain {
        /// Where the domain was expected.
        at: usize,
    },
    /// A dot at the start or the end of a part, or two in a row.
    #[error("the dot at byte {at} has no letter on one side")]
    MisplacedDot {
        /// Where the dot is.
        at: usize,
    },
    /// A character that an address may not have here.
    #[error("the character at byte {at} may not stand there")]
    UnexpectedCharacter {
        /// Where the character begins.
        at: usize,
    },
    /// A quoted local part without its second quotation mark.
    #[error("the quotation mark at byte {at} is never closed")]
    UnclosedQuote {
        /// Where the quotation begins.
        at: usize,
    },
    /// `<` without `>`, or `>` without `<`.
    #[error("the angle bracket at byte {at} has no partner")]
    UnbalancedBracket {
        /// Where the bracket is.
        at: usize,
    },
    /// In a `mailto:` link, a `%` that is not followed by two hexadecimal digits, or bytes that are
    /// not UTF-8.
    #[error("the percent sign at byte {at} does not begin an encoded UTF-8 character")]
    BadPercentEncoding {
        /// Where the percent sign is.
        at: usize,
    },
    /// The text holds more than one address, and guessing which is meant would be wrong half of the time.
    #[error("a second address begins at byte {at}: give one address at a time")]
    SecondAddress {
        /// Where the second one begins.
        at: usize,
    },
    /// The part before the `@` is longer than RFC 5321 allows.
    #[error("the part before the `@` has {length} bytes: at most 64 are allowed")]
    LocalPartTooLong {
        /// Bytes of the local part.
        length: usize,
    },
    /// The address is longer than RFC 5321 allows.
    #[error("the address has {length} bytes: at most 254 are allowed")]
    AddressTooLong {
        /// Bytes of the address, its domain in the ASCII form.
        length: usize,
    },
    /// The domain is not a host name: a label is too long, begins or ends with a hyphen, or is not
    /// valid under IDNA.
    #[error("the domain at byte {at} is not a valid host name")]
    InvalidDomain {
        /// Where the domain, or the character that breaks it, begins.
        at: usize,
    },
    /// The domain is an IP address, with or without brackets.
    #[error("the domain at byte {at} is an IP address: expected a name such as example.com")]
    IpAddress {
        /// Where the domain begins.
        at: usize,
    },
    /// The domain is a bare name (`gmail`) or a public suffix (`co.id`): nobody can register it.
    #[error("the domain at byte {at} is no domain of anybody's: expected one such as example.com")]
    NotRegistrable {
        /// Where the domain begins.
        at: usize,
    },
}

impl EmailError {
    /// The same error seen from the text around the part that was parsed.
    pub(super) fn moved(mut self, shift: impl FnOnce(usize) -> usize) -> Self {
        match &mut self {
            Self::NoLocalPart { at }
            | Self::NoDomain { at }
            | Self::MisplacedDot { at }
            | Self::UnexpectedCharacter { at }
            | Self::UnclosedQuote { at }
            | Self::UnbalancedBracket { at }
            | Self::BadPercentEncoding { at }
            | Self::SecondAddress { at }
            | Self::InvalidDomain { at }
            | Self::IpAddress { at }
            | Self::NotRegistrable { at } => *at = shift(*at),
            Self::Empty
            | Self::TextTooLong { .. }
            | Self::NoAt
            | Self::LocalPartTooLong { .. }
            | Self::AddressTooLong { .. } => {}
        }
        self
    }
}
