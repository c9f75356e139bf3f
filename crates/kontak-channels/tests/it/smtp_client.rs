//! The transport against a mail server of a few lines on the loopback interface, which goes wrong
//! at each step in turn.

use kontak_channel::content::Content;
use kontak_channel::{
    Action, Channel, MailRequest, ProviderId, Secret, SendError, Transport, TransportError,
    WireRequest, WireResponse, Wired,
};
use kontak_channels::email::Email;
use kontak_channels::smtp_client::SmtpClient;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does at a step, instead of saying yes.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    Says(&'static str),
    HangsUp,
    Waits,
}

/// A server that does something at the command that begins so, and what it saw.
struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn that(at: &'static str, does: Does) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::default();
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, at, does, Arc::clone(&log)));
            }
        });
        Self { port, seen }
    }

    async fn friendly() -> Self {
        Self::that("nothing", Does::HangsUp).await
    }

    fn client(&self) -> SmtpClient {
        SmtpClient::unencrypted("127.0.0.1", self.port)
            .with_hello_name("desk.example")
            .with_begin_within(Duration::from_secs(2))
            .with_answer_within(Duration::from_millis(500))
    }

    fn seen(&self, beginning: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|line| line.starts_with(beginning)).count()
    }
}

async fn serve(stream: TcpStream, at: &str, does: Does, log: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let mut line = "greeting".to_owned();
    let mut in_mail = false;
    loop {
        let step = if in_mail { "end of mail" } else { &line };
        log.lock().unwrap().push(step.to_owned());
        let answer = match (step.starts_with(at), does) {
            (true, Does::Says(answer)) => answer,
            (true, Does::HangsUp) => return,
            (true, Does::Waits) => return tokio::time::sleep(Duration::from_secs(60)).await,
            (false, _) => match step.get(..4) {
                Some("gree") => "220 sink.example",
                Some("EHLO") => "250-sink.example\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
                Some("AUTH") => "235 2.7.0 welcome",
                Some("DATA") => "354 go on",
                Some("end ") => "250 2.0.0 queued as 4711",
                _ => "250 2.1.0 fine",
            },
        };
        in_mail = answer.starts_with("354");
        if stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
        loop {
            line.clear();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if !in_mail {
                break;
            }
            log.lock().unwrap().push(format!("mail: {}", line.trim_end()));
            if line == ".\r\n" {
                break;
            }
        }
        line.truncate(line.trim_end().len());
    }
}

fn mail() -> WireRequest {
    let message = "Subject: Pesanan\r\n\r\nSudah siap.\r\n.\r\n..\r\nSelesai.\r\n";
    let from = Some("layanan@tokobudi.co.id".into());
    let mail = MailRequest::new(from, vec!["siti@gmail.com".into()], message.into());
    WireRequest::Mail(mail.with_id(ProviderId::new("1@tokobudi.co.id").unwrap()))
}

async fn outcome(at: &'static str, does: Does) -> Result<WireResponse, TransportError> {
    Server::that(at, does).await.client().exchange(mail()).await
}

#[tokio::test]
async fn a_mail_goes_out_whole_and_the_connection_is_used_again() {
    let server = Server::friendly().await;
    let client = server.client().with_credentials("layanan", Secret::new("rahasia"));
    for _ in 0..3 {
        let Ok(WireResponse::Mail { code, enhanced, id }) = client.exchange(mail()).await else {
            panic!()
        };
        assert_eq!((code, enhanced.as_deref()), (250, Some("2.0.0")));
        assert_eq!(id, ProviderId::new("1@tokobudi.co.id").ok());
    }
    assert_eq!((server.seen("EHLO desk.example"), server.seen("AUTH PLAIN")), (1, 1));
    assert_eq!(server.seen("MAIL FROM:<layanan@tokobudi.co.id>"), 3);
    // Lines of dots are doubled on the way, and the mail ends where it ended.
    assert_eq!((server.seen("mail: .."), server.seen("mail: ...")), (6, 3));
    let seen = server.seen.lock().unwrap();
    let end = seen.iter().position(|line| line == "mail: .").unwrap();
    assert_eq!(seen[end - 1], "mail: Selesai.");
}

#[tokio::test]
async fn no_return_path_is_an_empty_one() {
    let server = Server::friendly().await;
    let mail = MailRequest::new(None, vec!["siti@gmail.com".into()], "Subject: x\r\n\r\nx".into());
    server.client().exchange(WireRequest::Mail(mail)).await.unwrap();
    assert_eq!(server.seen("MAIL FROM:<>"), 1);
}

