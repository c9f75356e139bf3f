//! Markdown as two platforms write it. What has no form there keeps its words.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::borrow::Cow;

/// Whose writing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `*bold*`, `_italic_`, `~struck~`, which count only between words.
    #[cfg(feature = "whatsapp")]
    WhatsApp,
    /// The few elements of HTML that Telegram takes.
    #[cfg(feature = "telegram")]
    Telegram,
}

/// Writes Markdown in a dialect.
pub(crate) fn write(markdown: &str, dialect: Dialect) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let mut events = Parser::new_ext(markdown, options).peekable();
    let mut out = Writer {
        dialect,
        text: String::new(),
        gap: "",
        lists: Vec::new(),
        quotes: 0,
        begins: false,
        open: Vec::new(),
    };
    while let Some(event) = events.next() {
        let word_follows = matches!(
            events.peek(),
            Some(Event::Text(text)) if text.starts_with(char::is_alphanumeric)
        );
        out.event(event, word_follows);
    }
    out.text
}

struct Writer<'a> {
    dialect: Dialect,
    text: String,
    /// What stands between what was written and what comes, once something comes.
    gap: &'static str,
    /// The number of the next item, in each list that is open.
    lists: Vec<Option<u64>>,
    /// How many quotes are open.
    quotes: usize,
    /// Whether a quote has just begun, so that nothing stands before what comes.
    begins: bool,
    open: Vec<Opened<'a>>,
}

/// A span that is open: where its mark stands, and how it ends.
struct Opened<'a> {
    at: usize,
    mark: usize,
    close: Cow<'a, str>,
}

impl<'a> Writer<'a> {
    fn event(&mut self, event: Event<'a>, word_follows: bool) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag, word_follows),
            Event::Text(text) => self.words(&text),
            Event::Code(code) => {
                let (open, close) = match self.dialect {
                    #[cfg(feature = "whatsapp")]
                    Dialect::WhatsApp => ("`", "`"),
                    #[cfg(feature = "telegram")]
                    Dialect::Telegram => ("<code>", "</code>"),
                };
                self.raw(open);
                self.words(&code);
                self.raw(close);
            }
            Event::SoftBreak | Event::HardBreak => self.gap("\n"),
            Event::Rule => self.gap("\n\n"),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::Paragraph | Tag::Table(_) if self.lists.is_empty() => self.gap("\n\n"),
            Tag::Paragraph => {}
            Tag::Heading { .. } => {
                self.gap("\n\n");
                self.span("*", "b");
            }
            Tag::Strong => self.span("*", "b"),
            Tag::Emphasis => self.span("_", "i"),
            Tag::Strikethrough => self.span("~", "s"),
            Tag::BlockQuote(_) => {
                self.gap("\n\n");
                match self.dialect {
                    #[cfg(feature = "whatsapp")]
                    Dialect::WhatsApp => self.raw("> "),
                    #[cfg(feature = "telegram")]
                    Dialect::Telegram => self.span("", "blockquote"),
                }
                self.quotes += 1;
                self.begins = true;
            }
            Tag::CodeBlock(_) => {
                self.gap("\n\n");
                self.span("```", "pre");
            }
            Tag::List(first) => {
                self.gap(if self.lists.is_empty() { "\n\n" } else { "\n" });
                self.lists.push(first);
            }
            Tag::Item => {
                self.gap("\n");
                let indent = "  ".repeat(self.lists.len().saturating_sub(1));
                let bullet = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let bullet = format!("{indent}{number}. ");
                        *number += 1;
                        bullet
                    }
                    _ => format!("{indent}• "),
                };
                self.raw(&bullet);
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.link(&dest_url),
            Tag::TableRow | Tag::TableHead => self.gap("\n"),
            Tag::TableCell => self.gap(if self.gap.is_empty() { " " } else { self.gap }),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, word_follows: bool) {
        match tag {
            TagEnd::Strong
            | TagEnd::Emphasis
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image => self.close(word_follows),
            TagEnd::Heading(_) | TagEnd::CodeBlock => {
                self.gap = "";
                self.close(false);
                self.gap("\n\n");
            }
            TagEnd::BlockQuote(_) => {
                self.gap = "";
                self.quotes -= 1;
                #[cfg(feature = "telegram")]
                if self.dialect == Dialect::Telegram {
                    self.close(false);
                }
                self.gap("\n\n");
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.gap(if self.lists.is_empty() { "\n\n" } else { "\n" });
            }
            TagEnd::Paragraph if self.lists.is_empty() => self.gap("\n\n"),
            TagEnd::Table => self.gap("\n\n"),
            _ => {}
        }
    }

    /// The longer one of two gaps counts.
    fn gap(&mut self, gap: &'static str) {
        if !self.begins && gap.len() > self.gap.len() {
            self.gap = gap;
        }
    }

    fn raw(&mut self, text: &str) {
        let gap = std::mem::take(&mut self.gap);
        if !self.text.is_empty() {
            self.text.push_str(gap);
            #[cfg(feature = "whatsapp")]
            if self.dialect == Dialect::WhatsApp && self.quotes > 0 && gap.contains('\n') {
                self.text.push_str("> ");
            }
        }
        self.begins &= text.is_empty();
        self.text.push_str(text);
    }

    fn words(&mut self, words: &str) {
        match self.dialect {
            #[cfg(feature = "whatsapp")]
            Dialect::WhatsApp => self.raw(words),
            #[cfg(feature = "telegram")]
            Dialect::Telegram => self.raw(&escaped(words)),
        }
    }

    fn span(&mut self, mark: &'static str, element: &'static str) {
        let (open, close): (Cow<'_, str>, Cow<'a, str>) = match self.dialect {
            #[cfg(feature = "whatsapp")]
            Dialect::WhatsApp => {
                let _ = element;
                self.raw("");
                // Inside a word the mark would stand there as it is.
                let in_word = self.text.ends_with(char::is_alphanumeric);
                let mark = if in_word { "" } else { mark };
                (mark.into(), mark.into())
            }
            #[cfg(feature = "telegram")]
            Dialect::Telegram => {
                let _ = mark;
                (format!("<{element}>").into(), format!("</{element}>").into())
            }
        };
        self.raw("");
        let at = self.text.len();
        self.raw(&open);
        self.open.push(Opened { at, mark: open.len(), close });
    }

    fn link(&mut self, url: &str) {
        self.raw("");
        let at = self.text.len();
        let (open, close) = match self.dialect {
            #[cfg(feature = "whatsapp")]
            Dialect::WhatsApp => (String::new(), format!(" ({url})")),
            #[cfg(feature = "telegram")]
            Dialect::Telegram => (format!("<a href=\"{}\">", escaped(url)), "</a>".to_owned()),
        };
        self.raw(&open);
        self.open.push(Opened { at, mark: open.len(), close: close.into() });
    }

    fn close(&mut self, word_follows: bool) {
        let Some(Opened { at, mark, close }) = self.open.pop() else { return };
        match self.dialect {
            #[cfg(feature = "whatsapp")]
            Dialect::WhatsApp => {
                let inside = &self.text[at + mark..];
                // An address that is its own text stands there once.
                if close.starts_with(" (") {
                    if close.get(2..close.len() - 1) != Some(inside) {
                        self.raw(&close);
                    }
                } else if word_follows {
                    self.text.replace_range(at..at + mark, "");
                } else {
                    self.raw(&close);
                }
            }
            #[cfg(feature = "telegram")]
            Dialect::Telegram => {
                let _ = (at, mark, word_follows);
                self.raw(&close);
            }
        }
    }
}

#[cfg(feature = "telegram")]
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
