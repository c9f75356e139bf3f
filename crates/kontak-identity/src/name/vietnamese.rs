//! Vietnamese names: syllables, and which of them is the family's.
//!
//! A syllable is so short that one letter makes another name (Trang, Trung), so what could be one is
//! never taken for a misspelling of another. Two people in five are called Nguyễn, so a family name
//! by itself tells nothing; and in a full name it is the last word that calls the person.

use super::aside::Sex;
use super::lexicon::Tags;
use super::token::{Role, Token};

/// What follows the first consonants of a syllable, without marks; sorted.
const RIMES: [&str; 99] = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "ec",
    "ech", "em", "en", "eng", "enh", "eo", "ep", "et", "eu", "i", "ia", "ich", "iec", "iem", "ien",
    "ieng", "iep", "iet", "ieu", "im", "in", "inh", "ip", "it", "iu", "o", "oa", "oac", "oach",
    "oai", "oam", "oan", "oang", "oanh", "oat", "oay", "oc", "oe", "oen", "oeo", "oet", "oi", "om",
    "on", "ong", "op", "ot", "u", "ua", "uan", "uang", "uat", "uay", "uc", "ue", "uech", "uen",
    "uenh", "ui", "um", "un", "ung", "uo", "uoc", "uoi", "uom", "uon", "uong", "uop", "uot", "uou",
    "up", "ut", "uu", "uy", "uya", "uych", "uyen", "uyet", "uynh", "y", "yem", "yen", "yeu",
];

static PACKED_RIMES: [u32; RIMES.len()] = {
    let mut packed = [0; RIMES.len()];
    let mut at = 0;
    while at < RIMES.len() {
        packed[at] = pack(RIMES[at].as_bytes());
        at += 1;
    }
    packed
};

/// Whether plain letters could be a Vietnamese syllable.
pub(super) fn is_syllable(word: &str) -> bool {
    let letters = word.as_bytes();
    let is_vowel = |letter: &u8| matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let Some(vowel) = letters.iter().position(is_vowel).filter(|&at| at < 4) else { return false };
    let (onset, rest) = letters.split_at(vowel);
    match onset {
        b"q" => rest.strip_prefix(b"u").is_some_and(|after| is_rime(rest) || is_rime(after)),
        b"g" => is_rime(rest) || rest.strip_prefix(b"i").is_some_and(is_rime),
        b"ng" if matches!(rest, [b'e' | b'i' | b'y', ..]) => false,
        b"" | b"b" | b"c" | b"ch" | b"d" | b"gh" | b"h" | b"k" | b"kh" | b"l" | b"m" | b"n"
        | b"ng" | b"ngh" | b"nh" | b"p" | b"ph" | b"r" | b"s" | b"t" | b"th" | b"tr" | b"v"
        | b"x" => is_rime(rest),
        _ => false,
    }
}

fn is_rime(letters: &[u8]) -> bool {
    letters.len() <= 4 && PACKED_RIMES.binary_search(&pack(letters)).is_ok()
}

/// Up to four letters as a number, in the order of the alphabet.
const fn pack(letters: &[u8]) -> u32 {
    let mut packed = 0;
    let mut at = 0;
    while at < 4 {
        packed = packed << 8 | if at < letters.len() { letters[at] as u32 } else { 0 };
        at += 1;
    }
    packed
}

/// Whether two syllables differ only in the letter of a final i: Mỹ and Mĩ, Quý and Quí.
pub(super) fn is_one_rime(a: &str, b: &str) -> bool {
    match (a.strip_suffix(['i', 'y']), b.strip_suffix(['i', 'y'])) {
        (Some(stem), Some(other)) => stem == other && (stem == "qu" || stem.len() == 1),
        _ => false,
    }
}

/// Tells family name, middle words and given name apart, in either order, and the sex that "Văn" or
/// "Thị" tells. Whether it is a Vietnamese name at all.
pub(super) fn assign_roles(tokens: &mut [Token], sex: &mut Option<Sex>) -> bool {
    let titles = tokens.iter().take_while(|token| token.role.has(Role::MAYBE_TITLE)).count();
    let family = match family_name(&tokens[titles..]) {
        Some(at) => titles + at,
        // Anh Nguyen is called Anh.
        None if titles == 1
            && tokens.len() == 2
            && tokens[1].tags.has(Tags::VIETNAMESE_SURNAME_ONLY) =>
        {
            1
        }
        None => return false,
    };
    let last = tokens.len() - 1;
    let is_family_first = family == titles && family < last;
    let is_middle_word = |at: usize, token: &Token| {
        token.tags.has(Tags::MIDDLE) && at != family && !(is_family_first && at == last)
    };
    let is_called_otherwise = tokens
        .iter()
        .enumerate()
        .any(|(at, token)| at != family && at >= titles && !is_middle_word(at, token));
    for (at, token) in tokens.iter_mut().enumerate() {
        if at == family {
            token.role = token.role.or(Role::FAMILY).or(Role::WEAK).without(Role::MAYBE_TITLE);
        } else if is_called_otherwise && is_middle_word(at, token) {
            token.role = token.role.or(Role::MIDDLE).or(Role::SPARE).or(Role::WEAK);
            *sex = sex.or_else(|| Sex::told_by(token.tags));
        } else if is_family_first && at != last {
            token.role = token.role.or(Role::MIDDLE);
        } else {
            token.role = token.role.or(Role::GIVEN);
        }
    }
    true
}

fn family_name(tokens: &[Token]) -> Option<usize> {
    let is_vietnamese = |token: &Token| token.role.has(Role::SYLLABLE.or(Role::INITIAL));
    let last = tokens.len().checked_sub(1)?;
    if last == 0 || !tokens.iter().all(is_vietnamese) {
        return None;
    }
    let either = Tags::VIETNAMESE_SURNAME.or(Tags::VIETNAMESE_SURNAME_ONLY);
    let is_a = |tags: Tags| move |&at: &usize| tokens[at].tags.has(tags);
    [0, last]
        .into_iter()
        .find(is_a(Tags::VIETNAMESE_SURNAME_ONLY))
        .or_else(|| {
            // "Vũ H." is rather Vũ by his given name.
            let is_short = last == 1 && tokens.iter().any(|token| token.role.has(Role::INITIAL));
            [0, last].into_iter().find(is_a(either)).filter(|_| !is_short)
        })
        .or_else(|| (1..last).find(is_a(Tags::VIETNAMESE_SURNAME_ONLY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_told_from_other_words() {
        assert!(RIMES.is_sorted() && RIMES.iter().all(|rime| rime.len() <= 4));
        for syllable in [
            "nguyen", "an", "anh", "thuy", "quynh", "khuyen", "y", "oanh", "nghia", "giang", "xuan",
        ] {
            assert!(is_syllable(syllable), "{syllable}");
        }
        for word in ["", "budi", "agus", "mark", "siti", "q", "ngu yen", "nguyenn", "smith", "dian"]
        {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
