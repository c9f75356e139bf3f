#![no_main]

use kontak_channel::Codec;
use kontak_channel::Secret;
use kontak_channel::content::Content;
use kontak_channels::line::Line;
use kontak_channels::messenger::Messenger;
use kontak_channels::telegram::Telegram;
use kontak_channels::twilio_sms::TwilioSms;
use kontak_channels::twilio_voice::TwilioVoice;
use kontak_channels::webchat::WebChat;
use kontak_channels::whatsapp::WhatsApp;
use kontak_channels::zalo::Zalo;
use std::sync::LazyLock;

static CODECS: LazyLock<Vec<Box<dyn Codec>>> = LazyLock::new(|| {
    let token = || Secret::new("token");
    vec![
        Box::new(WhatsApp::new("a", "1", token())),
        Box::new(Messenger::new("a", "1", token())),
        Box::new(Messenger::instagram("a", "1", token())),
        Box::new(Telegram::new("a", token())),
        Box::new(Line::new("a", token())),
        Box::new(Zalo::new("a", token())),
        Box::new(TwilioSms::new("a", "AC1", token(), "+1").with_pictures()),
        Box::new(TwilioVoice::new("a", "AC1", token(), "+1")),
        Box::new(WebChat::new("a")),
    ]
});

// Content as it is stored, for each channel in turn.
libfuzzer_sys::fuzz_target!(|json: &[u8]| {
    let Ok(content) = serde_json::from_slice::<Content>(json) else { return };
    kontak_fuzz::comes_back(&content);
    for codec in CODECS.iter() {
        kontak_fuzz::say(&**codec, &content);
    }
});
