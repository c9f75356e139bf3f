//! What goes to Twilio.

use super::TwilioSms;
use crate::outgoing::{media_url, one_part};
use kontak_channel::content::{MediaKind, Part};
use kontak_channel::{Action, Outbound, RenderError, WireRequest};

impl TwilioSms {
    pub(super) fn write(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let Action::Say(content) = &outbound.action else {
            return Err(RenderError::Action("do anything but say"));
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("To", &outbound.to.id);
        let from = if self.number.starts_with("MG") { "MessagingServiceSid" } else { "From" };
        form.append_pair(from, &self.number);
        match one_part(content)? {
            Part::Text(text) => {
                form.append_pair("Body", text.body.as_str());
            }
            Part::Media(media) if self.pictures && media.kind == MediaKind::Image => {
                form.append_pair("MediaUrl", media_url(media)?.as_str());
                if let Some(caption) = &media.caption {
                    form.append_pair("Body", caption.body.as_str());
                }
            }
            other => return Err(RenderError::Part(other.kind())),
        }
        if let Some(url) = &self.status_callback {
            form.append_pair("StatusCallback", url);
        }
        Ok(vec![self.account.post("Messages.json", form.finish())?])
    }
}
