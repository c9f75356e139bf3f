use super::{IdentifierKind, Population, Relation};
use crate::reference::{Edges, naive_labels};
use kontak_identity::quality::{Quality, QualityError, Reach};
use std::fmt;

/// What a population turned out to be. `Display` prints it as a short list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Realised {
    /// Number of people.
    pub people: u32,
    /// Number of touchpoints.
    pub touchpoints: u32,
    /// Number of identifiers that some touchpoint uses and a normaliser can read.
    pub identifiers: u32,
    /// Number of pairs of touchpoint and such an identifier.
    pub evidence: u64,
    /// Median, 99th in a hundred and largest number of touchpoints of a person.
    pub touchpoints_of_a_person: [u32; 3],
    /// Touchpoints without any usable phone, in parts of one.
    pub without_phone: f64,
    /// Touchpoints without any usable address, in parts of one.
    pub without_email: f64,
    /// Touchpoints per kind of relation, in parts of one.
    pub relations: Vec<(Relation, f64)>,
    /// Mobile numbers with two owners or more one after the other, in parts of one.
    pub recycled: f64,
    /// What an oracle can reach, and how much of that a merge finds that trusts every value.
    pub reach: Reach,
    /// The quality of that merge.
    pub naive: Quality,
    /// Its largest customer, in touchpoints.
    pub naive_largest: u32,
}

const RELATIONS: [Relation; 7] = [
    Relation::Own,
    Relation::Household,
    Relation::Store,
    Relation::Staff,
    Relation::Role,
    Relation::Placeholder,
    Relation::Bridging,
];

impl Realised {
    pub(super) fn of(population: &Population) -> Self {
        let touchpoints = population.touchpoints.len() as u32;
        let share = |count: usize| count as f64 / f64::from(touchpoints.max(1));
        let count = |of: &dyn Fn(u32) -> bool| share((0..touchpoints).filter(|&t| of(t)).count());
        let without = |kind: IdentifierKind| {
            count(&|touchpoint| {
                let used = population.sightings(touchpoint).iter();
                let mut used = used.map(|s| &population.identifiers[s.identifier as usize]);
                !used.any(|identifier| identifier.kind() == kind && identifier.is_usable())
            })
        };
        let related = |relation: Relation| {
            count(&|touchpoint| {
                population.sightings(touchpoint).iter().any(|s| s.relation == relation)
            })
        };
        let edges = Edges::of(population);
        let found = naive_labels(&edges);
        let truth = population.truth();
        let (naive, reach) = measured(&truth, &population.reachable(), &found)
            .expect("three labelings of the same touchpoints");
        let mut sizes = sizes(&truth);
        sizes.sort_unstable();
        let at = |share: f64| sizes.get((sizes.len() as f64 * share) as usize).copied();
        Self {
            people: population.people(),
            touchpoints,
            identifiers: (edges.nodes - edges.touchpoints - edges.unused) as u32,
            evidence: edges.pairs.len() as u64,
            touchpoints_of_a_person: [at(0.5), at(0.99), sizes.last().copied()]
                .map(Option::unwrap_or_default),
            without_phone: without(IdentifierKind::Phone),
            without_email: without(IdentifierKind::Email),
            relations: RELATIONS.map(|relation| (relation, related(relation))).to_vec(),
            recycled: recycled(population),
            reach,
            naive,
            naive_largest: self::sizes(&found).into_iter().max().unwrap_or_default(),
        }
    }
}

fn measured(
    truth: &[u32],
    reachable: &[u32],
    found: &[u32],
) -> Result<(Quality, Reach), QualityError> {
    Ok((Quality::measure(truth, found)?, Reach::measure(truth, reachable, found)?))
}

fn sizes(labels: &[u32]) -> Vec<u32> {
    let mut sorted = labels.to_vec();
    sorted.sort_unstable();
    sorted.chunk_by(|a, b| a == b).map(|run| run.len() as u32).collect()
}

/// Of the phones that are somebody's own, those that are the own phone of two.
fn recycled(population: &Population) -> f64 {
    let mut owners: Vec<(u32, u32)> = population
        .evidence()
        .filter(|e| e.relation == Relation::Own && e.kind == IdentifierKind::Phone)
        .map(|e| (e.identifier, population.touchpoints[e.touchpoint as usize].person))
        .collect();
    owners.sort_unstable();
    owners.dedup();
    let phones = owners.chunk_by(|(a, _), (b, _)| a == b);
    let again = phones.clone().filter(|owners| owners.len() > 1).count();
    again as f64 / phones.count().max(1) as f64
}

impl fmt::Display for Realised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let touchpoints = f64::from(self.touchpoints.max(1));
        let [median, high, largest] = self.touchpoints_of_a_person;
        writeln!(f, "people               {}", self.people)?;
        writeln!(f, "touchpoints          {}", self.touchpoints)?;
        let mean = touchpoints / f64::from(self.people.max(1));
        writeln!(
            f,
            "  of a person        mean {mean:.2}, p50 {median}, p99 {high}, max {largest}"
        )?;
        writeln!(f, "identifiers          {}", self.identifiers)?;
        let each = self.evidence as f64 / touchpoints;
        writeln!(f, "evidence             {} ({each:.2} a touchpoint)", self.evidence)?;
        writeln!(f, "without phone        {:.2} %", 100.0 * self.without_phone)?;
        writeln!(f, "without address      {:.2} %", 100.0 * self.without_email)?;
        for (relation, share) in &self.relations {
            let name = format!("{relation:?}").to_lowercase();
            writeln!(f, "touched by {name:<11}{:.2} %", 100.0 * share)?;
        }
        writeln!(f, "numbers re-issued    {:.2} %", 100.0 * self.recycled)?;
        writeln!(f, "oracle               {}", self.reach)?;
        writeln!(f, "trusting every value {}", self.naive)?;
        write!(f, "  largest customer   {} touchpoints", self.naive_largest)
    }
}
