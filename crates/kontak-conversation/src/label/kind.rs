use super::{LabelName, LabelNameError};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is said of a message or a conversation.
///
/// ```
/// use kontak_conversation::label::{Dimension, Interaction, Label};
///
/// let label = Label::topic("warranty_repair")?;
/// assert_eq!(label.to_string(), "topic:warranty_repair");
/// assert_eq!(Label::from(Interaction::Complains).dimension(), Dimension::Interaction);
/// # Ok::<(), kontak_conversation::label::LabelNameError>(())
/// ```
// postcard writes the position of a variant: new ones go to the end, here and below.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Label {
    /// What it is about. The names are the tenant's.
    Topic(LabelName),
    /// What the customer wants done. The names are the tenant's.
    Intent(LabelName),
    /// What the customer is here for.
    Interaction(Interaction),
    /// How the customer writes.
    Style(Style),
}

impl Label {
    /// A topic of that name.
    ///
    /// # Errors
    /// As [`LabelName::new`].
    pub fn topic(name: &str) -> Result<Self, LabelNameError> {
        LabelName::new(name).map(Self::Topic)
    }

    /// An intent of that name.
    ///
    /// # Errors
    /// As [`LabelName::new`].
    pub fn intent(name: &str) -> Result<Self, LabelNameError> {
        LabelName::new(name).map(Self::Intent)
    }

    /// Its dimension.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        match self {
            Self::Topic(_) => Dimension::Topic,
            Self::Intent(_) => Dimension::Intent,
            Self::Interaction(_) => Dimension::Interaction,
            Self::Style(_) => Dimension::Style,
        }
    }

    /// Its name within its dimension.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Topic(name) | Self::Intent(name) => name.as_str(),
            Self::Interaction(state) => state.as_str(),
            Self::Style(style) => style.as_str(),
        }
    }
}

impl From<Interaction> for Label {
    fn from(state: Interaction) -> Self {
        Self::Interaction(state)
    }
}

impl From<Style> for Label {
    fn from(style: Style) -> Self {
        Self::Style(style)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.dimension(), self.name())
    }
}

macro_rules! closed {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

closed! {
    /// The question that a label answers.
    Dimension {
        /// What is it about?
        Topic = "topic",
        /// What does the customer want done?
        Intent = "intent",
        /// What is the customer here for?
        Interaction = "interaction",
        /// How does the customer write?
        Style = "style",
    }
}

closed! {
    /// What the customer is here for.
    Interaction {
        /// Says that they want to buy, order or book.
        WantsToBuy = "wants_to_buy",
        /// Asks for information or help, a price or a stock included.
        AsksForGuidance = "asks_for_guidance",
        /// Greets, thanks, agrees; wants nothing.
        OnlyEngages = "only_engages",
        /// Says that something went wrong.
        Complains = "complains",
    }
}

closed! {
    /// How the customer writes: what a reply should match.
    Style {
        /// As in a letter: `Dengan hormat`, `Kính gửi`, `Dear Sir`.
        Formal = "formal",
        /// As among friends, with slang and abbreviations: `brp gan`, `ship k shop`, `u`.
        Casual = "casual",
        /// Polite and hedged: `maaf mau tanya`, `dạ … ạ`, `could you please`.
        Careful = "careful",
    }
}
