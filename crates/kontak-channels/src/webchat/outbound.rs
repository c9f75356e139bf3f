//! What goes to visitors.

use kontak_channel::content::{
    ChoiceLayout, ChoiceOffered, Content, FreeText, Media, Part, Remote,
};
use kontak_channel::{Action, FrameRequest, Outbound, ProviderId, RenderError};
use serde_json::{Value, json};

pub(super) fn write(outbound: &Outbound) -> Result<FrameRequest, RenderError> {
    let to = &*outbound.to.id;
    let known = to.starts_with("visitor:") || to.starts_with("user:");
    if !known {
        return Err(RenderError::Recipient("visitor:… or user:…"));
    }
    let key = outbound.key.as_str();
    let (frame, name) = match &outbound.action {
        // With a slash it could be taken for a message of somebody else.
        Action::Say(_) if key.contains('/') => {
            return Err(RenderError::Unwritable("a key with a slash"));
        }
        Action::Say(content) => {
            let mut message = json!({"id": key, "parts": parts(content)?});
            if let Some(earlier) = &outbound.reply_to {
                message["reply_to"] = json!(own(earlier, to)?);
            }
            (json!({"message": message}), key.to_owned())
        }
        Action::Edit { target, content } => {
            let edit = json!({"id": own(target, to)?, "parts": parts(content)?});
            // Each edit is a thing of its own, and the same one twice is one.
            let name = ProviderId::of_bytes(edit.to_string().as_bytes());
            (json!({"edit": edit}), name.to_string())
        }
        Action::Delete { target } => {
            let id = own(target, to)?;
            (json!({"unsay": {"id": id}}), format!("unsay {id}"))
        }
        Action::MarkRead { target } => {
            let id = own(target, to)?;
            (json!({"read": {"id": id}}), format!("read {id}"))
        }
        Action::ShowTyping { .. } => {
            return Ok(FrameRequest::fleeting(to, json!({"typing": {}}).to_string()));
        }
        _ => return Err(RenderError::Action("react")),
    };
    let id = ProviderId::new(format!("{to}/{name}"));
    let id = id.map_err(|_| RenderError::Unwritable("the key"))?;
    Ok(FrameRequest::lasting(to, frame.to_string(), id))
}

/// A message as the visitor knows it, where it is one of theirs.
fn own<'t>(target: &'t ProviderId, to: &str) -> Result<&'t str, RenderError> {
    let own = target.as_str().strip_prefix(to).and_then(|rest| rest.strip_prefix('/'));
    own.ok_or(RenderError::Recipient("a message of the same visitor"))
}

fn parts(content: &Content) -> Result<Vec<Value>, RenderError> {
    if content.parts.is_empty() {
        return Err(RenderError::Parts { parts: 0, expected: "1 or more" });
    }
    content.parts.iter().map(part).collect()
}

fn part(part: &Part) -> Result<Value, RenderError> {
    Ok(match part {
        Part::Text(text) => json!({"text": text.body}),
        Part::Media(media) => json!({"media": medium(media)?}),
        Part::ChoiceOffered(offer) => json!({"choice": choice(offer)?}),
        Part::Location(location) => json!({"place": {
            "latitude": location.point.latitude(),
            "longitude": location.point.longitude(),
            "name": location.name,
            "address": location.address,
        }}),
        other => return Err(RenderError::Part(other.kind())),
    })
}

fn medium(media: &Media) -> Result<Value, RenderError> {
    let Some(Remote::Url(url)) = media.place.remote() else {
        return Err(RenderError::MediaNotReachable);
    };
    Ok(json!({
        "kind": media.kind,
        "url": url.as_str(),
        "name": media.file_name,
        "mime": media.mime_type,
        "caption": media.caption.as_ref().map(|caption| &caption.body),
    }))
}

fn choice(offer: &ChoiceOffered) -> Result<Value, RenderError> {
    let ChoiceLayout::Buttons(options) = offer.layout() else {
        return Err(RenderError::Unwritable("a list"));
    };
    let options: Vec<_> = options
        .iter()
        .map(|option| {
            json!({"id": option.id, "label": option.label, "description": option.description})
        })
        .collect();
    Ok(json!({
        "offer": offer.offer(),
        "prompt": offer.prompt().map(|prompt| &prompt.body),
        "options": options,
        "free_text": offer.free_text() == FreeText::Allowed,
    }))
}
