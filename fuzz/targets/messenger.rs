#![no_main]

use kontak_channel::Secret;
use kontak_channels::messenger::Messenger;
use std::sync::LazyLock;

static CODEC: LazyLock<Messenger> = LazyLock::new(|| {
    Messenger::new("a", "1", Secret::new("token")).with_app_id("7").with_human_agent()
});

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    kontak_fuzz::hear(&*CODEC, &[], &["x-hub-signature-256"], body);
});
