//! The provider rules, by example, and the keys that this data version stands for.

use kontak_address::{EMAIL_DATA_VERSION, EmailAddress, Provider};

fn canonical(text: &str) -> String {
    EmailAddress::parse(text)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .canonical_key()
        .to_owned()
}

/// Frozen: a difference here is a new `EMAIL_DATA_VERSION` and a migration, not a correction.
#[test]
fn rules_of_data_version_1() {
    assert_eq!(EMAIL_DATA_VERSION, 1);
    for (written, mailbox) in [
        ("B.Santoso+toko@Gmail.com", "bsantoso@gmail.com"),
        ("b.s.a.n.t.o.s.o@googlemail.com", "bsantoso@gmail.com"),
        ("bsantoso+@gmail.com", "bsantoso@gmail.com"),
        ("budi+toko@outlook.com", "budi@outlook.com"),
        ("budi.s+a+b@hotmail.com.vn", "budi.s@hotmail.com.vn"),
        ("budi+toko@live.com", "budi@live.com"),
        ("budi+toko@msn.com", "budi@msn.com"),
        ("budi+toko@me.com", "budi@icloud.com"),
        ("budi@mac.com", "budi@icloud.com"),
        ("budi+toko@fastmail.com", "budi@fastmail.com"),
        ("toko@budi.fastmail.com", "budi@fastmail.com"),
        ("toko@budi.fastmail.fm", "budi@fastmail.fm"),
        ("budi.s-an_toso+toko@proton.me", "budisantoso@proton.me"),
        ("budi@protonmail.com", "budi@proton.me"),
        ("budi@protonmail.ch", "budi@proton.me"),
        ("budi@pm.me", "budi@proton.me"),
        ("nick-toko@yahoo.com", "nick-@yahoo.com"),
        ("nick-bank@yahoo.com", "nick-@yahoo.com"),
        ("nick-bank@yahoo.co.id", "nick-@yahoo.co.id"),
        ("budi+toko@ya.ru", "budi@yandex.ru"),
        ("budi@yandex.com", "budi@yandex.ru"),
        ("budi+toko@runbox.com", "budi@runbox.com"),
    ] {
        assert_eq!(canonical(written), mailbox, "{written}");
    }
}

#[test]
fn without_a_rule_the_canonical_key_is_the_exact_key() {
    for written in [
        "budi.santoso+toko@example.com",
        "budi.santoso@outlook.com",
        "budi@gmail.com",
        "budi@mail.gmail.com",
        "budi@notgmail.com",
        "budi@gmail.com.example",
        "+toko@gmail.com",
        "budi.+toko@outlook.com",
        "-._-@proton.me",
        "\"two words+toko\"@gmail.com",
        "budi@yahoo.com",
        "nick-@yahoo.com",
        "-toko@yahoo.com",
        "a-b-c@yahoo.com",
        "nick-toko@yahoo.co.jp",
        "ω.\u{345}@gmail.com",
        "toko@joe-citizen.fastmail.com",
        "toko@a.budi.fastmail.com",
        "toko@budi.gmail.com",
    ] {
        let address = EmailAddress::parse(written).unwrap();
        assert_eq!(address.canonical_key(), address.exact_key(), "{written}");
    }
}

#[test]
fn a_quoted_local_part_that_needs_no_quotes_follows_the_rules() {
    assert_eq!(canonical("\"budi.s+toko\"@gmail.com"), "budis@gmail.com");
}

#[test]
fn the_provider_is_named_with_its_source() {
    let provider = |text| EmailAddress::parse(text).unwrap().provider().map(Provider::name);
    assert_eq!(provider("budi@googlemail.com"), Some("Gmail"));
    assert_eq!(provider("toko@budi.fastmail.com"), Some("Fastmail"));
    assert_eq!(provider("budi@example.com"), None);
    assert_eq!(provider("budi@mail.outlook.com"), None);
}

/// What validator.js 13.15 and email-normalize 3.2 (without DNS) answer to the same addresses. Where
/// one of them differs from us, the reason stands beside it.
#[test]
fn other_libraries_agree_or_the_difference_is_known() {
    struct Case {
        written: &'static str,
        validator: &'static str,
        email_normalize: &'static str,
        difference: &'static str,
    }
    let case = |written, validator, email_normalize, difference| Case {
        written,
        validator,
        email_normalize,
        difference,
    };
    let no_alias = "knows no second domain of this service";
    for case in [
        case("b.santoso+toko@gmail.com", "bsantoso@gmail.com", "bsantoso@gmail.com", ""),
        case("b.santoso+toko@googlemail.com", "bsantoso@gmail.com", "bsantoso@gmail.com", ""),
        case("budi.s+toko@outlook.com", "budi.s@outlook.com", "budi.s@outlook.com", ""),
        case("budi+toko@hotmail.com", "budi@hotmail.com", "budi@hotmail.com", ""),
        case("budi+toko@icloud.com", "budi@icloud.com", "budi@icloud.com", ""),
        case("budi+toko@me.com", "budi@me.com", "budi@icloud.com", no_alias),
        case("budi@ya.ru", "budi@yandex.ru", "budi@ya.ru", no_alias),
        case(
            "budi+toko@fastmail.com",
            "budi+toko@fastmail.com",
            "budi@fastmail.com",
            "validator.js knows no Fastmail",
        ),
        case(
            "budi.s+toko@proton.me",
            "budi.s+toko@proton.me",
            "budi.s@proton.me",
            "neither knows Proton's own scheme",
        ),
        case(
            "nick-toko@yahoo.com",
            "nick@yahoo.com",
            "nick-toko@yahoo.com",
            "nick@ is another account, or none",
        ),
    ] {
        let ours = canonical(case.written);
        let agree = ours == case.validator && ours == case.email_normalize;
        assert_eq!(agree, case.difference.is_empty(), "{}: {ours}", case.written);
    }
}
