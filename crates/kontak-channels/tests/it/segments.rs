//! Segments against sms-segments-calculator and smsutil.

use kontak_channels::twilio_sms::{SmsEncoding, SmsSegments};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    text: String,
    encoding: String,
    segments: usize,
}

#[test]
fn segments_are_those_of_the_vendors_calculator() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../vectors/segments.json")).unwrap();
    assert!(cases.len() > 100);
    for case in cases {
        let ours = SmsSegments::of(&case.text);
        let encoding = if ours.encoding == SmsEncoding::Gsm7 { "GSM-7" } else { "UCS-2" };
        assert_eq!((encoding, ours.count), (&*case.encoding, case.segments), "{:?}", case.text);
    }
}
