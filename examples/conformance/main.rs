//! The table of conformance: what others publish, and what comes out here.
//!
//! ```text
//! cargo run --release --example conformance
//! cargo run --release --example conformance -- zendesk     # only those with that in their name or source
//! ```

#[path = "../../crates/kontak-metrics/tests/it/conformance/runner.rs"]
mod runner;
#[path = "../../crates/kontak-metrics/tests/it/conformance/script.rs"]
mod script;

use anyhow::ensure;

fn main() -> anyhow::Result<()> {
    let wanted = std::env::args().nth(1).unwrap_or_default().to_lowercase();
    let mut met = 0;
    let mut all = 0;
    println!("{:<48} {:<34} source: what it shows", "vector", "expected");
    for vector in runner::vectors() {
        let text = format!("{} {}", vector.id, vector.source).to_lowercase();
        if !text.contains(&wanted) {
            continue;
        }
        all += 1;
        let expected = vector.expect.iter().map(|(name, number)| format!("{name} {number}"));
        let expected = expected.collect::<Vec<_>>().join(", ");
        match vector.check() {
            Ok(()) => {
                met += 1;
                println!("{:<48} {expected:<34} {}: {}", vector.id, vector.source, vector.about);
            }
            Err(error) => println!("{:<48} MISSED: {error}", vector.id),
        }
    }
    println!("\n{met} of {all} met");
    ensure!(met == all, "{} vectors are missed", all - met);
    Ok(())
}
