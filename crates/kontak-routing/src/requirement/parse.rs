use super::Requirement;
use crate::skill::is_name;
use crate::{Level, Skill};
use std::str::FromStr;

/// Where a text stops being a requirement, and what would be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequirementError {
    /// Something else is expected here.
    #[error("column {column}: {expected}")]
    Expected {
        /// The character, counted from 1.
        column: usize,
        /// What is expected there.
        expected: Box<str>,
    },
    /// Parentheses or `not` inside each other, deeper than anybody writes them.
    #[error("column {column}: more than {DEEPEST} parentheses inside each other")]
    TooDeep {
        /// The character, counted from 1.
        column: usize,
    },
}

const DEEPEST: usize = 32;

impl FromStr for Requirement {
    type Err = RequirementError;

    fn from_str(text: &str) -> Result<Self, RequirementError> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        let read = reader.any()?;
        reader.space();
        if reader.at < text.len() {
            return reader.expected("`and`, `or` or the end is expected");
        }
        Ok(read)
    }
}

impl TryFrom<String> for Requirement {
    type Error = RequirementError;

    fn try_from(text: String) -> Result<Self, RequirementError> {
        text.parse()
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn any(&mut self) -> Result<Requirement, RequirementError> {
        let mut parts = vec![self.all()?];
        while self.word_is("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Requirement::Any))
    }

    fn all(&mut self) -> Result<Requirement, RequirementError> {
        let mut parts = vec![self.factor()?];
        while self.word_is("and") {
            parts.push(self.factor()?);
        }
        Ok(one_or(parts, Requirement::All))
    }

    fn factor(&mut self) -> Result<Requirement, RequirementError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(RequirementError::TooDeep { column: self.column() });
        }
        let read = if self.word_is("not") {
            Ok(Requirement::Not(Box::new(self.factor()?)))
        } else if self.sign_is("(") {
            let inside = self.any()?;
            if !self.sign_is(")") {
                return self.expected("`)` is expected");
            }
            Ok(inside)
        } else {
            self.atom()
        };
        self.depth -= 1;
        read
    }

    fn atom(&mut self) -> Result<Requirement, RequirementError> {
        self.space();
        let start = self.at;
        let word = self.take(is_name);
        match word {
            "anyone" => Ok(Requirement::Anyone),
            "nobody" => Ok(Requirement::Nobody),
            "language" if self.sign_is(":") => {
                let tag = self.take(|c| c.is_ascii_alphanumeric() || c == '-');
                match tag.parse() {
                    Ok(language) => Ok(Requirement::Language(language)),
                    Err(_) => self.expected("a language tag such as `id` or `vi-VN` is expected"),
                }
            }
            "agent" if self.sign_is(":") => {
                let id = self.take(|c| c.is_ascii_alphanumeric() || c == '-');
                match id.parse() {
                    Ok(agent) => Ok(Requirement::Agent(agent)),
                    Err(_) => self.expected("the id of an agent, a UUID, is expected"),
                }
            }
            _ => match word.parse::<Skill>() {
                Ok(skill) => self.levels(skill),
                Err(_) => {
                    self.at = start;
                    self.expected(
                        "a skill, `language:…`, `agent:…`, `anyone`, `nobody`, `not` or `(` is expected",
                    )
                }
            },
        }
    }

    fn levels(&mut self, skill: Skill) -> Result<Requirement, RequirementError> {
        let (mut least, mut most) = (Level::LEAST, Level::MOST);
        if self.sign_is(">=") {
            least = self.level(">=")?;
        } else if self.sign_is("<=") {
            most = self.level("<=")?;
        } else if self.sign_is("=") {
            least = self.level("=")?;
            most = least;
        } else if self.word_is("in") {
            least = self.level("in")?;
            if !self.sign_is("..") {
                return self.expected("`..` and the highest level are expected");
            }
            most = self.level("..")?;
            if most < least {
                return self.expected("the highest level is below the lowest");
            }
        }
        Ok(Requirement::Skill { skill, least, most })
    }

    fn level(&mut self, after: &str) -> Result<Level, RequirementError> {
        self.space();
        let start = self.at;
        let digits = self.take(|c| c.is_ascii_digit());
        match digits.parse::<u8>().ok().and_then(|level| Level::new(level).ok()) {
            Some(level) => Ok(level),
            None => {
                self.at = start;
                self.expected(&format!("a level from 1 to 10 is expected after `{after}`"))
            }
        }
    }

    fn space(&mut self) {
        self.take(char::is_whitespace);
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn sign_is(&mut self, sign: &str) -> bool {
        let before = self.at;
        self.space();
        if self.text[self.at..].starts_with(sign) {
            self.at += sign.len();
            return true;
        }
        self.at = before;
        false
    }

    fn word_is(&mut self, word: &str) -> bool {
        let before = self.at;
        self.space();
        if self.take(is_name) == word {
            return true;
        }
        self.at = before;
        false
    }

    fn column(&self) -> usize {
        self.text[..self.at].chars().count() + 1
    }

    fn expected<T>(&self, what: &str) -> Result<T, RequirementError> {
        Err(RequirementError::Expected { column: self.column(), expected: what.into() })
    }
}

fn one_or(mut parts: Vec<Requirement>, list: fn(Vec<Requirement>) -> Requirement) -> Requirement {
    match parts.len() {
        1 => parts.remove(0),
        _ => list(parts),
    }
}
