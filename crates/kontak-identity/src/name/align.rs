//! Which word of one name stands for which word of the other.

use super::PersonName;
use super::lexicon::Tags;
use super::spelling::{Likeness, Written, likeness};
use super::token::{MOST_TOKENS, Role};

/// One of two names being compared: the words in scripts that both have.
pub(super) struct Side<'a> {
    pub(super) name: &'a PersonName,
    /// A bit for each word that takes part.
    words: u8,
    /// A bit for each that nothing stands for yet.
    open: u8,
}

/// Two words that stand for one another, by their places.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) a: u8,
    pub(super) b: u8,
    pub(super) likeness: Likeness,
}

pub(super) struct Alignment<'a> {
    pub(super) a: Side<'a>,
    pub(super) b: Side<'a>,
    /// Whether one name has in one word what the other has in several.
    pub(super) joined: bool,
    pairs: [Pair; MOST_TOKENS],
    length: usize,
}

impl<'a> Side<'a> {
    pub(super) fn of(name: &'a PersonName, scripts: u32) -> Self {
        let mut words = 0;
        for (at, token) in name.tokens.iter().enumerate() {
            if token.script.bit() & scripts != 0 {
                words |= 1 << at;
            }
        }
        Self { name, words, open: words }
    }

    /// Whether a word that contradicts where the other name lacks it stands alone.
    pub(super) fn is_left_over(&self) -> bool {
        bits(self.open).any(|at| !self.role(at).has(Role::SPARE))
    }

    pub(super) fn tells_given(&self) -> bool {
        bits(self.words).any(|at| self.role(at).has(Role::GIVEN))
    }

    pub(super) fn hard_words(&self) -> usize {
        bits(self.words).filter(|&at| !self.role(at).has(Role::SPARE)).count()
    }

    pub(super) fn text(&self, at: u8) -> &'a str {
        self.name.tokens[usize::from(at)].text(&self.name.folded)
    }

    pub(super) fn role(&self, at: u8) -> Role {
        self.name.tokens[usize::from(at)].role
    }

    pub(super) fn tags(&self, at: u8) -> Tags {
        self.name.tokens[usize::from(at)].tags
    }

    fn written(&self, at: u8) -> Written<'a> {
        Written {
            text: self.text(at),
            token: &self.name.tokens[usize::from(at)],
            name_is_marked: self.name.is_marked,
        }
    }

    /// The open words, two or more, that a word is made of, as bits.
    fn parts_of(&self, word: &str, used: u8) -> Option<u8> {
        if word.is_empty() {
            return (used.count_ones() > 1).then_some(used);
        }
        bits(self.open & !used).find_map(|at| {
            let part = self.text(at);
            let is_head = part.len() > 1 && part.as_bytes()[0] == word.as_bytes()[0];
            let rest = is_head.then(|| without_part(word, part))??;
            self.parts_of(rest, used | 1 << at)
        })
    }
}

/// The Arabic article takes on the sound that follows: Abdul Rahman is Abdurrahman.
fn without_part<'a>(word: &'a str, part: &str) -> Option<&'a str> {
    word.strip_prefix(part).or_else(|| {
        let rest = word.strip_prefix("abdu").filter(|_| part == "abdul")?;
        let doubled =
            rest.get(1..).filter(|other| other.starts_with(rest.chars().next().unwrap_or(' ')));
        Some(doubled.unwrap_or(rest))
    })
}

impl<'a> Alignment<'a> {
    pub(super) fn new(a: Side<'a>, b: Side<'a>) -> Self {
        let none = Pair { a: 0, b: 0, likeness: Likeness::Equal };
        Self { a, b, joined: false, pairs: [none; MOST_TOKENS], length: 0 }
    }

    pub(super) fn pairs(&self) -> &[Pair] {
        &self.pairs[..self.length]
    }

    pub(super) fn has_match(&self) -> bool {
        self.joined || self.length > 0
    }

    pub(super) fn is_complete(&self) -> bool {
        self.a.open == 0 && self.b.open == 0
    }

    /// Pairs what has the same letters.
    pub(super) fn match_equal(&mut self) {
        let mut is_marked_otherwise = false;
        for wanted in [Likeness::Equal, Likeness::Variant] {
            for a in bits(self.a.open) {
                let word = self.a.written(a);
                let twin = bits(self.b.open).filter(|&b| self.b.text(b) == word.text).find(|&b| {
                    let found = likeness(word, self.b.written(b));
                    is_marked_otherwise |= found != Some(wanted);
                    found == Some(wanted)
                });
                if let Some(b) = twin {
                    self.pair(Pair { a, b, likeness: wanted });
                }
            }
            if !is_marked_otherwise {
                return;
            }
        }
    }

