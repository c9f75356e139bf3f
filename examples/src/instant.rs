use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// Whether `3/4/2024` is in April or in March.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// As nearly everywhere.
    DayFirst,
    /// As in the United States.
    MonthFirst,
    /// Not known: such a date is refused unless one of its numbers can only be a day.
    Unknown,
}

impl DateOrder {
    /// The order that people write in a region (`ID`, `US`).
    #[must_use]
    pub fn of_region(region: Option<&str>) -> Self {
        const MONTH_FIRST: &[&str] = &["US", "AS", "FM", "GU", "MH", "MP", "PR", "PW", "UM", "VI"];
        let Some(region) = region else { return Self::Unknown };
        match MONTH_FIRST.iter().any(|other| other.eq_ignore_ascii_case(region)) {
            true => Self::MonthFirst,
            false => Self::DayFirst,
        }
    }
}

/// Why a text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadInstant {
    /// Not a way of writing that is known.
    #[error("not a date or time as 2024-04-03, 2024-04-03T09:30:00Z or seconds since 1970")]
    Form,
    /// Day and month cannot be told apart.
    #[error("day and month cannot be told apart: write 2024-04-03")]
    Ambiguous,
    /// There is no such day or time.
    #[error("no such day or time")]
    NoSuchTime,
}

/// Reads when something was, as exports write it: ISO 8601 with or without a time and an offset,
/// also with a space or `/` in it; day, month and year with a point or a stroke between; seconds,
/// milli- or microseconds since 1970. A time without an offset is taken as UTC.
///
/// # Errors
///
/// The text is none of these, or says no instant for certain.
///
/// ```
/// use kontak_examples::{BadInstant, DateOrder, instant};
///
/// let noon = instant("2024-04-03T12:00:00Z", DateOrder::Unknown)?;
/// assert_eq!(instant("2024-04-03 19:00:00+07:00", DateOrder::Unknown)?, noon);
/// assert_eq!(instant("3/4/2024 12:00", DateOrder::DayFirst)?, noon);
/// assert_eq!(instant("1712145600", DateOrder::Unknown)?, noon);
/// assert_eq!(instant("3/4/2024", DateOrder::Unknown), Err(BadInstant::Ambiguous));
/// # Ok::<(), BadInstant>(())
/// ```
pub fn instant(text: &str, order: DateOrder) -> Result<DateTime<Utc>, BadInstant> {
    let text = text.trim();
    match plain(text.as_bytes()) {
        Some(instant) => Ok(instant),
        None => other(text, order),
    }
}

fn other(text: &str, order: DateOrder) -> Result<DateTime<Utc>, BadInstant> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return of_digits(text);
    }
    let date_end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (day, rest) = text.split_at(date_end);
    let day = date(day, order)?;
    let rest = rest.trim_start_matches(['T', 't', ' ']).trim();
    let (time, offset) = match rest.is_empty() {
        true => (NaiveTime::MIN, TimeDelta::zero()),
        false => {
            let end =
                rest.find(|c| !matches!(c, '0'..='9' | ':' | '.' | ',')).unwrap_or(rest.len());
            (time(&rest[..end])?, offset(rest[end..].trim())?)
        }
    };
    let local = day.and_time(time).and_utc();
    local.checked_sub_signed(offset).ok_or(BadInstant::NoSuchTime)
}

/// What most exports write, cut at its places: `2024-04-03`, `2024-04-03 09:30:00`,
/// `2024-04-03T09:30:00Z`. `None` for all else, also for what is no day or time.
fn plain(text: &[u8]) -> Option<DateTime<Utc>> {
    let (date, time) = text.split_first_chunk::<10>()?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *date else { return None };
    let year = 100 * two(y0, y1)? + two(y2, y3)?;
    let day = NaiveDate::from_ymd_opt(year as i32, two(m0, m1)?, two(d0, d1)?)?;
    let time = match *time {
        [] => NaiveTime::MIN,
        [b'T' | b't' | b' ', h0, h1, b':', m0, m1, b':', s0, s1]
        | [b'T' | b't' | b' ', h0, h1, b':', m0, m1, b':', s0, s1, b'Z'] => {
            NaiveTime::from_hms_opt(two(h0, h1)?, two(m0, m1)?, two(s0, s1)?)?
        }
        _ => return None,
    };
    Some(day.and_time(time).and_utc())
}

fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(10 * tens + ones))
}

fn of_digits(text: &str) -> Result<DateTime<Utc>, BadInstant> {
    let count: i64 = text.parse().map_err(|_| BadInstant::Form)?;
    let instant = match text.len() {
        8 => {
            let day = NaiveDate::from_ymd_opt(
                (count / 10_000) as i32,
                (count / 100 % 100) as u32,
                (count % 100) as u32,
            );
            day.map(|day| day.and_time(NaiveTime::MIN).and_utc())
        }
        9 | 10 => DateTime::from_timestamp(count, 0),
        12 | 13 => DateTime::from_timestamp_millis(count),
        15 | 16 => DateTime::from_timestamp_micros(count),
        _ => return Err(BadInstant::Form),
    };
    instant.ok_or(BadInstant::NoSuchTime)
}

