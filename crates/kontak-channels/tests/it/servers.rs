//! Beside Dovecot, Pigeonhole and aiosmtpd, where `tests/servers/run.py` has started them.

use crate::lmtp_server::Desk;
use crate::world::{message, now, outbound, read};
use kontak_channel::content::Content;
use kontak_channel::{
    Action, Channel, Codec, DedupeKey, EnvelopeBody, MessageAuthor, Outbound, Secret, SendError,
    Voice, WireRequest, Wired,
};
use kontak_channels::email::Email;
use kontak_channels::imap_client::{Extent, Folder, ImapError, Position};
use kontak_channels::lmtp_server::LmtpServer;
use kontak_channels::smtp_client::SmtpClient;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn given(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    if value.is_none() {
        println!("skipped: no {name}; python3 crates/kontak-channels/tests/servers/run.py");
    }
    value
}

fn mailbox() -> Email {
    Email::new("layanan", "layanan@tokobudi.co.id".parse().unwrap()).handed_over()
}

async fn folder(server: &str, password: &str) -> Result<Folder<TcpStream>, ImapError> {
    let stream = TcpStream::connect(server).await.unwrap();
    Folder::over(stream, "layanan", &Secret::new(password), "INBOX").await
}

/// Hands a mail over to Dovecot, which hands it over to Pigeonhole.
async fn deliver(port: &str, from: &str, mail: &str) {
    deliver_to("layanan", port, from, mail).await;
}

async fn deliver_to(recipient: &str, port: &str, from: &str, mail: &str) {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
    let mut answer = [0; 4_096];
    for command in [
        "",
        "LHLO desk.example\r\n",
        &format!("MAIL FROM:<{from}>\r\n"),
        &format!("RCPT TO:<{recipient}>\r\n"),
        "DATA\r\n",
        &format!("{mail}.\r\n"),
        "QUIT\r\n",
    ] {
        stream.write_all(command.as_bytes()).await.unwrap();
        let read = stream.read(&mut answer).await.unwrap();
        assert!(matches!(answer[0], b'2' | b'3'), "{}", String::from_utf8_lossy(&answer[..read]));
    }
}

#[tokio::test]
async fn a_mailbox_is_read_once_whatever_happens() {
    let (Some(server), Some(port)) = (given("KONTAK_IMAP"), given("KONTAK_LMTP")) else { return };
    let delivered: usize = given("KONTAK_MAILS").unwrap().parse().unwrap();
    assert!(matches!(folder(&server, "salah").await, Err(ImapError::Refused)));

    let mut open = folder(&server, "rahasia").await.unwrap();
    let (mut seen, mut position) = (BTreeSet::<DedupeKey>::new(), None);
    let (mut mails, mut doubles) = (0, 0);
    loop {
        let fetched = open.after(position, 7).await.unwrap();
        let Some(last) = fetched.last() else { break };
        position = Some(last.position);
        for fetched in &fetched {
            assert_eq!(fetched.extent, Extent::Whole);
            mails += 1;
            let envelopes = read(&mailbox(), &Email::request(fetched.mail.clone()));
            assert_eq!(envelopes.len(), 1);
            doubles += usize::from(!seen.insert(envelopes[0].dedupe.clone()));
        }
    }
    assert_eq!(mails, delivered);
    println!("{mails} mails read, {doubles} of them known by their Message-ID");

    // A crash before the position was stored, and a server that has numbered its mails anew.
    let position = position.unwrap();
    let anew = Position::new(position.validity + 1, position.last);
    for lost in [None, Some(anew)] {
        let mut open = folder(&server, "rahasia").await.unwrap();
        for fetched in open.after(lost, usize::MAX).await.unwrap() {
            let envelopes = read(&mailbox(), &Email::request(fetched.mail));
            assert!(seen.contains(&envelopes[0].dedupe));
        }
    }

    // Dovecot tells by IDLE that a mail came; one that is too large comes as its headers.
    let mail = "From: siti@gmail.com\r\nSubject: Baru\r\nMessage-ID: <idle-1@mail.gmail.com>\r\n\r\nHalo\r\n";
    let arrival = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        deliver(&port, "siti@gmail.com", mail).await;
    };
    let wait = open.with_largest(64).wait(Duration::from_secs(60));
    let (open, ()) = tokio::join!(wait, arrival);
    let news = open.unwrap().after(Some(position), 10).await.unwrap();
    assert_eq!((news.len(), news[0].extent), (1, Extent::Headers));
    let envelopes = read(&mailbox(), &Email::request(news[0].mail.clone()));
    assert_eq!(message(&envelopes[0]).content.plain_text(), "Baru");
}

fn say(text: &str, voice: Voice, key: &str) -> Outbound {
    let mut say =
        outbound(&mailbox(), "siti@gmail.com", Action::Say(Content::plain(text).unwrap()));
    say.key = kontak_channel::IdempotencyKey::new(key).unwrap();
    say.with_voice(voice)
}

