#![no_main]

use kontak_channel::Secret;
use kontak_channels::webhook::Discourse;
use std::sync::LazyLock;

static CODEC: LazyLock<Discourse> = LazyLock::new(|| {
    let forum = "https://forum.example".parse().expect("an address");
    Discourse::new("a", &forum, Secret::new("token"), "desk")
});

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    for event in ["post_created", "post_edited", "post_destroyed", "ping"] {
        let headers = [("x-discourse-event", event)];
        kontak_fuzz::hear(&*CODEC, &headers, &["x-discourse-event-signature"], body);
    }
});
