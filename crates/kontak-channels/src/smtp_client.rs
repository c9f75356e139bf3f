//! Mails over SMTP with TLS by rustls: the transport for the e-mail adapter, on lettre's connection.

use async_trait::async_trait;
use kontak_channel::{MailRequest, Secret, Transport, TransportError, WireRequest, WireResponse};
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Hands mails over to one mail server of ours, which delivers them.
///
/// It tells truly how far a mail came. A server has taken a mail when it has answered its last line
/// and not before (RFC 5321, section 4.2.5), so whatever breaks before the mail itself is written is
/// [`TransportError::NotSent`], and whatever breaks behind it is not: the mail may be on its way.
/// Each refusal of the server is its answer, at whatever step it comes.
///
/// Connections stay open and are asked whether they live before they are used again. Needs a tokio
/// runtime with time and I/O.
///
/// ```
/// use kontak_channel::{Secret, Wired};
/// use kontak_channels::{email::Email, smtp_client::SmtpClient};
///
/// let server = SmtpClient::encrypted("mail.tokobudi.co.id")
///     .with_credentials("layanan", Secret::new("password of the mailbox"));
/// let mailbox = Email::new("layanan", "layanan@tokobudi.co.id".parse()?);
/// let channel = Wired::new(mailbox, server);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SmtpClient {
    settings: Settings,
    pool: Arc<Pool>,
}

#[derive(Clone)]
struct Settings {
    host: Box<str>,
    port: u16,
    encryption: Encryption,
    credentials: Option<(Box<str>, Secret)>,
    hello: ClientId,
    begin_within: Duration,
    answer_within: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encryption {
    FromTheStart,
    StartTls,
    Nothing,
}

const FAREWELL_WITHIN: Duration = Duration::from_secs(1);

struct Pool {
    idle: Mutex<Vec<AsyncSmtpConnection>>,
    slots: Semaphore,
}

impl Pool {
    fn new(connections: usize) -> Arc<Self> {
        let slots = Semaphore::new(connections.clamp(1, Semaphore::MAX_PERMITS));
        Arc::new(Self { idle: Mutex::new(Vec::new()), slots })
    }

    fn take(&self) -> Option<AsyncSmtpConnection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

/// What the server said.
struct Answer {
    code: u16,
    enhanced: Option<Box<str>>,
}

/// Why a mail was not begun.
enum NotBegun {
    /// The server said so.
    Answer(Answer),
    /// No answer.
    Without(TransportError),
}

impl SmtpClient {
    /// Encrypted from the first byte on, at port 465 (RFC 8314).
    #[must_use]
    pub fn encrypted(host: &str) -> Self {
        Self::new(host, 465, Encryption::FromTheStart)
    }

    /// Encrypted by STARTTLS, at port 587. A server that does not offer it gets nothing.
    #[must_use]
    pub fn starttls(host: &str) -> Self {
        Self::new(host, 587, Encryption::StartTls)
    }

    /// Not encrypted at all: for a mail server on the same machine.
    #[must_use]
    pub fn unencrypted(host: &str, port: u16) -> Self {
        Self::new(host, port, Encryption::Nothing)
    }

    fn new(host: &str, port: u16, encryption: Encryption) -> Self {
        let settings = Settings {
            host: host.into(),
            port,
            encryption,
            credentials: None,
            hello: ClientId::default(),
            begin_within: Duration::from_secs(60),
            answer_within: Duration::from_secs(600),
        };
        Self { settings, pool: Pool::new(4) }
    }

    /// At another port.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.settings.port = port;
        self
    }

    /// As this user (PLAIN or LOGIN).
    #[must_use]
    pub fn with_credentials(mut self, user: &str, password: Secret) -> Self {
        self.settings.credentials = Some((user.into(), password));
        self
    }

    /// With the name by which we greet; some servers want the one that our address leads back to.
    #[must_use]
    pub fn with_hello_name(mut self, domain: &str) -> Self {
        self.settings.hello = ClientId::Domain(domain.to_owned());
        self
    }

    /// With at most so many connections at once, instead of 4. More mails than that wait.
    #[must_use]
    pub fn with_connections(self, connections: usize) -> Self {
        Self { pool: Pool::new(connections), ..self }
    }

    /// With another time until the mail itself may be written, instead of a minute. When it is over,
    /// nothing was sent.
    #[must_use]
    pub fn with_begin_within(mut self, begin_within: Duration) -> Self {
        self.settings.begin_within = begin_within;
        self
    }

    /// With another time to wait for the answer to the mail, instead of ten minutes. RFC 5321
    /// (section 4.5.3.2.6) asks for those: whoever gives up sooner does not know whether the mail is
    /// out.
    #[must_use]
    pub fn with_answer_within(mut self, answer_within: Duration) -> Self {
        self.settings.answer_within = answer_within;
        self
    }

