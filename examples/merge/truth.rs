//! Who each record really is, and how the customers compare with it.

use crate::read::Reading;
use anyhow::{Context as _, ensure};
use kontak_examples::{Complaints, Table};
use kontak_identity::View;
use kontak_identity::quality::{Quality, Reach};
use std::collections::BTreeMap;
use std::path::Path;

/// How the customers compare with the truth, over the records of which it is known.
pub(crate) struct Measured {
    pub(crate) quality: Quality,
    pub(crate) reach: Reach,
    pub(crate) known: usize,
    pub(crate) false_pairs: Vec<(usize, usize)>,
}

/// The most false pairs that are shown.
const SHOWN: usize = 10;

/// Reads `[source,] record id, entity id` and adds it to what the truth column said.
pub(crate) fn read_file(path: &Path, view: View<'_>, reading: &mut Reading) -> anyhow::Result<()> {
    let mut table = Table::open(&[path])?;
    let width = table.columns().len();
    ensure!(
        width == 2 || width == 3,
        "{}: a truth file has the columns [source,] record id, entity id",
        path.display()
    );
    let mut by_key: BTreeMap<(Option<String>, String), usize> = BTreeMap::new();
    for touchpoint in view.touchpoints() {
        if let Some(key) = view.touchpoint_key(touchpoint) {
            by_key.insert(((width == 3).then_some(key.scope), key.id), touchpoint.index());
        }
    }
    reading.truth.resize(reading.truth.len().max(by_key.len()), None);
    let mut complaints = Complaints::default();
    let mut found = 0;
    while let Some(row) = table.next_row(&mut complaints)? {
        let source = (width == 3).then(|| row.cell(0).to_owned());
        if let Some(index) = by_key.get(&(source, row.cell(width - 2).to_owned())) {
            reading.truth[*index] = Some(row.cell(width - 1).into());
            found += 1;
        }
    }
    ensure!(found > 0, "{}: none of its records was read", path.display());
    Ok(())
}

pub(crate) fn measure(
    view: View<'_>,
    truth: &[Option<Box<str>>],
) -> anyhow::Result<Option<Measured>> {
    let mut entities: BTreeMap<&str, u32> = BTreeMap::new();
    let mut places = Vec::new();
    let (mut labels, mut found) = (Vec::new(), Vec::new());
    for touchpoint in view.touchpoints() {
        let Some(entity) = truth.get(touchpoint.index()).and_then(Option::as_deref) else {
            continue;
        };
        let customer = view.customer_of(touchpoint).context("a touchpoint of this graph")?;
        let next = entities.len() as u32;
        labels.push(*entities.entry(entity).or_insert(next));
        found.push(customer.founder().index() as u32);
        places.push(touchpoint);
    }
    if labels.is_empty() {
        return Ok(None);
    }
    // Reachable by any method that uses phone and e-mail: chained by values within one entity.
    let mut parent: Vec<u32> = (0..labels.len() as u32).collect();
    let mut first: BTreeMap<(u32, usize), u32> = BTreeMap::new();
    for (place, touchpoint) in (0..).zip(&places) {
        for evidence in view.evidence(*touchpoint) {
            let other = *first
                .entry((labels[place as usize], evidence.identifier.index()))
                .or_insert(place);
            let (a, b) = (root(&parent, other), root(&parent, place));
            parent[a.max(b) as usize] = a.min(b);
        }
    }
    let reachable: Vec<u32> = (0..labels.len() as u32).map(|place| root(&parent, place)).collect();
    let mut false_pairs = Vec::new();
    for (at, customer) in found.iter().enumerate() {
        let others = (at + 1..found.len())
            .filter(|other| found[*other] == *customer && labels[*other] != labels[at]);
        false_pairs.extend(others.map(|other| (places[at].index(), places[other].index())));
        if false_pairs.len() >= SHOWN || found.len() > 100_000 {
            break;
        }
    }
    false_pairs.truncate(SHOWN);
    Ok(Some(Measured {
        quality: Quality::measure(&labels, &found)?,
        reach: Reach::measure(&labels, &reachable, &found)?,
        known: labels.len(),
        false_pairs,
    }))
}

fn root(parent: &[u32], mut place: u32) -> u32 {
    while parent[place as usize] != place {
        place = parent[place as usize];
    }
    place
}
