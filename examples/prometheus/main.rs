//! What Prometheus scrapes: a small contact centre as OpenMetrics text and as native histograms, and what Prometheus
//! must say of it. `scrape.py` beside it lets a real one do so.
//!
//! ```text
//! cargo run --example prometheus              # the text
//! cargo run --example prometheus -- DIR       # metrics.txt, metrics.pb and expected.json into a folder
//! python3 examples/prometheus/scrape.py       # a real Prometheus scrapes both, and is asked
//! ```

use anyhow::Context as _;
use kontak_metrics::chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::{
    Attribution, Catalog, Definition, DimensionValue, Event, EventId, EventKind, Filter, Grid,
    HandlingPart, Measure, Metrics, NativeHistograms, OpenMetrics, Preset, QueueEnd, Show,
    Statistic, Summary, SurveyKind,
};
use kontak_types::{ActorKind, AgentId, ConversationId, QueueId};
use serde_json::{Value, json};
use uuid::Uuid;

/// Labels that have to be escaped, and one that must not.
const CHANNELS: [&str; 3] = ["voice", "a \"b\" \\ c\nd", "đa kênh"];

const CONTACTS: u64 = 3_000;

fn main() -> anyhow::Result<()> {
    let mut metrics = Metrics::new(catalog()?, Grid::usual())?;
    for event in events()? {
        let _ = metrics.ingest(&event)?;
    }
    let catalog = metrics.catalog().clone();
    let view = metrics.settle();
    let (mut text, mut native, mut expected) =
        (OpenMetrics::new(), NativeHistograms::new(), Vec::new());
    for id in [
        "kontak.queue_time",
        "test.split_time",
        "kontak.service_level",
        "kontak.nps",
        "kontak.offered",
        "kontak.cost",
    ] {
        let definition = catalog.get(id).context("a definition of the catalog")?;
        for (key, label, value) in parts(id) {
            let of = Filter::all().on(value);
            let summary = view.summary(id, &view.all_time(), &of)?;
            text.push(definition, &[(key, &label)], &summary);
            if definition.show == Show::Duration {
                native.push(definition, &[(key, &label)], &summary);
            }
            let statistic = view.report(id, &view.all_time(), &of)?.statistic;
            expected.extend(questions(definition, key, &label, &summary, &statistic));
        }
    }
    let Some(folder) = std::env::args_os().nth(1).map(std::path::PathBuf::from) else {
        print!("{text}");
        return Ok(());
    };
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("metrics.txt"), text.to_string())?;
    std::fs::write(folder.join("metrics.pb"), native.into_bytes())?;
    std::fs::write(folder.join("expected.json"), serde_json::to_string_pretty(&expected)?)?;
    println!("{} questions in {}", expected.len(), folder.display());
    Ok(())
}

/// Also a time that is the credit of several agents in parts.
fn catalog() -> anyhow::Result<Catalog> {
    let parts = [HandlingPart::Talk].into();
    let split =
        Definition::new("test.split_time".parse()?, Measure::Handling { parts }, Show::Duration)
            .credited(Attribution::Split);
    let mut definitions = Preset::Kontak.definitions();
    definitions.push(split);
    Ok(Catalog::new(definitions, Default::default())?)
}

/// What a number is told apart by: the label, its value, and ours.
fn parts(id: &str) -> Vec<(&'static str, String, DimensionValue)> {
    if id == "test.split_time" {
        let agents = (1..=3).map(agent);
        return agents.map(|it| ("agent", it.to_string(), DimensionValue::Agent(it))).collect();
    }
    CHANNELS.map(|it| ("channel", it.to_owned(), DimensionValue::Channel(it.into()))).into()
}

fn agent(number: u128) -> AgentId {
    AgentId::new(Uuid::from_u128(number))
}

/// A question in Prometheus' language, its answer, and how far it may be off, relatively.
fn question(query: &str, value: f64, within: f64) -> Value {
    json!({ "query": query, "value": value, "within": within })
}

