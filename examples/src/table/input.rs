use super::cells::{Cells, Reading};
use super::delimited::Delimited;
use super::json::{JsonLines, MOST_FIELDS};
use super::source::Source;
use super::{BadRow, Outcome, Place, TableError};
use hashbrown::HashMap;
use memchr::memchr;
use std::rc::Rc;

/// Enough to tell CSV from JSON, behind some empty lines.
const LOOKED_AT: usize = 1 << 12;

/// One input of a table, past its heading.
pub(super) struct Input {
    pub(super) source: Source,
    format: Format,
    /// The line on which the row that was read last begins.
    pub(super) begins: u64,
    /// How many line breaks were passed.
    breaks: u64,
    /// Where each column of the table stands in this input.
    pub(super) places: Vec<Option<usize>>,
    /// Rows that had to be read as Windows-1252, and where the first of them begins.
    foreign: Option<(u64, u64)>,
}

enum Format {
    Delimited { reader: Delimited, heading: Vec<String> },
    JsonLines(JsonLines),
}

impl Input {
    pub(super) fn new(mut source: Source) -> Result<Self, TableError> {
        source.look_ahead(LOOKED_AT)?;
        let format = match source.window.bytes().trim_ascii_start() {
            [] if source.window.ended() => return Err(TableError::Empty { input: source.name() }),
            [b'[', ..] => {
                let what = "one JSON array";
                return Err(TableError::NotJsonLines { input: source.name(), what });
            }
            [b'{', rest @ ..] if goes_on(rest) => {
                let what = "JSON with objects over several lines";
                return Err(TableError::NotJsonLines { input: source.name(), what });
            }
            [b'{', ..] => JsonLines::new(&mut source.window).map(Format::JsonLines),
            _ => Delimited::new(&mut source.window)
                .map(|reader| Format::Delimited { reader, heading: Vec::new() }),
        };
        let format = format.map_err(|error| source.unreadable(error))?;
        let mut input =
            Self { source, format, begins: 1, breaks: 0, places: Vec::new(), foreign: None };
        input.read_heading()?;
        Ok(input)
    }

    fn read_heading(&mut self) -> Result<(), TableError> {
        if let Format::Delimited { .. } = self.format {
            let first = self.first_row()?;
            if let Format::Delimited { heading, .. } = &mut self.format {
                *heading = first;
            }
        } else if self.names().len() > MOST_FIELDS {
            return Err(TableError::TooManyFields { input: self.source.name(), most: MOST_FIELDS });
        }
        match self.names().iter().position(|name| is_data(name)) {
            Some(cell) => Err(TableError::NoHeading { input: self.source.name(), cell: cell + 1 }),
            None => Ok(()),
        }
    }

    fn first_row(&mut self) -> Result<Vec<String>, TableError> {
        let mut cells = Cells::default();
        loop {
            match self.next(&mut cells)? {
                Outcome::Row(_) => return Ok(names(&cells)),
                Outcome::Blank => {}
                Outcome::Bad(why) => {
                    return Err(TableError::BadHeading { input: self.source.name(), why });
                }
                Outcome::End => return Err(TableError::Empty { input: self.source.name() }),
            }
        }
    }

    pub(super) fn names(&self) -> &[String] {
        match &self.format {
            Format::Delimited { heading, .. } => heading,
            Format::JsonLines(reader) => &reader.names,
        }
    }

    pub(super) fn next(&mut self, cells: &mut Cells) -> Result<Outcome, TableError> {
        self.begins = self.breaks + 1;
        let window = &mut self.source.window;
        let outcome = match &mut self.format {
            Format::Delimited { reader, heading } => {
                let width = (!heading.is_empty()).then_some(heading.len());
                reader.next(window, &mut self.breaks, width, cells)
            }
            Format::JsonLines(reader) => reader.next(window, &mut self.breaks, cells),
        };
        let outcome = outcome.map_err(|error| self.source.unreadable(error))?;
        if let Outcome::Row(Reading::Windows1252) = outcome {
            if self.source.marked {
                return Ok(Outcome::Bad(BadRow::NotUtf8));
            }
            let (rows, first) = self.foreign.unwrap_or((0, self.begins));
            self.foreign = Some((rows + 1, first));
        }
        match (&self.format, &outcome) {
            (Format::Delimited { heading, .. }, Outcome::Row(_)) if repeats(heading, cells) => {
                Ok(Outcome::Bad(BadRow::HeadingAgain))
            }
            _ => Ok(outcome),
        }
    }

    pub(super) fn place(&self, several: bool) -> Place {
        Place { input: several.then(|| Rc::clone(&self.source.name)), line: self.begins }
    }

    pub(super) fn close(&mut self) {
        self.source.window.close();
    }

    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        let name = &self.source.name;
        let decoded = self.source.decoded.map(|encoding| format!("{name} is {encoding}"));
        let (delimiter, late) = match &self.format {
            Format::Delimited { reader, .. } => (reader.dialect.delimiter, 0),
            Format::JsonLines(reader) => (b',', reader.late.len()),
        };
        let delimited = match delimiter {
            b',' => None,
            b'\t' => Some(format!("{name} has tabs between its values")),
            other => Some(format!("{name} has '{}' between its values", char::from(other))),
        };
        let foreign = self.foreign.map(|(rows, first)| {
            let rows = if rows == 1 { "1 row".into() } else { format!("{rows} rows") };
            format!("{name}: {rows} not in UTF-8, read as Windows-1252, the first in line {first}")
        });
        let late = (late > 0).then(|| {
            let fields = if late == 1 { "1 field".into() } else { format!("{late} fields") };
            format!("{name}: {fields} seen first far into the file and not read")
        });
        [decoded, delimited, foreign, late].into_iter().flatten()
    }
}

/// Whether the line behind an opening brace ends before its object does.
fn goes_on(rest: &[u8]) -> bool {
    let Some(stop) = memchr(b'\n', rest) else { return false };
    let line = rest[..stop].trim_ascii();
    line.is_empty() || line.ends_with(b",")
}

/// The names of the columns, each once and none empty.
fn names(cells: &Cells) -> Vec<String> {
    let width = (0..cells.len()).rev().find(|cell| !cells.get(*cell).is_empty());
    let mut times: HashMap<String, usize> = HashMap::new();
    (0..=width.unwrap_or(0))
        .map(|cell| {
            let words: Vec<&str> = cells.get(cell).split_whitespace().collect();
            let name = match words.is_empty() {
                true => format!("column {}", cell + 1),
                false => words.join(" "),
            };
            let times = times.entry(name.to_lowercase()).or_default();
            *times += 1;
            if *times == 1 { name } else { format!("{name} ({times})") }
        })
        .collect()
}

fn is_data(name: &str) -> bool {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let letters = name.chars().any(char::is_alphabetic);
    name.contains('@') || (digits >= 7 && !letters)
}

fn repeats(heading: &[String], cells: &Cells) -> bool {
    !heading.is_empty() && heading.iter().enumerate().all(|(cell, name)| cells.get(cell) == name)
}