    /// Nurhidayat is Nur Hidayat, and "budisantoso" Budi Santoso.
    pub(super) fn match_joined(&mut self) {
        if self.a.open.count_ones().max(self.b.open.count_ones()) < 2 {
            return;
        }
        for a in bits(self.a.open) {
            if let Some(parts) = self.b.parts_of(self.a.text(a), 0) {
                self.join(1 << a, parts);
            }
        }
        for b in bits(self.b.open) {
            if let Some(parts) = self.a.parts_of(self.b.text(b), 0) {
                self.join(parts, 1 << b);
            }
        }
    }

    /// Pairs the rest so that as little as possible is left over.
    pub(super) fn match_alike(&mut self) {
        let mut edges = [[None; MOST_TOKENS]; MOST_TOKENS];
        let (mut a_met, mut b_met, mut is_choice) = (0, 0, false);
        for a in bits(self.a.open) {
            for b in bits(self.b.open) {
                if let Some(likeness) = likeness(self.a.written(a), self.b.written(b)) {
                    edges[usize::from(a)][usize::from(b)] = Some(likeness);
                    is_choice |= a_met & 1 << a != 0 || b_met & 1 << b != 0;
                    a_met |= 1 << a;
                    b_met |= 1 << b;
                }
            }
        }
        if is_choice {
            return self.assign(&edges);
        }
        for a in bits(a_met) {
            for b in bits(b_met) {
                if let Some(likeness) = edges[usize::from(a)][usize::from(b)] {
                    self.pair(Pair { a, b, likeness });
                }
            }
        }
    }

    /// The assignment with the highest worth, by dynamic programming over the sets of `b`'s words.
    fn assign(&mut self, edges: &[[Option<Likeness>; MOST_TOKENS]; MOST_TOKENS]) {
        const SETS: usize = 1 << MOST_TOKENS;
        const NONE: u8 = u8::MAX;
        let sets = 0..=usize::from(self.b.open);
        let mut worth = [i32::MIN; SETS];
        let mut partner = [[NONE; SETS]; MOST_TOKENS];
        worth[0] = 0;
        for a in bits(self.a.open) {
            // From the fuller sets down, so that a word is not given away twice.
            for set in sets.clone().rev() {
                for b in bits(set as u8) {
                    let Some(likeness) = edges[usize::from(a)][usize::from(b)] else { continue };
                    let without = worth[set & !(1 << b)];
                    let with = without.saturating_add(self.worth(Pair { a, b, likeness }));
                    if without >= 0 && with > worth[set] {
                        worth[set] = with;
                        partner[usize::from(a)][set] = b;
                    }
                }
            }
        }
        let mut set = sets.max_by_key(|&set| worth[set]).unwrap_or(0);
        for a in (0..MOST_TOKENS as u8).rev() {
            let b = partner[usize::from(a)][set];
            if b != NONE
                && let Some(likeness) = edges[usize::from(a)][usize::from(b)]
            {
                set &= !(1 << b);
                self.pair(Pair { a, b, likeness });
            }
        }
    }

    fn worth(&self, pair: Pair) -> i32 {
        let (a, b) = (self.a.role(pair.a), self.b.role(pair.b));
        let settled = [a, b].iter().filter(|role| !role.has(Role::SPARE)).count() as i32;
        let calls = i32::from(a.has(Role::GIVEN) && b.has(Role::GIVEN));
        let strong = i32::from(pair.likeness <= Likeness::Variant && !a.or(b).has(Role::WEAK));
        settled * 10_000 + calls * 1_000 + strong * 100 + 10 - pair.likeness as i32
    }

    fn pair(&mut self, pair: Pair) {
        self.a.open &= !(1 << pair.a);
        self.b.open &= !(1 << pair.b);
        self.pairs[self.length] = pair;
        self.length += 1;
    }

    fn join(&mut self, a: u8, b: u8) {
        self.a.open &= !a;
        self.b.open &= !b;
        self.joined = true;
    }
}

/// The places whose bits are set, the lowest first.
fn bits(mut set: u8) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let at = set.trailing_zeros() as u8;
        set &= set.wrapping_sub(1);
        (at < 8).then_some(at)
    })
}
