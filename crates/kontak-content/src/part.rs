use crate::vocabulary::vocabulary;
use crate::{
    Call, CallTimeline, ChoiceMade, ChoiceOffered, ContactCard, CustomPart, FormAnswer,
    InternalNote, Location, Media, SystemLine, Template, TemplateValue, Text, Tombstone,
};

/// Declares [`Part`] and its wire form from one list, so that no kind can lack a name.
macro_rules! parts {
    ($($(#[$doc:meta])* $variant:ident($payload:ty) = $name:literal,)*) => {
        vocabulary! {
            /// What kind of part it is.
            PartKind { $($(#[$doc])* $variant = $name,)* }
        }

        /// One part of a message.
        ///
        /// In JSON a part is an object with one field, whose name is its kind:
        /// `{"text":{"body":"Halo","format":"plain","language":"id"}}`. In formats that do not
        /// describe themselves it is that name and the same JSON as a text, so that a release
        /// which does not know the kind can keep it there too. A field that is not known is passed over.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Part {
            $($(#[$doc])* $variant($payload),)*
            /// What stays of a part whose words were taken out.
            Redacted(Box<Tombstone>),
            /// A part of a kind that this version does not know.
            Custom(CustomPart),
        }

        impl Part {
            /// What kind of part it is; of a redacted one, what it was.
            #[must_use]
            pub fn kind(&self) -> PartKind {
                match self {
                    $(Self::$variant(_) => PartKind::$variant,)*
                    Self::Redacted(tombstone) => tombstone.kind.clone(),
                    Self::Custom(part) => PartKind::from(part.kind()),
                }
            }

            /// Hands name and payload to a writer.
            pub(crate) fn write<W: WritePart>(&self, writer: W) -> Result<W::Ok, W::Error> {
                match self {
                    $(Self::$variant(part) => writer.write($name, part),)*
                    Self::Redacted(part) => writer.write(REDACTED, part),
                    Self::Custom(part) => writer.write(part.kind(), part.body()),
                }
            }

            /// Takes the payload of the part of this name from a reader.
            pub(crate) fn read<'de, R: ReadPart<'de>>(name: &str, reader: R) -> Result<Self, R::Error> {
                match name {
                    $($name => reader.read().map(Self::$variant),)*
                    REDACTED => reader.read().map(Self::Redacted),
                    other => reader.read().map(|body| Self::Custom(CustomPart::read(other, body))),
                }
            }
        }
    };
}

const REDACTED: &str = "redacted";

pub(crate) trait WritePart {
    type Ok;
    type Error;
    fn write<T: serde::Serialize + ?Sized>(
        self,
        name: &str,
        payload: &T,
    ) -> Result<Self::Ok, Self::Error>;
}

pub(crate) trait ReadPart<'de> {
    type Error;
    fn read<T: serde::Deserialize<'de>>(self) -> Result<T, Self::Error>;
}

parts! {
    /// Words.
    Text(Text) = "text",
    /// A picture, a recording, a file.
    Media(Box<Media>) = "media",
    /// A place.
    Location(Location) = "location",
    /// Somebody's card.
    Contact(ContactCard) = "contact",
    /// A choice that is put to somebody.
    ChoiceOffered(Box<ChoiceOffered>) = "choice_offered",
    /// What somebody chose.
    ChoiceMade(ChoiceMade) = "choice_made",
    /// A message that the platform approved beforehand.
    Template(Box<Template>) = "template",
    /// A call.
    Call(Box<Call>) = "call",
    /// A note of one colleague to another.
    InternalNote(InternalNote) = "internal_note",
    /// A form that was filled in.
    FormAnswer(FormAnswer) = "form_answer",
    /// A line that nobody wrote.
    System(SystemLine) = "system",
}

impl Part {
    /// Whether its words were taken out.
    #[must_use]
    pub fn is_redacted(&self) -> bool {
        matches!(self, Self::Redacted(_))
    }

    /// Whether it is for colleagues only, and never for the customer; so is what stays of it.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.kind() == PartKind::InternalNote
    }

    /// When what happened in a call; a redacted one has it too.
    #[must_use]
    pub fn call_timeline(&self) -> Option<&CallTimeline> {
        match self {
            Self::Call(call) => Some(&call.timeline),
            Self::Redacted(tombstone) => tombstone.call.as_ref(),
            _ => None,
        }
    }
}

impl Part {
    /// All media it carries: its own, those filled into a template, the recordings and the
    /// transcript of a call, in this order.
    pub fn media(&self) -> impl Iterator<Item = &Media> {
        let (own, template, call) = match self {
            Self::Media(media) => (Some(&**media), None, None),
            Self::Template(template) => (None, Some(template), None),
            Self::Call(call) => (None, None, Some(call)),
            _ => (None, None, None),
        };
        let filled_in = template.into_iter().flat_map(|template| &template.parameters).filter_map(
            |parameter| match &parameter.value {
                TemplateValue::Media(media) => Some(&**media),
                TemplateValue::Text(_) | TemplateValue::Location(_) => None,
            },
        );
        let of_call = call.into_iter().flat_map(|call| {
            let recordings = call.recordings.iter().map(|recording| &recording.media);
            let transcript = call.transcript.iter();
            recordings.chain(transcript.filter_map(|transcript| transcript.document.as_ref()))
        });
        own.into_iter().chain(filled_in).chain(of_call)
    }

    /// The same, to note what became of them.
    pub fn media_mut(&mut self) -> impl Iterator<Item = &mut Media> {
        let (own, template, call) = match self {
            Self::Media(media) => (Some(&mut **media), None, None),
            Self::Template(template) => (None, Some(template), None),
            Self::Call(call) => (None, None, Some(&mut **call)),
            _ => (None, None, None),
        };
        let filled_in = template
            .into_iter()
            .flat_map(|template| &mut template.parameters)
            .filter_map(|parameter| match &mut parameter.value {
                TemplateValue::Media(media) => Some(&mut **media),
                TemplateValue::Text(_) | TemplateValue::Location(_) => None,
            });
        let of_call = call.into_iter().flat_map(|Call { recordings, transcript, .. }| {
            let recordings = recordings.iter_mut().map(|recording| &mut recording.media);
            let transcript = transcript.iter_mut();
            recordings.chain(transcript.filter_map(|transcript| transcript.document.as_mut()))
        });
        own.into_iter().chain(filled_in).chain(of_call)
    }
}

macro_rules! from {
    ($($payload:ty => $variant:ident,)*) => {
        $(impl From<$payload> for Part {
            fn from(part: $payload) -> Self {
                Self::$variant(part.into())
            }
        })*
    };
}

from! {
    Text => Text,
    Media => Media,
    Location => Location,
    ContactCard => Contact,
    ChoiceOffered => ChoiceOffered,
    ChoiceMade => ChoiceMade,
    Template => Template,
    Call => Call,
    InternalNote => InternalNote,
    FormAnswer => FormAnswer,
    SystemLine => System,
    CustomPart => Custom,
}
