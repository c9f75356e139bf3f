//! How a word is read aloud, whatever the spelling.

const LONGEST: usize = 24;

/// Whether two words are read alike: by the old and the new spelling of Indonesian (Soekarno, Djoko,
/// Tjahja) and by the usual ways to write one sound (Rudy, Rizki, Kandace, Aisyah).
pub(super) fn sounds_alike(a: &str, b: &str) -> bool {
    let (Some(first), Some(second)) = (a.bytes().next(), b.bytes().next()) else { return false };
    // Most pairs end here.
    if class_of_first(first) != class_of_first(second) || !a.is_ascii() || !b.is_ascii() {
        return false;
    }
    let (a, b) = (Sound::of(a.as_bytes()), Sound::of(b.as_bytes()));
    a.length >= 3 && a.heard() == b.heard()
}

/// Words that begin with letters of two classes do not begin with one sound.
fn class_of_first(letter: u8) -> u8 {
    match letter {
        b'c' | b'k' | b'q' | b't' | b'x' | b's' | b'z' | b'h' => b'k',
        b'd' | b'j' | b'y' | b'i' | b'e' => b'j',
        b'f' | b'p' | b'v' => b'f',
        b'o' | b'u' => b'u',
        other => other,
    }
}

/// A word in letters of one sound each, in fixed space.
struct Sound {
    letters: [u8; LONGEST],
    length: usize,
}

impl Sound {
    fn of(word: &[u8]) -> Self {
        let is_old = word.windows(2).any(|pair| matches!(pair, b"dj" | b"tj" | b"oe" | b"sj" | b"nj"));
        let mut sound = Self { letters: [0; LONGEST], length: 0 };
        let mut at = 0;
        while at < word.len() {
            let last = sound.heard().last().copied();
            let (heard, taken) = hear(word, at, last, is_old);
            for &letter in heard {
                sound.add(letter);
            }
            at += taken;
        }
        sound
    }

    fn heard(&self) -> &[u8] {
        &self.letters[..self.length]
    }

    /// A doubled letter is heard once.
    fn add(&mut self, letter: u8) {
        if self.heard().last() != Some(&letter) && self.length < LONGEST {
            self.letters[self.length] = letter;
            self.length += 1;
        }
    }
}

/// The sound that begins at a letter, and how many letters write it.
fn hear(word: &[u8], at: usize, last: Option<u8>, is_old: bool) -> (&[u8], usize) {
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
        (b'y', _) | (b'j', _) if word[at] == b'y' || is_old => {
            (if is_vowel(next) && follows_vowel { b"y" } else { b"i" }, 1)
        }
        (b'h', 0) if follows_vowel && word.len() >= 4 => (b"", 1),
        _ => (&word[at..=at], 1),
    }
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
            ("sukarno", "soekarno"), ("joko", "djoko"), ("wijaya", "widjaja"), ("suryadi", "soerjadi"),
            ("cahyo", "tjahjo"), ("nyoto", "njoto"), ("rudi", "rudy"), ("rizki", "riski"), ("mary", "marie"),
            ("candace", "kandace"), ("thompson", "tompson"), ("sarah", "zara"), ("rian", "riyan"),
            ("setiawan", "setyawan"), ("mooney", "moonie"), ("garski", "garsky"), ("sinta", "shinta"),
            ("akhmad", "achmad"), ("eric", "erik"), ("sofia", "sofiyah"), ("suwardi", "suardi"),
        ] {
            assert!(sounds_alike(a, b) && sounds_alike(b, a), "{a} {b}");
        }
    }

    #[test]
    fn other_names_do_not() {
        for (a, b) in [
            ("rina", "rini"), ("budi", "rudi"), ("dian", "diana"), ("mark", "mary"), ("cinta", "sinta"),
            ("joko", "yoko"), ("anna", "annabelle"), ("hasan", "husin"), ("lee", "li"), ("dewi", "devi"),
        ] {
            assert!(!sounds_alike(a, b), "{a} {b}");
        }
    }
}
