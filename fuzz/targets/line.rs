#![no_main]

use kontak_channel::Secret;
use kontak_channels::line::Line;
use std::sync::LazyLock;

static CODEC: LazyLock<Line> = LazyLock::new(|| Line::new("a", Secret::new("token")));

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    kontak_fuzz::hear(&*CODEC, &[], &["x-line-signature"], body);
});
