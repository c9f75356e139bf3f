//! Mails both ways, read back by the same parser that reads the world's.

use crate::world::{ignored, message, now, outbound, post};
use kontak_channel::address::EmailAddress;
use kontak_channel::bytes::Bytes;
use kontak_channel::conformance::Subject;
use kontak_channel::content::{
    BlobId, Content, Media, MediaKind, MediaPlace, Part, ProviderRef, Remote, Text, Written,
};
use kontak_channel::{
    Action, Codec, Envelope, EnvelopeBody, IgnoredReason, KeyRing, MailRequest, MessageAuthor,
    Outbound, ProviderId, RawRequest, ReceiptStatus, RenderError, Secret, SendError, Voice,
    WireRequest, WireResponse,
};
use kontak_channels::email::{Email, OutgoingFiles, UnsubscribeError, without_quote};
use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn unsubscribe_keys() -> KeyRing {
    KeyRing::new(Secret::new("secret of the links"))
}

fn mailbox() -> Email {
    Email::new("layanan", address("layanan@tokobudi.co.id"))
        .with_name("Toko Budi – Layanan")
        .with_authority("mx.tokobudi.co.id")
        .with_unsubscribe(
            "https://tokobudi.co.id/unsub?lang=id".parse().unwrap(),
            unsubscribe_keys(),
        )
}

const PLAIN: &str = "Return-Path: <siti@gmail.com>\r\nAuthentication-Results: mx.tokobudi.co.id; dkim=pass header.d=gmail.com; dmarc=pass (p=none) header.from=gmail.com\r\nFrom: =?utf-8?Q?Siti_Rahayu?= <Siti@Gmail.com>\r\nTo: layanan@tokobudi.co.id\r\nSubject: Re: AC rusak\r\nDate: Mon, 2 Feb 2026 09:40:00 +0700\r\nMessage-ID: <m3@mail.gmail.com>\r\nIn-Reply-To: <m2@tokobudi.co.id>\r\nReferences: <m1@mail.gmail.com> <m2@tokobudi.co.id>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBelum ada teknisi yang datang.\r\n\r\nOn Mon, 2 Feb 2026 at 08:00, Layanan <layanan@tokobudi.co.id> wrote:\r\n> Besok pagi, ya.\r\n";
const ATTACHED: &str = "From: siti@gmail.com\r\nSubject: Foto\r\nMessage-ID: <m4@mail.gmail.com>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Ini <b>fotonya</b></p>\r\n--b\r\nContent-Type: image/jpeg; name=\"rusak.jpg\"\r\nContent-Disposition: attachment; filename=\"rusak.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/4AA=\r\n--b--\r\n";
const VACATION: &str = "Return-Path: <>\r\nFrom: siti@gmail.com\r\nSubject: Sedang cuti\r\nMessage-ID: <m5@mail.gmail.com>\r\nAuto-Submitted: auto-replied (vacation)\r\n\r\nSaya cuti sampai Senin.\r\n";
const BOUNCE: &str = "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMessage-ID: <b1@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; nobody@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no\r\n such user\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <out-1@tokobudi.co.id>\r\nSubject: x\r\n--b--\r\n";

/// A storage that has everything.
#[derive(Debug)]
struct EveryFile;

impl OutgoingFiles for EveryFile {
    fn bytes(&self, _: &Media) -> Option<Bytes> {
        Some(Bytes::from_static(b"%PDF-1.7"))
    }
}

fn read(mail: &str) -> Envelope {
    crate::world::read(&mailbox(), &post(mail)).remove(0)
}

fn signed(mail: &str) -> RawRequest {
    let request = post(mail).with_header("x-mail-timestamp", "1770000000").unwrap();
    let signature = Email::scheme().sign(&request, &Secret::new("pipe-secret-of-mail")).unwrap();
    request.with_header("x-mail-signature", &signature).unwrap()
}

