use super::Chart;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

const SIZE: (u32, u32) = (880, 300);
const FIRST: RGBColor = RGBColor(43, 93, 176);
const SECOND: RGBColor = RGBColor(178, 91, 0);

/// A name, and values by hours since midnight of the first day.
pub type Line = (String, Vec<(f64, f64)>);

impl Chart {
    /// Values over the hours of a day or more, in one line or two: told apart by colour and by stroke. Where there are
    /// no values there is no picture.
    ///
    /// ```
    /// use kontak_examples::report::Chart;
    ///
    /// let waits = vec![("rules".to_owned(), vec![(9.0, 12.0), (10.0, 40.0)])];
    /// assert!(Chart::of_lines("Waits", "seconds", &waits).svg.starts_with("<svg"));
    /// ```
    pub fn of_lines(title: impl Into<String>, unit: impl Into<String>, lines: &[Line]) -> Self {
        // A picture in memory is always drawn; a page without it would still have its title.
        let svg = draw(lines).unwrap_or_default();
        Self { title: title.into(), note: unit.into(), svg, table: Vec::new() }
    }
}

fn draw(lines: &[Line]) -> Result<String, Box<dyn std::error::Error>> {
    let mut svg = String::new();
    let points = || lines.iter().flat_map(|(_, points)| points);
    let from = points().map(|(hour, _)| *hour).fold(f64::INFINITY, f64::min).floor();
    let until = points().map(|(hour, _)| *hour).fold(f64::NEG_INFINITY, f64::max).ceil();
    if from > until {
        return Ok(svg);
    }
    let most = points().map(|(_, value)| *value).fold(0.0, f64::max);
    let top = if most > 0.0 { most * 1.1 } else { 1.0 };
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .margin(12)
            .margin_right(30)
            .x_label_area_size(28)
            .y_label_area_size(52)
            .build_cartesian_2d(from..until.max(from + 1.0), 0.0..top)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .x_labels(12)
            .y_labels(6)
            .y_label_formatter(&|value| {
                if top < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") }
            })
            .x_label_formatter(&|hour| {
                let minutes = (hour * 60.0).round() as i64;
                format!(
                    "{:02}:{:02}",
                    minutes.div_euclid(60).rem_euclid(24),
                    minutes.rem_euclid(60)
                )
            })
            .draw()?;
        for (number, (name, points)) in lines.iter().enumerate() {
            let points = points.iter().copied();
            if number % 2 == 0 {
                let drawn = chart.draw_series(LineSeries::new(points, FIRST.stroke_width(2)))?;
                let key = |(x, y)| PathElement::new([(x, y), (x + 24, y)], FIRST.stroke_width(2));
                drawn.label(name).legend(key);
            } else {
                let dashes = DashedLineSeries::new(points, 7, 4, SECOND.stroke_width(2));
                let drawn = chart.draw_series(dashes)?;
                let key = |(x, y)| {
                    DashedPathElement::new([(x, y), (x + 24, y)], 7, 4, SECOND.stroke_width(2))
                };
                drawn.label(name).legend(key);
            }
        }
        if lines.len() > 1 {
            chart
                .configure_series_labels()
                .position(SeriesLabelPosition::UpperLeft)
                .background_style(WHITE.mix(0.7))
                .draw()?;
        }
        root.present()?;
    }
    Ok(svg)
}
