/// A blocked value, with `*` for any text: the pieces between the stars must stand in order, the
/// first at the start and the last at the end.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    first: Box<str>,
    middle: Vec<Box<str>>,
    last: Option<Box<str>>,
    /// The first and the last byte, where they are not free: where nearly every value differs.
    begins: Option<u8>,
    ends: Option<u8>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let mut pieces = text.split('*').map(Box::<str>::from);
        let first = pieces.next().unwrap_or_default();
        let mut middle: Vec<_> = pieces.collect();
        let last = middle.pop();
        let begins = first.bytes().next();
        let ends = last.as_ref().unwrap_or(&first).bytes().next_back();
        Self { first, middle, last, begins, ends }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let fits = |end: Option<u8>, byte: Option<&u8>| end.is_none() || end.as_ref() == byte;
        let bytes = text.as_bytes();
        if !fits(self.begins, bytes.first()) || !fits(self.ends, bytes.last()) {
            return false;
        }
        let Some(rest) = text.strip_prefix(&*self.first) else { return false };
        let Some(last) = &self.last else { return rest.is_empty() };
        let Some(mut rest) = rest.strip_suffix(&**last) else { return false };
        self.middle.iter().all(|piece| match rest.find(&**piece) {
            Some(at) => {
                rest = &rest[at + piece.len()..];
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn stars_stand_for_any_text_and_nothing_else_does() {
        let cases = [
            ("test@test.com", "test@test.com", true),
            ("test@test.com", "test@test.comm", false),
            ("test@*", "test@test.com", true),
            ("*@example.com", "budi@example.com", true),
            ("*@example.com", "budi@example.com.id", false),
            ("+*00000000", "+6200000000", true),
            ("+*00000000", "+620000000", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*ba", "aba", false),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(Pattern::new(pattern).matches(text), expected, "{pattern} on {text}");
        }
    }
}