#[test]
fn mail_is_lawful() {
    let mailbox = mailbox();
    let mut subject = Subject::new(
        &mailbox,
        KeyRing::new(Secret::new("pipe-secret-of-mail")),
        "siti@gmail.com",
        now(),
    );
    for mail in [PLAIN, ATTACHED, VACATION, BOUNCE] {
        subject = subject.with_request(signed(mail));
    }
    subject.assert_lawful();
    let with_files = self::mailbox().with_files(EveryFile);
    Subject::new(
        &with_files,
        KeyRing::new(Secret::new("pipe-secret-of-mail")),
        "siti@gmail.com",
        now(),
    )
    .with_request(signed(PLAIN))
    .assert_lawful();
    let own = Email::new("layanan", address("layanan@tokobudi.co.id")).handed_over();
    Subject::new(&own, KeyRing::new(Secret::new("unused-here")), "siti@gmail.com", now())
        .with_request(post(PLAIN))
        .assert_lawful();
}

#[test]
fn a_reply_is_cut_before_its_quote_and_knows_its_thread() {
    let envelope = read(PLAIN);
    let message = message(&envelope);
    assert_eq!(message.content.plain_text(), "Re: AC rusak\nBelum ada teknisi yang datang.");
    let references: Vec<_> = message.references.iter().map(ProviderId::as_str).collect();
    assert_eq!(references, ["m2@tokobudi.co.id", "m1@mail.gmail.com"]);
    assert_eq!(envelope.occurred.unwrap().to_rfc3339(), "2026-02-02T02:40:00+00:00");
    let sender = envelope.sender.as_ref().unwrap();
    assert_eq!(
        (&*sender.touchpoint.id, sender.display_name.as_ref().unwrap().as_str()),
        ("siti@gmail.com", "Siti Rahayu")
    );
    assert!(sender.email.is_some());
}

#[test]
fn an_address_is_attested_only_by_our_own_server() {
    let attested = |mail: &str| read(mail).sender.unwrap().email.is_some();
    assert!(attested(PLAIN));
    assert!(!attested(&PLAIN.replace("dmarc=pass", "dmarc=fail")));
    assert!(!attested(&PLAIN.replace("mx.tokobudi.co.id;", "mx.evil.example;")));
    assert!(!attested(&PLAIN.replace("header.from=gmail.com", "header.from=evil.example")));
    let forged_below = format!(
        "Authentication-Results: mx.tokobudi.co.id; dmarc=fail header.from=gmail.com\r\n{PLAIN}"
    );
    assert!(!attested(&forged_below));
    // Whoever writes the envelope's address writes into the results.
    for forged in [
        "spf=fail (x; dmarc=pass header.from=gmail.com ) smtp.mailfrom=evil.example",
        "spf=fail (\\); dmarc=pass header.from=gmail.com ;)",
        "spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=gmail.com \"@evil.example",
        "spf=pass smtp.mailfrom=\"\\\"; dmarc=pass header.from=gmail.com \"@evil.example",
        "spf=pass smtp.mailfrom=gmail.com; dkim=pass header.d=gmail.com",
        "x-dmarc=pass header.from=gmail.com",
    ] {
        let mail = PLAIN.replace(
            "dkim=pass header.d=gmail.com; dmarc=pass (p=none) header.from=gmail.com",
            forged,
        );
        assert!(mail.contains(forged) && !attested(&mail), "{forged}");
    }
    let two_senders = PLAIN.replace("From: =?", "From: budi@gmail.com\r\nFrom: =?");
    assert!(!attested(&two_senders));
    assert!(!attested(&PLAIN.replace("<Siti@Gmail.com>", "<Siti@Gmail.com>, budi@gmail.com")));
    let commented = PLAIN.replace("dmarc=pass (p=none)", "dmarc=fail (dmarc=pass)");
    assert!(!attested(&commented));
}

