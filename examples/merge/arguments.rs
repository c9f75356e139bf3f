//! What the command line says.

use anyhow::bail;
use kontak_examples::Role;
use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use std::path::PathBuf;

pub(crate) const USAGE: &str = "\
merge [FILE...]            CSV (with a heading) or JSON lines; '-' is standard input.
                           Without a file: the truth set in examples/data.
  --id COL --source COL --phone COL[,COL] --email COL[,COL] --name COL[,COL]
  --channel COL --seen-at COL --verified COL
                           what the columns are; guessed from the heading where not given, and
                           the guess is printed. An empty COL says that there is none
  --region ID              region of phone numbers without a country code (ID, VN, SG, US ...)
  --policy FILE            rules as TOML, or as JSON where the name ends in .json
  --truth COL              who each record really is: precision and recall against it
  --truth-file FILE        the same as CSV: [source,] record id, entity id
  --out FILE               CSV: record_id,customer_id
  --explain ID1 ID2        why these two are, or are not, one customer
  --language TAG           of the explanation: en, id, vi
  --report FILE.html       one page to look at
  -h, --help";

#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) columns: Vec<(Role, String)>,
    pub(crate) region: Option<String>,
    pub(crate) policy: Option<PathBuf>,
    pub(crate) truth_file: Option<PathBuf>,
    pub(crate) out: Option<PathBuf>,
    pub(crate) explain: Option<(String, String)>,
    pub(crate) language: Option<String>,
    pub(crate) report: Option<PathBuf>,
}

/// `None` where help was asked for.
pub(crate) fn read() -> anyhow::Result<Option<Arguments>> {
    let mut arguments = Arguments::default();
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        match argument {
            Long("region") => arguments.region = Some(given.value()?.string()?),
            Long("policy") => arguments.policy = Some(given.value()?.into()),
            Long("truth-file") => arguments.truth_file = Some(given.value()?.into()),
            Long("out") => arguments.out = Some(given.value()?.into()),
            Long("report") => arguments.report = Some(given.value()?.into()),
            Long("language") => arguments.language = Some(given.value()?.string()?),
            Long("explain") => {
                arguments.explain = Some((given.value()?.string()?, given.value()?.string()?));
            }
            Long("help") | Short('h') => return Ok(None),
            Long(flag) => {
                let Some(role) = Role::ALL.into_iter().find(|role| role.flag() == flag) else {
                    bail!("there is no --{flag}; --help lists what there is");
                };
                arguments.columns.push((role, given.value()?.string()?));
            }
            Value(file) => arguments.files.push(file.into()),
            Short(_) => return Err(argument.unexpected().into()),
        }
    }
    if arguments.files.is_empty() {
        let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/data"));
        arguments.files.push(data.join("truthset.csv"));
        arguments.truth_file.get_or_insert_with(|| data.join("truthset_key.csv"));
        arguments.region.get_or_insert_with(|| "US".into());
    }
    Ok(Some(arguments))
}
