//! Reads vectors and says what the crate makes of them. A vector is data: what happened, a definition, and what others
//! say comes out. See `conformance/README.md` for the form.

use chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::calendar::Calendar;
use kontak_metrics::{
    Catalog, Definition, Dimension, DimensionValue, ErlangC, Event, Filter, Grid, InteractionState,
    Interval, Metrics, Preset, QueryError, QueueEnd, Report, Seconds, Statistic, Tag, TimeShare,
    Window, Workforce,
};
use kontak_types::{AgentId, ConversationId, CustomerId, QueueId, TouchpointId};
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::script;

/// One vector.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vector {
    /// Its name.
    pub(crate) id: String,
    /// Who says so.
    pub(crate) source: String,
    /// What it shows.
    pub(crate) about: String,
    /// The name of a definition of a preset, or one written out.
    #[serde(default)]
    pub(crate) definition: Option<Named>,
    /// Calendars that definitions name.
    #[serde(default)]
    pub(crate) calendars: BTreeMap<Tag, Calendar>,
    /// When second 0 is.
    #[serde(default = "monday")]
    pub(crate) base: DateTime<Utc>,
    /// What happened: `<second> <what>`, see `script`.
    #[serde(default)]
    pub(crate) events: Vec<String>,
    /// Stays in a queue, many at once: how many, how long, how it ended.
    #[serde(default)]
    pub(crate) queue: Vec<(u32, f64, QueueEnd)>,
    /// Answers to a survey, many at once: how many, and the score.
    #[serde(default)]
    pub(crate) scores: Vec<(u32, u8)>,
    /// Who is who: touchpoint, customer, revision.
    #[serde(default)]
    pub(crate) identify: Vec<(u32, u32, u64)>,
    /// The second at which it is asked; the last event otherwise.
    #[serde(default)]
    pub(crate) now: Option<i64>,
    /// Only what is credited to this agent.
    #[serde(default)]
    pub(crate) agent: Option<u32>,
    /// Only what counts under this state of the interaction.
    #[serde(default)]
    pub(crate) state: Option<InteractionState>,
    /// Only what falls into these local days: zone, first date, how many.
    #[serde(default)]
    pub(crate) days: Option<(String, chrono::NaiveDate, u32)>,
    /// What agents do, could do and are planned for: `<second> a<agent> <what>`.
    #[serde(default)]
    pub(crate) time: Vec<String>,
    /// Which share of agents' time, from second 0 to `now`.
    #[serde(default)]
    pub(crate) share: Option<String>,
    /// What is asked of the definition, where it is not its number.
    #[serde(default)]
    pub(crate) ask: Option<Ask>,
    /// A formula without events.
    #[serde(default)]
    pub(crate) formula: Option<Formula>,
    /// What comes out, by name.
    pub(crate) expect: BTreeMap<String, f64>,
    /// How far it may be off.
    #[serde(default = "exactly")]
    pub(crate) within: f64,
}

/// A definition, by name or in full.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Named {
    /// Of a preset.
    Preset(String),
    /// Written out.
    Full(Box<Definition>),
}

/// A question about what is behind a number. Seconds are from and until.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Ask {
    /// Different customers.
    Customers,
    /// Customers of the first window who are customers of the second.
    Retention((i64, i64), (i64, i64)),
    /// Channels, of three denominators.
    ChannelUsage,
    /// What is open, and how many cycles of so many seconds it is late.
    Backlog(u32),
    /// By channel, without parts of fewer values.
    WithoutFew(u64),
}

/// Something that is computed from numbers alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Formula {
    /// Successes, of.
    Wilson(u64, u64),
    /// Promoters, passives, detractors.
    Nps(u64, u64, u64),
    /// Calls in a half-hour, handling time, threshold, goal.
    Erlang(f64, f64, f64, f64),
}

fn monday() -> DateTime<Utc> {
    "2026-03-02T09:00:00Z".parse().expect("a time")
}

fn exactly() -> f64 {
    1e-9
}

/// All vectors, by file.
pub(crate) fn vectors() -> Vec<Vector> {
    let files = [
        include_str!("../../../conformance/queue.json"),
        include_str!("../../../conformance/response.json"),
        include_str!("../../../conformance/resolution.json"),
        include_str!("../../../conformance/customer.json"),
        include_str!("../../../conformance/formula.json"),
        include_str!("../../../conformance/complaint.json"),
        include_str!("../../../conformance/time.json"),
        include_str!("../../../conformance/usage.json"),
        include_str!("../../../conformance/conversion.json"),
    ];
    let read = |file: &&str| serde_json::from_str::<Vec<Vector>>(file).expect("a file of vectors");
    files.iter().flat_map(read).collect()
}

impl Vector {
    /// What the crate makes of it, by the names of `expect`; or what is wrong with the vector.
    pub(crate) fn run(&self) -> Result<BTreeMap<String, f64>, String> {
        let all = match (&self.formula, &self.share) {
            (Some(formula), _) => formula.run(),
            (None, Some(share)) => self.time_share(share)?,
            (None, None) => self.asked()?,
        };
        let wanted = self.expect.keys().map(|name| {
            let found = all.get(name).copied().ok_or_else(|| format!("no `{name}` in {all:?}"))?;
            Ok((name.clone(), found))
        });
        wanted.collect()
    }

