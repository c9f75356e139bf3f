use crate::intake::{Intake, id, json, written};
use crate::outgoing::{NO_ID, address, answer, http, one_part, post_json};
use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::content::{Content, Part, Text, TextFormat, WebUrl};
use kontak_channel::http::{HeaderName, Method};
use kontak_channel::{
    Action, Capabilities, ChangeCapability, ChannelDescriptor, Codec, Envelope, EnvelopeKind,
    HmacScheme, IgnoredReason, InboundBatch, InboundMessage, LengthUnit, MessageChange, Outbound,
    ParseError, RenderError, Secret, SendError, SendOutcome, SendReceipt, SignaturePolicy,
    TextLimit, Verified, Window, WireRequest, WireResponse,
};
use serde::Deserialize;

const EVENT: &str = "x-discourse-event";

/// A forum that runs on Discourse: posts become messages, topics threads, and what agents answer is
/// posted under their common user.
///
/// The signature covers the body alone. The name of the event stands in a header that is not signed,
/// so it is believed only as far as the body bears it out; there is no signed time, and what is sent
/// again is stopped by its key.
#[derive(Debug)]
pub struct Discourse {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
    base: Box<str>,
    api_key: Secret,
    api_user: Box<str>,
}

impl Discourse {
    /// The forum at this address, answered by `api_user`.
    #[must_use]
    pub fn new(account: &str, base: &WebUrl, api_key: Secret, api_user: &str) -> Self {
        Self {
            descriptor: ChannelDescriptor::new("forum", account),
            signature: SignaturePolicy::signed(Self::scheme()),
            base: base.as_str().trim_end_matches('/').into(),
            api_key,
            api_user: api_user.into(),
        }
    }

    /// How a forum signs.
    #[must_use]
    pub fn scheme() -> HmacScheme {
        HmacScheme::sha256("x-discourse-event-signature").with_prefix("sha256=")
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<Vec<WireRequest>, RenderError> {
        let url = address(format!("{}{path}", self.base))?;
        let key = self.api_key.reveal_str().ok_or(RenderError::Unwritable("the key"))?;
        let request = post_json(url, body)
            .with_method(method)
            .with_secret_header(HeaderName::from_static("api-key"), key)
            .with_secret_header(HeaderName::from_static("api-username"), &self.api_user);
        Ok(vec![WireRequest::Http(request)])
    }
}

#[derive(Deserialize)]
struct Payload {
    post: Option<Post>,
}

#[derive(Deserialize)]
struct Post {
    id: u64,
    user_id: i64,
    username: String,
    name: Option<String>,
    raw: Option<String>,
    cooked: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: Option<DateTime<Utc>>,
    topic_id: u64,
    topic_title: Option<String>,
    version: Option<u32>,
    reply_to_post_number: Option<u64>,
}

impl Post {
    fn content(&self) -> Option<Content> {
        let text = match (&self.raw, &self.cooked) {
            (Some(raw), _) => Text::markdown(raw.as_str()),
            (None, Some(cooked)) => Text::html(cooked.as_str()),
            (None, None) => return None,
        };
        let content = Content::from(text.ok()?);
        Some(match self.topic_title.as_deref().and_then(written) {
            Some(title) => content.with_subject(title),
            None => content,
        })
    }
}

impl Codec for Discourse {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }

