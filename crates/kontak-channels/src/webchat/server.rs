//! Sockets, as a router for axum.

use super::hub::{Attached, Hub};
use super::{
    LARGEST_FRAME, SESSION_HEADER, Session, SessionScheme, WIDGET, WebChat, user_is_known,
};
use async_trait::async_trait;
use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ORIGIN, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kontak_channel::content::{FileName, MimeType, WebUrl, Written};
use kontak_channel::{
    Codec, EnvelopeBody, InboundBatch, KeyRing, Pacer, Rate, RawRequest, Urgency,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{interval, timeout};

/// The application behind the chat.
#[async_trait]
pub trait Host: Send + Sync + 'static {
    /// Stores what came in. Only then is the visitor told that it was taken; until then the browser
    /// keeps it and sends it again, so that one thing may come twice under one dedupe key.
    ///
    /// # Errors
    /// Where it could not be stored.
    async fn receive(&self, batch: InboundBatch) -> Result<(), HostError>;

    /// Keeps a file of a visitor and gives the address under which it can be fetched: one that
    /// nobody guesses, below [`WebChat::with_attachments_under`]. Serve it as a download, from a
    /// domain that has no cookies.
    ///
    /// # Errors
    /// Where it could not be kept, or is not wanted.
    async fn keep(
        &self,
        session: &Session,
        name: Option<FileName>,
        mime_type: MimeType,
        bytes: Bytes,
    ) -> Result<WebUrl, HostError> {
        let _ = (session, name, mime_type, bytes);
        Err(HostError)
    }
}

/// The application could not do it just now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("the application could not take it")]
#[expect(clippy::exhaustive_structs, reason = "it says that much and no more")]
pub struct HostError;

/// Serves the chat: `/socket`, `/upload` and `/widget.js`.
///
/// ```no_run
/// # use kontak_channel::chrono::{DateTime, Utc};
/// # use kontak_channel::{InboundBatch, KeyRing, Secret, Wired};
/// use kontak_channels::webchat::{Host, HostError, Hub, HubLimits, WebChat, WebChatServer};
/// use std::sync::Arc;
///
/// struct Desk;
///
/// #[async_trait::async_trait]
/// impl Host for Desk {
///     async fn receive(&self, batch: InboundBatch) -> Result<(), HostError> {
///         println!("{} things to store", batch.envelopes.len());
///         Ok(())
///     }
/// }
///
/// # fn clock() -> DateTime<Utc> { DateTime::UNIX_EPOCH }
/// # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
/// let hub = Hub::new("an epoch of this start", clock, HubLimits::default());
/// let keys = KeyRing::new(Secret::new("a secret of the site"));
/// let server = WebChatServer::new(Arc::new(WebChat::new("site")), hub.clone(), keys, Arc::new(Desk), "https://chat.shop.example".parse()?)
///     .with_origins(["https://shop.example"]);
/// let router = axum::Router::new().nest("/chat", server.router());
/// let channel = Wired::new(WebChat::new("site"), hub); // to answer
/// # let _ = (router, channel);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct WebChatServer(Arc<Shared>);

struct Shared {
    codec: Arc<WebChat>,
    hub: Hub,
    keys: KeyRing,
    host: Arc<dyn Host>,
    public_url: WebUrl,
    origins: Vec<Box<str>>,
    largest_file: usize,
}

/// One connection may send so fast, receipts included: more than any person, less than a flood.
const RATE: (u32, u32) = (20, 500);
const HELLO_WITHIN: Duration = Duration::from_secs(10);
const PING_EVERY: Duration = Duration::from_secs(25);

impl WebChatServer {
    /// The chat that is reached at `public_url`, for pages of any site, with files up to 10 MiB.
    #[must_use]
    pub fn new(
        codec: Arc<WebChat>,
        hub: Hub,
        keys: KeyRing,
        host: Arc<dyn Host>,
        public_url: WebUrl,
    ) -> Self {
        let (origins, largest_file) = (Vec::new(), 10 << 20);
        Self(Arc::new(Shared { codec, hub, keys, host, public_url, origins, largest_file }))
    }

