//! Recorded contacts and people, from tables.

use crate::day::{Day, agent_id};
use anyhow::{Context as _, bail};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use hashbrown::HashMap;
use kontak_calendar::Tz;
use kontak_examples::{Complaints, DateOrder, Progress, Row, Table, instant};
use kontak_routing::simulate::{Contact, Random, Staff};
use kontak_routing::{Agent, Centre, Level, Preference, Requirement, Tie};
use kontak_types::{AgentId, ChannelKind};
use std::path::Path;

/// The columns of a table by their names.
struct Headings {
    names: Vec<String>,
}

impl Headings {
    /// Every column that is there has a meaning, and those that must be there are.
    fn check(table: &Table, known: &[&str], needed: &[&str]) -> anyhow::Result<Self> {
        let names: Vec<String> =
            table.columns().iter().map(|name| name.trim().to_lowercase()).collect();
        for needed in needed {
            if !names.iter().any(|name| name == needed) {
                bail!("there is no column \"{needed}\"; the columns are: {}", names.join(", "));
            }
        }
        if let Some(other) = names.iter().find(|name| !known.contains(&name.as_str())) {
            bail!("column \"{other}\" means nothing here; there are: {}", known.join(", "));
        }
        Ok(Self { names })
    }

    fn cell<'a>(&self, row: &Row<'a>, name: &str) -> &'a str {
        let column = self.names.iter().position(|other| other == name);
        column.map_or("", |column| row.cell(column))
    }
}

/// The people of a file, with the ids by their names.
pub(crate) struct People {
    pub(crate) staff: Vec<Staff>,
    pub(crate) ids: HashMap<String, AgentId>,
    pub(crate) complaints: Complaints,
}

pub(crate) fn people(
    path: &Path,
    centre: &Centre,
    (first_day, zone): (DateTime<Utc>, Tz),
) -> anyhow::Result<People> {
    let mut table = Table::open(&[path.to_path_buf()])?;
    let known = ["agent", "skills", "capacity", "shift_start", "shift_end"];
    let headings = Headings::check(&table, &known, &["agent"])
        .with_context(|| format!("{} cannot be used", path.display()))?;
    let mut people =
        People { staff: Vec::new(), ids: HashMap::new(), complaints: Complaints::default() };
    let mut complaints = Complaints::default();
    while let Some(row) = table.next_row(&mut complaints)? {
        let name = headings.cell(&row, "agent");
        if name.is_empty() || people.ids.contains_key(name) {
            let reason = if name.is_empty() { "no name" } else { "the agent has a row already" };
            people.complaints.row(&row.place(), reason);
            continue;
        }
        let id = agent_id(people.ids.len() as u32);
        match person(id, &headings, &row, centre, (first_day, zone)) {
            Ok(staff) => {
                people.ids.insert(name.to_owned(), id);
                people.staff.push(staff);
            }
            Err(reason) => people.complaints.row(&row.place(), &format!("{reason:#}")),
        }
    }
    if complaints.rows() > 0 {
        eprint!("{}: {complaints}", path.display());
    }
    Ok(people)
}

fn person(
    id: AgentId,
    headings: &Headings,
    row: &Row<'_>,
    centre: &Centre,
    day: (DateTime<Utc>, Tz),
) -> anyhow::Result<Staff> {
    let mut agent = Agent::new(id);
    let parts = |text: &'static str| move |c: char| text.contains(c);
    for part in headings.cell(row, "skills").split(parts(";|,")).map(str::trim) {
        let (name, value) = part.split_once(':').unwrap_or((part, ""));
        match (name.trim(), value.trim()) {
            ("", _) => {}
            ("language", tag) => agent = agent.with_language(tag.parse()?),
            (skill, "") => agent = agent.with_skill(skill.parse()?, Level::MOST),
            (skill, level) => {
                let level: u8 = level.parse().context("a level is a number from 1 to 10")?;
                agent = agent.with_skill(skill.parse()?, Level::new(level)?);
            }
        }
    }
    let capacity = headings.cell(row, "capacity");
    if let Ok(units) = capacity.parse() {
        agent = agent.with_capacity(units);
    }
    if capacity.contains(':') {
        for part in capacity.split(parts(";|,")).map(str::trim).filter(|part| !part.is_empty()) {
            let (channel, most) =
                part.split_once(':').context("capacity is 100, or voice:1; webchat:4")?;
            let most = most.trim().parse().context("capacity: how many is a number")?;
            agent = agent.with_channel(channel.trim(), most);
        }
    } else if !capacity.is_empty() && capacity.parse::<u32>().is_err() {
        bail!("capacity is 100, or voice:1; webchat:4");
    } else {
        // On every channel as many as fit.
        for (channel, cost) in &centre.channels {
            let most = (agent.capacity / cost.units.max(1)).max(1) as u16;
            agent = agent.with_channel(channel.as_str(), most);
        }
    }
    let (from, to) = (headings.cell(row, "shift_start"), headings.cell(row, "shift_end"));
    let mut staff = Staff::always(agent);
    staff.from = time(from, day).context("shift_start")?;
    staff.to = time(to, day).context("shift_end")?;
    if let (Some(from), Some(to)) = (staff.from, staff.to)
        && to <= from
    {
        // A night shift ends on the next day.
        staff.to = Some(to + TimeDelta::days(1));
    }
    Ok(staff)
}

