use super::axis::Axis;
use super::svg::{Around, COLOURS, Drawn, INK, Sheet, text};
use super::{Chart, ChartError};
use kontak_metrics::calendar::Tz;
use kontak_metrics::{Definition, Summary};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

impl Chart {
    /// A number by the hour and weekday of a zone, as
    /// [`View::by_hour_of_week`](kontak_metrics::View::by_hour_of_week) has them: the stronger, the higher. An hour
    /// without a value is an empty frame. Shades go by the root of the value, beside one long night all days would look alike.
    ///
    /// # Errors
    ///
    /// The hours are not those of a week, or the picture is too small or too large.
    pub fn heat_map(
        &self,
        definition: &Definition,
        zone: Tz,
        hours: &[Summary],
    ) -> Result<String, ChartError> {
        if hours.len() != 7 * 24 {
            return Err(ChartError::Hours(hours.len()));
        }
        let values: Vec<Option<f64>> =
            hours.iter().map(|hour| definition.statistic(hour).headline()).collect();
        // A count of none is none: nobody came.
        let values: Vec<Option<f64>> = (values.iter().zip(hours))
            .map(|(value, hour)| value.filter(|_| hour.values.count() + hour.open > 0))
            .collect();
        let known = || values.iter().flatten().copied();
        let low = known().fold(f64::INFINITY, f64::min);
        let high = known().fold(f64::NEG_INFINITY, f64::max);
        let floor = low.min(0.0);
        let shade = |value: f64| {
            let share = (value - floor) / (high - floor).max(f64::MIN_POSITIVE);
            COLOURS[0].mix(0.1 + 0.9 * share.clamp(0.0, 1.0).sqrt())
        };
        let axes = (low <= high).then(|| {
            let hours = (0..24).map(|hour| (f64::from(hour) + 0.5, format!("{hour:02}")));
            let every = if self.size.0 < 640 { 3 } else { 1 };
            let hours = Axis::new(0.0, 24.0, hours.step_by(every).collect());
            let days =
                (0..7_usize).map(|day| (6.5 - day as f64, self.words.weekday(day).to_owned()));
            (hours, Axis::new(0.0, 7.0, days.collect()))
        });
        let description = self.heat_map_in_words(definition, zone, &values);
        self.draw(axes, Around { lines: false, key: true }, &description, |canvas, sheet| {
            for (place, value) in values.iter().enumerate() {
                let (day, hour) = ((6 - place / 24) as f64, (place % 24) as f64);
                let corners = [(hour, day + 1.0), (hour + 1.0, day)];
                let style = value.map_or(INK.mix(0.10).into(), |value| shade(value).filled());
                let mut cell = Rectangle::new(corners, style);
                cell.set_margin(1, 1, 1, 1);
                canvas.draw_series([cell])?;
            }
            self.shades(sheet, definition, (floor, high), &shade)
        })
    }

    /// What the shades stand for, above the chart on the right.
    fn shades(
        &self,
        sheet: &Sheet<'_>,
        definition: &Definition,
        (floor, high): (f64, f64),
        shade: &dyn Fn(f64) -> RGBAColor,
    ) -> Drawn {
        const STEPS: i32 = 8;
        const WIDTH: i32 = 18;
        let right = self.size.0 as i32 - 34;
        let high_label = self.words.value(high, definition.show);
        let end = right - 10 - 7 * high_label.chars().count() as i32;
        let start = end - STEPS * WIDTH;
        for step in 0..STEPS {
            let value = floor + (high - floor) * f64::from(step) / f64::from(STEPS - 1);
            let corners = [(start + step * WIDTH, 7), (start + (step + 1) * WIDTH - 1, 19)];
            sheet.draw(&Rectangle::new(corners, shade(value).filled()))?;
        }
        let at = |h_pos| text(15.0).pos(Pos::new(h_pos, VPos::Top));
        let low_label = self.words.value(floor, definition.show);
        sheet.draw(&Text::new(low_label, (start - 8, 8), at(HPos::Right)))?;
        sheet.draw(&Text::new(high_label, (end + 8, 8), at(HPos::Left)))
    }

    fn heat_map_in_words(
        &self,
        definition: &Definition,
        zone: Tz,
        values: &[Option<f64>],
    ) -> String {
        let known = || values.iter().enumerate().filter_map(|(place, it)| Some((place, (*it)?)));
        let low = known().min_by(|one, other| one.1.total_cmp(&other.1));
        let high = known().max_by(|one, other| one.1.total_cmp(&other.1));
        let mut sentences = Vec::new();
        match low.zip(high) {
            None => sentences.push(self.words.get("empty")),
            Some((low, high)) => {
                let when = |place: usize| {
                    let (day, hour) =
                        (self.words.weekday(place / 24), format!("{:02}:00", place % 24));
                    self.words.fill("heat_map_at", &[("weekday", day), ("hour", &hour)])
                };
                let value = |value| self.words.value(value, definition.show);
                let words = [
                    ("low", &*value(low.1)),
                    ("low_at", &when(low.0)),
                    ("high", &value(high.1)),
                    ("high_at", &when(high.0)),
                ];
                sentences.push(self.words.fill("heat_map", &words));
            }
        }
        let missing = (values.len() - known().count()).to_string();
        let words = [("missing", &*missing), ("of", &*values.len().to_string())];
        sentences.push(self.words.fill("missing", &words));
        sentences.push(self.words.fill("times", &[("zone", zone.name())]));
        sentences.join(" ")
    }
}
