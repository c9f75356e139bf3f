#![no_main]

use kontak_channel::Secret;
use kontak_channels::twilio_voice::TwilioVoice;
use std::sync::LazyLock;

static CODEC: LazyLock<TwilioVoice> = LazyLock::new(|| {
    TwilioVoice::new("a", "AC1", Secret::new("token"), "+1")
        .with_answers_to("https://h.example/hook")
});

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    kontak_fuzz::hear(&*CODEC, &[], &["x-twilio-signature"], body);
});
