#![no_main]

use kontak_channel::Secret;
use kontak_channel::chrono::DateTime;
use kontak_channels::webchat::{SESSION_HEADER, Session, SessionScheme, WebChat};
use std::sync::LazyLock;

static CODEC: LazyLock<WebChat> = LazyLock::new(|| {
    let files = "https://h.example/files/".parse().expect("an address");
    WebChat::new("site").with_attachments_under(files)
});

static TOKEN: LazyLock<String> = LazyLock::new(|| {
    let now = DateTime::from_timestamp(1_770_000_000, 0).expect("a time");
    SessionScheme.issue(&Session::anonymous("b0d1"), &Secret::new("of the site"), now)
});

libfuzzer_sys::fuzz_target!(|frame: &[u8]| {
    kontak_fuzz::hear(&*CODEC, &[(SESSION_HEADER, &TOKEN)], &[SESSION_HEADER], frame);
});
