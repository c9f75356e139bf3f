//! From what people write to the one addr-spec in it: names, brackets, links, stray spaces.

use super::addr_spec::{exact_form, is_invisible};
use super::error::EmailError;
use super::ordinary::{Ordinary, ordinary};
use std::borrow::Cow;
use std::ops::Range;

const MAX_TEXT: usize = 1_024;

/// An address found in a text: as written, its exact form, and where the text has its domain.
pub(super) struct Found {
    pub(super) display: String,
    pub(super) exact: String,
    pub(super) exact_at: usize,
    pub(super) domain_start: usize,
}

/// Finds the address in a text that holds one.
pub(super) fn find(text: &str) -> Result<Found, EmailError> {
    if text.len() > MAX_TEXT {
        return Err(EmailError::TextTooLong { length: text.len() });
    }
    let narrow = narrow(text);
    moved(find_in_narrow(&narrow), |at| origin_of_narrow(text, at))
}

fn find_in_narrow(text: &str) -> Result<Found, EmailError> {
    let range = address_range(text)?;
    let written = &text[range.clone()];
    let Some(link) = strip_scheme(written) else {
        return moved(find_in_spec(written), |at| range.start + at);
    };
    let link_start = range.end - link.len();
    let path = link.split_once('?').map_or(link, |(path, _)| path);
    let decoded = percent_decoded(path).map_err(|error| error.moved(|at| link_start + at))?;
    let spec = trimmed(&decoded);
    moved(find_in_spec(&decoded[spec.clone()]), |at| {
        link_start + origin_of_decoded(path, spec.start + at)
    })
}

fn find_in_spec(spec: &str) -> Result<Found, EmailError> {
    let judged = match ordinary(spec.as_bytes()) {
        Some(Ordinary { at, .. }) => Ok((spec.to_ascii_lowercase(), at)),
        None => exact_form(spec),
    };
    match judged {
        Ok((exact, exact_at)) => {
            let domain_start = spec.rfind('@').map_or(0, |at| at + 1);
            Ok(Found { display: spec.to_owned(), exact, exact_at, domain_start })
        }
        Err(error) => {
            Err(second_address(spec).map_or(error, |at| EmailError::SecondAddress { at }))
        }
    }
}

fn moved(
    result: Result<Found, EmailError>,
    shift: impl Fn(usize) -> usize,
) -> Result<Found, EmailError> {
    match result {
        Ok(found) => Ok(Found { domain_start: shift(found.domain_start), ..found }),
        Err(error) => Err(error.moved(shift)),
    }
}

/// Where a second address begins in a list such as `a@b.co, c@d.co`.
fn second_address(spec: &str) -> Option<usize> {
    let first = spec.find('@')?;
    let second = first + 1 + spec[first + 1..].find('@')?;
    let between = &spec[first..second];
    let separator =
        between.rfind(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|'))?;
    Some(first + separator + between[separator..].chars().next().map_or(0, char::len_utf8))
}

/// The inside of the angle brackets, or the whole text where there are none.
fn address_range(text: &str) -> Result<Range<usize>, EmailError> {
    let outer = trimmed(text);
    let mut open = None;
    let mut seen_at = false;
    for (at, byte) in outside_quotes(&text[outer.clone()]) {
        let at = at + outer.start;
        match (byte, open) {
            (b'<', None) => open = Some(at),
            (b'<' | b'>', Some(_)) if at + 1 < outer.end => {
                return Err(EmailError::SecondAddress { at });
            }
            (b'>', Some(open)) => {
                let inner = trimmed(&text[open + 1..at]);
                return Ok(inner.start + open + 1..inner.end + open + 1);
            }
            (b'>', None) => return Err(EmailError::UnbalancedBracket { at }),
            (b'@', None) => seen_at = true,
            (b',' | b';', None) if seen_at => return Err(EmailError::SecondAddress { at: at + 1 }),
            _ => {}
        }
    }
    open.map_or(Ok(outer), |at| Err(EmailError::UnbalancedBracket { at }))
}

/// The bytes outside quotation marks. A mark that is never closed is a character like any other.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let bytes = text.as_bytes();
    let mut next = 0;
    let mut marks_close = true;
    std::iter::from_fn(move || {
        while marks_close && bytes.get(next) == Some(&b'"') {
            match closing_quote(bytes, next) {
                Some(close) => next = close + 1,
                None => marks_close = false,
            }
        }
        let byte = *bytes.get(next)?;
        next += 1;
        Some((next - 1, byte))
    })
}

fn closing_quote(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    while *bytes.get(at)? != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    Some(at)
}

fn trimmed(text: &str) -> Range<usize> {
    let stray =
        |c: char| c.is_whitespace() || c.is_control() || is_invisible(c) || matches!(c, ',' | ';');
    let end = text.trim_end_matches(stray).len();
    let start = end - text[..end].trim_start_matches(stray).len();
    start..end
}

fn strip_scheme(written: &str) -> Option<&str> {
    const SCHEME: &str = "mailto:";
    let head = written.get(..SCHEME.len())?;
    head.eq_ignore_ascii_case(SCHEME).then(|| &written[SCHEME.len()..])
}

fn percent_decoded(path: &str) -> Result<Cow<'_, str>, EmailError> {
    if !path.contains('%') {
        return Ok(Cow::Borrowed(path));
    }
    let mut decoded = Vec::with_capacity(path.len());
    let mut at = 0;
    while let Some(&byte) = path.as_bytes().get(at) {
        if byte == b'%' {
            let digits =
                path.get(at + 1..at + 3).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
            let code = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            decoded.push(code.ok_or(EmailError::BadPercentEncoding { at })?);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|error| EmailError::BadPercentEncoding {
        at: origin_of_decoded(path, error.utf8_error().valid_up_to()),
    })
}

fn origin_of_decoded(path: &str, decoded_at: usize) -> usize {
    let mut at = 0;
    for _ in 0..decoded_at {
        at += if path.as_bytes().get(at) == Some(&b'%') { 3 } else { 1 };
    }
    at.min(path.len())
}

/// Full-width letters, as an East Asian keyboard writes them, become the ASCII they stand for.
fn narrow(text: &str) -> Cow<'_, str> {
    if text.chars().any(|c| narrow_char(c) != c) {
        Cow::Owned(text.chars().map(narrow_char).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn narrow_char(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        other => other,
    }
}

fn origin_of_narrow(text: &str, narrow_at: usize) -> usize {
    let mut passed = 0;
    for (at, character) in text.char_indices() {
        if passed >= narrow_at {
            return at;
        }
        passed += narrow_char(character).len_utf8();
    }
    text.len()
}
