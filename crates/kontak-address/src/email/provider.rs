use super::domain::Ancestor;
use super::word_set::hash;

/// A mail service that delivers several spellings to one mailbox, and how.
///
/// ```
/// use kontak_address::EmailAddress;
///
/// let address = EmailAddress::parse("b.santoso+toko@googlemail.com")?;
/// assert_eq!(address.canonical_key(), "bsantoso@gmail.com");
/// assert_eq!(address.provider().map(|p| p.name()), Some("Gmail"));
/// # Ok::<(), kontak_address::EmailError>(())
/// ```
#[derive(Debug)]
pub struct Provider {
    name: &'static str,
    source: &'static str,
    tag: Tag,
    /// Characters of the local part that delivery ignores.
    ignored: &'static [u8],
    /// Where `anything@user.domain` is `user@domain`.
    subdomains: bool,
    /// The domain that stands for all of `domains`, where they share one name space.
    one_domain: Option<&'static str>,
    domains: &'static [&'static str],
}

/// How a local part is extended without leaving its mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    /// `name+tag`.
    Plus,
    /// `base-keyword`, where `base` is chosen for the purpose and is no address of its own.
    YahooKeyword,
}

/// The rules. What no source vouches for is not in here: a missing rule leaves two customers apart, a
/// wrong one joins strangers. `source` is where the service, or the nearest to it, says so.
#[rustfmt::skip] // one domain a line would be a page of them
static PROVIDERS: [Provider; 8] = [
    Provider {
        name: "Gmail",
        // Dots: 7436150. The second domain: 10313. Tags: 22370. Not for Workspace domains: dots count there.
        source: "https://support.google.com/mail/answer/7436150",
        tag: Tag::Plus,
        ignored: b".",
        subdomains: false,
        one_domain: Some("gmail.com"),
        domains: &["gmail.com", "googlemail.com"],
    },
    Provider {
        name: "Outlook.com",
        // Microsoft added tags to Hotmail in 2013. The domains are separate name spaces. The list of
        // domains is that of validator.js 13.15 (MIT).
        source: "https://www.zdnet.com/article/microsoft-adds-support-for-custom-email-addresses-in-office-365/",
        tag: Tag::Plus,
        ignored: b"",
        subdomains: false,
        one_domain: None,
        domains: &[
            "hotmail.at", "hotmail.be", "hotmail.ca", "hotmail.cl", "hotmail.co.il", "hotmail.co.nz",
            "hotmail.co.th", "hotmail.co.uk", "hotmail.com", "hotmail.com.ar", "hotmail.com.au",
            "hotmail.com.br", "hotmail.com.gr", "hotmail.com.mx", "hotmail.com.pe", "hotmail.com.tr",
            "hotmail.com.vn", "hotmail.cz", "hotmail.de", "hotmail.dk", "hotmail.es", "hotmail.fr",
            "hotmail.hu", "hotmail.id", "hotmail.ie", "hotmail.in", "hotmail.it", "hotmail.jp",
            "hotmail.kr", "hotmail.lv", "hotmail.my", "hotmail.ph", "hotmail.pt", "hotmail.sa",
            "hotmail.sg", "hotmail.sk", "live.be", "live.co.uk", "live.com", "live.com.ar",
            "live.com.mx", "live.de", "live.es", "live.eu", "live.fr", "live.it", "live.nl", "msn.com",
            "outlook.at", "outlook.be", "outlook.cl", "outlook.co.il", "outlook.co.nz", "outlook.co.th",
            "outlook.com", "outlook.com.ar", "outlook.com.au", "outlook.com.br", "outlook.com.gr",
            "outlook.com.pe", "outlook.com.tr", "outlook.com.vn", "outlook.cz", "outlook.de",
            "outlook.dk", "outlook.es", "outlook.fr", "outlook.hu", "outlook.id", "outlook.ie",
            "outlook.in", "outlook.it", "outlook.jp", "outlook.kr", "outlook.lv", "outlook.my",
            "outlook.ph", "outlook.pt", "outlook.sa", "outlook.sg", "outlook.sk", "passport.com",
        ],
    },
    Provider {
        name: "iCloud",
        // One account's addresses in the three domains: 118230. Tags: email-normalize 3.2 (BSD-3).
        source: "https://support.apple.com/118230",
        tag: Tag::Plus,
        ignored: b"",
        subdomains: false,
        one_domain: Some("icloud.com"),
        domains: &["icloud.com", "mac.com", "me.com"],
    },
    Provider {
        name: "Fastmail",
        // More than a hundred domains, each a name space of its own: these are the ones seen most.
        source: "https://www.fastmail.help/hc/en-us/articles/360060591053",
        tag: Tag::Plus,
        ignored: b"",
        subdomains: true,
        one_domain: None,
        domains: &["fastmail.com", "fastmail.fm", "ftml.net", "myfastmail.com", "sent.com", "warpmail.net"],
    },
    Provider {
        name: "Proton Mail",
        // `canonizeEmail`, scheme PROTON, in the service's own web client; the domains: addresses-and-aliases.
        source: "https://github.com/ProtonMail/WebClients/blob/main/packages/shared/lib/helpers/email.ts",
        tag: Tag::Plus,
        ignored: b".-_",
        subdomains: false,
        one_domain: Some("proton.me"),
        domains: &["pm.me", "proton.me", "protonmail.ch", "protonmail.com"],
    },
    Provider {
        name: "Yahoo Mail",
        // A base name is not the address of the account, so `base-shop@` says nothing about `base@`.
        // Yahoo Japan is another company and is left out.
        source: "https://help.yahoo.com/kb/SLN28815.html",
        tag: Tag::YahooKeyword,
        ignored: b"",
        subdomains: false,
        one_domain: None,
        domains: &[
            "rocketmail.com", "yahoo.ca", "yahoo.co.id", "yahoo.co.in", "yahoo.co.uk", "yahoo.com",
            "yahoo.com.au", "yahoo.com.br", "yahoo.com.ph", "yahoo.com.sg", "yahoo.com.vn", "yahoo.de",
            "yahoo.es", "yahoo.fr", "yahoo.in", "yahoo.it", "ymail.com",
        ],
    },
    Provider {
        name: "Yandex Mail",
        // "Each mailbox has aliases in" the domains. Tags: the PLUS scheme of Proton's web client and
        // email-normalize 3.2. Dots and hyphens are said to be equal, but no page of the service was found.
        source: "https://yandex.com/support/domain/additional/mailbox-alias.xml",
        tag: Tag::Plus,
        ignored: b"",
        subdomains: false,
        one_domain: Some("yandex.ru"),
        domains: &["ya.ru", "yandex.by", "yandex.com", "yandex.kz", "yandex.ru", "yandex.ua"],
    },
    Provider {
        name: "Runbox",
        source: "https://blog.runbox.com/category/news/page/8",
        tag: Tag::Plus,
        ignored: b"",
        subdomains: false,
        one_domain: None,
        domains: &["runbox.com"],
    },
];

