//! Mails that our own mail server hands over, by LMTP (RFC 2033): Postfix, Exim and Dovecot all speak it.

mod dialogue;

use async_trait::async_trait;
use dialogue::{Dialogue, Envelope, Step};
use kontak_channel::bytes::Bytes;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::timeout;

/// Who takes the mails in.
#[async_trait]
pub trait Mailboxes: Send + Sync {
    /// Whether there is a mailbox of this name. It is asked before the mail is written, so that the
    /// server can refuse what is for nobody.
    async fn has(&self, recipient: &str) -> bool;

    /// Stores a mail. The server is told that it was taken when this returns, and not before: from
    /// then on there is no other copy. A mail to several of ours comes once for each.
    ///
    /// It begins with `Return-Path`, as RFC 5321 (section 4.4) asks of whoever delivers;
    /// [`Email`](crate::email::Email) reads it by [`Email::request`](crate::email::Email::request).
    ///
    /// # Errors
    /// [`NotTaken`] says what the server does then.
    async fn deliver(&self, recipient: &str, mail: Bytes) -> Result<(), NotTaken>;
}

/// Why a mail was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotTaken {
    /// The store does not answer, for instance: the server keeps the mail and tries again.
    Later,
    /// It never will be: the server sends a report to whoever wrote it.
    Never,
}

/// The side of LMTP that takes mails, for connections of your own: of a TCP or a Unix listener.
///
/// Whoever can connect can deliver, under any name. Listen on a Unix socket, or on the loopback
/// interface where no stranger has a program.
///
/// ```
/// use kontak_channels::lmtp_server::{LmtpServer, Mailboxes};
/// use std::sync::Arc;
/// use tokio::net::TcpListener;
///
/// async fn run(desk: Arc<dyn Mailboxes>) -> std::io::Result<()> {
///     let server = LmtpServer::new("desk.tokobudi.co.id", desk);
///     let listener = TcpListener::bind("127.0.0.1:24").await?;
///     loop {
///         let (stream, _) = listener.accept().await?;
///         let server = server.clone();
///         tokio::spawn(async move { server.converse(stream).await });
///     }
/// }
/// ```
#[derive(Clone)]
pub struct LmtpServer {
    name: Box<str>,
    mailboxes: Arc<dyn Mailboxes>,
    largest: usize,
    line_within: Duration,
}

/// RFC 5321 (section 4.5.3.1.4) has 512, and extensions add to it.
const LONGEST_COMMAND: u64 = 2_048;
/// How much of a long line of a mail is held at once.
const PIECE: u64 = 1 << 16;
/// Whoever says so much that is not understood is no mail server.
const MOST_MISTAKES: usize = 20;

impl LmtpServer {
    /// Takes mails of up to 36 MiB under this name, and waits five minutes for each line, as RFC 5321
    /// (section 4.5.3.2.7) asks.
    #[must_use]
    pub fn new(name: &str, mailboxes: Arc<dyn Mailboxes>) -> Self {
        let line_within = Duration::from_secs(300);
        Self { name: name.into(), mailboxes, largest: 36 << 20, line_within }
    }

    /// With another largest mail, in bytes. Each connection holds one mail in memory.
    #[must_use]
    pub fn with_largest(self, largest: usize) -> Self {
        Self { largest, ..self }
    }

    /// With another time to wait for a line.
    #[must_use]
    pub fn with_line_within(self, line_within: Duration) -> Self {
        Self { line_within, ..self }
    }

