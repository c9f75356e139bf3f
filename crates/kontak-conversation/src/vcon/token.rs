//! The words of the draft: open vocabularies, which keep a word that they do not know.

use std::fmt;

/// A word outside a list. Only the vocabularies make one, so that a listed word has one form.
#[derive(Clone, PartialEq, Eq, Hash)]
#[expect(unnameable_types, reason = "only `From<&str>` of a vocabulary may make one")]
pub struct Unlisted(Box<str>);

impl fmt::Debug for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} chars)", self.0.chars().count())
    }
}

macro_rules! tokens {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* })*) => {
        $($(#[$doc])*
        ///
        /// An open vocabulary: an unlisted word is kept and comes back unchanged; `Debug` masks it.
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
            #[doc(hidden)]
            Other(Unlisted),
        }

        impl $name {
            /// The words that the draft lists.
            pub const LISTED: &'static [&'static str] = &[$($word,)*];

            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => &word.0,
                }
            }

            /// Whether the draft lists the word.
            #[must_use]
            pub fn is_listed(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    word => Self::Other(Unlisted(word.into())),
                }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant => f.write_str(stringify!($variant)),)*
                    Self::Other(word) => fmt::Debug::fmt(word, f),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(String::deserialize(deserializer)?.as_str()))
            }
        }

        super::object::plain! { $name: "a string", })*
    };
}

tokens! {
    /// What a [`Dialog`](super::Dialog) is.
    DialogKind {
        /// A recording of sound or pictures.
        Recording = "recording",
        /// A text of one party.
        Text = "text",
        /// A transfer: who passed whom to whom.
        Transfer = "transfer",
        /// A call or conversation that never came to be.
        Incomplete = "incomplete",
        /// The recordings that together are one call.
        RecordingSet = "recording-set",
    }
    /// Why an incomplete dialog never came to be.
    Disposition {
        /// Nobody answered.
        NoAnswer = "no-answer",
        /// The system was under too much load.
        Congestion = "congestion",
        /// The attempt failed.
        Failed = "failed",
        /// The party was in another conversation.
        Busy = "busy",
        /// The party hung up before anything was said.
        HungUp = "hung-up",
        /// The voice mail answered and no message was left.
        VoicemailNoMessage = "voicemail-no-message",
    }
    /// How the payload of a file stands in `body`.
    Encoding {
        /// A JSON string as it is.
        None = "none",
        /// A JSON value as it is.
        Json = "json",
        /// Bytes in base64url without padding.
        Base64Url = "base64url",
    }
    /// What happened to a party during a dialog.
    PartyEventKind {
        /// It joined.
        Join = "join",
        /// It left.
        Drop = "drop",
        /// It was put on hold.
        Hold = "hold",
        /// It was taken off hold.
        Unhold = "unhold",
        /// It was muted.
        Mute = "mute",
        /// It was taken off mute.
        Unmute = "unmute",
        /// It pressed a key.
        KeyDown = "keydown",
        /// It let go of a key.
        KeyUp = "keyup",
    }
    /// What a party is by nature.
    PartyKind {
        /// A human.
        Person = "person",
        /// A program.
        Bot = "bot",
        /// An organization.
        Organization = "organization",
    }
    /// What a party does in the contact centre (contact-centre extension).
    PartyRole {
        /// Serves the customer.
        Agent = "agent",
        /// Is served.
        Customer = "customer",
        /// Oversees agents.
        Supervisor = "supervisor",
        /// Knows a subject.
        SubjectMatterExpert = "sme",
        /// Anybody else.
        ThirdParty = "thirdparty",
    }
    /// What an analysis says.
    AnalysisKind {
        /// A report.
        Report = "report",
        /// How the parties felt.
        Sentiment = "sentiment",
        /// A summary.
        Summary = "summary",
        /// What was said, written down.
        Transcript = "transcript",
        /// What was said, in another language.
        Translation = "translation",
        /// What was written, spoken.
        TextToSpeech = "tts",
    }
}
