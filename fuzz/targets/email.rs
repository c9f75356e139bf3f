#![no_main]

use kontak_channels::email::{Email, without_quote};
use std::sync::LazyLock;

static CODEC: LazyLock<Email> = LazyLock::new(|| {
    let address = "desk@shop.example.com".parse().expect("an address");
    Email::new("a", address).with_authority("mail.shop.example.com")
});

libfuzzer_sys::fuzz_target!(|mail: &[u8]| {
    kontak_fuzz::hear(&*CODEC, &[], &["x-mail-signature", "x-mail-timestamp"], mail);
    if let Ok(text) = std::str::from_utf8(mail) {
        let new = without_quote(text);
        assert!(text.contains(new), "words that nobody wrote");
    }
});
