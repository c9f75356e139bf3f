//! Pictures of numbers, by plotters, as SVG.

use chrono::NaiveDate;
use kontak_metrics::{Interval, Statistic, Summary};
use plotters::prelude::*;

const SIZE: (u32, u32) = (880, 300);
const LINE: RGBColor = RGBColor(43, 93, 176);

type Drawing = Result<String, Box<dyn std::error::Error + Send + Sync>>;

/// A share by day, with the band in which the true one lies. Days without any are left out of the line.
pub(crate) fn share_by_day(days: &[(NaiveDate, Summary)]) -> Drawing {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let points: Vec<(i32, f64, Interval)> = (0..)
            .zip(days)
            .filter_map(|(place, (_, day))| match Statistic::of(day, kontak_metrics::Show::Share) {
                Statistic::Share { share, interval, .. } => Some((place, share?, interval?)),
                _ => None,
            })
            .collect();
        let last = days.len().saturating_sub(1).max(1) as i32;
        let mut chart = ChartBuilder::on(&root)
            .margin(12)
            .margin_right(30)
            .x_label_area_size(28)
            .y_label_area_size(52)
            .build_cartesian_2d(0..last, 0.0..1.0)?;
        let label = |place: &i32| {
            days.get(*place as usize)
                .map_or_else(String::new, |(date, _)| date.format("%d %b").to_string())
        };
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .x_labels(10)
            .x_label_formatter(&label)
            .y_label_formatter(&|share| format!("{:.0} %", share * 100.0))
            .draw()?;
        let low = points.iter().map(|(day, _, interval)| (*day, interval.low));
        let high = points.iter().rev().map(|(day, _, interval)| (*day, interval.high));
        let band: Vec<(i32, f64)> = high.chain(low).collect();
        chart.draw_series([Polygon::new(band, LINE.mix(0.18))])?;
        chart.draw_series(LineSeries::new(
            points.iter().map(|(day, share, _)| (*day, *share)),
            LINE.stroke_width(2),
        ))?;
        let marks =
            points.iter().map(|(day, share, _)| Circle::new((*day, *share), 3, LINE.filled()));
        chart.draw_series(marks)?;
        root.present()?;
    }
    Ok(svg)
}

/// How a duration is distributed, in bins of a quarter of an octave.
pub(crate) fn distribution(summary: &Summary) -> Drawing {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let bins = summary.values.buckets_at(2);
        let seconds = |index: i32| 2_f64.powf(f64::from(index) / 4.0) / 1e6;
        let (first, last) =
            (bins.first().map_or(0, |bin| bin.0), bins.last().map_or(1, |bin| bin.0) + 1);
        let most = bins.iter().map(|bin| bin.1).max().unwrap_or(1);
        let mut chart = ChartBuilder::on(&root)
            .margin(12)
            .margin_right(30)
            .x_label_area_size(28)
            .y_label_area_size(52)
            .build_cartesian_2d(first..last, 0..most)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .x_labels(12)
            .x_label_formatter(&|index| span(seconds(*index)))
            .draw()?;
        chart.draw_series(bins.iter().map(|(index, count)| {
            Rectangle::new([(*index, 0), (*index + 1, *count)], LINE.mix(0.75).filled())
        }))?;
        root.present()?;
    }
    Ok(svg)
}

/// A mean by hour and weekday: the darker, the longer. Hours without values stay empty.
pub(crate) fn heat_map(hours: &[Summary]) -> Drawing {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .margin(12)
            .margin_right(30)
            .x_label_area_size(28)
            .y_label_area_size(52)
            .build_cartesian_2d(0..24, (0..6).into_segmented())?;
        const DAYS: [&str; 7] = ["Sun", "Sat", "Fri", "Thu", "Wed", "Tue", "Mon"];
        chart
            .configure_mesh()
            .disable_mesh()
            .x_labels(24)
            .y_labels(7)
            .x_label_formatter(&|hour| format!("{hour:02}"))
            .y_label_formatter(&|day| match day {
                SegmentValue::CenterOf(day) => {
                    DAYS.get(*day as usize).map_or_else(String::new, |day| (*day).to_owned())
                }
                _ => String::new(),
            })
            .draw()?;
        let most = hours.iter().filter_map(|hour| hour.values.mean()).fold(1.0, f64::max);
        chart.draw_series((0..).zip(hours).filter_map(|(place, hour)| {
            let (day, hour_of_day) = (6 - place / 24, place % 24);
            // By the root: beside one long night all days would look alike.
            let shade = 0.08 + 0.92 * (hour.values.mean()? / most).sqrt();
            let above = if day == 6 { SegmentValue::Last } else { SegmentValue::Exact(day + 1) };
            Some(Rectangle::new(
                [(hour_of_day, SegmentValue::Exact(day)), (hour_of_day + 1, above)],
                LINE.mix(shade).filled(),
            ))
        }))?;
        root.present()?;
    }
    Ok(svg)
}

/// Seconds as people say them.
pub(crate) fn span(seconds: f64) -> String {
    match seconds {
        under if under < 1.0 => format!("{:.0} ms", under * 1e3),
        under if under < 100.0 => format!("{under:.1} s"),
        under if under < 7_200.0 => format!("{:.1} min", under / 60.0),
        under if under < 172_800.0 => format!("{:.1} h", under / 3_600.0),
        over => format!("{:.1} d", over / 86_400.0),
    }
}
