//! What the parts of kontak's pipeline take, each measured in a pass that does only that.

use crate::ours::{self, Merged, Names};
use crate::phones::{Kontak, ReadPhone as _};
use crate::table::{Column, EMAILS, PHONES, Row, Table};
use cpu_time::ProcessTime;
use kontak_address::EmailAddress;
use std::hint::black_box;
use std::time::Duration;

/// The least times so far.
#[derive(Default)]
pub(crate) struct Parts(Option<Times>);

#[derive(Clone, Copy)]
struct Times {
    reading: Duration,
    reading_and_dates: Duration,
    reading_and_phones: Duration,
    reading_and_emails: Duration,
    before_asserting: Duration,
    asserting: Duration,
}

impl Parts {
    pub(crate) fn measure(&mut self, table: Table) -> anyhow::Result<()> {
        let mut phones = Kontak::new();
        let start = ProcessTime::now();
        let Merged { graph, asserting } = ours::merge(table, Kontak::new(), Names::Without)?;
        let before_asserting = start.elapsed() - asserting;
        drop(graph);
        let now = Times {
            reading: pass(table, |_| Ok(()))?,
            reading_and_dates: pass(table, |row| {
                black_box(ours::circumstances(row)?);
                Ok(())
            })?,
            reading_and_phones: pass(table, |row| {
                let region = row.text(Column::Region);
                for column in PHONES {
                    if let Some(text) = row.value(column) {
                        black_box(phones.read(text, region));
                    }
                }
                Ok(())
            })?,
            reading_and_emails: pass(table, |row| {
                for column in EMAILS {
                    if let Some(text) = row.value(column) {
                        let _ = black_box(text.parse::<EmailAddress>());
                    }
                }
                Ok(())
            })?,
            before_asserting,
            asserting,
        };
        self.0 = Some(self.0.map_or(now, |least| least.min(now)));
        Ok(())
    }

    /// One line each, of so many rows.
    pub(crate) fn shown(&self, rows: usize) -> String {
        let Some(times) = self.0 else { return String::new() };
        let ns = |time: Duration| time.as_secs_f64() * 1e9 / rows as f64;
        let beyond_reading = |time: Duration| ns(time) - ns(times.reading);
        let (dates, phones, emails) = (
            beyond_reading(times.reading_and_dates),
            beyond_reading(times.reading_and_phones),
            beyond_reading(times.reading_and_emails),
        );
        let parsing = ns(times.reading) + dates + phones + emails;
        let lines = [
            ("reading CSV", ns(times.reading)),
            ("dates and verification", dates),
            ("phones", phones),
            ("e-mail addresses", emails),
            ("registering, by difference", ns(times.before_asserting) - parsing),
            ("asserting and settling", ns(times.asserting)),
        ];
        lines.map(|(name, ns)| format!("  {name:<30}{ns:>8.0}")).join("\n")
    }
}

impl Times {
    fn min(self, other: Self) -> Self {
        Self {
            reading: self.reading.min(other.reading),
            reading_and_dates: self.reading_and_dates.min(other.reading_and_dates),
            reading_and_phones: self.reading_and_phones.min(other.reading_and_phones),
            reading_and_emails: self.reading_and_emails.min(other.reading_and_emails),
            before_asserting: self.before_asserting.min(other.before_asserting),
            asserting: self.asserting.min(other.asserting),
        }
    }
}

fn pass(
    table: Table,
    visit: impl FnMut(Row<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<Duration> {
    let start = ProcessTime::now();
    table.each_row(visit)?;
    Ok(start.elapsed())
}
