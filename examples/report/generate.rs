//! A month of a retail contact centre, and its truth.

use crate::contact::Contact;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kontak_examples::{Random, wait};
use kontak_metrics::QueueEnd;
use kontak_metrics::calendar::{Calendar, HolidaySet, Tz};

/// What the generator knows, because it made it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Truth {
    pub(crate) contacts: u64,
    pub(crate) answered: u64,
    pub(crate) abandoned: u64,
    pub(crate) returns: u64,
    pub(crate) wait_micros: u128,
    pub(crate) csat: (u64, u64),
}

const CHANNELS: [(&str, &str, f64); 4] = [
    ("voice", "Hotline", 7.0),
    ("whatsapp", "Chat", 14.0),
    ("webchat", "Chat", 10.0),
    ("email", "Back office", 2_400.0),
];
const AGENTS: [&str; 12] =
    ["Ayu", "Budi", "Citra", "Dewi", "Eko", "Fajar", "Hanh", "Khoa", "Lan", "Minh", "Nga", "Phuc"];

/// From the first of March 2026, in the hours of a shop.
pub(crate) fn month(seed: u64, zone: Tz) -> anyhow::Result<(Vec<Contact>, Truth)> {
    let shop = Calendar::builder(zone)
        .every_day("08:00-21:00".parse()?)
        .holidays(HolidaySet::indonesia())
        .build()?;
    let (mut contacts, mut truth) = (Vec::new(), Truth::default());
    let mut random = Random::new(seed);
    let first = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap_or_default();
    for date in first.iter_days().take(31) {
        for span in shop.windows_on(date) {
            // Mondays are busy, and so are ten in the morning and seven in the evening.
            let open = span.start;
            let monday = u32::from(chrono::Datelike::weekday(&date) == chrono::Weekday::Mon);
            for _ in 0..260 + 120 * monday + random.below(60) {
                let hour = if random.chance(0.4) {
                    [2, 11][random.below(2) as usize]
                } else {
                    random.below(13)
                };
                let at = open + TimeDelta::seconds(i64::from(hour * 3_600 + random.below(3_600)));
                add(&mut random, at, &mut contacts, &mut truth);
            }
        }
    }
    Ok((contacts, truth))
}

fn add(random: &mut Random, at: DateTime<Utc>, contacts: &mut Vec<Contact>, truth: &mut Truth) {
    // Everybody is new, so that who comes back does so on purpose.
    let customer = contacts.len() as u32;
    first_or_return(random, at, customer, contacts, truth);
    // One in eight comes back within three days, because it was not done.
    if random.chance(0.125) {
        truth.returns += 1;
        let later = at + TimeDelta::hours(24 * (1 + i64::from(random.below(3))));
        first_or_return(random, later, customer, contacts, truth);
    }
}

fn first_or_return(
    random: &mut Random,
    at: DateTime<Utc>,
    customer: u32,
    contacts: &mut Vec<Contact>,
    truth: &mut Truth,
) {
    let (channel, queue, median) = CHANNELS[(random.below(8) / 2) as usize];
    let agent = random.below(AGENTS.len() as u32);
    // The crowded hours make people wait.
    let waited = TimeDelta::microseconds(wait(random, median).min(86_400_000_000));
    let abandoned = channel != "email"
        && random.chance(0.05 + if waited.num_seconds() > 120 { 0.1 } else { 0.0 });
    let left = at + waited;
    truth.contacts += 1;
    let mut contact = Contact {
        id: format!("C{:06}", contacts.len() + 1),
        customer: format!("K{customer:05}"),
        channel: channel.into(),
        queue: queue.into(),
        arrived: at,
        ended: Some(left),
        outcome: Some(QueueEnd::Abandoned),
        ..Contact::default()
    };
    if abandoned {
        truth.abandoned += 1;
    } else {
        truth.answered += 1;
        truth.wait_micros += waited.num_microseconds().unwrap_or(0) as u128;
        contact.agent = AGENTS[agent as usize].into();
        contact.answered = Some(left);
        contact.ended = Some(left + TimeDelta::microseconds(wait(random, 240.0)));
        contact.wrap_up = Some(TimeDelta::seconds(i64::from(20 + random.below(60))));
        contact.outcome = Some(QueueEnd::Answered);
        contact.resolved = Some(random.chance(0.9));
        if random.chance(0.3) {
            // Some agents are better liked, by a little.
            let liked = 0.74 + f64::from(agent) * 0.01;
            let score =
                if random.chance(liked) { 4 + random.below(2) } else { 1 + random.below(3) };
            truth.csat.0 += u64::from(score >= 4);
            truth.csat.1 += 1;
            contact.csat = Some(score as u8);
            contact.nps = Some((score * 2).saturating_sub(random.below(2)) as u8);
        }
    }
    contacts.push(contact);
}
