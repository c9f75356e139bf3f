use super::error::EmailError;
use super::word_set::{HASH_START, hash_step};
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use psl::{List, Psl, Type};

/// The ASCII form (A-labels, lower case) of a domain as somebody wrote it.
pub(super) fn to_ascii(written: &str) -> Result<String, EmailError> {
    if written.is_empty() {
        return Err(EmailError::NoDomain { at: 0 });
    }
    if written.starts_with('[') {
        return Err(EmailError::IpAddress { at: 0 });
    }
    check_characters(written)?;

    // UTS 46 as registries apply it, except that `--` in third place is allowed: such hosts exist.
    let ascii = Uts46::new()
        .to_ascii(
            written.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::CheckFirstLast,
            DnsLength::Verify,
        )
        .map_err(|_| EmailError::InvalidDomain { at: 0 })?;

    let numeric = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    if ascii.split('.').all(numeric) && ascii.contains('.') {
        return Err(EmailError::IpAddress { at: 0 });
    }
    if ascii.rsplit('.').next().is_some_and(numeric) {
        return Err(EmailError::InvalidDomain { at: 0 });
    }
    Ok(ascii.into_owned())
}

fn check_characters(written: &str) -> Result<(), EmailError> {
    let mut after_dot = true;
    for (at, character) in written.char_indices() {
        let dot = character == '.';
        if dot && (after_dot || at + 1 == written.len()) {
            return Err(EmailError::MisplacedDot { at });
        }
        if character.is_ascii() && !dot && character != '-' && !character.is_ascii_alphanumeric() {
            return Err(EmailError::UnexpectedCharacter { at });
        }
        after_dot = dot;
    }
    Ok(())
}

/// Whether somebody can hold this domain: it has a dot and is not itself a public suffix.
///
/// Suffixes of the list's private section (`github.io`) are domains somebody holds. An unknown
/// top-level domain counts as a suffix, for a release of this library outlives its copy of the list.
pub(super) fn is_registrable(ascii: &str) -> bool {
    ascii.contains('.')
        && List.suffix(ascii.as_bytes()).is_some_and(|suffix| {
            suffix.as_bytes().len() < ascii.len() || suffix.typ() == Some(Type::Private)
        })
}

/// A domain or one of its parents, with its hash.
#[derive(Clone, Copy)]
pub(super) struct Ancestor<'a> {
    pub(super) domain: &'a str,
    pub(super) hash: u32,
}

/// The domain and its parents, from the shortest that has a dot up to the domain itself.
pub(super) fn ancestors(ascii: &str) -> impl Iterator<Item = Ancestor<'_>> {
    let bytes = ascii.as_bytes();
    let mut hash = HASH_START;
    let mut start = bytes.len();
    let mut dots = 0;
    std::iter::from_fn(move || {
        while start > 0 {
            let byte = bytes[start - 1];
            if byte == b'.' {
                dots += 1;
                if dots > 1 {
                    let found = Ancestor { domain: &ascii[start..], hash };
                    (start, hash) = (start - 1, hash_step(hash, byte));
                    return Some(found);
                }
            }
            (start, hash) = (start - 1, hash_step(hash, byte));
            if start == 0 && dots > 0 {
                return Some(Ancestor { domain: ascii, hash });
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::{ancestors, is_registrable, to_ascii};
    use crate::email::word_set::hash;

    #[test]
    fn every_parent_is_passed_with_its_own_hash() {
        let list = |domain| ancestors(domain).map(|a| a.domain).collect::<Vec<_>>();
        assert_eq!(list("a.b.co.id"), ["co.id", "b.co.id", "a.b.co.id"]);
        assert_eq!(list("gmail.com"), ["gmail.com"]);
        assert_eq!(list("gmail"), [""; 0]);
        assert!(ancestors("x.yz.example.com").all(|a| a.hash == hash(a.domain.as_bytes())));
    }

    #[test]
    fn what_nobody_can_register_is_known() {
        for domain in ["gmail", "com", "co.id", "com.vn", "foo.ck"] {
            assert!(!is_registrable(domain), "{domain}");
        }
        for domain in ["gmail.com", "tokobudi.co.id", "www.ck", "github.io", "mail.zzunknown"] {
            assert!(is_registrable(domain), "{domain}");
        }
    }

    #[test]
    fn unicode_and_ascii_forms_of_a_domain_agree() {
        let ascii = "xn--mnchen-3ya.example";
        for written in [
            "münchen.example",
            "MÜNCHEN.example",
            "mu\u{308}nchen.example",
            "XN--MNCHEN-3ya.Example",
        ] {
            assert_eq!(to_ascii(written).as_deref(), Ok(ascii));
        }
    }
}
