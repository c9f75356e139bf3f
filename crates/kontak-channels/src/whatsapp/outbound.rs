//! What goes to Meta, and what its answers mean.

use super::{PROMPT, TEXT, WhatsApp};
use crate::intake::id;
use crate::markup::{self, Dialect};
use crate::meta;
use crate::outgoing::{NO_ID, address, answer, bearer, http, one_part, post_json};
use kontak_channel::content::{
    ChoiceLayout, ChoiceOffered, ChoiceOption, ContactCard, Location, Media, MediaKind, Part,
    Remote, Template, TemplateSlot, TemplateValue, Text, TextFormat, Written,
};
use kontak_channel::{
    Action, Outbound, ProviderId, RenderError, Reopening, SendError, SendOutcome, SendReceipt,
    TextLimit, WireRequest, WireResponse,
};
use serde_json::{Value, json};
use std::borrow::Cow;

impl WhatsApp {
    pub(super) fn write(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let to = recipient(&outbound.to.id)?;
        let mut body = match &outbound.action {
            Action::Say(content) => {
                let mut body = part(one_part(content)?)?;
                body["biz_opaque_callback_data"] = json!(outbound.key.as_str());
                if let Some(message) = &outbound.reply_to {
                    body["context"] = json!({"message_id": message});
                }
                body
            }
            Action::React { target, emoji } => {
                let emoji = emoji.as_ref().map_or("", Written::as_str);
                json!({"type": "reaction", "reaction": {"message_id": target, "emoji": emoji}})
            }
            Action::MarkRead { target } => return self.read_mark(target, false),
            Action::ShowTyping { target: Some(target) } => return self.read_mark(target, true),
            Action::ShowTyping { target: None } => {
                return Err(RenderError::Action("show typing before the customer has written"));
            }
            _ => return Err(RenderError::Action("edit or take back what was sent")),
        };
        body["messaging_product"] = json!("whatsapp");
        body["recipient_type"] = json!("individual");
        let (field, to) = to;
        body[field] = json!(to);
        self.post(&body)
    }

    /// Meta shows typing only together with the read mark of the message that is answered.
    fn read_mark(
        &self,
        target: &ProviderId,
        typing: bool,
    ) -> Result<Vec<WireRequest>, RenderError> {
        let mut body =
            json!({"messaging_product": "whatsapp", "status": "read", "message_id": target});
        if typing {
            body["typing_indicator"] = json!({"type": "text"});
        }
        self.post(&body)
    }

    fn post(&self, body: &Value) -> Result<Vec<WireRequest>, RenderError> {
        let url = address(format!("{}/{}/messages", self.graph, self.phone_number_id))?;
        Ok(vec![WireRequest::Http(bearer(post_json(url, body), &self.token)?)])
    }
}

/// A number goes into `to`, a business-scoped id into `recipient`.
fn recipient(id: &str) -> Result<(&'static str, &str), RenderError> {
    let digits = id.strip_prefix('+').unwrap_or(id);
    let scoped = id.split_once('.').is_some_and(|(country, rest)| {
        country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
            && !rest.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
    });
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(("to", digits))
    } else if scoped {
        Ok(("recipient", id))
    } else {
        Err(RenderError::Recipient("a number or a business-scoped id"))
    }
}

fn part(part: &Part) -> Result<Value, RenderError> {
    Ok(match part {
        Part::Text(text) => {
            json!({"type": "text", "text": {"body": formatted(text, TEXT), "preview_url": true}})
        }
        Part::Media(media) => {
            let name = media_name(&media.kind)?;
            let mut body = media_object(media)?;
            if let Some(caption) = &media.caption {
                body["caption"] = json!(formatted(caption, PROMPT));
            }
            json!({"type": name, name: body})
        }
        Part::Location(location) => json!({"type": "location", "location": place(location)}),
        Part::Contact(card) => json!({"type": "contacts", "contacts": [contact(card)]}),
        Part::ChoiceOffered(offer) => {
            json!({"type": "interactive", "interactive": interactive(offer)?})
        }
        Part::Template(template) => {
            json!({"type": "template", "template": template_object(template)?})
        }
        other => return Err(RenderError::Part(other.kind())),
    })
}

/// In WhatsApp's own marks; without any where an address that is named once and used often makes the
/// text too long.
fn formatted(text: &Text, limit: TextLimit) -> Cow<'_, str> {
    if text.format != TextFormat::Markdown {
        return text.body.as_str().into();
    }
    let marked = markup::write(text.body.as_str(), Dialect::WhatsApp);
    if !marked.is_empty() && limit.fits(&marked) { marked.into() } else { text.plain_text() }
}

fn media_name(kind: &MediaKind) -> Result<&'static str, RenderError> {
    meta::media_name(kind).ok_or(RenderError::Unwritable("a medium of an unknown kind"))
}

fn media_object(media: &Media) -> Result<Value, RenderError> {
    let mut object = match media.place.remote() {
        Some(Remote::Provider(id)) => json!({"id": id}),
        Some(Remote::Url(url)) => json!({"link": url}),
        _ => return Err(RenderError::MediaNotReachable),
    };
    if let (MediaKind::Document, Some(name)) = (&media.kind, &media.file_name) {
        object["filename"] = json!(name);
    }
    if media.kind == MediaKind::VoiceNote {
        object["voice"] = json!(true);
    }
    Ok(object)
}

fn place(location: &Location) -> Value {
    let (latitude, longitude) = (location.point.latitude(), location.point.longitude());
    let mut place = json!({"latitude": latitude, "longitude": longitude});
    if let Some(name) = &location.name {
        place["name"] = json!(name);
    }
    if let Some(address) = &location.address {
        place["address"] = json!(address);
    }
    place
}