    /// The first expectation that is not met.
    pub(crate) fn check(&self) -> Result<(), String> {
        let found = self.run()?;
        for (name, expected) in &self.expect {
            let found = found[name];
            if (found - expected).abs() > self.within {
                return Err(format!("{name}: {found}, expected {expected} within {}", self.within));
            }
        }
        Ok(())
    }

    fn time_share(&self, share: &str) -> Result<BTreeMap<String, f64>, String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let mut workforce = Workforce::new(TimeShare::presets()).map_err(|error| text(&error))?;
        for (record, line) in (1_u32..).zip(&self.time) {
            let event = script::time(self.base, record, line);
            let event = event.map_err(|error| format!("{line}: {error}"))?;
            let _ = workforce.ingest(&event).map_err(|error| text(&error))?;
        }
        let until = self.at(self.now.ok_or("no now")?);
        workforce.advance(until);
        let window = Window::new(self.base, until).map_err(|error| text(&error))?;
        let report = workforce.settle().report(share, &window).map_err(|error| text(&error))?;
        let mut named = vec![
            ("above", report.above),
            ("below", report.below),
            ("agents", report.agents as f64),
        ];
        named.extend(report.share.map(|share| ("value", share)));
        Ok(named.into_iter().map(|(name, number)| (name.to_owned(), number)).collect())
    }

    fn at(&self, second: i64) -> DateTime<Utc> {
        self.base + TimeDelta::seconds(second)
    }

    fn asked(&self) -> Result<BTreeMap<String, f64>, String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let definition = match self.definition.as_ref().ok_or("no definition")? {
            Named::Full(definition) => (**definition).clone(),
            Named::Preset(id) => {
                let preset = id.split('.').next().unwrap_or_default();
                let preset: Preset = preset.parse().map_err(|error| text(&error))?;
                let of = Catalog::of([preset]).map_err(|error| text(&error))?;
                of.get(id).ok_or_else(|| format!("no definition {id}"))?.clone()
            }
        };
        let id = definition.id.to_string();
        let catalog =
            Catalog::new(vec![definition], self.calendars.clone()).map_err(|error| text(&error))?;
        let mut metrics = Metrics::new(catalog, Grid::usual()).map_err(|error| text(&error))?;
        let events = self.events()?;
        let last = events.iter().map(|event| event.at).max().unwrap_or(self.base);
        for event in &events {
            let _ = metrics.ingest(event).map_err(|error| text(&error))?;
        }
        for (touchpoint, customer, revision) in &self.identify {
            metrics.identify(touchpoint_id(*touchpoint), customer_id(*customer), *revision);
        }
        metrics.advance(self.now.map_or(last, |now| self.base + TimeDelta::seconds(now)));
        let view = metrics.settle();
        let agent = self.agent.map(|agent| DimensionValue::Agent(agent_id(agent)));
        let state = self.state.map(DimensionValue::State);
        let filter = agent.into_iter().chain(state).fold(Filter::all(), Filter::on);
        let window = match &self.days {
            None => view.all_time(),
            Some((zone, first, days)) => {
                let zone = zone.parse().map_err(|_| format!("no zone {zone}"))?;
                Window::days(zone, *first, *days).map_err(|error| text(&error))?
            }
        };
        let wrong = |error: QueryError| text(&error);
        let mut named: Vec<(String, f64)> = Vec::new();
        let mut say = |name: String, number: f64| named.push((name, number));
        match self.ask {
            None => {
                let report = view.report(&id, &window, &filter).map_err(wrong)?;
                return Ok(numbers(&report));
            }
            Some(Ask::Customers) => {
                let customers = view.customers(&id, &window, &filter).map_err(wrong)?;
                say("customers".into(), customers.customers.get() as f64);
                say("of_nobody".into(), customers.of_nobody as f64);
            }
            Some(Ask::Retention(before, after)) => {
                let window = |(from, until)| {
                    Window::new(self.at(from), self.at(until)).map_err(|error| text(&error))
                };
                let (before, after) = (window(before)?, window(after)?);
                let stayed = view.retention(&id, &before, &after, &filter).map_err(wrong)?;
                say("before".into(), stayed.before.get() as f64);
                say("stayed".into(), stayed.stayed.get() as f64);
                let share = stayed.share.ok_or("nobody")?;
                say("value".into(), share);
                say("churn".into(), 1.0 - share);
            }
            Some(Ask::ChannelUsage) => {
                let usage = view.channel_usage(&id, &window, &filter).map_err(wrong)?;
                for (of, usage) in [
                    ("contacts", &usage.of_contacts),
                    ("customers", &usage.of_customers),
                    ("issues", &usage.of_issues),
                ] {
                    say(of.into(), usage.of.get() as f64);
                    say(format!("{of}.several"), usage.several.get() as f64);
                    for used in &usage.channels {
                        let channel = used.channel.as_ref().ok_or("a channel of no name")?;
                        say(format!("{of}.{channel}"), used.count.get() as f64);
                    }
                }
            }
            Some(Ask::Backlog(cycle)) => {
                let backlog = view.backlog(&id, Seconds(cycle), &filter).map_err(wrong)?;
                let backlog = backlog.ok_or("no time was told")?;
                say("open".into(), backlog.open.get() as f64);
                say("late".into(), backlog.late.get() as f64);
                let late = backlog.cycles_late;
                named.extend(late.map(|late| ("cycles_late".into(), late)));
                let Statistic::Duration { mean, p90, longest, .. } = backlog.age else {
                    return Err("no ages".into());
                };
                let ages = [("mean", mean), ("p90", p90.map(|it| it.value)), ("longest", longest)];
                named.extend(ages.into_iter().filter_map(|(name, age)| Some((name.into(), age?))));
            }
            Some(Ask::WithoutFew(least)) => {
                let by = view.by(Dimension::Channel, &id, &window, &filter).map_err(wrong)?;
                let by = by.without_few(least);
                say("rows".into(), by.rows.len() as f64);
                say("left_out".into(), by.left_out as f64);
                say("n".into(), by.total.n.get() as f64);
            }
        }
        Ok(named.into_iter().collect())
    }

    fn events(&self) -> Result<Vec<Event>, String> {
        let mut script = script::Script::new(self.base);
        for line in &self.events {
            script.line(line).map_err(|error| format!("{line}: {error}"))?;
        }
        for (count, wait, end) in &self.queue {
            for _ in 0..*count {
                script.stay(*wait, *end);
            }
        }
        for (count, score) in &self.scores {
            for _ in 0..*count {
                script.score(*score);
            }
        }
        Ok(script.events)
    }
}

