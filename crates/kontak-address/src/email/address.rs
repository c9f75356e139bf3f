use super::addr_spec::MAX_ADDRESS;
use super::domain::{ancestors, is_registrable};
use super::error::EmailError;
use super::kind::{MailboxKind, is_disposable, is_role};
use super::ordinary::{Ordinary, ordinary};
use super::provider::{Provider, Service};
use super::{EMAIL_DATA_VERSION, written};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// An e-mail address: how it was written, and the two keys it is compared by.
///
/// - [`as_str`](Self::as_str) is the address as written, without a name, brackets or stray spaces.
///   Mail is sent to it.
/// - [`exact_key`](Self::exact_key) is the same for all spellings of one address. The domain is in its
///   ASCII form, the local part in lower case. RFC 5321 lets a server tell `Budi@` from `budi@`, but
///   none that serves the public does, and people type either.
/// - [`canonical_key`](Self::canonical_key) is the mailbox that the provider is known to deliver to.
///   It rests on tables of what providers say today, so it is weaker evidence than the exact key.
///
/// `Eq`, `Ord` and `Hash` see the exact key only. `Debug` is masked; `Display` shows the address.
///
/// serde writes the address, both keys, the kind and the data version, and reads them back without
/// consulting a table: a record is believed. Read with serde what serde wrote, and
/// [`parse`](Self::parse) what people send.
///
/// An address takes 24 bytes and one allocation, which holds a key only where it differs from the
/// address.
///
/// ```
/// use kontak_address::EmailAddress;
///
/// let address = EmailAddress::parse("\"Budi Santoso\" <B.Santoso+toko@Gmail.com>")?;
/// assert_eq!(address.as_str(), "B.Santoso+toko@Gmail.com");
/// assert_eq!(address.exact_key(), "b.santoso+toko@gmail.com");
/// assert_eq!(address.canonical_key(), "bsantoso@gmail.com");
/// assert_eq!(format!("{address:?}"), "EmailAddress(b***@(9 bytes))");
/// # Ok::<(), kontak_address::EmailError>(())
/// ```
#[derive(Clone)]
pub struct EmailAddress {
    /// The display form, then the exact key if it differs, then the canonical key if it differs.
    text: Box<str>,
    display_end: u16,
    /// Equal to `display_end` where the display form is the exact key.
    exact_end: u16,
    data_version: u16,
    kind: MailboxKind,
}

