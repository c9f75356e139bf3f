use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use kontak_content::WebUrl;
use std::fmt;

/// A request as it came in, nothing of it believed.
///
/// The address is the *public* one, as the provider wrote it: some providers sign it, and a proxy
/// has changed the one that the server sees. Only the integrator knows it.
///
/// `Debug` shows method, host, the names of headers and the length of the body.
///
/// ```
/// use kontak_channel::RawRequest;
///
/// let request = RawRequest::post("https://shop.example/hooks/line".parse()?, r#"{"events":[]}"#)
///     .with_header("x-line-signature", "c2lnbmF0dXJl")?;
/// assert_eq!(request.header("X-Line-Signature"), Some("c2lnbmF0dXJl"));
/// assert_eq!(format!("{request:?}"), "POST https://shop.example/… [x-line-signature] (13 bytes)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct RawRequest {
    /// How it was asked.
    pub method: Method,
    /// The address that the provider called.
    pub public_url: WebUrl,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, byte by byte.
    pub body: Bytes,
}

impl RawRequest {
    /// A request of these four.
    #[must_use]
    pub fn new(method: Method, public_url: WebUrl, headers: HeaderMap, body: Bytes) -> Self {
        Self { method, public_url, headers, body }
    }

    /// A POST without headers.
    #[must_use]
    pub fn post(public_url: WebUrl, body: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, public_url, HeaderMap::new(), body.into())
    }

    /// A GET without headers.
    #[must_use]
    pub fn get(public_url: WebUrl) -> Self {
        Self::new(Method::GET, public_url, HeaderMap::new(), Bytes::new())
    }

    /// With one more header.
    ///
    /// # Errors
    /// Where name or value may not stand in a header.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, http::Error> {
        let name = HeaderName::try_from(name)?;
        self.headers.append(name, HeaderValue::try_from(value)?);
        Ok(self)
    }

    /// With another body.
    #[must_use]
    pub fn with_body(self, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// The first header of this name, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What stands behind the question mark of the address.
    #[must_use]
    pub fn query(&self) -> &str {
        let url = self.public_url.as_str();
        let whole = url.split('#').next().unwrap_or_default();
        whole.split_once('?').map_or("", |(_, query)| query)
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.keys().map(HeaderName::as_str).collect();
        let (method, url, bytes) = (&self.method, &self.public_url, self.body.len());
        write!(f, "{method} {url:?} [{}] ({bytes} bytes)", names.join(" "))
    }
}
