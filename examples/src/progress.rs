use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Input shorter than this is over before a bar is of use.
const SHORT: u64 = 4 << 20;

/// Moving the bar costs more than reading a row: it moves once per this many bytes.
const STEP: u64 = 1 << 18;

/// So few things are done before a bar is of use.
const FEW: u64 = 100_000;

/// A bar on standard error that shows how far a long input is read. Silent where standard error is
/// no terminal, and for short input.
///
/// ```
/// use kontak_examples::Progress;
///
/// let mut progress = Progress::new("reading", Some(10_000_000));
/// progress.at(5_000_000);
/// progress.finish();
/// ```
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    next: u64,
    step: u64,
}

impl Progress {
    /// A bar for `length` bytes, or a counter where the length is not known beforehand.
    #[must_use]
    pub fn new(verb: &'static str, length: Option<u64>) -> Self {
        let (target, template) = match length {
            Some(..SHORT) => (ProgressDrawTarget::hidden(), ""),
            Some(_) => (
                ProgressDrawTarget::stderr(),
                "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
            ),
            None => (ProgressDrawTarget::stderr(), "{msg} {spinner} {bytes} {bytes_per_sec}"),
        };
        let bar = ProgressBar::with_draw_target(length, target).with_message(verb);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, next: 0, step: STEP }
    }

    /// A bar for a number of things; silent where there are few.
    #[must_use]
    pub fn counting(verb: &'static str, total: u64) -> Self {
        let target = match total {
            ..FEW => ProgressDrawTarget::hidden(),
            _ => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(Some(total), target).with_message(verb);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        Self { bar, next: 0, step: (total / 100).max(1) }
    }

    /// `position` bytes, or things, are done. Cheap enough for every row.
    pub fn at(&mut self, position: u64) {
        if position >= self.next {
            self.next = position + self.step;
            self.bar.set_position(position);
        }
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
