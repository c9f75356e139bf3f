use super::index::OneOrMany;
use super::object::group;
use super::token::Encoding;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use base64::{Engine, alphabet, engine::DecodePaddingMode};
use serde_json::Value;

group! {
    /// A file: its payload, inline or at an address, and what it is.
    ///
    /// ```
    /// use kontak_conversation::vcon::Content;
    ///
    /// let voice = Content::bytes("audio/ogg", b"OggS");
    /// assert_eq!(voice.payload().as_deref(), Some(b"OggS".as_slice()));
    /// assert_eq!(Content::text("Selamat pagi").payload().as_deref(), Some(b"Selamat pagi".as_slice()));
    /// ```
    Content {
        /// The payload, as [`encoding`](Self::encoding) says.
        body: Option<Value> = "body",
        /// How the payload stands in `body`.
        encoding: Option<Encoding> = "encoding",
        /// Where the payload lies: HTTPS.
        url: Option<String> = "url",
        /// Hashes of what lies at `url`: `sha512-` and the base64url of the digest.
        content_hash: Option<OneOrMany<String>> = "content_hash",
        /// The media type, `type/subtype`.
        mediatype: Option<String> = "mediatype",
        /// The name of the file.
        filename: Option<String> = "filename",
    }
}

/// Reads what others write: with padding and without it.
const TOLERANT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
pub(super) const BASE64URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, TOLERANT);
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, TOLERANT);

impl Content {
    /// Plain text, inline.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::inline("text/plain", Encoding::None, Value::String(text.into()))
    }

    /// A JSON value, inline.
    #[must_use]
    pub fn json(value: Value) -> Self {
        Self::inline("application/json", Encoding::Json, value)
    }

    /// Bytes of a media type (`type/subtype`, without parameters), inline.
    #[must_use]
    pub fn bytes(mediatype: &str, payload: &[u8]) -> Self {
        let body = Value::String(URL_SAFE_NO_PAD.encode(payload));
        Self::inline(mediatype, Encoding::Base64Url, body)
    }

    /// A file of a media type (`type/subtype`) at an HTTPS address, with the SHA-512 digest of it.
    #[must_use]
    pub fn external(mediatype: &str, url: impl Into<String>, sha512: &[u8; 64]) -> Self {
        let hash = format!("sha512-{}", URL_SAFE_NO_PAD.encode(sha512));
        Self {
            url: Some(url.into()),
            content_hash: Some(OneOrMany::One(hash)),
            mediatype: Some(mediatype.to_owned()),
            ..Self::default()
        }
    }

    /// With the name of the file.
    #[must_use]
    pub fn with_filename(self, filename: impl Into<String>) -> Self {
        Self { filename: Some(filename.into()), ..self }
    }

    fn inline(mediatype: &str, encoding: Encoding, body: Value) -> Self {
        Self {
            body: Some(body),
            encoding: Some(encoding),
            mediatype: Some(mediatype.to_owned()),
            ..Self::default()
        }
    }

    /// The inline payload; `None` where there is none or it is not in the form that `encoding`
    /// says. Base64url may be padded. JSON comes as its text.
    #[must_use]
    pub fn payload(&self) -> Option<Vec<u8>> {
        match (self.encoding.as_ref()?, self.body.as_ref()?) {
            (Encoding::None, Value::String(text)) => Some(text.clone().into_bytes()),
            (Encoding::Base64Url, Value::String(text)) => BASE64URL.decode(text).ok(),
            (Encoding::Json, _) => serde_json::to_vec(&self.value()?).ok(),
            _ => None,
        }
    }

    /// The inline JSON value; `None` where there is none.
    ///
    /// Documents of drafts before 04 hold it as a string, which is read as well.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        match (self.encoding.as_ref()?, self.body.as_ref()?) {
            (Encoding::Json, Value::String(text)) => {
                Some(serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())))
            }
            (Encoding::Json, value) => Some(value.clone()),
            _ => None,
        }
    }

    pub(super) fn is_absent(&self) -> bool {
        self.body.is_none() && self.url.is_none()
    }
}
