//! Words as a telephone says them.

use crate::outgoing::media_url;
use kontak_channel::RenderError;
use kontak_channel::content::{Content, MediaKind, Part, Text};

/// A message as TwiML: text is spoken, sound is played. With `answers_to`, what is pressed or said
/// meanwhile is sent there.
///
/// ```
/// use kontak_channel::content::{Content, Text};
/// use kontak_channels::twilio_voice::twiml;
///
/// let text = Text::plain("Tekan 1 untuk Budi & Co.")?.with_language("id".parse()?);
/// assert_eq!(twiml(&text.into(), None)?,
///     "<Response><Say language=\"id-ID\">Tekan 1 untuk Budi &amp; Co.</Say></Response>");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where a part can be neither spoken nor played.
pub fn twiml(content: &Content, answers_to: Option<&str>) -> Result<String, RenderError> {
    if content.parts.is_empty() {
        return Err(RenderError::Parts { parts: 0, expected: "1 or more" });
    }
    let verbs = content.parts.iter().map(verb).collect::<Result<Vec<_>, _>>()?.concat();
    Ok(match answers_to {
        Some(url) => {
            let url = escaped(url);
            format!(
                "<Response><Gather input=\"dtmf speech\" action=\"{url}\">{verbs}</Gather></Response>"
            )
        }
        None => format!("<Response>{verbs}</Response>"),
    })
}

fn verb(part: &Part) -> Result<String, RenderError> {
    match part {
        Part::Text(text) => Ok(spoken(text)),
        Part::Media(media) if matches!(media.kind, MediaKind::Audio | MediaKind::VoiceNote) => {
            Ok(element("Play", media_url(media)?.as_str()))
        }
        other => Err(RenderError::Part(other.kind())),
    }
}

fn spoken(text: &Text) -> String {
    let words = escaped(&text.plain_text());
    match text.language.as_ref().and_then(|language| voice(language.as_str())) {
        Some(voice) => format!("<Say language=\"{voice}\">{words}</Say>"),
        None => format!("<Say>{words}</Say>"),
    }
}

/// Twilio's voices have a region. A language that it has no voice for is left to the account's own.
fn voice(language: &str) -> Option<&str> {
    Some(match language {
        "en" => "en-US",
        "id" => "id-ID",
        "vi" => "vi-VN",
        "th" => "th-TH",
        "ms" => "ms-MY",
        "zh" => "cmn-CN",
        "ja" => "ja-JP",
        "ko" => "ko-KR",
        regional if regional.contains('-') => regional,
        _ => return None,
    })
}

pub(super) fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escaped(text))
}

/// XML 1.0 knows no way to write control characters, so they become spaces.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
