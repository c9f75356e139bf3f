//! What is new in a reply.

/// The text of a reply up to what it quotes: `> …`, "On … wrote:", "-----Original Message-----", a
/// block of headers, in the ways of the usual programs and in English, Indonesian and Vietnamese. A
/// text that is all quotation is left whole, and so is one that answers between the lines.
///
/// ```
/// use kontak_channels::email::without_quote;
///
/// assert_eq!(without_quote("Ya.\n\nPada Sen, 2 Feb 2026 Layanan menulis:\n> Besok?\n"), "Ya.");
/// assert_eq!(without_quote("> Besok?\nYa.\n> Jam 9?\nTidak."), "> Besok?\nYa.\n> Jam 9?\nTidak.");
/// ```
#[must_use]
pub fn without_quote(text: &str) -> &str {
    let whole = text.trim();
    let lines: Vec<_> = line_starts(whole).collect();
    let quoted = |line: &str| line.starts_with('>');
    let cut = (0..lines.len()).find(|place| begins_quote(whole, &lines, *place));
    // A tail of quoted lines, with no word of its own behind it.
    let tail = lines.iter().rposition(|(_, line)| !quoted(line) && !line.is_empty());
    let tail = tail.map(|last| last + 1).filter(|first| *first < lines.len());
    let Some(cut) = cut.into_iter().chain(tail).min() else { return whole };
    let new = whole[..lines[cut].0].trim_end();
    if new.is_empty() { whole } else { new }
}

fn line_starts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split('\n').map(move |line| {
        let start = at;
        at += line.len() + 1;
        (start, line.trim())
    })
}

/// So many lines an introduction may be folded over.
const LONGEST_INTRODUCTION: usize = 4;

fn begins_quote(text: &str, lines: &[(usize, &str)], place: usize) -> bool {
    let line = lines[place].1;
    const RULES: [&str; 5] = [
        "-----original message-----",
        "-------- original message --------",
        "---------- forwarded message",
        "-----pesan asli-----",
        "________________________________",
    ];
    let lower = line.to_lowercase();
    if RULES.iter().any(|rule| lower.starts_with(rule)) {
        return true;
    }
    if header_block(lines, place) {
        return true;
    }
    const BEGINNINGS: [&str; 6] = ["on ", "pada ", "vào ", "le ", "am ", "el "];
    const ENDINGS: [&str; 7] =
        ["wrote:", "menulis:", "đã viết:", "viết:", "a écrit :", "schrieb:", "escribió:"];
    if !BEGINNINGS.iter().any(|beginning| lower.starts_with(beginning)) {
        return false;
    }
    // An introduction is one sentence, perhaps folded, and only quoted or no text stands behind it.
    let last = (place + LONGEST_INTRODUCTION).min(lines.len());
    let end = (place..last).find(|at| {
        let lower = lines[*at].1.to_lowercase();
        ENDINGS.iter().any(|ending| lower.ends_with(ending))
    });
    let Some(end) = end else { return false };
    let between = &lines[place..=end];
    let paragraph = between.iter().all(|(_, line)| !line.is_empty());
    let dated = text[lines[place].0..lines[end].0 + lines[end].1.len()]
        .bytes()
        .any(|byte| byte.is_ascii_digit());
    paragraph && dated
}

/// `From:` with at least two other headers below it, as Outlook writes above what it quotes.
fn header_block(lines: &[(usize, &str)], place: usize) -> bool {
    const FIRST: [&str; 4] = ["from:", "*from:*", "dari:", "từ:"];
    const OTHERS: [&str; 14] = [
        "sent:",
        "*sent:*",
        "date:",
        "*date:*",
        "to:",
        "*to:*",
        "subject:",
        "*subject:*",
        "cc:",
        "dikirim:",
        "kepada:",
        "perihal:",
        "đến:",
        "chủ đề:",
    ];
    let starts = |line: &str, names: &[&str]| {
        let lower = line.to_lowercase();
        names.iter().any(|name| lower.starts_with(name))
    };
    let others = lines.iter().skip(place + 1).take(5).filter(|(_, line)| starts(line, &OTHERS));
    starts(lines[place].1, &FIRST) && others.count() >= 2
}
