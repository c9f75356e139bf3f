//! Whether the pipelines mean the same: by field, and by what is merged in the end.

use crate::ours::{self, Names};
use crate::peer;
use crate::phones::{Engine, Kontak, Peer, ReadPhone as _};
use crate::table::{Column, EMAILS, PHONES, Table};
use anyhow::ensure;
use hashbrown::HashMap;
use kontak_address::EmailAddress;
use kontak_benches::Population;
use kontak_benches::reference::{Edges, UnionFind, naive_labels};
use std::collections::BTreeSet;

pub(crate) fn check(population: &Population, table: Table, head: Table) -> anyhow::Result<()> {
    fields(population, head.rows)?;

    let ours = same_value_labels(table)?;
    let meant = naive_labels(&Edges::of(population));
    let differ = ours.iter().zip(&meant).filter(|(ours, meant)| ours != meant).count();
    println!(
        "\njoined by every value that kontak reads, {differ} records are not where the generator has them"
    );

    ensure!(1_000 * differ <= ours.len(), "the table is not read as the generator means it");

    let kontak = ours::merge(table, Kontak::new(), Names::Without)?.graph.settle().customer_count();
    let engine = ours::merge(table, Engine::new(), Names::Without)?.graph.settle().customer_count();
    println!(
        "customers: kontak {kontak}, with rlibphonenumber {engine}, joined by every value {}",
        count(&meant)
    );
    let found = count(&peer::merge(head)?);
    println!(
        "first {} records, joined by every value: phonenumber {found}, kontak's keys {}",
        head.rows,
        count(&same_value_labels(head)?)
    );
    Ok(())
}

fn count(labels: &[u32]) -> usize {
    labels.iter().collect::<BTreeSet<_>>().len()
}

/// What one reader made of the fields, beside what the generator meant.
#[derive(Default)]
struct Tally {
    right: usize,
    wrong: usize,
    missed: usize,
    /// Of placeholders that are no value.
    from_nothing: usize,
}

impl Tally {
    fn add(&mut self, meant: Option<&str>, read: Option<&str>) {
        let counted = match (meant, read) {
            (Some(meant), Some(read)) if meant == read => &mut self.right,
            (Some(_), Some(_)) => &mut self.wrong,
            (Some(_), None) => &mut self.missed,
            (None, Some(_)) => &mut self.from_nothing,
            (None, None) => return,
        };
        *counted += 1;
    }

    fn print(&self, name: &str) {
        let Self { right, wrong, missed, from_nothing } = self;
        println!("{name:<24}{right:>10}{wrong:>10}{missed:>10}{from_nothing:>14}");
    }
}

/// Where two readers both have a key, it is the same one. All phones, then all addresses, of the
/// first rows.
fn fields(population: &Population, rows: usize) -> anyhow::Result<()> {
    let (mut kontak, mut engine, mut peer) = (Kontak::new(), Engine::new(), Peer::new());
    let [mut phones, mut engine_phones, mut peer_phones] = <[Tally; 3]>::default();
    let [mut addresses, mut peer_addresses] = <[Tally; 2]>::default();
    let [mut engine_differs, mut peer_differs] = [0; 2];
    for number in 0..rows as u32 {
        let row = population.row(number);
        let sightings = population.sightings(number).iter();
        let mut meant = sightings.map(|sighting| population.key(sighting.identifier()));
        for text in &row.phones {
            let meant = meant.next().flatten();
            let ours = kontak.read(text, row.region).map(|(number, _)| number.to_string());
            let engine = engine.read(text, row.region).map(|(number, _)| number.to_string());
            let peer = peer.e164(text, row.region);
            let differs = |other: &Option<String>| {
                usize::from(ours.is_some() && other.is_some() && ours != *other)
            };
            engine_differs += differs(&engine);
            peer_differs += differs(&peer);
            phones.add(meant.as_deref(), ours.as_deref());
            engine_phones.add(meant.as_deref(), engine.as_deref());
            peer_phones.add(meant.as_deref(), peer.as_deref());
        }
        for text in &row.emails {
            let meant = meant.next().flatten();
            let ours = text.parse::<EmailAddress>().ok();
            let lower_case = peer::address(text);
            if let (Some(ours), Some(lower_case)) = (&ours, &lower_case) {
                ensure!(ours.exact_key() == lower_case, "an exact key is more than lower case");
            }
            let ours = ours.as_ref().map(EmailAddress::canonical_key);
            addresses.add(meant.as_deref(), ours);
            peer_addresses.add(meant.as_deref(), lower_case.as_deref());
        }
    }
    println!(
        "\n{:<24}{:>10}{:>10}{:>10}{:>14}",
        "fields", "as meant", "otherwise", "not read", "from nothing"
    );
    phones.print("phones, kontak");
    engine_phones.print("phones, rlibphonenumber");
    peer_phones.print("phones, phonenumber");
    addresses.print("e-mail, canonical key");
    peer_addresses.print("e-mail, lower case");
    println!(
        "phones that two read as different numbers: {engine_differs} kontak and rlibphonenumber, \
         {peer_differs} kontak and phonenumber"
    );
    ensure!(engine_differs == 0, "kontak and rlibphonenumber read a phone as two numbers");
    Ok(())
}

/// For each row the first that it shares a value with, by way of others too: what trusts every key
/// of kontak's.
fn same_value_labels(table: Table) -> anyhow::Result<Vec<u32>> {
    let mut phones = Kontak::new();
    let mut first: HashMap<String, u32> = HashMap::new();
    let mut sets = UnionFind::new(table.rows);
    table.each_row(|row| {
        let mut join = |key: String| {
            let with = *first.entry(key).or_insert(row.number);
            sets.union(with, row.number);
        };
        let region = row.text(Column::Region);
        for column in PHONES {
            let Some(text) = row.value(column) else { continue };
            if let Some((number, _)) = phones.read(text, region) {
                join(number.line_key().to_string());
            }
        }
        for column in EMAILS {
            let Some(text) = row.value(column) else { continue };
            if let Ok(address) = text.parse::<EmailAddress>() {
                join(address.canonical_key().to_owned());
            }
        }
        Ok(())
    })?;
    Ok(sets.into_labels())
}
