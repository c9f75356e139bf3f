use super::{counted, grouped};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 52.0;

/// How many customers have how many records, both axes logarithmic.
pub(super) struct SizePlot {
    sizes: BTreeMap<u64, u64>,
    widest: f64,
    tallest: f64,
}

impl SizePlot {
    pub(super) fn new(sizes: &[(u64, u64)]) -> Option<Self> {
        let mut together = BTreeMap::new();
        for &(size, count) in sizes.iter().filter(|(size, count)| *size > 0 && *count > 0) {
            *together.entry(size).or_insert(0) += count;
        }
        let widest = *together.last_key_value()?.0;
        let tallest = *together.values().max()?;
        // Both axes have some length even where everybody has one record.
        let (widest, tallest) = (widest.max(5) as f64, tallest.max(10) as f64);
        Some(Self { sizes: together, widest: widest * 1.15, tallest: tallest * 1.25 })
    }

    fn x(&self, size: f64) -> f64 {
        // A little before one, so that the first stem stands clear of the axis.
        let (first, last) = (0.85_f64.ln(), self.widest.ln());
        LEFT + (size.ln() - first) / (last - first) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, count: f64) -> f64 {
        // One customer is to be seen as something, not as nothing.
        let (first, last) = (0.6_f64.ln(), self.tallest.ln());
        HEIGHT - BOTTOM - (count.ln() - first) / (last - first) * (HEIGHT - TOP - BOTTOM)
    }

    fn axes(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (floor, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
        f.write_str("<g class=\"axes\">\n")?;
        let decades = self.tallest.log10();
        for tick in ticks(self.tallest, if decades > 3.0 { &[1] } else { &[1, 2, 5] }) {
            let y = self.y(tick as f64);
            writeln!(f, "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right}\"/>")?;
            let (x, y) = (LEFT - 10.0, y + 4.0);
            writeln!(f, "<text x=\"{x}\" y=\"{y:.1}\" class=\"end\">{}</text>", grouped(tick))?;
        }
        for tick in ticks(self.widest, &[1, 2, 5]) {
            let (x, y) = (self.x(tick as f64), floor + 20.0);
            writeln!(f, "<text x=\"{x:.1}\" y=\"{y}\" class=\"middle\">{}</text>", grouped(tick))?;
        }
        let (x, y) = ((LEFT + right) / 2.0, HEIGHT - 8.0);
        write!(
            f,
            "<path class=\"axis\" d=\"M{LEFT} {floor}H{right}\"/>\n\
             <text x=\"{x}\" y=\"{y}\" class=\"middle title\">records of one customer</text>\n\
             <text transform=\"translate(16 {}) rotate(-90)\" class=\"middle title\">customers</text>\n\
             </g>\n",
            (TOP + floor) / 2.0,
        )
    }
}

impl Display for SizePlot {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let customers = grouped(self.sizes.values().sum());
        let largest = grouped(self.sizes.last_key_value().map_or(0, |(size, _)| *size));
        let most = self.sizes.iter().max_by_key(|(_, count)| **count);
        let (size, count) = most.map_or((0, 0), |(size, count)| (*size, *count));
        write!(
            f,
            "<figure class=\"wide\">\n<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-labelledby=\"sizes-title\">\n<title id=\"sizes-title\">{customers} customers by \
             their number of records: {} of them have {}, the largest has {largest}.</title>\n",
            grouped(count),
            grouped(size),
        )?;
        self.axes(f)?;
        let floor = HEIGHT - BOTTOM;
        for (&size, &count) in &self.sizes {
            let (x, y) = (self.x(size as f64), self.y(count as f64));
            let (size, count) = (counted(size, "record"), counted(count, "customer"));
            writeln!(
                f,
                "<g class=\"stem\"><title>{size}: {count}</title>\
                 <path d=\"M{x:.1} {floor}V{y:.1}\"/><circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"/></g>",
            )?;
        }
        f.write_str(
            "</svg>\n<details><summary>As a table</summary>\n<table>\n<thead><tr>\
             <th scope=\"col\" class=\"number\">records</th>\
             <th scope=\"col\" class=\"number\">customers</th></tr></thead>\n<tbody>\n",
        )?;
        for (&size, &count) in &self.sizes {
            writeln!(
                f,
                "<tr><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
                grouped(size),
                grouped(count),
            )?;
        }
        f.write_str("</tbody>\n</table></details>\n</figure>\n")
    }
}

/// One, two, five, ten and so on, or only some of them.
fn ticks(end: f64, steps: &[u64]) -> impl Iterator<Item = u64> {
    let decades = (0..19).map(|power| 10_u64.pow(power));
    decades
        .flat_map(|decade| steps.iter().filter_map(move |step| decade.checked_mul(*step)))
        .take_while(move |tick| *tick as f64 <= end)
}