#[test]
fn machines_are_told_from_people() {
    assert_eq!(message(&read(VACATION)).author, MessageAuthor::Machine);
    assert_eq!(message(&read(PLAIN)).author, MessageAuthor::Customer);
    // What Pigeonhole, the vacation responder of Dovecot, answers and does not answer.
    for (header, machine) in [
        ("Auto-Submitted: no", false),
        ("Auto-Submitted: auto-generated", true),
        ("List-Id: <x.example>", true),
        ("Precedence: bulk", true),
        ("X-Mailer: Outlook", false),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", true),
        ("X-Auto-Response-Suppress: RN", false),
    ] {
        let mail = PLAIN.replace("Date:", &format!("{header}\r\nDate:"));
        assert_eq!(message(&read(&mail)).author == MessageAuthor::Machine, machine, "{header}");
    }
}

#[test]
fn a_bounce_is_a_receipt() {
    let EnvelopeBody::Receipt(receipt) = read(BOUNCE).body else { panic!() };
    assert_eq!(
        (receipt.status, receipt.target),
        (ReceiptStatus::Failed, ProviderId::new("out-1@tokobudi.co.id").ok())
    );
    let failure = receipt.failure.unwrap();
    assert_eq!(
        (&*failure.code, failure.text.unwrap().as_str()),
        ("5.1.1", "smtp; 550 5.1.1 no such user")
    );
    assert_eq!(
        ignored(&read(&BOUNCE.replace("Action: failed", "Action: delayed"))),
        IgnoredReason::UnknownKind
    );
    assert!(
        matches!(read(&BOUNCE.replace("Action: failed", "Action: delivered")).body, EnvelopeBody::Receipt(receipt) if receipt.status == ReceiptStatus::Delivered)
    );
}

#[test]
fn a_file_comes_out_by_its_reference() {
    let envelope = read(ATTACHED);
    let content = &message(&envelope).content;
    assert_eq!(content.parts[0], Part::from(Text::plain("Ini fotonya").unwrap()));
    let media = content.media().next().unwrap();
    let Some(Remote::Provider(reference)) = media.place.remote() else { panic!() };
    assert_eq!(Email::attachment(ATTACHED.as_bytes(), reference).unwrap(), b"\xff\xd8\xff\xe0\x00");
    assert_eq!(Email::attachment(ATTACHED.as_bytes(), &ProviderRef::new("m4#9").unwrap()), None);
    assert_eq!(media.file_name, "rusak.jpg".parse().ok());
}

fn mail(outbound: &Outbound) -> MailRequest {
    match mailbox().render(outbound).unwrap().remove(0) {
        WireRequest::Mail(mail) => mail,
        other => panic!("{other:?}"),
    }
}

fn say(content: impl Into<Content>) -> Outbound {
    outbound(&mailbox(), "siti@gmail.com", Action::Say(content.into()))
}

#[test]
fn what_goes_out_reads_back_as_it_was_meant() {
    let subject = "Pesanan 0042: đã giao – terima kasih banyak atas kesabaran Anda sekeluarga 🙏";
    let content = Content::plain("Đã giao.\nTerima kasih.")
        .unwrap()
        .with_subject(Written::new(subject).unwrap());
    let request = mail(
        &say(content)
            .with_reply_to(ProviderId::new("m3@mail.gmail.com").unwrap())
            .with_reference(ProviderId::new("m2@tokobudi.co.id").unwrap()),
    );
    let text = std::str::from_utf8(&request.message).unwrap();
    assert!(text.lines().all(|line| line.len() <= 120) && text.is_ascii(), "{text}");
    let parsed = MessageParser::default().parse(&request.message[..]).unwrap();
    assert_eq!(parsed.subject(), Some(subject));
    assert_eq!(parsed.body_text(0).unwrap().trim_end(), "Đã giao.\r\nTerima kasih.");
    assert_eq!(parsed.in_reply_to().as_text(), Some("m3@mail.gmail.com"));
    assert_eq!(
        parsed.references().as_text_list().unwrap(),
        ["m2@tokobudi.co.id", "m3@mail.gmail.com"]
    );
    let from = parsed.from().unwrap().first().unwrap();
    assert_eq!(from.name.as_deref(), Some("Toko Budi – Layanan"));
    let key = say(Content::plain("x").unwrap()).key;
    assert_eq!(parsed.message_id(), Some(mailbox().message_id(&key).as_str()));
    assert_eq!(request.id, Some(mailbox().message_id(&key)));
    assert_eq!(request.return_path.as_deref(), Some("layanan@tokobudi.co.id"));
}

