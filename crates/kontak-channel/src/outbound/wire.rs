use crate::ProviderId;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use kontak_content::WebUrl;
use std::fmt;

/// What goes over the wire: ready to be sent, secrets included, so `Debug` shows no more than where
/// it goes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum WireRequest {
    /// Over HTTP.
    Http(HttpRequest),
    /// By mail.
    Mail(MailRequest),
    /// Over a connection that the other side keeps open.
    Frame(FrameRequest),
}

/// An HTTP request.
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpRequest {
    /// How.
    pub method: Method,
    /// Where to.
    pub url: WebUrl,
    /// Headers, with the token.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl HttpRequest {
    /// A POST of a body of this type.
    #[must_use]
    pub fn post(url: WebUrl, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self { method: Method::POST, url, headers, body: body.into() }
    }

    /// A GET.
    #[must_use]
    pub fn get(url: WebUrl) -> Self {
        Self { method: Method::GET, url, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// With another method.
    #[must_use]
    pub fn with_method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// With a header that nobody shall see in a log. A value that may not stand in a header is left
    /// out; the provider then says that the token is missing.
    #[must_use]
    pub fn with_secret_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(mut value) = HeaderValue::try_from(value) {
            value.set_sensitive(true);
            self.headers.insert(name, value);
        }
        self
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} ({} bytes)", self.method, self.url, self.body.len())
    }
}

/// A mail with its envelope.
#[derive(Clone)]
#[non_exhaustive]
pub struct MailRequest {
    /// Where bounces go; nothing for mails that must never be answered.
    pub return_path: Option<Box<str>>,
    /// Who gets it.
    pub recipients: Vec<Box<str>>,
    /// The mail, as RFC 5322 has it.
    pub message: Bytes,
    /// What it is called: its Message-ID without angle brackets, by which answers refer to it.
    pub id: Option<ProviderId>,
}

impl MailRequest {
    /// A mail to these addresses, without an id.
    #[must_use]
    pub fn new(return_path: Option<Box<str>>, recipients: Vec<Box<str>>, message: Bytes) -> Self {
        Self { return_path, recipients, message, id: None }
    }

    /// With what it is called.
    #[must_use]
    pub fn with_id(self, id: ProviderId) -> Self {
        Self { id: Some(id), ..self }
    }
}

impl fmt::Debug for MailRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mail to {} ({} bytes)", self.recipients.len(), self.message.len())
    }
}

/// A text for a connection that is already open.
#[derive(Clone)]
#[non_exhaustive]
pub struct FrameRequest {
    /// All connections of this session.
    pub session: Box<str>,
    /// What is written into them.
    pub text: String,
    /// What it is called; nothing where it is worth nothing in a few seconds, as typing is.
    pub id: Option<ProviderId>,
}

impl FrameRequest {
    /// A text for the session's connections of this moment.
    pub fn fleeting(session: impl Into<Box<str>>, text: impl Into<String>) -> Self {
        Self { session: session.into(), text: text.into(), id: None }
    }

    /// A text that is kept until the other side has it.
    pub fn lasting(session: impl Into<Box<str>>, text: impl Into<String>, id: ProviderId) -> Self {
        Self { session: session.into(), text: text.into(), id: Some(id) }
    }
}

impl fmt::Debug for FrameRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "frame ({} bytes)", self.text.len())
    }
}

/// What came back.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum WireResponse {
    /// Over HTTP.
    Http(HttpResponse),
    /// From a mail server: the code of its answer to the mail.
    Mail {
        /// The code, as `250`.
        code: u16,
        /// The enhanced code, as `5.1.1`, where there is one.
        enhanced: Option<Box<str>>,
        /// What the mail is called, as [`MailRequest::id`] says: a server tells no other id.
        id: Option<ProviderId>,
    },
    /// The frame was taken, and written to so many connections.
    Written {
        /// How many had it at once.
        connections: u32,
        /// What it is called, where it is kept.
        id: Option<ProviderId>,
    },
}

/// An HTTP answer.
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpResponse {
    /// How it went.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl HttpResponse {
    /// An answer without headers.
    #[must_use]
    pub fn new(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self { status, headers: HeaderMap::new(), body: body.into() }
    }

    /// With one more header; one that may not stand there is left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.append(name, value);
        }
        self
    }

    /// How long the provider wants us to wait, where it says so in whole seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<chrono::TimeDelta> {
        let seconds = self.headers.get(http::header::RETRY_AFTER)?.to_str().ok()?;
        chrono::TimeDelta::try_seconds(seconds.trim().parse::<u32>().ok()?.into())
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}
