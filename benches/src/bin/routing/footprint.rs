//! Prints what a waiting contact keeps in memory, by a counting allocator.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin routing_footprint
//! ```

mod load;

use kontak_benches::memory::{Heap, PeakAlloc};
use load::{LARGE, Market, SMALL, engine, fill, hire};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() -> anyhow::Result<()> {
    for size in [SMALL, LARGE] {
        let mut market = Market::new(size)?;
        let mut engine = engine(false)?;
        let (hired, agents) = Heap::measure(&ALLOCATOR, || hire(&mut engine, &market, size));
        hired?;
        let (filled, waiting) =
            Heap::measure(&ALLOCATOR, || fill(&mut engine, &mut market, size).map(drop));
        filled?;
        println!(
            "{} agents, {} waiting of {} kinds: {} bytes an agent, {} a waiting contact, its share of the index included",
            size.agents,
            size.waiting,
            size.classes,
            agents.kept / size.agents as i64,
            waiting.kept / size.waiting as i64
        );
    }
    Ok(())
}
