//! LMTP in: what a mail server says, and what it must never be told.

use crate::world::{message, read};
use async_trait::async_trait;
use kontak_channel::MessageAuthor;
use kontak_channel::bytes::Bytes;
use kontak_channels::email::Email;
use kontak_channels::lmtp_server::{LmtpServer, Mailboxes, NotTaken};
use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

/// Knows everybody but `nobody`; `full` is full for now, and `closed` for good.
#[derive(Default)]
pub(crate) struct Desk(Mutex<Vec<(String, Bytes)>>);

impl Desk {
    pub(crate) fn taken(&self) -> Vec<(String, Bytes)> {
        self.0.lock().unwrap().clone()
    }
}

#[async_trait]
impl Mailboxes for Desk {
    async fn has(&self, recipient: &str) -> bool {
        recipient != "nobody"
    }

    async fn deliver(&self, recipient: &str, mail: Bytes) -> Result<(), NotTaken> {
        match recipient {
            "full" => Err(NotTaken::Later),
            "closed" => Err(NotTaken::Never),
            _ => {
                self.0.lock().unwrap().push((recipient.to_owned(), mail));
                Ok(())
            }
        }
    }
}

/// What is answered to all of this at once, written in pieces of this size, and what was taken.
async fn spoken(
    server: impl Fn(LmtpServer) -> LmtpServer,
    said: &[u8],
    piece: usize,
) -> (Vec<String>, Vec<(String, Bytes)>, Result<(), ErrorKind>) {
    let desk = Arc::new(Desk::default());
    let server = server(LmtpServer::new("desk.example", Arc::clone(&desk) as _));
    let (ours, theirs) = duplex(piece);
    let (mut read, mut write) = tokio::io::split(theirs);
    let serving = async { server.converse(ours).await.map_err(|error| error.kind()) };
    let saying = async {
        for bytes in said.chunks(piece) {
            if write.write_all(bytes).await.is_err() {
                break;
            }
        }
        let _ = write.shutdown().await;
    };
    let mut answers = Vec::new();
    let hearing = read.read_to_end(&mut answers);
    let (outcome, (), heard) = tokio::join!(serving, saying, hearing);
    heard.unwrap();
    let answers = String::from_utf8(answers).unwrap();
    let codes = answers.lines().map(|line| line.chars().take(9).collect()).collect();
    (codes, desk.taken(), outcome)
}

const MAIL: &str = "From: Siti <siti@gmail.com>\r\nMessage-ID: <1@mail.gmail.com>\r\nSubject: AC rusak\r\n\r\n..\r\n...dua titik\r\nHalo\r\n";

fn conversation() -> String {
    format!(
        "LHLO mta.example\r\nMAIL FROM:<siti@gmail.com> SIZE=99\r\nRCPT TO:<layanan>\r\nRCPT TO:<nobody>\r\n\
         RCPT TO:<full>\r\nRCPT TO:<closed>\r\nRCPT TO:<toko>\r\nDATA\r\n{MAIL}.\r\n\
         MAIL FROM:<>\r\nRCPT TO:<layanan>\r\nDATA\r\nFrom: a@b.example\r\n\r\nx\r\n.\r\nQUIT\r\n"
    )
}

#[tokio::test]
async fn each_recipient_has_an_answer_however_the_bytes_come() {
    for piece in [1, 2, 7, 64, 4_096] {
        let (codes, taken, outcome) =
            spoken(|server| server, conversation().as_bytes(), piece).await;
        let expected = [
            "220 desk.",
            "250-desk.",
            "250-PIPEL",
            "250-ENHAN",
            "250-8BITM",
            "250-SMTPU",
            "250 SIZE ",
            "250 2.1.0",
            "250 2.1.5",
            "550 5.1.1",
            "250 2.1.5",
            "250 2.1.5",
            "250 2.1.5",
            "354 go on",
            "250 2.0.0",
            "451 4.3.0",
            "554 5.3.0",
            "250 2.0.0",
            "250 2.1.0",
            "250 2.1.5",
            "354 go on",
            "250 2.0.0",
            "221 2.0.0",
        ];
        assert_eq!(codes, expected, "in pieces of {piece}");
        assert_eq!(outcome, Ok(()));
        let names: Vec<_> = taken.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["layanan", "toko", "layanan"]);
        // One dot of each line that begins with one is of the protocol.
        let mail = MAIL.replace("\r\n..", "\r\n.");
        assert_eq!(taken[0].1, format!("Return-Path: <siti@gmail.com>\r\n{mail}"));
        assert_eq!(taken[0].1, taken[1].1);

        let mailbox =
            Email::new("layanan", "layanan@tokobudi.co.id".parse().unwrap()).handed_over();
        let envelope = read(&mailbox, &Email::request(taken[0].1.clone())).remove(0);
        assert_eq!(message(&envelope).content.plain_text(), "AC rusak\n.\n..dua titik\nHalo");
        assert_eq!(message(&envelope).author, MessageAuthor::Customer);
        let bounce = read(&mailbox, &Email::request(taken[2].1.clone())).remove(0);
        assert_eq!(message(&bounce).author, MessageAuthor::Machine);
    }
}

