use chrono::{NaiveTime, Timelike};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

const DAY: u16 = 24 * 60;

/// A time of day from which and until which it is open, to the minute.
///
/// A window belongs to the day it opens on. Where it closes at or before the time it opens, it
/// closes on the next day: `22:00-06:00`. Midnight as the end is written `24:00`; the whole day is
/// `00:00-24:00`.
///
/// ```
/// use kontak_calendar::{Window, WindowError};
///
/// let night: Window = "22:00-06:00".parse()?;
/// assert!(night.is_over_midnight());
/// assert_eq!("22:00-22:00".parse::<Window>(), Err(WindowError::Empty));
/// # Ok::<(), WindowError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Window {
    opens: u16,
    /// Minutes after the midnight before `opens`, so beyond 24:00 for what closes on the next day.
    closes: u16,
}

impl Window {
    /// From midnight to midnight.
    pub const WHOLE_DAY: Self = Self { opens: 0, closes: DAY };

    /// From `opens` to the next time that the clock shows `closes`.
    ///
    /// # Errors
    ///
    /// Both times are the same, or one is not a whole minute.
    pub fn new(opens: NaiveTime, closes: NaiveTime) -> Result<Self, WindowError> {
        Self::from_minutes(minutes(opens)?, minutes(closes)?)
    }

    fn from_minutes(opens: u16, closes: u16) -> Result<Self, WindowError> {
        if opens == DAY {
            return Err(WindowError::OpensAtEndOfDay);
        }
        if opens == closes {
            return Err(WindowError::Empty);
        }
        Ok(Self { opens, closes: if closes < opens { closes + DAY } else { closes } })
    }

    /// When it opens.
    #[must_use]
    pub fn opens(self) -> NaiveTime {
        time(self.opens)
    }

    /// When it closes; 24:00 is the midnight `00:00` of the next day.
    #[must_use]
    pub fn closes(self) -> NaiveTime {
        time(self.closes % DAY)
    }

    /// Whether part of it lies on the day after the one it opens on.
    #[must_use]
    pub fn is_over_midnight(self) -> bool {
        self.closes > DAY
    }

    /// Minutes from the midnight before it opens: opening and closing.
    pub(crate) fn minutes(self) -> (u16, u16) {
        (self.opens, self.closes)
    }
}

fn minutes(time: NaiveTime) -> Result<u16, WindowError> {
    if time.second() != 0 || time.nanosecond() != 0 {
        return Err(WindowError::NotAWholeMinute);
    }
    Ok((time.hour() * 60 + time.minute()) as u16)
}

fn time(minutes: u16) -> NaiveTime {
    let minutes = u32::from(minutes);
    NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0)
        .expect("a window is built from times of day")
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let closes = if self.is_over_midnight() { self.closes - DAY } else { self.closes };
        let [opens, closes] = [self.opens, closes].map(|at| (at / 60, at % 60));
        write!(f, "{:02}:{:02}-{:02}:{:02}", opens.0, opens.1, closes.0, closes.1)
    }
}

impl FromStr for Window {
    type Err = WindowError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (opens, closes) = text.trim().split_once('-').ok_or(WindowError::NotAWindow)?;
        Self::from_minutes(read_time(opens)?, read_time(closes)?)
    }
}

/// Two digits, a colon, two digits; up to 24:00.
fn read_time(text: &str) -> Result<u16, WindowError> {
    let &[h1, h2, b':', m1, m2] = text.trim().as_bytes() else {
        return Err(WindowError::NotATime);
    };
    if ![h1, h2, m1, m2].iter().all(u8::is_ascii_digit) {
        return Err(WindowError::NotATime);
    }
    let [h1, h2, m1, m2] = [h1, h2, m1, m2].map(|digit| u16::from(digit - b'0'));
    let (hour, minute) = (h1 * 10 + h2, m1 * 10 + m2);
    let total = hour * 60 + minute;
    if minute < 60 && total <= DAY { Ok(total) } else { Err(WindowError::NotATime) }
}

impl TryFrom<String> for Window {
    type Error = WindowError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Window> for String {
    fn from(window: Window) -> Self {
        window.to_string()
    }
}

/// Why a text or two times are not a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum WindowError {
    /// There is no hyphen between two times.
    #[error("not a window: expected two times such as 09:00-17:00")]
    NotAWindow,
    /// A part is not a time of day.
    #[error("not a time of day: expected hours and minutes from 00:00 to 24:00")]
    NotATime,
    /// A time has seconds.
    #[error("the time has seconds: windows open and close on whole minutes")]
    NotAWholeMinute,
    /// It opens at 24:00.
    #[error("the window opens at 24:00: give it to the next day, from 00:00")]
    OpensAtEndOfDay,
    /// It opens and closes at the same time.
    #[error("the window opens and closes at the same time: the whole day is 00:00-24:00")]
    Empty,
}
