/// RFC 4648, in lower case. Without padding, as only whole groups of five bytes are written.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Appends eight characters for every five bytes; what is left over is not written.
pub(super) fn encode(bytes: &[u8], text: &mut String) {
    let (groups, _) = bytes.as_chunks::<5>();
    for group in groups {
        let bits = group.iter().fold(0_u64, |bits, &byte| bits << 8 | u64::from(byte));
        text.extend(
            (0..8).rev().map(|place| char::from(ALPHABET[(bits >> (5 * place)) as usize & 31])),
        );
    }
}

/// The value of a letter in either case, or of a digit.
pub(super) const fn value(letter: u8) -> Option<u8> {
    match letter {
        b'a'..=b'z' => Some(letter - b'a'),
        b'A'..=b'Z' => Some(letter - b'A'),
        b'2'..=b'7' => Some(letter - b'2' + 26),
        _ => None,
    }
}
