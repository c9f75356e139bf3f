use crate::retention::Classes;
use crate::{Actor, Delivery, NativeId};
use chrono::{DateTime, Utc};
use kontak_content::Content;
use kontak_types::TouchpointId;
use kontak_types::uuid::Uuid;
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher24};
use std::collections::BTreeSet;
use std::hash::Hasher;
use thin_vec::ThinVec;

/// Something that a channel reports of a message that it names: a fact, which may come before the
/// message itself, twice, and in any order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Relation {
    /// The message it is about.
    pub target: NativeId,
    /// When it happened, by the channel's clock.
    pub at: DateTime<Utc>,
    /// What happened.
    pub change: MessageChange,
}

/// What can happen to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MessageChange {
    /// Its author says it in other words.
    Edited(Content),
    /// Its author takes it back.
    Deleted,
    /// Somebody reacts to it; without an emoji, they take back what they reacted with.
    Reacted {
        /// Who.
        by: Actor,
        /// With what.
        emoji: Option<Box<str>>,
    },
    /// A receipt.
    Delivered(Delivery),
}

impl Relation {
    /// `change` happened to `target`.
    #[must_use]
    pub const fn new(target: NativeId, at: DateTime<Utc>, change: MessageChange) -> Self {
        Self { target, at, change }
    }
}

/// A message in other words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Edit {
    at: DateTime<Utc>,
    /// One clock tick, two edits: any fixed choice does, and must stay when the words are gone.
    digest: Uuid,
    content: Content,
}

/// All that was reported of one message, joined. Joining is associative, commutative and
/// idempotent: facts may come in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Changes {
    /// The last edit.
    edit: Option<Box<Edit>>,
    deleted: Option<DateTime<Utc>>,
    /// The last reaction of each, sorted by who.
    reactions: ThinVec<(Actor, DateTime<Utc>, Option<Box<str>>)>,
    delivery: Option<Delivery>,
}

impl Changes {
    pub(crate) fn join(&mut self, at: DateTime<Utc>, change: &MessageChange) {
        match change {
            MessageChange::Edited(content) => {
                let digest = digest(content);
                if self.edit.as_ref().is_none_or(|known| (at, digest) > (known.at, known.digest)) {
                    self.edit = Some(Box::new(Edit { at, digest, content: content.clone() }));
                }
            }
            MessageChange::Deleted => {
                self.deleted = Some(self.deleted.map_or(at, |known| known.min(at)));
            }
            MessageChange::Reacted { by, emoji } => {
                match self.reactions.binary_search_by(|(actor, ..)| actor.cmp(by)) {
                    Ok(place) => {
                        let (_, known_at, known) = &mut self.reactions[place];
                        if (at, emoji) > (*known_at, &*known) {
                            (*known_at, *known) = (at, emoji.clone());
                        }
                    }
                    Err(place) => self.reactions.insert(place, (by.clone(), at, emoji.clone())),
                }
            }
            MessageChange::Delivered(delivery) => {
                self.delivery =
                    Some(self.delivery.map_or(*delivery, |known| known.join(*delivery)));
            }
        }
    }

    pub(crate) fn edit(&self) -> Option<&Content> {
        self.edit.as_ref().map(|edit| &edit.content)
    }

    pub(crate) const fn deleted(&self) -> Option<DateTime<Utc>> {
        self.deleted
    }

    pub(crate) const fn delivery(&self) -> Option<Delivery> {
        self.delivery
    }

    /// Takes what is of these classes out of the last edit.
    pub(crate) fn mask(&mut self, classes: Classes) {
        if let Some(edit) = &mut self.edit {
            classes.mask(&mut edit.content);
        }
    }

    /// Forgets how these accounts reacted.
    pub(crate) fn drop_reactions(&mut self, touchpoints: &BTreeSet<TouchpointId>) {
        self.reactions.retain(|(by, ..)| {
            !matches!(by, Actor::Customer(touchpoint) if touchpoints.contains(touchpoint))
        });
    }

    pub(crate) const fn take_delivery(&mut self) -> Option<Delivery> {
        self.delivery.take()
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The reports that come to this again.
    pub(crate) fn relations(&self, target: NativeId) -> Vec<Relation> {
        let edit =
            self.edit.iter().map(|edit| (edit.at, MessageChange::Edited(edit.content.clone())));
        let deleted = self.deleted.map(|at| (at, MessageChange::Deleted)).into_iter();
        let reactions = self.reactions.iter().map(|(by, at, emoji)| {
            (*at, MessageChange::Reacted { by: by.clone(), emoji: emoji.clone() })
        });
        // When a receipt came plays no part.
        let delivery =
            self.delivery.map(|one| (DateTime::UNIX_EPOCH, MessageChange::Delivered(one)));
        edit.chain(deleted)
            .chain(reactions)
            .chain(delivery)
            .map(|(at, change)| Relation::new(target, at, change))
            .collect()
    }

    pub(crate) fn all_reactors(&self) -> impl Iterator<Item = &Actor> {
        self.reactions.iter().map(|(by, ..)| by)
    }

    pub(crate) fn reactions(&self) -> impl Iterator<Item = (&Actor, &str)> {
        self.reactions.iter().filter_map(|(by, _, emoji)| Some((by, emoji.as_deref()?)))
    }
}

fn digest(content: &Content) -> Uuid {
    let mut hasher = SipHasher24::new();
    hasher.write(&serde_json::to_vec(content).unwrap_or_default());
    Uuid::from_u128(hasher.finish128().as_u128())
}
