//! The one reader that all pipelines share: that of the `merge` example.

use anyhow::ensure;
use kontak_examples::Complaints;

/// The first rows of a table that the generator wrote.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub(crate) csv: &'static [u8],
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
    cells: kontak_examples::Row<'a>,
}

impl<'a> Row<'a> {
    pub(crate) fn text(self, column: Column) -> &'a str {
        self.cells.cell(column as usize)
    }

    /// The text, if there is any.
    pub(crate) fn value(self, column: Column) -> Option<&'a str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }
}

impl Table {
    pub(crate) fn each_row(
        self,
        mut visit: impl FnMut(Row<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut reader = kontak_examples::Table::read("the generated table", self.csv)?;
        let mut complaints = Complaints::default();
        for number in 0..self.rows as u32 {
            let Some(cells) = reader.next_row(&mut complaints)? else { break };
            visit(Row { number, cells })?;
        }
        ensure!(complaints.rows() == 0, "the generator writes rows that can be read");
        Ok(())
    }
}
