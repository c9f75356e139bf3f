#![no_main]

use kontak_identity::Policy;

// The file in which somebody writes the rules.
libfuzzer_sys::fuzz_target!(|text: &str| {
    let json = serde_json::from_str::<Policy>(text).ok();
    for policy in json.into_iter().chain(toml::from_str(text)) {
        kontak_fuzz::comes_back(&policy);
    }
});
