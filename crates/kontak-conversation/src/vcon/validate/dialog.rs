use super::report::Report;
use super::{Fault, Severity};
use crate::vcon::dialog::{Dialog, PartyEvent, SessionId, SessionIds};
use crate::vcon::index::{DialogIndex, OneOrMany};
use crate::vcon::token::{DialogKind, Disposition, PartyEventKind};

/// The media types of dialogs that the Python package accepts.
const ACCEPTED: &[&str] = &[
    "text/plain",
    "audio/x-wav",
    "audio/wav",
    "audio/wave",
    "audio/mpeg",
    "audio/mp3",
    "audio/x-mp3",
    "audio/x-mp4",
    "audio/ogg",
    "audio/webm",
    "audio/x-m4a",
    "audio/aac",
    "video/x-mp4",
    "video/ogg",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-msvideo",
    "video/x-matroska",
    "video/mpeg",
    "video/x-flv",
    "video/3gpp",
    "video/x-m4v",
    "multipart/mixed",
    "message/rfc822",
    "image/jpeg",
    "image/tiff",
    "application/pdf",
    "application/json",
];

impl Dialog {
    pub(super) fn check(&self, report: &mut Report<'_>) {
        self.misfits(&mut |name, expected| report.at(name).form(expected));
        let is_placeholder = *self == Self::default();
        let has_kind = self.other.contains_key("type");
        match &self.kind {
            Some(kind) if !kind.is_listed() => {
                let fault = Fault::Unlisted { expected: DialogKind::LISTED };
                report.at("type").add(Severity::Invalid, fault);
            }
            Some(DialogKind::RecordingSet) => {
                let expected = "a recording, as a known validator knows no recording sets";
                report.at("type").add(Severity::Risky, Fault::Form { expected });
            }
            Some(_) => {}
            None if is_placeholder => report.wanted("type", has_kind, "what the dialog is"),
            None => report.missing("type", has_kind, "what the dialog is"),
        }
        if is_placeholder {
            report.wanted("start", false, "a time of RFC 3339");
            return;
        }
        report.required_time("start", self.start.as_ref(), self.other.contains_key("start"));
        if self.duration.as_ref().is_some_and(|duration| duration.as_f64() < 0.0) {
            report.at("duration").form("a number of seconds from 0");
        }
        self.content.check(&self.other, report);
        self.check_parties(report);
        self.check_media(report);
        self.check_disposition(report);
        self.check_recordings(report);
        self.check_transfer(report);
    }

    fn check_parties(&self, report: &mut Report<'_>) {
        if let Some(parties) = &self.parties {
            report.points("parties", parties.iter());
            if !parties.is_plain() {
                let expected = "a plain list of indices, as a known validator knows no other";
                report.at("parties").add(Severity::Risky, Fault::Form { expected });
            }
        }
        report.points("originator", self.originator);
        match &self.session_id {
            Some(SessionIds::All(session)) => session.check(&mut report.at("session_id")),
            Some(SessionIds::Each(channels)) => {
                for (index, channel) in channels.iter().enumerate() {
                    let report = &mut report.at("session_id").item(index);
                    channel.as_slice().iter().for_each(|session| session.check(report));
                }
            }
            None => {}
        }
        for (index, event) in self.party_history.iter().enumerate() {
            event.check(&mut report.at("party_history").item(index));
        }
    }

    fn check_media(&self, report: &mut Report<'_>) {
        let content = &self.content;
        match self.kind {
            Some(DialogKind::Text | DialogKind::Recording) => self.check_content(report),
            Some(DialogKind::Incomplete | DialogKind::Transfer | DialogKind::RecordingSet) => {
                let expected = "content in texts and recordings only";
                report.misplaced("body", content.body.is_some(), expected);
                report.misplaced("encoding", content.encoding.is_some(), expected);
                report.misplaced("url", content.url.is_some(), expected);
                report.misplaced("content_hash", content.content_hash.is_some(), expected);
            }
            _ => {}
        }
        if self.kind == Some(DialogKind::Transfer) {
            let expected = "transfers without parties and media";
            report.misplaced("parties", self.parties.is_some(), expected);
            report.misplaced("originator", self.originator.is_some(), expected);
            report.misplaced("mediatype", content.mediatype.is_some(), expected);
            report.misplaced("filename", content.filename.is_some(), expected);
        }
    }

    fn check_content(&self, report: &mut Report<'_>) {
        let misfit = self.other.contains_key("mediatype");
        match &self.content.mediatype {
            Some(mediatype) if mediatype.contains(';') => {}
            Some(mediatype) if ACCEPTED.contains(&mediatype.as_str()) => {}
            Some(_) => {
                let expected =
                    "text/plain, message/rfc822, multipart/mixed or a usual sound or video";
                report.at("mediatype").add(Severity::Risky, Fault::Form { expected });
            }
            None if self.content.body.is_some() => {
                report.missing("mediatype", misfit, "type/subtype of the content");
            }
            None => report.wanted("mediatype", misfit, "type/subtype of the content"),
        }
        if self.content.is_absent() && report.vcon.redacted.is_none() {
            let expected = "body and encoding, or url and content_hash in its place";
            report.wanted("body", self.other.contains_key("url"), expected);
        }
    }

