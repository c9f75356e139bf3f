//! Reading a table: CSV with a heading, or one JSON object per line.
//!
//! One thread, one pass, bounded memory. Several inputs are one table: its columns are those of
//! all of them, joined by name.

mod cells;
mod delimited;
mod error;
mod input;
mod json;
mod source;
mod window;

use crate::Complaints;
use cells::{Cells, Reading};
use hashbrown::HashMap;
use input::Input;
use source::{Source, Taken};
use std::fmt;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

pub use cells::values;
pub use error::{BadRow, TableError};

/// A table to be read row by row.
///
/// What is read: comma, semicolon, tab or `|` between the values (guessed from the first rows, or
/// from a first line `sep=;`); quoted values with delimiters, quotes and line breaks in them; LF,
/// CRLF or CR; UTF-8, UTF-16, and Windows-1252 (so Latin-1) for rows that are not UTF-8. What is
/// something else is refused by its name: see [`TableError`].
///
/// A row that does not have as many cells as the heading is left out and complained about: its
/// values cannot be told to stand in the right columns. So is a row with one of the other
/// [troubles](BadRow). Empty rows are passed over.
///
/// ```
/// use kontak_examples::{Complaints, Table};
///
/// let csv = "id;telepon\n1;0812 3456 7890\n2;\"0813 1111 2222;0813 3333 4444\"\n3\n";
/// let mut table = Table::read("pelanggan.csv", csv.as_bytes())?;
/// assert_eq!(table.columns(), ["id", "telepon"]);
///
/// let mut complaints = Complaints::default();
/// let mut phones = 0;
/// while let Some(row) = table.next_row(&mut complaints)? {
///     phones += row.values(1).count();
/// }
/// assert_eq!(phones, 3);
/// assert_eq!(complaints.rows(), 1);
/// # Ok::<(), kontak_examples::TableError>(())
/// ```
pub struct Table {
    columns: Vec<String>,
    inputs: Vec<Input>,
    current: usize,
    cells: Cells,
    taken: Taken,
}

/// A row of a [`Table`]. `Debug` shows none of its values.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    cells: &'a Cells,
    places: &'a [Option<usize>],
    input: Option<&'a Rc<str>>,
    line: u64,
}

/// Where a row begins.
///
/// ```
/// # use kontak_examples::{Complaints, Table};
/// let mut table = Table::read("a.csv", "id,phone\n\n7,0812\n".as_bytes())?;
/// let row = table.next_row(&mut Complaints::default())?;
/// assert_eq!(row.map(|row| row.place().to_string()).as_deref(), Some("line 3"));
/// # Ok::<(), kontak_examples::TableError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The input, where there are several.
    pub input: Option<Rc<str>>,
    /// The line, counted from 1.
    pub line: u64,
}

impl Table {
    /// Opens all inputs and reads their headings; `-` is standard input.
    ///
    /// # Errors
    ///
    /// An input cannot be read, is empty, is no table, or has no heading.
    pub fn open<P: AsRef<Path>>(paths: &[P]) -> Result<Self, TableError> {
        let paths = || paths.iter().map(AsRef::as_ref);
        if paths().filter(|path| path.as_os_str() == "-").count() > 1 {
            return Err(TableError::StandardInputTwice);
        }
        let taken = Taken::default();
        let inputs: Result<Vec<Input>, TableError> =
            paths().map(|path| Input::new(Source::open(path, &taken)?)).collect();
        Ok(Self::of(inputs?, taken))
    }

    /// Reads one input that is open already; `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn read(name: &str, stream: impl Read + 'static) -> Result<Self, TableError> {
        let taken = Taken::default();
        let source = Source::new(name, Box::new(stream), None, &taken)?;
        Ok(Self::of(vec![Input::new(source)?], taken))
    }

    fn of(mut inputs: Vec<Input>, taken: Taken) -> Self {
        let mut columns = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for input in &inputs {
            for name in input.names() {
                known.entry(name.to_lowercase()).or_insert_with(|| {
                    columns.push(name.clone());
                    columns.len() - 1
                });
            }
        }
        for input in &mut inputs {
            let mut places = vec![None; columns.len()];
            for (place, name) in input.names().iter().enumerate() {
                if let Some(&column) = known.get(&name.to_lowercase()) {
                    places[column] = Some(place);
                }
            }
            input.places = places;
        }
        Self { columns, inputs, current: 0, cells: Cells::default(), taken }
    }

    /// The names of the columns of all inputs, in the order of their first appearance.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The next row that can be read; those before it that cannot go to `complaints`.
    ///
    /// # Errors
    ///
    /// The input cannot be read any further.
    pub fn next_row(&mut self, complaints: &mut Complaints) -> Result<Option<Row<'_>>, TableError> {
        let several = self.inputs.len() > 1;
        while let Some(input) = self.inputs.get_mut(self.current) {
            match input.next(&mut self.cells)? {
                Outcome::Row(_) => break,
                Outcome::Blank => {}
                Outcome::Bad(bad) => complaints.row(&input.place(several), bad.reason()),
                Outcome::End => {
                    input.close();
                    self.current += 1;
                }
            }
        }
        Ok(self.inputs.get(self.current).map(|input| Row {
            cells: &self.cells,
            places: &input.places,
            input: several.then_some(&input.source.name),
            line: input.begins,
        }))
    }

    /// The bytes of all inputs together, where they are known beforehand.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.inputs.iter().map(|input| input.source.length).sum()
    }

    /// The bytes read so far.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.taken.get()
    }

    /// What was decided about the inputs and a reader may want to know, one sentence each:
    /// delimiters, encodings, fields that came too late. Complete when the last row was read.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        self.inputs.iter().flat_map(Input::notes).collect()
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inputs: Vec<&str> = self.inputs.iter().map(|input| &*input.source.name).collect();
        f.debug_struct("Table").field("columns", &self.columns).field("inputs", &inputs).finish()
    }
}

impl<'a> Row<'a> {
    /// The value in a column (counted as in [`Table::columns`]), without white space around it.
    /// Empty where this input has no such column, and for what stands for nothing: `NULL`, `N/A`,
    /// `-` and the like.
    #[must_use]
    #[inline]
    pub fn cell(&self, column: usize) -> &'a str {
        match self.places.get(column) {
            Some(&Some(place)) => self.cells.get(place),
            _ => "",
        }
    }

    /// The [`values`] in a column, of which one cell may hold several.
    pub fn values(&self, column: usize) -> impl Iterator<Item = &'a str> + use<'a> {
        values(self.cell(column))
    }

    /// Where the row begins.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { input: self.input.map(Rc::clone), line: self.line }
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({}, {} cells)", self.place(), self.cells.len())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.input {
            Some(input) => write!(f, "{input}, line {}", self.line),
            None => write!(f, "line {}", self.line),
        }
    }
}

/// What came of trying to read a row.
#[derive(Debug)]
enum Outcome {
    Row(Reading),
    Blank,
    Bad(BadRow),
    End,
}

impl Outcome {
    fn is_bad(&self) -> bool {
        matches!(self, Self::Bad(_))
    }
}
