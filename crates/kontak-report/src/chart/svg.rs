//! The sheet that a chart is drawn on.

use super::axis::Axis;
use super::{Chart, ChartError};
use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::io;

/// Stands for the colour of the text around, which plotters has no name for.
pub(super) const INK: RGBColor = RGBColor(1, 2, 3);
const INK_WRITTEN: &str = "\"#010203\"";

/// Seen on white and on black, and told apart by those who do not see colours by their strokes.
pub(super) const COLOURS: [RGBColor; 4] = [
    RGBColor(74, 134, 216),
    RGBColor(201, 115, 26),
    RGBColor(46, 158, 107),
    RGBColor(154, 107, 208),
];

/// As an image it is its own document, which nobody gives a colour.
const STYLE: &str =
    "<style>@media (prefers-color-scheme: dark) { svg:root { color: #e4e0d8 } }</style>";

pub(super) type Sheet<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Canvas<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;
pub(super) type Drawn = Result<(), DrawingAreaErrorKind<io::Error>>;

/// What is around the marks.
#[derive(Clone, Copy)]
pub(super) struct Around {
    /// Whether lines lead from the labels through the chart.
    pub(super) lines: bool,
    /// Whether there is a key above it.
    pub(super) key: bool,
}

impl Chart {
    /// Draws on a sheet with axes; `None` says that there is nothing to draw.
    pub(super) fn draw(
        &self,
        axes: Option<(Axis, Axis)>,
        around: Around,
        description: &str,
        draw: impl FnOnce(&mut Canvas<'_, '_>, &Sheet<'_>) -> Drawn,
    ) -> Result<String, ChartError> {
        let (width, height) = self.size;
        if width < 240 || height < 120 || width > 10_000 || height > 10_000 {
            return Err(ChartError::Size(width, height));
        }
        let mut drawn = String::new();
        {
            let sheet = SVGBackend::with_string(&mut drawn, self.size).into_drawing_area();
            let done = match axes {
                Some((x, y)) => on_axes(&sheet, x, y, around, draw),
                None => self.nothing(&sheet),
            };
            let done = done.and_then(|()| sheet.present());
            done.map_err(|error| ChartError::Drawing(error.into()))?;
        }
        Ok(self.document(&drawn, description))
    }

    fn nothing(&self, sheet: &Sheet<'_>) -> Drawn {
        let (width, height) = self.size;
        let style = text(17.0).pos(Pos::new(HPos::Center, VPos::Center));
        let middle = ((width / 2) as i32, (height / 2) as i32);
        sheet.draw(&Text::new(self.words.get("empty"), middle, style))
    }

    /// What plotters has drawn, as a document that says what it is.
    fn document(&self, drawn: &str, description: &str) -> String {
        let (width, height) = self.size;
        let body = drawn.split_once(">\n").map_or("</svg>\n", |(_, body)| body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n<desc>{}</desc>\n{STYLE}\n{}",
            escaped(&self.title),
            escaped(description),
            // Within a text a quotation mark is escaped.
            body.replace(INK_WRITTEN, "\"currentColor\""),
        )
    }
}

fn on_axes(
    sheet: &Sheet<'_>,
    x: Axis,
    y: Axis,
    around: Around,
    draw: impl FnOnce(&mut Canvas<'_, '_>, &Sheet<'_>) -> Drawn,
) -> Drawn {
    let left = 16 + 7 * y.letters() as u32;
    let mut canvas = ChartBuilder::on(sheet)
        .margin_top(if around.key { 26 } else { 12 })
        .margin_right(34)
        .margin_bottom(6)
        .margin_left(8)
        .x_label_area_size(26)
        .y_label_area_size(left)
        .build_cartesian_2d(x, y)?;
    let mut lines = canvas.configure_mesh();
    lines.axis_style(INK.mix(0.45)).bold_line_style(INK.mix(0.14)).light_line_style(TRANSPARENT);
    lines.label_style(text(15.0));
    lines.disable_x_mesh();
    if !around.lines {
        lines.disable_y_mesh();
    }
    lines.draw()?;
    draw(&mut canvas, sheet)
}

/// The text of labels; plotters writes four fifths of a size.
pub(super) fn text(size: f64) -> TextStyle<'static> {
    TextStyle::from(("system-ui, sans-serif", size)).color(&INK)
}

/// What XML has no place for is left out.
pub(super) fn legible(text: &str) -> String {
    let is_legible = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(is_legible).collect()
}

fn escaped(text: &str) -> String {
    legible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
