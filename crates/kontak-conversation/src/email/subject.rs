use std::fmt;
use unicode_normalization::UnicodeNormalization;

const RFC_MARKS: [&str; 3] = ["RE", "FWD", "FW"];

/// "Reply" and "forward" as mailers of our markets and their neighbours abbreviate them. RFC 5256
/// knows `Re` and `Fwd` only, so these count when topics are compared and never in threading.
const OTHER_MARKS: [&str; 14] = [
    "Bls",
    "Trs",
    "Balas",
    "Teruskan",
    "TL",
    "CT",
    "Trả lời",
    "Chuyển tiếp",
    "AW",
    "WG",
    "回复",
    "回覆",
    "答复",
    "转发",
];

/// A subject without what mailers put around it: RFC 5256, section 2.1.
///
/// Two mails are about the same subject when their [`key`](Self::key)s are equal. The key is compared,
/// never shown: letters are in upper case and decomposed (the collation of RFC 5051), so composed and
/// decomposed Vietnamese agree.
///
/// `Debug` is masked: a subject is what somebody wrote.
///
/// ```
/// use kontak_conversation::email::BaseSubject;
///
/// let reply = BaseSubject::new("Re: [Toko] Fwd: Retur  barang (fwd)");
/// assert_eq!(reply.key(), "RETUR BARANG");
/// assert!(reply.is_reply_or_forward());
/// assert_eq!(BaseSubject::new("[Toko]").key(), "[TOKO]");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseSubject {
    key: Box<str>,
    is_reply_or_forward: bool,
}

impl BaseSubject {
    /// Finds the base of a subject, given with RFC 2047 undone. Linear in its length.
    #[must_use]
    pub fn new(subject: &str) -> Self {
        let folded = folded(subject);
        let (base, is_reply_or_forward) = unwrapped(&folded, &RFC_MARKS);
        Self { key: base.into(), is_reply_or_forward }
    }

    /// What equal subjects have in common; empty where the subject says nothing.
    #[must_use]
    pub const fn key(&self) -> &str {
        &self.key
    }

    /// Whether the subject carried the mark of a reply or a forward.
    #[must_use]
    pub const fn is_reply_or_forward(&self) -> bool {
        self.is_reply_or_forward
    }
}

impl fmt::Debug for BaseSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BaseSubject")
            .field("key", &format_args!("*** {} bytes", self.key.len()))
            .field("is_reply_or_forward", &self.is_reply_or_forward)
            .finish()
    }
}

/// Whether a reply came under a subject that the conversation did not have: the customer answered an old
/// mail to ask about something else, and a split is worth suggesting.
///
/// An empty subject says nothing and starts nothing. Beside `Re` and `Fwd`, the Indonesian, Vietnamese,
/// Chinese and German marks of replies are passed over.
///
/// ```
/// use kontak_conversation::email::starts_new_topic;
///
/// assert!(!starts_new_topic("AC rusak", "Bls: AC rusak"));
/// assert!(!starts_new_topic("AC rusak", "Re:"));
/// assert!(starts_new_topic("AC rusak", "Tagihan bulan Maret"));
/// ```
#[must_use]
pub fn starts_new_topic(known: &str, reply: &str) -> bool {
    let other_marks = OTHER_MARKS.map(folded);
    let marks: Vec<&str> =
        RFC_MARKS.into_iter().chain(other_marks.iter().map(String::as_str)).collect();
    let (known, reply) = (folded(known), folded(reply));
    let (known, reply) = (unwrapped(&known, &marks).0, unwrapped(&reply, &marks).0);
    !known.is_empty() && !reply.is_empty() && known != reply
}

/// RFC 5256 step 1, compared as RFC 5051 does: simple upper case, then compatibility decomposition;
/// runs of white space become one space.
///
/// Here we do not follow Dovecot 2.3, which decomposes a letter only once and leaves marks in the order
/// they were typed: `ệ` comes as one character, as `e` and two marks, and from windows-1258 mailers as
/// `ê` and a dot below. All three are the same subject.
fn folded(subject: &str) -> String {
    let upper = subject.chars().map(|c| {
        let mut upper = c.to_uppercase();
        // RFC 5051 maps one character to one: ß stays.
        if upper.len() == 1 { upper.next().unwrap_or(c) } else { c }
    });
    let mut folded = String::with_capacity(subject.len());
    for c in upper.nfkd() {
        let c = if matches!(c, '\t' | '\r' | '\n') { ' ' } else { c };
        if c != ' ' || !folded.ends_with(' ') {
            folded.push(c);
        }
    }
    folded
}

/// Takes off trailers, leaders, blobs and `[Fwd: …]` until none is left; says whether one of them was
/// the mark of a reply or a forward.
fn unwrapped<'a>(folded: &'a str, marks: &[&str]) -> (&'a str, bool) {
    let mut base = folded;
    let mut marked = false;
    loop {
        base = base.trim_end_matches(' ');
        while let Some(shorter) = base.strip_suffix("(FWD)") {
            base = shorter.trim_end_matches(' ');
            marked = true;
        }
        loop {
            base = base.strip_prefix(' ').unwrap_or(base);
            let after_blobs = past_blobs(base);
            if let Some(shorter) = past_mark(after_blobs, marks) {
                base = shorter;
                marked = true;
            } else if after_blobs == base {
                break;
            } else if after_blobs.is_empty() {
                // Blobs are all there is: RFC 5256 keeps the last.
                base = last_blob(base);
                break;
            } else {
                base = after_blobs;
            }
        }
        match base.strip_prefix("[FWD:").and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => base = inner,
            None => return (base, marked),
        }
        marked = true;
    }
}

/// After one `Re:` or `Re [blob]:`.
fn past_mark<'a>(text: &'a str, marks: &[&str]) -> Option<&'a str> {
    marks.iter().find_map(|mark| {
        let rest = text.strip_prefix(mark)?;
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        past_blob(rest).unwrap_or(rest).strip_prefix(':')
    })
}

fn past_blobs(mut text: &str) -> &str {
    while let Some(rest) = past_blob(text) {
        text = rest;
    }
    text
}

fn last_blob(mut blobs: &str) -> &str {
    while let Some(rest) = past_blob(blobs).filter(|rest| !rest.is_empty()) {
        blobs = rest;
    }
    blobs
}

/// Any `[…]` without brackets inside. RFC 5256 allows ASCII only between them; like Dovecot we take any
/// text, as `[Cửa hàng]` is as much a list name as `[Toko]`.
fn past_blob(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find(['[', ']'])?;
    let rest = inside[end..].strip_prefix(']')?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}
