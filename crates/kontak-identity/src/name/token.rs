//! The parts of a name that are compared with one another.

use super::aside::Sex;
use super::letter::{Marks, Script};
use super::lexicon::{Entry, Tags};
use super::vietnamese;
use super::words::{Look, Word, Words};

/// One bit of a mask for each.
pub(super) const MOST_TOKENS: usize = 8;

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    start: u8,
    end: u8,
    pub(super) script: Script,
    pub(super) marks: Marks,
    pub(super) entry: Option<Entry>,
    pub(super) tags: Tags,
    pub(super) role: Role,
}

/// What a token is in its name, and how much it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Role(u16);

impl Role {
    /// Handed down in the family, or the father's own name.
    pub(super) const FAMILY: Self = Self(1);
    /// Calls the person.
    pub(super) const GIVEN: Self = Self(2);
    /// Neither calls the person nor tells the family.
    pub(super) const MIDDLE: Self = Self(4);
    /// Shared by so many that alone it tells nothing.
    pub(super) const WEAK: Self = Self(8);
    /// Contradicts nothing where the other name lacks it.
    pub(super) const SPARE: Self = Self(16);
    pub(super) const INITIAL: Self = Self(32);
    /// Could be a syllable of Vietnamese.
    pub(super) const SYLLABLE: Self = Self(64);
    pub(super) const MAYBE_TITLE: Self = Self(128);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether any of `roles` is set.
    pub(super) const fn has(self, roles: Self) -> bool {
        self.0 & roles.0 != 0
    }
}

impl Token {
    pub(super) fn text<'a>(&self, folded: &'a str) -> &'a str {
        folded.get(self.start.into()..self.end.into()).unwrap_or_default()
    }

    /// What tokens are sorted by.
    pub(super) fn key<'a>(&self, folded: &'a str) -> (&'a str, Marks) {
        (self.text(folded), self.marks)
    }

    pub(super) fn of_word(word: &Word, folded: &str) -> Self {
        let mut token = Self {
            start: word.start,
            end: word.end,
            script: word.script,
            marks: word.marks,
            entry: word.entry,
            tags: word.tags,
            role: Role::default(),
        };
        let text = token.text(folded);
        if token.script == Script::LATIN && text.len() == 1 {
            token.role = Role::INITIAL.or(Role::WEAK);
        } else if token.script == Script::LATIN && vietnamese::is_syllable(text) {
            token.role = Role::SYLLABLE;
        }
        if word.look.has(Look::MAYBE_TITLE) {
            token.role = token.role.or(Role::MAYBE_TITLE);
        }
        if word.tags.has(Tags::WIDESPREAD) {
            token.role = token.role.or(Role::WEAK);
        }
        token
    }
}

/// The tokens of a person's name with their roles, in the order of the name.
pub(super) fn of_person(words: &Words, sex: &mut Option<Sex>) -> Vec<Token> {
    let is_all_capitals = words.list.iter().all(|word| word.look.has(Look::CAPITALS));
    let mut tokens: Vec<Token> = Vec::with_capacity(words.list.len());
    for word in &words.list {
        // JC Juncker
        let is_initials =
            !is_all_capitals && word.look.has(Look::CAPITALS) && is_without_vowel(words.text(word));
        if is_initials {
            for at in word.start..word.end {
                let letter =
                    Word { start: at, end: at + 1, entry: None, tags: Tags::NONE, ..*word };
                tokens.push(Token::of_word(&letter, &words.folded));
            }
        } else {
            tokens.push(Token::of_word(word, &words.folded));
        }
    }
    tokens.truncate(MOST_TOKENS);
    if !vietnamese::assign_roles(&mut tokens, sex) {
        assign_fathers_name(&mut tokens);
        assign_particles(&mut tokens);
        if let Some(comma) = words.list.iter().position(|word| word.look.has(Look::AFTER_COMMA)) {
            assign_around_comma(&mut tokens, words.list[comma].start);
        }
    }
    let has_other = tokens
        .iter()
        .any(|token| !token.role.has(Role::MAYBE_TITLE.or(Role::FAMILY).or(Role::WEAK)));
    for token in tokens.iter_mut().filter(|token| has_other && token.role.has(Role::MAYBE_TITLE)) {
        token.role = token.role.or(Role::SPARE).or(Role::WEAK).without(Role::GIVEN);
    }
    tokens
}

fn is_without_vowel(text: &str) -> bool {
    matches!(text.len(), 2..=3)
        && text.bytes().all(|byte| byte.is_ascii_lowercase() && !b"aeiouy".contains(&byte))
}

/// Ali bin Hasan is called Ali, and his father Hasan.
fn assign_fathers_name(tokens: &mut [Token]) {
    let Some(first) = tokens.iter().position(|token| token.tags.has(Tags::CHILD_OF)) else {
        return;
    };
    for token in &mut tokens[..first] {
        token.role = token.role.or(Role::GIVEN);
    }
    let mut is_father = false;
    for token in tokens {
        let is_link = token.tags.has(Tags::CHILD_OF);
        if is_link {
            token.role = token.role.or(Role::SPARE).or(Role::WEAK);
        } else if is_father {
            token.role = token.role.or(Role::FAMILY);
        }
        is_father = is_link || is_father && token.tags.has(Tags::WIDESPREAD.or(Tags::PARTICLE));
    }
}

fn assign_particles(tokens: &mut [Token]) {
    let Some(last) = tokens.len().checked_sub(1) else { return };
    for (at, token) in tokens.iter_mut().enumerate() {
        if token.tags.has(Tags::PARTICLE) && at > 0 && at < last {
            token.role = token.role.or(Role::SPARE).or(Role::WEAK);
        }
    }
}

/// "Jones, Kaylee": but what comes after the comma of "Budi Santoso, Bandung" is no name.
fn assign_around_comma(tokens: &mut [Token], comma: u8) {
    let before =
        tokens.iter().filter(|token| token.start < comma && !token.role.has(Role::SPARE)).count();
    if before == 1 && tokens.iter().any(|token| token.start >= comma) {
        for token in tokens {
            token.role =
                token.role.or(if token.start < comma { Role::FAMILY } else { Role::GIVEN });
        }
    }
}
