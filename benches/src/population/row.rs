use super::{IdentifierKind, Make, Population, Stream};
use crate::channel::{CHANNELS, STORE, Verification};
use crate::phone::{PhoneWriting, write_phone};
use crate::{Market, Random};
use chrono::{DateTime, Datelike as _, Timelike as _};
use std::io;

/// One touchpoint as an export of the channel has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The kind of channel.
    pub channel: &'static str,
    /// The business's own account, or the store.
    pub scope: String,
    /// The channel's id of the customer's account.
    pub account: String,
    /// The display name; empty where the channel shows none.
    pub name: String,
    /// Phones as they were typed.
    pub phones: Vec<String>,
    /// Addresses as they were typed.
    pub emails: Vec<String>,
    /// Microseconds since 1970, UTC.
    pub seen_at: i64,
    /// How the contact fields were verified.
    pub verified: Verification,
    /// The country in which a national number is meant.
    pub region: &'static str,
    /// Whose it truly is.
    pub person: u32,
}

/// Which columns a table has beside the raw ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "with or without")]
pub enum Columns {
    /// `id,channel,scope,account,name,phone,phone2,email,email2,seen_at,verified,region,person`
    Raw,
    /// The same, and `phone_e164,phone2_e164,email_key,email2_key`, for tools that do not
    /// normalise.
    WithKeys,
}

const RAW: [&str; 13] = [
    "id", "channel", "scope", "account", "name", "phone", "phone2", "email", "email2", "seen_at",
    "verified", "region", "person",
];
const KEYS: [&str; 4] = ["phone_e164", "phone2_e164", "email_key", "email2_key"];

impl Population {
    /// The touchpoint as text.
    ///
    /// # Panics
    /// Where there is no such touchpoint.
    #[must_use]
    pub fn row(&self, touchpoint: u32) -> Row {
        let it = &self.touchpoints[touchpoint as usize];
        let market = self.people[it.person as usize].market;
        let region = self.config.home.unwrap_or(market);
        let habit = &CHANNELS[it.channel as usize];
        let mut random = self.random(Stream::Row, touchpoint);
        let named = random.chance(habit.display_name);
        let name = if named { self.full_name(it.person).shown(&mut random) } else { String::new() };
        let (mut phones, mut emails) = (Vec::new(), Vec::new());
        for sighting in self.sightings(touchpoint) {
            let value = self.typed(sighting.identifier, region, &mut random);
            match self.identifiers[sighting.identifier as usize].kind() {
                IdentifierKind::Phone => phones.push(value),
                IdentifierKind::Email => emails.push(value),
            }
        }
        let scope = if it.channel == STORE {
            format!("store-{:04}", it.scope)
        } else {
            let brand = ["main", "outlet", "pro", "kids"][usize::from(it.scope)];
            format!("{}-{brand}", market.region().to_ascii_lowercase())
        };
        Row {
            channel: habit.name,
            scope,
            // The mixing step has an inverse, so that no two accounts are the same.
            account: format!("{:016x}", Random::new(u64::from(touchpoint)).draw()),
            name,
            phones,
            emails,
            seen_at: it.seen_at(),
            verified: it.verification,
            region: region.region(),
            person: it.person,
        }
    }

    /// All rows as CSV with a header, in the order in which they were seen. The record `id` is the
    /// index of the touchpoint.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn write_csv<W: io::Write>(&self, out: W, columns: Columns) -> csv::Result<()> {
        let mut csv = csv::WriterBuilder::new().buffer_capacity(1 << 20).from_writer(out);
        let keys = columns == Columns::WithKeys;
        let header = RAW.iter().chain(KEYS.iter().filter(|_| keys));
        csv.write_record(header)?;
        let mut record = csv::StringRecord::new();
        for touchpoint in 0..self.touchpoints.len() as u32 {
            let row = self.row(touchpoint);
            let first = |values: &[String]| values.first().cloned().unwrap_or_default();
            let second = |values: &[String]| values.get(1).cloned().unwrap_or_default();
            record.clear();
            record.push_field(&touchpoint.to_string());
            record.push_field(row.channel);
            record.push_field(&row.scope);
            record.push_field(&row.account);
            record.push_field(&row.name);
            record.push_field(&first(&row.phones));
            record.push_field(&second(&row.phones));
            record.push_field(&first(&row.emails));
            record.push_field(&second(&row.emails));
            record.push_field(&rfc3339(row.seen_at));
            record.push_field(row.verified.as_str());
            record.push_field(row.region);
            record.push_field(&row.person.to_string());
            if keys {
                for kind in [IdentifierKind::Phone, IdentifierKind::Email] {
                    let of_kind = self.keys(touchpoint, kind);
                    record.push_field(&first(&of_kind));
                    record.push_field(&second(&of_kind));
                }
            }
            csv.write_record(&record)?;
        }
        csv.flush()?;
        Ok(())
    }

    fn keys(&self, touchpoint: u32, kind: IdentifierKind) -> Vec<String> {
        let of_kind = self.sightings(touchpoint).iter().map(|sighting| sighting.identifier);
        of_kind
            .filter(|identifier| self.identifiers[*identifier as usize].kind() == kind)
            .map(|identifier| self.key(identifier).unwrap_or_default())
            .collect()
    }

    /// The value as somebody in `region` types it.
    fn typed(&self, identifier: u32, region: Market, random: &mut Random) -> String {
        let it = &self.identifiers[identifier as usize];
        let mut text = String::with_capacity(24);
        match it.make {
            Make::JunkPhone | Make::JunkMail => {
                let (typed, key) = it.placeholder();
                let abroad = it.make == Make::JunkPhone && it.market != region;
                text.push_str(key.filter(|_| abroad).unwrap_or(typed));
            }
            Make::Personal | Make::Role => self.mailbox(identifier).write(&mut text, random),
            Make::Mobile | Make::Landline => {
                let writing = PhoneWriting::draw(random);
                let number = (it.market, it.national_number());
                write_phone(&mut text, number, it.market == region, writing, random);
            }
        }
        text
    }
}

fn rfc3339(micros: i64) -> String {
    let at = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}
