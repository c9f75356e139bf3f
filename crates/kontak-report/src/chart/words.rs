//! Numbers and times as a language says them. A new language is one file and one line in [`PHRASES`].

use chrono::{DateTime, Datelike, NaiveDate};
use kontak_metrics::Show;
use kontak_metrics::calendar::Tz;
use kontak_types::{Language, PhraseTables, Phrases};

const PHRASES: PhraseTables = PhraseTables::new(
    include_str!("phrases/en.txt"),
    &[("id", include_str!("phrases/id.txt")), ("vi", include_str!("phrases/vi.txt"))],
);

const MONTHS: [&str; 12] = [
    "month_1", "month_2", "month_3", "month_4", "month_5", "month_6", "month_7", "month_8",
    "month_9", "month_10", "month_11", "month_12",
];
const WEEKDAYS: [&str; 7] =
    ["weekday_1", "weekday_2", "weekday_3", "weekday_4", "weekday_5", "weekday_6", "weekday_7"];

/// The phrases of one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words(Phrases);

impl Words {
    pub(super) fn of(language: &Language) -> Self {
        Self(PHRASES.of(language))
    }

    pub(super) fn get(self, key: &'static str) -> String {
        self.0.get(key).to_owned()
    }

    pub(super) fn fill(self, key: &'static str, words: &[(&str, &str)]) -> String {
        self.0.fill(key, words)
    }

    /// A number with so many decimals at most, and its decimal mark.
    fn number(self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        let text = match text.split_once('.') {
            Some(_) => text.trim_end_matches('0').trim_end_matches('.'),
            None => &text,
        };
        let text = if text == "-0" { "0" } else { text };
        text.replace('.', self.0.get("decimal"))
    }

    /// A value as it is shown: durations are in seconds, shares of one.
    pub(super) fn value(self, value: f64, show: Show) -> String {
        match show {
            Show::Duration => self.span(value),
            Show::Share | Show::TopBox { .. } => {
                self.fill("share", &[("number", &self.number(value * 100.0, 1))])
            }
            Show::Nps => self.number(value, 1),
            _ => self.number(value, if value.abs() < 10.0 { 2 } else { 1 }),
        }
    }

    /// Seconds, in the unit that people say them in.
    pub(super) fn span(self, seconds: f64) -> String {
        let (unit, number) = match seconds.abs() {
            0.0 => ("seconds", 0.0),
            size if size < 1.0 => ("milliseconds", seconds * 1e3),
            size if size < 120.0 => ("seconds", seconds),
            size if size < 7_200.0 => ("minutes", seconds / 60.0),
            size if size < 172_800.0 => ("hours", seconds / 3_600.0),
            _ => ("days", seconds / 86_400.0),
        };
        let decimals = match number.abs() {
            below if unit == "milliseconds" && below < 1.0 => 3,
            below if below < 100.0 => 1,
            _ => 0,
        };
        self.fill(unit, &[("number", &self.number(number, decimals))])
    }

    pub(super) fn day(self, date: NaiveDate) -> String {
        let month = self.0.get(MONTHS[date.month0() as usize]);
        self.fill("day", &[("day", &date.day().to_string()), ("month", month)])
    }

    pub(super) fn month(self, date: NaiveDate) -> String {
        let month = self.0.get(MONTHS[date.month0() as usize]);
        self.fill("month", &[("month", month), ("year", &date.year().to_string())])
    }

    /// An instant on the clocks of its zone; the hour only where it is not midnight.
    pub(super) fn instant(self, at: DateTime<Tz>) -> String {
        let (day, time) = (self.day(at.date_naive()), at.format("%H:%M").to_string());
        if time == "00:00" { day } else { format!("{day} {time}") }
    }

    /// Monday is 0.
    pub(super) fn weekday(self, day: usize) -> &'static str {
        self.0.get(WEEKDAYS[day % 7])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_what_english_says() {
        assert_eq!(PHRASES.differences(), Vec::<String>::new());
        for key in MONTHS.into_iter().chain(WEEKDAYS) {
            assert!(PHRASES.english().find(key).is_some(), "{key}");
        }
    }

    #[test]
    fn numbers_are_said_as_people_say_them() {
        let say = |language: &str, value, show| Words(PHRASES.named(language)).value(value, show);
        assert_eq!(say("en", 0.0, Show::Duration), "0 s");
        assert_eq!(say("en", 0.000_004, Show::Duration), "0.004 ms");
        assert_eq!(say("en", 0.25, Show::Duration), "250 ms");
        assert_eq!(say("vi", 90.5, Show::Duration), "90,5 giây");
        assert_eq!(say("id", 5_400.0, Show::Duration), "90 mnt");
        assert_eq!(say("en", 259_200.0, Show::Duration), "3 d");
        assert_eq!(say("vi", 0.825, Show::Share), "82,5 %");
        assert_eq!(say("en", -0.01, Show::Nps), "0");
        assert_eq!(say("en", 4.256, Show::Mean), "4.26");
        assert_eq!(say("en", 1_200.0, Show::Count), "1200");
    }
}
