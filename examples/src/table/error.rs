use std::io;

/// Why a table cannot be read.
///
/// ```
/// use kontak_examples::Table;
///
/// let error = Table::read("export.xlsx", &b"PK\x03\x04..."[..]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "export.xlsx is a ZIP archive or an Excel workbook, not a text table: \
///      export it as CSV or JSON lines",
/// );
/// ```
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The operating system does not give it out.
    #[error("cannot read {input}: {why}")]
    Unreadable {
        /// The input.
        input: String,
        /// What the operating system says. Said in the message, so not said again as its source.
        why: io::Error,
    },
    /// There is nothing in it, not even a heading.
    #[error("{input} is empty")]
    Empty {
        /// The input.
        input: String,
    },
    /// It is something else than a table.
    #[error("{input} is {what}, not a text table: export it as CSV or JSON lines")]
    NotText {
        /// The input.
        input: String,
        /// What it is.
        what: &'static str,
    },
    /// It is JSON, but not one object per line.
    #[error("{input} is {what}: write one JSON object per line (`jq -c`)")]
    NotJsonLines {
        /// The input.
        input: String,
        /// What it is.
        what: &'static str,
    },
    /// The heading has a bad row's trouble.
    #[error("{input} has no readable heading: {}", .why.reason())]
    BadHeading {
        /// The input.
        input: String,
        /// What is wrong with its first row.
        why: BadRow,
    },
    /// The first row looks like data. It is not quoted: it is somebody's.
    #[error(
        "{input} seems to have no heading: cell {cell} of its first row holds what looks like a \
         phone number or an e-mail address; add a first row with the names of the columns"
    )]
    NoHeading {
        /// The input.
        input: String,
        /// The cell, counted from 1.
        cell: usize,
    },
    /// The JSON objects have too many different fields.
    #[error("{input} has more than {most} different fields in its first rows: are its keys data?")]
    TooManyFields {
        /// The input.
        input: String,
        /// How many are read.
        most: usize,
    },
    /// Standard input can be read once.
    #[error("standard input (`-`) is named twice")]
    StandardInputTwice,
}

/// Why a row is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRow {
    /// Fewer cells than the heading has.
    TooFewCells,
    /// More cells than the heading has; empty ones at the end do not count.
    TooManyCells,
    /// A quotation mark is opened and not closed within the longest row.
    OpenQuote,
    /// Longer than 1 MiB.
    TooLong,
    /// A NUL byte.
    Nul,
    /// Not UTF-8, though the input began with a UTF-8 byte order mark.
    NotUtf8,
    /// Not one JSON object.
    NotAnObject,
    /// A JSON number with more digits than a number keeps.
    NumberTooLong,
    /// The heading once more, as where files were put together.
    HeadingAgain,
}

impl BadRow {
    /// In words.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::TooFewCells => "fewer cells than the heading has",
            Self::TooManyCells => "more cells than the heading has",
            Self::OpenQuote => "a quotation mark is never closed",
            Self::TooLong => "longer than 1 MiB",
            Self::Nul => "a NUL byte",
            Self::NotUtf8 => "not UTF-8, though the file is marked as UTF-8",
            Self::NotAnObject => "not one JSON object",
            Self::NumberTooLong => "a number too long to be kept exactly: write it as a string",
            Self::HeadingAgain => "the heading once more",
        }
    }
}