    /// Everything up to the mail itself: connection, greeting, login, envelope.
    async fn begin(&self, mail: &MailRequest) -> Result<AsyncSmtpConnection, NotBegun> {
        let unsupported = || NotBegun::Without(TransportError::Unsupported);
        let address = |text: &str| text.parse::<Address>().map_err(|_| unsupported());
        let return_path = mail.return_path.as_deref().map(address).transpose()?;
        let recipients = mail.recipients.iter().map(|text| address(text));
        let recipients = recipients.collect::<Result<Vec<_>, _>>()?;
        if recipients.is_empty() {
            return Err(unsupported());
        }
        let mut connection = self.connection().await?;
        let server = connection.server_info();
        let mut parameters = Vec::new();
        let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        if !return_path.iter().chain(&recipients).all(is_ascii) {
            if !server.supports_feature(Extension::SmtpUtfEight) {
                return Err(unsupported());
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !mail.message.is_ascii() {
            if !server.supports_feature(Extension::EightBitMime) {
                return Err(unsupported());
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let mut step = connection.command(Mail::new(return_path, parameters)).await;
        for recipient in recipients {
            if step.is_ok() {
                step = connection.command(Rcpt::new(recipient, Vec::new())).await;
            }
        }
        if step.is_ok() {
            step = connection.command(Data).await;
        }
        let refused = match step {
            Ok(answer) if answer.has_code(354) => return Ok(connection),
            // Whatever it means, the mail would be read as commands.
            Ok(_) => NotBegun::Without(TransportError::NotSent),
            Err(error) => not_begun(&error),
        };
        // The next mail shall not inherit the envelope. A server that is slow to say farewell must
        // not cost the answer.
        let _ = timeout(FAREWELL_WITHIN, connection.abort()).await;
        Err(refused)
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, NotBegun> {
        while let Some(mut idle) = self.pool.take() {
            if idle.test_connected().await {
                return Ok(idle);
            }
        }
        self.connect().await.map_err(|error| not_begun(&error))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let Settings { host, port, encryption, credentials, hello, .. } = &self.settings;
        let tls = || TlsParameters::new(host.to_string());
        let from_the_start = match encryption {
            Encryption::FromTheStart => Some(tls()?),
            Encryption::StartTls | Encryption::Nothing => None,
        };
        let server = (&**host, *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, None, hello, from_the_start, None).await?;
        if *encryption == Encryption::StartTls {
            connection.starttls(tls()?, hello).await?;
        }
        if let Some((user, password)) = credentials {
            let password = password.reveal_str().unwrap_or_default().to_owned();
            let credentials = Credentials::new(user.to_string(), password);
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
        }
        Ok(connection)
    }
}

fn not_begun(error: &Error) -> NotBegun {
    match refusal(error) {
        Some(answer) => NotBegun::Answer(answer),
        // lettre itself found that the server has no STARTTLS, or no login that we know.
        None if error.is_client() => NotBegun::Without(TransportError::Misconfigured {
            what: "the mail server offers no STARTTLS, or no way to log in",
        }),
        None => NotBegun::Without(TransportError::NotSent),
    }
}

/// What the server said, where it said something.
fn refusal(error: &Error) -> Option<Answer> {
    let code = error.status()?;
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    Some(Answer { code: code.into(), enhanced: enhanced(&text) })
}

fn acceptance(response: &Response) -> Answer {
    let enhanced = response.first_line().and_then(enhanced);
    Answer { code: response.code().into(), enhanced }
}

impl Answer {
    fn to(self, mail: MailRequest) -> WireResponse {
        WireResponse::Mail { code: self.code, enhanced: self.enhanced, id: mail.id }
    }
}

/// RFC 3463: three numbers with dots between them, before everything else.
fn enhanced(text: &str) -> Option<Box<str>> {
    let first = text.split_whitespace().next()?;
    let mut numbers = first.split('.');
    let is_number = |number: &str, most: usize| {
        (1..=most).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let whole = is_number(numbers.next()?, 1)
        && is_number(numbers.next()?, 3)
        && is_number(numbers.next()?, 3)
        && numbers.next().is_none();
    whole.then(|| first.into())
}

impl fmt::Debug for SmtpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { host, port, .. } = &self.settings;
        f.debug_struct("SmtpClient").field("host", host).field("port", port).finish_non_exhaustive()
    }
}

#[async_trait]
impl Transport for SmtpClient {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError> {
        let WireRequest::Mail(mail) = request else { return Err(TransportError::Unsupported) };
        let _slot = self.pool.slots.acquire().await.map_err(|_| TransportError::NotSent)?;
        let begun = timeout(self.settings.begin_within, self.begin(&mail)).await;
        let mut connection = match begun.map_err(|_| TransportError::NotSent)? {
            Ok(connection) => connection,
            Err(NotBegun::Answer(answer)) => return Ok(answer.to(mail)),
            Err(NotBegun::Without(error)) => return Err(error),
        };
        // lettre writes the last line end itself.
        let message = mail.message.strip_suffix(b"\r\n").unwrap_or(&mail.message);
        let answer = timeout(self.settings.answer_within, connection.message(message)).await;
        let answer = match answer.map_err(|_| TransportError::TimedOut)? {
            Ok(taken) => acceptance(&taken),
            Err(error) => refusal(&error).ok_or(TransportError::Interrupted)?,
        };
        self.pool.keep(connection);
        Ok(answer.to(mail))
    }
}
