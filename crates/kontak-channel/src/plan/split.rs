use crate::length::Septets;
use crate::{LengthUnit, TextLimit};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Splits a text into pieces of at most `limit`, in one pass.
///
/// It is cut at line breaks and between words where that leaves pieces at least half full, else
/// between words as UAX #29 has them, which for Thai and Chinese is between characters. An address
/// on the web and a character as people see it are only cut where they alone are longer than the
/// limit. White space at a cut is left out; nothing else is.
///
/// ```
/// use kontak_channel::{LengthUnit, TextLimit, split_text};
///
/// let limit = TextLimit::new(30, LengthUnit::Scalars);
/// let text = "Track it here: https://kurir.example/track/0042 or call us.";
/// assert_eq!(split_text(text, limit)[..2], ["Track it here:", "https://kurir.example/track/00"]);
/// assert_eq!(split_text(text, TextLimit::new(40, LengthUnit::Scalars)), [
///     "Track it here:",
///     "https://kurir.example/track/0042 or call",
///     "us.",
/// ]);
/// ```
#[must_use]
pub fn split_text(text: &str, limit: TextLimit) -> Vec<&str> {
    split(text, limit).pieces
}

pub(super) struct Split<'t> {
    pub(super) pieces: Vec<&'t str>,
    /// Whether an address on the web had to be cut.
    pub(super) cut_url: bool,
}

pub(super) fn split(text: &str, limit: TextLimit) -> Split<'_> {
    if limit.fits(text) {
        return Split { pieces: vec![text], cut_url: false };
    }
    let mut splitter = Splitter::new(text, limit);
    for atom in atoms(text) {
        splitter.take(atom);
    }
    splitter.finish()
}

/// What is not cut if it can be helped.
struct Atom {
    range: Range<usize>,
    is_url: bool,
}

/// Words as UAX #29 has them, each web address as one. Word boundaries inside a grapheme cluster do
/// not count, so that grapheme counts of atoms add up.
fn atoms(text: &str) -> impl Iterator<Item = Atom> {
    let mut words = text.split_word_bound_indices().map(|(at, word)| at + word.len()).peekable();
    let mut clusters = text.grapheme_indices(true).map(|(at, g)| at + g.len());
    let mut urls = Urls { text, from: 0 }.peekable();
    let mut start = 0;
    std::iter::from_fn(move || {
        loop {
            let end = clusters.next()?;
            while words.next_if(|boundary| *boundary < end).is_some() {}
            while urls.next_if(|url| url.end <= start).is_some() {}
            let in_url = urls.peek().is_some_and(|url| url.start < end && end < url.end);
            let before_url = urls.peek().is_some_and(|url| url.start == end);
            let url_done = urls.peek().is_some_and(|url| url.end == end);
            let at_word = words.peek() == Some(&end);
            if end == text.len() || url_done || before_url || (at_word && !in_url) {
                let is_url = urls.peek().is_some_and(|url| url.start <= start && start < url.end);
                let range = start..end;
                start = end;
                return Some(Atom { range, is_url });
            }
        }
    })
}

struct Urls<'t> {
    text: &'t str,
    from: usize,
}

impl Iterator for Urls<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        const BEGINNINGS: [&str; 3] = ["https://", "http://", "www."];
        let bytes = self.text.as_bytes();
        while self.from < bytes.len() {
            let start = self.from;
            let begins = |beginning: &str| {
                bytes[start..]
                    .get(..beginning.len())
                    .is_some_and(|found| found.eq_ignore_ascii_case(beginning.as_bytes()))
            };
            if matches!(bytes[start], b'h' | b'H' | b'w' | b'W')
                && BEGINNINGS.into_iter().any(begins)
            {
                let rest = &self.text[start..];
                let ends = |c: char| {
                    c.is_whitespace() || c.is_control() || "<>\"“”。，、！？）」』".contains(c)
                };
                let length = rest.find(ends).unwrap_or(rest.len());
                let trimmed =
                    rest[..length].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
                self.from = start + trimmed.len().max(1);
                return Some(start..self.from);
            }
            self.from += 1;
        }
        None
    }
}

#[derive(Clone, Copy)]
struct Meter {
    unit: LengthUnit,
    count: usize,
    septets: Septets,
}

impl Meter {
    fn new(limit: TextLimit) -> Self {
        Self { unit: limit.unit(), count: 0, septets: Septets::default() }
    }

