use std::ops::Range;

pub(super) const MINUTE: i64 = 60_000_000;
pub(super) const DAY: i64 = 24 * 60 * MINUTE;

/// What is counted of a day: ranges of microseconds after its midnight, in order, apart.
pub(super) type Spans = Box<[Range<i64>]>;

/// Counts the microseconds of one kind (open, closed, business day) along the local time axis.
///
/// Local time is taken as a straight line here, as if clocks never changed; days are numbered from
/// 1970-01-01. [`measure`](Self::measure) grows along the axis and [`first_past`](Self::first_past)
/// inverts it, both in the logarithm of the number of special days: whole weeks are multiplied, and
/// what special days add or take away is summed beforehand.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    /// Monday first.
    week: [Spans; 7],
    /// What a week has counted when each weekday begins, and at its end.
    before: [i64; 8],
    /// By day. What they count instead of their weekday.
    special: Vec<SpecialDay>,
}

#[derive(Clone, Debug)]
struct SpecialDay {
    day: i64,
    spans: Spans,
    /// What special days before this one count more than their weekdays would.
    surplus: i64,
    /// The same, with this day.
    surplus_after: i64,
}

impl Tally {
    /// `special` by day, each once.
    pub(super) fn new(week: [Spans; 7], special: impl Iterator<Item = (i64, Spans)>) -> Self {
        let mut before = [0; 8];
        for (index, spans) in week.iter().enumerate() {
            before[index + 1] = before[index] + total(spans);
        }
        let mut surplus_after = 0;
        let special =
            special.filter(|(day, spans)| *spans != week[weekday(*day)]).map(|(day, spans)| {
                let surplus = surplus_after;
                surplus_after += total(&spans) - total(&week[weekday(day)]);
                SpecialDay { day, spans, surplus, surplus_after }
            });
        let special = special.collect();
        Self { week, before, special }
    }

    pub(super) fn contains(&self, local: i64) -> bool {
        let (day, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        self.spans(day).iter().any(|span| span.contains(&time))
    }

    /// What is counted from a fixed, arbitrary origin to `local`.
    pub(super) fn measure(&self, local: i64) -> i64 {
        let (day, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let spans = self.spans(day).iter();
        let today: i64 = spans.map(|span| time.clamp(span.start, span.end) - span.start).sum();
        self.at_midnight(day) + today
    }

    /// The last point at which no more than `measure` is counted: there the counting of the next
    /// microsecond begins. `None` where it never does, or not in the range of an `i64`.
    pub(super) fn first_past(&self, measure: i64) -> Option<i64> {
        let next = self.special.partition_point(|special| self.at_start(special) <= measure);
        let last = next.checked_sub(1).map(|index| &self.special[index]);
        if let Some(special) = last {
            let rest = measure - self.at_start(special);
            if rest < total(&special.spans) {
                return point(special.day, &special.spans, rest);
            }
        }
        let per_week = self.before[7];
        if per_week == 0 {
            return None;
        }
        let regular = measure.checked_sub(last.map_or(0, |special| special.surplus_after))?;
        let (weeks, rest) = (regular.div_euclid(per_week), regular.rem_euclid(per_week));
        let weekday = self.before.partition_point(|&before| before <= rest) - 1;
        point(monday(weeks) + weekday as i64, &self.week[weekday], rest - self.before[weekday])
    }

    /// The first point at which all of `measure` is counted.
    pub(super) fn reaches(&self, measure: i64) -> Option<i64> {
        // Time is whole microseconds: it is the end of the one that was still missing.
        self.first_past(measure.checked_sub(1)?)?.checked_add(1)
    }

    /// Where the counting ends for good; `None` where every week goes on counting.
    pub(super) fn end(&self) -> Option<i64> {
        let last = self.special.iter().rev().find(|special| !special.spans.is_empty());
        (self.before[7] == 0).then(|| last.map_or(i64::MIN, |special| (special.day + 1) * DAY))
    }

    fn spans(&self, day: i64) -> &Spans {
        match self.special.binary_search_by_key(&day, |special| special.day) {
            Ok(index) => &self.special[index].spans,
            Err(_) => &self.week[weekday(day)],
        }
    }

    fn at_midnight(&self, day: i64) -> i64 {
        let before = self.special.partition_point(|special| special.day < day);
        let surplus = before.checked_sub(1).map_or(0, |index| self.special[index].surplus_after);
        self.regular(day) + surplus
    }

    fn at_start(&self, special: &SpecialDay) -> i64 {
        self.regular(special.day) + special.surplus
    }

    fn regular(&self, day: i64) -> i64 {
        week_of(day) * self.before[7] + self.before[weekday(day)]
    }
}

fn total(spans: &Spans) -> i64 {
    spans.iter().map(|span| span.end - span.start).sum()
}

/// Where in the day all of `measure` is behind, and the next microsecond is counted.
fn point(day: i64, spans: &Spans, mut measure: i64) -> Option<i64> {
    for span in spans {
        let length = span.end - span.start;
        if measure < length {
            return day.checked_mul(DAY)?.checked_add(span.start + measure);
        }
        measure -= length;
    }
    None
}

/// 1970-01-01 was a Thursday; weeks begin on Monday.
const THURSDAY: i64 = 3;

/// Days from Monday.
pub(super) fn weekday(day: i64) -> usize {
    (day + THURSDAY).rem_euclid(7) as usize
}

fn week_of(day: i64) -> i64 {
    (day + THURSDAY).div_euclid(7)
}

fn monday(week: i64) -> i64 {
    week * 7 - THURSDAY
}
