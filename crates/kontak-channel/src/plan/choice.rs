use super::phrase;
use crate::Capabilities;
use kontak_content::{
    ChoiceLayout, ChoiceMade, ChoiceOffered, ChoiceOption, ChoiceSection, Text, Written,
};
use kontak_types::Language;

/// How a choice can be put on a channel.
pub(super) enum Shape {
    /// As it was meant.
    Meant,
    /// As the other of buttons and list.
    Other(ChoiceLayout),
    /// As text with numbers.
    Numbers,
}

pub(super) fn shape(offer: &ChoiceOffered, capabilities: &Capabilities) -> Shape {
    let language = language(offer);
    match offer.layout() {
        ChoiceLayout::Buttons(options) if buttons_fit(options, capabilities) => Shape::Meant,
        ChoiceLayout::Buttons(options) => {
            let opens_with = Written::new(phrase::choose(language)).ok();
            let sections = vec![ChoiceSection::new(None, options.clone())];
            if list_fits(opens_with.as_ref(), &sections, capabilities) {
                Shape::Other(ChoiceLayout::List { opens_with, sections })
            } else {
                Shape::Numbers
            }
        }
        ChoiceLayout::List { opens_with, sections }
            if list_fits(opens_with.as_ref(), sections, capabilities) =>
        {
            Shape::Meant
        }
        ChoiceLayout::List { sections, .. } => {
            let options: Vec<_> = offer.options().cloned().collect();
            let headed = sections.iter().any(|section| section.title.is_some());
            if !headed && buttons_fit(&options, capabilities) {
                Shape::Other(ChoiceLayout::Buttons(options))
            } else {
                Shape::Numbers
            }
        }
        _ => Shape::Numbers,
    }
}

fn buttons_fit(options: &[ChoiceOption], capabilities: &Capabilities) -> bool {
    capabilities.buttons.is_some_and(|buttons| {
        options.len() <= buttons.max.into()
            && options.iter().all(|option| {
                buttons.label.fits(option.label.as_str())
                    && option.id.as_str().len() <= buttons.id_bytes.into()
                    && option.description.is_none()
            })
    })
}

fn list_fits(
    opens_with: Option<&Written>,
    sections: &[ChoiceSection],
    capabilities: &Capabilities,
) -> bool {
    capabilities.list.is_some_and(|list| {
        let rows = || sections.iter().flat_map(|section| &section.options);
        sections.len() <= list.max_sections.into()
            && rows().count() <= list.max.into()
            && opens_with.is_none_or(|text| list.opens_with.fits(text.as_str()))
            // With several sections each needs a heading, on every platform that has sections.
            && (sections.len() == 1 || sections.iter().all(|section| section.title.is_some()))
            && sections.iter().filter_map(|s| s.title.as_ref()).all(|t| list.label.fits(t.as_str()))
            && rows().all(|option| {
                list.label.fits(option.label.as_str())
                    && option.id.as_str().len() <= list.id_bytes.into()
                    && option.description.as_ref().is_none_or(|text| list.description.fits(text.as_str()))
            })
    })
}

pub(super) fn language(offer: &ChoiceOffered) -> Option<&Language> {
    offer.prompt().and_then(|prompt| prompt.language.as_ref())
}

/// The choice as text: each option behind its number, counted over all sections.
pub(super) fn numbered(offer: &ChoiceOffered) -> String {
    let language = language(offer);
    let mut lines = Vec::new();
    if let Some(prompt) = offer.prompt() {
        lines.push(prompt.plain_text().into_owned());
    }
    let mut number = 0;
    let mut put = |options: &[ChoiceOption], lines: &mut Vec<String>| {
        for option in options {
            number += 1;
            let description = option.description.as_ref().map(Written::as_str);
            let dash = if description.is_some() { " – " } else { "" };
            let description = description.unwrap_or_default();
            lines.push(format!("{number}. {}{dash}{description}", option.label));
        }
    };
    match offer.layout() {
        ChoiceLayout::List { sections, .. } => {
            for section in sections {
                lines.extend(section.title.iter().map(ToString::to_string));
                put(&section.options, &mut lines);
            }
        }
        _ => put(&offer.options().cloned().collect::<Vec<_>>(), &mut lines),
    }
    lines.push(phrase::reply_with_number(language).to_owned());
    lines.join("\n")
}

/// The question for a channel that wants one.
pub(super) fn please_choose(offer: &ChoiceOffered) -> Option<Text> {
    Text::plain(phrase::please_choose(language(offer))).ok()
}

/// What a text reply chooses of an offer: a number in any script (`2`, `2.`, `(2)`, `２`, `๒`, `2️⃣`),
/// or the whole label. Nothing where it is neither: then it is a text.
///
/// It is asked of the last offer that was put to the account, so nothing needs to be remembered but
/// the offer itself.
///
/// ```
/// use kontak_channel::choice_in_reply;
/// use kontak_channel::content::{ChoiceLayout, ChoiceOffered, ChoiceOption, FreeText, OfferId, OptionId, Written};
///
/// let option = |id: &str, label: &str| {
///     Ok::<_, Box<dyn std::error::Error>>(ChoiceOption::new(OptionId::new(id)?, Written::new(label)?))
/// };
/// let buttons = vec![option("mon", "Senin")?, option("tue", "Selasa")?];
/// let offer = ChoiceOffered::new(OfferId::new("day")?, ChoiceLayout::Buttons(buttons), FreeText::Allowed)?;
/// let tuesday = choice_in_reply(&offer, " 2. ").ok_or("no choice")?;
/// assert_eq!(tuesday.option.as_str(), "tue");
/// assert_eq!(choice_in_reply(&offer, "selasa"), Some(tuesday));
/// assert_eq!(choice_in_reply(&offer, "2 pieces please"), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn choice_in_reply(offer: &ChoiceOffered, reply: &str) -> Option<ChoiceMade> {
    let reply = reply.trim();
    let chosen = match number(reply) {
        Some(number) => offer.options().nth(number.checked_sub(1)?),
        None => {
            let folded = reply.to_lowercase();
            let mut alike = offer
                .options()
                .filter(|option| option.label.as_str().trim().to_lowercase() == folded);
            let first = alike.next();
            // Two options that say the same cannot be told apart by their label.
            first.filter(|_| alike.next().is_none())
        }
    }?;
    offer.made(&chosen.id)
}

/// Decimal digits of the scripts in which people write to shops.
fn digit(c: char) -> Option<usize> {
    const ZEROS: [char; 10] = ['0', '٠', '۰', '०', '০', '๐', '໐', '០', '၀', '０'];
    let value = |zero: &char| (c as u32).checked_sub(*zero as u32).filter(|value| *value < 10);
    ZEROS.iter().find_map(value).map(|value| value as usize)
}

fn number(reply: &str) -> Option<usize> {
    // Keycap emoji are a digit with two invisible marks.
    let marks = ['#', '.', ')', '(', '[', ']', ':', '\u{fe0f}', '\u{20e3}'];
    let bare = reply.trim_matches(|c: char| marks.contains(&c) || c.is_whitespace());
    if bare.is_empty() || bare.chars().count() > 4 {
        return None;
    }
    bare.chars().try_fold(0, |sum, c| Some(sum * 10 + digit(c)?))
}
