use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

macro_rules! channels {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The kind of channel a touchpoint lives on.
        ///
        /// An open vocabulary: a name that this version does not know is kept as it is and comes
        /// back unchanged, so that an adapter of yours needs no change here.
        ///
        /// ```
        /// use kontak_types::ChannelKind;
        ///
        /// assert_eq!(ChannelKind::from("whatsapp"), ChannelKind::WhatsApp);
        /// assert_eq!(ChannelKind::from("tokopedia_chat").as_str(), "tokopedia_chat");
        /// ```
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ChannelKind {
            $($(#[$doc])* $variant,)*
            #[doc(hidden)]
            Custom(CustomName),
        }

        impl ChannelKind {
            /// The name on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Custom(name) => &name.0,
                }
            }
        }

        impl From<&str> for ChannelKind {
            fn from(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    other => Self::Custom(CustomName(other.into())),
                }
            }
        }

        #[cfg(test)]
        const NAMED: &[ChannelKind] = &[$(ChannelKind::$variant,)*];
    };
}

channels! {
    /// WhatsApp.
    WhatsApp = "whatsapp",
    /// Facebook Messenger.
    Messenger = "messenger",
    /// Instagram direct messages.
    Instagram = "instagram",
    /// Telegram.
    Telegram = "telegram",
    /// LINE.
    Line = "line",
    /// WeChat.
    WeChat = "wechat",
    /// Zalo.
    Zalo = "zalo",
    /// Viber.
    Viber = "viber",
    /// Text messages over the phone network.
    Sms = "sms",
    /// Telephone calls.
    Voice = "voice",
    /// E-mail.
    Email = "email",
    /// Chat on a web page.
    WebChat = "webchat",
    /// Messages inside the business's own app.
    InApp = "in_app",
    /// An account on the business's web shop.
    Web = "web",
    /// The counter of a physical store.
    Store = "store",
    /// A shop on somebody else's market place.
    Marketplace = "marketplace",
    /// A record of the business's own customer file.
    Crm = "crm",
}

/// A channel name outside the list. Only [`ChannelKind::from`] makes one, so that a listed name
/// has one form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(unnameable_types, reason = "only `ChannelKind::from` may make one")]
pub struct CustomName(Box<str>);

impl fmt::Debug for ChannelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ChannelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ChannelKind {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(name))
    }
}

impl fmt::Debug for CustomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for ChannelKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ChannelKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_one_form_and_round_trips() {
        for kind in NAMED {
            assert_eq!(&ChannelKind::from(kind.as_str()), kind);
        }
        for name in ["whatsapp", "my_own", ""] {
            let kind = ChannelKind::from(name);
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("{name:?}"));
            assert_eq!(serde_json::from_str::<ChannelKind>(&json).unwrap(), kind);
            let bytes = postcard::to_allocvec(&kind).unwrap();
            assert_eq!(postcard::from_bytes::<ChannelKind>(&bytes).unwrap(), kind);
        }
    }
}
