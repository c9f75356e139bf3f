//! Requests that are almost genuine, the same in every run.

use bytes::Bytes;

/// Marsaglia's xorshift: enough to vary bytes, and no dependency for those who run the suite.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
}

/// The body with a few bytes changed, a stretch repeated, or its end missing.
pub(super) fn varied(body: &[u8], dice: &mut Dice) -> Bytes {
    let mut out = body.to_vec();
    for _ in 0..=dice.below(3) {
        if out.is_empty() {
            break;
        }
        match dice.below(5) {
            0 => {
                let at = dice.below(out.len());
                out[at] = u8::try_from(dice.below(256)).unwrap_or_default();
            }
            1 => out.truncate(dice.below(out.len())),
            2 => {
                let at = dice.below(out.len());
                let length = dice.below(out.len() - at);
                let stretch = out[at..at + length].to_vec();
                out.splice(at..at, stretch);
            }
            3 => {
                let at = dice.below(out.len());
                let length = dice.below(out.len() - at).min(24);
                out.drain(at..at + length);
            }
            _ => {
                const TOKENS: [&[u8]; 10] = [
                    b"null",
                    b"-1",
                    b"[]",
                    b"{}",
                    b"\"\"",
                    b"1e999",
                    b"18446744073709551616",
                    b"%00",
                    b"\xff\xfe",
                    b"\\ud800",
                ];
                let at = dice.below(out.len());
                out.splice(at..at, TOKENS[dice.below(TOKENS.len())].iter().copied());
            }
        }
    }
    out.into()
}
