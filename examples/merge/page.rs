//! The report: one page to look at.

use crate::arguments::Arguments;
use crate::outcome::{largest_customers, withheld};
use crate::read::Reading;
use crate::truth::Measured;
use kontak_examples::report::{
    Figure, GraphDrawing, Link, LinkKind, Node, NodeKind, Quality, QualityRow, ReportPage,
    WithheldReason, grouped,
};
use kontak_identity::{Customer, IdentifierHandle, IdentifierKind, TouchpointHandle, View};
use std::collections::BTreeMap;

/// The most merges that are drawn, and accounts in one of them.
const DRAWN: usize = 8;
const MOST_NODES: usize = 40;

pub(crate) fn page(
    view: View<'_>,
    reading: &Reading,
    measured: Option<&Measured>,
    arguments: &Arguments,
    seconds: f64,
) -> ReportPage {
    let mut page = ReportPage::new("Records merged into customers");
    let files: Vec<String> = arguments
        .files
        .iter()
        .map(|file| file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned())
        .collect();
    page.subtitle = format!("{}, by phone number and e-mail address", files.join(", "));
    let customers = view.customer_count() as u64;
    let held = withheld(view);
    let (contested, largest) = view.contested();
    page.figures = vec![
        Figure::new("records", grouped(reading.rows), format!("in {seconds:.2} s")),
        Figure::new(
            "customers",
            grouped(customers),
            format!("{:.2} records each", view.touchpoint_count() as f64 / customers.max(1) as f64),
        ),
        Figure::new(
            "evidence",
            grouped(view.evidence_count() as u64),
            "accounts that used a value",
        ),
        Figure::new(
            "withheld",
            grouped(held.values().map(|(count, _)| count).sum()),
            "kept, and joins nobody",
        ),
        Figure::new(
            "contested",
            grouped(contested as u64),
            format!("clusters, the largest of {largest} records"),
        ),
    ];
    let mut sizes: BTreeMap<u64, u64> = BTreeMap::new();
    for customer in view.customers() {
        *sizes.entry(customer.len() as u64).or_default() += 1;
    }
    page.sizes = sizes.into_iter().collect();
    page.withheld = held
        .into_iter()
        .map(|(reason, (count, examples))| WithheldReason {
            reason: reason.to_string(),
            count,
            examples,
        })
        .collect();
    page.graphs =
        strangest(view).into_iter().map(|(why, customer)| drawing(view, customer, why)).collect();
    page.quality = measured.map(quality);
    page.complaints =
        reading.complaints.reasons().map(|(reason, count)| (reason.to_owned(), count)).collect();
    page
}

/// The merges that a person should look at first: held together by one link, many names, large.
fn strangest(view: View<'_>) -> Vec<(String, Customer<'_>)> {
    let mut by_names: Vec<(usize, usize, Customer<'_>)> = view
        .customers()
        .map(|customer| {
            let members = customer.members();
            let mut names: Vec<&str> =
                members.iter().flat_map(|member| view.names(*member)).collect();
            names.sort_unstable();
            names.dedup();
            (names.len(), members.len(), customer)
        })
        .filter(|(_, size, _)| *size > 1)
        .collect();
    by_names.sort_by_key(|(names, size, customer)| {
        (std::cmp::Reverse((*names, *size)), customer.founder())
    });
    let mut strangest: Vec<(String, Customer<'_>)> = by_names
        .into_iter()
        .take(DRAWN / 2)
        .map(|(names, size, customer)| {
            (format!("{size} accounts under {names} different names"), customer)
        })
        .collect();
    for customer in largest_customers(view) {
        if strangest.len() < DRAWN && !strangest.iter().any(|(_, other)| *other == customer) {
            let bridges = view.bridges(customer.founder()).len();
            let why = match bridges {
                0 => format!("one of the largest, {} accounts", customer.len()),
                _ => format!(
                    "one of the largest, {} accounts; {bridges} links each hold it together alone",
                    customer.len()
                ),
            };
            strangest.push((why, customer));
        }
    }
    strangest
}

fn drawing(view: View<'_>, customer: Customer<'_>, why: String) -> GraphDrawing {
    let members = customer.members();
    let shown = &members[..members.len().min(MOST_NODES)];
    let mut nodes: Vec<Node> = shown.iter().map(|member| account(view, *member)).collect();
    let mut places: BTreeMap<IdentifierHandle, usize> = BTreeMap::new();
    let mut links: BTreeMap<(usize, usize), LinkKind> = BTreeMap::new();
    let weakest =
        view.component(customer.founder()).and_then(|component| component.bridges().pop());
    for (from, member) in shown.iter().enumerate() {
        for evidence in view.evidence(*member) {
            let to = *places.entry(evidence.identifier).or_insert_with(|| {
                nodes.push(value(view, evidence.identifier));
                nodes.len() - 1
            });
            let is_weakest = weakest.is_some_and(|link| {
                (link.touchpoint, link.identifier) == (*member, evidence.identifier)
            });
            let kind = match evidence.withheld {
                Some(_) => LinkKind::Withheld,
                None if is_weakest => LinkKind::Weakest,
                None => LinkKind::Joins,
            };
            links.insert((from, to), kind);
        }
    }
    let left_out = members.len() - shown.len();
    let title = match left_out {
        0 => format!("Customer {}", customer.id()),
        _ => format!("Customer {}, without {left_out} of its accounts", customer.id()),
    };
    let links = links.into_iter().map(|((from, to), kind)| Link { from, to, kind }).collect();
    GraphDrawing { title, why, nodes, links }
}

fn account(view: View<'_>, touchpoint: TouchpointHandle) -> Node {
    let key = view.touchpoint_key(touchpoint);
    let channel = key.as_ref().map_or_else(String::new, |key| key.channel.to_string());
    let initials = |name: &str| {
        name.split_whitespace().filter_map(|word| word.chars().next()).collect::<String>()
    };
    let names: Vec<String> = view.names(touchpoint).map(initials).collect();
    let label =
        names.first().filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| channel.clone());
    Node { label, detail: channel, kind: NodeKind::Touchpoint }
}

fn value(view: View<'_>, identifier: IdentifierHandle) -> Node {
    let value = view.identifier_value(identifier);
    let kind = match value.as_ref().map(kontak_identity::IdentifierValue::kind) {
        Some(IdentifierKind::Phone) => NodeKind::Phone,
        Some(IdentifierKind::Email) => NodeKind::Email,
        _ => NodeKind::Other,
    };
    let holders = view.holders(identifier).len();
    let label = value.map_or_else(String::new, |value| value.masked());
    Node { label, detail: format!("{holders} accounts used it"), kind }
}

fn quality(measured: &Measured) -> Quality {
    let row =
        |measure: &str, precision: Option<f64>, recall: Option<f64>, f1: Option<f64>| QualityRow {
            measure: measure.to_owned(),
            precision: precision.unwrap_or(1.0),
            recall: recall.unwrap_or(1.0),
            f1: f1.unwrap_or(1.0),
        };
    let pairs = &measured.quality.pairs;
    let cubed = measured.quality.b_cubed.as_ref();
    Quality {
        against: format!("{} records whose entity is known", grouped(measured.known as u64)),
        rows: vec![
            row("pairs", pairs.precision(), pairs.recall(), pairs.f1()),
            row(
                "B-cubed",
                cubed.map(|cubed| cubed.precision),
                cubed.map(|cubed| cubed.recall),
                cubed.map(kontak_identity::quality::BCubed::f1),
            ),
        ],
        notes: vec![measured.reach.to_string()],
    }
}
