#![no_main]

use kontak_channel::Secret;
use kontak_channels::zalo::Zalo;
use std::sync::LazyLock;

static CODEC: LazyLock<Zalo> = LazyLock::new(|| Zalo::new("a", Secret::new("token")));

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    kontak_fuzz::hear(&*CODEC, &[], &["x-zevent-signature"], body);
});
