mod dialog;
mod file;
mod report;

use super::document::{Reference, Vcon};
use report::Report;
use std::fmt;
use thiserror::Error;

/// What is wrong in a vCon, where, and how bad that is.
///
/// It names places, forms and words of the draft, never what the document says.
///
/// ```
/// use kontak_conversation::vcon::{Dialog, DialogKind, Party, Vcon};
///
/// let mut vcon = Vcon::new(Vcon::id_of(Default::default(), 0, "toko.example"), Default::default());
/// let party = vcon.add_party(Party::person("Sari"));
/// let mut call = Dialog::incomplete(Default::default(), [party], "busy".into());
/// call.disposition = None;
/// vcon.add_dialog(call);
/// let problems: Vec<_> = vcon.validate().iter().map(ToString::to_string).collect();
/// assert_eq!(problems, ["/dialog/0/disposition: is missing; expected a disposition of the draft"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Problem {
    /// The place, as a JSON pointer (RFC 6901).
    pub place: String,
    /// What is wrong, and what was expected.
    pub fault: Fault,
    /// Who would mind.
    pub severity: Severity,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.fault)
    }
}

/// Who would mind a [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The draft allows or merely discourages it, and a known validator refuses or rewrites it.
    Risky,
    /// The draft forbids it.
    Invalid,
}

/// What is wrong at a place, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum Fault {
    /// A member is missing.
    #[error("is missing; expected {expected}")]
    Missing {
        /// What was expected.
        expected: &'static str,
    },
    /// A member is not of the form of the draft.
    #[error("is of another form; expected {expected}")]
    Form {
        /// What was expected.
        expected: &'static str,
    },
    /// A member may not stand here.
    #[error("may not stand here; expected {expected}")]
    Misplaced {
        /// Where it may, or what may here.
        expected: &'static str,
    },
    /// An index points behind the end of a list.
    #[error("points to element {index} of {list}, which has {len}; expected a smaller index")]
    OutOfRange {
        /// The index.
        index: u32,
        /// The list.
        list: &'static str,
        /// How many elements the list has.
        len: usize,
    },
    /// A word is not in the list of the draft.
    #[error("is not a word of the draft; expected one of {}", expected.join(", "))]
    Unlisted {
        /// The words of the draft.
        expected: &'static [&'static str],
    },
    /// A time is not of RFC 3339.
    #[error("is no time; expected RFC 3339 with an offset, in the years 1 to 9999")]
    NotATime,
    /// A time is not in the form that is read back unchanged everywhere.
    #[error(
        "is rewritten by others; expected whole seconds or six digits, and +00:00 in place of Z"
    )]
    TimeForm,
    /// A media type has parameters.
    #[error("has parameters; expected type/subtype alone")]
    MediatypeParameters,
    /// The id is of another version.
    #[error("is a UUID of version {version}; expected version 8")]
    UuidVersion {
        /// The version that it has.
        version: usize,
    },
}

impl Vcon {
    /// Every problem of the document, in the order of its parts; O(n) of its size.
    ///
    /// Without any problem the text of the draft, its JSON schema and the Python package `vcon`
    /// 0.10 all accept the document, and that package writes it back unchanged.
    #[must_use]
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut report = Report::new(self, &mut problems);
        self.misfits(&mut |name, expected| report.at(name).form(expected));
        self.head(&mut report);
        for (index, party) in self.parties.iter().enumerate() {
            let mut report = report.at("parties").item(index);
            party.misfits(&mut |name, expected| report.at(name).form(expected));
        }
        for (index, dialog) in self.dialog.iter().enumerate() {
            dialog.check(&mut report.at("dialog").item(index));
        }
        for (index, analysis) in self.analysis.iter().enumerate() {
            analysis.check(&mut report.at("analysis").item(index));
        }
        for (index, attachment) in self.attachments.iter().enumerate() {
            attachment.check(&mut report.at("attachments").item(index));
        }
        problems
    }

    fn head(&self, report: &mut Report<'_>) {
        match &self.uuid {
            Some(uuid) if uuid.get_version_num() == 8 => {}
            Some(uuid) => {
                let version = uuid.get_version_num();
                report.at("uuid").add(Severity::Risky, Fault::UuidVersion { version });
            }
            None => report.missing("uuid", self.other.contains_key("uuid"), "a UUID of version 8"),
        }
        let created = self.other.contains_key("created_at");
        report.required_time("created_at", self.created_at.as_ref(), created);
        report.time("updated_at", self.updated_at.as_ref());
        if self.version.as_deref().is_some_and(|version| version != Self::VERSION) {
            report
                .at("vcon")
                .add(Severity::Invalid, Fault::Unlisted { expected: &[Self::VERSION] });
        }
        if self.redacted.is_some() && self.amended.is_some() {
            let expected = "either redacted or amended";
            report.at("amended").add(Severity::Invalid, Fault::Misplaced { expected });
        }
        if let Some(redacted) = &self.redacted {
            let report = &mut report.at("redacted");
            redacted.check(report);
            if redacted.redaction.is_none() {
                report.missing("type", redacted.other.contains_key("type"), "what was taken out");
            }
        }
        if let Some(amended) = &self.amended {
            amended.check(&mut report.at("amended"));
        }
        for (index, reference) in self.group.iter().enumerate() {
            reference.check(&mut report.at("group").item(index));
        }
        let contact_centre = self.parties.iter().any(super::Party::uses_contact_centre)
            || self.dialog.iter().any(super::Dialog::uses_contact_centre);
        if contact_centre && !self.has_contact_centre() {
            let expected = "CC, whose members are used";
            report.at("extensions").add(Severity::Risky, Fault::Missing { expected });
        }
    }
}

impl Reference {
    fn check(&self, report: &mut Report<'_>) {
        self.misfits(&mut |name, expected| report.at(name).form(expected));
        let hashed = self.other.contains_key("content_hash");
        file::check_address(self.url.as_deref(), self.content_hash.as_ref(), hashed, report);
    }
}
