use super::attachment::{Analysis, Attachment};
use super::content::{BASE64, BASE64URL};
use super::dialog::{Dialog, PartyEvent, SessionId, SessionIds};
use super::document::{Reference, Vcon};
use super::party::Party;
use super::timestamp::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

type Object = Map<String, Value>;

impl Vcon {
    /// Brings a document of an older draft to today's names and forms.
    ///
    /// Renamed are `mimetype`, `must_support`, `appended`, `transfer-target`, `target-dialog`,
    /// `interaction`, and the `type` of an attachment; `alg` and `signature` become a
    /// `content_hash`, a lone `skill` a list, `base64` becomes `base64url`, a missing `encoding` is
    /// derived, times and UUIDs are written as we do, and the `charset` of a text that is a JSON
    /// string goes, as do members that are null. What cannot be told stays as it is. A document in
    /// today's form does not change.
    ///
    /// ```
    /// use kontak_conversation::vcon::Vcon;
    /// use serde_json::json;
    ///
    /// let old = json!({ "vcon": "0.0.1", "dialog": [{ "mimetype": "text/plain" }] });
    /// let mut vcon: Vcon = serde_json::from_value(old)?;
    /// vcon.upgrade();
    /// assert_eq!(vcon.dialog[0].content.mediatype.as_deref(), Some("text/plain"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn upgrade(&mut self) {
        let Ok(Value::Object(mut vcon)) = serde_json::to_value(&*self) else { return };
        document(&mut vcon);
        if let Ok(upgraded) = Self::deserialize(Value::Object(vcon)) {
            *self = upgraded;
        }
        self.drop_nulls_everywhere();
    }

    fn drop_nulls_everywhere(&mut self) {
        self.drop_nulls();
        self.parties.iter_mut().for_each(Party::drop_nulls);
        self.attachments.iter_mut().for_each(Attachment::drop_nulls);
        self.analysis.iter_mut().for_each(Analysis::drop_nulls);
        self.dialog.iter_mut().for_each(Dialog::drop_nulls);
        let events = self.dialog.iter_mut().flat_map(|dialog| &mut dialog.party_history);
        events.for_each(PartyEvent::drop_nulls);
        let sessions = self.dialog.iter_mut().flat_map(|dialog| &mut dialog.session_id);
        sessions.flat_map(SessionIds::iter_mut).for_each(SessionId::drop_nulls);
        let references = self.redacted.iter_mut().chain(&mut self.amended).chain(&mut self.group);
        references.for_each(Reference::drop_nulls);
    }
}

fn document(vcon: &mut Object) {
    // Older writers put an empty object where there is no reference.
    for name in ["redacted", "amended", "appended"] {
        let reference = vcon.get(name).and_then(Value::as_object);
        if reference.is_some_and(|reference| reference.values().all(Value::is_null)) {
            vcon.remove(name);
        }
    }
    rename(vcon, "must_support", "critical");
    rename(vcon, "appended", "amended");
    if let Some(Value::String(version)) = vcon.get_mut("vcon")
        && matches!(version.as_str(), "0.0.1" | "0.0.2" | "0.3.0")
    {
        Vcon::VERSION.clone_into(version);
    }
    uuid(vcon);
    times(vcon, &["created_at", "updated_at"]);
    for name in ["redacted", "amended"] {
        if let Some(Value::Object(object)) = vcon.get_mut(name) {
            reference(object);
        }
    }
    each(vcon, "group", reference);
    each(vcon, "dialog", dialog);
    each(vcon, "analysis", file);
    each(vcon, "attachments", |attachment| {
        file(attachment);
        rename(attachment, "type", "purpose");
        times(attachment, &["start"]);
    });
}

fn dialog(dialog: &mut Object) {
    file(dialog);
    rename(dialog, "transfer-target", "transfer_target");
    rename(dialog, "target-dialog", "target_dialog");
    rename(dialog, "interaction", "interaction_id");
    times(dialog, &["start"]);
    each(dialog, "party_history", |event| times(event, &["time"]));
    if let Some(skill) = dialog.get_mut("skill").filter(|skill| skill.is_string()) {
        *skill = Value::Array(vec![skill.take()]);
    }
}

fn reference(reference: &mut Object) {
    uuid(reference);
    hash(reference);
}

fn file(file: &mut Object) {
    rename(file, "mimetype", "mediatype");
    hash(file);
    encoding(file);
    if file.get("encoding").is_some_and(|encoding| encoding == "none")
        && let Some(Value::String(mediatype)) = file.get_mut("mediatype")
        && let Some((essence, parameter)) = mediatype.split_once(';')
        && parameter.trim_start().to_ascii_lowercase().starts_with("charset=")
        && !parameter.contains(';')
    {
        *mediatype = essence.trim_end().to_owned();
    }
}

/// `SHA-512` and its base64 become `sha512-` and base64url.
fn hash(object: &mut Object) {
    let (Some(Value::String(alg)), Some(Value::String(signature))) =
        (object.get("alg"), object.get("signature"))
    else {
        return;
    };
    let alg = alg.to_ascii_lowercase().replace('-', "");
    let digest = BASE64URL.decode(signature).or_else(|_| BASE64.decode(signature));
    if let (true, Ok(digest), false) = (
        matches!(alg.as_str(), "sha256" | "sha384" | "sha512"),
        digest,
        !is_absent(object, "content_hash"),
    ) {
        let hash = format!("{alg}-{}", URL_SAFE_NO_PAD.encode(digest));
        object.remove("alg");
        object.remove("signature");
        object.insert("content_hash".to_owned(), Value::String(hash));
    }
}

fn encoding(file: &mut Object) {
    let is_text = file.get("mediatype").and_then(Value::as_str).is_some_and(|mediatype| {
        mediatype.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("text/"))
    });
    let encoding = file.get("encoding").filter(|encoding| !encoding.is_null());
    let (derived, body) = match (encoding.map(Value::as_str), file.get("body")) {
        (Some(Some("base64" | "base64url")), Some(Value::String(body))) => {
            let Ok(bytes) = BASE64.decode(body).or_else(|_| BASE64URL.decode(body)) else { return };
            ("base64url", Some(URL_SAFE_NO_PAD.encode(bytes)))
        }
        (None, Some(Value::String(_))) if is_text => ("none", None),
        (None, Some(Value::Object(_) | Value::Array(_))) => ("json", None),
        _ => return,
    };
    file.insert("encoding".to_owned(), derived.into());
    if let Some(body) = body {
        file.insert("body".to_owned(), body.into());
    }
}

fn uuid(object: &mut Object) {
    if let Some(Value::String(text)) = object.get_mut("uuid")
        && let Ok(uuid) = Uuid::parse_str(text)
    {
        *text = uuid.to_string();
    }
}

fn times(object: &mut Object, names: &[&str]) {
    for name in names {
        if let Some(Value::String(text)) = object.get_mut(*name)
            && let Some(strict) = Timestamp::from(text.as_str()).strict()
        {
            strict.as_str().clone_into(text);
        }
    }
}

/// Leaves both where today's name is there as well.
fn rename(object: &mut Object, old: &str, new: &str) {
    if is_absent(object, new)
        && let Some(value) = object.remove(old)
    {
        object.insert(new.to_owned(), value);
    }
}

fn is_absent(object: &Object, name: &str) -> bool {
    object.get(name).is_none_or(Value::is_null)
}

fn each(object: &mut Object, name: &str, mut change: impl FnMut(&mut Object)) {
    if let Some(Value::Array(values)) = object.get_mut(name) {
        values.iter_mut().filter_map(Value::as_object_mut).for_each(&mut change);
    }
}
