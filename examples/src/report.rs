//! One HTML page to look at: self-contained, light and dark, readable without seeing the pictures.
//!
//! Plain data in, a page out: [`ReportPage`] is `Display`ed as HTML. Whoever fills it in masks what
//! is personal; the page only escapes it.

mod graph;
mod layout;
mod page;
mod sizes;

/// Everything the page shows. A part that is empty is left out.
///
/// ```
/// use kontak_examples::report::{Figure, ReportPage};
///
/// let mut page = ReportPage::new("Merge of crm.csv");
/// page.figures.push(Figure::new("customers", "1,204", "of 1,997 records"));
/// page.sizes = vec![(1, 700), (2, 300), (3, 104)];
/// let html = page.to_string();
/// assert!(html.starts_with("<!doctype html>") && html.contains("1,204"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ReportPage {
    /// The heading.
    pub title: String,
    /// A sentence below it: what was read, by what.
    pub subtitle: String,
    /// The headline figures.
    pub figures: Vec<Figure>,
    /// How many customers have how many records: `(records, customers)`.
    pub sizes: Vec<(u64, u64)>,
    /// Evidence that was kept from joining, by reason.
    pub withheld: Vec<WithheldReason>,
    /// Numbers, drawn and in tables.
    pub charts: Vec<Chart>,
    /// The merges to look at first.
    pub graphs: Vec<GraphDrawing>,
    /// How it compares with the truth, where that is known.
    pub quality: Option<Quality>,
    /// What could not be used of the input: `(reason, how often)`.
    pub complaints: Vec<(String, u64)>,
    /// What a reader should know about the input, a sentence each.
    pub notes: Vec<String>,
}

impl ReportPage {
    /// A page with nothing on it but its heading.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
}

/// A headline figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// The figure, as it is to be read.
    pub value: String,
    /// A few words that put it in proportion; may be empty.
    pub note: String,
}

impl Figure {
    /// A figure.
    pub fn new(
        label: impl Into<String>,
        value: impl Into<String>,
        note: impl Into<String>,
    ) -> Self {
        Self { label: label.into(), value: value.into(), note: note.into() }
    }
}

/// A picture of numbers, with the numbers.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// What it is.
    pub title: String,
    /// How to read it.
    pub note: String,
    /// The picture, as SVG that is safe to embed; may be empty.
    pub svg: String,
    /// The numbers: a heading, and rows as long. May be empty.
    pub table: Vec<Vec<String>>,
}

/// A reason for which evidence was withheld.
#[derive(Clone, Debug)]
pub struct WithheldReason {
    /// The reason, as a sentence says it.
    pub reason: String,
    /// How many pieces of evidence.
    pub count: u64,
    /// A few of them, masked.
    pub examples: Vec<String>,
}

/// A customer, or a few that nearly became one, as a graph.
#[derive(Clone, Debug)]
pub struct GraphDrawing {
    /// What it is.
    pub title: String,
    /// Why it is worth looking at.
    pub why: String,
    /// Touchpoints and identifiers.
    pub nodes: Vec<Node>,
    /// Which touchpoint used which identifier.
    pub links: Vec<Link>,
}

/// A node of a [`GraphDrawing`].
#[derive(Clone, Debug)]
pub struct Node {
    /// A few characters to stand below it, masked.
    pub label: String,
    /// What is said of it when asked for; may be empty.
    pub detail: String,
    /// What it stands for.
    pub kind: NodeKind,
}

/// What a [`Node`] stands for. Told by colour and by shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// Somebody's account on a channel, or a record.
    Touchpoint,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// Another identifier.
    Other,
}

/// A link of a [`GraphDrawing`]: which nodes, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The place of one node in [`GraphDrawing::nodes`].
    pub from: usize,
    /// The place of the other.
    pub to: usize,
    /// What became of it.
    pub kind: LinkKind,
}

/// What became of the evidence behind a [`Link`]. Told by colour and by stroke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// It joins.
    Joins,
    /// It joins, and is the weakest of those that do.
    Weakest,
    /// It was kept from joining.
    Withheld,
}

/// How a result compares with the truth.
#[derive(Clone, Debug)]
pub struct Quality {
    /// Against what it was measured.
    pub against: String,
    /// One row per measure.
    pub rows: Vec<QualityRow>,
    /// What the figures mean here: what was reachable at all, what the errors are.
    pub notes: Vec<String>,
}

/// A measure of [`Quality`]; shares of one.
#[derive(Clone, Debug)]
pub struct QualityRow {
    /// What is measured: `pairs`, `B-cubed`.
    pub measure: String,
    /// Of what was joined, the share that belongs together.
    pub precision: f64,
    /// Of what belongs together, the share that was joined.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// So many of something whose plural has an `s`.
///
/// ```
/// use kontak_examples::report::counted;
///
/// assert_eq!((counted(1, "record"), counted(1_000, "record")), ("1 record".into(), "1,000 records".into()));
/// ```
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A whole number with its thousands set apart.
///
/// ```
/// assert_eq!(kontak_examples::report::grouped(1_234_567), "1,234,567");
/// ```
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
