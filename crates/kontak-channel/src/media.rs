use kontak_content::{FetchFailure, MimeType, WebUrl};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What may be fetched. A message is stored before its media are fetched, and what this refuses is
/// noted on the medium; it never loses the message.
///
/// Three questions, each at its own moment: the address before a name is looked up, what the name
/// leads to before connecting (and connect to *that*, or a second look-up may lead elsewhere), and
/// what comes while it comes.
///
/// ```
/// use kontak_channel::MediaGuard;
/// use kontak_channel::content::FetchFailure;
///
/// let guard = MediaGuard::new(16 << 20).with_family("image");
/// assert!(guard.check_url(&"https://lookaside.example/photo".parse()?).is_ok());
/// let metadata = "http://169.254.169.254/latest/meta-data".parse()?;
/// assert_eq!(guard.check_url(&metadata), Err(FetchFailure::AddressRefused));
/// assert_eq!(guard.check_address("10.0.0.7".parse()?), Err(FetchFailure::AddressRefused));
/// assert_eq!(guard.check_size(17 << 20), Err(FetchFailure::TooLarge));
/// assert_eq!(guard.check_type(&"image/jpeg".parse()?, b"MZ\x90\0"), Err(FetchFailure::TypeRefused));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct MediaGuard {
    max_bytes: u64,
    types: Vec<MimeType>,
    families: Vec<&'static str>,
    plain_http: bool,
}

impl MediaGuard {
    /// Files up to this size, in bytes, of any type that no computer runs, over HTTPS.
    #[must_use]
    pub fn new(max_bytes: u64) -> Self {
        Self { max_bytes, types: Vec::new(), families: Vec::new(), plain_http: false }
    }

    /// With one more type that is taken; where no type and no family is named, all are.
    #[must_use]
    pub fn with_type(mut self, mime_type: MimeType) -> Self {
        self.types.push(mime_type);
        self
    }

    /// With all types of a family, as `image`.
    #[must_use]
    pub fn with_family(mut self, family: &'static str) -> Self {
        self.families.push(family);
        self
    }

    /// Also without encryption.
    #[must_use]
    pub fn with_plain_http(self) -> Self {
        Self { plain_http: true, ..self }
    }

    /// Whether an address may be looked up at all.
    ///
    /// # Errors
    /// [`FetchFailure::AddressRefused`].
    pub fn check_url(&self, url: &WebUrl) -> Result<(), FetchFailure> {
        let encrypted = url.as_str().get(..8).is_some_and(|s| s.eq_ignore_ascii_case("https://"));
        let named_user = authority(url).contains('@');
        if (!encrypted && !self.plain_http) || named_user {
            return Err(FetchFailure::AddressRefused);
        }
        let host = url.host().trim_end_matches('.');
        let literal = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = literal.parse() {
            return self.check_address(address);
        }
        // Browsers and C libraries read 0x7f000001, 017700000001 and 2130706433 as 127.0.0.1; no
        // public host has a last label of digits.
        let last = host.rsplit('.').next().unwrap_or_default();
        let numeric = last.starts_with(|c: char| c.is_ascii_digit());
        let lower = host.to_ascii_lowercase();
        let local = !host.contains('.')
            || [".local", ".internal", ".localhost", ".home.arpa", ".lan"]
                .iter()
                .any(|suffix| lower.ends_with(suffix));
        if numeric || local { Err(FetchFailure::AddressRefused) } else { Ok(()) }
    }

    /// Whether the address that a name led to is on the public Internet.
    ///
    /// # Errors
    /// [`FetchFailure::AddressRefused`].
    pub fn check_address(&self, address: IpAddr) -> Result<(), FetchFailure> {
        let public = match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        };
        if public { Ok(()) } else { Err(FetchFailure::AddressRefused) }
    }

    /// Whether so many bytes may come: asked of the announced length, and again as they come.
    ///
    /// # Errors
    /// [`FetchFailure::TooLarge`].
    pub fn check_size(&self, bytes: u64) -> Result<(), FetchFailure> {
        if bytes > self.max_bytes { Err(FetchFailure::TooLarge) } else { Ok(()) }
    }

    /// Whether a type is taken, and the first bytes are not those of a program.
    ///
    /// # Errors
    /// [`FetchFailure::TypeRefused`].
    pub fn check_type(&self, mime_type: &MimeType, first_bytes: &[u8]) -> Result<(), FetchFailure> {
        let any = self.types.is_empty() && self.families.is_empty();
        let taken = any
            || self.families.contains(&mime_type.top_level())
            || self.types.iter().any(|taken| taken.essence() == mime_type.essence());
        if taken && !is_program(first_bytes) { Ok(()) } else { Err(FetchFailure::TypeRefused) }
    }
}

fn authority(url: &WebUrl) -> &str {
    let rest = url.as_str().split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '\\', '?', '#']).next().unwrap_or_default()
}

/// Windows, Linux, macOS (both byte orders, fat), and scripts that name their interpreter.
fn is_program(bytes: &[u8]) -> bool {
    const MAGIC: [&[u8]; 7] = [
        b"MZ",
        b"\x7fELF",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"#!",
    ];
    MAGIC.iter().any(|magic| bytes.starts_with(magic))
}

/// The IANA registry of special-purpose addresses, without what is globally reachable in it.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = (a, b, c) == (192, 0, 0);
    let benchmark = a == 198 && (b == 18 || b == 19);
    let six_to_four = (a, b, c) == (192, 88, 99);
    !(a == 0
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || shared
        || protocol
        || benchmark
        || six_to_four
        || a >= 224)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Addresses that carry an IPv4 address lead where that leads.
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let last_32 = |address: Ipv6Addr| {
        let [.., a, b, c, d] = address.octets();
        Ipv4Addr::new(a, b, c, d)
    };
    if (first, second) == (0x64, 0xff9b) {
        return address.segments()[2] == 0 && is_public_v4(last_32(address));
    }
    if first == 0x2002 {
        let [_, _, a, b, c, d, ..] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    let global_unicast = first & 0xe000 == 0x2000;
    let documentation = (first, second) == (0x2001, 0xdb8) || first & 0xfff0 == 0x3ff0;
    let protocol = first == 0x2001 && second < 0x200;
    global_unicast && !documentation && !protocol
}
