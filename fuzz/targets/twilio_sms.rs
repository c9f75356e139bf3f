#![no_main]

use kontak_channel::Secret;
use kontak_channels::twilio_sms::TwilioSms;
use std::sync::LazyLock;

static CODEC: LazyLock<TwilioSms> =
    LazyLock::new(|| TwilioSms::new("a", "AC1", Secret::new("token"), "+1").with_pictures());

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    kontak_fuzz::hear(&*CODEC, &[], &["x-twilio-signature"], body);
});