fn sink() -> Vec<String> {
    let files = std::fs::read_dir(std::env::var("KONTAK_SINK").unwrap()).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

#[tokio::test]
async fn aiosmtpd_takes_what_we_send_and_its_death_is_ambiguous() {
    let (Some(takes), Some(dies)) = (given("KONTAK_SMTP"), given("KONTAK_SMTP_DIES")) else {
        return;
    };
    let client = |port: &str| SmtpClient::unencrypted("127.0.0.1", port.parse().unwrap());
    let channel = Wired::new(mailbox(), client(&takes));
    let text = "Sudah siap.\n.\nĐã giao.";
    let agents = say(text, Voice::Agent, "aiosmtpd 1");
    let receipt = channel.send(&agents, now()).await.unwrap();
    assert_eq!(receipt.ids, [mailbox().message_id(&agents.key)]);
    channel.send(&say("Diterima.", Voice::Machine, "aiosmtpd 2"), now()).await.unwrap();
    let taken = sink();
    let find = |key: &str| {
        let id = mailbox().message_id(&kontak_channel::IdempotencyKey::new(key).unwrap());
        taken.iter().find(|mail| mail.contains(id.as_str())).unwrap()
    };
    let parsed = mail_parser::MessageParser::default().parse(find("aiosmtpd 1")).unwrap();
    assert_eq!(parsed.body_text(0).unwrap().trim_end().replace("\r\n", "\n"), text);
    assert!(find("aiosmtpd 1").starts_with("X-Return-Path: <layanan@tokobudi.co.id>"));
    assert!(find("aiosmtpd 2").starts_with("X-Return-Path: <>"));

    let channel = Wired::new(mailbox(), client(&dies));
    let outcome = channel.send(&say("Hilang", Voice::Agent, "aiosmtpd 3"), now()).await;
    assert!(matches!(outcome, Err(SendError::Ambiguous { .. })), "{outcome:?}");
}

/// Pigeonhole answers a person's mail with a vacation notice; we know that for a machine's, and it
/// does not answer the mail of our machine.
#[tokio::test]
async fn pigeonhole_and_our_machine_do_not_answer_each_other() {
    let Some(port) = given("KONTAK_LMTP") else { return };
    let text = |voice, key| {
        let WireRequest::Mail(mail) = mailbox().render(&say("Halo", voice, key)).unwrap().remove(0)
        else {
            panic!()
        };
        let from = mail.return_path.clone().unwrap_or_default();
        (from, String::from_utf8(mail.message.to_vec()).unwrap())
    };
    let notices = || {
        let about = "Auto-Submitted: auto-replied (vacation)";
        sink().into_iter().filter(|mail| mail.contains(about)).collect::<Vec<_>>()
    };
    let before = notices().len();
    let (from, mail) = text(Voice::Machine, "duel 1");
    deliver(&port, &from, &mail).await;
    let (from, mail) = text(Voice::Agent, "duel 2");
    deliver(&port, &from, &mail).await;
    for _ in 0..50 {
        if notices().len() > before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let notices = notices();
    assert_eq!(notices.len(), before + 1, "one answer, to the person");
    let notice = notices.last().unwrap();
    let id = mailbox().message_id(&kontak_channel::IdempotencyKey::new("duel 2").unwrap());
    let envelopes = read(&mailbox(), &Email::request(notice.clone()));
    match &envelopes[0].body {
        EnvelopeBody::Message(message) => {
            assert_eq!(message.author, MessageAuthor::Machine);
            assert!(message.references.contains(&id), "it names the mail that it answers");
        }
        other => panic!("{other:?}"),
    }
}

/// Mails that Python's client hands over are taken whole, and so is one that comes through Dovecot.
#[tokio::test]
async fn what_mail_servers_hand_over_is_taken() {
    let (Some(own), Some(dovecot)) = (given("KONTAK_DESK_LMTP"), given("KONTAK_LMTP")) else {
        return;
    };
    let desk = Arc::new(Desk::default());
    let server = LmtpServer::new("desk.example", Arc::clone(&desk) as _);
    let listener = TcpListener::bind(format!("127.0.0.1:{own}")).await.unwrap();
    let serving = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let server = server.clone();
            tokio::spawn(async move { server.converse(stream).await });
        }
    });

    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers");
    let mut files = Vec::new();
    for folder in [here.clone(), here.join("../../../../../shared/data/mail/eml")] {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        files.extend(
            entries
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|extension| extension == "eml")),
        );
    }
    let mut client = Command::new("python3");
    client.arg(here.join("hand_over.py")).arg(&own).args(&files);
    let status = tokio::task::spawn_blocking(move || client.status()).await.unwrap();
    assert!(status.unwrap().success());
    let taken = desk.taken();
    assert_eq!(taken.len(), 2 * files.len());
    for (file, both) in files.iter().zip(taken.chunks(2)) {
        // The client writes every line end as one of the network's.
        let lines = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n");
            text.trim_end().to_owned()
        };
        let sent = lines(&std::fs::read(file).unwrap());
        for (name, mail) in both {
            let mail = lines(mail);
            assert_eq!(
                mail.strip_prefix("Return-Path: <siti@gmail.com>\n"),
                Some(&*sent),
                "{name}"
            );
        }
        let _ = read(&mailbox(), &Email::request(both[0].1.clone()));
    }
    println!("{} mails handed over by smtplib", files.len());

    let mail = "From: Siti <siti@gmail.com>\r\nSubject: Baru\r\nMessage-ID: <proxy-1@mail.gmail.com>\r\n\r\n..Halo\r\n";
    deliver_to("desk@tokobudi.co.id", &dovecot, "siti@gmail.com", mail).await;
    let (name, handed) = desk.taken().pop().unwrap();
    assert_eq!(name, "desk@tokobudi.co.id");
    let envelope = read(&mailbox(), &Email::request(handed)).remove(0);
    assert_eq!(message(&envelope).id.as_str(), "proxy-1@mail.gmail.com");
    assert_eq!(message(&envelope).content.plain_text(), "Baru\n.Halo");
    serving.abort();
}
