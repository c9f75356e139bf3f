use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter;
use thiserror::Error;

/// The name of one mail, without its angle brackets.
///
/// Mailers write the same id in several ways. Comments, folding and the quotes of a quoted local part
/// are removed, so that equal ids are equal text; letter case counts, as RFC 5322 has it. An id needs
/// an `@` with something on both sides of it: `<@>` and `<>` are what broken mailers send, and would
/// join strangers.
///
/// `Debug` is masked: mailers put addresses where an id belongs.
///
/// ```
/// use kontak_conversation::email::MessageId;
///
/// let header = "<\"a.1\"@toko.example>\r\n <a.1 (sent by phone) @toko.example> junk <no-at>";
/// let ids: Vec<_> = MessageId::read_all(header).collect();
/// assert_eq!(ids.len(), 2);
/// assert_eq!(ids[0], ids[1]);
/// assert_eq!(ids[0].as_str(), "a.1@toko.example");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(Box<str>);

/// A text that is not a message id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "expected one message id such as <name@host>, with or without the brackets, in {found} bytes"
)]
#[non_exhaustive]
pub struct MessageIdError {
    /// The length of the text in bytes.
    pub found: usize,
}

impl MessageId {
    /// Reads a single id, with or without its angle brackets, as mail parsers hand it out.
    ///
    /// ```
    /// use kontak_conversation::email::MessageId;
    ///
    /// assert_eq!(MessageId::parse("a.1@toko.example")?, MessageId::parse("<a.1@toko.example>")?);
    /// assert!(MessageId::parse("a.1").is_err());
    /// # Ok::<(), kontak_conversation::email::MessageIdError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text is no id, or more than one.
    pub fn parse(text: &str) -> Result<Self, MessageIdError> {
        let inner = text.trim();
        let (inner, closing) = match inner.strip_prefix('<') {
            Some(inner) => (inner, Some('>')),
            None => (inner, None),
        };
        match read_one(inner, closing) {
            Some((id, rest)) if rest.trim().is_empty() => Ok(id),
            _ => Err(MessageIdError { found: text.len() }),
        }
    }

    /// The ids in the text of a `Message-ID`, `References` or `In-Reply-To` header, in its order.
    /// Whatever stands between them is passed over. Linear in the length of the text.
    pub fn read_all(header: &str) -> impl Iterator<Item = Self> + '_ {
        let mut rest = header;
        iter::from_fn(move || {
            loop {
                let inside = &rest[rest.find('<')? + 1..];
                if let Some((id, after)) = read_one(inside, Some('>')) {
                    rest = after;
                    return Some(id);
                }
                rest = inside;
            }
        })
    }

    /// The id, as `name@host`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageId(*** {} bytes)", self.0.len())
    }
}

/// Reads up to `closing`, or to the end of the text where there is none; returns what follows.
///
/// Any `<` ends the attempt, so that reading a hostile header stays linear, and of `<Budi <a@b>` the
/// inner one is read, as RFC 5322 has it. Dovecot, which we follow elsewhere, takes `Budi<a@b`, and
/// allows `<` in quotes, where no mailer writes it.
fn read_one(text: &str, closing: Option<char>) -> Option<(MessageId, &str)> {
    let mut id = String::new();
    let mut at = None;
    let mut quoted = false;
    let mut comments = 0_usize;
    let mut characters = text.chars();
    let is_closed = loop {
        let Some(c) = characters.next() else { break closing.is_none() };
        match c {
            '<' => return None,
            '\\' if quoted || comments > 0 => match characters.next()? {
                '<' => return None,
                escaped if quoted => id.push(escaped),
                _ => {}
            },
            '(' if !quoted => comments += 1,
            ')' if comments > 0 => comments -= 1,
            _ if comments > 0 => {}
            '"' => quoted = !quoted,
            '\r' | '\n' if quoted => {}
            _ if quoted => id.push(c),
            ' ' | '\t' | '\r' | '\n' => {}
            _ if Some(c) == closing => break true,
            _ => {
                if c == '@' && !id.is_empty() {
                    at.get_or_insert(id.len());
                }
                id.push(c);
            }
        }
    };
    let is_complete = is_closed && !quoted && comments == 0;
    let has_both_sides = at.is_some_and(|at| at + 1 < id.len());
    (is_complete && has_both_sides).then(|| (MessageId(id.into()), characters.as_str()))
}
