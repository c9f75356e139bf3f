use super::choice::{self, Shape};
use super::split::split;
use super::{Loss, LossKind, Plan, PlanError};
use crate::{Capabilities, PartsPerMessage, TextLimit};
use kontak_content::{
    ChoiceLayout, ChoiceOffered, Content, Location, Media, MediaKind, Part, PartKind, Remote, Text,
    TextFormat, Written,
};

pub(super) struct Planner<'c> {
    capabilities: &'c Capabilities,
    parts: Vec<Part>,
    losses: Vec<Loss>,
    at: Option<u32>,
    of: PartKind,
}

impl<'c> Planner<'c> {
    pub(super) fn new(capabilities: &'c Capabilities) -> Self {
        let of = PartKind::Text;
        Self { capabilities, parts: Vec::new(), losses: Vec::new(), at: None, of }
    }

    pub(super) fn plan(mut self, content: &Content) -> Result<Plan, PlanError> {
        self.check_window(content)?;
        let keeps_subject = self.capabilities.subject.is_usable();
        if let Some(subject) = content.subject.as_ref().filter(|_| !keeps_subject) {
            self.lose(LossKind::SubjectAsText);
            self.words(subject.as_str());
        }
        for (place, part) in content.parts.iter().enumerate() {
            self.at = u32::try_from(place).ok();
            self.of = part.kind();
            self.part(part);
        }
        let Self { parts, losses, .. } = self;
        let subject = content.subject.clone().filter(|_| keeps_subject);
        let messages = match self.capabilities.parts {
            PartsPerMessage::One => parts.into_iter().map(Content::from).collect(),
            PartsPerMessage::Many if parts.is_empty() && subject.is_none() => Vec::new(),
            PartsPerMessage::Many => {
                let whole = Content::new(parts);
                vec![match subject {
                    Some(subject) => whole.with_subject(subject),
                    None => whole,
                }]
            }
        };
        Ok(Plan { messages, losses })
    }

    fn check_window(&self, content: &Content) -> Result<(), PlanError> {
        let closed = self.capabilities.text.support < crate::Support::Unsupported;
        let needs_window = |part: &Part| {
            let goes_always =
                matches!(part, Part::Template(_)) && self.capabilities.template.is_usable();
            !goes_always && !part.is_internal()
        };
        match &self.capabilities.window {
            Some(rule) if closed && content.parts.iter().any(needs_window) => {
                Err(PlanError::WindowClosed { reopened_by: rule.reopened_by })
            }
            _ => Ok(()),
        }
    }

    fn lose(&mut self, kind: LossKind) {
        self.losses.push(Loss { part: self.at, of: self.of.clone(), kind });
    }