    fn changed(self, change: impl FnOnce(&mut Shared)) -> Self {
        let Shared { codec, hub, keys, host, public_url, origins, largest_file } = &*self.0;
        let mut shared = Shared {
            codec: Arc::clone(codec),
            hub: hub.clone(),
            keys: keys.clone(),
            host: Arc::clone(host),
            public_url: public_url.clone(),
            origins: origins.clone(),
            largest_file: *largest_file,
        };
        change(&mut shared);
        Self(Arc::new(shared))
    }

    /// For pages of these origins alone, such as `https://shop.example`. Apps send none and are let
    /// in.
    #[must_use]
    pub fn with_origins<'o>(self, origins: impl IntoIterator<Item = &'o str>) -> Self {
        self.changed(|shared| shared.origins = origins.into_iter().map(Into::into).collect())
    }

    /// With another size of files, in bytes.
    #[must_use]
    pub fn with_largest_file(self, bytes: usize) -> Self {
        self.changed(|shared| shared.largest_file = bytes)
    }

    /// The routes.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/socket", get(socket))
            .route("/upload", post(upload).options(preflight))
            .route("/widget.js", get(widget))
            .layer(DefaultBodyLimit::max(self.0.largest_file))
            .with_state(Arc::clone(&self.0))
    }
}

impl fmt::Debug for WebChatServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebChatServer").field("origins", &self.0.origins).finish_non_exhaustive()
    }
}

async fn widget() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=300"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, WIDGET).into_response()
}

