use super::graph::Drawn;
use super::sizes::SizePlot;
use super::{Chart, Figure, NodeKind, Quality, ReportPage, WithheldReason, grouped};
use std::fmt::{self, Display, Formatter, Write};

const STYLE: &str = include_str!("style.css");

impl Display for ReportPage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let title = Escaped(&self.title);
        write!(
            f,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <header>\n<h1>{title}</h1>\n",
        )?;
        if !self.subtitle.is_empty() {
            writeln!(f, "<p class=\"lead\">{}</p>", Escaped(&self.subtitle))?;
        }
        f.write_str("</header>\n")?;
        figures(f, &self.figures)?;
        if let Some(quality) = &self.quality {
            measured(f, quality)?;
        }
        for chart in &self.charts {
            drawn(f, chart)?;
        }
        if let Some(plot) = SizePlot::new(&self.sizes) {
            section(f, "Customers by size", &plot)?;
        }
        if !self.withheld.is_empty() {
            withheld(f, &self.withheld)?;
        }
        if !self.graphs.is_empty() {
            f.write_str("<section>\n<h2>The strangest merges</h2>\n")?;
            f.write_str(LEGEND)?;
            for (number, graph) in self.graphs.iter().enumerate() {
                write!(f, "{}", Drawn { graph, number: number + 1 })?;
            }
            f.write_str("</section>\n")?;
        }
        if !self.complaints.is_empty() || !self.notes.is_empty() {
            input(f, &self.complaints, &self.notes)?;
        }
        f.write_str("</main>\n</body>\n</html>\n")
    }
}

fn section(f: &mut Formatter<'_>, title: &str, body: &impl Display) -> fmt::Result {
    write!(f, "<section>\n<h2>{title}</h2>\n{body}</section>\n")
}

fn figures(f: &mut Formatter<'_>, figures: &[Figure]) -> fmt::Result {
    if figures.is_empty() {
        return Ok(());
    }
    // Rows of the same length, where the number of figures allows it.
    let columns = [4, 3, 5].into_iter().find(|columns| figures.len().is_multiple_of(*columns));
    writeln!(f, "<dl class=\"figures\" style=\"--columns:{}\">", columns.unwrap_or(4))?;
    for Figure { label, value, note } in figures {
        let (label, value, note) = (Escaped(label), Escaped(value), Escaped(note));
        writeln!(
            f,
            "<div><dt>{label}</dt><dd class=\"value\">{value}</dd><dd class=\"note\">{note}</dd></div>"
        )?;
    }
    f.write_str("</dl>\n")
}

fn measured(f: &mut Formatter<'_>, quality: &Quality) -> fmt::Result {
    write!(
        f,
        "<section>\n<h2>Against the truth</h2>\n<div class=\"wide\"><table>\n\
         <caption>{}</caption>\n<thead><tr><th scope=\"col\">measure</th>\
         <th scope=\"col\" class=\"number\">precision</th>\
         <th scope=\"col\" class=\"number\">recall</th>\
         <th scope=\"col\" class=\"number\">F1</th></tr></thead>\n<tbody>\n",
        Escaped(&quality.against),
    )?;
    for row in &quality.rows {
        write!(f, "<tr><th scope=\"row\">{}</th>", Escaped(&row.measure))?;
        for share in [row.precision, row.recall, row.f1] {
            write!(f, "<td class=\"number\">{share:.4}</td>")?;
        }
        f.write_str("</tr>\n")?;
    }
    f.write_str("</tbody>\n</table></div>\n")?;
    list(f, &quality.notes)?;
    f.write_str("</section>\n")
}

fn drawn(f: &mut Formatter<'_>, chart: &Chart) -> fmt::Result {
    let Chart { title, note, svg, table } = chart;
    write!(f, "<section>\n<h2>{}</h2>\n", Escaped(title))?;
    if !svg.is_empty() {
        writeln!(f, "<div class=\"wide\"><figure class=\"chart\">{svg}</figure></div>")?;
    }
    if let [heading, rows @ ..] = &table[..] {
        f.write_str("<div class=\"wide\"><table>\n<thead><tr>")?;
        for cell in heading {
            write!(f, "<th scope=\"col\">{}</th>", Escaped(cell))?;
        }
        f.write_str("</tr></thead>\n<tbody>\n")?;
        for row in rows {
            f.write_str("<tr>")?;
            for cell in row {
                write!(f, "<td>{}</td>", Escaped(cell))?;
            }
            f.write_str("</tr>\n")?;
        }
        f.write_str("</tbody>\n</table></div>\n")?;
    }
    if !note.is_empty() {
        writeln!(f, "<p class=\"note\">{}</p>", Escaped(note))?;
    }
    f.write_str("</section>\n")
}

