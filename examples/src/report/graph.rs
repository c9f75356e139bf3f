use super::layout::{Point, layout, overlaps, spread};
use super::page::Escaped;
use super::{GraphDrawing, Link, LinkKind, Node, NodeKind};
use std::fmt::{self, Display, Formatter};

/// More than this is a cloud, not a drawing.
const MOST_NODES: usize = 80;

/// The length of a link where there is room, in pixels.
const LINK: Point = [120.0, 90.0];

/// How large a drawing is at most: wider, its letters would be made smaller than the page's.
const LARGEST: Point = [930.0, 800.0];

/// A label is as wide as its letters, within bounds.
const LETTER: f64 = 6.6;
const MOST_LETTERS: usize = 22;

/// A drawing, with its place on the page.
pub(super) struct Drawn<'a> {
    pub(super) graph: &'a GraphDrawing,
    pub(super) number: usize,
}

impl Drawn<'_> {
    fn links(&self, nodes: usize) -> impl Iterator<Item = &Link> {
        let drawn =
            move |link: &&Link| link.from < nodes && link.to < nodes && link.from != link.to;
        self.graph.links.iter().filter(drawn)
    }
}

impl Display for Drawn<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let GraphDrawing { title, why, nodes: all, .. } = self.graph;
        let nodes = &all[..all.len().min(MOST_NODES)];
        let pairs: Vec<_> = self.links(nodes.len()).map(|link| (link.from, link.to)).collect();
        let letters = nodes.iter().map(|node| shown(&node.label).chars().count()).max();
        let width = (letters.unwrap_or(0) as f64 * LETTER).max(40.0) + 8.0;
        let places = place(&layout(nodes.len(), &pairs), [width, 42.0]);

        write!(
            f,
            "<figure class=\"graph wide\">\n<figcaption><h3>{}</h3><p>{}</p></figcaption>\n",
            Escaped(title),
            Escaped(why),
        )?;
        if nodes.len() < all.len() {
            let (shown, all) = (nodes.len(), all.len());
            writeln!(f, "<p class=\"note\">The first {shown} of {all} nodes are drawn.</p>")?;
        }
        let number = self.number;
        let [left, top, wide, high] = frame(&places, width);
        write!(
            f,
            "<svg viewBox=\"{left:.0} {top:.0} {wide:.0} {high:.0}\" style=\"--wide:{wide:.0}px\" \
             role=\"img\" aria-labelledby=\"graph-{number}\">\n<title id=\"graph-{number}\">{}: {}</title>\n",
            Escaped(title),
            self.in_words(),
        )?;
        let mut links: Vec<&Link> = self.links(nodes.len()).collect();
        links.sort_by_key(|link| link.kind);
        for link in links {
            let ([ax, ay], [bx, by]) = (places[link.from], places[link.to]);
            let kind = link.kind.name();
            writeln!(f, "<path class=\"{kind}\" d=\"M{ax:.1} {ay:.1}L{bx:.1} {by:.1}\"/>")?;
        }
        for (node, place) in nodes.iter().zip(&places) {
            draw(f, node, *place)?;
        }
        f.write_str("</svg>\n")?;
        self.list(f)?;
        f.write_str("</figure>\n")
    }
}

impl Drawn<'_> {
    fn in_words(&self) -> String {
        let kinds = [
            (NodeKind::Touchpoint, "touchpoints"),
            (NodeKind::Phone, "phone numbers"),
            (NodeKind::Email, "e-mail addresses"),
            (NodeKind::Other, "other identifiers"),
        ];
        let parts = kinds.iter().filter_map(|(kind, name)| {
            let count = self.graph.nodes.iter().filter(|node| node.kind == *kind).count();
            (count > 0).then(|| format!("{count} {name}"))
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    /// The same for those who do not see the drawing.
    fn list(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("<details><summary>As a list</summary>\n<ul>\n")?;
        for link in self.links(self.graph.nodes.len()) {
            let (from, to) = (&self.graph.nodes[link.from], &self.graph.nodes[link.to]);
            writeln!(
                f,
                "<li>{} \u{2014} {} {} ({})</li>",
                Escaped(&from.label),
                to.kind.name(),
                Escaped(&to.label),
                link.kind.words(),
            )?;
        }
        f.write_str("</ul>\n</details>\n")
    }
}

/// Places in pixels, with room for a box of `size` around each.
fn place(layout: &[Point], size: Point) -> Vec<Point> {
    let most = [0, 1].map(|axis: usize| {
        let reach = layout.iter().map(|place| place[axis].abs()).fold(1e-9, f64::max);
        (LARGEST[axis] - size[axis]) / (2.0 * reach)
    });
    let scaled = |by: f64| {
        let scale = [0, 1].map(|axis: usize| (LINK[axis] * by).min(most[axis]));
        layout.iter().map(|place| [place[0] * scale[0], place[1] * scale[1]]).collect()
    };
    // Larger until the boxes are clear of each other; what still overlaps is pushed apart.
    let steps = (0..12).map(|step| scaled(1.0 + 0.125 * f64::from(step)));
    let mut places: Vec<Point> = steps
        .clone()
        .find(|places: &Vec<Point>| overlaps(places, size) == 0)
        .unwrap_or_else(|| steps.min_by_key(|places| overlaps(places, size)).unwrap_or_default());
    spread(&mut places, size);
    places
}

fn draw(f: &mut Formatter<'_>, node: &Node, [x, y]: Point) -> fmt::Result {
    let kind = node.kind.name();
    let detail = if node.detail.is_empty() { &node.label } else { &node.detail };
    write!(f, "<g class=\"node\" transform=\"translate({x:.1} {y:.1})\">")?;
    write!(f, "<title>{}</title>", Escaped(detail))?;
    match node.kind {
        NodeKind::Touchpoint => write!(f, "<circle class=\"{kind}\" r=\"8\"/>")?,
        NodeKind::Phone => {
            write!(
                f,
                "<rect class=\"{kind}\" x=\"-7\" y=\"-7\" width=\"14\" height=\"14\" rx=\"2\"/>"
            )?;
        }
        NodeKind::Email => write!(f, "<path class=\"{kind}\" d=\"M0 -9 9 0 0 9 -9 0Z\"/>")?,
        NodeKind::Other => write!(f, "<path class=\"{kind}\" d=\"M0 -8 8 7H-8Z\"/>")?,
    }
    writeln!(f, "<text y=\"23\">{}</text></g>", Escaped(&shown(&node.label)))
}

/// The label, cut where it is too long.
fn shown(label: &str) -> String {
    if label.chars().count() <= MOST_LETTERS {
        return label.to_owned();
    }
    label.chars().take(MOST_LETTERS - 1).chain(['…']).collect()
}

/// Left, top, width and height of what has to be seen.
fn frame(places: &[Point], label: f64) -> [f64; 4] {
    let bounds = |axis: usize| {
        let each = places.iter().map(move |place| place[axis]);
        (each.clone().fold(0.0, f64::min), each.fold(0.0, f64::max))
    };
    let ((left, right), (top, bottom)) = (bounds(0), bounds(1));
    let side = label / 2.0 + 6.0;
    [left - side, top - 16.0, right - left + 2.0 * side, bottom - top + 48.0]
}

impl LinkKind {
    fn name(self) -> &'static str {
        match self {
            Self::Joins => "joins",
            Self::Weakest => "weakest",
            Self::Withheld => "withheld",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Joins => "joins",
            Self::Weakest => "joins, the weakest",
            Self::Withheld => "withheld",
        }
    }
}
