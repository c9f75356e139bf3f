//! The least that a user of the `phonenumber` crate would write: keys as text, a hash map that
//! numbers them, and petgraph's `UnionFind`.

use crate::phones::Peer;
use crate::table::{Column, EMAILS, PHONES, Table};
use hashbrown::HashMap;
use petgraph::unionfind::UnionFind;

/// A label for each row; rows of one customer have the same.
pub(crate) fn merge(table: Table) -> anyhow::Result<Vec<u32>> {
    let mut phones = Peer::new();
    let mut numbered: HashMap<String, u32> = HashMap::with_capacity(table.rows / 2);
    let mut uses = Vec::new();
    let mut rows = 0;
    table.each_row(|row| {
        rows = row.number + 1;
        let mut push = |key: String| {
            let next = numbered.len() as u32;
            uses.push((row.number, *numbered.entry(key).or_insert(next)));
        };
        let region = row.text(Column::Region);
        for column in PHONES {
            if let Some(text) = row.value(column) {
                phones.e164(text, region).into_iter().for_each(&mut push);
            }
        }
        for column in EMAILS {
            if let Some(text) = row.value(column) {
                address(text).into_iter().for_each(&mut push);
            }
        }
        Ok(())
    })?;
    let mut sets = UnionFind::new(rows as usize + numbered.len());
    for (row, key) in uses {
        sets.union(row, rows + key);
    }
    let mut labels = sets.into_labeling();
    labels.truncate(rows as usize);
    Ok(labels)
}

pub(crate) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    text.contains('@').then(|| text.to_lowercase())
}
