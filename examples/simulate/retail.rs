//! The day that is simulated where no other is given: invented, but of the proportions that a chain
//! of shops in Indonesia and Vietnam would know.

use crate::day::{Day, agent_id};
use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_routing::simulate::{Contact, Random, Staff};
use kontak_routing::{Agent, Centre, Level, Preference, Requirement, Tie};
use kontak_types::ChannelKind;

pub(crate) const RULES: &str = include_str!("retail.toml");

const AGENTS: u32 = 75;

/// Channel, contacts in a day, seconds of service, seconds of patience.
const CHANNELS: [(&str, f64, f64, f64); 5] = [
    ("voice", 2_300.0, 240.0, 180.0),
    ("whatsapp", 3_700.0, 600.0, 900.0),
    ("webchat", 1_500.0, 420.0, 240.0),
    ("instagram", 800.0, 300.0, 1_800.0),
    ("email", 1_100.0, 300.0, 28_800.0),
];

const QUEUES: [(&str, f64); 4] =
    [("orders", 0.45), ("returns", 0.25), ("technical", 0.12), ("payments", 0.18)];

const LANGUAGES: [(&str, f64); 3] = [("id", 0.7), ("vi", 0.22), ("en", 0.08)];

/// How busy each hour is beside the mean, from 8 to 22.
const HOURS: [f64; 14] = [0.6, 0.9, 1.2, 1.3, 1.2, 1.1, 1.0, 0.95, 0.95, 0.9, 1.0, 1.15, 1.1, 0.65];

/// Monday, 2 March 2026, 08:00 in Jakarta.
fn opening() -> anyhow::Result<DateTime<Utc>> {
    Ok("2026-03-02T08:00:00+07:00".parse()?)
}

pub(crate) fn staff(seed: u64) -> anyhow::Result<Vec<Staff>> {
    let mut random = Random::stream(seed, 10);
    let opening = opening()?;
    (0..AGENTS)
        .map(|number| {
            let mut agent = Agent::new(agent_id(number));
            for (skill, share) in
                [("orders", 0.9), ("returns", 0.6), ("technical", 0.4), ("payments", 0.5)]
            {
                if random.chance(share) || skill == "orders" && number % 5 == 0 {
                    let level = Level::new(1 + random.below(5) as u8)?;
                    agent = agent.with_skill(skill.parse()?, level);
                }
            }
            // Everybody has one language, many a second.
            let first = if number % 4 == 3 { "vi" } else { "id" };
            agent = agent.with_language(first.parse()?);
            if random.chance(0.5) {
                agent = agent.with_language("en".parse()?);
            }
            agent = agent.with_channel("email", 2);
            if number % 5 != 4 {
                agent = agent.with_channel("voice", 1);
            }
            for (channel, most) in [("whatsapp", 4), ("webchat", 4), ("instagram", 3)] {
                if random.chance(0.85) {
                    agent = agent.with_channel(channel, most);
                }
            }
            // Early, middle and late shift, of eight hours each.
            let begins = opening + TimeDelta::hours(i64::from(number % 3) * 3);
            Ok(Staff::between(agent, begins, begins + TimeDelta::hours(8)))
        })
        .collect()
}

pub(crate) fn day(centre: &Centre, seed: u64, transfers: f64) -> anyhow::Result<Day> {
    let opening = opening()?;
    let mut contacts = Vec::new();
    for (number, (channel, per_day, service, patience)) in CHANNELS.into_iter().enumerate() {
        let mut random = Random::stream(seed, 20 + number as u64);
        let mut second = 0.0;
        loop {
            let busy = HOURS.get((second / 3_600.0) as usize).copied().unwrap_or(1.0);
            second += random.exponential(14.0 * 3_600.0 / per_day / busy);
            if second >= 14.0 * 3_600.0 {
                break;
            }
            let at = opening + TimeDelta::microseconds((second * 1e6) as i64);
            let name = pick(&mut random, &QUEUES);
            let queue = centre.queues.get(name).with_context(|| {
                format!(
                    "the rules have no queue \"{name}\", which the retail day needs; with rules of \
                         your own, give a --trace"
                )
            })?;
            // Log-normal: many are short, some very long.
            let service = service * (0.6 * random.normal() - 0.18).exp();
            let mut contact = Contact::new(at, queue.id, ChannelKind::from(channel), service);
            contact.requirement = Requirement::language(pick(&mut random, &LANGUAGES).parse()?);
            contact.patience_seconds = Some(random.exponential(patience));
            if random.chance(0.15) {
                let before = agent_id(random.below(AGENTS));
                contact.preferred.push(Preference::new(before, Tie::LastAgent, 1));
            }
            while random.chance(transfers) && contact.transfers.len() < 4 {
                contact.transfers.push(queue.id);
            }
            contacts.push(contact);
        }
    }
    contacts.sort_by_key(|contact| contact.at);
    Ok(Day { contacts, staff: staff(seed)?, notes: Vec::new() })
}

fn pick<'a>(random: &mut Random, of: &[(&'a str, f64)]) -> &'a str {
    let mut left = random.unit();
    for (name, share) in of {
        if left < *share {
            return name;
        }
        left -= share;
    }
    of[0].0
}
