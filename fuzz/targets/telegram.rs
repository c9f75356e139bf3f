#![no_main]

use kontak_channel::Secret;
use kontak_channels::telegram::Telegram;
use std::sync::LazyLock;

static CODEC: LazyLock<Telegram> = LazyLock::new(|| Telegram::new("a", Secret::new("token")));

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    kontak_fuzz::hear(&*CODEC, &[], &["x-telegram-bot-api-secret-token"], body);
});
