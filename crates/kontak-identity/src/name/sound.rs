//! How a word is read aloud, whatever the spelling.

/// Whether two words are read alike: by the old and the new spelling of Indonesian (Soekarno, Djoko,
/// Tjahja) and by the usual ways to write one sound (Rudy, Rizki, Kandace, Aisyah).
pub(super) fn sounds_alike(a: &str, b: &str) -> bool {
    if a.len().abs_diff(b.len()) > 3 || !a.is_ascii() || !b.is_ascii() {
        return false;
    }
    let (mut a, mut b) = (Hearing::of(a), Hearing::of(b));
    let mut heard = 0;
    loop {
        match (a.next(), b.next()) {
            (None, None) => return heard >= 3,
            (one, other) if one != other => return false,
            _ => heard += 1,
        }
    }
}

/// Whether two words can begin with one sound, as far as their first letters tell.
pub(super) fn may_begin_alike(a: &str, b: &str) -> bool {
    let (Some(&a), Some(&b)) = (a.as_bytes().first(), b.as_bytes().first()) else { return false };
    a == b
        || matches!(
            (a.min(b), a.max(b)),
            (b'c', b'k' | b'q' | b't')
                | (b'h' | b'q' | b't' | b'x', b'k')
                | (b'k', b'q' | b't' | b'x')
                | (b's', b'z')
                | (b'd', b'j')
                | (b'j', b'y')
                | (b'i', b'j' | b'y')
                | (b'e', b'i' | b'y')
                | (b'f', b'p' | b'v')
                | (b'p', b'v')
                | (b'o', b'u')
        )
}

/// The sounds of a word, one letter for each.
struct Hearing<'a> {
    word: &'a [u8],
    at: usize,
    pending: &'a [u8],
    last: Option<u8>,
}

impl<'a> Hearing<'a> {
    fn of(word: &'a str) -> Self {
        Self { word: word.as_bytes(), at: 0, pending: &[], last: None }
    }
}

impl Iterator for Hearing<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        loop {
            while let Some((&letter, rest)) = self.pending.split_first() {
                self.pending = rest;
                // A doubled letter is heard once.
                if self.last.replace(letter) != Some(letter) {
                    return Some(letter);
                }
            }
            if self.at >= self.word.len() {
                return None;
            }
            let (heard, taken) = hear(self.word, self.at, self.last);
            self.pending = heard;
            self.at += taken;
        }
    }
}

/// The sound that begins at a letter, and how many letters write it.
fn hear(word: &[u8], at: usize, last: Option<u8>) -> (&[u8], usize) {
    let ahead = |steps: usize| word.get(at + steps).copied().unwrap_or(0);
    let (next, after) = (ahead(1), ahead(2));
    let follows_vowel = last.is_none_or(is_vowel);
    match (word[at], next) {
        (b'o', b'e' | b'o' | b'u') => (b"u", 2),
        (b'i' | b'e', b'e') => (b"i", 2),
        (b'e', b'y') if after == 0 => (b"i", 2),
        (b'a', b'e') => (b"ai", 2),
        (b'd', b'j') => (b"j", 2),
        (b't', b'j') => (if matches!(after, b'e' | b'i') { b"c" } else { b"k" }, 2),
        (b's', b'j' | b'y') if is_vowel(after) => (b"s", 2),
        (b's', b'h') => (b"s", 2),
        (b'c', b'h') if is_vowel(after) => (b"c", 2),
        (b'c', b'h') => (if at == 0 || after == 0 { b"k" } else { b"h" }, 2),
        (b'k', b'h') => (b"h", 2),
        (b'p', b'h') => (b"f", 2),
        (b't' | b'd' | b'b' | b'g', b'h') => (&word[at..=at], 2),
        (b'c', b'k') => (b"k", 2),
        (b'c', b'e') if at > 0 => (b"s", 1),
        (b'c', b'e' | b'i' | b'y') => (b"c", 1),
        (b'c' | b'q', _) => (b"k", 1),
        (b'x', _) => (b"ks", 1),
        (b'z', _) => (b"s", 1),
        (b'v', _) => (b"f", 1),
        (b'y', _) if is_vowel(next) && last == Some(b'i') => (b"", 1),
        (b'w', _) if is_vowel(next) && last == Some(b'u') => (b"", 1),
        (b'y' | b'j', _) if word[at] == b'y' || is_old(word) => {
            (if is_vowel(next) && follows_vowel { b"y" } else { b"i" }, 1)
        }
        (b'h', 0) if follows_vowel && word.len() >= 4 => (b"", 1),
        _ => (&word[at..=at], 1),
    }
}

/// Whether a word is spelled as before 1972, when j was read as y is now.
fn is_old(word: &[u8]) -> bool {
    word.windows(2).any(|pair| matches!(pair, b"dj" | b"tj" | b"oe" | b"sj" | b"nj"))
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

#[cfg(test)]
mod tests {
    use super::sounds_alike;

    #[test]
    fn spellings_of_one_sound_meet() {
        for (a, b) in [
            ("sukarno", "soekarno"),
            ("joko", "djoko"),
            ("wijaya", "widjaja"),
            ("suryadi", "soerjadi"),
            ("cahyo", "tjahjo"),
            ("nyoto", "njoto"),
            ("rudi", "rudy"),
            ("rizki", "riski"),
            ("mary", "marie"),
            ("candace", "kandace"),
            ("thompson", "tompson"),
            ("sarah", "zara"),
            ("rian", "riyan"),
            ("setiawan", "setyawan"),
            ("mooney", "moonie"),
            ("garski", "garsky"),
            ("sinta", "shinta"),
            ("akhmad", "achmad"),
            ("eric", "erik"),
            ("sofia", "sofiyah"),
            ("suwardi", "suardi"),
        ] {
            assert!(sounds_alike(a, b) && sounds_alike(b, a), "{a} {b}");
        }
    }

    #[test]
    fn other_names_do_not() {
        for (a, b) in [
            ("rina", "rini"),
            ("budi", "rudi"),
            ("dian", "diana"),
            ("mark", "mary"),
            ("cinta", "sinta"),
            ("joko", "yoko"),
            ("anna", "annabelle"),
            ("hasan", "husin"),
            ("lee", "li"),
            ("dewi", "devi"),
        ] {
            assert!(!sounds_alike(a, b), "{a} {b}");
        }
    }
}
