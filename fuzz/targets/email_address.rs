#![no_main]

use kontak_address::EmailAddress;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(address) = EmailAddress::parse(text) else { return };
    let again = EmailAddress::parse(address.exact_key()).expect("a key is an address");
    assert_eq!(again.exact_key(), address.exact_key());
    assert_eq!(again.canonical_key(), address.canonical_key());
    let canonical = EmailAddress::parse(address.canonical_key()).expect("a key is an address");
    assert_eq!(canonical.canonical_key(), address.canonical_key());
});