fn contact(card: &ContactCard) -> Value {
    let first = card.name().into_iter().chain(card.phones()).chain(card.emails()).next();
    let name = first.map_or("", Written::as_str);
    let phones: Vec<_> = card.phones().iter().map(|phone| json!({"phone": phone})).collect();
    let emails: Vec<_> = card.emails().iter().map(|email| json!({"email": email})).collect();
    json!({
        "name": {"formatted_name": name, "first_name": name},
        "phones": phones,
        "emails": emails,
    })
}

fn interactive(offer: &ChoiceOffered) -> Result<Value, RenderError> {
    let prompt = offer.prompt().ok_or(RenderError::Unwritable("a choice without a question"))?;
    let row = |option: &ChoiceOption| {
        let mut row = json!({"id": option.id, "title": option.label});
        if let Some(description) = &option.description {
            row["description"] = json!(description);
        }
        row
    };
    let (kind, action) = match offer.layout() {
        ChoiceLayout::Buttons(options) => {
            let buttons: Vec<_> = options
                .iter()
                .map(|option| {
                    json!({"type": "reply", "reply": {"id": option.id, "title": option.label}})
                })
                .collect();
            ("button", json!({"buttons": buttons}))
        }
        ChoiceLayout::List { opens_with, sections } => {
            let sections: Vec<_> = sections
                .iter()
                .map(|section| {
                    let rows: Vec<_> = section.options.iter().map(row).collect();
                    match &section.title {
                        Some(title) => json!({"title": title, "rows": rows}),
                        None => json!({"rows": rows}),
                    }
                })
                .collect();
            let opens_with = opens_with.as_ref().map_or("…", Written::as_str);
            ("list", json!({"button": opens_with, "sections": sections}))
        }
        _ => return Err(RenderError::Unwritable("a choice of an unknown layout")),
    };
    Ok(json!({"type": kind, "body": {"text": formatted(prompt, PROMPT)}, "action": action}))
}

fn template_object(template: &Template) -> Result<Value, RenderError> {
    let mut components: Vec<Value> = Vec::new();
    for parameter in &template.parameters {
        let mut value = match &parameter.value {
            TemplateValue::Text(text) => json!({"type": "text", "text": text}),
            TemplateValue::Media(media) => {
                let name = media_name(&media.kind)?;
                json!({"type": name, name: media_object(media)?})
            }
            TemplateValue::Location(location) => {
                json!({"type": "location", "location": place(location)})
            }
            _ => return Err(RenderError::Unwritable("a template parameter of an unknown kind")),
        };
        if let Some(name) = &parameter.name {
            value["parameter_name"] = json!(name);
        }
        let (component, index) = match parameter.slot {
            TemplateSlot::Header => ("header", None),
            TemplateSlot::Body => ("body", None),
            TemplateSlot::Button(index) => ("button", Some(index.to_string())),
            _ => return Err(RenderError::Unwritable("a template slot of an unknown kind")),
        };
        if index.is_some() {
            value = match value["text"].take() {
                Value::String(payload) => json!({"type": "payload", "payload": payload}),
                _ => return Err(RenderError::Unwritable("a button parameter that is no text")),
            };
        }
        let same = |known: &&mut Value| {
            known["type"] == component && known["index"].as_str() == index.as_deref()
        };
        match components.iter_mut().find(same) {
            Some(known) => {
                if let Some(parameters) = known["parameters"].as_array_mut() {
                    parameters.push(value);
                }
            }
            None => {
                let mut new = json!({"type": component, "parameters": [value]});
                if let Some(index) = index {
                    new["sub_type"] = json!("quick_reply");
                    new["index"] = json!(index);
                }
                components.push(new);
            }
        }
    }
    // Meta writes `en_US` where BCP 47 writes `en-US`.
    let language = template.language.as_str().replace('-', "_");
    Ok(json!({"name": template.name, "language": {"code": language}, "components": components}))
}

pub(super) fn interpret(response: &WireResponse) -> SendOutcome {
    let response = http(response)?;
    let answer = answer(response);
    if let Some(by_status) = SendError::of_http(response) {
        return Err(answer["error"]["code"].as_i64().map_or(by_status, by_code));
    }
    if answer["success"] == true {
        return Ok(SendReceipt::default());
    }
    let messages = answer["messages"].as_array().ok_or(NO_ID)?;
    let ids: Vec<_> = messages.iter().filter_map(|sent| id(sent["id"].as_str()?)).collect();
    if ids.is_empty() { Err(NO_ID) } else { Ok(SendReceipt::new(ids)) }
}

/// By the error codes of the Cloud API, as Meta documents them.
fn by_code(code: i64) -> SendError {
    let text: Box<str> = code.to_string().into();
    match code {
        4 | 80_007 | 130_429 | 131_048 | 131_056 | 133_016 => {
            SendError::Throttled { retry_after: None }
        }
        0 | 3 | 10 | 190 | 200..=299 => SendError::Unauthorized { code: text },
        131_047 => SendError::WindowClosed { reopened_by: Reopening::Template },
        131_050 => SendError::OptedOut { code: text },
        1 | 2 | 131_000 | 131_016 | 131_057 | 133_004 => SendError::Transient { code: text },
        33 | 368 | 130_497 | 131_005 | 131_031 | 131_037 | 131_042 | 131_045 | 133_010 => {
            SendError::Config { what: "the account or number", code: text }
        }
        100 | 131_008 | 131_009 | 131_051 | 131_052 | 131_053 | 132_000..=132_999 => {
            SendError::Invalid { code: text }
        }
        _ => SendError::Rejected { code: text },
    }
}