#[test]
fn html_goes_with_its_words() {
    let request = mail(&say(Text::html("<p>Siap &amp; lunas</p>").unwrap()));
    let parsed = MessageParser::default().parse(&request.message[..]).unwrap();
    assert_eq!(parsed.body_text(0).unwrap().trim(), "Siap & lunas");
    assert_eq!(parsed.body_html(0).unwrap().trim(), "<p>Siap &amp; lunas</p>");
}

#[test]
fn files_go_with_the_words() {
    let blob = |name: &str| BlobId::new(name).unwrap();
    let bytes = Bytes::from(vec![0xff; 1_000]);
    let files = BTreeMap::from([(blob("b/1"), bytes.clone()), (blob("b/2"), Bytes::new())]);
    let mailbox = mailbox().with_files(files);
    let media = |name: &str, file: &str| {
        let place = MediaPlace::Stored { blob: blob(name), remote: None };
        Media::new(MediaKind::Document, place).with_file_name(file.parse().unwrap())
    };
    let invoice = media("b/1", "Hóa đơn \"042\".pdf")
        .with_mime_type("application/pdf; x=y".parse().unwrap())
        .with_caption(Text::plain("Ini notanya").unwrap());
    let content = Content::plain("Halo").unwrap().with_part(invoice.clone());
    let content = content.with_part(media("b/2", "kosong.bin"));
    let say = |content| outbound(&mailbox, "siti@gmail.com", Action::Say(content));
    let WireRequest::Mail(mail) = mailbox.render(&say(content)).unwrap().remove(0) else {
        panic!()
    };
    let parsed = MessageParser::default().parse(&mail.message[..]).unwrap();
    assert_eq!(parsed.body_text(0).unwrap(), "Halo\r\n\r\nIni notanya");
    let attached: Vec<_> = parsed.attachments().collect();
    let names: Vec<_> = attached.iter().map(|file| file.attachment_name().unwrap()).collect();
    assert_eq!(names, ["Hóa đơn \"042\".pdf", "kosong.bin"]);
    assert_eq!((attached[0].contents(), attached[1].contents()), (&bytes[..], &b""[..]));
    assert_eq!(attached[0].content_type().unwrap().subtype(), Some("pdf"));
    // What goes out comes in the same.
    let text = String::from_utf8(mail.message.to_vec()).unwrap();
    let back = read(&text.replace("layanan@tokobudi.co.id>\r\nTo", "siti@gmail.com>\r\nTo"));
    let media_back: Vec<_> = message(&back).content.media().collect();
    assert_eq!(media_back[0].file_name, invoice.file_name);

    let elsewhere = say(media("b/3", "x.pdf").into());
    assert_eq!(mailbox.render(&elsewhere).unwrap_err(), RenderError::MediaNotReachable);
    let plain = self::mailbox();
    assert!(matches!(plain.render(&elsewhere), Err(RenderError::Part(_))));
    let huge = BTreeMap::from([(blob("b/3"), Bytes::from(vec![0; (18 << 20) + 1]))]);
    let huge = self::mailbox().with_files(huge).render(&elsewhere);
    assert!(matches!(huge, Err(RenderError::TooLong(_))));
}