    fn and(mut self, text: &str) -> Self {
        match self.unit {
            LengthUnit::Bytes => self.count += text.len(),
            LengthUnit::Scalars => self.count += text.chars().count(),
            LengthUnit::Utf16 => self.count += text.encode_utf16().count(),
            LengthUnit::Graphemes => self.count += text.graphemes(true).count(),
            LengthUnit::Gsm7Septets => {
                text.chars().for_each(|c| self.septets.add(c));
                self.count = self.septets.septets();
            }
        }
        self
    }
}

/// A place between two words where a piece may end.
#[derive(Clone, Copy)]
struct Gap {
    end: usize,
    next: usize,
    filled: usize,
}

struct Splitter<'t> {
    text: &'t str,
    limit: TextLimit,
    start: usize,
    meter: Meter,
    gap: Option<Gap>,
    line: Option<Gap>,
    out: Split<'t>,
}

impl<'t> Splitter<'t> {
    fn new(text: &'t str, limit: TextLimit) -> Self {
        let out = Split { pieces: Vec::new(), cut_url: false };
        Self { text, limit, start: 0, meter: Meter::new(limit), gap: None, line: None, out }
    }

    fn fits(&self, meter: Meter) -> bool {
        meter.count <= self.limit.max() as usize
    }

    fn take(&mut self, atom: Atom) {
        let text = &self.text[atom.range.clone()];
        if text.trim().is_empty() {
            return self.take_space(atom.range, text);
        }
        loop {
            let meter = self.meter.and(text);
            if self.fits(meter) {
                self.meter = meter;
                return;
            }
            if self.start == atom.range.start {
                self.out.cut_url |= atom.is_url;
                return self.cut_inside(atom.range);
            }
            let half = self.limit.max() as usize / 2;
            let full_enough = |gap: &Gap| gap.filled >= half;
            let gap = self.line.filter(full_enough).or_else(|| self.gap.filter(full_enough));
            if let Some(gap) = gap {
                self.cut_at(gap, atom.range.start);
            } else {
                let direct = self.gap.filter(|gap| gap.next == atom.range.start);
                let end = direct.map_or(atom.range.start, |gap| gap.end);
                self.emit(end, atom.range.start);
            }
        }
    }

    fn take_space(&mut self, range: Range<usize>, text: &str) {
        if self.start == range.start {
            self.start = range.end;
            return;
        }
        let gap = match self.gap {
            Some(gap) if gap.next == range.start => Gap { next: range.end, ..gap },
            _ => Gap { end: range.start, next: range.end, filled: self.meter.count },
        };
        let same_line_end = self.line.is_some_and(|line| line.end == gap.end);
        if same_line_end || text.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
            self.line = Some(gap);
        }
        self.gap = Some(gap);
        let meter = self.meter.and(text);
        if self.fits(meter) {
            self.meter = meter;
        } else {
            self.emit(gap.end, range.end);
        }
    }

    /// Ends the piece at a gap. What stands between it and the atom opens the next piece: less than
    /// half a piece, so that it is measured at most once more.
    fn cut_at(&mut self, gap: Gap, until: usize) {
        let later = self.gap.filter(|later| later.end > gap.end);
        self.emit(gap.end, gap.next);
        self.meter = self.meter.and(&self.text[gap.next..until]);
        self.gap = later.map(|later| Gap {
            filled: Meter::new(self.limit).and(&self.text[gap.next..later.end]).count,
            ..later
        });
    }

    fn cut_inside(&mut self, range: Range<usize>) {
        for (at, cluster) in self.text[range.clone()].grapheme_indices(true) {
            let at = range.start + at;
            let mut meter = self.meter.and(cluster);
            if !self.fits(meter) && self.start < at {
                self.emit(at, at);
                meter = self.meter.and(cluster);
            }
            if self.fits(meter) {
                self.meter = meter;
                continue;
            }
            for (offset, c) in cluster.char_indices() {
                let at = at + offset;
                let mut utf8 = [0; 4];
                let c = c.encode_utf8(&mut utf8);
                let meter = self.meter.and(c);
                if self.fits(meter) {
                    self.meter = meter;
                } else {
                    // Every limit holds a scalar value, so the piece is not empty here.
                    self.emit(at, at);
                    self.meter = self.meter.and(c);
                }
            }
        }
    }

    fn emit(&mut self, end: usize, next: usize) {
        if self.start < end {
            self.out.pieces.push(&self.text[self.start..end]);
        }
        self.start = next;
        self.meter = Meter::new(self.limit);
        (self.gap, self.line) = (None, None);
    }

    fn finish(mut self) -> Split<'t> {
        let last = self.text[self.start..].trim_end();
        if !last.is_empty() {
            self.out.pieces.push(last);
        }
        self.out
    }
}
