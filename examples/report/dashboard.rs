//! The numbers as text, and as a page.

use crate::read::{Reading, can_tell};
use kontak_examples::report::{Chart, Figure, ReportPage};
use kontak_metrics::calendar::Tz;
use kontak_metrics::{
    Catalog, Definition, Dimension, DimensionValue, Filter, Report, Show, Statistic, View, Window,
};
use kontak_report::{Scale, Series};
use std::io::{self, Write};

/// What is asked, of whom, and when.
pub(crate) struct Dashboard<'a> {
    pub(crate) view: View<'a>,
    pub(crate) catalog: &'a Catalog,
    pub(crate) reading: &'a Reading,
    pub(crate) window: Window,
    pub(crate) zone: Tz,
}

impl Dashboard<'_> {
    /// Every number that there is anything to say of.
    pub(crate) fn reports(&self) -> anyhow::Result<Vec<(&Definition, Report)>> {
        let mut reports = Vec::new();
        for definition in self.catalog.definitions() {
            if self.reading.columns.as_ref().is_some_and(|columns| !can_tell(definition, columns)) {
                continue;
            }
            let report = self.view.report(definition.id.as_str(), &self.window, &Filter::all())?;
            if report.n.get() + report.open.get() > 0 {
                reports.push((definition, report));
            }
        }
        Ok(reports)
    }

    pub(crate) fn print(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let reports = self.reports()?;
        if reports.is_empty() {
            writeln!(out, "nothing happened in these days")?;
            return Ok(());
        }
        writeln!(
            out,
            "{:<46} {:>12}  {:<24} {:>8} {:>7} {:>8}",
            "all", "", "95 % interval", "n", "open", "left out"
        )?;
        for (definition, report) in &reports {
            let (value, interval) = shown(&report.statistic, definition.show);
            writeln!(
                out,
                "{:<46} {value:>12}  {interval:<24} {:>8} {:>7} {:>8}",
                format!("{} v{}", definition.id, definition.version),
                report.n,
                report.open,
                report.excluded
            )?;
        }
        for (title, dimension) in [
            ("channel", Dimension::Channel),
            ("queue", Dimension::Queue),
            ("agent", Dimension::Agent),
        ] {
            self.print_by(out, title, dimension, &reports)?;
        }
        self.print_hours(out, &reports)?;
        self.print_reconciliation(out)
    }

    fn print_by(
        &self,
        out: &mut impl Write,
        title: &str,
        dimension: Dimension,
        reports: &[(&Definition, Report)],
    ) -> io::Result<()> {
        for (definition, _) in
            reports.iter().filter(|(definition, _)| is_told_apart(definition, dimension))
        {
            let Ok(breakdown) =
                self.view.by(dimension, definition.id.as_str(), &self.window, &Filter::all())
            else {
                continue;
            };
            if breakdown.rows.len() < 2 {
                continue;
            }
            writeln!(out, "\n{} by {title}", definition.id)?;
            for (place, row) in breakdown.rows.iter().enumerate() {
                let (value, interval) = shown(&row.report.statistic, definition.show);
                // A rank is claimed only against those whose intervals lie apart.
                let worse = (0..breakdown.rows.len()).filter(|other| {
                    let headline = |row: usize| breakdown.rows[row].report.statistic.headline();
                    breakdown.is_ranked(place, *other) && headline(place) > headline(*other)
                });
                let above = match worse.count() {
                    0 => String::new(),
                    count => format!("surely above {count}"),
                };
                let name = self.name(&row.value);
                writeln!(
                    out,
                    "  {name:<20} {value:>12}  {interval:<24} {:>8}  {above}",
                    row.report.n
                )?;
            }
        }
        Ok(())
    }

    fn print_hours(
        &self,
        out: &mut impl Write,
        reports: &[(&Definition, Report)],
    ) -> anyhow::Result<()> {
        let Some((definition, _)) = reports.iter().find(|(definition, _)| is_wait(definition))
        else {
            return Ok(());
        };
        let hours = self.view.by_hour_of_week(
            self.zone,
            definition.id.as_str(),
            &self.window,
            &Filter::all(),
        )?;
        writeln!(out, "\n{} by hour, {}", definition.id, self.zone)?;
        for hour in 0..24 {
            let mut all = kontak_metrics::Summary::default();
            hours.iter().skip(hour).step_by(24).for_each(|part| all.add(part));
            if all.values.count() > 0 {
                let (value, interval) =
                    shown(&Statistic::of(&all, definition.show), definition.show);
                writeln!(
                    out,
                    "  {hour:02}:00                {value:>12}  {interval:<24} {:>8}",
                    all.values.count()
                )?;
            }
        }
        Ok(())
    }

    fn print_reconciliation(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let Ok(found) = self.view.reconcile(&self.window, &Filter::all()) else { return Ok(()) };
        anyhow::ensure!(found.holds(), "offered is not the sum of what became of it: {found:?}");
        writeln!(out, "\noffered {} =", found.offered)?;
        for residual in found.cohort.iter().filter(|residual| residual.count.get() > 0) {
            writeln!(out, "  {:>8}  {:?}", residual.count, residual.kind)?;
        }
        Ok(())
    }

    pub(crate) fn page(&self, title: &str, subtitle: String) -> anyhow::Result<ReportPage> {
        let reports = self.reports()?;
        let mut page = ReportPage::new(title);
        page.subtitle = subtitle;
        for (definition, report) in reports.iter().take(12) {
            let (value, interval) = shown(&report.statistic, definition.show);
            page.figures.push(Figure::new(
                definition.id.as_str(),
                value,
                format!("{interval} n {}", report.n),
            ));
        }
        let english = "en".parse()?;
        let drawing = |title: &str| kontak_report::Chart::new(title, &english);
        let share = reports.iter().find(|(definition, _)| definition.show == Show::Share);
        if let Some((definition, _)) = share {
            let days = self.view.by_day(
                self.zone,
                definition.id.as_str(),
                &self.window,
                &Filter::all(),
            )?;
            let title = format!("{} by day", definition.id);
            let series = Series::of_days(title.as_str(), definition, self.zone, &days);
            page.charts.push(Chart {
                svg: drawing(&title).line(self.zone, &[series])?,
                title,
                note: format!(
                    "Days of {}. The band is where the true share lies, at 95 % confidence.",
                    self.zone
                ),
                table: Vec::new(),
            });
        }
        if let Some((definition, _)) = reports.iter().find(|(definition, _)| is_wait(definition)) {
            let id = definition.id.as_str();
            let summary = self.view.summary(id, &self.window, &Filter::all())?;
            let title = format!("{id}, how it is distributed");
            page.charts.push(Chart {
                svg: drawing(&title).distribution(
                    definition,
                    &summary.values,
                    Scale::Logarithmic,
                )?,
                title,
                note: "How many have a value within a bar. All bars are a part of an octave, each as wide.".into(),
                table: Vec::new(),
            });
            let hours = self.view.by_hour_of_week(self.zone, id, &self.window, &Filter::all())?;
            let title = format!("{id} by weekday and hour");
            page.charts.push(Chart {
                svg: drawing(&title).heat_map(definition, self.zone, &hours)?,
                title,
                note: format!("The mean. Hours of {}; an empty frame: none.", self.zone),
                table: Vec::new(),
            });
        }
        page.charts.push(Chart {
            title: "All numbers".into(),
            note: "Open: has no value yet. Left out: by the definition.".into(),
            svg: String::new(),
            table: table(&reports),
        });
        Ok(page)
    }

    pub(crate) fn name(&self, value: &DimensionValue) -> String {
        let id = match value {
            DimensionValue::Agent(agent) => self.reading.names.name(agent.as_uuid()),
            DimensionValue::Queue(queue) => self.reading.names.name(queue.as_uuid()),
            _ => None,
        };
        id.map_or_else(|| value.to_string(), str::to_owned)
    }
}

