//! Words out of HTML and Markdown: readable lines, not a rendering.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// Elements whose content nobody reads. Inside them the tokenizer sees no tag but their own end.
const SILENT: [&[u8]; 6] = [b"iframe", b"noembed", b"noscript", b"script", b"style", b"title"];

/// Elements that stand on lines of their own.
const BLOCKS: [&[u8]; 27] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"br",
    b"dd",
    b"div",
    b"dl",
    b"dt",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"header",
    b"hr",
    b"li",
    b"ol",
    b"p",
    b"pre",
    b"section",
    b"table",
    b"tr",
    b"ul",
];

pub(super) fn from_html(html: &str) -> String {
    let mut out = Flow::default();
    let mut silent = false;
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => {
                silent = SILENT.contains(&tag.name.as_slice());
                out.boundary(&tag.name);
            }
            Token::EndTag(tag) => {
                silent = false;
                out.boundary(&tag.name);
            }
            Token::String(text) if !silent => out.words(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    out.finish()
}

pub(super) fn from_markdown(markdown: &str) -> String {
    let mut out = Flow::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => out.verbatim(&text),
            Event::SoftBreak
            | Event::HardBreak
            | Event::Rule
            | Event::End(TagEnd::TableRow | TagEnd::TableHead) => out.line(),
            Event::End(TagEnd::TableCell) => out.gap(),
            Event::Start(tag) if !is_inline(tag.to_end()) => out.line(),
            Event::End(tag) if !is_inline(tag) => out.line(),
            _ => {}
        }
    }
    out.finish()
}

fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::TableCell
    )
}

/// Text with at most one space or one line break between two words.
#[derive(Default)]
struct Flow {
    text: String,
    pending: Option<char>,
}

impl Flow {
    fn line(&mut self) {
        self.pending = Some('\n');
    }

    fn gap(&mut self) {
        self.pending.get_or_insert(' ');
    }

    fn boundary(&mut self, element: &[u8]) {
        if BLOCKS.contains(&element) {
            self.line();
        } else if element == b"td" || element == b"th" {
            self.gap();
        }
    }

    fn words(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() { self.gap() } else { self.push(c) }
        }
    }

    fn verbatim(&mut self, text: &str) {
        for (index, line) in text.lines().enumerate() {
            if index > 0 {
                self.line();
            }
            line.chars().for_each(|c| self.push(c));
        }
    }

    fn push(&mut self, c: char) {
        if let Some(gap) = self.pending.take()
            && !self.text.is_empty()
        {
            self.text.push(gap);
        }
        self.text.push(c);
    }

    fn finish(self) -> String {
        self.text
    }
}
