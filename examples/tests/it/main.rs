//! The examples' shared library, tried on the input that people have.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own input has failed")]

mod columns;
mod encodings;
mod json_lines;
mod messy_csv;
mod oracle;
mod report;
mod truth_set;

use kontak_examples::{Complaints, Table, TableError};
use std::io::{self, Read};

/// A table read to its end.
struct Whole {
    /// The rows, each with the line where it begins.
    rows: Vec<(u64, Vec<String>)>,
    complaints: Complaints,
    notes: Vec<String>,
}

fn whole(mut table: Table) -> Whole {
    let mut complaints = Complaints::default();
    let mut rows = Vec::new();
    let width = table.columns().len();
    while let Some(row) = table.next_row(&mut complaints).unwrap() {
        rows.push((row.place().line, (0..width).map(|column| row.cell(column).into()).collect()));
    }
    Whole { rows, complaints, notes: table.notes() }
}

fn read(input: impl AsRef<[u8]>) -> Whole {
    whole(Table::read("input", io::Cursor::new(input.as_ref().to_vec())).unwrap())
}

/// The rows, their cells parted by `|`.
fn cells(input: impl AsRef<[u8]>) -> Vec<String> {
    read(input).rows.into_iter().map(|(_, row)| row.join("|")).collect()
}

fn refused(input: impl AsRef<[u8]>) -> TableError {
    Table::read("input", io::Cursor::new(input.as_ref().to_vec())).unwrap_err()
}

/// A stream that gives a few bytes at a time, as a pipe may.
struct Trickle {
    bytes: io::Cursor<Vec<u8>>,
    most: usize,
}

impl Read for Trickle {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = self.most.min(into.len());
        self.bytes.read(&mut into[..most])
    }
}

fn trickle(bytes: &[u8], most: usize) -> Trickle {
    Trickle { bytes: io::Cursor::new(bytes.to_vec()), most }
}
