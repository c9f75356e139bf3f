use kontak_examples::report::{
    Figure, GraphDrawing, Link, LinkKind, Node, NodeKind, Quality, QualityRow, ReportPage,
    WithheldReason,
};

fn node(label: &str, kind: NodeKind) -> Node {
    Node { label: label.into(), detail: String::new(), kind }
}

/// A mailbox that `holders` records share.
fn mailbox(holders: usize) -> GraphDrawing {
    let mut nodes = vec![node("i•••@example.com", NodeKind::Email)];
    nodes.extend((0..holders).map(|n| node(&format!("crm:{n}"), NodeKind::Touchpoint)));
    let links = (1..=holders).map(|from| Link { from, to: 0, kind: LinkKind::Withheld }).collect();
    GraphDrawing { title: "a mailbox".into(), why: "shared".into(), nodes, links }
}

fn page() -> ReportPage {
    let mut page = ReportPage::new("<b>&\"'");
    page.subtitle = "read \u{1b}[31m".into();
    page.figures = vec![Figure::new("records", "159", "")];
    page.sizes = vec![(1, 100), (3, 2), (3, 1), (0, 5), (7, 0)];
    page.withheld = vec![WithheldReason {
        reason: "names differ".into(),
        count: 1_234,
        examples: vec!["<script>".into()],
    }];
    page.graphs = vec![mailbox(21)];
    page.quality = Some(Quality {
        against: "the key".into(),
        rows: vec![QualityRow { measure: "pairs".into(), precision: 1.0, recall: 0.25, f1: 0.4 }],
        notes: vec![],
    });
    page.complaints = vec![("a NUL byte".into(), 3)];
    page
}

#[test]
fn it_is_one_file_and_text_stays_text() {
    let html = page().to_string();
    for outside in ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "\u{1b}"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(html.contains("<h1>&lt;b&gt;&amp;&quot;&#39;</h1>"));
    assert!(html.contains("1,234") && html.contains("&lt;script&gt;"));
    assert_eq!(html, page().to_string(), "the same data give the same page");
}

#[test]
fn every_element_is_closed() {
    let html = page().to_string();
    let body = html.split("</style>").nth(1).unwrap();
    let mut open = vec!["html", "head"];
    for tag in body.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split_whitespace().next().unwrap()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn equal_sizes_are_added_and_impossible_ones_left_out() {
    let html = page().to_string();
    assert!(html.contains("<title>3 records: 3 customers</title>"));
    assert!(html.contains("103 customers by their number of records: 100 of them have 1"));
    assert_eq!(html.matches("class=\"stem\"").count(), 2);
}

#[test]
fn an_empty_page_and_odd_graphs_are_drawn() {
    assert!(!ReportPage::new("nothing").to_string().contains("<section>"));
    let mut odd = mailbox(2);
    odd.links.push(Link { from: 1, to: 9, kind: LinkKind::Joins });
    odd.links.push(Link { from: 1, to: 1, kind: LinkKind::Joins });
    odd.nodes.push(node(&"long ".repeat(40), NodeKind::Other));
    let nothing =
        GraphDrawing { title: "none".into(), why: String::new(), nodes: vec![], links: vec![] };
    let mut page = ReportPage::new("odd");
    page.graphs = vec![odd, nothing, mailbox(0), mailbox(300)];
    page.sizes = vec![(1, 1)];
    let html = page.to_string();
    assert!(html.contains("The first 80 of 301 nodes are drawn."));
    assert!(!html.contains("NaN") && !html.contains("inf"));
}

/// Places from the page, `(x, y)`.
fn places(html: &str) -> Vec<(f64, f64)> {
    let place = |node: &str| {
        let (x, y) = node.split(')').next()?.split_once(' ')?;
        Some((x.parse().ok()?, y.parse().ok()?))
    };
    html.split("class=\"node\" transform=\"translate(").skip(1).filter_map(place).collect()
}

#[test]
fn labels_do_not_cover_each_other() {
    for holders in [1, 2, 5, 21, 60] {
        let mut page = ReportPage::new("mailbox");
        page.graphs = vec![mailbox(holders)];
        let places = places(&page.to_string());
        assert_eq!(places.len(), holders + 1);
        for (n, a) in places.iter().enumerate() {
            for b in &places[..n] {
                let apart = (a.0 - b.0).abs() > 60.0 || (a.1 - b.1).abs() > 30.0;
                assert!(apart, "{holders} holders: {a:?} {b:?}");
            }
        }
    }
}
