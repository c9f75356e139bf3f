//! What people write, and the keys it gets.

use kontak_address::{EmailAddress, EmailError, MailboxKind};
use std::collections::BTreeSet;
use std::fmt::Write as _;

fn parsed(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn refused(text: &str) -> EmailError {
    EmailAddress::parse(text).map(|address| address.exact_key().to_owned()).expect_err(text)
}

#[test]
fn one_address_is_found_in_what_people_write() {
    for (text, display) in [
        ("budi@example.com", "budi@example.com"),
        ("  Budi@Example.com\t\r\n", "Budi@Example.com"),
        ("\u{feff}\u{a0}budi@example.com\u{200b}", "budi@example.com"),
        ("budi@example.com,", "budi@example.com"),
        ("<budi@example.com>", "budi@example.com"),
        ("< budi@example.com >;", "budi@example.com"),
        ("Budi Santoso <budi@example.com>", "budi@example.com"),
        ("\"Jay Jones\" <jjones@fmail.com>", "jjones@fmail.com"),
        ("Nastassia<patak@universal.com>", "patak@universal.com"),
        ("\"Jones, Jay <work>\" <jjones@fmail.com>", "jjones@fmail.com"),
        ("'jjones@fmail.com' <jjones@fmail.com>", "jjones@fmail.com"),
        ("Jay \"JJ Jones <jjones@fmail.com>", "jjones@fmail.com"),
        ("mailto:budi@example.com", "budi@example.com"),
        ("MAILTO:budi%2Btoko@example.com?subject=a%20b", "budi+toko@example.com"),
        ("<mailto:budi@example.com>", "budi@example.com"),
        ("mailto:%C3%A9ric@example.com", "éric@example.com"),
        ("ｂｕｄｉ＠ｅｘａｍｐｌｅ．ｃｏｍ", "budi@example.com"),
        ("Ｂｕｄｉ＜ｂｕｄｉ＠ｅｘａｍｐｌｅ．ｃｏｍ＞", "budi@example.com"),
        ("budi＠example。com", "budi@example。com"),
        ("\"a<b\"@example.com", "\"a<b\"@example.com"),
        ("O'Neil@example.com", "O'Neil@example.com"),
    ] {
        assert_eq!(parsed(text).as_str(), display, "{text:?}");
    }
}

#[test]
fn spellings_of_one_mailbox_have_one_exact_key() {
    for (exact, spellings) in [
        (
            "budi@example.com",
            &[
                "Budi@EXAMPLE.com",
                "BUDI@example.COM",
                "\"budi\"@example.com",
                "\"\\b\\u\\d\\i\"@example.com",
                "budi＠example。com",
            ][..],
        ),
        (
            "éric@example.com",
            &["Éric@example.com", "E\u{301}ric@example.com", "\"e\u{301}ric\"@example.com"][..],
        ),
        ("vũ.đức@example.vn", &["Vũ.Đức@example.vn", "VU\u{303}.ĐƯ\u{301}C@EXAMPLE.VN"][..]),
        (
            "budi@xn--mnchen-3ya.de",
            &[
                "budi@münchen.de",
                "budi@MÜNCHEN.DE",
                "budi@mu\u{308}nchen.de",
                "Budi@XN--mnchen-3ya.de",
            ][..],
        ),
        ("info@xn--strae-oqa.de", &["info@straße.de"][..]),
        ("иван@xn--e1afmkfd.xn--p1ai", &["ИВАН@пример.рф", "иван@ПРИМЕР.РФ"][..]),
        ("用户@xn--fsqu00a.xn--fiqs8s", &["用户@例子.中国", "用户@例子。中国"][..]),
        (
            "\"two words\"@example.com",
            &["\"Two Words\"@example.com", "\"two\\ words\"@example.com"][..],
        ),
        ("\"\"@example.com", &["\"\"@Example.com"][..]),
    ] {
        for spelling in spellings {
            assert_eq!(parsed(spelling).exact_key(), exact, "{spelling:?}");
            assert_eq!(parsed(spelling), parsed(exact), "{spelling:?}");
        }
        assert_eq!(BTreeSet::from_iter(spellings.iter().map(|s| parsed(s))).len(), 1, "{exact}");
    }
    assert_ne!(
        parsed("b.santoso@gmail.com"),
        parsed("bsantoso@gmail.com"),
        "the canonical key is weaker"
    );
}

#[test]
fn an_error_says_what_is_wrong_and_where() {
    use EmailError as E;
    for (text, error) in [
        ("", E::Empty),
        (" \u{200b} ", E::Empty),
        ("<>", E::Empty),
        ("mailto:", E::Empty),
        ("budi", E::NoAt),
        ("+6281234567890", E::NoAt),
        ("@example.com", E::NoLocalPart { at: 0 }),
        ("Budi <@example.com>", E::NoLocalPart { at: 6 }),
        ("budi@", E::NoDomain { at: 5 }),
        ("  budi@gmail", E::NotRegistrable { at: 7 }),
        ("budi@com", E::NotRegistrable { at: 5 }),
        ("Budi <budi@co.id>", E::NotRegistrable { at: 11 }),
        ("ｂ＠co.id", E::NotRegistrable { at: 6 }),
        ("mailto:%62udi@co.id", E::NotRegistrable { at: 14 }),
        ("a..b@example.com", E::MisplacedDot { at: 2 }),
        (".a@example.com", E::MisplacedDot { at: 0 }),
        ("a.@example.com", E::MisplacedDot { at: 1 }),
        ("a@example.com.", E::MisplacedDot { at: 13 }),
        ("a@example..com", E::MisplacedDot { at: 10 }),
        ("budi santoso@example.com", E::UnexpectedCharacter { at: 4 }),
        ("budi@exa mple.com", E::UnexpectedCharacter { at: 8 }),
        ("é(x)@example.com", E::UnexpectedCharacter { at: 2 }),
        ("bu\u{202e}di@example.com", E::UnexpectedCharacter { at: 2 }),
        ("budi@exam_ple.com", E::UnexpectedCharacter { at: 9 }),
        ("\"budi@example.com", E::UnclosedQuote { at: 0 }),
        ("\"budi\"x@example.com", E::UnexpectedCharacter { at: 6 }),
        ("Budi <budi@example.com", E::UnbalancedBracket { at: 5 }),
        ("budi@example.com>", E::UnbalancedBracket { at: 16 }),
        ("mailto:a%2@example.com", E::BadPercentEncoding { at: 8 }),
        ("mailto:a%FF@example.com", E::BadPercentEncoding { at: 8 }),
        ("mailto:%20a%28@example.com", E::UnexpectedCharacter { at: 11 }),
        ("a@example.com, c@example.com", E::SecondAddress { at: 14 }),
        ("a@example.com;c@example.com", E::SecondAddress { at: 14 }),
        ("a@example.com; C <c@example.com>", E::SecondAddress { at: 14 }),
        ("a@example.com / c@example.com", E::SecondAddress { at: 16 }),
        ("A <a@example.com>, C <c@example.com>", E::SecondAddress { at: 16 }),
        ("mailto:a@example.com%2Cc@example.com", E::SecondAddress { at: 23 }),
        ("a@b@example.com", E::UnexpectedCharacter { at: 3 }),
        ("a@-example.com", E::InvalidDomain { at: 2 }),
        ("a@example-.com", E::InvalidDomain { at: 2 }),
        ("a@xn--zzzzzzzzzzzzzzz.com", E::InvalidDomain { at: 2 }),
        ("a@example.123", E::InvalidDomain { at: 2 }),
        ("a@192.168.0.1", E::IpAddress { at: 2 }),
        ("a@[192.168.0.1]", E::IpAddress { at: 2 }),
        ("a@[IPv6:::1]", E::IpAddress { at: 2 }),
    ] {
        assert_eq!(refused(text), error, "{text:?}");
    }
}

#[test]
fn lengths_are_those_of_rfc_5321() {
    let local = "l".repeat(64);
    let domain = |length: usize| {
        format!("{}.{}.{}.com", "a".repeat(63), "b".repeat(63), "c".repeat(length - 132))
    };
    assert_eq!(parsed(&format!("{local}@{}", domain(189))).exact_key().len(), 254);
    assert_eq!(
        refused(&format!("{local}@{}", domain(190))),
        EmailError::AddressTooLong { length: 255 }
    );
    assert_eq!(
        refused(&format!("{local}l@example.com")),
        EmailError::LocalPartTooLong { length: 65 }
    );
    assert_eq!(refused(&format!("x@{}.com", "d".repeat(64))), EmailError::InvalidDomain { at: 2 });
    assert_eq!(refused(&" ".repeat(1_025)), EmailError::TextTooLong { length: 1_025 });
}

#[test]
fn no_message_repeats_the_address() {
    for text in [
        "secret",
        "secret@",
        "secret secret@example.com",
        "secret@secret",
        "\"secret@x.co",
        "secret@-secret.com",
        "secret@s.co,x@y.co",
    ] {
        let error = refused(text);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}

#[test]
fn debug_shows_a_mask_and_display_the_address() {
    let address = parsed("Budi.Santoso@gmail.com");
    assert_eq!(format!("{address:?}"), "EmailAddress(b***@(9 bytes))");
    assert_eq!(format!("{:?}", parsed("x@gmail.com")), "EmailAddress(***@(9 bytes))");
    assert_eq!(format!("{address}"), "Budi.Santoso@gmail.com");
    let mut aligned = String::new();
    write!(aligned, "{:>24}|", address).unwrap();
    assert_eq!(aligned, "  Budi.Santoso@gmail.com|");
}

#[test]
fn functions_and_throw_away_mailboxes_are_nobodys() {
    use MailboxKind::{Disposable, Person, Role};
    for (text, kind) in [
        ("budi@example.com", Person),
        ("budi.info@example.com", Person),
        ("infobudi@example.com", Person),
        ("halobudi@gmail.com", Person),
        ("halo12@gmail.com", Person),
        ("cs1998@tokobudi.co.id", Person),
        ("INFO@example.com", Role),
        ("info+jakarta@example.com", Role),
        ("\"info\"@example.com", Role),
        ("info@gmail.com", Role),
        ("cs@tokobudi.co.id", Role),
        ("cs2@tokobudi.co.id", Role),
        ("customer.care@tokobudi.co.id", Role),
        ("no-reply@tokobudi.co.id", Role),
        ("noreply-orders@tokobudi.co.id", Role),
        ("bounces-4711=budi=example.com@lists.example.com", Role),
        ("layanan@tokobudi.co.id", Role),
        ("halo@tokobudi.co.id", Role),
        ("lienhe@thegioi.com.vn", Role),
        ("hotro@thegioi.com.vn", Role),
        ("cskh@thegioi.com.vn", Role),
        ("cham-soc-khach-hang@thegioi.com.vn", Role),
        ("budi@mailinator.com", Disposable),
        ("budi@mx.mailinator.com", Disposable),
        ("info@YOPMAIL.com", Disposable),
        ("budi@thismailinator.com", Person),
    ] {
        assert_eq!(parsed(text).kind(), kind, "{text}");
    }
}

#[test]
fn an_address_is_small() {
    assert_eq!(size_of::<EmailAddress>(), 24);
    assert_eq!(size_of::<Option<EmailAddress>>(), 24);
}