    fn check_disposition(&self, report: &mut Report<'_>) {
        let is_incomplete = self.kind == Some(DialogKind::Incomplete);
        match &self.disposition {
            Some(disposition) if !disposition.is_listed() => {
                let fault = Fault::Unlisted { expected: Disposition::LISTED };
                report.at("disposition").add(Severity::Invalid, fault);
            }
            Some(_) if !is_incomplete => {
                let expected = "dispositions of incomplete dialogs only";
                report.at("disposition").add(Severity::Risky, Fault::Misplaced { expected });
            }
            None if is_incomplete => {
                let misfit = self.other.contains_key("disposition");
                report.missing("disposition", misfit, "a disposition of the draft");
            }
            _ => {}
        }
    }

    fn check_recordings(&self, report: &mut Report<'_>) {
        let vcon = report.vcon;
        let kind_of = |index: DialogIndex| {
            let index = usize::try_from(index.get()).ok()?;
            vcon.dialog.get(index)?.kind.clone()
        };
        report.points("recordings", self.recordings.iter().copied());
        report.points("recording_set", self.recording_set);
        if self.kind == Some(DialogKind::RecordingSet) {
            if self.recordings.is_empty() {
                let misfit = self.other.contains_key("recordings");
                report.missing("recordings", misfit, "the indices of its recordings");
            }
            let is_other = |&index: &DialogIndex| {
                kind_of(index).is_some_and(|kind| kind != DialogKind::Recording)
            };
            if self.recordings.iter().any(is_other) {
                report.at("recordings").form("indices of recordings");
            }
        } else {
            let expected = "recordings in recording sets only";
            report.misplaced("recordings", !self.recordings.is_empty(), expected);
        }
        let Some(set) = self.recording_set else { return };
        let is_recording = self.kind == Some(DialogKind::Recording);
        report.misplaced("recording_set", !is_recording, "a recording set of recordings only");
        if kind_of(set).is_some_and(|kind| kind != DialogKind::RecordingSet) {
            report.at("recording_set").form("the index of a recording set");
        }
    }

    fn check_transfer(&self, report: &mut Report<'_>) {
        let transfer = &self.transfer;
        report.points("transferor", transfer.transferor);
        report.points("transferee", transfer.transferee);
        let parties = transfer.target.iter().flat_map(OneOrMany::as_slice).copied();
        report.points("transfer_target", parties);
        let dialogs = [
            ("original", &transfer.original),
            ("consultation", &transfer.consultation),
            ("target_dialog", &transfer.target_dialog),
        ];
        for (name, dialogs) in dialogs {
            report.points(name, dialogs.iter().flat_map(OneOrMany::as_slice).copied());
        }
        let present = [
            ("transferor", transfer.transferor.is_some(), true),
            ("transferee", transfer.transferee.is_some(), true),
            ("transfer_target", transfer.target.is_some(), true),
            ("original", transfer.original.is_some(), true),
            ("consultation", transfer.consultation.is_some(), false),
            ("target_dialog", transfer.target_dialog.is_some(), true),
        ];
        let is_transfer = self.kind == Some(DialogKind::Transfer);
        for (name, present, wanted) in present {
            if is_transfer && wanted && !present {
                report.wanted(name, self.other.contains_key(name), "the index of its part");
            }
            let misplaced = !is_transfer && present && self.kind.is_some();
            report.misplaced(name, misplaced, "parts of a transfer in transfers only");
        }
    }
}

impl PartyEvent {
    fn check(&self, report: &mut Report<'_>) {
        self.misfits(&mut |name, expected| report.at(name).form(expected));
        match self.party {
            Some(party) => report.points("party", [party]),
            None => report.missing("party", self.other.contains_key("party"), "a party"),
        }
        report.required_time("time", self.time.as_ref(), self.other.contains_key("time"));
        match &self.event {
            Some(PartyEventKind::KeyDown | PartyEventKind::KeyUp) if self.button.is_none() => {
                report.missing("button", self.other.contains_key("button"), "which key it was");
            }
            Some(event) if !event.is_listed() => {
                let fault = Fault::Unlisted { expected: PartyEventKind::LISTED };
                report.at("event").add(Severity::Invalid, fault);
            }
            Some(_) => {}
            None => report.missing("event", self.other.contains_key("event"), "what happened"),
        }
    }
}

impl SessionId {
    fn check(&self, report: &mut Report<'_>) {
        self.misfits(&mut |name, expected| report.at(name).form(expected));
    }
}
