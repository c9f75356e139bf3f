//! A desk that works is killed at random moments, again and again, and so is the database under it.
//! The parent is the provider: it posts signed requests, remembers which were acknowledged, and takes
//! what is sent. After each kill it looks for what it knows of in the store, and replays the journal.
//!
//! ```sh
//! cargo test -p kontak-desk --test crash                     # some kills of each store
//! cargo test -p kontak-desk --test crash -- --kills 1000 --stops 50 --usurpers 50
//! ```
//!
//! `--stops` counts how often the PostgreSQL server is killed under a desk that has to come back,
//! `--usurpers` how often a desk is frozen until another process has taken its tenant, and goes on
//! then. `--only` takes `sqlite` or `postgres`, `--seed` other moments.

mod child;
mod ledger;
mod life;
#[path = "../../../../.ci/postgres.rs"]
mod postgres;
mod provider;
mod shop;

use life::{Fate, Store};
use postgres::Server;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// After how many lives a tenant comes to its end and another begins: what is slow with a long history
/// would leave no moments to die in.
const LIVES: u32 = 20;

struct Options {
    kills: u32,
    stops: u32,
    usurpers: u32,
    seed: u64,
    only: Option<String>,
}

fn main() -> Result<ExitCode, Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, rest @ ..] = &*arguments
        && word == "child"
    {
        return child::run(rest);
    }
    let value = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)
    };
    let options = Options {
        kills: value("--kills").map_or(Ok(12), |kills| kills.parse())?,
        stops: value("--stops").map_or(Ok(1), |stops| stops.parse())?,
        usurpers: value("--usurpers").map_or(Ok(1), |usurpers| usurpers.parse())?,
        seed: value("--seed").map_or(Ok(2026), |seed| seed.parse())?,
        only: value("--only").cloned(),
    };
    let folder = std::env::temp_dir().join(format!("kontak-desk-crash-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let done = run(&folder, &options);
    std::fs::remove_dir_all(&folder)?;
    done
}

fn run(folder: &Path, options: &Options) -> Result<ExitCode, Error> {
    let wanted = |name| options.only.as_deref().is_none_or(|only| only == name);
    if wanted("sqlite") {
        let file = folder.join("desk.db").to_string_lossy().into_owned();
        crash("SQLite", Store { place: file, server: None }, options)?;
    }
    if wanted("postgres")
        && let Some(server) = Server::start(&folder.join("postgres"))?
    {
        let place = server.address().to_owned();
        crash("PostgreSQL", Store { place, server: Some(server) }, options)?;
    }
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::disallowed_methods, reason = "how long it took is printed, and decides nothing")]
fn crash(name: &str, store: Store, options: &Options) -> Result<(), Error> {
    let started = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let counted = runtime.block_on(life::live(store, fates(options), options.seed))?;
    println!("{name}: {counted}; {} s", started.elapsed().as_secs());
    Ok(())
}

/// The ends of all lives, those that are rare spread among the others.
fn fates(options: &Options) -> Vec<Fate> {
    let of = |fate, count: u32| {
        (0..count).map(move |nth| (f64::from(2 * nth + 1) / f64::from(count), fate))
    };
    let mut fates: Vec<_> = of(Fate::Killed, options.kills)
        .chain(of(Fate::WithoutDatabase, options.stops))
        .chain(of(Fate::Usurped, options.usurpers))
        .collect();
    fates.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    fates.into_iter().map(|(_, fate)| fate).collect()
}
