//! A mail of ours, written the same each time: its ids and boundaries follow from its key.

use super::{Email, MOST_FILE_BYTES};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kontak_channel::address::EmailAddress;
use kontak_channel::bytes::Bytes;
use kontak_channel::content::{Content, Media, MimeType, Part, Text, TextFormat};
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
            if let Some(unsubscribe) = &self.unsubscribe {
                let link = unsubscribe.link(to.exact_key(), &self.message_id(&outbound.key));
                header("List-Unsubscribe", &format!("<{}>", link?));
                header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
            }
        }
        header("MIME-Version", "1.0");
        self.body(&mut mail, outbound, content)?;
        let return_path = (!machine).then(|| own.into());
        let request = MailRequest::new(return_path, vec![to.as_str().into()], mail.into());
        Ok(vec![WireRequest::Mail(request.with_id(self.message_id(&outbound.key)))])
    }

    fn body(
        &self,
        mail: &mut String,
        outbound: &Outbound,
        content: &Content,
    ) -> Result<(), RenderError> {
        let mut texts: Vec<&Text> = Vec::new();
        let mut files: Vec<(&Media, Bytes)> = Vec::new();
        for part in &content.parts {
            match part {
                Part::Text(text) => texts.push(text),
                Part::Media(media) => {
                    let files_at_hand =
                        self.files.as_ref().ok_or_else(|| RenderError::Part(part.kind()))?;
                    let bytes = files_at_hand.bytes(media).ok_or(RenderError::MediaNotReachable)?;
                    texts.extend(&media.caption);
                    files.push((media, bytes));
                }
                other => return Err(RenderError::Part(other.kind())),
            }
        }
        if files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > MOST_FILE_BYTES as usize {
            return Err(RenderError::TooLong("the mail with its files"));
        }
        let id = self.message_id(&outbound.key);
        let id = id.as_str().split('@').next().unwrap_or_default();
        if files.is_empty() {
            words(mail, &texts, id);
            return Ok(());
        }
        let boundary = format!("=m{id}");
        let _ = write!(mail, "Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n");
        if !texts.is_empty() {
            let _ = write!(mail, "--{boundary}\r\n");
            words(mail, &texts, id);
        }
        for (media, bytes) in files {
            let _ = write!(mail, "--{boundary}\r\n");
            file(mail, media, &bytes);
        }
        let _ = write!(mail, "--{boundary}--\r\n");
        Ok(())
    }
}

/// The words as plain text, and as HTML too where they are one HTML text.
fn words(mail: &mut String, texts: &[&Text], id: &str) {
    let words: Vec<_> = texts.iter().map(|text| text.plain_text()).collect();
    let words = words.join("\n\n");
    let html = match texts {
        [only] if only.format == TextFormat::Html => only,
        _ => return leaf(mail, "text/plain", &words),
    };
    let boundary = format!("={id}");
    let _ = write!(mail, "Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n");
    for (kind, body) in [("text/plain", words.as_str()), ("text/html", html.body.as_str())] {
        let _ = write!(mail, "--{boundary}\r\n");
        leaf(mail, kind, body);
    }
    let _ = write!(mail, "--{boundary}--\r\n");
}

fn leaf(mail: &mut String, kind: &str, body: &str) {
    let _ = write!(mail, "Content-Type: {kind}; charset=utf-8\r\n");
    encode(mail, body.replace("\r\n", "\n").replace('\n', "\r\n").as_bytes());
}

fn file(mail: &mut String, media: &Media, bytes: &[u8]) {
    let kind = media.mime_type.as_ref().map_or("application/octet-stream", MimeType::essence);
    let _ = write!(mail, "Content-Type: {kind}\r\nContent-Disposition: attachment");
    if let Some(name) = &media.file_name {
        let simple = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\') || c == ' ';
        if name.as_str().chars().all(simple) {
            let _ = write!(mail, ";\r\n filename=\"{name}\"");
        } else {
            // RFC 2231, for which the letters and digits alone stand for themselves.
            let _ = write!(mail, ";\r\n filename*=utf-8''");
            for byte in name.as_str().bytes() {
                let _ = match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                        write!(mail, "{}", byte as char)
                    }
                    _ => write!(mail, "%{byte:02X}"),
                };
            }
        }
    }
    mail.push_str("\r\n");
    encode(mail, bytes);
}

/// Base64 keeps anything whole over any server, and no line of it can be taken for a boundary.
fn encode(mail: &mut String, bytes: &[u8]) {
    mail.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
    // 57 bytes are a line of 76.
    for line in bytes.chunks(57) {
        STANDARD.encode_string(line, mail);
        mail.push_str("\r\n");
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
