use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// An `http` or `https` address, kept as it was written.
///
/// It is taken by its outer form only; whoever fetches it checks where it leads. Media addresses
/// carry access tokens, so `Debug` shows no more than scheme and host.
///
/// ```
/// use kontak_content::WebUrl;
///
/// let url: WebUrl = "https://cdn.example/photo.jpg?token=s3cret".parse()?;
/// assert_eq!(format!("{url:?}"), "https://cdn.example/…");
/// assert_eq!(url.host(), "cdn.example");
/// assert!("file:///etc/passwd".parse::<WebUrl>().is_err());
/// # Ok::<(), kontak_content::WebUrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebUrl(Box<str>);

impl WebUrl {
    /// The longest address that is taken, in bytes.
    pub const MAX_BYTES: usize = 8_192;

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, without port and without user name.
    #[must_use]
    pub fn host(&self) -> &str {
        scheme_and_host(&self.0).map_or("", |(_, host)| host)
    }
}

fn scheme_and_host(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    // A backslash ends the host as a slash does: that is how browsers read it.
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host_and_port.find(']') {
        Some(end) => &host_and_port[..=end],
        None => host_and_port.split(':').next()?,
    };
    (!host.is_empty()).then_some((scheme, host))
}

/// Why a text is not a [`WebUrl`]. Messages do not repeat it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WebUrlError {
    /// It does not begin with a scheme and a host.
    #[error("not a web address: expected http:// or https:// and a host")]
    NoWebAddress,
    /// It is too long.
    #[error("the address has {bytes} bytes: at most {limit} are taken")]
    TooLong {
        /// Its length, in bytes.
        bytes: usize,
        /// The longest address that is taken.
        limit: usize,
    },
    /// A character that must be escaped in an address.
    #[error("white space or a control character at byte {at} of the address")]
    Character {
        /// Byte offset in the text.
        at: usize,
    },
}

impl FromStr for WebUrl {
    type Err = WebUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for WebUrl {
    type Error = WebUrlError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.len() > Self::MAX_BYTES {
            return Err(WebUrlError::TooLong { bytes: text.len(), limit: Self::MAX_BYTES });
        }
        if let Some(at) = text.find(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(WebUrlError::Character { at });
        }
        match scheme_and_host(&text) {
            Some(_) => Ok(Self(text.into())),
            None => Err(WebUrlError::NoWebAddress),
        }
    }
}

impl From<WebUrl> for String {
    fn from(url: WebUrl) -> Self {
        url.0.into()
    }
}

impl fmt::Debug for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, host) = scheme_and_host(&self.0).unwrap_or_default();
        write!(f, "{scheme}://{host}/…")
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
