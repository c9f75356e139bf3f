use crate::window::{Window, WindowError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// The windows that open on one day, in order and without overlap; none: closed.
///
/// Written as a text, `09:00-12:00, 13:00-17:00` or `closed`; with serde as a list of windows.
///
/// ```
/// use kontak_calendar::{Hours, HoursError};
///
/// let friday: Hours = "13:30-17:00, 09:00-11:30".parse()?;
/// assert_eq!(friday.to_string(), "09:00-11:30, 13:30-17:00");
///
/// let error = "09:00-12:00, 11:30-17:00".parse::<Hours>().unwrap_err();
/// assert_eq!(error.to_string(), "the windows 09:00-12:00 and 11:30-17:00 overlap");
/// # Ok::<(), HoursError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Hours(Vec<Window>);

impl Hours {
    /// No window.
    #[must_use]
    pub const fn closed() -> Self {
        Self(Vec::new())
    }

    /// From midnight to midnight.
    #[must_use]
    pub fn whole_day() -> Self {
        Self(vec![Window::WHOLE_DAY])
    }

    /// These windows, in any order. Two may touch.
    ///
    /// # Errors
    ///
    /// Two of them overlap. Whether one that closes on the next day runs into a window of that day
    /// is not asked: it is open in either.
    pub fn new(windows: impl IntoIterator<Item = Window>) -> Result<Self, HoursError> {
        let mut windows: Vec<_> = windows.into_iter().collect();
        windows.sort_unstable();
        for pair in windows.windows(2) {
            if pair[1].minutes().0 < pair[0].minutes().1 {
                return Err(HoursError::Overlap { first: pair[0], second: pair[1] });
            }
        }
        Ok(Self(windows))
    }

    /// The windows, by the time they open.
    #[must_use]
    pub fn windows(&self) -> &[Window] {
        &self.0
    }

    /// Whether no window opens.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.is_empty()
    }

    fn read<'a>(windows: impl Iterator<Item = &'a str>) -> Result<Self, HoursError> {
        let windows = windows.enumerate().map(|(index, text)| {
            text.parse().map_err(|source| HoursError::Window { number: index + 1, source })
        });
        Self::new(windows.collect::<Result<Vec<_>, _>>()?)
    }
}

impl From<Window> for Hours {
    fn from(window: Window) -> Self {
        Self(vec![window])
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.0.split_first() else {
            return f.write_str("closed");
        };
        write!(f, "{first}")?;
        rest.iter().try_for_each(|window| write!(f, ", {window}"))
    }
}

impl FromStr for Hours {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim() == "closed" {
            return Ok(Self::closed());
        }
        Self::read(text.split(','))
    }
}

impl TryFrom<Vec<String>> for Hours {
    type Error = HoursError;

    fn try_from(windows: Vec<String>) -> Result<Self, Self::Error> {
        Self::read(windows.iter().map(String::as_str))
    }
}

impl From<Hours> for Vec<String> {
    fn from(hours: Hours) -> Self {
        hours.0.iter().map(Window::to_string).collect()
    }
}

/// Why windows are not the hours of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum HoursError {
    /// One of the windows cannot be read.
    #[error("window {number}: {source}")]
    Window {
        /// Which, counted from one in the order given.
        number: usize,
        /// Why.
        source: WindowError,
    },
    /// Two windows cover the same time.
    #[error("the windows {first} and {second} overlap")]
    Overlap {
        /// The one that opens first.
        first: Window,
        /// The other.
        second: Window,
    },
}
