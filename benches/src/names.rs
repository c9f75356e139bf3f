//! A person's name, and what a channel shows of it.

mod tables;

use crate::random::Draws;
use crate::{Market, Random};
use tables as t;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A name in the order in which its bearer writes it.
pub(crate) struct FullName {
    tokens: Vec<&'static str>,
    /// Index of the token that friends use.
    given: usize,
    titles: &'static [&'static str],
    family_first: bool,
}

impl FullName {
    /// The name of a person. Those of one household share what is handed down in its culture.
    pub(crate) fn of(market: Market, mut household: Random, mut person: Random) -> Self {
        let female = person.chance(0.5);
        match market {
            Market::Id => indonesian(female, &mut household, &mut person),
            Market::Vn => vietnamese(female, &mut household, &mut person),
            Market::Us => western(
                person.pick(if female { t::EN_FEMALE } else { t::EN_MALE }),
                (!person.chance(0.8)).then(|| person.pick(t::EN_MALE)),
                household.pick(t::EN_LAST),
                if female { t::EN_FEMALE_TITLES } else { t::EN_MALE_TITLES },
            ),
            Market::In => western(
                person.pick(if female { t::INDIAN_FEMALE } else { t::INDIAN_MALE }),
                None,
                household.pick(t::INDIAN_LAST),
                if female { t::EN_FEMALE_TITLES } else { t::EN_MALE_TITLES },
            ),
            Market::Br => western(
                person.pick(if female { t::BR_FEMALE } else { t::BR_MALE }),
                person.chance(0.6).then(|| person.pick(t::BR_LAST)),
                household.pick(t::BR_LAST),
                if female { t::BR_FEMALE_TITLES } else { t::BR_MALE_TITLES },
            ),
            Market::Sg => straits(70, female, &mut household, &mut person),
            Market::My => straits(35, female, &mut household, &mut person),
        }
    }

    /// Lower-case letters of the given and of another name, for a mail address or a handle.
    pub(crate) fn ascii_parts(&self) -> (String, String) {
        let other = if self.family_first { 0 } else { self.tokens.len() - 1 };
        (letters(self.tokens[self.given]), letters(self.tokens[other]))
    }

    /// The name as some channel or agent has it.
    pub(crate) fn shown(&self, random: &mut Random) -> String {
        let form = random.weighted(&FORMS);
        let mut name = self.form(form, random);
        if random.chance(0.015) {
            name = mistyped(&name, random);
        }
        if random.chance(0.4) {
            name = without_marks(&name);
        }
        match random.below(12) {
            0 => name = name.to_uppercase(),
            1 => name = name.to_lowercase(),
            _ => {}
        }
        if random.chance(0.04) {
            name.push(' ');
            name.push_str(random.pick(t::EMOJI));
        }
        name
    }

    fn form(&self, form: Form, random: &mut Random) -> String {
        let (tokens, given) = (&self.tokens, self.tokens[self.given]);
        let family = if self.family_first { tokens[0] } else { tokens[tokens.len() - 1] };
        match form {
            Form::Full => tokens.join(" "),
            Form::Given => self.given_name(),
            Form::EndsOnly if self.family_first => format!("{family} {given}"),
            Form::EndsOnly if tokens.len() > 2 => format!("{given} {family}"),
            Form::GivenAndInitial if tokens.len() > 1 => format!("{given} {}.", initial(family)),
            Form::InitialAndFamily if tokens.len() > 1 => match self.family_first {
                true => format!("{}. {given}", initial(family)),
                false => format!("{}. {family}", initial(given)),
            },
            Form::Reversed if tokens.len() > 1 => {
                let (head, tail) = if self.family_first {
                    tokens.split_at(1)
                } else {
                    tokens.split_at(tokens.len() - 1)
                };
                let comma = if random.chance(0.3) && !self.family_first { "," } else { "" };
                format!("{}{comma} {}", tail.join(" "), head.join(" "))
            }
            Form::Titled => match random.chance(0.6) {
                true => format!("{} {}", random.pick(self.titles), self.given_name()),
                false => format!("{} {}", random.pick(self.titles), tokens.join(" ")),
            },
            Form::Nickname => match t::NICKNAMES.iter().find(|(name, _)| *name == given) {
                Some((_, known)) => tokens.join(" ").replacen(given, random.pick(known), 1),
                None => self.given_name(),
            },
            Form::Tagged => format!("{} {}", self.given_name(), random.pick(t::TAGS)),
            Form::Handle => {
                let (given, other) = self.ascii_parts();
                let separator = random.pick(&["", "_", ".", ""]);
                format!("{given}{separator}{other}{}", random.below(100))
            }
            Form::Alias => random.pick(t::ALIASES).to_owned(),
            Form::EndsOnly | Form::GivenAndInitial | Form::InitialAndFamily | Form::Reversed => {
                tokens.join(" ")
            }
        }
    }

