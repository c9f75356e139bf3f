use super::Population;
use crate::reference::UnionFind;

/// Components of each person's own touchpoints and own identifiers; the label is the first
/// touchpoint of the component.
pub(super) fn components(population: &Population) -> Vec<u32> {
    let mut uses: Vec<(u32, u32, u32)> = population
        .evidence()
        .filter(|evidence| evidence.relation.is_true())
        .map(|evidence| {
            let person = population.touchpoints[evidence.touchpoint as usize].person;
            (person, evidence.identifier, evidence.touchpoint)
        })
        .collect();
    uses.sort_unstable();
    let mut sets = UnionFind::new(population.touchpoints.len());
    for pair in uses.windows(2) {
        let ((person, identifier, a), (same_person, same_identifier, b)) = (pair[0], pair[1]);
        if (person, identifier) == (same_person, same_identifier) {
            sets.union(a, b);
        }
    }
    sets.into_labels()
}
