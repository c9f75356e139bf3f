#![no_main]

use kontak_channel::Secret;
use kontak_channels::webhook::Webhook;
use std::sync::LazyLock;

static CODEC: LazyLock<Webhook> = LazyLock::new(|| {
    let answers = "https://h.example/in".parse().expect("an address");
    Webhook::new("store", "a").with_answers_to(answers, Secret::new("token"))
});

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let signed = ["webhook-signature", "webhook-timestamp", "webhook-id"];
    kontak_fuzz::hear(&*CODEC, &[], &signed, body);
});
