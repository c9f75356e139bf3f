use crate::Random;
use crate::random::Draws;

/// Providers of personal mail, whether they read an address without its dots, and people in a
/// hundred.
const PROVIDERS: [((&str, bool), u32); 8] = [
    (("gmail.com", true), 70),
    (("yahoo.com", false), 9),
    (("yahoo.co.id", false), 5),
    (("outlook.com", false), 4),
    (("hotmail.com", false), 4),
    (("icloud.com", false), 4),
    (("yahoo.com.vn", false), 3),
    (("gmx.net", false), 1),
];

const COMPANIES: [&str; 12] = [
    "makmurjaya",
    "sinarabadi",
    "karyamandiri",
    "sumberrejeki",
    "anphat",
    "minhlong",
    "hoanggia",
    "thanhcong",
    "northwind",
    "straitsline",
    "lotusretail",
    "bomdia",
];
const COMPANY_ENDINGS: [&str; 5] = ["co.id", "com.vn", "com", "com.sg", "com.my"];
const ROLES: [&str; 8] =
    ["info", "sales", "admin", "cs", "office", "finance", "support", "purchasing"];

/// An address as its provider would store it; the same writing, the same mailbox.
pub(crate) struct Mailbox {
    local: String,
    domain: String,
    ignores_dots: bool,
}

impl Mailbox {
    /// The `serial`th mailbox in a person's name; `serial` in the local part keeps it apart from
    /// all others.
    pub(crate) fn personal(parts: (&str, &str), serial: u32, random: &mut Random) -> Self {
        let (provider, ignores_dots) = random.weighted(&PROVIDERS);
        let (given, other) = parts;
        // A dot or an underscore never stands between letters and serial, and no name holds a
        // digit: where Gmail drops the dots, the serial is still the whole run of last digits.
        let stem = match (random.below(4), ignores_dots) {
            (0, false) => format!("{given}.{other}"),
            (1, false) => format!("{given}_{other}"),
            (2, _) => format!("{given}{}", other.get(..1).unwrap_or("x")),
            _ => format!("{given}{other}"),
        };
        Self { local: format!("{stem}{serial}"), domain: provider.to_owned(), ignores_dots }
    }

    /// A mailbox at work that several people read: `info@…`.
    pub(crate) fn role(serial: u32, random: &mut Random) -> Self {
        let (company, ending) = (random.pick(&COMPANIES), random.pick(&COMPANY_ENDINGS));
        Self {
            local: random.pick(&ROLES).to_owned(),
            domain: format!("{company}{serial}.{ending}"),
            ignores_dots: false,
        }
    }

    /// What the writings of this mailbox have in common.
    pub(crate) fn key(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// The address as somebody types it.
    pub(crate) fn write(&self, out: &mut String, random: &mut Random) {
        let start = out.len();
        let (mut local, mut domain) = (self.local.clone(), self.domain.as_str());
        match random.below(40) {
            0..4 if self.ignores_dots => local.insert(1 + local.len() / 3, '.'),
            4 if self.ignores_dots => local.push_str(random.pick(&["+shop", "+promo", "+1"])),
            5 if self.ignores_dots => domain = "googlemail.com",
            _ => {}
        }
        out.extend([&local, "@", domain]);
        match random.below(20) {
            0 => out[start..].make_ascii_uppercase(),
            1 => out[start..=start].make_ascii_uppercase(),
            2 => out.push(' '),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(text: &str) -> String {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.split_once('@').unwrap();
        if !matches!(domain, "gmail.com" | "googlemail.com") {
            return text;
        }
        let local = local.split('+').next().unwrap();
        format!("{}@gmail.com", local.replace('.', ""))
    }

    #[test]
    fn every_writing_has_the_key_of_its_mailbox() {
        let mut random = Random::new(1);
        for serial in 0..2_000 {
            let personal = Mailbox::personal(("budi", "santoso"), serial, &mut random);
            let role = Mailbox::role(serial, &mut random);
            for mailbox in [personal, role] {
                let mut text = String::new();
                mailbox.write(&mut text, &mut random);
                assert_eq!(normalised(&text), mailbox.key(), "{text}");
            }
        }
    }
}
