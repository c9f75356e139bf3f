use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

const MAX_BYTES: usize = 64;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $is_allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// A checked name.
            ///
            /// # Errors
            /// Where it is empty, longer than 64 bytes, or holds another character.
            pub fn new(name: &str) -> Result<Self, LabelNameError> {
                check(name, $is_allowed)?;
                Ok(Self(name.into()))
            }

            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = LabelNameError;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::new(name)
            }
        }

        impl TryFrom<String> for $name {
            type Error = LabelNameError;

            fn try_from(name: String) -> Result<Self, Self::Error> {
                Self::new(&name)
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
    /// A topic or an intent: `order_status`, `warranty/air-conditioner`.
    ///
    /// A key and no text for people: 1 to 64 of `a-z 0-9 _ - . /`, so that one label has one
    /// spelling.
    ///
    /// ```
    /// use kontak_conversation::label::LabelName;
    ///
    /// assert_eq!(LabelName::new("order_status")?.as_str(), "order_status");
    /// assert!(LabelName::new("Order status").is_err());
    /// # Ok::<(), kontak_conversation::label::LabelNameError>(())
    /// ```
    LabelName, is_key
}
name! {
    /// A rule within its set: 1 to 64 of `a-z 0-9 _ - . /`.
    RuleId, is_key
}
name! {
    /// A set of rules: 1 to 64 of `a-z 0-9 _ - . /`.
    RuleSetId, is_key
}
name! {
    /// A model, by the name its maker gives it: 1 to 64 visible ASCII characters.
    ModelId, is_visible
}
name! {
    /// The version of a model, as its maker writes it: 1 to 64 visible ASCII characters.
    ModelVersion, is_visible
}

/// Why a text is not a name. It says where, and does not repeat the text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LabelNameError {
    /// Nothing is written.
    #[error("the name is empty: expected 1 to 64 characters such as order_status")]
    Empty,
    /// The name is too long.
    #[error("the name has {bytes} bytes: at most 64 are taken")]
    TooLong {
        /// The length of the text, in bytes.
        bytes: usize,
    },
    /// A character that names do not have.
    #[error("the name cannot have its character at byte {at}: expected {expected}")]
    Character {
        /// Where it starts, in bytes.
        at: usize,
        /// What may stand there.
        expected: &'static str,
    },
}

fn is_key(byte: u8) -> Result<(), &'static str> {
    match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'/' => Ok(()),
        _ => Err("a-z, 0-9 or one of _ - . /"),
    }
}

fn is_visible(byte: u8) -> Result<(), &'static str> {
    if byte.is_ascii_graphic() { Ok(()) } else { Err("a visible ASCII character") }
}

fn check(name: &str, allowed: fn(u8) -> Result<(), &'static str>) -> Result<(), LabelNameError> {
    if name.is_empty() {
        return Err(LabelNameError::Empty);
    }
    if name.len() > MAX_BYTES {
        return Err(LabelNameError::TooLong { bytes: name.len() });
    }
    for (at, byte) in name.bytes().enumerate() {
        allowed(byte).map_err(|expected| LabelNameError::Character { at, expected })?;
    }
    Ok(())
}
