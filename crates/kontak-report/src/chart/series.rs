use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use kontak_metrics::calendar::{Calendar, Tz};
use kontak_metrics::{Definition, Interval, Report, Show, Summary};

/// A number over time, with where the true one lies.
///
/// ```
/// use kontak_metrics::{Catalog, Filter, Grid, Metrics, Preset, Window, calendar::Tz};
/// use kontak_report::{Chart, Series};
///
/// # let mut metrics = Metrics::new(Catalog::of([Preset::Kontak])?, Grid::usual())?;
/// let view = metrics.settle();
/// let (zone, id) = (Tz::Asia__Ho_Chi_Minh, "kontak.service_level");
/// let week = Window::days(zone, "2026-03-02".parse()?, 7)?;
/// let days = view.by_day(zone, id, &week, &Filter::all())?;
/// let definition = view.catalog().get(id).ok_or("no such metric")?;
///
/// let level = Series::of_days("Mức dịch vụ", definition, zone, &days);
/// assert_eq!(level.points.len(), 7);
/// assert!(level.points[0].value.is_none(), "nothing happened: that is no 0 %");
/// let svg = Chart::new("Mức dịch vụ theo ngày", &"vi".parse()?).line(zone, &[level])?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Series {
    /// What it is called where there are several.
    pub name: String,
    /// How its values are shown.
    pub show: Show,
    /// By time.
    pub points: Vec<Point>,
}

/// A value and when it was so.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Point {
    /// When; of a stretch of time, its beginning.
    pub at: DateTime<Utc>,
    /// A duration in seconds, a share of one, a score, a number; `None` is a gap.
    pub value: Option<f64>,
    /// Where the true value lies.
    pub interval: Option<Interval>,
}

impl Series {
    /// Of values that are at hand.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        show: Show,
        values: impl IntoIterator<Item = (DateTime<Utc>, Option<f64>)>,
    ) -> Self {
        let points = values.into_iter().map(|(at, value)| Point { at, value, interval: None });
        Self { name: name.into(), show, points: points.collect() }
    }

    /// Of the days of a zone, as [`View::by_day`](kontak_metrics::View::by_day) has them.
    #[must_use]
    pub fn of_days(
        name: impl Into<String>,
        definition: &Definition,
        zone: Tz,
        days: &[(NaiveDate, Summary)],
    ) -> Self {
        let calendar = Calendar::always_open(zone);
        let points = days.iter().filter_map(|(date, summary)| {
            let at = calendar.windows_on(*date).first()?.start;
            Some(Point::of(at, &definition.statistic(summary)))
        });
        Self { name: name.into(), show: definition.show, points: points.collect() }
    }

    /// Of reports, each where its window begins.
    #[must_use]
    pub fn of_reports<'r>(
        name: impl Into<String>,
        show: Show,
        reports: impl IntoIterator<Item = &'r Report>,
    ) -> Self {
        let reports = reports.into_iter();
        let points = reports.map(|report| Point::of(report.window.from(), &report.statistic));
        Self { name: name.into(), show, points: points.collect() }
    }
}

impl Point {
    fn of(at: DateTime<Utc>, statistic: &kontak_metrics::Statistic) -> Self {
        Self { at, value: statistic.headline(), interval: statistic.interval() }
    }

    /// The value, if it is one that can be drawn.
    pub(super) fn drawn(&self) -> Option<f64> {
        self.value.filter(|value| value.is_finite() && self.is_on_calendar())
    }

    /// Whether it is of a time that has a local one in every zone.
    pub(super) fn is_on_calendar(&self) -> bool {
        (-9_999..=9_999).contains(&self.at.year())
    }
}