#[tokio::test]
async fn no_mail_hides_in_another() {
    let envelope = "LHLO mta\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<layanan>\r\nDATA\r\n";
    let hidden = "MAIL FROM:<ceo@bank.example>\r\nRCPT TO:<layanan>\r\nDATA\r\nSubject: x\r\n";
    for end in ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r.\r\n", "\r\n.\r", "\r\n\0.\r\n"] {
        let said = format!("{envelope}Subject: y\r\n\r\nx{end}{hidden}\r\n.\r\nQUIT\r\n");
        for piece in [1, 4_096] {
            let (codes, taken, outcome) = spoken(|server| server, said.as_bytes(), piece).await;
            assert_eq!((taken.len(), outcome), (1, Ok(())), "{end:?}: {codes:?}");
            let mail = std::str::from_utf8(&taken[0].1).unwrap();
            assert!(mail.contains("ceo@bank.example"), "{end:?}");
        }
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_the_next_is_not() {
    let large = "x".repeat(3 << 16);
    let said = format!(
        "LHLO mta\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<layanan>\r\nRCPT TO:<toko>\r\nDATA\r\n{large}\r\n.{large}\r\n.\r\n\
         MAIL FROM:<a@b.example>\r\nRCPT TO:<layanan>\r\nDATA\r\n.{}\r\n.\r\nQUIT\r\n",
        &large[..500]
    );
    let (codes, taken, _) =
        spoken(|server| server.with_largest(1_000), said.as_bytes(), 4_096).await;
    assert_eq!(
        codes[11..],
        ["552 5.3.4", "552 5.3.4", "250 2.1.0", "250 2.1.5", "354 go on", "250 2.0.0", "221 2.0.0"]
    );
    assert_eq!(taken.len(), 1);
    assert!(taken[0].1.ends_with(format!("{}\r\n", &large[..500]).as_bytes()));

    let (_, taken, _) = spoken(|server| server, said.as_bytes(), 4_096).await;
    assert_eq!(taken[0].1, format!("Return-Path: <a@b.example>\r\n{large}\r\n{large}\r\n"));
}

#[tokio::test]
async fn what_breaks_off_was_not_taken() {
    let whole = conversation();
    for end in 0..whole.find("\r\n.\r\nMAIL").unwrap() + 5 {
        let (_, taken, outcome) = spoken(|server| server, &whole.as_bytes()[..end], 4_096).await;
        assert_eq!((taken.len(), outcome), (0, Err(ErrorKind::UnexpectedEof)), "after {end} bytes");
    }
}

#[tokio::test]
async fn who_speaks_no_lmtp_is_shown_out() {
    let said = "GET / HTTP/1.1\r\n".repeat(40);
    let (codes, _, outcome) = spoken(|server| server, said.as_bytes(), 4_096).await;
    assert_eq!((codes.len(), outcome), (23, Err(ErrorKind::InvalidData)));
    let endless = vec![b'x'; 1 << 20];
    let (codes, _, outcome) = spoken(|server| server, &endless, 4_096).await;
    assert_eq!((codes.len(), outcome), (1, Err(ErrorKind::UnexpectedEof)));

    let server = LmtpServer::new("desk.example", Arc::new(Desk::default()));
    let (ours, _silent) = duplex(64);
    let outcome = server.with_line_within(Duration::from_millis(10)).converse(ours).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::TimedOut);
}