fn questions(
    definition: &Definition,
    key: &str,
    label: &str,
    summary: &Summary,
    statistic: &Statistic,
) -> Vec<Value> {
    let name = definition.id.as_str().replace('.', "_");
    let label = serde_json::to_string(label).unwrap_or_default();
    let of = |name: &str| format!("{name}{{{key}={label}}}");
    let Statistic::Duration { mean, p50, p90, p99, .. } = statistic else {
        let unit = if definition.show == Show::Share { "_ratio" } else { "" };
        let value = statistic.headline().unwrap_or(f64::NAN);
        return vec![question(&of(&format!("{name}{unit}")), value, 1e-12)];
    };
    let n = summary.values.count() as f64;
    let units = if definition.attribution == Attribution::Split { 2_520.0 } else { 1.0 };
    let (count, mean) = (n / units, mean.unwrap_or(f64::NAN));
    let (seconds, micros) = (format!("{name}_seconds"), format!("{name}_microseconds"));
    let mut asked = vec![
        question(&of(&format!("{seconds}_count")), count.floor(), 0.0),
        question(&of(&format!("{seconds}_sum")), mean * count, 1e-9),
        question(&format!("histogram_count({})", of(&micros)), count, 0.0),
        question(&format!("histogram_sum({})", of(&micros)), mean * count * 1e6, 1e-9),
    ];
    for (q, ours) in [(0.5, p50), (0.9, p90), (0.99, p99)] {
        let Some(ours) = ours else { continue };
        // A bin is 0.543 % wide. Prometheus looks within it, we take its middle.
        let query = format!("histogram_quantile({q}, {})", of(&micros));
        asked.push(question(&query, ours.value * 1e6, 0.005_43));
        // As text they are half octaves.
        let query = format!("histogram_quantile({q}, {})", of(&format!("{seconds}_bucket")));
        asked.push(question(&query, ours.value, 0.415));
    }
    asked
}

fn events() -> anyhow::Result<Vec<Event>> {
    let base: DateTime<Utc> = "2026-03-02T09:00:00Z".parse()?;
    let queue = QueueId::new(Uuid::from_u128(1));
    let mut events = Vec::new();
    for contact in 0..CONTACTS {
        let at = base + TimeDelta::seconds(contact as i64);
        // Waits over six octaves, and some of nothing.
        let wait =
            if contact % 50 == 0 { 0.0 } else { 1e6 * (f64::from(contact as u32) / 500.0).exp2() };
        let left = at + TimeDelta::microseconds(wait as i64);
        let talked = left + TimeDelta::milliseconds(3_000 + (contact * 7_919 % 300_000) as i64);
        let end = if contact % 9 == 0 { QueueEnd::Abandoned } else { QueueEnd::Answered };
        let (first, second) = (agent(1), agent(2 + u128::from(contact % 2)));
        let channel = CHANNELS[(contact % 3) as usize].into();
        let mut kinds = vec![
            (
                at,
                EventKind::Started {
                    channel,
                    direction: kontak_metrics::Direction::Inbound,
                    by: ActorKind::Customer,
                    touchpoint: None,
                    language: None,
                    segment: None,
                },
            ),
            (at, EventKind::Enqueued { queue }),
            (left, EventKind::Dequeued { queue, end, agent: None }),
            (left, EventKind::Cost { amount: 5 + contact % 4 }),
        ];
        if end == QueueEnd::Answered {
            kinds.extend([
                (left, EventKind::Assigned { agent: first }),
                (left, EventKind::Connected { agent: first }),
                (talked, EventKind::Disconnected { agent: first }),
                (talked, EventKind::Assigned { agent: second }),
            ]);
            let score = [0, 3, 6, 7, 9][(contact % 5) as usize];
            let survey = SurveyKind::Nps;
            kinds.push((talked, EventKind::SurveyAnswered { survey, score, agent: None }));
        }
        for (number, (at, kind)) in (0..).zip(kinds) {
            let conversation = ConversationId::new(Uuid::from_u128(u128::from(contact) + 1));
            let id = EventId::new(Uuid::from_u128(u128::from(contact) * 16 + number));
            events.push(Event::new(conversation, id, at, kind));
        }
    }
    Ok(events)
}
