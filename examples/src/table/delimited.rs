use super::cells::{Cells, Reading};
use super::window::{LONGEST_ROW, Window};
use super::{BadRow, Outcome};
use memchr::{memchr, memchr2};
use std::io;

/// How the values of a CSV file are set apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// `\n`, which may follow a `\r`; or `\r` alone, as old Macs wrote it.
    terminator: u8,
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Enough to see how the rows of a file are built.
const SNIFFED_BYTES: usize = 1 << 16;
const SNIFFED_ROWS: usize = 50;

/// Reads CSV row by row.
///
/// Not the `csv` crate: that one takes a quotation mark that is never closed to the end of the
/// file and into memory, and names the wrong line after an empty one. It is the oracle of the tests.
#[derive(Debug)]
pub(super) struct Delimited {
    pub(super) dialect: Dialect,
    unquoted: Unquoted,
}

/// A row without the quotation marks it had. The delimiters stay in between: bytes of two cells
/// must not become one character.
#[derive(Debug, Default)]
struct Unquoted {
    raw: Vec<u8>,
    bounds: Vec<(u32, u32)>,
    /// Something stands between the mark that closes a value and the next delimiter.
    loose: bool,
}

impl Delimited {
    /// Guesses the dialect from the first rows, and passes a first line `sep=;` as Excel writes it.
    pub(super) fn new(window: &mut Window) -> io::Result<Self> {
        window.extend_to(SNIFFED_BYTES)?;
        let head = window.bytes();
        let old_mac = memchr(b'\n', head).is_none() && memchr(b'\r', head).is_some();
        let terminator = if old_mac { b'\r' } else { b'\n' };
        if let [b's', b'e', b'p', b'=', delimiter, b'\r' | b'\n', ..] = *head {
            window.advance(5);
            return Ok(Self::with(Dialect { delimiter, terminator }));
        }
        let ended = window.ended();
        let fit =
            |delimiter| Self::with(Dialect { delimiter, terminator }).fit(window.bytes(), ended);
        let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| fit(*delimiter));
        Ok(Self::with(Dialect { delimiter: best.unwrap_or(b','), terminator }))
    }

    fn with(dialect: Dialect) -> Self {
        Self { dialect, unquoted: Unquoted::default() }
    }

    /// How well the dialect fits: the share of rows as wide as the first, then how wide that is.
    fn fit(&mut self, mut head: &[u8], ended: bool) -> (usize, usize) {
        let (mut rows, mut even, mut width) = (0, 0, 0);
        while rows < SNIFFED_ROWS && !head.is_empty() {
            let Some(length) = self.unquote(head, ended) else { break };
            let blank = head[..length].iter().all(u8::is_ascii_whitespace);
            head = &head[length..];
            if !blank {
                let cells = self.unquoted.bounds.len();
                width = if rows == 0 { cells } else { width };
                even += usize::from(cells == width);
                rows += 1;
            }
        }
        if width < 2 { (0, 0) } else { (100 * even / rows, width) }
    }

    /// The next row; its line breaks are added to `line` as they are passed.
    ///
    /// `width` is how many cells the heading has. A row over several lines that does not fit it, or
    /// closes its quotation marks in odd places, was hardly meant as one: only its first line is
    /// given up, and reading goes on at the next.
    pub(super) fn next(
        &mut self,
        window: &mut Window,
        line: &mut u64,
        width: Option<usize>,
        cells: &mut Cells,
    ) -> io::Result<Outcome> {
        let Dialect { delimiter, terminator } = self.dialect;
        loop {
            let bytes = window.bytes();
            let full = window.ended() || bytes.len() >= LONGEST_ROW;
            let stop = memchr2(terminator, b'"', bytes);
            match stop.map(|stop| bytes[stop]) {
                None if bytes.is_empty() && window.ended() => return Ok(Outcome::End),
                None if !full => window.extend()?,
                None if !window.ended() => {
                    pass_line(window, terminator)?;
                    *line += 1;
                    return Ok(Outcome::Bad(BadRow::TooLong));
                }
                Some(b'"') => match self.unquote(bytes, window.ended()) {
                    None if !full => window.extend()?,
                    None => {
                        pass_line(window, terminator)?;
                        *line += 1;
                        return Ok(Outcome::Bad(BadRow::OpenQuote));
                    }
                    Some(length) => {
                        let row = &bytes[..length];
                        let first_line = memchr(terminator, row).map_or(length, |stop| stop + 1);
                        let reading = cells.take(&self.unquoted.raw, &self.unquoted.bounds);
                        let outcome = match self.unquoted.loose && first_line < length {
                            true => Outcome::Bad(BadRow::OpenQuote),
                            false => judge(row, reading, width, cells),
                        };
                        let length = if outcome.is_bad() { first_line } else { length };
                        let more = memchr::memchr_iter(terminator, &row[first_line..length]);
                        *line += 1 + more.count() as u64;
                        window.advance(length);
                        return Ok(outcome);
                    }
                },
                _ => {
                    let stop = stop.unwrap_or(bytes.len());
                    let row = without_return(&bytes[..stop], terminator);
                    let reading = cells.cut(row, delimiter);
                    let outcome = judge(row, reading, width, cells);
                    *line += 1;
                    window.advance(stop + 1);
                    return Ok(outcome);
                }
            }
        }
    }

    /// Takes the marks off the row that `bytes` begin with. Returns its length with its
    /// terminator, or `None` where it goes on past the bytes in view.
    fn unquote(&mut self, bytes: &[u8], ended: bool) -> Option<usize> {
        let Dialect { delimiter, terminator } = self.dialect;
        let Unquoted { raw, bounds, loose } = &mut self.unquoted;
        raw.clear();
        bounds.clear();
        *loose = false;
        let mut at = 0;
        loop {
            let start = raw.len() as u32;
            let quoted = bytes.get(at) == Some(&b'"');
            if quoted {
                at += 1;
                loop {
                    let mark = at + memchr(b'"', &bytes[at..])?;
                    raw.extend_from_slice(&bytes[at..mark]);
                    at = mark + 1;
                    match bytes.get(at) {
                        Some(b'"') => {
                            raw.push(b'"');
                            at += 1;
                        }
                        None if !ended => return None,
                        _ => break,
                    }
                }
            }
            let stop = match bytes.get(at) {
                Some(byte) if *byte == delimiter || *byte == terminator => at,
                _ => match memchr2(delimiter, terminator, &bytes[at..]) {
                    Some(stop) => at + stop,
                    None if ended => bytes.len(),
                    None => return None,
                },
            };
            let last = bytes.get(stop) != Some(&delimiter);
            let rest = &bytes[at..stop];
            *loose |= quoted && !rest.trim_ascii().is_empty();
            raw.extend_from_slice(if last { without_return(rest, terminator) } else { rest });
            bounds.push((start, raw.len() as u32));
            raw.push(delimiter);
            at = (stop + 1).min(bytes.len());
            if last {
                return Some(at);
            }
        }
    }
}

fn judge(row: &[u8], reading: Reading, width: Option<usize>, cells: &mut Cells) -> Outcome {
    if memchr(0, row).is_some() {
        return Outcome::Bad(BadRow::Nul);
    }
    if cells.is_blank() {
        return Outcome::Blank;
    }
    let width = width.unwrap_or(cells.len());
    if cells.len() < width {
        return Outcome::Bad(BadRow::TooFewCells);
    }
    if (width..cells.len()).any(|cell| !cells.get(cell).is_empty()) {
        return Outcome::Bad(BadRow::TooManyCells);
    }
    Outcome::Row(reading)
}

fn without_return(row: &[u8], terminator: u8) -> &[u8] {
    match row {
        [row @ .., b'\r'] if terminator == b'\n' => row,
        row => row,
    }
}

/// Passes everything up to and with the next line break, however far that is.
pub(super) fn pass_line(window: &mut Window, terminator: u8) -> io::Result<()> {
    loop {
        let bytes = window.bytes();
        if let Some(stop) = memchr(terminator, bytes) {
            window.advance(stop + 1);
            return Ok(());
        }
        window.advance(bytes.len());
        if window.ended() {
            return Ok(());
        }
        window.extend()?;
    }
}
