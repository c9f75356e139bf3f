//! Mails out of a mailbox over IMAP with TLS by rustls, for the e-mail adapter.

use async_imap::types::{Fetch, UnsolicitedResponse};
use async_imap::{Client, Session};
use futures_util::TryStreamExt as _;
use kontak_channel::Secret;
use kontak_channel::bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How far a folder was read. Store it in the transaction that stores the messages: then each mail
/// is read again until its message is stored, and not after that.
///
/// A server that builds its folder anew numbers it anew, under another validity; then everything is
/// read again, and the dedupe keys of the envelopes, which are made of Message-IDs, stop what is
/// known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Position {
    /// The validity of the numbers, UIDVALIDITY.
    pub validity: u32,
    /// The number of the last mail that was read, its UID.
    pub last: u32,
}

impl Position {
    /// Everything up to this number, within this validity.
    #[must_use]
    pub fn new(validity: u32, last: u32) -> Self {
        Self { validity, last }
    }
}

/// A mail that was read.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetched {
    /// Where the folder stands once this mail is stored.
    pub position: Position,
    /// The mail, for [`Email::request`](crate::email::Email::request).
    pub mail: Bytes,
    /// How much of it this is.
    pub extent: Extent,
}

/// How much of a mail was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Extent {
    /// All of it.
    Whole,
    /// Only its headers: it is larger than we read.
    Headers,
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, mail, extent } = self;
        write!(f, "{position:?} {extent:?} ({} bytes)", mail.len())
    }
}

/// One folder of a mailbox, open for reading. It changes nothing there, and marks nothing as seen.
///
/// ```no_run
/// use kontak_channel::{Codec, KeyRing, Secret, chrono::{DateTime, Utc}};
/// use kontak_channels::email::Email;
/// use kontak_channels::imap_client::{Folder, Position};
/// use std::time::Duration;
///
/// async fn read(stored: Option<Position>, now: fn() -> DateTime<Utc>)
///     -> Result<(), Box<dyn std::error::Error>> {
///     let email = Email::new("layanan", "layanan@tokobudi.co.id".parse()?).handed_over();
///     let keys = KeyRing::new(Secret::new("not used: nothing is signed"));
///     let password = Secret::new("password of the mailbox");
///     let mut folder = Folder::encrypted("mail.tokobudi.co.id", "layanan", &password, "INBOX").await?;
///     let mut position = stored;
///     loop {
///         for fetched in folder.after(position, 100).await? {
///             let request = Email::request(fetched.mail);
///             let batch = email.parse(&email.verify(&request, &keys, now())?)?;
///             // Store batch and position in one transaction, passing over keys that are known.
///             position = Some(fetched.position);
///         }
///         folder = folder.wait(Duration::from_secs(20 * 60)).await?;
///     }
/// }
/// ```
pub struct Folder<S: AsyncRead + AsyncWrite + Unpin + fmt::Debug + Send> {
    session: Session<S>,
    validity: u32,
    idles: bool,
    largest: u32,
}

