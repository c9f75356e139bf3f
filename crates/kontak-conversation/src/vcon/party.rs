use super::object::object;
use super::token::{PartyKind, PartyRole};
use std::collections::BTreeMap;

object! {
    /// Somebody or something that takes part in the conversation, or adds to the vCon.
    ///
    /// ```
    /// use kontak_conversation::vcon::{Party, PartyKind, PartyRole};
    ///
    /// let customer = Party::person("Ibu Sari").with_tel("tel:+628123456789").with_role(PartyRole::Customer);
    /// assert_eq!(customer.kind, Some(PartyKind::Person));
    /// assert!(!format!("{customer:?}").contains("Sari"));
    /// ```
    Party {
        /// A telephone number as a TEL URL (RFC 3966); `tel:` may be left out.
        tel: Option<String> = "tel",
        /// A SIP address.
        sip: Option<String> = "sip",
        /// A STIR PASSporT in compact form.
        stir: Option<String> = "stir",
        /// An e-mail address, bare or as a MAILTO URL.
        mailto: Option<String> = "mailto",
        /// The name in free form; `anonymous` where it is withheld.
        name: Option<String> = "name",
        /// A decentralised identifier (DID).
        did: Option<String> = "did",
        /// By which method the identity was checked, never the data that was used for it.
        validation: Option<String> = "validation",
        /// Latitude and longitude.
        gmlpos: Option<String> = "gmlpos",
        /// A civic address: `country`, `a1` to `a6`, `pc` and so on, of RFC 4119.
        civicaddress: Option<BTreeMap<String, String>> = "civicaddress",
        /// An id that stays the same over conversations.
        uuid: Option<String> = "uuid",
        /// What the party is by nature.
        kind: Option<PartyKind> = "type",
        /// The organization it belongs to.
        org: Option<String> = "org",
        /// The department it belongs to.
        dept: Option<String> = "dept",
        /// What it does in the contact centre (contact-centre extension).
        role: Option<PartyRole> = "role",
        /// The list from which it was contacted (contact-centre extension).
        contact_list: Option<String> = "contact_list",
    }
}

impl Party {
    /// A human with a name.
    #[must_use]
    pub fn person(name: impl Into<String>) -> Self {
        Self::of(PartyKind::Person).with_name(name)
    }

    /// A party of whom only the nature is known, or told.
    #[must_use]
    pub fn of(kind: PartyKind) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

    /// With a name in free form.
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// With a telephone number.
    #[must_use]
    pub fn with_tel(self, tel: impl Into<String>) -> Self {
        Self { tel: Some(tel.into()), ..self }
    }

    /// With an e-mail address.
    #[must_use]
    pub fn with_mailto(self, mailto: impl Into<String>) -> Self {
        Self { mailto: Some(mailto.into()), ..self }
    }

    /// With what it does in the contact centre.
    #[must_use]
    pub fn with_role(self, role: PartyRole) -> Self {
        Self { role: Some(role), ..self }
    }

    /// With an id that stays the same over conversations.
    #[must_use]
    pub fn with_uuid(self, uuid: impl Into<String>) -> Self {
        Self { uuid: Some(uuid.into()), ..self }
    }

    /// With the method by which its identity was checked, such as `otp`.
    #[must_use]
    pub fn with_validation(self, method: impl Into<String>) -> Self {
        Self { validation: Some(method.into()), ..self }
    }

    pub(super) fn uses_contact_centre(&self) -> bool {
        self.role.is_some() || self.contact_list.is_some()
    }
}

impl super::object::Form for BTreeMap<String, String> {
    const EXPECTED: &'static str = "an object of strings";

    fn show(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({} members)", self.len())
    }
}
