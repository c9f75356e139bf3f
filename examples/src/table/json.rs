use super::cells::{Cells, Reading};
use super::delimited::pass_line;
use super::window::{LONGEST_ROW, Window};
use super::{BadRow, Outcome};
use encoding_rs::WINDOWS_1252;
use hashbrown::HashMap;
use memchr::memchr;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::io;

/// How far ahead the lines are looked at for the names of their fields.
const LEARNT_BYTES: usize = 1 << 16;

/// More different fields than this are data written as keys.
pub(super) const MOST_FIELDS: usize = 1_000;

/// Reads one JSON object per line. A field of a field is named `outer.inner`; the elements of an
/// array are values of one cell, parted by line breaks.
#[derive(Debug, Default)]
pub(super) struct JsonLines {
    pub(super) names: Vec<String>,
    places: HashMap<String, usize>,
    learning: bool,
    /// Fields that appeared only after [`LEARNT_BYTES`], and were not read.
    pub(super) late: BTreeSet<String>,
    values: Vec<String>,
    path: String,
    next: usize,
    trouble: Option<BadRow>,
}

impl JsonLines {
    /// Learns the fields' names from the first lines.
    pub(super) fn new(window: &mut Window) -> io::Result<Self> {
        let mut reader = Self { learning: true, ..Self::default() };
        window.extend_to(LEARNT_BYTES)?;
        while memchr(b'\n', window.bytes()).is_none()
            && !window.ended()
            && window.bytes().len() < LONGEST_ROW
        {
            window.extend()?;
        }
        for line in window.bytes().split(|byte| *byte == b'\n') {
            // A line that is no object is complained about when it is its turn.
            let _ = reader.parse(line);
        }
        reader.learning = false;
        Ok(reader)
    }

    pub(super) fn next(
        &mut self,
        window: &mut Window,
        line: &mut u64,
        cells: &mut Cells,
    ) -> io::Result<Outcome> {
        let stop = loop {
            let bytes = window.bytes();
            match memchr(b'\n', bytes) {
                Some(stop) => break stop,
                None if bytes.is_empty() && window.ended() => return Ok(Outcome::End),
                None if window.ended() => break bytes.len(),
                None if bytes.len() < LONGEST_ROW => window.extend()?,
                None => {
                    pass_line(window, b'\n')?;
                    *line += 1;
                    return Ok(Outcome::Bad(BadRow::TooLong));
                }
            }
        };
        let text = window.bytes()[..stop].trim_ascii();
        let outcome = if text.is_empty() {
            Outcome::Blank
        } else {
            match self.parse(text) {
                Err(bad) => Outcome::Bad(bad),
                Ok(reading) => {
                    cells.clear();
                    self.values.iter().for_each(|value| cells.push(value));
                    if cells.is_blank() { Outcome::Blank } else { Outcome::Row(reading) }
                }
            }
        };
        *line += 1;
        window.advance(stop + 1);
        Ok(outcome)
    }

    fn parse(&mut self, line: &[u8]) -> Result<Reading, BadRow> {
        self.values.iter_mut().for_each(String::clear);
        self.path.clear();
        self.next = 0;
        self.trouble = None;
        let (text, reading) = match str::from_utf8(line) {
            Ok(text) => (Cow::Borrowed(text), Reading::Utf8),
            Err(_) => (WINDOWS_1252.decode_without_bom_handling(line).0, Reading::Windows1252),
        };
        let mut deserializer = serde_json::Deserializer::from_str(&text);
        let parsed = Field(self).deserialize(&mut deserializer).and_then(|()| deserializer.end());
        match (parsed, self.trouble) {
            (Ok(()), None) => Ok(reading),
            (_, Some(trouble)) => Err(trouble),
            (Err(_), None) => Err(BadRow::NotAnObject),
        }
    }

    /// The cell of the field at `path`; fields mostly come in the same order on every line.
    fn place(&mut self) -> Option<usize> {
        let guess = self.names.get(self.next).is_some_and(|name| *name == self.path);
        let place = match guess {
            true => Some(self.next),
            false => self.places.get(&self.path).copied(),
        };
        if let Some(place) = place {
            self.next = place + 1;
            return Some(place);
        }
        if self.learning {
            self.places.insert(self.path.clone(), self.names.len());
            self.names.push(self.path.clone());
            self.values.push(String::new());
            return Some(self.names.len() - 1);
        }
        if self.late.len() < MOST_FIELDS {
            self.late.insert(self.path.clone());
        }
        None
    }

    /// The cell to write the value at `path` to, behind the values that it has already.
    fn open(&mut self) -> Option<&mut String> {
        if self.path.is_empty() {
            self.trouble = Some(BadRow::NotAnObject);
            return None;
        }
        let place = self.place()?;
        let cell = &mut self.values[place];
        if !cell.is_empty() {
            cell.push('\n');
        }
        Some(cell)
    }

    fn add_text(&mut self, value: &str) {
        let nul = memchr(0, value.as_bytes()).is_some();
        if let Some(cell) = self.open() {
            cell.push_str(value);
        }
        if nul {
            self.trouble = Some(BadRow::Nul);
        }
    }

    fn add(&mut self, value: impl fmt::Display) {
        if let Some(cell) = self.open() {
            // A `String` takes everything.
            let _ = write!(cell, "{value}");
        }
    }
}

/// What stands at the reader's path.
struct Field<'a>(&'a mut JsonLines);

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Field<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.0.add(value);
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.0.add(value);
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.0.add(value);
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        // Past 2^53 digits were lost, and two ids may have become one.
        if value.abs() >= 9_007_199_254_740_992.0 {
            self.0.trouble = Some(BadRow::NumberTooLong);
        }
        self.0.add(value);
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.0.add_text(value);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.add_text("");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        if self.0.path.is_empty() {
            self.0.trouble = Some(BadRow::NotAnObject);
        }
        while elements.next_element_seed(Field(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let outer = self.0.path.len();
        while fields.next_key_seed(Key(self.0))?.is_some() {
            fields.next_value_seed(Field(self.0))?;
            self.0.path.truncate(outer);
        }
        Ok(())
    }
}

/// The name of the next field, put behind the reader's path.
struct Key<'a>(&'a mut JsonLines);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
        if !self.0.path.is_empty() {
            self.0.path.push('.');
        }
        self.0.path.push_str(if name.is_empty() { "(unnamed)" } else { name });
        Ok(())
    }
}
