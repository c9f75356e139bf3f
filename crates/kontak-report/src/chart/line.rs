use super::axis::Axis;
use super::svg::{Around, COLOURS, Canvas, Drawn, INK, Sheet, legible, text};
use super::time::seconds;
use super::{Chart, ChartError, Point, Series};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::Show;
use kontak_metrics::calendar::Tz;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

/// With more values than this the marks would be one thick line.
const MOST_MARKS: usize = 62;

/// The room of a label of the time axis, in pixels.
const LABEL: u32 = 78;

impl Chart {
    /// Lines over time, each with the band in which the true value lies; told apart by colour, every other one dashed.
    ///
    /// A value that is missing is a gap. A value without neighbours is a mark with its interval beside it. The axis ends
    /// where the values do: shares from 0 to 1, scores of promoters from -100 to 100, all else from 0 on; a band that
    /// is wider by far than the values are high is cut off there. What is shown is that of the first series.
    ///
    /// # Errors
    ///
    /// The picture is too small or too large.
    pub fn line(&self, zone: Tz, series: &[Series]) -> Result<String, ChartError> {
        let points = || series.iter().flat_map(|series| &series.points);
        let times = || points().filter(|point| point.is_on_calendar()).map(|point| point.at);
        let span = times().min().zip(times().max());
        let is_empty = points().all(|point| point.drawn().is_none());
        let show = series.first().map_or(Show::Count, |series| series.show);
        let axes = span.filter(|_| !is_empty).map(|(from, until)| {
            let most = (self.size.0 / LABEL).max(2) as usize;
            let x = Axis::of_time((from, until), nearest(series), zone, most, self.words);
            (x, self.value_axis(show, series))
        });
        let around = Around { lines: true, key: series.len() > 1 };
        self.draw(axes, around, &self.in_words(zone, series), |canvas, sheet| {
            let is_drawn = |point: &Point| point.drawn().is_some();
            // No band lies over a line.
            for (number, series) in series.iter().enumerate() {
                for run in runs(&series.points, is_drawn) {
                    band(canvas, run, COLOURS[number % COLOURS.len()])?;
                }
            }
            for (number, series) in series.iter().enumerate() {
                let colour = COLOURS[number % COLOURS.len()];
                let runs = runs(&series.points, is_drawn);
                for run in &runs {
                    let line = run.iter().filter_map(|it| Some((seconds(it.at), it.drawn()?)));
                    let style = colour.stroke_width(2);
                    if number % 2 == 0 {
                        canvas.draw_series(LineSeries::new(line, style))?;
                    } else {
                        canvas.draw_series(DashedLineSeries::new(line, 7, 4, style))?;
                    }
                }
                let is_sparse = series.points.len() <= MOST_MARKS;
                let marked = runs.iter().filter(|run| is_sparse || run.len() == 1);
                let marks = marked.flat_map(|run| run.iter());
                canvas.draw_series(marks.filter_map(|it| {
                    Some(Circle::new((seconds(it.at), it.drawn()?), 3, colour.filled()))
                }))?;
            }
            if series.len() > 1 { key(sheet, series) } else { Ok(()) }
        })
    }

    fn value_axis(&self, show: Show, series: &[Series]) -> Axis {
        let points = || series.iter().flat_map(|series| &series.points);
        let most = points().filter_map(Point::drawn).fold(0.0, f64::max);
        let widest = points().filter_map(|it| Some(it.interval?.high)).fold(most, f64::max);
        let least = points().filter_map(Point::drawn).fold(0.0, f64::min);
        let labels = (self.size.1 / 50).clamp(2, 8) as usize;
        let of = |low, high| Axis::of_values(low, high, show, labels, self.words);
        match show {
            Show::Share | Show::TopBox { .. } => of(0.0, 1.0),
            Show::Nps => of(-100.0, 100.0),
            _ => of(least, if most > 0.0 { widest.min(2.0 * most) } else { 1.0 }),
        }
    }

