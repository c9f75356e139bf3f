//! The one reader that all pipelines share.

use anyhow::Context as _;
use csv::StringRecord;

/// The first rows of a table that the generator wrote.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    pub(crate) csv: &'a [u8],
    pub(crate) rows: usize,
}

/// The columns that are read, by their place.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    Id,
    Channel,
    Scope,
    Account,
    Name,
    Phone,
    SecondPhone,
    Email,
    SecondEmail,
    SeenAt,
    Verified,
    Region,
}

pub(crate) const PHONES: [Column; 2] = [Column::Phone, Column::SecondPhone];
pub(crate) const EMAILS: [Column; 2] = [Column::Email, Column::SecondEmail];

#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) number: u32,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    pub(crate) fn text(self, column: Column) -> anyhow::Result<&'a str> {
        self.record.get(column as usize).context("a column is missing")
    }

    /// The text, if there is any.
    pub(crate) fn value(self, column: Column) -> anyhow::Result<Option<&'a str>> {
        self.text(column).map(|text| (!text.is_empty()).then_some(text))
    }
}

impl Table<'_> {
    pub(crate) fn each_row(
        self,
        mut visit: impl FnMut(Row<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut reader = csv::Reader::from_reader(self.csv);
        let mut record = StringRecord::new();
        for number in 0..self.rows as u32 {
            if !reader.read_record(&mut record)? {
                break;
            }
            visit(Row { number, record: &record })?;
        }
        Ok(())
    }
}