fn table(reports: &[(&Definition, Report)]) -> Vec<Vec<String>> {
    let heading =
        ["metric", "value", "95 % interval", "n", "open", "left out", "placed by", "formula from"];
    let has_source = reports.iter().any(|(definition, _)| !definition.source.is_empty());
    let columns = if has_source { heading.len() } else { heading.len() - 1 };
    let mut table = vec![heading.map(str::to_owned).to_vec()];
    for (definition, report) in reports {
        let (value, interval) = shown(&report.statistic, definition.show);
        table.push(vec![
            format!("{} v{}", definition.id, definition.version),
            value,
            interval,
            report.n.to_string(),
            report.open.to_string(),
            report.excluded.to_string(),
            format!("{:?}", report.placement).to_lowercase(),
            definition.source.clone(),
        ]);
    }
    table.iter_mut().for_each(|row| row.truncate(columns));
    table
}

fn is_wait(definition: &Definition) -> bool {
    matches!(
        definition.measure,
        kontak_metrics::Measure::QueueTime { .. } | kontak_metrics::Measure::Response(_)
    )
}

/// What a dashboard has room for.
fn is_told_apart(definition: &Definition, dimension: Dimension) -> bool {
    use kontak_metrics::Measure as M;
    let is_top_two = matches!(definition.show, Show::TopBox { from: 4 });
    match dimension {
        Dimension::Agent => is_top_two || matches!(definition.measure, M::Handling { .. }),
        Dimension::Queue => {
            matches!(definition.measure, M::QueueShare { .. } | M::QueueTime { .. })
        }
        _ => {
            is_top_two
                || matches!(
                    definition.measure,
                    M::QueueShare { .. } | M::Response(_) | M::FirstContact(_)
                )
        }
    }
}

/// The number and its interval, as they are read.
fn shown(statistic: &Statistic, show: Show) -> (String, String) {
    let number = |number: f64| match show {
        Show::Duration => span(number),
        Show::Share | Show::TopBox { .. } => format!("{:.1} %", number * 100.0),
        Show::Nps => format!("{number:+.1}"),
        Show::Count | Show::CountWithOpen => format!("{number:.0}"),
        _ => format!("{number:.2}"),
    };
    let value = statistic.headline().map_or_else(|| "-".into(), number);
    let interval = statistic.interval();
    (
        value,
        interval
            .map_or_else(String::new, |it| format!("[{}, {}]", number(it.low), number(it.high))),
    )
}

/// Seconds as people say them.
fn span(seconds: f64) -> String {
    match seconds {
        under if under < 1.0 => format!("{:.0} ms", under * 1e3),
        under if under < 100.0 => format!("{under:.1} s"),
        under if under < 7_200.0 => format!("{:.1} min", under / 60.0),
        under if under < 172_800.0 => format!("{:.1} h", under / 3_600.0),
        over => format!("{:.1} d", over / 86_400.0),
    }
}