    fn part(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.text(text),
            Part::Media(media) => self.media(media),
            Part::Location(location) if self.capabilities.location.is_usable() => {
                self.parts.push(location.clone().into());
            }
            Part::Location(location) => {
                self.lose(LossKind::LocationAsText);
                self.words(&location_text(location));
            }
            Part::Contact(card) if self.capabilities.contact.is_usable() => {
                self.parts.push(card.clone().into());
            }
            Part::Contact(_) => {
                self.lose(LossKind::ContactAsText);
                self.words(&part.plain_text());
            }
            Part::ChoiceOffered(offer) => self.choice(offer),
            Part::Template(template) if self.capabilities.template.is_usable() => {
                self.parts.push((**template).clone().into());
            }
            Part::Template(template) => match &template.reads {
                Some(reads) => {
                    self.lose(LossKind::TemplateAsText);
                    self.text(reads);
                }
                None => self.lose(LossKind::Dropped),
            },
            Part::InternalNote(_) => self.lose(LossKind::Withheld),
            other => match other.plain_text() {
                text if text.is_empty() || other.is_internal() => self.lose(LossKind::Dropped),
                text => {
                    self.lose(LossKind::AsText);
                    self.words(&text);
                }
            },
        }
    }

    /// Plain words that stand for something else.
    fn words(&mut self, words: &str) {
        match Text::plain(words) {
            Ok(text) => self.text(&text),
            Err(_) => self.lose(LossKind::Dropped),
        }
    }

    fn text(&mut self, text: &Text) {
        if !self.capabilities.text.support.is_usable() {
            return self.lose(LossKind::Dropped);
        }
        let limit = self.capabilities.text.limit;
        if self.shows(&text.format) && limit.fits(text.body.as_str()) {
            return self.parts.push(text.clone().into());
        }
        let plain = text.plain_text();
        if text.format != TextFormat::Plain {
            self.lose(LossKind::Formatting);
        }
        let split = split(&plain, limit);
        if split.pieces.len() > 1 {
            self.lose(LossKind::Split);
        }
        if split.cut_url {
            self.lose(LossKind::UrlCut);
        }
        for piece in split.pieces {
            let Ok(mut piece) = Text::plain(piece) else { continue };
            piece.language.clone_from(&text.language);
            self.parts.push(piece.into());
        }
    }

    fn shows(&self, format: &TextFormat) -> bool {
        self.capabilities.text.formats.contains(format)
    }

    /// A text for a place that cannot be split; nothing where it does not fit there.
    fn fitted(&mut self, text: &Text, limit: TextLimit) -> Option<Text> {
        if self.shows(&text.format) && limit.fits(text.body.as_str()) {
            return Some(text.clone());
        }
        let plain = text.plain_text();
        if !limit.fits(&plain) {
            return None;
        }
        let mut plain = Text::plain(plain).ok()?;
        plain.language.clone_from(&text.language);
        self.lose(LossKind::Formatting);
        Some(plain)
    }

    fn media(&mut self, media: &Media) {
        let takes = |kind: &MediaKind| {
            let taken = self.capabilities.media(kind)?;
            let small = match (taken.max_bytes, media.size) {
                (Some(max), Some(size)) => size.bytes() <= max.into(),
                _ => true,
            };
            (small && taken.takes(media.mime_type.as_ref()))
                .then_some((kind.clone(), taken.caption))
        };
        let fits = takes(&media.kind).or_else(|| takes(&MediaKind::Document));
        let Some((kind, caption_limit)) = fits else { return self.media_as_link(media) };
        if kind != media.kind {
            self.lose(LossKind::MediaAsDocument);
        }
        let mut out = media.clone();
        (out.kind, out.caption) = (kind, None);
        let Some(caption) = &media.caption else { return self.parts.push(out.into()) };
        if let Some(fitted) = caption_limit.and_then(|limit| self.fitted(caption, limit)) {
            out.caption = Some(fitted);
            return self.parts.push(out.into());
        }
        self.parts.push(out.into());
        self.lose(LossKind::CaptionApart);
        self.text(caption);
    }

    fn media_as_link(&mut self, media: &Media) {
        if let Some(caption) = &media.caption {
            self.text(caption);
        }
        match media.place.remote() {
            Some(Remote::Url(url)) => {
                self.lose(LossKind::MediaAsLink);
                self.words(url.as_str());
            }
            _ => self.lose(LossKind::Dropped),
        }
    }

    fn choice(&mut self, offer: &ChoiceOffered) {
        let shape = choice::shape(offer, self.capabilities);
        let layout = match shape {
            Shape::Numbers => {
                self.lose(LossKind::ChoiceAsNumbers);
                return self.words(&choice::numbered(offer));
            }
            Shape::Meant => offer.layout().clone(),
            Shape::Other(layout) => {
                self.lose(match layout {
                    ChoiceLayout::Buttons(_) => LossKind::ListAsButtons,
                    _ => LossKind::ButtonsAsList,
                });
                layout
            }
        };
        let limit = match layout {
            ChoiceLayout::Buttons(_) => self.capabilities.buttons.map(|buttons| buttons.prompt),
            _ => self.capabilities.list.map(|list| list.prompt),
        };
        let fitted = offer.prompt().zip(limit).and_then(|(text, limit)| self.fitted(text, limit));
        let prompt = match (fitted, offer.prompt()) {
            (Some(fitted), _) => Some(fitted),
            (None, None) => choice::please_choose(offer),
            (None, Some(long)) => {
                self.lose(LossKind::PromptApart);
                self.text(long);
                choice::please_choose(offer)
            }
        };
        let Ok(out) = ChoiceOffered::new(offer.offer().clone(), layout, offer.free_text()) else {
            // The same options in another layout are as valid as before.
            return self.lose(LossKind::Dropped);
        };
        self.parts.push(match prompt {
            Some(prompt) => out.with_prompt(prompt).into(),
            None => out.into(),
        });
    }
}

fn location_text(location: &Location) -> String {
    let (latitude, longitude) = (location.point.latitude(), location.point.longitude());
    let mut lines: Vec<_> =
        [&location.name, &location.address].into_iter().flatten().map(Written::to_string).collect();
    lines.push(format!("{latitude}, {longitude}"));
    lines.join("\n")
}
