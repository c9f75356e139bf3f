use super::rules::Rules;
use super::tally::{DAY, MINUTE, Spans, Tally, weekday};
use crate::hours::Hours;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The rules made ready for looking up.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) open: Tally,
    pub(super) closed: Tally,
    pub(super) business_days: Tally,
}

impl Plan {
    pub(super) fn new(rules: &Rules) -> Self {
        let special = special_days(rules);
        let tally = |spans: fn(&Hours, &Hours) -> Spans| {
            let week = [6, 0, 1, 2, 3, 4, 5]
                .map(|before: usize| spans(&rules.weekly[before], &rules.weekly[(before + 1) % 7]));
            let hours = |day| hours_on(rules, day);
            let special = special.iter().map(|&day| (day, spans(hours(day - 1), hours(day))));
            Tally::new(week, special)
        };
        Self { open: tally(open), closed: tally(closed), business_days: tally(business_day) }
    }
}

/// The days on which other times may be open than on their weekday: those with a rule of their own,
/// and the days after them, into which their nights reach.
fn special_days(rules: &Rules) -> BTreeSet<i64> {
    let days = rules.special_dates().map(|date| i64::from(date.to_epoch_days()));
    days.flat_map(|day| [day, day + 1]).collect()
}

fn hours_on(rules: &Rules, day: i64) -> &Hours {
    match i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days) {
        Some(date) => rules.planned(date).hours,
        None => &rules.weekly[weekday(day)],
    }
}

/// What the windows of two days in a row leave open on the second.
fn open(yesterday: &Hours, today: &Hours) -> Spans {
    const DAY_MINUTES: u16 = 24 * 60;
    let rest = yesterday.windows().iter().filter_map(|window| {
        let (_, closes) = window.minutes();
        (closes > DAY_MINUTES).then(|| (0, closes - DAY_MINUTES))
    });
    let today = today.windows().iter().map(|window| {
        let (opens, closes) = window.minutes();
        (opens, closes.min(DAY_MINUTES))
    });
    let mut windows: Vec<_> = rest.chain(today).collect();
    windows.sort_unstable();
    let mut merged: Vec<(u16, u16)> = Vec::with_capacity(windows.len());
    for (opens, closes) in windows {
        match merged.last_mut() {
            Some(last) if opens <= last.1 => last.1 = last.1.max(closes),
            _ => merged.push((opens, closes)),
        }
    }
    let in_day = |minutes: u16| i64::from(minutes) * MINUTE;
    merged.into_iter().map(|(opens, closes)| in_day(opens)..in_day(closes)).collect()
}

fn closed(yesterday: &Hours, today: &Hours) -> Spans {
    let open = open(yesterday, today);
    let starts = std::iter::once(0).chain(open.iter().map(|span| span.end));
    let ends = open.iter().map(|span| span.start).chain([DAY]);
    starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| start..end).collect()
}

fn business_day(_: &Hours, today: &Hours) -> Spans {
    (!today.is_closed()).then_some(0..DAY).into_iter().collect()
}