impl EmailAddress {
    /// Reads one address from what somebody wrote: bare, with a name before it, in angle brackets, as a
    /// `mailto:` link, in full-width letters, with stray spaces around it.
    ///
    /// ```
    /// use kontak_address::EmailAddress;
    ///
    /// for text in [
    ///     "patak@universal.com",
    ///     "Nastassia<patak@universal.com>",
    ///     "\u{a0}PATAK@universal.com\u{200b}",
    ///     "mailto:patak@universal.com?subject=Halo",
    ///     "ｐａｔａｋ＠ｕｎｉｖｅｒｓａｌ．ｃｏｍ",
    /// ] {
    ///     assert_eq!(EmailAddress::parse(text)?.exact_key(), "patak@universal.com");
    /// }
    /// # Ok::<(), kontak_address::EmailError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What keeps the text from being one deliverable address, and where: see [`EmailError`]. The domain
    /// must be one that somebody can register, so `x@gmail` and `x@co.id` are refused.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let display = text.trim_ascii();
        let Some(Ordinary { at, capitals }) = ordinary(display.as_bytes()) else {
            let found = written::find(text)?;
            return Self::assemble(&found.display, &found.exact, found.exact_at)
                .ok_or(EmailError::NotRegistrable { at: found.domain_start });
        };
        let assembled = if capitals {
            let mut lower = [0; MAX_ADDRESS];
            let lower = &mut lower[..display.len()];
            lower.copy_from_slice(display.as_bytes());
            lower.make_ascii_lowercase();
            str::from_utf8(lower).ok().and_then(|exact| Self::assemble(display, exact, at))
        } else {
            Self::assemble(display, display, at)
        };
        assembled.ok_or_else(|| {
            let start = text.len() - text.trim_ascii_start().len();
            EmailError::NotRegistrable { at: start + at + 1 }
        })
    }

    /// `None` where nobody can register the domain.
    fn assemble(display: &str, exact: &str, at: usize) -> Option<Self> {
        let (local, domain) = (&exact[..at], &exact[at + 1..]);
        let mut service = None;
        let mut disposable = false;
        for ancestor in ancestors(domain) {
            service = service.or_else(|| Service::at(ancestor, domain));
            disposable |= is_disposable(ancestor);
        }
        if service.is_none() && !is_registrable(domain) {
            return None;
        }
        let kind = if disposable {
            MailboxKind::Disposable
        } else if is_role(local, service.is_none()) {
            MailboxKind::Role
        } else {
            MailboxKind::Person
        };

        let exact_length = if display == exact { 0 } else { exact.len() };
        let rewritten = service.map_or(0, |service| service.canonical_capacity(local, domain));
        let mut text = String::with_capacity(display.len() + exact_length + rewritten);
        text.push_str(display);
        text.push_str(&exact[..exact_length]);
        let exact_end = text.len();
        if let Some(service) = service.filter(|_| rewritten > 0) {
            service.write_canonical(local, domain, &mut text);
        }
        Some(Self::from_parts(text, display.len(), exact_end, kind, EMAIL_DATA_VERSION))
    }

    /// `text` is laid out as the field says, and short enough for its ends to fit.
    pub(super) fn from_parts(
        text: String,
        display_end: usize,
        exact_end: usize,
        kind: MailboxKind,
        data_version: u16,
    ) -> Self {
        debug_assert!(text.len() <= usize::from(u16::MAX));
        Self {
            text: text.into_boxed_str(),
            display_end: display_end as u16,
            exact_end: exact_end as u16,
            data_version,
            kind,
        }
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text[..usize::from(self.display_end)]
    }

    /// What identifies the mailbox for certain: the same for every spelling of this address.
    #[must_use]
    pub fn exact_key(&self) -> &str {
        let start = if self.display_end == self.exact_end { 0 } else { self.display_end };
        &self.text[usize::from(start)..usize::from(self.exact_end)]
    }

    /// The mailbox that the provider is known to deliver to; the exact key where no rule says otherwise.
    #[must_use]
    pub fn canonical_key(&self) -> &str {
        match &self.text[usize::from(self.exact_end)..] {
            "" => self.exact_key(),
            canonical => canonical,
        }
    }

    /// The local part of the exact key.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.split().0
    }

    /// The domain of the exact key, in the ASCII form that is looked up: `xn--mnchen-3ya.example`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.split().1
    }

    /// Whether a person can be behind the mailbox, by the tables of [`data_version`](Self::data_version).
    #[must_use]
    pub fn kind(&self) -> MailboxKind {
        self.kind
    }

    /// The service whose rules decide the canonical key, by the tables of today.
    #[must_use]
    pub fn provider(&self) -> Option<&'static Provider> {
        let domain = self.domain();
        ancestors(domain)
            .find_map(|ancestor| Service::at(ancestor, domain))
            .map(|service| service.provider)
    }

    /// The [`EMAIL_DATA_VERSION`] that made the keys and the kind. A stored address keeps what it was
    /// recorded with; parsing [`as_str`](Self::as_str) again brings it up to date.
    #[must_use]
    pub fn data_version(&self) -> u16 {
        self.data_version
    }

    fn split(&self) -> (&str, &str) {
        let exact = self.exact_key();
        exact.rsplit_once('@').unwrap_or((exact, ""))
    }
}

impl FromStr for EmailAddress {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        Self::parse(text)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (local, domain) = self.split();
        let mut characters = local.chars();
        let first = characters.next().filter(|_| characters.next().is_some());
        f.write_str("EmailAddress(")?;
        if let Some(first) = first {
            write!(f, "{first}")?;
        }
        write!(f, "***@({} bytes))", domain.len())
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.exact_key() == other.exact_key()
    }
}

impl Eq for EmailAddress {}

impl PartialOrd for EmailAddress {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EmailAddress {
    fn cmp(&self, other: &Self) -> Ordering {
        self.exact_key().cmp(other.exact_key())
    }
}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.exact_key().hash(state);
    }
}
