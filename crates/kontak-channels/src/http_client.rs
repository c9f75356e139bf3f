//! Requests over HTTP/1.1 with TLS by rustls: the transport for every adapter that speaks HTTP.

use async_trait::async_trait;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kontak_channel::http::Request;
use kontak_channel::{
    HttpRequest, HttpResponse, Transport, TransportError, WireRequest, WireResponse,
};
use std::fmt;
use std::time::Duration;
use tokio::time::timeout;

/// Keeps connections open, never follows a redirect, and reads at most 1 MiB of an answer.
///
/// It tells truly whether a request was begun: only what could not connect is
/// [`TransportError::NotSent`]. Needs a tokio runtime with time and I/O.
///
/// ```
/// use kontak_channel::{Channel, Secret, Wired};
/// use kontak_channels::{http_client::HttpClient, telegram::Telegram};
///
/// let bot = Telegram::new("shop-bot", Secret::new("110201543:AAH"));
/// let channel = Wired::new(bot, HttpClient::new());
/// assert!(channel.edits().is_some());
/// ```
#[derive(Clone)]
pub struct HttpClient {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    answer_within: Duration,
}

const LARGEST_ANSWER: usize = 1 << 20;

impl HttpClient {
    /// A client that waits 30 seconds for an answer, and trusts Mozilla's certificate authorities.
    #[must_use]
    pub fn new() -> Self {
        let connector =
            HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Self { client, answer_within: Duration::from_secs(30) }
    }

    /// With another time to wait.
    #[must_use]
    pub fn with_answer_within(self, answer_within: Duration) -> Self {
        Self { answer_within, ..self }
    }

    async fn http(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut out = Request::new(Full::new(request.body));
        *out.method_mut() = request.method;
        *out.uri_mut() = request.url.as_str().parse().map_err(|_| TransportError::NotSent)?;
        *out.headers_mut() = request.headers;
        let answer = self.client.request(out).await.map_err(|error| {
            if error.is_connect() { TransportError::NotSent } else { TransportError::Interrupted }
        })?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, LARGEST_ANSWER).collect().await;
        let body = body.map_err(|_| TransportError::Interrupted)?.to_bytes();
        let mut response = HttpResponse::new(head.status, body);
        response.headers = head.headers;
        Ok(response)
    }
}

impl Default for HttpClient {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").field("answer_within", &self.answer_within).finish()
    }
}

#[async_trait]
impl Transport for HttpClient {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError> {
        let WireRequest::Http(request) = request else { return Err(TransportError::Unsupported) };
        let answer = timeout(self.answer_within, self.http(request)).await;
        answer.map_err(|_| TransportError::TimedOut)?.map(WireResponse::Http)
    }
}