/// A time of the first day, or an instant; nothing where the cell is empty.
fn time(
    text: &str,
    (first_day, zone): (DateTime<Utc>, Tz),
) -> anyhow::Result<Option<DateTime<Utc>>> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(time) = NaiveTime::parse_from_str(text, "%H:%M") {
        let local = first_day.with_timezone(&zone).date_naive().and_time(time);
        let at = local.and_local_timezone(zone).earliest().context("no such time on that day")?;
        return Ok(Some(at.to_utc()));
    }
    Ok(Some(instant(text, DateOrder::Unknown)?))
}

const COLUMNS: [&str; 9] = [
    "arrived_at",
    "channel",
    "queue",
    "skills",
    "priority",
    "service_seconds",
    "patience_seconds",
    "customer",
    "previous_agent",
];

/// The contacts of a file; agents are named only where they are known.
pub(crate) fn contacts(
    path: &Path,
    centre: &Centre,
    agents: &HashMap<String, AgentId>,
    (seed, transfers): (u64, f64),
) -> anyhow::Result<(Vec<Contact>, Complaints, usize)> {
    let mut table = Table::open(&[path.to_path_buf()])?;
    let headings = Headings::check(&table, &COLUMNS, &["arrived_at", "channel", "service_seconds"])
        .with_context(|| format!("{} cannot be used", path.display()))?;
    let mut complaints = Complaints::default();
    let mut progress = Progress::new("reading", table.length());
    let mut random = Random::stream(seed, 40);
    let (mut contacts, mut patient) = (Vec::new(), 0);
    loop {
        progress.at(table.position());
        let Some(row) = table.next_row(&mut complaints)? else { break };
        match contact(&headings, &row, centre, agents) {
            Ok(mut contact) => {
                patient += usize::from(contact.patience_seconds.is_none());
                while random.chance(transfers) && contact.transfers.len() < 4 {
                    contact.transfers.push(contact.queue);
                }
                contacts.push(contact);
            }
            Err(reason) => complaints.row(&row.place(), &format!("{reason:#}")),
        }
    }
    progress.finish();
    contacts.sort_by_key(|contact| contact.at);
    Ok((contacts, complaints, patient))
}

fn contact(
    headings: &Headings,
    row: &Row<'_>,
    centre: &Centre,
    agents: &HashMap<String, AgentId>,
) -> anyhow::Result<Contact> {
    let cell = |name| headings.cell(row, name);
    let at = instant(cell("arrived_at"), DateOrder::Unknown).context("arrived_at")?;
    let channel = cell("channel");
    if channel.is_empty() {
        bail!("no channel");
    }
    let number = |name: &'static str| -> anyhow::Result<Option<f64>> {
        let text = cell(name);
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() && number >= 0.0 => Ok(Some(number)),
            _ => bail!("{name} is not a number of seconds"),
        }
    };
    let service = number("service_seconds")?.context("no service_seconds")?;
    let (queue, skills) = (cell("queue"), cell("skills"));
    let requirement: Requirement = match skills {
        "" => Requirement::Anyone,
        skills => skills.parse().context("skills")?,
    };
    let queue = match queue {
        "" => centre.queues.values().next().context("the rules have no queue")?,
        name => centre.queues.get(name).context("queue: the rules have none of this name")?,
    };
    let mut contact = Contact::new(at, queue.id, ChannelKind::from(channel), service);
    contact.requirement = requirement;
    contact.patience_seconds = number("patience_seconds")?;
    if !cell("priority").is_empty() {
        contact.priority = cell("priority").parse().context("priority is not a whole number")?;
    }
    if let Some(agent) = agents.get(cell("previous_agent")) {
        contact.preferred.push(Preference::new(*agent, Tie::LastAgent, 1));
    }
    Ok(contact)
}

/// A day from files.
pub(crate) fn day(
    trace: &Path,
    agents: Option<&Path>,
    centre: &Centre,
    arguments: &crate::arguments::Arguments,
) -> anyhow::Result<(Day, Complaints)> {
    let draw = (arguments.seed, arguments.transfers);
    // When the first day is, the contacts say; who their agents were, the people.
    let (first, ..) = contacts(trace, centre, &HashMap::new(), draw)?;
    let opening = first.first().context("the trace has no contact that can be used")?.at;
    let (staff, ids, mut notes) = match agents {
        None => {
            let note = "no --agents: everybody of the retail day is always there".to_owned();
            let mut staff = crate::retail::staff(arguments.seed)?;
            for one in &mut staff {
                (one.from, one.to) = (None, None);
            }
            (staff, HashMap::new(), vec![note])
        }
        Some(path) => {
            let people = people(path, centre, (opening, arguments.zone))?;
            if people.complaints.rows() > 0 {
                eprint!("{}: {}", path.display(), people.complaints);
            }
            if people.staff.is_empty() {
                bail!("{} has no agent that can be used", path.display());
            }
            (people.staff, people.ids, Vec::new())
        }
    };
    let (contacts, complaints, patient) = contacts(trace, centre, &ids, draw)?;
    if patient > 0 {
        notes.push(format!(
            "the patience of {patient} contacts is not known: they wait as long as it takes"
        ));
    }
    Ok((Day { contacts, staff, notes }, complaints))
}
