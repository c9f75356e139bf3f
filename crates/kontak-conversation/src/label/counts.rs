use super::{Label, Terms};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hasher;
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;

/// In how many texts each word was used, for each label and day.
///
/// ```
/// use kontak_conversation::label::{Label, TermCounts, TermReader};
///
/// let reader = TermReader::starter();
/// let english = "en".parse()?;
/// let (stock, day) = (Label::topic("stock")?, "2026-03-01".parse()?);
///
/// let mut counts = TermCounts::default();
/// for text in ["Is the black kettle in stock?", "kettle sold out??", "any kettle left"] {
///     counts.add(&stock, day, &reader.read(text, Some(&english)));
/// }
/// assert_eq!(counts.cell(&stock, day).unwrap().frequent(2), [("kettle", 3)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Bound and error
/// A cell keeps at most `limit` different words (16,384 by default, about 1.5 MiB). Up to there every
/// count is exact. Beyond, it keeps the `limit` words of lowest rank, a fixed hash of the word, and
/// adds the rest to [`TermCell::others`]: the counts that are kept stay exact, and a word that is not
/// kept was used in at most `others` texts. So which words are kept depends on the set of words
/// alone: additions, subtractions and merges commute, in any order, which no count of the most
/// frequent words in bounded memory does. The price is that a flood of invented words drives out
/// frequent words as likely as rare ones; [`TermCell::is_exact`] tells.
///
/// The number of cells is the caller's: [`take_before`](Self::take_before) hands out old days.
///
/// Subtract what the same [`TermReader`](super::TermReader) read. After its lists were changed, count
/// again instead.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
pub struct TermCounts {
    limit: NonZeroUsize,
    cells: BTreeMap<(Label, NaiveDate), TermCell>,
}

impl Default for TermCounts {
    fn default() -> Self {
        Self::new(TermCell::DEFAULT_LIMIT)
    }
}

impl TermCounts {
    /// Counts that keep at most so many different words per label and day.
    #[must_use]
    pub const fn new(limit: NonZeroUsize) -> Self {
        Self { limit, cells: BTreeMap::new() }
    }

    /// Counts a text.
    pub fn add(&mut self, label: &Label, day: NaiveDate, terms: &Terms) {
        self.cell_mut(label, day).count_text(terms, 1);
    }

    /// Takes a text out again: the label was replaced, or the text erased.
    pub fn subtract(&mut self, label: &Label, day: NaiveDate, terms: &Terms) {
        self.cell_mut(label, day).count_text(terms, -1);
    }

    /// Adds other counts. The smaller limit of the two holds.
    pub fn merge(&mut self, other: &Self) {
        self.combine(other, 1);
    }

    /// Takes other counts out again. The smaller limit of the two holds.
    pub fn unmerge(&mut self, other: &Self) {
        self.combine(other, -1);
    }

    fn combine(&mut self, other: &Self, sign: i64) {
        if other.limit < self.limit {
            self.limit = other.limit;
            for cell in self.cells.values_mut() {
                cell.set_limit(other.limit);
            }
        }
        for ((label, day), cell) in &other.cells {
            self.cell_mut(label, *day).combine(cell, sign);
        }
    }

    fn cell_mut(&mut self, label: &Label, day: NaiveDate) -> &mut TermCell {
        let limit = self.limit;
        self.cells.entry((label.clone(), day)).or_insert_with(|| TermCell::new(limit))
    }

    /// The counts of a label on a day; nothing where no text was counted.
    #[must_use]
    pub fn cell(&self, label: &Label, day: NaiveDate) -> Option<&TermCell> {
        self.cells.get(&(label.clone(), day))
    }

    /// All cells, by label and then by day.
    pub fn cells(&self) -> impl Iterator<Item = (&Label, NaiveDate, &TermCell)> {
        self.cells.iter().map(|((label, day), cell)| (label, *day, cell))
    }

    /// The counts of a label over several days.
    #[must_use]
    pub fn over(&self, label: &Label, days: RangeInclusive<NaiveDate>) -> TermCell {
        let mut sum = TermCell::new(self.limit);
        if days.start() <= days.end() {
            let keys = (label.clone(), *days.start())..=(label.clone(), *days.end());
            for cell in self.cells.range(keys).map(|(_, cell)| cell) {
                sum.combine(cell, 1);
            }
        }
        sum
    }

    /// Moves the days before `day` out, to be stored or dropped.
    #[must_use]
    pub fn take_before(&mut self, day: NaiveDate) -> Self {
        let all = std::mem::take(&mut self.cells);
        let (kept, taken) = all.into_iter().partition(|((_, at), _)| *at >= day);
        self.cells = kept;
        Self { limit: self.limit, cells: taken }
    }

    /// Forgets the words that no text has any more, and cells without texts. Until then they keep
    /// their place, because another order of the same additions and subtractions needs it.
    pub fn forget_unused(&mut self) {
        for cell in self.cells.values_mut() {
            cell.kept.retain(|_, count| *count != 0);
        }
        self.cells.retain(|_, cell| !cell.kept.is_empty() || cell.texts != 0 || cell.others != 0);
    }
}

impl fmt::Debug for TermCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TermCounts")
            .field("limit", &self.limit)
            .field("cells", &self.cells.len())
            .finish()
    }
}

/// In how many texts a word was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a count is known, or it is not")]
pub enum TermCount {
    /// In exactly so many.
    Exact(i64),
    /// The word is not among those that are kept.
    AtMost(i64),
}

/// The words of one label on one day, or of several days.
#[derive(Clone, PartialEq, Eq)]
pub struct TermCell {
    limit: NonZeroUsize,
    texts: i64,
    kept: BTreeMap<Ranked, i64>,
    others: i64,
    /// The lowest rank that was driven out. It and all above it count as others.
    horizon: Option<Ranked>,
}

