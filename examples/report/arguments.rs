//! What the command line says.

use anyhow::Context as _;
use kontak_metrics::Preset;
use kontak_metrics::calendar::Tz;
use kontak_metrics::chrono::NaiveDate;
use lexopt::prelude::{Long, Short, ValueExt as _};
use std::path::PathBuf;

pub(crate) const USAGE: &str = "\
report                     a month of a retail contact centre from a seeded generator, whose truth is known
  --events FILE            your own: CSV with a heading, or JSON lines, of contacts, or JSON lines of events;
                           '-' is standard input
  --zone NAME              whose days and hours these are, and that of times without one (Asia/Jakarta)
  --preset NAME[,NAME]     kontak, amazon_connect, genesys, zendesk, intercom, talkdesk, chatwoot, cisco, icmi
  --window DATE[..DATE]    these days, the last one too; all of them if not given
  --seed NUMBER            of the generator
  --json                   the reports as JSON instead of a dashboard
  --csv                    the reports as CSV
  --html FILE              where the page goes (report.html)
  --parquet FOLDER         the reports, also by channel, queue, agent and day, the cells and the facts as Parquet files
  -h, --help
columns of contacts: contact_id, customer_id, channel, queue, agent, arrived_at, answered_at, ended_at,
  wrap_up_seconds, outcome (answered, abandoned, callback, flowed_out), resolved, csat, nps; arrived_at is
  needed, and what is absent switches off the metrics that need it; csat is 1 to 5, nps 0 to 10";

#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) events: Option<PathBuf>,
    pub(crate) zone: Tz,
    pub(crate) presets: Vec<Preset>,
    pub(crate) days: Option<(NaiveDate, NaiveDate)>,
    pub(crate) seed: u64,
    pub(crate) output: Output,
    pub(crate) html: PathBuf,
    pub(crate) parquet: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Dashboard,
    Json,
    Csv,
}

/// `None` where help was asked for.
pub(crate) fn read() -> anyhow::Result<Option<Arguments>> {
    let mut arguments = Arguments {
        events: None,
        zone: Tz::Asia__Jakarta,
        presets: vec![Preset::Kontak],
        days: None,
        seed: 2_026,
        output: Output::Dashboard,
        html: "report.html".into(),
        parquet: None,
    };
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        match argument {
            Long("events") => arguments.events = Some(given.value()?.into()),
            Long("zone") => arguments.zone = zone(&given.value()?.string()?)?,
            Long("preset") => arguments.presets = presets(&given.value()?.string()?)?,
            Long("window") => arguments.days = Some(days(&given.value()?.string()?)?),
            Long("seed") => arguments.seed = given.value()?.parse()?,
            Long("json") => arguments.output = Output::Json,
            Long("csv") => arguments.output = Output::Csv,
            Long("html") => arguments.html = given.value()?.into(),
            Long("parquet") => arguments.parquet = Some(given.value()?.into()),
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(arguments))
}

fn zone(name: &str) -> anyhow::Result<Tz> {
    name.parse()
        .ok()
        .with_context(|| format!("--zone: no zone `{name}`; expected one such as Asia/Jakarta"))
}

fn presets(names: &str) -> anyhow::Result<Vec<Preset>> {
    let mut presets = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let preset = name.parse().context("--preset")?;
        if !presets.contains(&preset) {
            presets.push(preset);
        }
    }
    Ok(presets)
}

fn days(text: &str) -> anyhow::Result<(NaiveDate, NaiveDate)> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let date = |text: &str| {
        text.parse::<NaiveDate>()
            .with_context(|| format!("--window: `{text}` is no date such as 2026-03-01"))
    };
    let (first, last) = (date(first)?, date(last)?);
    anyhow::ensure!(first <= last, "--window: {last} is before {first}");
    Ok((first, last))
}
