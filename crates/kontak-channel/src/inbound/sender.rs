use kontak_address::{EmailAddress, PhoneNumber};
use kontak_content::Written;
use kontak_types::TouchpointKey;
use serde::{Deserialize, Serialize};

/// Who is at the other end, as the provider attests it.
///
/// The account is what is sure. A phone number may be missing: WhatsApp gives none for people with
/// a user name, and most other platforms never do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sender {
    /// The account.
    pub touchpoint: TouchpointKey,
    /// Other ids of the same account, so that what was recorded under one is found under the other.
    pub also: Vec<TouchpointKey>,
    /// The phone number, where the provider attests one.
    pub phone: Option<PhoneNumber>,
    /// The e-mail address, where the provider attests one.
    pub email: Option<EmailAddress>,
    /// The name that is unique on the platform, without an at sign.
    pub user_name: Option<Written>,
    /// The name that the person shows. Anybody can show any name.
    pub display_name: Option<Written>,
}

impl Sender {
    /// An account of which no more is known.
    #[must_use]
    pub fn new(touchpoint: TouchpointKey) -> Self {
        Self {
            touchpoint,
            also: Vec::new(),
            phone: None,
            email: None,
            user_name: None,
            display_name: None,
        }
    }

    /// With one more id of the same account.
    #[must_use]
    pub fn with_also(mut self, other: TouchpointKey) -> Self {
        self.also.push(other);
        self
    }

    /// With an attested phone number.
    #[must_use]
    pub fn with_phone(self, phone: PhoneNumber) -> Self {
        Self { phone: Some(phone), ..self }
    }

    /// With an attested e-mail address.
    #[must_use]
    pub fn with_email(self, email: EmailAddress) -> Self {
        Self { email: Some(email), ..self }
    }

    /// With the user name.
    #[must_use]
    pub fn with_user_name(self, name: Written) -> Self {
        Self { user_name: Some(name), ..self }
    }

    /// With the name that is shown.
    #[must_use]
    pub fn with_display_name(self, name: Written) -> Self {
        Self { display_name: Some(name), ..self }
    }
}
