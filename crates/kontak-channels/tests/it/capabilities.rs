//! The table of what each adapter can do, made from the code. To write it anew:
//! `KONTAK_BLESS=1 cargo test -p kontak-channels --all-features capabilities`.

use crate::world::codecs;
use kontak_channel::content::TextFormat;
use kontak_channel::{Capabilities, LengthUnit, PartsPerMessage, Support, TextLimit, Window};
use std::path::Path;

fn limit(limit: TextLimit) -> String {
    let unit = match limit.unit() {
        LengthUnit::Bytes => "bytes",
        LengthUnit::Scalars => "scalar values",
        LengthUnit::Utf16 => "UTF-16 units",
        LengthUnit::Graphemes => "graphemes",
        _ => "septets",
    };
    format!("{} {unit}", limit.max())
}

fn support(support: Support) -> String {
    match support {
        Support::Full => "yes",
        Support::Partial => "partly",
        _ => "–",
    }
    .to_owned()
}

fn age(change: kontak_channel::ChangeCapability) -> String {
    match change.max_age_seconds {
        Some(seconds) => format!("for {} h", seconds / 3_600),
        None => support(change.support),
    }
}

/// A line of the table: what it tells of, and how it is told of one channel.
type Row = (&'static str, fn(&Capabilities) -> String);

const ROWS: [Row; 17] = [
    ("text", |can| limit(can.text.limit)),
    ("formats", |can| {
        can.text.formats.iter().map(TextFormat::as_str).collect::<Vec<_>>().join(", ")
    }),
    ("media", |can| {
        let kinds: Vec<_> = can.media.iter().map(|media| media.kind.as_str()).collect();
        if kinds.is_empty() { "–".to_owned() } else { kinds.join(", ") }
    }),
    ("buttons", |can| {
        can.buttons
            .map_or_else(|| "–".to_owned(), |b| format!("{}, labels of {}", b.max, limit(b.label)))
    }),
    ("list", |can| {
        can.list
            .map_or_else(|| "–".to_owned(), |l| format!("{}, labels of {}", l.max, limit(l.label)))
    }),
    ("location", |can| support(can.location)),
    ("contact card", |can| support(can.contact)),
    ("template", |can| support(can.template)),
    ("subject", |can| support(can.subject)),
    ("parts in one message", |can| {
        if can.parts == PartsPerMessage::Many { "many" } else { "one" }.to_owned()
    }),
    ("edit", |can| age(can.edit)),
    ("take back", |can| age(can.delete)),
    ("react", |can| support(can.reaction)),
    ("typing", |can| support(can.typing)),
    ("receipts: delivered", |can| support(can.delivered_receipts)),
    ("receipts: read", |can| support(can.read_receipts)),
    ("service window", |can| {
        can.window.as_ref().map_or_else(
            || "–".to_owned(),
            |rule| match rule.human_agent_seconds {
                Some(longer) => format!("{} h, people {} h", rule.seconds / 3_600, longer / 3_600),
                None => format!("{} h", rule.seconds / 3_600),
            },
        )
    }),
];

fn table() -> String {
    let codecs = codecs();
    let mut lines = vec![
        "# Channels and what they can do".to_owned(),
        String::new(),
        "Made from the code by `crates/kontak-channels/tests/it/capabilities.rs`, which also holds it.".to_owned(),
        "What a channel cannot do, the planner says in another way, and names what is lost.".to_owned(),
        String::new(),
    ];
    let names: Vec<_> = codecs.iter().map(|(name, _)| *name).collect();
    lines.push(format!("| | {} |", names.join(" | ")));
    lines.push(format!("|---|{}", "---|".repeat(names.len())));
    for (name, tell) in ROWS {
        let cells: Vec<_> =
            codecs.iter().map(|(_, codec)| tell(&codec.capabilities(Window::Unlimited))).collect();
        lines.push(format!("| {name} | {} |", cells.join(" | ")));
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_table_of_capabilities_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/CHANNELS.md");
    if std::env::var_os("KONTAK_BLESS").is_some() {
        std::fs::write(&path, table()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), table());
}
