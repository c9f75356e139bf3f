use crate::Place;
use std::collections::BTreeMap;
use std::fmt;

/// How many complaints of a kind are kept with their place.
const SHOWN: usize = 10;

/// Reasons that are counted apart; the rest are counted together, so that memory stays bounded.
const REASONS: usize = 100;

/// What could not be used of a table: counted by reason, the first ten of each kind with their
/// line. A reason says what is wrong and never repeats the value: it is somebody's.
///
/// ```
/// use kontak_examples::{Complaints, Place};
///
/// let mut complaints = Complaints::default();
/// complaints.row(&Place { input: None, line: 7 }, "fewer cells than the heading has");
/// complaints.cell(&Place { input: None, line: 9 }, "phone", "too short");
/// assert_eq!(
///     complaints.to_string(),
///     "1 row left out:\n       1  fewer cells than the heading has\n    \
///      line 7: fewer cells than the heading has\n\
///      1 value not used:\n       1  phone: too short\n    line 9: phone: too short\n",
/// );
/// ```
#[derive(Clone, Debug, Default)]
pub struct Complaints {
    rows: Kind,
    cells: Kind,
}

#[derive(Clone, Debug, Default)]
struct Kind {
    count: u64,
    reasons: BTreeMap<String, u64>,
    first: Vec<(Place, String)>,
}

impl Complaints {
    /// A whole row was left out.
    pub fn row(&mut self, place: &Place, reason: &str) {
        self.rows.add(place, reason);
    }

    /// A value was not used; the rest of its row was. `what` is what the value should have been.
    pub fn cell(&mut self, place: &Place, what: &str, reason: &str) {
        self.cells.add(place, &format!("{what}: {reason}"));
    }

    /// How many rows were left out.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.count
    }

    /// How many values were not used.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.cells.count
    }

    /// Every reason with how often it occurred, most frequent first: rows, then values.
    pub fn reasons(&self) -> impl Iterator<Item = (&str, u64)> {
        [&self.rows, &self.cells].into_iter().flat_map(Kind::by_count)
    }
}

impl Kind {
    fn add(&mut self, place: &Place, reason: &str) {
        self.count += 1;
        let known = self.reasons.contains_key(reason);
        let counted = if known || self.reasons.len() < REASONS { reason } else { "other reasons" };
        match self.reasons.get_mut(counted) {
            Some(count) => *count += 1,
            None => {
                self.reasons.insert(counted.into(), 1);
            }
        }
        if self.first.len() < SHOWN {
            self.first.push((place.clone(), reason.into()));
        }
    }

    fn by_count(&self) -> Vec<(&str, u64)> {
        let mut reasons: Vec<(&str, u64)> =
            self.reasons.iter().map(|(reason, count)| (reason.as_str(), *count)).collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        reasons
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, one: &str, many: &str) -> fmt::Result {
        if self.count == 0 {
            return Ok(());
        }
        writeln!(f, "{} {}:", self.count, if self.count == 1 { one } else { many })?;
        for (reason, count) in self.by_count() {
            writeln!(f, "{count:8}  {reason}")?;
        }
        for (place, reason) in &self.first {
            writeln!(f, "    {place}: {reason}")?;
        }
        let more = self.count - self.first.len() as u64;
        if more > 0 {
            writeln!(f, "    and {more} more")?;
        }
        Ok(())
    }
}

impl fmt::Display for Complaints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.write(f, "row left out", "rows left out")?;
        self.cells.write(f, "value not used", "values not used")
    }
}
