//! A process that writes is killed at random moments, again and again, and what it acknowledged is
//! looked for; so is what it did twice.
//!
//! ```sh
//! cargo test -p kontak-storage --all-features --test crash               # 60 kills of each store
//! cargo test --release -p kontak-storage --all-features --test crash -- --kills 1000 --stops 50
//! ```
//!
//! `--stops` counts how often the PostgreSQL server itself is killed, beside the process; `--only`
//! takes `sqlite` or `postgres`, `--seed` other moments.

mod child;
mod ledger;
#[path = "../../../../.ci/postgres.rs"]
mod postgres;
mod stores;

use ledger::Ledger;
use postgres::Server;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use stores::Place;

type Error = Box<dyn std::error::Error>;

struct Options {
    kills: u32,
    stops: u32,
    seed: u64,
    only: Option<String>,
}

fn main() -> Result<ExitCode, Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, place, acknowledged @ ..] = &*arguments
        && word == "child"
    {
        return child::run(place, acknowledged);
    }
    let value = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)
    };
    let options = Options {
        kills: value("--kills").map_or(Ok(60), |kills| kills.parse())?,
        stops: value("--stops").map_or(Ok(3), |stops| stops.parse())?,
        seed: value("--seed").map_or(Ok(2026), |seed| seed.parse())?,
        only: value("--only").cloned(),
    };
    let wanted = |name| options.only.as_deref().is_none_or(|only| only == name);

    let folder = std::env::temp_dir().join(format!("kontak-crash-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    if wanted("sqlite") {
        let place = Place(folder.join("desk.db").to_string_lossy().into_owned());
        crash("SQLite", &place, None, &options)?;
    }
    if wanted("postgres")
        && let Some(server) = Server::start(&folder.join("postgres"))?
    {
        let place = Place(server.address().to_owned());
        crash("PostgreSQL", &place, Some(&server), &options)?;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::disallowed_methods, reason = "how long it took is printed, and decides nothing")]
fn crash(
    name: &str,
    place: &Place,
    server: Option<&Server>,
    options: &Options,
) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut ledger, mut random) = (Ledger::default(), Random(options.seed.max(1)));
    let started = Instant::now();
    let stops = server.map_or(0, |_| options.stops);
    for round in 0..options.kills + stops {
        let stop = server.filter(|_| round % (options.kills / stops.max(1) + 1) == 0);
        let stop = stop.filter(|_| stops > 0);
        run(place, stop, &mut ledger, &mut random)?;
        // Looked at after each of the first, then now and then: what is lost stays lost.
        if round < 20 || round % 10 == 0 {
            runtime.block_on(ledger.verify(place))?;
        }
    }
    runtime.block_on(ledger.verify(place))?;
    let (kills, seconds) = (options.kills, started.elapsed().as_secs());
    println!("{name}: {kills} kills, {stops} stops of the server, {seconds} s; {ledger}");
    Ok(())
}

/// One life of the child, to its violent end.
fn run(
    place: &Place,
    stop: Option<&Server>,
    ledger: &mut Ledger,
    random: &mut Random,
) -> Result<(), Error> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["child", &place.0])
        .args(ledger.acknowledged())
        .stdout(Stdio::piped())
        // A server that is killed makes it fail, and it says so; that is no news.
        .stderr(if stop.is_some() { Stdio::null() } else { Stdio::inherit() })
        .spawn()?;
    let output = child.stdout.take().ok_or("no output")?;
    let reader = thread::spawn(move || {
        let lines = BufReader::new(output).lines();
        lines.map_while(Result::ok).collect::<Vec<String>>()
    });
    // Most moments lie where it works, some where it opens the store.
    let longest = if random.below(8) == 0 { 30_000 } else { 150_000 };
    thread::sleep(Duration::from_micros(random.below(longest)));
    match stop {
        Some(server) => {
            server.crash()?;
            thread::sleep(Duration::from_millis(50));
            child.kill()?;
            child.wait()?;
            server.resume()?;
        }
        None => {
            child.kill()?;
            child.wait()?;
        }
    }
    for line in reader.join().map_err(|_| "the reader panicked")? {
        ledger.heard(&line)?;
    }
    Ok(())
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
