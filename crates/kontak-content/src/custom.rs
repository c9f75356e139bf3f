use serde_json::value::RawValue;
use std::fmt;
use thiserror::Error;

/// A part of a kind that this version does not know: of a newer release, or of an adapter of yours.
///
/// It is JSON, kept letter by letter; of the formats that describe themselves only JSON carries it.
/// `Debug` shows only its kind and length.
///
/// ```
/// use kontak_content::{CustomPart, Part};
///
/// let order = CustomPart::new("shop.order", r#"{"sku":"AC-9","quantity":1.0}"#)?;
/// let json = r#"{"shop.order":{"sku":"AC-9","quantity":1.0}}"#;
/// assert_eq!(serde_json::to_string(&Part::from(order))?, json);
///
/// let newer: Part = serde_json::from_str(r#"{"poll":{"question": "Which day?"}}"#)?;
/// assert_eq!(newer.kind().as_str(), "poll");
/// assert_eq!(serde_json::to_string(&newer)?, r#"{"poll":{"question": "Which day?"}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CustomPart {
    kind: Box<str>,
    body: Box<RawValue>,
}

const MAX_KIND: usize = 64;

impl CustomPart {
    /// A part of your own kind. The name has a dot in it, as `shop.order`: no release will ever
    /// have a kind with a dot.
    ///
    /// # Errors
    /// Where the name has no dot or other characters than `a-z 0-9 . _ -`, or the body is not JSON.
    pub fn new(kind: &str, json: impl Into<String>) -> Result<Self, CustomPartError> {
        let plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        let dotted =
            kind.split_once('.').is_some_and(|(left, right)| !left.is_empty() && !right.is_empty());
        if !dotted || kind.len() > MAX_KIND || !kind.bytes().all(plain) {
            return Err(CustomPartError::Kind);
        }
        let body = RawValue::from_string(json.into()).map_err(|error| CustomPartError::Json {
            line: error.line(),
            column: error.column(),
        })?;
        Ok(Self::read(kind, body))
    }

    pub(crate) fn read(kind: &str, body: Box<RawValue>) -> Self {
        Self { kind: kind.into(), body }
    }

    /// The name of its kind.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Its body, as JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        self.body.get()
    }

    pub(crate) fn body(&self) -> &RawValue {
        &self.body
    }
}

/// Why a part of your own cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CustomPartError {
    /// The name of the kind.
    #[error(
        "the kind of a part of your own is a name such as shop.order: a-z 0-9 _ - with a dot between, at most {MAX_KIND} bytes"
    )]
    Kind,
    /// The body is not JSON.
    #[error("the body is not JSON from line {line}, column {column} on")]
    Json {
        /// Line of the body, counted from 1.
        line: usize,
        /// Column of that line, counted from 1.
        column: usize,
    },
}

impl PartialEq for CustomPart {
    fn eq(&self, other: &Self) -> bool {
        (&self.kind, self.json()) == (&other.kind, other.json())
    }
}

impl Eq for CustomPart {}

impl fmt::Debug for CustomPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} bytes of {})", self.json().len(), self.kind)
    }
}