    /// Vietnamese and Chinese given names often have two syllables.
    fn given_name(&self) -> String {
        if self.family_first && self.tokens.len() == 3 && self.given == 1 {
            self.tokens[1..].join(" ")
        } else {
            self.tokens[self.given].to_owned()
        }
    }
}

#[derive(Clone, Copy)]
enum Form {
    Full,
    Given,
    /// Without what stands in the middle.
    EndsOnly,
    GivenAndInitial,
    InitialAndFamily,
    Reversed,
    Titled,
    Nickname,
    Tagged,
    Handle,
    Alias,
}

const FORMS: [(Form, u32); 11] = [
    (Form::Full, 540),
    (Form::Given, 130),
    (Form::EndsOnly, 70),
    (Form::GivenAndInitial, 50),
    (Form::InitialAndFamily, 20),
    (Form::Reversed, 40),
    (Form::Titled, 80),
    (Form::Nickname, 35),
    (Form::Tagged, 15),
    (Form::Handle, 13),
    (Form::Alias, 7),
];

fn indonesian(female: bool, household: &mut Random, person: &mut Random) -> FullName {
    let given = if female { t::ID_FEMALE } else { t::ID_MALE };
    let mut tokens = vec![person.pick(given)];
    let names = person.below(100);
    if names >= 75 {
        tokens.push(person.pick(given));
    }
    if names >= 18 {
        let handed_down = household.chance(0.5);
        let last = if handed_down { household.pick(t::ID_LAST) } else { person.pick(t::ID_LAST) };
        tokens.push(last);
    }
    tokens.dedup();
    let titles = if female { t::ID_FEMALE_TITLES } else { t::ID_MALE_TITLES };
    FullName { tokens, given: 0, titles, family_first: false }
}

fn vietnamese(female: bool, household: &mut Random, person: &mut Random) -> FullName {
    let family = household.weighted(t::VN_FAMILY);
    let (middle, given, titles) = if female {
        (t::VN_MIDDLE_FEMALE, t::VN_FEMALE, t::VN_FEMALE_TITLES)
    } else {
        (t::VN_MIDDLE_MALE, t::VN_MALE, t::VN_MALE_TITLES)
    };
    let mut tokens = vec![family, person.pick(middle), person.pick(given)];
    tokens.dedup();
    FullName { given: tokens.len() - 1, tokens, titles, family_first: true }
}

fn western(
    given: &'static str,
    middle: Option<&'static str>,
    family: &'static str,
    titles: &'static [&'static str],
) -> FullName {
    let mut tokens: Vec<_> = [Some(given), middle, Some(family)].into_iter().flatten().collect();
    tokens.dedup();
    FullName { tokens, given: 0, titles, family_first: false }
}

/// Singapore and Malaysia: Chinese, Malay and Indian names side by side.
fn straits(chinese: u32, female: bool, household: &mut Random, person: &mut Random) -> FullName {
    let titles = if female { t::EN_FEMALE_TITLES } else { t::EN_MALE_TITLES };
    let culture = household.below(100);
    if culture < chinese {
        let tokens = vec![
            household.pick(t::CHINESE_FAMILY),
            person.pick(t::CHINESE_FIRST),
            person.pick(t::CHINESE_SECOND),
        ];
        return FullName { tokens, given: 1, titles, family_first: true };
    }
    let (given, link, father) = if culture < 85 {
        let given = if female { t::MALAY_FEMALE } else { t::MALAY_MALE };
        (given, if female { "binti" } else { "bin" }, t::MALAY_MALE)
    } else {
        let given = if female { t::INDIAN_FEMALE } else { t::INDIAN_MALE };
        (given, if female { "a/p" } else { "a/l" }, t::INDIAN_MALE)
    };
    let tokens = vec![person.pick(given), link, household.pick(father)];
    FullName { tokens, given: 0, titles, family_first: false }
}

fn initial(token: &str) -> char {
    token.chars().next().unwrap_or('X')
}

/// One slip of the finger in the longest word.
fn mistyped(name: &str, random: &mut Random) -> String {
    let mut words: Vec<Vec<char>> = name.split(' ').map(|word| word.chars().collect()).collect();
    let Some(word) = words.iter_mut().max_by_key(|word| word.len()) else {
        return name.to_owned();
    };
    if word.len() >= 4 {
        let at = random.between(1, word.len() as u32 - 1) as usize;
        match random.below(3) {
            0 => word.swap(at, at + 1),
            1 => drop(word.remove(at)),
            _ => word.insert(at, word[at]),
        }
    }
    let words: Vec<String> = words.into_iter().map(|word| word.into_iter().collect()).collect();
    words.join(" ")
}

pub(crate) fn without_marks(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let plain = |c: char| match c {
        'đ' => 'd',
        'Đ' => 'D',
        other => other,
    };
    name.nfd().filter(|c| !is_combining_mark(*c)).map(plain).collect()
}

fn letters(token: &str) -> String {
    let plain = without_marks(token).to_lowercase();
    plain.chars().filter(char::is_ascii_alphabetic).collect()
}
