//! Charts as SVG, drawn by plotters.

mod axis;
mod bar;
mod distribution;
mod heat_map;
mod line;
mod series;
mod svg;
mod time;
mod words;

pub use distribution::Scale;
pub use series::{Point, Series};

use kontak_types::Language;
use words::Words;

/// A chart to draw: what it is called, in which language, how large.
///
/// What comes out is a whole SVG document that stands alone and within HTML. It has no background and draws its text
/// in the colour of what is around it, light or dark; it has a role, a title and a description for those who do not see
/// it; it holds no script, and nothing of anybody but what it is given as names.
///
/// ```
/// use kontak_metrics::{Catalog, Histogram, Preset};
/// use kontak_report::{Chart, Scale};
///
/// let catalog = Catalog::of([Preset::Kontak])?;
/// let wait = catalog.get("kontak.queue_time").ok_or("no such metric")?;
/// let mut waits = Histogram::new();
/// [4, 9, 12, 30, 95].into_iter().for_each(|seconds| waits.insert(seconds * 1_000_000));
///
/// let svg = Chart::new("Thời gian chờ", &"vi".parse()?).distribution(wait, &waits, Scale::Logarithmic)?;
/// assert!(svg.starts_with("<svg ") && svg.contains("<title>Thời gian chờ</title>"));
/// assert!(svg.contains("5 giá trị: một nửa không quá 12 giây"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Chart {
    title: String,
    words: Words,
    size: (u32, u32),
}

/// A chart that cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// There is no room for axes.
    #[error("a chart of {0} by {1} pixels; expected 240 by 120 at least, 10,000 at most")]
    Size(u32, u32),
    /// A heat map is of the hours of a week.
    #[error("{0} hours; expected the 168 of a week, from Monday 00:00 on")]
    Hours(usize),
    /// plotters could not draw it.
    #[error("plotters could not draw: {0}")]
    Drawing(Box<dyn std::error::Error + Send + Sync>),
}

impl Chart {
    /// Called so, in a language that has its words: English, Indonesian, Vietnamese; English for any other.
    /// 880 by 300 pixels.
    #[must_use]
    pub fn new(title: impl Into<String>, language: &Language) -> Self {
        Self { title: title.into(), words: Words::of(language), size: (880, 300) }
    }

    /// As large as this, in pixels of a picture that is scaled anyway: what grows is the room between the letters.
    #[must_use]
    pub fn sized(self, width: u32, height: u32) -> Self {
        Self { size: (width, height), ..self }
    }
}
