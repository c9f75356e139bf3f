use super::addr_spec::{MAX_ADDRESS, MAX_LOCAL_PART};

const MAX_LABEL: usize = 63;

/// Where the `@` of an ordinary ASCII address is, and whether the address has capitals.
pub(super) struct Ordinary {
    pub(super) at: usize,
    pub(super) capitals: bool,
}

/// Recognises, in one pass, the addresses nearly everybody has. Everything else, right or wrong, is
/// [`exact_form`](super::addr_spec::exact_form)'s to judge: this never accepts what that refuses.
pub(super) fn ordinary(text: &[u8]) -> Option<Ordinary> {
    if text.len() > MAX_ADDRESS {
        return None;
    }
    let mut capitals = false;
    let mut after_dot = true;
    let mut at = 0;
    loop {
        match CLASS[usize::from(*text.get(at)?)] {
            Class::Small | Class::Hyphen | Class::Atom => after_dot = false,
            Class::Capital => (capitals, after_dot) = (true, false),
            Class::Dot if !after_dot => after_dot = true,
            Class::At if !after_dot && at <= MAX_LOCAL_PART => break,
            _ => return None,
        }
        at += 1;
    }

    let domain = &text[at + 1..];
    let mut label = 0;
    for (index, &byte) in domain.iter().enumerate() {
        match CLASS[usize::from(byte)] {
            Class::Small => {}
            Class::Capital => capitals = true,
            Class::Hyphen if index > label => {
                // `--` in third place is the mark of an A-label, which IDNA must look into.
                if index == label + 3 && domain[index - 1] == b'-' {
                    return None;
                }
            }
            Class::Dot if is_label(&domain[label..index]) => label = index + 1,
            _ => return None,
        }
    }
    let last = &domain[label..];
    let accepted = label > 0 && is_label(last) && !last.iter().all(u8::is_ascii_digit);
    accepted.then_some(Ordinary { at, capitals })
}

fn is_label(label: &[u8]) -> bool {
    label.last().is_some_and(|&last| last != b'-') && label.len() <= MAX_LABEL
}

/// Whether a local part may have this ASCII character without quotation marks, dots aside.
pub(super) fn is_ascii_atom(character: char) -> bool {
    u8::try_from(character).is_ok_and(|byte| {
        matches!(
            CLASS[usize::from(byte)],
            Class::Small | Class::Capital | Class::Hyphen | Class::Atom
        )
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    /// A letter in lower case, or a digit.
    Small,
    Capital,
    Hyphen,
    Dot,
    At,
    /// The punctuation that a local part may have and a host name may not.
    Atom,
}

static CLASS: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' => Class::Small,
            b'A'..=b'Z' => Class::Capital,
            b'-' => Class::Hyphen,
            b'.' => Class::Dot,
            b'@' => Class::At,
            b'!' | b'#'..=b'\'' | b'*' | b'+' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~' => {
                Class::Atom
            }
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::ordinary;
    use crate::email::addr_spec::exact_form;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4_000) })]

        /// What the quick way lets through, the careful way lets through with the same result.
        #[test]
        fn ordinary_is_never_laxer(spec in "[a-zA-Z0-9._+'\"-]{0,6}@[a-zA-Z0-9.-]{0,9}(xn--[a-z]{1,3})?(\\.[a-zA-Z0-9-]{1,4}){0,2}") {
            if let Some(found) = ordinary(spec.as_bytes()) {
                prop_assert_eq!(exact_form(&spec), Ok((spec.to_ascii_lowercase(), found.at)));
                prop_assert_eq!(found.capitals, spec.bytes().any(|byte| byte.is_ascii_uppercase()));
            } else if let Ok((_, at)) = exact_form(&spec) {
                let domain = &spec[at + 1..];
                prop_assert!(spec.contains('"') || domain.contains("--") || !domain.contains('.'), "{spec}");
            }
        }
    }

    #[test]
    fn ordinary_stops_at_the_lengths_that_the_careful_way_stops_at() {
        for (local, label) in [(64, 63), (65, 63), (64, 64), (1, 63)] {
            let spec = format!("{}@{}.com", "l".repeat(local), "d".repeat(label));
            assert_eq!(
                ordinary(spec.as_bytes()).is_some(),
                exact_form(&spec).is_ok(),
                "{local} {label}"
            );
        }
        for length in [188, 189, 190, 191] {
            let domain = format!("{0}.{0}.{1}.com", "d".repeat(60), "d".repeat(length - 126));
            let spec = format!("{}@{domain}", "l".repeat(64));
            assert_eq!(ordinary(spec.as_bytes()).is_some(), exact_form(&spec).is_ok(), "{length}");
        }
    }
}
