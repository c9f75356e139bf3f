use super::report::Report;
use super::{Fault, Severity};
use crate::vcon::attachment::{Analysis, Attachment};
use crate::vcon::content::Content;
use crate::vcon::index::OneOrMany;
use crate::vcon::token::Encoding;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

impl Content {
    /// What holds for every file, wherever it stands; `left` is what else its object has.
    pub(super) fn check(&self, left: &Map<String, Value>, report: &mut Report<'_>) {
        match (&self.encoding, &self.body) {
            (None, Some(_)) => {
                let expected = "how the body is encoded: none, json or base64url";
                report.missing("encoding", left.contains_key("encoding"), expected);
            }
            (Some(encoding), _) if !encoding.is_listed() => {
                let fault = Fault::Unlisted { expected: Encoding::LISTED };
                report.at("encoding").add(Severity::Invalid, fault);
            }
            (Some(Encoding::None), Some(body)) if !body.is_string() => {
                report.at("body").form("a string, as the encoding is none");
            }
            (Some(Encoding::Base64Url), Some(body)) if !is_base64url(body) => {
                report.at("body").form("base64url without padding, as the encoding says");
            }
            _ => {}
        }
        if let Some(mediatype) = &self.mediatype {
            check_mediatype(mediatype, &mut report.at("mediatype"));
        }
        let hashed = left.contains_key("content_hash");
        check_address(self.url.as_deref(), self.content_hash.as_ref(), hashed, report);
    }
}

fn is_base64url(body: &Value) -> bool {
    body.as_str().is_some_and(|body| URL_SAFE_NO_PAD.decode(body).is_ok())
}

fn check_mediatype(mediatype: &str, report: &mut Report<'_>) {
    let essence = mediatype.split(';').next().unwrap_or_default();
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    match essence.trim_end().split_once('/') {
        Some((main, sub)) if token(main) && token(sub) => {
            if mediatype.contains(';') {
                report.add(Severity::Risky, Fault::MediatypeParameters);
            } else if essence != essence.trim_end() {
                report.form("type/subtype");
            }
        }
        _ => report.form("type/subtype"),
    }
}

/// An address goes with hashes, so that nobody changes what lies there.
pub(super) fn check_address(
    url: Option<&str>,
    hashes: Option<&OneOrMany<String>>,
    misfit: bool,
    report: &mut Report<'_>,
) {
    if let Some(url) = url {
        if !is_https(url) {
            report.at("url").form("an https:// address");
        }
        if hashes.is_none() {
            report.missing("content_hash", misfit, "sha512- and the base64url of the digest");
        }
    }
    let Some(hashes) = hashes else { return };
    if hashes.as_slice().is_empty() || !hashes.as_slice().iter().all(|hash| is_hash(hash)) {
        report
            .at("content_hash")
            .form("an algorithm in lower case, - and the base64url of a digest");
    }
}

fn is_https(url: &str) -> bool {
    url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
        && url.len() > 8
        && url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"\\^`{|}".contains(&byte))
}

fn is_hash(hash: &str) -> bool {
    hash.split_once('-').is_some_and(|(algorithm, digest)| {
        let name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !algorithm.is_empty()
            && algorithm.bytes().all(name)
            && !digest.is_empty()
            && URL_SAFE_NO_PAD.decode(digest).is_ok()
    })
}

impl Attachment {
    pub(super) fn check(&self, report: &mut Report<'_>) {
        self.misfits(&mut |name, expected| report.at(name).form(expected));
        if self.purpose.is_none() {
            report.wanted("purpose", self.other.contains_key("purpose"), "what it is for");
        }
        report.required_time("start", self.start.as_ref(), self.other.contains_key("start"));
        match self.party {
            Some(party) => report.points("party", [party]),
            None => report.missing("party", self.other.contains_key("party"), "who added it"),
        }
        match self.dialog {
            Some(dialog) => report.points("dialog", [dialog]),
            None => report.missing("dialog", self.other.contains_key("dialog"), "its dialog"),
        }
        self.content.check(&self.other, report);
        if self.content.is_absent() {
            let expected = "body and encoding, or url and content_hash in its place";
            report.wanted("body", self.other.contains_key("url"), expected);
        }
    }
}

impl Analysis {
    pub(super) fn check(&self, report: &mut Report<'_>) {
        self.misfits(&mut |name, expected| report.at(name).form(expected));
        if self.kind.is_none() {
            report.missing("type", self.other.contains_key("type"), "what the analysis says");
        }
        if self.vendor.is_none() {
            report.missing("vendor", self.other.contains_key("vendor"), "who found it");
        }
        match &self.dialog {
            Some(dialogs) => report.points("dialog", dialogs.as_slice().iter().copied()),
            None => {
                report.wanted("dialog", self.other.contains_key("dialog"), "what it is about");
            }
        }
        if let Some(attachments) = &self.attachment {
            report.points("attachment", attachments.as_slice().iter().copied());
        }
        self.content.check(&self.other, report);
        if self.content.body.is_none() {
            report.wanted("body", false, "the file inline, with its encoding");
        }
    }
}
