//! The numbers of the day.

use kontak_metrics::{Dimension, Filter, Statistic, View};

/// A line of the dashboard: what it is, how much, how sure, of how many.
pub(crate) type Line = [String; 4];

const SHOWN: [(&str, &str); 9] = [
    ("kontak.conversations", "conversations"),
    ("kontak.service_level", "service level"),
    ("kontak.speed_of_answer", "speed of answer"),
    ("kontak.first_response", "first response"),
    ("kontak.full_resolution", "time to resolution"),
    ("kontak.first_contact_resolution", "first contact resolution"),
    ("kontak.csat", "CSAT (4 and 5 of 5)"),
    ("kontak.csat_response_rate", "surveys answered"),
    ("kontak.promises_kept", "promises kept"),
];

pub(crate) fn lines(view: View<'_>) -> anyhow::Result<Vec<Line>> {
    let window = view.all_time();
    let mut lines = Vec::new();
    for (definition, name) in SHOWN {
        let report = view.report(definition, &window, &Filter::all())?;
        let (value, interval) = shown(&report.statistic);
        lines.push([name.to_owned(), value, interval, report.n.to_string()]);
    }
    Ok(lines)
}

/// First responses by channel: name, median in seconds, how many.
pub(crate) fn by_channel(view: View<'_>) -> anyhow::Result<Vec<Line>> {
    let window = view.all_time();
    let rows = view.by(Dimension::Channel, "kontak.first_response", &window, &Filter::all())?.rows;
    let line = |row: &kontak_metrics::Row| {
        let (value, interval) = shown(&row.report.statistic);
        [row.value.to_string(), value, interval, row.report.n.to_string()]
    };
    Ok(rows.iter().map(line).collect())
}

fn shown(statistic: &Statistic) -> (String, String) {
    let range = |low: f64, high: f64, unit: &dyn Fn(f64) -> String| {
        format!("{} to {}", unit(low), unit(high))
    };
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let time = |seconds: f64| match seconds {
        seconds if seconds < 90.0 => format!("{seconds:.0} s"),
        seconds if seconds < 5_400.0 => format!("{:.1} min", seconds / 60.0),
        seconds => format!("{:.1} h", seconds / 3_600.0),
    };
    match statistic {
        Statistic::Share { share, interval, .. } => (
            share.map_or_else(|| "none".to_owned(), percent),
            interval.map_or_else(String::new, |it| range(it.low, it.high, &percent)),
        ),
        Statistic::Duration { p50, p90, .. } => (
            p50.as_ref().map_or_else(|| "none".to_owned(), |it| time(it.value)),
            p90.as_ref()
                .map_or_else(String::new, |it| format!("nine of ten within {}", time(it.value))),
        ),
        Statistic::Count { count } => (count.to_string(), String::new()),
        other => (format!("{:.1}", other.headline().unwrap_or_default()), String::new()),
    }
}
