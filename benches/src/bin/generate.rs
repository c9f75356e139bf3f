//! Writes a seeded population as CSV.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin generate -- --people 155000 --seed 7 --out file.csv
//! ```

use anyhow::Context as _;
use kontak_benches::{Columns, GeneratorConfig, Market, Population};
use lexopt::prelude::{Long, Short, ValueExt as _};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

const USAGE: &str = "\
generate [--people N | --touchpoints N] [--seed N] [--keys] [--home REGION] [--summary] [--out FILE]
  --people N       number of people (default 15500, about 100000 rows)
  --touchpoints N  number of rows, about
  --seed N         the same seed, the same file (default 7)
  --keys           add the columns phone_e164, phone2_e164, email_key, email2_key
  --home REGION    all rows are read in this region (ID, VN, US, SG, MY, IN or BR); the numbers
                   of others stand with their country code. Default: a region in each row
  --summary        print what came out to standard error
  --out FILE       default: standard output";

struct Arguments {
    config: GeneratorConfig,
    columns: Columns,
    summary: bool,
    out: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let Some(arguments) = arguments()? else {
        println!("{USAGE}");
        return Ok(());
    };
    let population = Population::generate(arguments.config);
    let write = |out: &mut dyn Write| population.write_csv(out, arguments.columns);
    match &arguments.out {
        Some(path) => {
            let file = File::create(path).with_context(|| cannot("create", path))?;
            write(&mut BufWriter::new(file)).with_context(|| cannot("write", path))?;
        }
        None => write(&mut io::stdout().lock())?,
    }
    if arguments.summary {
        eprintln!("{}", population.realised());
    }
    Ok(())
}

fn cannot(what: &str, path: &Path) -> String {
    format!("cannot {what} {}", path.display())
}

fn arguments() -> anyhow::Result<Option<Arguments>> {
    let (mut seed, mut people, mut touchpoints) = (7, 15_500, None);
    let (mut columns, mut home, mut summary, mut out) = (Columns::Raw, None, false, None);
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        match argument {
            Long("people") => people = given.value()?.parse()?,
            Long("touchpoints") => touchpoints = Some(given.value()?.parse()?),
            Long("seed") => seed = given.value()?.parse()?,
            Long("keys") => columns = Columns::WithKeys,
            Long("home") => {
                let code = given.value()?.string()?;
                let market = Market::from_region(&code);
                home = Some(market.with_context(|| format!("nobody lives in {code:?}"))?);
            }
            Long("summary") => summary = true,
            Long("out") => out = Some(PathBuf::from(given.value()?)),
            Long("help") | Short('h') => return Ok(None),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let mut config = match touchpoints {
        Some(touchpoints) => GeneratorConfig::of_touchpoints(seed, touchpoints),
        None => GeneratorConfig::new(seed, people),
    };
    config.home = home;
    Ok(Some(Arguments { config, columns, summary, out }))
}
