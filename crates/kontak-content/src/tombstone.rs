use crate::{CallTimeline, MediaKind, Part, PartKind};
use serde::{Deserialize, Serialize};

/// What stays of a part whose words were taken out: what it was and how much, so that counts and
/// clocks stay right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tombstone {
    /// What kind of part it was.
    pub kind: PartKind,
    /// How many characters (Unicode scalar values) its [`plain_text`](Part::plain_text) had.
    pub characters: u32,
    /// How many things it listed: options, answers, lines of a transcript, parameters, phones and
    /// e-mail addresses of a card; 0 where it listed none.
    pub items: u32,
    /// What medium it was.
    pub media: Option<MediaKind>,
    /// When what happened in a call, without who it was passed on to.
    pub call: Option<CallTimeline>,
}

impl Part {
    /// What stays of this part once its words are taken out. A tombstone stays as it is.
    ///
    /// Copies of its media are for the caller to delete: see [`media`](Self::media) before.
    #[must_use]
    pub fn redacted(&self) -> Self {
        if let Self::Redacted(_) = self {
            return self.clone();
        }
        let (mut media, mut call) = (None, None);
        let items = match self {
            Self::Media(part) => {
                media = Some(part.kind.clone());
                0
            }
            Self::Contact(part) => part.phones().len() + part.emails().len(),
            Self::ChoiceOffered(part) => part.options().count(),
            Self::Template(part) => part.parameters.len(),
            Self::Call(part) => {
                call = Some(unnamed(&part.timeline));
                part.transcript.as_ref().map_or(0, |transcript| transcript.lines.len())
            }
            Self::FormAnswer(part) => part.answers.len(),
            Self::System(part) => part.arguments.len(),
            Self::Text(_)
            | Self::Location(_)
            | Self::ChoiceMade(_)
            | Self::InternalNote(_)
            | Self::Redacted(_)
            | Self::Custom(_) => 0,
        };
        Self::Redacted(Box::new(Tombstone {
            kind: self.kind(),
            characters: count(self.plain_text().chars().count()),
            items: count(items),
            media,
            call,
        }))
    }
}

fn unnamed(timeline: &CallTimeline) -> CallTimeline {
    let mut timeline = timeline.clone();
    for transfer in &mut timeline.transfers {
        transfer.to = None;
    }
    timeline
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
