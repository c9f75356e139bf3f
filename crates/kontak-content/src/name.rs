//! Names and references that a system gave, not a person: compared, never interpreted.

use std::fmt;
use thiserror::Error;

const MAX_BYTES: usize = 1_024;

/// Why a text is not a name or a reference.
///
/// Messages name lengths and positions, never the text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NameError {
    /// There is nothing.
    #[error("the name is empty: expected 1 to {MAX_BYTES} bytes")]
    Empty,
    /// The text is too long.
    #[error("the name has {bytes} bytes: at most {limit} are taken")]
    TooLong {
        /// The length of the text, in bytes.
        bytes: usize,
        /// The longest name that is taken.
        limit: usize,
    },
    /// A line feed, a zero byte or another control character.
    #[error("control character at byte {at}: a name is one line of text")]
    Control {
        /// Byte offset in the text.
        at: usize,
    },
}

fn check(text: &str) -> Result<(), NameError> {
    match text.len() {
        0 => return Err(NameError::Empty),
        bytes if bytes > MAX_BYTES => {
            return Err(NameError::TooLong { bytes, limit: MAX_BYTES });
        }
        _ => {}
    }
    text.find(char::is_control).map_or(Ok(()), |at| Err(NameError::Control { at }))
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $debug:path) => {
        $(#[$doc])*
        ///
        /// One line of 1 to 1,024 bytes.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes the name as it is.
            ///
            /// # Errors
            /// Where it is empty, too long or has control characters.
            pub fn new(name: impl Into<Box<str>>) -> Result<Self, NameError> {
                let name = name.into();
                check(&name).map(|()| Self(name))
            }

            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $debug(&self.0, f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(name: String) -> Result<Self, Self::Error> {
                Self::new(name)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = NameError;

            fn try_from(name: &str) -> Result<Self, Self::Error> {
                Self::new(name)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.into()
            }
        }
    };
}

name! {
    /// Which offer of a choice: given by whoever offers, unique within a conversation.
    OfferId, fmt::Debug::fmt
}

name! {
    /// One option of an offer: what comes back when it is chosen. Often a payload of the business's
    /// own making, so `Debug` shows only its length.
    OptionId, masked
}

name! {
    /// Where a medium lies in the product's own storage.
    BlobId, fmt::Debug::fmt
}

name! {
    /// The provider's own reference to a medium, of use only with the account that received it.
    /// `Debug` shows only its length.
    ProviderRef, masked
}

name! {
    /// The name under which a platform approved a template.
    TemplateName, fmt::Debug::fmt
}

name! {
    /// The name of a field: in a form, a template or a system line.
    FieldName, fmt::Debug::fmt
}

fn masked(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "({} bytes)", text.len())
}
