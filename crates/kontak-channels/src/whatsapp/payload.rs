//! The JSON of Meta's webhooks, as far as it is read. Each thing stays raw until its turn, so that
//! one that is broken takes no other with it.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

#[derive(Deserialize)]
pub(super) struct Notification<'a> {
    #[serde(borrow, default)]
    pub(super) entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Entry<'a> {
    #[serde(borrow, default)]
    pub(super) changes: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Change<'a> {
    #[serde(borrow)]
    pub(super) field: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) value: &'a RawValue,
}

#[derive(Deserialize)]
pub(super) struct Value<'a> {
    #[serde(borrow)]
    pub(super) metadata: Option<Metadata<'a>>,
    #[serde(borrow, default)]
    pub(super) contacts: Vec<Contact<'a>>,
    #[serde(borrow, default)]
    pub(super) messages: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) message_echoes: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) statuses: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) calls: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) user_preferences: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Metadata<'a> {
    #[serde(borrow)]
    pub(super) phone_number_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Contact<'a> {
    #[serde(borrow)]
    pub(super) profile: Option<Profile<'a>>,
    #[serde(borrow)]
    pub(super) wa_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) user_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Profile<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) username: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) from: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) from_user_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) to: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) to_user_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) timestamp: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) group_id: Option<Cow<'a, str>>,
}

/// What a message says; an edit has the same inside.
#[derive(Deserialize)]
pub(super) struct Body<'a> {
    #[serde(borrow)]
    pub(super) r#type: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) context: Option<Context<'a>>,
    #[serde(borrow)]
    pub(super) text: Option<TextBody<'a>>,
    #[serde(borrow)]
    pub(super) image: Option<File<'a>>,
    #[serde(borrow)]
    pub(super) video: Option<File<'a>>,
    #[serde(borrow)]
    pub(super) audio: Option<File<'a>>,
    #[serde(borrow)]
    pub(super) document: Option<File<'a>>,
    #[serde(borrow)]
    pub(super) sticker: Option<File<'a>>,
    #[serde(borrow)]
    pub(super) location: Option<Place<'a>>,
    #[serde(borrow)]
    pub(super) contacts: Option<Vec<Card<'a>>>,
    #[serde(borrow)]
    pub(super) interactive: Option<Interactive<'a>>,
    #[serde(borrow)]
    pub(super) button: Option<Button<'a>>,
    #[serde(borrow)]
    pub(super) reaction: Option<Reaction<'a>>,
    #[serde(borrow)]
    pub(super) system: Option<System<'a>>,
    #[serde(borrow)]
    pub(super) edit: Option<Edit<'a>>,
    #[serde(borrow)]
    pub(super) revoke: Option<Revoke<'a>>,
    #[serde(borrow)]
    pub(super) order: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Context<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct TextBody<'a> {
    #[serde(borrow)]
    pub(super) body: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(super) struct File<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) mime_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) caption: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) filename: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) voice: bool,
}

#[derive(Deserialize)]
pub(super) struct Place<'a> {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    #[serde(borrow)]
    pub(super) name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) address: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Card<'a> {
    #[serde(borrow)]
    pub(super) name: Option<CardName<'a>>,
    #[serde(borrow, default)]
    pub(super) phones: Vec<CardPhone<'a>>,
    #[serde(borrow, default)]
    pub(super) emails: Vec<CardEmail<'a>>,
}

#[derive(Deserialize)]
pub(super) struct CardName<'a> {
    #[serde(borrow)]
    pub(super) formatted_name: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct CardPhone<'a> {
    #[serde(borrow)]
    pub(super) phone: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct CardEmail<'a> {
    #[serde(borrow)]
    pub(super) email: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Interactive<'a> {
    #[serde(borrow)]
    pub(super) button_reply: Option<Reply<'a>>,
    #[serde(borrow)]
    pub(super) list_reply: Option<Reply<'a>>,
    #[serde(borrow)]
    pub(super) nfm_reply: Option<Form<'a>>,
    #[serde(borrow)]
    pub(super) call_permission_reply: Option<CallPermission<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Reply<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) title: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Form<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) response_json: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(super) struct CallPermission<'a> {
    #[serde(borrow)]
    pub(super) response: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(super) struct Button<'a> {
    #[serde(borrow)]
    pub(super) payload: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(super) struct Reaction<'a> {
    #[serde(borrow)]
    pub(super) message_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) emoji: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct System<'a> {
    #[serde(borrow)]
    pub(super) body: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) wa_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) user_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) r#type: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Edit<'a> {
    #[serde(borrow)]
    pub(super) original_message_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) message: &'a RawValue,
}

#[derive(Deserialize)]
pub(super) struct Revoke<'a> {
    #[serde(borrow)]
    pub(super) original_message_id: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(super) struct Status<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) status: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) timestamp: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) r#type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) recipient_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) recipient_user_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) recipient_participant_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) biz_opaque_callback_data: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) errors: Vec<Problem<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Problem<'a> {
    pub(super) code: i64,
    #[serde(borrow)]
    pub(super) title: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Call<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) from: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) to: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) event: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) timestamp: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) direction: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) start_time: Option<Cow<'a, str>>,
    pub(super) duration: Option<u32>,
}

#[derive(Deserialize)]
pub(super) struct Preference<'a> {
    #[serde(borrow)]
    pub(super) wa_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) user_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) value: Cow<'a, str>,
    pub(super) timestamp: i64,
}
