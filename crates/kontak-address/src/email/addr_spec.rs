use super::domain;
use super::error::EmailError;
use super::ordinary::is_ascii_atom;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

pub(super) const MAX_ADDRESS: usize = 254;
pub(super) const MAX_LOCAL_PART: usize = 64;

/// The exact form of an addr-spec of RFC 5321 and 6531, and where its `@` is.
///
/// Stricter than RFC 5322: no comments, no folding white space, no obsolete forms, no IP addresses.
pub(super) fn exact_form(spec: &str) -> Result<(String, usize), EmailError> {
    if spec.is_empty() {
        return Err(EmailError::Empty);
    }
    if !spec.contains('@') {
        return Err(EmailError::NoAt);
    }
    let (local, at) = if spec.starts_with('"') { quoted_string(spec)? } else { dot_atom(spec)? };
    if at > MAX_LOCAL_PART {
        return Err(EmailError::LocalPartTooLong { length: at });
    }
    let mut exact = exact_local_part(&local);
    let exact_at = exact.len();
    if exact_at > MAX_LOCAL_PART {
        return Err(EmailError::LocalPartTooLong { length: exact_at });
    }
    exact.push('@');
    exact.push_str(
        &domain::to_ascii(&spec[at + 1..]).map_err(|error| error.moved(|place| place + at + 1))?,
    );
    if exact.len() > MAX_ADDRESS {
        return Err(EmailError::AddressTooLong { length: exact.len() });
    }
    Ok((exact, exact_at))
}

fn dot_atom(spec: &str) -> Result<(Cow<'_, str>, usize), EmailError> {
    let mut after_dot = true;
    for (at, character) in spec.char_indices() {
        match character {
            '@' if at == 0 => return Err(EmailError::NoLocalPart { at }),
            '@' if after_dot => return Err(EmailError::MisplacedDot { at: at - 1 }),
            '@' => return Ok((Cow::Borrowed(&spec[..at]), at)),
            '.' if after_dot => return Err(EmailError::MisplacedDot { at }),
            '.' => after_dot = true,
            _ if is_atom_text(character) => after_dot = false,
            _ => return Err(EmailError::UnexpectedCharacter { at }),
        }
    }
    Err(EmailError::NoAt)
}

/// What is quoted, and where the `@` after it is.
fn quoted_string(spec: &str) -> Result<(Cow<'_, str>, usize), EmailError> {
    let mut content = String::new();
    let mut characters = spec.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                return match characters.next() {
                    Some((at, '@')) => Ok((Cow::Owned(content), at)),
                    Some((at, _)) => Err(EmailError::UnexpectedCharacter { at }),
                    None => Err(EmailError::NoAt),
                };
            }
            '\\' => match characters.next() {
                Some((_, escaped @ ' '..='~')) => content.push(escaped),
                Some((at, _)) => return Err(EmailError::UnexpectedCharacter { at }),
                None => break,
            },
            ' '..='~' => content.push(character),
            _ if is_international_text(character) => content.push(character),
            _ => return Err(EmailError::UnexpectedCharacter { at }),
        }
    }
    Err(EmailError::UnclosedQuote { at: 0 })
}

/// One spelling for all spellings of a local part, by the `UsernameCaseMapped` profile of RFC 8265:
/// lower case, then NFC. Quotation marks go where they are not needed (RFC 5321, 4.1.2).
fn exact_local_part(content: &str) -> String {
    let folded: String = if content.is_ascii() {
        content.to_ascii_lowercase()
    } else {
        content.chars().flat_map(char::to_lowercase).nfc().collect()
    };
    let plain = !folded.is_empty()
        && folded.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_text));
    if plain {
        return folded;
    }
    let mut quoted = String::with_capacity(folded.len() + 2);
    quoted.push('"');
    for character in folded.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

fn is_atom_text(character: char) -> bool {
    is_ascii_atom(character) || is_international_text(character)
}

/// RFC 6531 lets every character beyond ASCII into a local part. Those that cannot be seen are refused:
/// in an address they are an accident of copying, or a trick. The two joiners spell words in Persian
/// and Indic scripts.
fn is_international_text(character: char) -> bool {
    !character.is_ascii()
        && !character.is_control()
        && !character.is_whitespace()
        && (matches!(character, '\u{200c}' | '\u{200d}') || !is_invisible(character))
}

/// Characters without a shape of their own: joiners, direction marks, the byte order mark, tags.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}