impl Formula {
    fn run(&self) -> BTreeMap<String, f64> {
        let interval = |interval: Option<Interval>| {
            let interval = interval.map_or([f64::NAN; 2], |interval| [interval.low, interval.high]);
            vec![("low", interval[0]), ("high", interval[1])]
        };
        let named = match *self {
            Self::Wilson(successes, of) => interval(Interval::of_share(successes, of)),
            Self::Nps(promoters, passives, detractors) => {
                interval(Interval::of_nps(promoters, passives, detractors))
            }
            Self::Erlang(calls, handle_time, seconds, goal) => {
                let queue = ErlangC::new(calls / 1_800.0, handle_time).expect("a load");
                let agents = queue.agents_for(goal, seconds).unwrap_or(0);
                vec![
                    ("agents", f64::from(agents)),
                    ("service_level", queue.service_level(agents, seconds)),
                    ("occupancy", queue.occupancy(agents)),
                    ("wait_probability", queue.wait_probability(agents)),
                ]
            }
        };
        named.into_iter().map(|(name, number)| (name.to_owned(), number)).collect()
    }
}

/// Everything a report says, by name.
fn numbers(report: &Report) -> BTreeMap<String, f64> {
    let mut named = vec![
        ("n", report.n.get() as f64),
        ("open", report.open.get() as f64),
        ("excluded", report.excluded.get() as f64),
    ];
    named.extend(report.statistic.headline().map(|it| ("value", it)));
    named.extend(report.statistic.interval().map(|it| ("low", it.low)));
    named.extend(report.statistic.interval().map(|it| ("high", it.high)));
    match &report.statistic {
        Statistic::Share { successes, share, .. } => {
            named.push(("successes", successes.get() as f64));
            named.extend(share.map(|share| ("percent", share * 100.0)));
        }
        Statistic::Duration { mean, p50, p90, longest, .. } => {
            named.extend(mean.map(|mean| ("mean", mean)));
            named.extend(p50.map(|it| ("p50", it.value)));
            named.extend(p90.map(|it| ("p90", it.value)));
            named.extend(longest.map(|longest| ("longest", longest)));
        }
        Statistic::Amount { mean, .. } => named.extend(mean.map(|mean| ("mean", mean))),
        _ => {}
    }
    named.into_iter().map(|(name, number)| (name.to_owned(), number)).collect()
}

fn id(kind: u128, number: u32) -> Uuid {
    Uuid::from_u128((kind << 64) | u128::from(number))
}

/// Small numbers as ids.
pub(crate) fn agent_id(number: u32) -> AgentId {
    AgentId::new(id(1, number))
}

/// Small numbers as ids.
pub(crate) fn queue_id(number: u32) -> QueueId {
    QueueId::new(id(2, number))
}

/// Small numbers as ids.
pub(crate) fn conversation_id(number: u32) -> ConversationId {
    ConversationId::new(id(3, number))
}

/// Small numbers as ids.
pub(crate) fn touchpoint_id(number: u32) -> TouchpointId {
    TouchpointId::new(id(4, number))
}

/// Small numbers as ids.
pub(crate) fn customer_id(number: u32) -> CustomerId {
    CustomerId::new(id(5, number))
}
