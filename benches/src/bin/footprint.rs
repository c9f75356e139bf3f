//! Prints what a graph takes, by a counting allocator.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin footprint -- --touchpoints 1000000
//! ```

use kontak_benches::memory::{Heap, PeakAlloc};
use kontak_benches::{GeneratorConfig, Load, Population};
use kontak_identity::Policy;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() -> anyhow::Result<()> {
    let mut touchpoints = 1_000_000;
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        use lexopt::prelude::{Long, ValueExt as _};
        match argument {
            Long("touchpoints") => touchpoints = given.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let population = Population::generate(GeneratorConfig::of_touchpoints(7, touchpoints));
    let n = population.touchpoints().len();
    let (graph, heap) = Heap::measure(&ALLOCATOR, || -> anyhow::Result<_> {
        let load = Load::register(&population, Policy::default())?;
        let batch = load.batch()?;
        let Load { mut graph, assertions, .. } = load;
        drop(assertions);
        graph.load(batch)?;
        graph.settle();
        Ok(graph)
    });
    let mut graph = graph?;
    let view = graph.settle();
    let text = view.memory_use().text as f64 / n as f64;
    let all = heap.kept as f64 / n as f64;
    println!(
        "{n} touchpoints, {:.2} pieces of evidence and {:.2} values each",
        view.evidence_count() as f64 / n as f64,
        view.identifier_count() as f64 / n as f64,
    );
    println!("graph without names and raw text: {:.1} bytes a touchpoint", all - text);
    println!("names and raw text:               {text:.1} bytes a touchpoint");
    println!(
        "peak while loading:               {:.1} bytes a touchpoint",
        heap.peak as f64 / n as f64
    );
    Ok(())
}