impl Shared {
    fn lets_in(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(ORIGIN).filter(|_| !self.origins.is_empty()) else {
            return true;
        };
        self.origins.iter().any(|known| origin == &**known)
    }
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

/// Browsers ask first when a page of another origin uploads.
async fn preflight(State(chat): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    cross_origin(&chat, &headers, StatusCode::NO_CONTENT.into_response())
}

fn cross_origin(chat: &Shared, headers: &HeaderMap, mut response: Response) -> Response {
    let Some(origin) = headers.get(ORIGIN).filter(|_| chat.lets_in(headers)) else {
        return response;
    };
    let out = response.headers_mut();
    out.insert("access-control-allow-origin", origin.clone());
    if let Ok(allowed) = format!("content-type, {SESSION_HEADER}").parse() {
        out.insert("access-control-allow-headers", allowed);
    }
    out.insert("vary", axum::http::HeaderValue::from_static("origin"));
    response
}

async fn upload(
    State(chat): State<Arc<Shared>>,
    Query(named): Query<Named>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    let answer = keep(&chat, named, &headers, bytes).await;
    let response = match answer {
        Ok(url) => {
            let body = json!({"url": url.as_str()}).to_string();
            ([(CONTENT_TYPE, "application/json")], body).into_response()
        }
        Err(status) => status.into_response(),
    };
    cross_origin(&chat, &headers, response)
}

async fn keep(
    chat: &Shared,
    named: Named,
    headers: &HeaderMap,
    bytes: Bytes,
) -> Result<WebUrl, StatusCode> {
    if !chat.lets_in(headers) {
        return Err(StatusCode::FORBIDDEN);
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let token = text(SESSION_HEADER).ok_or(StatusCode::UNAUTHORIZED)?;
    let session = SessionScheme.open(token, &chat.keys, chat.hub.now());
    let session = session.map_err(|_| StatusCode::UNAUTHORIZED)?;
    let mime = text("content-type").and_then(|mime| mime.parse::<MimeType>().ok());
    let mime = mime.ok_or(StatusCode::UNSUPPORTED_MEDIA_TYPE)?;
    let name = named.name.and_then(|name| name.parse().ok());
    let kept = chat.host.keep(&session, name, mime, bytes).await;
    kept.map_err(|HostError| StatusCode::SERVICE_UNAVAILABLE)
}

async fn socket(
    State(chat): State<Arc<Shared>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !chat.lets_in(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    upgrade
        .max_message_size(LARGEST_FRAME)
        .max_frame_size(LARGEST_FRAME)
        .on_upgrade(|socket| Connection::serve(chat, socket))
}

#[derive(Deserialize)]
struct Greeting {
    hello: Hello,
}

#[derive(Deserialize)]
struct Hello {
    token: Option<String>,
    user: Option<String>,
    hash: Option<String>,
    name: Option<String>,
    epoch: Option<String>,
    last: Option<u64>,
}

struct Connection {
    chat: Arc<Shared>,
    socket: WebSocket,
    token: String,
    name: String,
    pacer: Pacer<()>,
}

/// Why a connection ends, as `bye` says it.
type Bye = &'static str;

impl Connection {
    async fn serve(chat: Arc<Shared>, mut socket: WebSocket) {
        let Ok(Some(Ok(Message::Text(first)))) = timeout(HELLO_WITHIN, socket.recv()).await else {
            return;
        };
        let opened = serde_json::from_str::<Greeting>(&first);
        let session = opened.map_err(|_| "malformed").and_then(|greeting| {
            let hello = greeting.hello;
            chat.session(&hello).map(|session| (session, hello))
        });
        let (session, hello) = match session {
            Ok(opened) => opened,
            Err(bye) => return close(&mut socket, bye).await,
        };
        let name = session.touchpoint();
        let same_epoch = hello.epoch.as_deref() == Some(chat.hub.epoch());
        let last = hello.last.filter(|_| same_epoch).unwrap_or(0);
        let attached = match chat.hub.attach(&name, last) {
            Ok(attached) => attached,
            Err(bye) => return close(&mut socket, bye).await,
        };
        let token = SessionScheme.issue(&session, chat.keys.current(), chat.hub.now());
        let pacer = Pacer::new(Rate::new(RATE.0, RATE.1));
        let mut connection = Self { chat, socket, token, name, pacer };
        let (number, first) = (attached.number, attached.first);
        if first {
            connection.presence("here").await;
        }
        if let Err(bye) = connection.run(attached, same_epoch).await {
            close(&mut connection.socket, bye).await;
        }
        if connection.chat.hub.detach(&connection.name, number) {
            connection.presence("gone").await;
        }
    }

    /// Ends well where the other side is gone.
    async fn run(&mut self, mut attached: Attached, same_epoch: bool) -> Result<(), Bye> {
        let missed = if same_epoch { attached.missed } else { 0 };
        let epoch = self.chat.hub.epoch();
        let welcome = json!({"welcome": {"token": self.token, "epoch": epoch, "missed": missed}});
        if !self.send(welcome.to_string()).await {
            return Ok(());
        }
        for frame in attached.replay {
            if !self.send(frame).await {
                return Ok(());
            }
        }
        let mut pings = interval(PING_EVERY);
        let mut heard = true;
        loop {
            tokio::select! {
                incoming = self.socket.recv() => match incoming {
                    Some(Ok(Message::Text(text))) => {
                        heard = true;
                        self.frame(&text).await?;
                    }
                    Some(Ok(Message::Binary(_))) => return Err("malformed"),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => heard = true,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
                },
                outgoing = attached.frames.recv() => match outgoing {
                    Some(frame) => if !self.send(frame).await { return Ok(()) },
                    None => return Err("slow"),
                },
                _ = pings.tick() => {
                    if !heard || self.socket.send(Message::Ping(Bytes::new())).await.is_err() {
                        return Ok(());
                    }
                    heard = false;
                }
            }
        }
    }

    async fn send(&mut self, text: String) -> bool {
        self.socket.send(Message::Text(text.into())).await.is_ok()
    }

    async fn frame(&mut self, text: &str) -> Result<(), Bye> {
        let frame: Value = serde_json::from_str(text).map_err(|_| "malformed")?;
        let member = frame.as_object().and_then(|frame| frame.iter().next());
        let (kind, inside) = member.ok_or("malformed")?;
        let id = &inside["id"];
        match kind.as_str() {
            "got" => {
                if let Some(seq) = inside["seq"].as_u64() {
                    self.chat.hub.acknowledge(&self.name, seq);
                }
                if id.is_null() {
                    return Ok(());
                }
            }
            "say" | "choose" | "seen" | "typing" => {}
            // What a newer widget says and we do not know.
            _ => return Ok(()),
        }
        let lasting = matches!(kind.as_str(), "say" | "choose");
        if self.pacer.is_empty() {
            self.pacer.push(Urgency::Interactive, ());
        }
        if self.pacer.next(self.chat.hub.now()).is_none() {
            self.refuse(lasting, id, "too_fast").await;
            return Ok(());
        }
        match self.receive(text).await {
            Ok(true) if lasting => {
                self.send(json!({"took": {"id": id}}).to_string()).await;
            }
            Ok(true) => {}
            Ok(false) => self.refuse(lasting, id, "malformed").await,
            Err("unavailable") => self.refuse(lasting, id, "unavailable").await,
            Err(bye) => return Err(bye),
        }
        Ok(())
    }

    async fn refuse(&mut self, lasting: bool, id: &Value, why: &str) {
        if lasting {
            self.send(json!({"refused": {"id": id, "why": why}}).to_string()).await;
        }
    }

    /// Whether it could be read; then it is stored.
    async fn receive(&mut self, text: &str) -> Result<bool, Bye> {
        let url = self.chat.public_url.clone();
        let request = RawRequest::post(url, text.to_owned())
            .with_header(SESSION_HEADER, &self.token)
            .map_err(|_| "malformed")?;
        let codec = &self.chat.codec;
        let verified = codec.verify(&request, &self.chat.keys, self.chat.hub.now());
        let batch = codec.parse(&verified.map_err(|_| "expired")?).map_err(|_| "malformed")?;
        if batch.envelopes.iter().any(|e| matches!(e.body, EnvelopeBody::Ignored(_))) {
            return Ok(false);
        }
        let stored = self.chat.host.receive(batch).await;
        stored.map(|()| true).map_err(|HostError| "unavailable")
    }

    /// Coming and going are worth nothing later, so that nobody minds where they are not stored.
    async fn presence(&mut self, kind: &str) {
        let at = self.chat.hub.now().timestamp_millis();
        let _ = self.receive(&json!({kind: {"at": at}}).to_string()).await;
    }
}

async fn close(socket: &mut WebSocket, why: Bye) {
    let _ = socket.send(Message::Text(json!({"bye": {"why": why}}).to_string().into())).await;
    let _ = socket.send(Message::Close(None)).await;
}

impl Shared {
    /// The session of a `hello`: the one of its token, or a new one; in the name of a user where the
    /// site vouches for them.
    fn session(&self, hello: &Hello) -> Result<Session, Bye> {
        let mut session = match &hello.token {
            Some(token) => {
                SessionScheme.open(token, &self.keys, self.hub.now()).map_err(|_| "expired")?
            }
            None => newcomer()?,
        };
        if let (Some(user), Some(hash)) = (&hello.user, &hello.hash) {
            let known = user.len() <= 200 && user_is_known(user, hash, &self.keys);
            if !known {
                return Err("malformed");
            }
            // Two users of one browser are two people, and share no id.
            if session.user.as_ref().is_some_and(|before| **before != **user) {
                session = newcomer()?;
            }
            session = session.with_user(user);
        }
        if let Some(name) = hello.name.as_deref().filter(|name| name.len() <= 200) {
            session.name = Written::new(name).ok();
        }
        Ok(session)
    }
}

fn newcomer() -> Result<Session, Bye> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| "full")?;
    Ok(Session::anonymous(&hex::encode(random)))
}
