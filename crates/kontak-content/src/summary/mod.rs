//! One short line for the screen of an agent.

mod phrase;

use crate::{
    Call, CallDirection, CallOutcome, ChoiceOffered, ContactCard, Content, CustomPart, FormAnswer,
    Location, Media, Part, SystemLine, Template, Text, Tombstone, Written,
};
use chrono::TimeDelta;
use kontak_types::Language;
use phrase::Words;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

/// The longest summary, in characters as people count them.
const LONGEST: usize = 120;

impl Content {
    /// One line for agents: what is written, and in brackets what is not: `[photo] My receipt`,
    /// `[voice note, 0:12]`. Longer ones are cut to 120 characters as people count them.
    ///
    /// English where the language has no phrases; English, Indonesian and Vietnamese have.
    #[must_use]
    pub fn summary(&self, language: &Language) -> String {
        let words = Words::of(language);
        let subject = self.subject.as_ref().map(|subject| Cow::Borrowed(subject.as_str()));
        let parts = self.parts.iter().map(|part| line(part, words));
        shorten(subject.into_iter().chain(parts))
    }
}

impl Part {
    /// One line for agents, as [`Content::summary`].
    #[must_use]
    pub fn summary(&self, language: &Language) -> String {
        shorten([line(self, Words::of(language))])
    }
}

/// All on one line, with one space between two words.
fn shorten<'a>(texts: impl IntoIterator<Item = Cow<'a, str>>) -> String {
    let mut short = String::new();
    let mut room = LONGEST;
    for text in texts {
        for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
            if word.is_empty() {
                continue;
            }
            if !short.is_empty() {
                short.push(' ');
                room = room.saturating_sub(1);
            }
            for grapheme in word.graphemes(true) {
                if room == 0 {
                    short.truncate(short.trim_end().len());
                    short.push('…');
                    return short;
                }
                short.push_str(grapheme);
                room -= 1;
            }
        }
    }
    short
}

fn line(part: &Part, words: Words) -> Cow<'_, str> {
    match part {
        Part::Text(text) => text.plain_text(),
        Part::InternalNote(note) => beside(words.get("internal_note"), Some(&note.text)).into(),
        Part::Media(part) => media(part, words).into(),
        Part::Location(part) => location(part, words).into(),
        Part::Contact(part) => contact(part, words).into(),
        Part::ChoiceOffered(part) => offered(part, words).into(),
        Part::ChoiceMade(part) => {
            let label = part.label.as_ref().map_or(part.option.as_str(), Written::as_str);
            words.fill("choice_made", &[("label", label)]).into()
        }
        Part::Template(part) => template(part, words),
        Part::Call(part) => call(part, words).into(),
        Part::FormAnswer(part) => form(part, words).into(),
        Part::System(part) => system(part, words),
        Part::Redacted(part) => removed(part, words).into(),
        Part::Custom(part) => custom(part, words).into(),
    }
}

fn beside(bracket: &str, text: Option<&Text>) -> String {
    let text = text.map(Text::plain_text).unwrap_or_default();
    format!("{bracket} {text}")
}

fn media(part: &Media, words: Words) -> String {
    let kind = words.media(&part.kind);
    let bracket = match (part.duration_ms, &part.file_name) {
        (Some(duration), _) => {
            let duration = clock(u64::from(duration) / 1_000);
            words.fill("media_playing", &[("kind", kind), ("duration", &duration)])
        }
        (None, Some(name)) => words.fill("media_named", &[("kind", kind), ("name", name.as_str())]),
        (None, None) => words.fill("media", &[("kind", kind)]),
    };
    beside(&bracket, part.caption.as_ref())
}

fn location(part: &Location, words: Words) -> String {
    match part.name.as_ref().or(part.address.as_ref()) {
        Some(name) => words.fill("location_named", &[("name", name.as_str())]),
        None => words.get("location").to_owned(),
    }
}

fn contact(part: &ContactCard, words: Words) -> String {
    let entry = part.name().into_iter().chain(part.phones()).chain(part.emails()).next();
    words.fill("contact", &[("name", entry.map_or("", Written::as_str))])
}

fn offered(part: &ChoiceOffered, words: Words) -> String {
    let labels: Vec<_> = part.options().map(|option| option.label.as_str()).collect();
    let bracket = words.fill("choice_offered", &[("labels", &labels.join(" / "))]);
    let prompt = part.prompt().map(Text::plain_text).unwrap_or_default();
    format!("{prompt} {bracket}")
}

fn template(part: &Template, words: Words) -> Cow<'_, str> {
    match &part.reads {
        Some(reads) => reads.plain_text(),
        None => words.fill("template", &[("name", part.name.as_str())]).into(),
    }
}

fn call(part: &Call, words: Words) -> String {
    let timeline = &part.timeline;
    let came_of_it = match (&timeline.outcome, timeline.talking()) {
        (None, _) => Cow::Borrowed(words.get("call_ongoing")),
        (Some(CallOutcome::Answered), Some(talking)) => clock(seconds(talking)).into(),
        (Some(outcome), _) => words.outcome(outcome).into(),
    };
    let key = match timeline.direction {
        CallDirection::Inbound if timeline.is_missed() => "call_missed",
        CallDirection::Inbound => "call_inbound",
        CallDirection::Outbound => "call_outbound",
    };
    words.fill(key, &[("outcome", &came_of_it)])
}

fn form(part: &FormAnswer, words: Words) -> String {
    words.fill("form_answer", &[("answers", &part.answers.len().to_string())])
}

fn system(part: &SystemLine, words: Words) -> Cow<'_, str> {
    let what = match (words.system(&part.kind), &part.text) {
        (Some(phrase), _) => phrase,
        (None, Some(text)) => return format!("[{}]", text.as_str()).into(),
        (None, None) => part.kind.as_str(),
    };
    let values: Vec<_> = part.arguments.values().map(Written::as_str).collect();
    if values.is_empty() {
        return format!("[{what}]").into();
    }
    format!("[{what}: {}]", values.join(", ")).into()
}

fn removed(part: &Tombstone, words: Words) -> String {
    let kind = part.media.as_ref().map_or_else(|| words.kind(&part.kind), |kind| words.media(kind));
    words.fill("removed", &[("kind", kind)])
}

fn custom(part: &CustomPart, words: Words) -> String {
    words.fill("custom", &[("kind", part.kind())])
}

fn seconds(length: TimeDelta) -> u64 {
    u64::try_from(length.num_seconds()).unwrap_or_default()
}

/// `0:12`, `3:05`, `1:00:00`.
fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}