impl Provider {
    /// The name of the service.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Where the rules of the service are written down.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        self.source
    }

    /// Appends the mailbox that the service delivers to, if its rules change anything.
    fn write_canonical(&self, local: &str, domain: &str, own: &str, out: &mut String) {
        let begin = out.len();
        let certain = match domain.strip_suffix(own).and_then(|user| user.strip_suffix('.')) {
            Some(user) => {
                out.push_str(user);
                // A hyphen may stand for an underscore there: only letters and digits are certain.
                user.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }
            None => self.write_local(local, out),
        };
        if certain {
            out.push('@');
            out.push_str(self.one_domain.unwrap_or(own));
            let rest = out[begin..].strip_prefix(local).and_then(|rest| rest.strip_prefix('@'));
            if rest != Some(domain) {
                return;
            }
        }
        out.truncate(begin);
    }

    fn write_local(&self, local: &str, out: &mut String) -> bool {
        let kept = match self.tag {
            Tag::Plus => local.split_once('+').map_or(local, |(name, _)| name),
            Tag::YahooKeyword => match local.split_once('-') {
                Some((base, keyword)) if !base.is_empty() && !keyword.contains('-') => {
                    &local[..=base.len()]
                }
                Some(_) => return false,
                None => local,
            },
        };
        // The services hand out ASCII names; taking a dot from others could join a letter and a mark.
        if !kept.is_ascii() {
            return false;
        }
        let begin = out.len();
        out.extend(kept.split(|c: char| self.ignored.contains(&(c as u8))));
        out.len() > begin && !out.ends_with('.')
    }
}