/// A word by its rank. The word itself decides where two hashes are equal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Ranked {
    rank: u64,
    term: Box<str>,
}

impl Ranked {
    fn new(term: &str) -> Self {
        // Without a key: the rank is part of what is stored, and has to be the same everywhere.
        let mut hasher = SipHasher24::new();
        hasher.write(term.as_bytes());
        Self { rank: hasher.finish(), term: term.into() }
    }
}

impl TermCell {
    const DEFAULT_LIMIT: NonZeroUsize = NonZeroUsize::new(16_384).unwrap();

    const fn new(limit: NonZeroUsize) -> Self {
        Self { limit, texts: 0, kept: BTreeMap::new(), others: 0, horizon: None }
    }

    /// How many texts were counted.
    #[must_use]
    pub const fn texts(&self) -> i64 {
        self.texts
    }

    /// How many words of texts were counted together, because they are not kept one by one.
    #[must_use]
    pub const fn others(&self) -> i64 {
        self.others
    }

    /// Whether every word is kept.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.horizon.is_none()
    }

    /// In how many texts a word was used, as a [`TermReader`](super::TermReader) writes it.
    #[must_use]
    pub fn count(&self, term: &str) -> TermCount {
        let ranked = Ranked::new(term);
        match self.kept.get(&ranked) {
            Some(&count) => TermCount::Exact(count),
            None if self.horizon.as_ref().is_some_and(|horizon| ranked >= *horizon) => {
                TermCount::AtMost(self.others)
            }
            None => TermCount::Exact(0),
        }
    }

    /// The kept words that at least so many texts have, the most frequent first, then by name.
    ///
    /// Ask for several: a word that one text has may be a name that was not recognised.
    #[must_use]
    pub fn frequent(&self, at_least: i64) -> Vec<(&str, i64)> {
        let counted = self.kept.iter().map(|(ranked, &count)| (&*ranked.term, count));
        let mut frequent: Vec<_> = counted.filter(|(_, count)| *count >= at_least.max(1)).collect();
        frequent.sort_by_key(|&(term, count)| (Reverse(count), term));
        frequent
    }

    fn count_text(&mut self, terms: &Terms, sign: i64) {
        self.texts = self.texts.wrapping_add(sign);
        for term in terms.iter() {
            self.count_term(Ranked::new(term), sign);
        }
    }

    fn combine(&mut self, other: &Self, sign: i64) {
        self.texts = self.texts.wrapping_add(sign.wrapping_mul(other.texts));
        self.others = self.others.wrapping_add(sign.wrapping_mul(other.others));
        if let Some(horizon) = &other.horizon {
            self.lower_horizon(horizon);
        }
        for (ranked, &count) in &other.kept {
            self.count_term(ranked.clone(), sign.wrapping_mul(count));
        }
    }

    /// Wraps on overflow, which commutes, as saturating would not.
    fn count_term(&mut self, ranked: Ranked, count: i64) {
        if self.horizon.as_ref().is_some_and(|horizon| ranked >= *horizon) {
            self.others = self.others.wrapping_add(count);
            return;
        }
        let kept = self.kept.entry(ranked).or_default();
        *kept = kept.wrapping_add(count);
        self.drive_out();
    }

    fn drive_out(&mut self) {
        while self.kept.len() > self.limit.get()
            && let Some((ranked, count)) = self.kept.pop_last()
        {
            self.others = self.others.wrapping_add(count);
            self.horizon = Some(ranked);
        }
    }

    fn lower_horizon(&mut self, horizon: &Ranked) {
        if self.horizon.as_ref().is_none_or(|own| horizon < own) {
            let above = self.kept.split_off(horizon);
            self.others = above.into_values().fold(self.others, i64::wrapping_add);
            self.horizon = Some(horizon.clone());
        }
    }

    fn set_limit(&mut self, limit: NonZeroUsize) {
        self.limit = limit;
        self.drive_out();
    }
}

impl fmt::Debug for TermCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TermCell")
            .field("texts", &self.texts)
            .field("kept", &self.kept.len())
            .field("others", &self.others)
            .finish_non_exhaustive()
    }
}

/// As it is stored: without ranks, which follow from the words.
#[derive(Serialize, Deserialize)]
#[serde(rename = "TermCounts", deny_unknown_fields)]
struct Wire {
    limit: NonZeroUsize,
    cells: Vec<WireCell>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "TermCell", deny_unknown_fields)]
struct WireCell {
    label: Label,
    day: NaiveDate,
    texts: i64,
    terms: BTreeMap<Box<str>, i64>,
    others: i64,
    horizon: Option<Box<str>>,
}

impl From<TermCounts> for Wire {
    fn from(counts: TermCounts) -> Self {
        let cell = |((label, day), cell): ((Label, NaiveDate), TermCell)| WireCell {
            label,
            day,
            texts: cell.texts,
            terms: cell.kept.into_iter().map(|(ranked, count)| (ranked.term, count)).collect(),
            others: cell.others,
            horizon: cell.horizon.map(|ranked| ranked.term),
        };
        Self { limit: counts.limit, cells: counts.cells.into_iter().map(cell).collect() }
    }
}

impl From<Wire> for TermCounts {
    fn from(wire: Wire) -> Self {
        let mut counts = Self::new(wire.limit);
        for cell in wire.cells {
            let read = counts.cell_mut(&cell.label, cell.day);
            read.texts = read.texts.wrapping_add(cell.texts);
            read.others = read.others.wrapping_add(cell.others);
            if let Some(horizon) = cell.horizon {
                read.lower_horizon(&Ranked::new(&horizon));
            }
            for (term, count) in cell.terms {
                read.count_term(Ranked::new(&term), count);
            }
        }
        counts
    }
}
