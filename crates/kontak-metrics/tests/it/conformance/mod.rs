//! What others publish comes out: every vector of `conformance/`.

mod runner;
mod script;

use std::collections::BTreeSet;

#[test]
fn every_vector_is_met() {
    let vectors = runner::vectors();
    assert!(vectors.len() >= 60, "{} vectors", vectors.len());
    let names: BTreeSet<&str> = vectors.iter().map(|vector| vector.id.as_str()).collect();
    assert_eq!(names.len(), vectors.len(), "a name stands twice");
    let missed = vectors.iter().filter_map(|vector| {
        vector
            .check()
            .err()
            .map(|error| format!("{} ({}; {}): {error}", vector.id, vector.source, vector.about))
    });
    let missed: Vec<String> = missed.collect();
    assert!(missed.is_empty(), "{} missed\n{}", missed.len(), missed.join("\n"));
}
