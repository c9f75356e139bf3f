//! Dominic Sayers' is_email test set, where the optional data folder has it.

use kontak_address::EmailAddress;
use std::fs;
use std::path::{Path, PathBuf};

fn data_file(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/email").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: the optional data folder has no email/{name}");
    None
}

struct Case {
    id: u32,
    address: String,
    category: String,
    diagnosis: String,
}

/// The set is plain enough to be read without an XML parser: one element a line.
fn cases(xml: &str) -> Option<Vec<Case>> {
    let case = |test: &str| {
        let element = |name: &str| {
            let (_, rest) = test.split_once(&format!("<{name}>")).unwrap_or_default();
            rest.split_once(&format!("</{name}>")).unwrap_or_default().0
        };
        Some(Case {
            id: test.split('"').next()?.parse().ok()?,
            address: unescaped(element("address"))?,
            category: element("category").replace("ISEMAIL_", ""),
            diagnosis: element("diagnosis").replace("ISEMAIL_", ""),
        })
    };
    xml.split("<test id=\"").skip(1).map(case).collect()
}

fn unescaped(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((plain, entity)) = rest.split_once('&') {
        let (name, after) = entity.split_once(';')?;
        out.push_str(plain);
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => char::from_u32(u32::from_str_radix(name.strip_prefix("#x")?, 16).ok()?)?,
        });
        rest = after;
    }
    out.push_str(rest);
    // The set writes the control character n as the picture U+2400 + n.
    let control = |c| match c {
        '\u{2400}'..='\u{241f}' => char::from_u32(c as u32 - 0x2400),
        other => Some(other),
    };
    out.chars().map(control).collect()
}

/// Whether the set's answer is yes, as far as the address of a customer is concerned.
///
/// Refused by policy, and by RFC 5321 mostly too: comments, white space inside, obsolete forms, domain
/// literals, a domain without a dot. Quoted strings are accepted.
fn should_be_accepted(case: &Case) -> bool {
    matches!(case.category.as_str(), "VALID_CATEGORY" | "DNSWARN")
        || case.diagnosis == "RFC5321_QUOTEDSTRING"
}

/// Cases without comments, obsolete forms and domain literals: there the set and we mean the same by
/// "valid", so a difference is a fault.
fn is_clear_cut(case: &Case) -> bool {
    !matches!(case.category.as_str(), "CFWS" | "DEPREC") && !case.address.contains('[')
}

/// `test@io`: valid by grammar, but a top-level domain is nobody's to register.
const KNOWN_REFUSAL: u32 = 5;

#[test]
fn is_email_agrees_or_the_disagreement_is_known() {
    let Some(path) = data_file("isemail-tests.xml") else { return };
    let cases = cases(&fs::read_to_string(path).unwrap()).expect("the set is laid out as expected");
    assert_eq!(cases.len(), 164);

    let accepted = |text: &str| EmailAddress::parse(text).is_ok();
    // Where the set is about white space around an address, we disagree on purpose: it is an accident
    // of copying and is cut off.
    let (spaced, unspaced): (Vec<_>, Vec<_>) = cases
        .iter()
        .partition(|case| case.address.trim() != case.address && case.address.trim() != "");
    for case in &spaced {
        assert_eq!(
            accepted(&case.address),
            accepted(case.address.trim()),
            "{} {:?}",
            case.id,
            case.address
        );
    }

    let clear_cut = unspaced.iter().filter(|case| is_clear_cut(case)).count();
    let mut false_accepts = Vec::new();
    let mut false_refusals = Vec::new();
    for case in &unspaced {
        match (accepted(&case.address), should_be_accepted(case)) {
            (true, false) => false_accepts.push(case.id),
            (false, true) => false_refusals.push(case.id),
            _ => {}
        }
    }
    println!(
        "{clear_cut} clear-cut cases of {}, {} about white space around: {} false accepts, {} false refusals",
        cases.len(),
        spaced.len(),
        false_accepts.len(),
        false_refusals.len(),
    );
    assert_eq!((false_accepts, false_refusals), (vec![], vec![KNOWN_REFUSAL]));
}

/// The folder's list is older than the one compiled in; these three have been taken off since.
#[test]
fn the_disposable_domains_of_the_data_folder_are_known() {
    let Some(path) = data_file("disposable_domains.txt") else { return };
    let list = fs::read_to_string(path).unwrap();
    let unknown: Vec<_> = list
        .lines()
        .filter(|domain| {
            let address = EmailAddress::parse(&format!("budi@{domain}")).unwrap();
            address.kind() != kontak_address::MailboxKind::Disposable
        })
        .collect();
    assert_eq!(unknown, ["mailhub.pro", "waroengin.com", "waroengkuy.com"]);
}
