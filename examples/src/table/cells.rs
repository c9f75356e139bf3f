use encoding_rs::WINDOWS_1252;
use memchr::{memchr, memchr3};

/// The cells of one row: one text, cut by position, both reused from row to row.
#[derive(Debug, Default)]
pub(super) struct Cells {
    text: String,
    bounds: Vec<(u32, u32)>,
}

/// How the bytes of a row were understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Utf8,
    Windows1252,
}

/// What people and programs write where there is nothing. Spelled as they spell it: `Nan` and
/// `Null` are names of people.
const NOTHING: &[&str] =
    &["-", "--", "\\N", "NULL", "null", "NaN", "nan", "None", "N/A", "n/a", "#N/A"];

const LONGEST_NOTHING: usize = 4;

impl Cells {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.bounds.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.bounds.len()
    }

    #[inline]
    pub(super) fn get(&self, cell: usize) -> &str {
        let Some(&(start, end)) = self.bounds.get(cell) else { return "" };
        let text = self.text.get(start as usize..end as usize).unwrap_or_default();
        match text.as_bytes() {
            [b'!'..=b'~', .., b'!'..=b'~'] if text.len() > LONGEST_NOTHING => text,
            [] => text,
            _ => something(text.trim()),
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        (0..self.len()).all(|cell| self.get(cell).is_empty())
    }

    pub(super) fn push(&mut self, cell: &str) {
        let start = self.text.len();
        self.text.push_str(cell);
        self.mark(start);
    }

    fn mark(&mut self, start: usize) {
        self.bounds.push((start as u32, self.text.len() as u32));
    }

    /// Cuts `line` at every `delimiter`.
    pub(super) fn cut(&mut self, line: &[u8], delimiter: u8) -> Reading {
        self.clear();
        let stops = memchr::memchr_iter(delimiter, line).chain([line.len()]);
        if let Ok(text) = str::from_utf8(line) {
            self.text.push_str(text);
            let mut start = 0;
            for stop in stops {
                self.bounds.push((start, stop as u32));
                start = stop as u32 + 1;
            }
            Reading::Utf8
        } else {
            let mut start = 0;
            for stop in stops {
                self.push(&WINDOWS_1252.decode_without_bom_handling(&line[start..stop]).0);
                start = stop + 1;
            }
            Reading::Windows1252
        }
    }

    /// Takes cells that were unquoted into `raw`.
    pub(super) fn take(&mut self, raw: &[u8], bounds: &[(u32, u32)]) -> Reading {
        self.clear();
        if let Ok(text) = str::from_utf8(raw) {
            self.text.push_str(text);
            self.bounds.extend_from_slice(bounds);
            Reading::Utf8
        } else {
            for &(start, end) in bounds {
                let cell = &raw[start as usize..end as usize];
                self.push(&WINDOWS_1252.decode_without_bom_handling(cell).0);
            }
            Reading::Windows1252
        }
    }
}

fn something(text: &str) -> &str {
    if text.len() <= LONGEST_NOTHING && NOTHING.contains(&text) { "" } else { text }
}

/// The values in one cell: people write several phones or addresses into one.
///
/// They are parted by `;`, `|`, a line break or a comma; the comma counts only where no quoted or
/// bracketed part may hold one (`"Jones, Jay" <jay@example.com>`).
///
/// ```
/// use kontak_examples::values;
///
/// let phones: Vec<&str> = values("0812 3456 7890; +62 813 3456 7890").collect();
/// assert_eq!(phones, ["0812 3456 7890", "+62 813 3456 7890"]);
/// assert_eq!(values("\"Jones, Jay\" <jay@example.com>").count(), 1);
/// ```
pub fn values(cell: &str) -> impl Iterator<Item = &str> {
    // Most cells hold one value, and are told so without looking at each character.
    let bytes = cell.as_bytes();
    let parted = memchr3(b';', b'|', b'\n', bytes).or_else(|| memchr(b',', bytes)).is_some();
    let (one, several) = if parted { ("", cell) } else { (cell, "") };
    let comma = !(parted && several.contains(['<', '"']));
    let parts = several.split(move |c| matches!(c, ';' | '|' | '\n') || (c == ',' && comma));
    [one].into_iter().chain(parts).map(str::trim).filter(|value| !value.is_empty())
}