/// Why a folder could not be read. Open it anew, later; only `Refused` and `NoFolder` need somebody.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImapError {
    /// No connection, or no encryption.
    #[error("no connection to the mailbox")]
    NotConnected(#[source] std::io::Error),
    /// The server does not let us in.
    #[error("the server refuses the login")]
    Refused,
    /// There is no such folder, or its numbers mean nothing from one session to the next.
    #[error("there is no folder of that name with lasting numbers")]
    NoFolder,
    /// The server did not answer in time.
    #[error("the server did not answer within {seconds} s")]
    TimedOut {
        /// How long it had, in seconds.
        seconds: u64,
    },
    /// The connection broke, or the answer is none of IMAP.
    #[error("the connection to the mailbox broke")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// So long the server may take for one answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);
/// An IDLE must end within half an hour (RFC 2177).
const IDLE_AT_MOST: Duration = Duration::from_secs(29 * 60);
/// How often a server is asked that does not tell by itself.
const ASK_EVERY: Duration = Duration::from_secs(60);
/// Larger mails are no longer whole: the limit of the e-mail adapter.
const LARGEST: u32 = 36 << 20;

impl Folder<TlsStream<TcpStream>> {
    /// Encrypted from the first byte on, at port 993 (RFC 8314), trusting Mozilla's certificate
    /// authorities.
    ///
    /// # Errors
    /// [`ImapError`].
    pub async fn encrypted(
        host: &str,
        user: &str,
        password: &Secret,
        folder: &str,
    ) -> Result<Self, ImapError> {
        let stream = in_time(async {
            let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(std::io::Error::other)?
                .with_root_certificates(roots)
                .with_no_client_auth();
            let name = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
            let stream = TcpStream::connect((host, 993)).await?;
            TlsConnector::from(Arc::new(config)).connect(name, stream).await
        });
        let stream = stream.await?.map_err(ImapError::NotConnected)?;
        Self::over(stream, user, password, folder).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + fmt::Debug + Send> Folder<S> {
    /// Over a connection that was made elsewhere, and is encrypted or never leaves the machine.
    ///
    /// # Errors
    /// [`ImapError`].
    pub async fn over(
        stream: S,
        user: &str,
        password: &Secret,
        folder: &str,
    ) -> Result<Self, ImapError> {
        let mut client = Client::new(stream);
        let greeting = in_time(client.read_response()).await?.map_err(ImapError::NotConnected)?;
        if greeting.is_none() {
            return Err(ImapError::NotConnected(std::io::ErrorKind::UnexpectedEof.into()));
        }
        let password = password.reveal_str().unwrap_or_default();
        let login = in_time(client.login(user, password)).await?;
        let mut session = login.map_err(|(error, _)| match error {
            async_imap::error::Error::No(_) => ImapError::Refused,
            error => broken(error),
        })?;
        let idles = in_time(session.capabilities()).await?.map_err(broken)?.has_str("IDLE");
        let opened = in_time(session.examine(folder)).await?;
        let validity = match opened {
            Ok(opened) => opened.uid_validity.ok_or(ImapError::NoFolder)?,
            Err(async_imap::error::Error::No(_)) => return Err(ImapError::NoFolder),
            Err(error) => return Err(broken(error)),
        };
        Ok(Self { session, validity, idles, largest: LARGEST })
    }

    /// With another size, in bytes, from which on only the headers of a mail are read.
    #[must_use]
    pub fn with_largest(self, largest: u32) -> Self {
        Self { largest, ..self }
    }

    /// The mails behind a position, oldest first, at most so many.
    ///
    /// # Errors
    /// [`ImapError`].
    pub async fn after(
        &mut self,
        position: Option<Position>,
        most: usize,
    ) -> Result<Vec<Fetched>, ImapError> {
        while self.session.unsolicited_responses.try_recv().is_ok() {}
        let known = position.filter(|position| position.validity == self.validity);
        let Some(first) = known.map_or(Some(1), |known| known.last.checked_add(1)) else {
            return Ok(Vec::new());
        };
        let sizes = self.fetch(&format!("{first}:*"), "(UID RFC822.SIZE)").await?;
        let mut sizes: Vec<_> = sizes
            .iter()
            .filter_map(|fetch| Some((fetch.uid?, fetch.size?)))
            // `5:*` names the last mail even where that is the fourth (RFC 9051, section 6.4.9).
            .filter(|(number, _)| *number >= first)
            .collect();
        sizes.sort_unstable();
        sizes.truncate(most);
        let mut mails = Vec::with_capacity(sizes.len());
        for (number, size) in sizes {
            let (extent, what) = if size > self.largest {
                (Extent::Headers, "(UID BODY.PEEK[HEADER])")
            } else {
                (Extent::Whole, "(UID BODY.PEEK[])")
            };
            let fetched = self.fetch(&number.to_string(), what).await?;
            let fetched = fetched.iter().find(|fetch| fetch.uid == Some(number));
            let mail = fetched.and_then(|fetch| match extent {
                Extent::Whole => fetch.body(),
                Extent::Headers => fetch.header(),
            });
            // Somebody may have deleted it since its size was told.
            if let Some(mail) = mail {
                let position = Position::new(self.validity, number);
                mails.push(Fetched { position, mail: Bytes::copy_from_slice(mail), extent });
            }
        }
        Ok(mails)
    }

    /// Waits until there may be something new, at most so long, and at most 29 minutes. The server
    /// tells by IDLE (RFC 2177); one that cannot is asked once a minute.
    ///
    /// # Errors
    /// [`ImapError`].
    pub async fn wait(mut self, longest: Duration) -> Result<Self, ImapError> {
        if !self.idles {
            sleep(longest.min(ASK_EVERY)).await;
            in_time(self.session.noop()).await?.map_err(broken)?;
            return Ok(self);
        }
        if self.came_already() {
            return Ok(self);
        }
        let longest = longest.min(IDLE_AT_MOST);
        let mut idle = self.session.idle();
        in_time(idle.init()).await?.map_err(broken)?;
        let (news, _interrupt) = idle.wait_with_timeout(longest);
        // The server's signs of life would prolong the wait for ever.
        if let Ok(ended) = timeout(longest, news).await {
            ended.map_err(broken)?;
        }
        self.session = in_time(idle.done()).await?.map_err(broken)?;
        Ok(self)
    }

    /// Whether a mail was announced while something else was asked.
    fn came_already(&self) -> bool {
        std::iter::from_fn(|| self.session.unsolicited_responses.try_recv().ok())
            .any(|told| matches!(told, UnsolicitedResponse::Exists(_)))
    }

    async fn fetch(&mut self, numbers: &str, what: &str) -> Result<Vec<Fetch>, ImapError> {
        let session = &mut self.session;
        in_time(async { session.uid_fetch(numbers, what).await?.try_collect().await })
            .await?
            .map_err(broken)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + fmt::Debug + Send> fmt::Debug for Folder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Folder").field("validity", &self.validity).finish_non_exhaustive()
    }
}

async fn in_time<T>(answer: impl Future<Output = T>) -> Result<T, ImapError> {
    timeout(ANSWER_WITHIN, answer)
        .await
        .map_err(|_| ImapError::TimedOut { seconds: ANSWER_WITHIN.as_secs() })
}

fn broken(error: async_imap::error::Error) -> ImapError {
    ImapError::Broken(error.into())
}
