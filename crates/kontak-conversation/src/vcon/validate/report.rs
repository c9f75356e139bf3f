use super::{Fault, Problem, Severity};
use crate::vcon::document::Vcon;
use crate::vcon::index::{AttachmentIndex, DialogIndex, PartyIndex};
use crate::vcon::timestamp::Timestamp;

/// Collects problems at a place of a document.
pub(super) struct Report<'a> {
    place: String,
    pub(super) vcon: &'a Vcon,
    problems: &'a mut Vec<Problem>,
}

/// An index that must point into a list of the document.
pub(super) trait Points: Copy {
    const LIST: &'static str;
    /// The index, and how long its list is.
    fn target(self, vcon: &Vcon) -> (u32, usize);
}

impl Points for PartyIndex {
    const LIST: &'static str = "parties";
    fn target(self, vcon: &Vcon) -> (u32, usize) {
        (self.get(), vcon.parties.len())
    }
}

impl Points for DialogIndex {
    const LIST: &'static str = "dialog";
    fn target(self, vcon: &Vcon) -> (u32, usize) {
        (self.get(), vcon.dialog.len())
    }
}

impl Points for AttachmentIndex {
    const LIST: &'static str = "attachments";
    fn target(self, vcon: &Vcon) -> (u32, usize) {
        (self.get(), vcon.attachments.len())
    }
}

impl<'a> Report<'a> {
    pub(super) fn new(vcon: &'a Vcon, problems: &'a mut Vec<Problem>) -> Self {
        Self { place: String::new(), vcon, problems }
    }

    /// One member further down.
    pub(super) fn at(&mut self, name: &str) -> Report<'_> {
        let place = format!("{}/{name}", self.place);
        Report { place, vcon: self.vcon, problems: &mut *self.problems }
    }

    /// One element further down.
    pub(super) fn item(self, index: usize) -> Self {
        Self { place: format!("{}/{index}", self.place), ..self }
    }

    pub(super) fn add(&mut self, severity: Severity, fault: Fault) {
        let place = self.place.clone();
        self.problems.push(Problem { place, fault, severity });
    }

    pub(super) fn form(&mut self, expected: &'static str) {
        self.add(Severity::Invalid, Fault::Form { expected });
    }

    pub(super) fn misplaced(&mut self, name: &str, is_there: bool, expected: &'static str) {
        if is_there {
            self.at(name).add(Severity::Invalid, Fault::Misplaced { expected });
        }
    }

    /// Reports a missing member, where it is not there in another form.
    pub(super) fn missing(&mut self, name: &str, misfit: bool, expected: &'static str) {
        if !misfit {
            self.at(name).add(Severity::Invalid, Fault::Missing { expected });
        }
    }

    /// Reports a missing member that the draft can do without and a known validator cannot.
    pub(super) fn wanted(&mut self, name: &str, misfit: bool, expected: &'static str) {
        if !misfit {
            self.at(name).add(Severity::Risky, Fault::Missing { expected });
        }
    }

    pub(super) fn required_time(&mut self, name: &str, time: Option<&Timestamp>, misfit: bool) {
        match time {
            Some(_) => self.time(name, time),
            None => self.missing(name, misfit, "a time of RFC 3339"),
        }
    }

    pub(super) fn time(&mut self, name: &str, time: Option<&Timestamp>) {
        let Some(time) = time else { return };
        match time.strict() {
            None => self.at(name).add(Severity::Invalid, Fault::NotATime),
            Some(strict) if strict != *time => {
                self.at(name).add(Severity::Risky, Fault::TimeForm);
            }
            Some(_) => {}
        }
    }

    /// Reports each index that points behind the end of its list.
    pub(super) fn points<T: Points>(&mut self, name: &str, indices: impl IntoIterator<Item = T>) {
        for index in indices {
            let (index, len) = index.target(self.vcon);
            if usize::try_from(index).is_ok_and(|index| index < len) {
                continue;
            }
            let fault = Fault::OutOfRange { index, list: T::LIST, len };
            self.at(name).add(Severity::Invalid, fault);
        }
    }
}
