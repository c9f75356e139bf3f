use crate::Written;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Somebody's card, as it was passed on: nothing in it is checked or made comparable.
///
/// It has at least a name, a phone or an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Card", into = "Card")]
pub struct ContactCard(Card);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename = "ContactCard")]
struct Card {
    name: Option<Written>,
    phones: Vec<Written>,
    emails: Vec<Written>,
}

impl ContactCard {
    /// A card with these entries, as written.
    ///
    /// # Errors
    /// Where there is no entry at all.
    pub fn new(
        name: Option<Written>,
        phones: Vec<Written>,
        emails: Vec<Written>,
    ) -> Result<Self, EmptyCard> {
        Card { name, phones, emails }.try_into()
    }

    /// The name on the card.
    #[must_use]
    pub fn name(&self) -> Option<&Written> {
        self.0.name.as_ref()
    }

    /// Its phone numbers.
    #[must_use]
    pub fn phones(&self) -> &[Written] {
        &self.0.phones
    }

    /// Its e-mail addresses.
    #[must_use]
    pub fn emails(&self) -> &[Written] {
        &self.0.emails
    }
}

/// A contact card says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the contact card is empty: expected a name, a phone or an e-mail address")]
#[non_exhaustive]
pub struct EmptyCard;

impl TryFrom<Card> for ContactCard {
    type Error = EmptyCard;

    fn try_from(card: Card) -> Result<Self, Self::Error> {
        let empty = card.name.is_none() && card.phones.is_empty() && card.emails.is_empty();
        if empty { Err(EmptyCard) } else { Ok(Self(card)) }
    }
}

impl From<ContactCard> for Card {
    fn from(card: ContactCard) -> Self {
        card.0
    }
}
