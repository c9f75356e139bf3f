//! What a part says, as plain text of no language.

mod markup;

use crate::{
    Call, ChoiceOffered, ContactCard, Content, FormAnswer, Location, Media, Part, Template,
    TemplateValue, Text, TextFormat, Written,
};
use std::borrow::Cow;

impl Text {
    /// The words without their formatting. An unknown format is taken as it stands.
    #[must_use]
    pub fn plain_text(&self) -> Cow<'_, str> {
        match self.format {
            TextFormat::Markdown => markup::from_markdown(self.body.as_str()).into(),
            TextFormat::Html => markup::from_html(self.body.as_str()).into(),
            TextFormat::Plain | TextFormat::Custom(_) => self.body.as_str().into(),
        }
    }
}

impl Part {
    /// All words in it, one line for each piece: for search, label rules and briefs.
    ///
    /// Nothing is added that is not in the part, so a photo without caption, a tombstone and a part
    /// of an unknown kind are empty. An internal note is *not* left out.
    #[must_use]
    pub fn plain_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => text.plain_text(),
            Self::InternalNote(note) => note.text.plain_text(),
            Self::ChoiceMade(made) => match &made.label {
                Some(label) => label.as_str().into(),
                None => "".into(),
            },
            Self::Media(part) => lines(|out| media(part, out)),
            Self::Location(part) => lines(|out| location(part, out)),
            Self::Contact(part) => lines(|out| contact(part, out)),
            Self::ChoiceOffered(part) => lines(|out| choice(part, out)),
            Self::Template(part) => lines(|out| template(part, out)),
            Self::Call(part) => lines(|out| call(part, out)),
            Self::FormAnswer(part) => lines(|out| form(part, out)),
            Self::System(part) => lines(|out| match &part.text {
                Some(text) => out.written([text]),
                None => out.written(part.arguments.values()),
            }),
            Self::Redacted(_) | Self::Custom(_) => "".into(),
        }
    }
}

impl Content {
    /// All words of the message: the subject, then [each part](Part::plain_text).
    #[must_use]
    pub fn plain_text(&self) -> Cow<'_, str> {
        if let (None, [only]) = (&self.subject, self.parts.as_slice()) {
            return only.plain_text();
        }
        lines(|out| {
            out.written(&self.subject);
            for part in &self.parts {
                out.line(&part.plain_text());
            }
        })
    }
}

#[derive(Default)]
struct Lines(String);

fn lines(fill: impl FnOnce(&mut Lines)) -> Cow<'static, str> {
    let mut lines = Lines::default();
    fill(&mut lines);
    lines.0.into()
}

impl Lines {
    fn line(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(text);
    }

    fn written<'a>(&mut self, texts: impl IntoIterator<Item = &'a Written>) {
        for text in texts {
            self.line(text.as_str());
        }
    }
}

fn media(part: &Media, out: &mut Lines) {
    if let Some(caption) = &part.caption {
        out.line(&caption.plain_text());
    }
    if let Some(name) = &part.file_name {
        out.line(name.as_str());
    }
}

fn location(part: &Location, out: &mut Lines) {
    out.written(&part.name);
    out.written(&part.address);
}

fn contact(part: &ContactCard, out: &mut Lines) {
    out.written(part.name());
    out.written(part.phones());
    out.written(part.emails());
}

fn choice(part: &ChoiceOffered, out: &mut Lines) {
    if let Some(prompt) = part.prompt() {
        out.line(&prompt.plain_text());
    }
    for option in part.options() {
        out.written([&option.label]);
        out.written(&option.description);
    }
}

fn template(part: &Template, out: &mut Lines) {
    if let Some(reads) = &part.reads {
        return out.line(&reads.plain_text());
    }
    for parameter in &part.parameters {
        match &parameter.value {
            TemplateValue::Text(text) => out.written([text]),
            TemplateValue::Media(part) => media(part, out),
            TemplateValue::Location(part) => location(part, out),
        }
    }
}

fn call(part: &Call, out: &mut Lines) {
    for line in part.transcript.iter().flat_map(|transcript| &transcript.lines) {
        out.written([&line.text]);
    }
}

fn form(part: &FormAnswer, out: &mut Lines) {
    for pair in &part.answers {
        let question = pair.question.as_ref().map_or(pair.field.as_str(), Written::as_str);
        let answers: Vec<_> = pair.answers.iter().map(Written::as_str).collect();
        out.line(&format!("{question}: {}", answers.join(", ")));
    }
}
