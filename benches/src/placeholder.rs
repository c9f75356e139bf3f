//! What is typed into a field that must not stay empty, and the key that a normaliser makes of it.

use crate::Market;

pub(crate) type Placeholder = (&'static str, Option<&'static str>);

const INDONESIAN: &[Placeholder] = &[
    ("0000000000", None),
    ("-", None),
    ("tidak ada", None),
    ("081234567890", Some("+6281234567890")),
    ("08123456789", Some("+628123456789")),
    ("0", None),
    ("belum punya", None),
    ("1234567890", None),
];

const VIETNAMESE: &[Placeholder] = &[
    ("0000000000", None),
    ("không có", None),
    ("0987654321", Some("+84987654321")),
    ("-", None),
    ("0909090909", Some("+84909090909")),
    ("chưa có", None),
];

const ANYWHERE: &[Placeholder] =
    &[("0000000000", None), ("n/a", None), ("-", None), ("none", None)];

/// For the field of a mail address.
pub(crate) const MAIL: &[Placeholder] = &[
    ("test@test.com", Some("test@test.com")),
    ("noemail@noemail.com", Some("noemail@noemail.com")),
    ("tidakada@gmail.com", Some("tidakada@gmail.com")),
    ("no@mail.com", Some("no@mail.com")),
    ("khongco@gmail.com", Some("khongco@gmail.com")),
    ("a@a.com", Some("a@a.com")),
    ("-", None),
    ("tidak ada", None),
    ("n/a", None),
];

/// For the field of a phone number.
pub(crate) const fn phones(market: Market) -> &'static [Placeholder] {
    match market {
        Market::Id => INDONESIAN,
        Market::Vn => VIETNAMESE,
        _ => ANYWHERE,
    }
}
