use super::LineChart;
use super::page::Escaped;
use std::fmt::{self, Display, Formatter};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 280.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 44.0;

/// A chart as a section of the page.
pub(super) struct Drawn<'a>(pub(super) &'a LineChart);

impl Drawn<'_> {
    /// From, to, and the highest value; some length even where nothing happened.
    fn ranges(&self) -> (f64, f64, f64) {
        let points = || self.0.lines.iter().flat_map(|(_, points)| points);
        let from = points().map(|(x, _)| *x).fold(f64::INFINITY, f64::min);
        let to = points().map(|(x, _)| *x).fold(f64::NEG_INFINITY, f64::max);
        let most = points().map(|(_, y)| *y).fold(0.0, f64::max);
        (from.floor(), to.ceil().max(from.floor() + 1.0), if most > 0.0 { most * 1.1 } else { 1.0 })
    }
}

impl Display for Drawn<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let chart = self.0;
        if chart.lines.iter().all(|(_, points)| points.is_empty()) {
            return Ok(());
        }
        let (from, to, most) = self.ranges();
        let x = |hour: f64| LEFT + (hour - from) / (to - from) * (WIDTH - LEFT - RIGHT);
        let y = |value: f64| HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM);
        let (title, unit) = (Escaped(&chart.title), Escaped(&chart.unit));
        write!(
            f,
            "<section>\n<h2>{title}</h2>\n<figure class=\"wide\">\n<svg class=\"plot\" \
             viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\"><title>{title}, {unit}</title>\n\
             <g class=\"axes\">\n",
        )?;
        let step = round_step(most / 5.0);
        for tick in (0..=(most / step) as u32).map(|count| f64::from(count) * step) {
            let (at, text) = (y(tick), (tick * 100.0).round() / 100.0);
            writeln!(f, "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{}\"/>", WIDTH - RIGHT)?;
            writeln!(
                f,
                "<text x=\"{}\" y=\"{:.1}\" class=\"end\">{text}</text>",
                LEFT - 8.0,
                at + 4.0
            )?;
        }
        let hours = round_step((to - from) / 12.0).max(1.0);
        let mut hour = (from / hours).ceil() * hours;
        while hour <= to {
            let (at, floor) = (x(hour), HEIGHT - BOTTOM + 20.0);
            let clock = hour.rem_euclid(24.0);
            writeln!(
                f,
                "<text x=\"{at:.1}\" y=\"{floor}\" class=\"middle\">{clock:02.0}:00</text>"
            )?;
            hour += hours;
        }
        let floor = HEIGHT - BOTTOM;
        write!(f, "<path class=\"axis\" d=\"M{LEFT} {floor}H{}\"/>\n</g>\n", WIDTH - RIGHT)?;
        for (number, (name, points)) in chart.lines.iter().enumerate() {
            let Some((first, rest)) = points.split_first() else { continue };
            write!(
                f,
                "<path class=\"line{}\" d=\"M{:.1} {:.1}",
                number % 2,
                x(first.0),
                y(first.1)
            )?;
            for (hour, value) in rest {
                write!(f, "L{:.1} {:.1}", x(*hour), y(*value))?;
            }
            writeln!(f, "\"><title>{}</title></path>", Escaped(name))?;
        }
        f.write_str("</svg>\n<ul class=\"legend\">\n")?;
        for (number, (name, _)) in chart.lines.iter().enumerate() {
            writeln!(
                f,
                "<li><svg width=\"34\" height=\"18\" aria-hidden=\"true\"><path class=\"line{}\" \
                 d=\"M1 9H33\"/></svg> {}</li>",
                number % 2,
                Escaped(name)
            )?;
        }
        write!(f, "<li>{unit}</li>\n</ul>\n</figure>\n</section>\n")
    }
}

/// One, two or five times a power of ten.
fn round_step(about: f64) -> f64 {
    let decade = 10_f64.powf(about.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * decade);
    steps.into_iter().find(|step| *step >= about).unwrap_or(decade)
}