fn date(text: &str, order: DateOrder) -> Result<NaiveDate, BadInstant> {
    let mut parts = text.split(['-', '/', '.']);
    let (Some(a), Some(b), Some(c), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(BadInstant::Form);
    };
    let (year, month, day) = match (a.len(), b.len(), c.len()) {
        (4, 1..=2, 1..=2) => (number(a)?, number(b)?, number(c)?),
        (1..=2, 1..=2, 4) => {
            let (a, b) = (number(a)?, number(b)?);
            let day_first = match order {
                _ if text.contains('.') || a > 12 || a == b => true,
                _ if b > 12 => false,
                DateOrder::DayFirst => true,
                DateOrder::MonthFirst => false,
                DateOrder::Unknown => return Err(BadInstant::Ambiguous),
            };
            let (day, month) = if day_first { (a, b) } else { (b, a) };
            (number(c)?, month, day)
        }
        _ => return Err(BadInstant::Form),
    };
    NaiveDate::from_ymd_opt(year as i32, month, day).ok_or(BadInstant::NoSuchTime)
}

fn time(text: &str) -> Result<NaiveTime, BadInstant> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let mut parts = whole.split(':');
    let (Some(hour), Some(minute), second, None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(BadInstant::Form);
    };
    let second = second.map_or(Ok(0), number)?;
    let micros = fraction.bytes().chain([b'0'; 6]).take(6).try_fold(0, |micros, digit| {
        digit.is_ascii_digit().then_some(micros * 10 + u32::from(digit & 0xF))
    });
    let micros = micros.ok_or(BadInstant::Form)?;
    NaiveTime::from_hms_micro_opt(number(hour)?, number(minute)?, second, micros)
        .ok_or(BadInstant::NoSuchTime)
}

fn offset(text: &str) -> Result<TimeDelta, BadInstant> {
    let (sign, digits) = match text {
        "" | "Z" | "z" | "UTC" | "GMT" => return Ok(TimeDelta::zero()),
        _ => text.split_at_checked(1).ok_or(BadInstant::Form)?,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None => digits.split_at_checked(2).ok_or(BadInstant::Form)?,
    };
    let minutes = if minutes.is_empty() { 0 } else { number(minutes)? };
    let minutes = i64::from(number(hours)? * 60 + minutes);
    match sign {
        _ if minutes > 14 * 60 => Err(BadInstant::NoSuchTime),
        "+" => Ok(TimeDelta::minutes(minutes)),
        "-" => Ok(TimeDelta::minutes(-minutes)),
        _ => Err(BadInstant::Form),
    }
}

/// A number of one to four digits.
fn number(text: &str) -> Result<u32, BadInstant> {
    match text.len() {
        1..=4 if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(text.bytes().fold(0, |number, digit| number * 10 + u32::from(digit & 0xF)))
        }
        _ => Err(BadInstant::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exports_write() {
        for (text, order, expected) in [
            ("2024-04-03", DateOrder::Unknown, "2024-04-03T00:00:00+00:00"),
            ("2024/4/3 9:30", DateOrder::Unknown, "2024-04-03T09:30:00+00:00"),
            ("2024-04-03 09:30:15.25 UTC", DateOrder::Unknown, "2024-04-03T09:30:15.250+00:00"),
            ("2024-04-03T23:30:00-0530", DateOrder::Unknown, "2024-04-04T05:00:00+00:00"),
            ("2024-04-03T00:30:00+07", DateOrder::Unknown, "2024-04-02T17:30:00+00:00"),
            ("03.04.2024", DateOrder::MonthFirst, "2024-04-03T00:00:00+00:00"),
            ("3/4/2024", DateOrder::MonthFirst, "2024-03-04T00:00:00+00:00"),
            ("13/4/2024", DateOrder::MonthFirst, "2024-04-13T00:00:00+00:00"),
            ("4/13/2024", DateOrder::Unknown, "2024-04-13T00:00:00+00:00"),
            ("20240403", DateOrder::Unknown, "2024-04-03T00:00:00+00:00"),
            ("1712136600", DateOrder::Unknown, "2024-04-03T09:30:00+00:00"),
            ("1712136600123", DateOrder::Unknown, "2024-04-03T09:30:00.123+00:00"),
        ] {
            assert_eq!(
                instant(text, order).map(|at| at.to_rfc3339()),
                Ok(expected.into()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_refused() {
        for text in [
            "",
            "yesterday",
            "2024",
            "2024-04",
            "1/2/18",
            "Mar 1 1970",
            "2024-04-03 9",
            "12:30",
            "2024-04-03T09:30:00+7:0:0",
            "2024-04-03T09:30:00é7",
            "99999999999999999999",
            "2024-04-03T09:30:00.1x",
            "2024-04-03 09:30 ICT",
        ] {
            assert_eq!(instant(text, DateOrder::DayFirst), Err(BadInstant::Form), "{text}");
        }
        for text in ["2024-02-30", "31/02/2024", "2024-04-03T24:30", "2024-04-03T09:30+99:00"] {
            assert_eq!(instant(text, DateOrder::DayFirst), Err(BadInstant::NoSuchTime), "{text}");
        }
    }

    #[test]
    fn plain_ones_are_read_as_by_the_general_way() {
        let days =
            ["1970-01-01", "2024-02-29", "2023-02-29", "2024-13-01", "0000-00-00", "2024-1-1"];
        let times = [
            "",
            "T00:00:00Z",
            " 23:59:59",
            "t12:30:61",
            "T24:00:00Z",
            " 1:00:00",
            "T12:00:00+07:00",
        ];
        let mut read = 0;
        for text in days.iter().flat_map(|day| times.map(|time| format!("{day}{time}"))) {
            if let Some(instant) = plain(text.as_bytes()) {
                assert_eq!(Ok(instant), other(&text, DateOrder::Unknown), "{text}");
                read += 1;
            }
        }
        assert_eq!(read, 6);
    }
}