/// Before the mail itself nothing was sent, whatever broke; behind it, nobody knows.
#[tokio::test]
async fn it_tells_truly_whether_the_mail_was_written() {
    for step in ["greeting", "EHLO", "MAIL", "RCPT", "DATA"] {
        assert_eq!(
            outcome(step, Does::HangsUp).await.unwrap_err(),
            TransportError::NotSent,
            "{step}"
        );
    }
    assert_eq!(outcome("RCPT", Does::Waits).await.unwrap_err(), TransportError::NotSent);
    let no_prompt = outcome("DATA", Does::Says("250 what data?")).await;
    assert_eq!(no_prompt.unwrap_err(), TransportError::NotSent);
    assert_eq!(
        outcome("end of mail", Does::HangsUp).await.unwrap_err(),
        TransportError::Interrupted
    );
    assert_eq!(outcome("end of mail", Does::Waits).await.unwrap_err(), TransportError::TimedOut);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let nobody = SmtpClient::unencrypted("127.0.0.1", port).exchange(mail()).await;
    assert_eq!(nobody.unwrap_err(), TransportError::NotSent);
}

/// Each answer, at each step, is an error by what can be done about it.
#[tokio::test]
async fn refusals_come_back_from_every_step() {
    let cases = [
        ("greeting", "421 4.3.2 shutting down", "transient 4.3.2"),
        ("greeting", "554 no mail here", "rejected 554"),
        ("AUTH", "535 5.7.8 bad credentials", "unauthorized 5.7.8"),
        ("AUTH", "454 4.7.0 try later", "transient 4.7.0"),
        ("MAIL", "530 5.7.0 log in first", "unauthorized 5.7.0"),
        ("MAIL", "552 5.3.4 too large", "invalid 5.3.4"),
        ("RCPT", "450 4.2.0 greylisted", "transient 4.2.0"),
        ("RCPT", "550 5.1.1 no such user", "invalid 5.1.1"),
        ("RCPT", "550-5.7.1 two\r\n550 5.7.1 lines", "rejected 5.7.1"),
        ("DATA", "451 local error", "transient 451"),
        ("end of mail", "452 4.3.1 disk full", "transient 4.3.1"),
        ("end of mail", "550 5.7.1 spam", "rejected 5.7.1"),
    ];
    for (step, answer, expected) in cases {
        let server = Server::that(step, Does::Says(answer)).await;
        let client = server.client().with_credentials("layanan", Secret::new("rahasia"));
        let address = "layanan@tokobudi.co.id".parse().unwrap();
        let channel = Wired::new(Email::new("layanan", address), client);
        let say = Action::Say(Content::plain("Sudah siap.").unwrap());
        let outbound = crate::world::outbound(channel.codec(), "siti@gmail.com", say);
        let error = channel.send(&outbound, crate::world::now()).await.unwrap_err();
        let said = match error {
            SendError::Transient { code } => format!("transient {code}"),
            SendError::Rejected { code } => format!("rejected {code}"),
            SendError::Invalid { code } => format!("invalid {code}"),
            SendError::Unauthorized { code } => format!("unauthorized {code}"),
            other => format!("{other:?}"),
        };
        assert_eq!(said, expected, "{step}: {answer}");
    }
}

#[tokio::test]
async fn what_is_not_encrypted_gets_nothing_where_it_should_be() {
    let server = Server::friendly().await;
    let client = SmtpClient::starttls("127.0.0.1").with_port(server.port);
    let outcome = client.with_credentials("layanan", Secret::new("rahasia")).exchange(mail()).await;
    assert!(matches!(outcome, Err(TransportError::Misconfigured { .. })), "{outcome:?}");
    assert_eq!((server.seen("AUTH"), server.seen("MAIL")), (0, 0));
}

#[tokio::test]
async fn one_server_that_hangs_up_between_two_mails_loses_none() {
    // It hangs up when it is asked whether it lives; a new connection is made.
    let server = Server::that("NOOP", Does::HangsUp).await;
    let client = server.client();
    for _ in 0..3 {
        assert!(client.exchange(mail()).await.is_ok());
    }
    assert_eq!((server.seen("EHLO"), server.seen("DATA")), (3, 3));
}

#[tokio::test]
async fn a_password_is_never_seen() {
    let client =
        SmtpClient::encrypted("mail.example").with_credentials("u", Secret::new("rahasia"));
    assert!(!format!("{client:?}").contains("rahasia"));
}