    /// Speaks until the other side has taken its leave.
    ///
    /// # Errors
    /// Where the connection breaks, falls silent or brings nothing of LMTP. What was not answered by
    /// then the server still has, and brings again.
    pub async fn converse<S>(&self, stream: S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let mut stream = BufReader::new(stream);
        let mut dialogue = Dialogue::new(&self.name, self.largest);
        let mut mistakes = 0;
        say(&mut stream, &format!("220 {} LMTP", self.name)).await?;
        loop {
            let line = self.line(&mut stream).await?;
            let step = match &line {
                Some(line) => dialogue.hear(line),
                None => Step::Say("500 5.5.2 the line is too long".into()),
            };
            match step {
                Step::Say(answer) => {
                    mistakes += usize::from(answer.starts_with('5'));
                    say(&mut stream, &answer).await?;
                }
                Step::Ask(recipient) if self.mailboxes.has(&recipient).await => {
                    dialogue.accept(recipient);
                    say(&mut stream, "250 2.1.5 to us").await?;
                }
                Step::Ask(_) => say(&mut stream, "550 5.1.1 nobody of that name").await?,
                Step::Take => {
                    say(&mut stream, "354 go on").await?;
                    self.take(&mut stream, dialogue.finish()).await?;
                }
                Step::Leave => return say(&mut stream, "221 2.0.0 farewell").await,
            }
            if mistakes > MOST_MISTAKES {
                say(&mut stream, "421 4.7.0 too many mistakes").await?;
                return Err(io::Error::new(io::ErrorKind::InvalidData, "nothing of LMTP"));
            }
        }
    }

    /// A line without its end; nothing where it is too long.
    async fn line<S>(&self, stream: &mut BufReader<S>) -> io::Result<Option<Vec<u8>>>
    where
        S: AsyncRead + Unpin + Send,
    {
        let mut line = Vec::new();
        self.piece(stream, LONGEST_COMMAND, &mut line).await?;
        if line.pop_if(|last| *last == b'\n').is_some() {
            line.pop_if(|last| *last == b'\r');
            return Ok(Some(line));
        }
        while !line.ends_with(b"\n") {
            line.clear();
            self.piece(stream, LONGEST_COMMAND, &mut line).await?;
        }
        Ok(None)
    }

    /// As far as the next line end, or `longest`. The end of the stream is an error: each line has
    /// one, and the last word of LMTP is ours.
    async fn piece<S>(
        &self,
        stream: &mut BufReader<S>,
        longest: u64,
        into: &mut Vec<u8>,
    ) -> io::Result<()>
    where
        S: AsyncRead + Unpin + Send,
    {
        let mut some = stream.take(longest);
        let read = some.read_until(b'\n', into);
        match timeout(self.line_within, read).await.map_err(|_| io::ErrorKind::TimedOut)?? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    async fn take<S>(&self, stream: &mut BufReader<S>, envelope: Envelope) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let head = format!("Return-Path: <{}>\r\n", envelope.sender);
        let most = head.len().saturating_add(self.largest);
        let mut mail = head.into_bytes();
        let mut piece = Vec::new();
        // A lone line feed ends no line: otherwise a mail could hide another one in itself.
        let (mut at_start, mut ends_in_return) = (true, false);
        loop {
            piece.clear();
            self.piece(stream, PIECE, &mut piece).await?;
            if at_start && piece == b".\r\n" {
                break;
            }
            let unstuffed = usize::from(at_start && piece.starts_with(b"."));
            // What is too large is read to its end, and not kept.
            if mail.len() <= most {
                mail.extend_from_slice(&piece[unstuffed..]);
            }
            at_start = piece.ends_with(b"\r\n") || (piece == b"\n" && ends_in_return);
            ends_in_return = piece.ends_with(b"\r");
        }
        let fits = mail.len() <= most;
        let mail = Bytes::from(mail);
        for recipient in &envelope.recipients {
            let answer = if !fits {
                "552 5.3.4 too large"
            } else {
                match self.mailboxes.deliver(recipient, mail.clone()).await {
                    Ok(()) => "250 2.0.0 taken",
                    Err(NotTaken::Later) => "451 4.3.0 not now",
                    Err(NotTaken::Never) => "554 5.3.0 not taken",
                }
            };
            say(stream, answer).await?;
        }
        Ok(())
    }
}

async fn say<S>(stream: &mut BufReader<S>, answer: &str) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    stream.flush().await
}

impl fmt::Debug for LmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LmtpServer").field("name", &self.name).finish_non_exhaustive()
    }
}
