//! What our own mail server found out about a sender, as RFC 8601 writes it.

/// Whether the results say that DMARC passed for this domain, and that `authority` found it.
///
/// A sender writes much of what stands in there: the quoted local part of an envelope address, the
/// words in a comment. So comments are left out, and what is quoted is never looked into.
pub(super) fn dmarc_passed(results: &str, authority: &str, domain: &str) -> bool {
    let bare = without_comments(results).to_ascii_lowercase();
    let mut pieces = bare.split(';').map(str::split_whitespace);
    let found_by = pieces.next().and_then(|mut words| words.next());
    let expected = format!("header.from={domain}");
    found_by == Some(&authority.to_ascii_lowercase())
        && pieces.any(|mut words| {
            words.next() == Some("dmarc=pass") && words.any(|word| word == expected)
        })
}

/// Comments become a space, and what is quoted a single `"`.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for c in text.chars() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => {
                quoted = !quoted;
                out.push(c);
            }
            '(' if !quoted => {
                depth += 1;
                out.push(' ');
            }
            ')' if !quoted && depth > 0 => depth -= 1,
            _ if quoted || depth > 0 => {}
            _ => out.push(c),
        }
    }
    out
}
