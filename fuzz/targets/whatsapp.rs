#![no_main]

use kontak_channel::Secret;
use kontak_channels::whatsapp::WhatsApp;
use std::sync::LazyLock;

static CODEC: LazyLock<WhatsApp> = LazyLock::new(|| WhatsApp::new("a", "1", Secret::new("token")));

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    kontak_fuzz::hear(&*CODEC, &[], &["x-hub-signature-256"], body);
});
