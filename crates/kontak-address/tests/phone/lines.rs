use kontak_address::{LineKey, PhoneNumber};
use proptest::prelude::*;

fn key(text: &str) -> LineKey {
    PhoneNumber::from_e164(text).unwrap().line_key()
}

#[test]
fn the_writings_of_a_line_share_a_key() {
    for (one, other) in [
        ("+5491123456789", "+541123456789"),
        ("+5492614123456", "+542614123456"),
        ("+5215512345678", "+525512345678"),
        ("+553188888888", "+5531988888888"),
        ("+551171234567", "+5511971234567"),
        ("+841201234567", "+84701234567"),
        ("+841681234567", "+84381234567"),
        ("+841991234567", "+84591234567"),
    ] {
        assert_eq!(key(one), key(other), "{one} {other}");
    }
}

#[test]
fn other_numbers_keep_their_digits() {
    for text in [
        "+6281234567890",
        "+16502530000",
        "+3904936551",
        // Brazil: a landline, trunked radio, toll-free.
        "+551123456789",
        "+551177123456",
        "+558001234567",
        // Argentina and Mexico: the digit is part of something else.
        "+549812345678",
        "+5498123456789",
        "+521234567890",
        // Vietnam: no such prefix in 2018.
        "+841611234567",
        "+84901234567",
    ] {
        let number = PhoneNumber::from_e164(text).unwrap();
        assert_eq!(number.line_key().digits(), number.digits(), "{text}");
    }
}

proptest! {
    #[test]
    fn a_key_is_a_line_of_its_own(
        country in prop::sample::select(vec![52_u64, 54, 55, 84, 62, 1]),
        national in 10_000_u64..1_000_000_000_000,
    ) {
        let digits: u64 = format!("{country}{national}").parse().unwrap();
        let number = PhoneNumber::from_digits(digits).unwrap();
        let key = number.line_key();
        let again = PhoneNumber::from_digits(key.digits()).unwrap();
        prop_assert_eq!(again.line_key(), key);
        prop_assert_eq!(again.country_code(), number.country_code());
    }
}
