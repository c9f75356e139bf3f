/// A set of words that is hashed while compiling: one table of slots over the text it ships as.
///
/// The text has one word a line; lines that begin with `#` are remarks. A slot holds where its word
/// begins, plus one, and bits of its hash, so that a look-up that finds nothing stays in the table.
pub(super) struct WordSet<const SLOTS: usize> {
    text: &'static str,
    slots: [u32; SLOTS],
}

const MARK_BITS: u32 = 14;

impl<const SLOTS: usize> WordSet<SLOTS> {
    pub(super) const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        assert!(SLOTS.is_power_of_two(), "the hash is masked");
        assert!(bytes.len() < (1 << (32 - MARK_BITS)) - 1, "a slot has 18 bits for the offset");

        let mut slots = [0; SLOTS];
        let mut words = 0;
        let mut start = 0;
        while start < bytes.len() {
            let mut end = start;
            while bytes[end] != b'\n' {
                end += 1;
            }
            if end > start && bytes[start] != b'#' {
                let hash = hash_range(bytes, start, end);
                let mut slot = hash as usize & (SLOTS - 1);
                while slots[slot] != 0 {
                    slot = (slot + 1) & (SLOTS - 1);
                }
                slots[slot] = (start as u32 + 1) << MARK_BITS | hash >> (32 - MARK_BITS);
                words += 1;
            }
            start = end + 1;
        }
        assert!(words * 3 < SLOTS * 2, "a fuller table is slow to search");
        Self { text, slots }
    }

    /// Whether the word, whose [`hash`] is given, is in the set.
    pub(super) fn contains(&self, word: &[u8], hash: u32) -> bool {
        let mut slot = hash as usize & (SLOTS - 1);
        while self.slots[slot] != 0 {
            let entry = self.slots[slot];
            let start = (entry >> MARK_BITS) as usize - 1;
            if entry & ((1 << MARK_BITS) - 1) == hash >> (32 - MARK_BITS)
                && self.text.as_bytes()[start..]
                    .strip_prefix(word)
                    .is_some_and(|rest| rest[0] == b'\n')
            {
                return true;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        false
    }

    #[cfg(test)]
    pub(super) fn text(&self) -> &'static str {
        self.text
    }
}

/// FNV-1a from the last byte to the first: on its way through a domain it passes the hash of every
/// parent domain.
pub(super) const fn hash(word: &[u8]) -> u32 {
    hash_range(word, 0, word.len())
}

const fn hash_range(bytes: &[u8], start: usize, mut end: usize) -> u32 {
    let mut hash = HASH_START;
    while end > start {
        end -= 1;
        hash = hash_step(hash, bytes[end]);
    }
    hash
}

pub(super) const HASH_START: u32 = 0x811c_9dc5;

pub(super) const fn hash_step(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

#[cfg(test)]
mod tests {
    use super::{WordSet, hash};

    static SET: WordSet<16> = WordSet::new("# a remark\nalpha\n\nbeta\nalphabet\n");

    #[test]
    fn whole_words_are_found_and_nothing_else() {
        for word in ["alpha", "beta", "alphabet"] {
            assert!(SET.contains(word.as_bytes(), hash(word.as_bytes())), "{word}");
        }
        for word in ["", "alph", "alphab", "lpha", "# a remark", "alpha\n\nbeta", "gamma"] {
            assert!(!SET.contains(word.as_bytes(), hash(word.as_bytes())), "{word}");
        }
    }
}
