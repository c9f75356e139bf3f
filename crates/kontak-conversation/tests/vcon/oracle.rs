//! Writes documents for `tests/data/vcon/check.py`, which asks other validators about them, and
//! reads the documents of others:
//!
//! ```sh
//! KONTAK_VCON_OUT=/tmp/vcon cargo test -p kontak-conversation --test vcon -- --ignored written
//! KONTAK_VCON_IN=examples cargo test -p kontak-conversation --test vcon -- --ignored --nocapture foreign
//! ```

use crate::{properties, story, traps};
use kontak_conversation::vcon::{ReadError, Severity, Vcon};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use std::{env, fs, path::PathBuf};

fn folder(variable: &str) -> Option<PathBuf> {
    let folder = env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: {variable} names no folder");
    }
    folder
}

#[test]
#[ignore = "writes files for a script"]
fn documents_are_written_for_the_validators() {
    let Some(folder) = folder("KONTAK_VCON_OUT") else { return };
    let (sound, faulty) = (folder.join("sound"), folder.join("faulty"));
    fs::create_dir_all(&sound).unwrap();
    fs::create_dir_all(&faulty).unwrap();
    fs::write(sound.join("story.json"), story::story().write().unwrap()).unwrap();
    let mut runner = TestRunner::deterministic();
    for index in 0..500 {
        let vcon = properties::sound().new_tree(&mut runner).unwrap().current();
        assert_eq!(vcon.validate(), []);
        fs::write(sound.join(format!("made-{index:03}.json")), vcon.write().unwrap()).unwrap();
    }
    let mut expected = Map::new();
    for trap in traps::TRAPS {
        fs::write(faulty.join(format!("{}.json", trap.name)), trap.document().to_string()).unwrap();
        expected.insert(trap.name.to_owned(), json!(trap.refused_by));
    }
    fs::write(folder.join("expected.json"), Value::Object(expected).to_string()).unwrap();
}

#[test]
#[ignore = "needs a folder of vCons"]
fn foreign_documents_come_back_as_they_were() {
    let Some(folder) = folder("KONTAK_VCON_IN") else { return };
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "vcon"));
    for path in paths {
        let json = fs::read_to_string(&path).unwrap();
        let value: Value = serde_json::from_str(&json).unwrap();
        let faithful: Vcon = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_value(&faithful).unwrap(), value, "{path:?}");
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match Vcon::read(&json) {
            Ok(vcon) => {
                let problems = vcon.validate();
                let invalid =
                    problems.iter().filter(|problem| problem.severity == Severity::Invalid);
                println!("{name}: same again, {} problems", problems.len());
                invalid.for_each(|problem| println!("    {problem}"));
            }
            Err(error @ (ReadError::Signed | ReadError::Encrypted)) => {
                println!("{name}: same again, {error}");
            }
            Err(error) => panic!("{path:?}: {error}"),
        }
    }
}
