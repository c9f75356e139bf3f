//! A mail of ours, written the same each time: its ids and boundaries follow from its key.

use super::Email;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kontak_channel::address::EmailAddress;
use kontak_channel::content::{Content, Part, Text, TextFormat};
use kontak_channel::{Action, MailRequest, Outbound, RenderError, Voice, WireRequest};
use std::fmt::Write as _;

impl Email {
    pub(super) fn write(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let Action::Say(content) = &outbound.action else {
            return Err(RenderError::Action("do anything but say"));
        };
        let to = EmailAddress::parse(&outbound.to.id)
            .map_err(|_| RenderError::Recipient("an e-mail address"))?;
        let mut mail = String::new();
        let mut header = |name: &str, value: &str| {
            // Nobody's text reaches a header with a line end in it.
            let one_line: String = value.chars().filter(|c| !c.is_control()).collect();
            // Folded at each space beyond 60 characters: servers cut lines of more than 998.
            let mut folded = String::new();
            let mut width = 0;
            for word in one_line.split(' ') {
                let space = match width {
                    0 => "",
                    1..=60 => " ",
                    _ => "\r\n ",
                };
                width = if space.len() > 1 { word.len() } else { width + word.len() + 1 };
                folded.push_str(space);
                folded.push_str(word);
            }
            let _ = write!(mail, "{name}: {folded}\r\n");
        };
        let own = self.address.as_str();
        match &self.name {
            Some(name) => header("From", &format!("{} <{own}>", phrase(name))),
            None => header("From", own),
        }
        header("To", to.as_str());
        header("Subject", &encoded(content.subject.as_ref().map_or("", |text| text.as_str())));
        header("Message-ID", &format!("<{}>", self.message_id(&outbound.key)));
        let nearest = outbound.reply_to.iter().chain(&outbound.references);
        let mut chain: Vec<_> = nearest.map(|id| format!("<{id}>")).collect();
        chain.dedup();
        if let Some(answered) = chain.first() {
            header("In-Reply-To", answered);
            let oldest_first: Vec<_> = chain.iter().rev().map(String::as_str).collect();
            header("References", &oldest_first.join(" "));
        }
        let machine = outbound.voice == Voice::Machine;
        if machine {
            let kind = if chain.is_empty() { "auto-generated" } else { "auto-replied" };
            header("Auto-Submitted", kind);
            header("X-Auto-Response-Suppress", "All");
            if let Some(url) = &self.unsubscribe {
                header("List-Unsubscribe", &format!("<{url}>"));
                header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
            }
        }
        header("MIME-Version", "1.0");
        self.body(&mut mail, outbound, content)?;
        let return_path = (!machine).then(|| own.into());
        let request = MailRequest::new(return_path, vec![to.as_str().into()], mail.into());
        Ok(vec![WireRequest::Mail(request)])
    }

    fn body(
        &self,
        mail: &mut String,
        outbound: &Outbound,
        content: &Content,
    ) -> Result<(), RenderError> {
        let texts = content.parts.iter().map(|part| match part {
            Part::Text(text) => Ok(text),
            other => Err(RenderError::Part(other.kind())),
        });
        let texts = texts.collect::<Result<Vec<&Text>, _>>()?;
        let words: Vec<_> = texts.iter().map(|text| text.plain_text()).collect();
        let words = words.join("\n\n");
        let html = match texts[..] {
            [only] if only.format == TextFormat::Html => only,
            _ => {
                leaf(mail, "text/plain", &words);
                return Ok(());
            }
        };
        let id = self.message_id(&outbound.key);
        let boundary = format!("={}", id.as_str().split('@').next().unwrap_or_default());
        let _ =
            write!(mail, "Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n");
        for (kind, body) in [("text/plain", words.as_str()), ("text/html", html.body.as_str())] {
            let _ = write!(mail, "--{boundary}\r\n");
            leaf(mail, kind, body);
        }
        let _ = write!(mail, "--{boundary}--\r\n");
        Ok(())
    }
}

/// Base64 keeps any text whole over any server, and no line of it can be taken for a boundary.
fn leaf(mail: &mut String, kind: &str, body: &str) {
    let _ = write!(
        mail,
        "Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    );
    let encoded = STANDARD.encode(body.replace("\r\n", "\n").replace('\n', "\r\n"));
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(76));
        let _ = write!(mail, "{line}\r\n");
        rest = tail;
    }
}

/// RFC 2047: words of at most 75 characters, each whole in itself.
fn encoded(text: &str) -> String {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.contains("=?");
    if plain && text.len() <= 200 {
        return text.to_owned();
    }
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        // 45 bytes are 60 characters of base64, and 12 more stand around them.
        if word.len() + c.len_utf8() > 45 {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let words: Vec<_> =
        words.iter().map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word))).collect();
    words.join(" ")
}

/// The name beside an address: quoted where ASCII, else encoded.
fn phrase(name: &str) -> String {
    if name.is_ascii() {
        let escaped: String = name.chars().filter(|c| !matches!(c, '"' | '\\')).collect();
        format!("\"{escaped}\"")
    } else {
        encoded(name)
    }
}