#[test]
fn one_click_unsubscribes_whom_the_mail_went_to() {
    let say = say(Content::plain("Promo").unwrap()).with_voice(Voice::Machine);
    let text = String::from_utf8(mail(&say).message.to_vec()).unwrap();
    let link = text.split("List-Unsubscribe: <").nth(1).unwrap().split('>').next().unwrap();
    let click = |link: &str, body: &str| {
        let request = RawRequest::post(link.parse().unwrap(), body.to_owned());
        mailbox().unsubscribed(&request, now())
    };
    let envelope = click(link, "List-Unsubscribe=One-Click").unwrap();
    assert_eq!(&*envelope.sender.as_ref().unwrap().touchpoint.id, "siti@gmail.com");
    assert!(matches!(&envelope.body, EnvelopeBody::Consent(_)));
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    assert_eq!(click(link, multipart).unwrap().dedupe, envelope.dedupe);

    // Scanners open links, and forgers change them.
    assert_eq!(click(link, "").unwrap_err(), UnsubscribeError::NoClick);
    let get = RawRequest::get(link.parse().unwrap()).with_body("List-Unsubscribe=One-Click");
    assert_eq!(mailbox().unsubscribed(&get, now()).unwrap_err(), UnsubscribeError::NoClick);
    for at in link.find("/unsub").unwrap()..link.len() {
        let mut forged = link.as_bytes().to_vec();
        forged[at] = if forged[at] == b'x' { b'y' } else { b'x' };
        let forged = String::from_utf8(forged).unwrap();
        let outcome = click(&forged, "List-Unsubscribe=One-Click");
        assert_eq!(outcome.unwrap_err(), UnsubscribeError::Forged, "{forged}");
    }
    // A link outlives the change of the key.
    let rotated = Email::new("layanan", address("layanan@tokobudi.co.id")).with_unsubscribe(
        "https://tokobudi.co.id/unsub".parse().unwrap(),
        unsubscribe_keys().rotated_to(Secret::new("the next secret of links")),
    );
    let request = RawRequest::post(link.parse().unwrap(), "List-Unsubscribe=One-Click");
    assert!(rotated.unsubscribed(&request, now()).is_ok());
}

#[test]
fn a_machine_says_that_it_is_one() {
    let request = mail(&say(Content::plain("Diterima.").unwrap()).with_voice(Voice::Machine));
    assert_eq!(request.return_path, None);
    let text = String::from_utf8(request.message.to_vec()).unwrap();
    assert!(text.contains("Auto-Submitted: auto-generated\r\n"));
    assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    // Our own machine's mail, should it come back, is not answered.
    let from_elsewhere = text.replace("layanan@tokobudi.co.id>\r\nTo", "robot@lain.example>\r\nTo");
    assert_eq!(message(&read(&from_elsewhere)).author, MessageAuthor::Machine);
    assert_eq!(ignored(&read(&text)), IgnoredReason::OwnEcho);
}

#[test]
fn nobody_writes_a_header_of_their_own() {
    let subject = Written::new("x\r\nBcc: all@example.com").unwrap();
    let request = mail(&say(Content::plain("x").unwrap().with_subject(subject)));
    let parsed = MessageParser::default().parse(&request.message[..]).unwrap();
    assert!(parsed.bcc().is_none());
    let to = outbound(
        &mailbox(),
        "a@b.example\r\nBcc: c@d.example",
        Action::Say(Content::plain("x").unwrap()),
    );
    assert!(mailbox().render(&to).is_err());
}

#[test]
fn what_servers_answer() {
    let interpret = |code, enhanced: &str| {
        let id = ProviderId::new("1@tokobudi.co.id").ok();
        mailbox().interpret(&WireResponse::Mail { code, enhanced: Some(enhanced.into()), id })
    };
    // What answers it refers to this id.
    assert_eq!(
        interpret(250, "2.0.0").unwrap().ids,
        [ProviderId::new("1@tokobudi.co.id").unwrap()]
    );
    assert!(matches!(interpret(450, "4.2.0"), Err(SendError::Transient { .. })));
    assert!(matches!(interpret(550, "5.1.1"), Err(SendError::Invalid { .. })));
    assert!(matches!(interpret(550, "5.7.1"), Err(SendError::Rejected { .. })));
    assert!(matches!(interpret(535, "5.7.8"), Err(SendError::Unauthorized { .. })));
}

