use super::domain::Ancestor;
use super::word_set::{WordSet, hash};
use serde::{Deserialize, Serialize};

/// Who can be behind a mailbox.
///
/// ```
/// use kontak_address::{EmailAddress, MailboxKind};
///
/// let kind = |text| EmailAddress::parse(text).map(|address| address.kind());
/// assert_eq!(kind("budi.santoso@gmail.com"), Ok(MailboxKind::Person));
/// assert_eq!(kind("layanan@tokobudi.co.id"), Ok(MailboxKind::Role));
/// assert_eq!(kind("someone@mailinator.com"), Ok(MailboxKind::Disposable));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MailboxKind {
    /// Nothing says that it is not one person's.
    Person,
    /// A function of an organisation (`info@`, `cs@`, `hotro@`): whoever is on duty reads it, so it is
    /// never one person's.
    Role,
    /// At a service that hands out mailboxes to be thrown away; often anybody can read them.
    Disposable,
}

static ROLES: WordSet<512> = WordSet::new(include_str!("../../data/role_mailboxes.txt"));
static DISPOSABLE: WordSet<16_384> =
    WordSet::new(include_str!("../../data/disposable_domains.txt"));

const LONGEST_ROLE: usize = 24;

/// Whether a domain, or a parent of it, hands out mailboxes to be thrown away.
pub(super) fn is_disposable(ancestor: Ancestor<'_>) -> bool {
    DISPOSABLE.contains(ancestor.domain.as_bytes(), ancestor.hash)
}

/// Whether the local part of an exact key names a function.
///
/// `numbered` tells whether `cs2` is read as `cs`: at a company it is the second desk, at a mail
/// service for everybody it is somebody's name.
pub(super) fn is_role(local: &str, numbered: bool) -> bool {
    let mut word = [0; LONGEST_ROLE];
    let mut length = 0;
    for byte in local.bytes() {
        match byte {
            b'+' => break,
            b'.' | b'-' | b'_' => {}
            _ if length == word.len() => return is_machine(&word),
            _ => {
                word[length] = byte;
                length += 1;
            }
        }
    }
    let word = &word[..length];
    // No listed word has a digit.
    let digits = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let desk = &word[..length - digits];
    let may_be_listed = digits == 0 || numbered && digits <= 2;
    may_be_listed && ROLES.contains(desk, hash(desk)) || is_machine(word)
}

/// `noreply-orders`, `bounces-4711=budi=example.com`: machines write on after the word.
fn is_machine(word: &[u8]) -> bool {
    ["noreply", "donotreply", "bounces", "mailerdaemon"]
        .iter()
        .any(|head| word.starts_with(head.as_bytes()))
}

#[cfg(test)]
pub(super) fn tables() -> [&'static str; 2] {
    [ROLES.text(), DISPOSABLE.text()]
}

#[cfg(test)]
mod tests {
    use super::{DISPOSABLE, LONGEST_ROLE, ROLES, is_disposable, is_machine, is_role};
    use crate::email::domain::{ancestors, is_registrable};

    fn words(text: &'static str) -> impl Iterator<Item = &'static str> {
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    }

    #[test]
    fn every_listed_domain_is_found_and_so_are_its_subdomains() {
        for domain in words(DISPOSABLE.text()) {
            assert!(ancestors(domain).any(is_disposable), "{domain}");
            assert!(ancestors(&format!("mx.{domain}")).any(is_disposable), "{domain}");
            assert!(is_registrable(domain), "{domain} would cover domains of strangers");
        }
    }

    #[test]
    fn every_listed_role_is_found_in_each_of_its_spellings() {
        for role in words(ROLES.text()) {
            assert!(
                role.len() < LONGEST_ROLE && role.bytes().all(|b| b.is_ascii_lowercase()),
                "{role}"
            );
            assert!(is_role(role, false) && is_role(&format!("{role}+tag"), false), "{role}");
            assert!(is_role(&format!("{role}02"), true), "{role}");
            let year = is_role(&format!("{role}1998"), true);
            assert_eq!(year, is_machine(role.as_bytes()), "{role}");
            let (head, tail) = role.split_at(1);
            assert!(is_role(&format!("{head}-{tail}"), false), "{role}");
        }
    }
}