    fn in_words(&self, zone: Tz, series: &[Series]) -> String {
        let mut sentences = Vec::new();
        for series in series {
            let known = series.points.iter().filter_map(|it| Some((it.at, it.drawn()?)));
            let known: Vec<(DateTime<Utc>, f64)> = known.collect();
            let value = |(_, value): &(_, f64)| self.words.value(*value, series.show);
            let when = |(at, _): &(DateTime<Utc>, _)| self.words.instant(at.with_timezone(&zone));
            let low = known.iter().min_by(|one, other| one.1.total_cmp(&other.1));
            let high = known.iter().max_by(|one, other| one.1.total_cmp(&other.1));
            let name = if series.name.is_empty() { &self.title } else { &series.name };
            let Some(((low, high), last)) = low.zip(high).zip(known.last()) else {
                sentences.push(self.words.fill("line_empty", &[("name", name)]));
                continue;
            };
            let words = [
                ("name", name.as_str()),
                ("low", &value(low)),
                ("low_at", &when(low)),
                ("high", &value(high)),
                ("high_at", &when(high)),
                ("last", &value(last)),
                ("last_at", &when(last)),
            ];
            sentences.push(self.words.fill("line", &words));
            let (all, missing) = (series.points.len(), series.points.len() - known.len());
            if missing > 0 {
                let words = [("missing", &*missing.to_string()), ("of", &*all.to_string())];
                sentences.push(self.words.fill("missing", &words));
            }
        }
        if series.iter().flat_map(|series| &series.points).any(|it| it.interval.is_some()) {
            sentences.push(self.words.get("band"));
        }
        sentences.push(self.words.fill("times", &[("zone", zone.name())]));
        sentences.join(" ")
    }
}

/// How near to each other values are.
fn nearest(series: &[Series]) -> TimeDelta {
    let pairs = series.iter().flat_map(|series| series.points.windows(2));
    let apart =
        pairs.map(|pair| pair[1].at - pair[0].at).filter(|apart| *apart > TimeDelta::zero());
    apart.min().unwrap_or_default()
}

/// The stretches in which all points are so.
fn runs(points: &[Point], is_so: impl Fn(&Point) -> bool) -> Vec<&[Point]> {
    let stretches = points.chunk_by(|one, other| is_so(one) == is_so(other));
    stretches.filter(|run| run.first().is_some_and(&is_so)).collect()
}

fn band(canvas: &mut Canvas<'_, '_>, run: &[Point], colour: RGBColor) -> Drawn {
    for known in runs(run, |point| point.interval.is_some()) {
        let high = known.iter().filter_map(|it| Some((seconds(it.at), it.interval?.high)));
        let low = known.iter().rev().filter_map(|it| Some((seconds(it.at), it.interval?.low)));
        let edge: Vec<(f64, f64)> = high.chain(low).collect();
        match known {
            [_] => {
                canvas.draw_series([PathElement::new(edge, colour.mix(0.35).stroke_width(5))])?
            }
            _ => canvas.draw_series([Polygon::new(edge, colour.mix(0.2))])?,
        };
    }
    Ok(())
}

/// Which stroke is whose, above the chart.
fn key(sheet: &Sheet<'_>, series: &[Series]) -> Drawn {
    let mut x = 70;
    for (number, series) in series.iter().enumerate() {
        let stroke = COLOURS[number % COLOURS.len()].stroke_width(2);
        let ends = [(x, 13), (x + 26, 13)];
        if number % 2 == 0 {
            sheet.draw(&PathElement::new(ends, stroke))?;
        } else {
            sheet.draw(&DashedPathElement::new(ends, 7, 4, stroke))?;
        }
        let name = legible(&series.name);
        let letters = name.chars().count() as i32;
        sheet.draw(&Text::new(name, (x + 34, 7), text(15.0).color(&INK)))?;
        x += 58 + 7 * letters;
    }
    Ok(())
}