fn withheld(f: &mut Formatter<'_>, rows: &[WithheldReason]) -> fmt::Result {
    f.write_str(
        "<section>\n<h2>Withheld evidence</h2>\n<div class=\"wide\"><table>\n\
         <caption>Recorded and kept from joining; it joins when the reason goes.</caption>\n\
         <thead><tr><th scope=\"col\">reason</th><th scope=\"col\" class=\"number\">pieces</th>\
         <th scope=\"col\">for example</th></tr></thead>\n<tbody>\n",
    )?;
    for WithheldReason { reason, count, examples } in rows {
        let (reason, count) = (Escaped(reason), grouped(*count));
        write!(f, "<tr><th scope=\"row\">{reason}</th><td class=\"number\">{count}</td><td>")?;
        for example in examples {
            write!(f, "<span class=\"example\">{}</span> ", Escaped(example))?;
        }
        f.write_str("</td></tr>\n")?;
    }
    f.write_str("</tbody>\n</table></div>\n</section>\n")
}

fn input(f: &mut Formatter<'_>, complaints: &[(String, u64)], notes: &[String]) -> fmt::Result {
    f.write_str("<section>\n<h2>The input</h2>\n")?;
    list(f, notes)?;
    if !complaints.is_empty() {
        f.write_str(
            "<div class=\"wide\"><table>\n<caption>What could not be used</caption>\n<thead><tr>\
             <th scope=\"col\">reason</th><th scope=\"col\" class=\"number\">times</th></tr>\
             </thead>\n<tbody>\n",
        )?;
        for (reason, count) in complaints {
            let (reason, count) = (Escaped(reason), grouped(*count));
            writeln!(
                f,
                "<tr><th scope=\"row\">{reason}</th><td class=\"number\">{count}</td></tr>"
            )?;
        }
        f.write_str("</tbody>\n</table></div>\n")?;
    }
    f.write_str("</section>\n")
}

fn list(f: &mut Formatter<'_>, sentences: &[String]) -> fmt::Result {
    if sentences.is_empty() {
        return Ok(());
    }
    f.write_str("<ul>\n")?;
    for sentence in sentences {
        writeln!(f, "<li>{}</li>", Escaped(sentence))?;
    }
    f.write_str("</ul>\n")
}

const LEGEND: &str = "<ul class=\"legend\">\n\
    <li><svg width=\"18\" height=\"18\" aria-hidden=\"true\"><circle class=\"touchpoint\" cx=\"9\" \
    cy=\"9\" r=\"7\"/></svg> touchpoint</li>\n\
    <li><svg width=\"18\" height=\"18\" aria-hidden=\"true\"><rect class=\"phone\" x=\"3\" y=\"3\" \
    width=\"12\" height=\"12\" rx=\"2\"/></svg> phone number</li>\n\
    <li><svg width=\"18\" height=\"18\" aria-hidden=\"true\"><path class=\"email\" \
    d=\"M9 1 17 9 9 17 1 9Z\"/></svg> e-mail address</li>\n\
    <li><svg width=\"34\" height=\"18\" aria-hidden=\"true\"><path class=\"joins\" d=\"M1 9H33\"/>\
    </svg> joins</li>\n\
    <li><svg width=\"34\" height=\"18\" aria-hidden=\"true\"><path class=\"weakest\" d=\"M1 9H33\"/>\
    </svg> joins, the weakest</li>\n\
    <li><svg width=\"34\" height=\"18\" aria-hidden=\"true\"><path class=\"withheld\" \
    d=\"M1 9H33\"/></svg> withheld</li>\n</ul>\n";

impl NodeKind {
    /// Its name in words and in the style sheet.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Touchpoint => "touchpoint",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Other => "other",
        }
    }
}

/// Text that is safe in an element and in a quoted attribute.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c if c.is_control() && c != '\n' => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
