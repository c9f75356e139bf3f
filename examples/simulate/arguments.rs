//! What the command line says.

use anyhow::bail;
use lexopt::prelude::{Long, Short, ValueExt as _};
use std::path::PathBuf;

pub(crate) const USAGE: &str = "\
simulate                   a day of a retail contact centre: 75 agents, 5 channels, 3 languages
  --policy FILE            rules as TOML, or as JSON where the name ends in .json
  --compare FILE           other rules on the same contacts, and what the difference is worth
  --trace FILE.csv         recorded contacts: arrived_at, channel, queue (a name in the rules) or
                           skills (as in a requirement), priority, service_seconds,
                           patience_seconds (empty: waits as long as it takes), customer,
                           previous_agent
  --agents FILE.csv        agent, skills (billing:4; language:id), capacity (units of 100, or
                           voice:1; webchat:4), shift_start, shift_end (08:00, or an instant)
  --zone ZONE              of times without one; default Asia/Jakarta
  --transfers SHARE        of contacts that are handed on once or more; default 0.1
  --seed N                 of what is drawn; default 1
  --report FILE.html       one page to look at
  -h, --help";

pub(crate) struct Arguments {
    pub(crate) policy: Option<PathBuf>,
    pub(crate) compare: Option<PathBuf>,
    pub(crate) trace: Option<PathBuf>,
    pub(crate) agents: Option<PathBuf>,
    pub(crate) zone: kontak_calendar::Tz,
    pub(crate) transfers: f64,
    pub(crate) seed: u64,
    pub(crate) report: Option<PathBuf>,
}

/// `None` where help was asked for.
pub(crate) fn read() -> anyhow::Result<Option<Arguments>> {
    let mut arguments = Arguments {
        policy: None,
        compare: None,
        trace: None,
        agents: None,
        zone: kontak_calendar::Tz::Asia__Jakarta,
        transfers: 0.1,
        seed: 1,
        report: None,
    };
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        match argument {
            Long("policy") => arguments.policy = Some(given.value()?.into()),
            Long("compare") => arguments.compare = Some(given.value()?.into()),
            Long("trace") => arguments.trace = Some(given.value()?.into()),
            Long("agents") => arguments.agents = Some(given.value()?.into()),
            Long("report") => arguments.report = Some(given.value()?.into()),
            Long("seed") => arguments.seed = given.value()?.parse()?,
            Long("zone") => {
                let name = given.value()?.string()?;
                let Ok(zone) = name.parse() else {
                    bail!("--zone: there is no time zone \"{name}\"; one is Asia/Ho_Chi_Minh");
                };
                arguments.zone = zone;
            }
            Long("transfers") => {
                arguments.transfers = given.value()?.parse()?;
                if !(0.0..=1.0).contains(&arguments.transfers) {
                    bail!("--transfers is a share, from 0 to 1");
                }
            }
            Long("help") | Short('h') => return Ok(None),
            Long(flag) => bail!("there is no --{flag}; --help lists what there is"),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(arguments))
}