    fn capabilities(&self, _window: Window) -> Capabilities {
        let mut can = Capabilities::text_only(TextLimit::new(32_000, LengthUnit::Scalars));
        can.text.formats.push(TextFormat::Markdown);
        can.edit = ChangeCapability::ALWAYS;
        can.delete = ChangeCapability::ALWAYS;
        can
    }

    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let intake = Intake::new(&self.descriptor, request);
        let event = request.request().header(EVENT).unwrap_or("an event without name");
        let ignored =
            |reason| InboundBatch::new(vec![intake.ignored(reason, event, request.body())]);
        let payload: Payload = json(request.body())?;
        let Some(post) = payload.post else {
            let ping = event == "ping";
            let reason = if ping { IgnoredReason::Ping } else { IgnoredReason::UnknownKind };
            return Ok(ignored(reason));
        };
        // Users below zero are the forum's own machines.
        if post.username == *self.api_user || post.user_id < 0 {
            return Ok(ignored(IgnoredReason::OwnEcho));
        }
        let Some(target) = id(&post.id.to_string()) else {
            return Ok(ignored(IgnoredReason::Malformed));
        };
        let sender = intake.sender(&post.user_id.to_string());
        let version = post.version.unwrap_or(1);
        let key = |kind| intake.key(kind, &target);
        let envelope = match (event, post.content()) {
            ("post_destroyed", _) => {
                let key = key(EnvelopeKind::Change).with_version("deleted");
                let deleted = MessageChange::Deleted { target: target.clone() };
                Envelope::new(key, intake.arrived, deleted)
            }
            ("post_edited", Some(content)) => {
                let key = key(EnvelopeKind::Change).with_version(version.to_string());
                let edited = MessageChange::Edited { target: target.clone(), content };
                Envelope::new(key, intake.arrived, edited)
                    .with_occurred(post.updated_at.unwrap_or(post.created_at))
            }
            ("post_created", Some(content)) => {
                let mut message = InboundMessage::new(target.clone(), content);
                message.thread = id(&post.topic_id.to_string());
                let earlier = post.reply_to_post_number;
                message
                    .references
                    .extend(earlier.and_then(|number| id(&format!("{}/{number}", post.topic_id))));
                Envelope::new(key(EnvelopeKind::Message), intake.arrived, message)
                    .with_occurred(post.created_at)
            }
            _ => return Ok(ignored(IgnoredReason::UnknownKind)),
        };
        let mut sender = sender;
        sender.user_name = written(&post.username);
        sender.display_name = post.name.as_deref().and_then(written);
        Ok(InboundBatch::new(vec![envelope.with_sender(sender)]))
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let raw = |content| match one_part(content)? {
            Part::Text(text) => Ok(text.body.clone()),
            other => Err(RenderError::Part(other.kind())),
        };
        match &outbound.action {
            Action::Say(content) => {
                let raw = raw(content)?;
                // Without a topic it is a personal message to the account that it goes to.
                let body = match &outbound.thread {
                    Some(topic) => serde_json::json!({"raw": raw, "topic_id": topic}),
                    None => serde_json::json!({
                        "raw": raw, "archetype": "private_message",
                        "title": "Your question to our support", "target_recipients": outbound.to.id,
                    }),
                };
                self.request(Method::POST, "/posts.json", &body)
            }
            Action::Edit { target, content } => {
                let path = format!("/posts/{}.json", number(target.as_str())?);
                let body = serde_json::json!({"post": {"raw": raw(content)?}});
                self.request(Method::PUT, &path, &body)
            }
            Action::Delete { target } => {
                let path = format!("/posts/{}.json", number(target.as_str())?);
                self.request(Method::DELETE, &path, &serde_json::json!({}))
            }
            _ => Err(RenderError::Action("react, mark as read or show typing")),
        }
    }

    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        let response = http(response)?;
        match SendError::of_http(response) {
            Some(SendError::Rejected { .. }) if response.status.as_u16() == 422 => {
                return Err(SendError::Invalid { code: "422".into() });
            }
            Some(error) => return Err(error),
            None => {}
        }
        let answer = answer(response);
        let post = answer["id"].as_u64().or_else(|| answer["post"]["id"].as_u64());
        let taken = post.and_then(|post| id(&post.to_string()));
        Ok(SendReceipt::new(vec![taken.ok_or(NO_ID)?]))
    }
}

/// Ids of posts are numbers; anything else would lead to another address.
fn number(target: &str) -> Result<u64, RenderError> {
    target.parse().map_err(|_| RenderError::Recipient("the number of a post"))
}