/// The service that a domain belongs to, and the service's part of that domain.
#[derive(Clone, Copy)]
pub(super) struct Service<'a> {
    pub(super) provider: &'static Provider,
    pub(super) own: &'a str,
}

impl<'a> Service<'a> {
    /// The service that has `ancestor` among its domains, if it also answers for `domain` under it.
    pub(super) fn at(ancestor: Ancestor<'a>, domain: &str) -> Option<Self> {
        let own = ancestor.domain;
        let mut slot = ancestor.hash as usize & (SLOTS - 1);
        while SLOT_OF[slot] != FREE {
            let [provider, place] = SLOT_OF[slot];
            let provider = &PROVIDERS[provider as usize];
            if provider.domains[place as usize] == own {
                let whole = own.len() == domain.len();
                return (whole || provider.subdomains).then_some(Self { provider, own });
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        None
    }

    /// Most bytes that [`write_canonical`](Self::write_canonical) appends; none where no rule can apply.
    pub(super) fn canonical_capacity(self, local: &str, domain: &str) -> usize {
        let Self { provider, own } = self;
        let one_domain = provider.one_domain.unwrap_or(own);
        let sign = match provider.tag {
            Tag::Plus => b'+',
            Tag::YahooKeyword => b'-',
        };
        let spelled_otherwise =
            || local.bytes().any(|byte| byte == sign || provider.ignored.contains(&byte));
        if local.starts_with('"') || (domain == one_domain && !spelled_otherwise()) {
            return 0;
        }
        local.len().max(domain.len()) + 1 + one_domain.len()
    }

    /// Appends the mailbox that the service delivers to, if its rules change anything.
    pub(super) fn write_canonical(self, local: &str, domain: &str, out: &mut String) {
        self.provider.write_canonical(local, domain, self.own, out);
    }
}

const SLOTS: usize = 512;
const FREE: [u8; 2] = [u8::MAX; 2];

/// Which provider, and which of its domains, a hash leads to.
static SLOT_OF: [[u8; 2]; SLOTS] = {
    let mut slots = [FREE; SLOTS];
    let mut provider = 0;
    while provider < PROVIDERS.len() {
        let domains = PROVIDERS[provider].domains;
        let mut place = 0;
        while place < domains.len() {
            let mut slot = hash(domains[place].as_bytes()) as usize & (SLOTS - 1);
            while slots[slot][0] != FREE[0] {
                slot = (slot + 1) & (SLOTS - 1);
            }
            slots[slot] = [provider as u8, place as u8];
            place += 1;
        }
        provider += 1;
    }
    slots
};

/// What the keys follow from, without names and sources.
#[cfg(test)]
pub(super) fn table() -> String {
    let rules =
        |p: &Provider| format!("{:?}", (p.tag, p.ignored, p.subdomains, p.one_domain, p.domains));
    PROVIDERS.iter().map(rules).collect()
}

#[cfg(test)]
mod tests {
    use super::{PROVIDERS, Service};
    use crate::email::domain::ancestors;

    #[test]
    fn every_domain_leads_to_its_provider_only() {
        for provider in &PROVIDERS {
            for &domain in provider.domains {
                let found: Vec<_> =
                    ancestors(domain).filter_map(|a| Service::at(a, domain)).collect();
                assert!(
                    matches!(found[..], [Service { provider: p, own }] if p.name == provider.name && own == domain)
                );
            }
            assert!(
                provider.one_domain.is_none_or(|one| provider.domains.contains(&one)),
                "{}",
                provider.name
            );
            assert!(provider.source.starts_with("https://"), "{}", provider.name);
        }
    }
}