proptest! {
    /// Whatever stands in a mail, a verdict or a report, nothing breaks, and nobody is attested whom
    /// our own server did not name.
    #[test]
    fn anything_that_looks_like_a_mail(mail in r#"((From|Message-ID|References|Subject|Content-Type|Authentication-Results|Auto-Submitted|Return-Path|Action|Final-Recipient|Disposition): |multipart/(report|mixed|alternative); boundary=b|message/(delivery-status|rfc822|disposition-notification)|text/html|mx\.evil\.example;|dmarc=pass|header\.from=|gmail\.com|siti@|<|>|\(|\)|"|\\|;|=\?utf-8\?[BQ]\?[a-zA-Z0-9=]{0,9}\?=|--b(--)?|\r\n| |\r\n\r\n|> |[a-zê😀]{1,9}){0,60}"#) {
        let request = post(format!("Subject: x\r\n{mail}\r\n\r\nx"));
        for envelope in crate::world::read(&mailbox(), &request) {
            prop_assert!(envelope.sender.is_none_or(|sender| sender.email.is_none()));
        }
        prop_assert!(mail.is_empty() || without_quote(&mail).len() <= mail.len());
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/mail").join(folder);
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: the optional data folder is not there");
        return Vec::new();
    };
    files.map(|file| file.unwrap().path()).collect()
}

/// The test mails of the Ruby library `mail`: broken dates, bounces, old charsets.
#[test]
fn the_worlds_mails_are_read() {
    let files = files("eml");
    let (mut messages, mut receipts, mut ignored) = (0, 0, 0);
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let request = RawRequest::post("https://h.example/mail".parse().unwrap(), bytes);
        match &crate::world::read(&mailbox(), &request)[0].body {
            EnvelopeBody::Message(_) => messages += 1,
            EnvelopeBody::Receipt(_) => receipts += 1,
            _ => ignored += 1,
        }
    }
    println!("{messages} messages, {receipts} receipts, {ignored} ignored");
    if !files.is_empty() {
        assert_eq!(messages + receipts + ignored, files.len());
        assert!(receipts >= 3 && messages >= 80, "{messages} {receipts} {ignored}");
    }
}

/// The replies with which GitHub's and Mailgun's quote cutters are tested.
#[test]
fn quotes_of_many_programs_are_cut() {
    for file in files("replies") {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let new = without_quote(&text);
        assert!(!new.is_empty() && text.contains(new), "{name}");
        let begins = match name.as_str() {
            "email_1_1" => "Hi folks",
            "email_2_1" => "Outlook with a reply",
            "email_iPhone" => "Here is another email",
            "email_BlackBerry" => "Here is another email",
            _ => continue,
        };
        assert!(new.starts_with(begins), "{name}: {new}");
        assert!(!new.contains("\n>"), "{name}: {new}");
    }
    assert_eq!(
        without_quote(
            "Vâng.\n\nVào Th 2, 2 thg 2, 2026 lúc 08:00 Layanan <a@b.c>\nđã viết:\n> Mai nhé?"
        ),
        "Vâng."
    );
    assert_eq!(
        without_quote("Ok\n\nFrom: Layanan\nSent: Monday\nTo: Siti\nSubject: AC\n\nBesok"),
        "Ok"
    );
    assert_eq!(
        without_quote("On Monday I called and nobody wrote:\nwhy?"),
        "On Monday I called and nobody wrote:\nwhy?"
    );
    assert_eq!(without_quote("> all quoted"), "> all quoted");
}
