//! Merges and splits of conversations, and what goes back when they are undone.

use crate::rearrange::{Moved, SplitBy};
use crate::state::Conversations;
use crate::{CommitmentId, Conversation, EventBody, HandoverState, Leg, LegId, Priority, Rejected};
use crate::{Status, StatusKind};
use chrono::{DateTime, Utc};
use kontak_types::{ConversationId, CustomerId, MessageId};

impl Conversations {
    pub(super) fn merge(
        &self,
        from: ConversationId,
        into: ConversationId,
    ) -> Result<Vec<EventBody>, Rejected> {
        if from == into {
            return Err(Rejected::Itself);
        }
        let (gone, whole) = (self.known(from)?, self.known(into)?);
        if gone.customer != whole.customer {
            return Err(Rejected::OtherCustomer);
        }
        if gone.status.is_active() && !whole.status.is_active() {
            return Err(Rejected::Done { conversation: into });
        }
        Self::not_held(gone)?;
        let offered = gone.handovers.iter().filter_map(|id| self.handover(*id));
        let mut offered = offered.filter(|one| one.state == HandoverState::Offered);
        if let Some(offered) = offered.next() {
            return Err(Rejected::OfferedAlready(offered.id));
        }
        let moved = Moved {
            legs: self.leg_ids(from),
            messages: Vec::new(),
            commitments: gone.commitments.to_vec(),
            handovers: gone.handovers.to_vec(),
        };
        Ok(vec![EventBody::ConversationsMerged { from, into, moved }])
    }

    pub(super) fn unmerge(&self, from: ConversationId) -> Result<Vec<EventBody>, Rejected> {
        let known = self.conversation(from).ok_or(Rejected::NoConversation(from))?;
        let absorbed = known.absorbed().ok_or(Rejected::NothingToUndo)?;
        let into = absorbed.into;
        let mut moved = absorbed.moved.clone().ok_or(Rejected::NothingToUndo)?;
        self.all_in(&moved.legs, into)?;
        let whole = self.known(into)?;
        if self.legs(into).all(|leg| moved.legs.contains(&leg.id)) {
            return Err(Rejected::NothingToSplit);
        }
        // What was promised since in messages of these legs goes with them.
        let later = self.said_on(whole, &moved.legs);
        let later: Vec<CommitmentId> = later.filter(|id| !moved.commitments.contains(id)).collect();
        moved.commitments.extend(later);
        Ok(vec![EventBody::ConversationsUnmerged { from, into, moved }])
    }

    pub(super) fn split(
        &self,
        from: ConversationId,
        new: ConversationId,
        by: SplitBy,
        now: DateTime<Utc>,
    ) -> Result<Vec<EventBody>, Rejected> {
        let known = self.known(from)?;
        self.is_free(new)?;
        let mut moved = Moved::default();
        let mut legs = Vec::new();
        let since = match by {
            SplitBy::Legs(chosen) => {
                let all = self.leg_ids(from);
                if let Some(leg) = chosen.iter().find(|leg| !all.contains(leg)) {
                    return Err(Rejected::NoLeg(*leg));
                }
                let stay = all.iter().filter(|leg| !chosen.contains(leg)).count();
                if chosen.is_empty() || stay == 0 {
                    return Err(Rejected::NothingToSplit);
                }
                moved.commitments = self.said_on(known, &chosen).collect();
                moved.legs = chosen;
                self.first_said_on(known, &moved.legs)
            }
            SplitBy::From { message, new_leg } => {
                if self.leg(new_leg).is_some() {
                    return Err(Rejected::IdTaken { what: "leg" });
                }
                let view = self.message(message).filter(|_| self.home_of(message) == Some(from));
                let view = view.ok_or(Rejected::NoMessage(message))?;
                let leg = view.place.and_then(|(leg, _)| self.leg(leg));
                let leg = leg.ok_or(Rejected::NoMessage(message))?;
                let from_here = self.messages(from).skip_while(|it| it.said.id != message);
                let on_leg = from_here.filter(|it| it.place.is_some_and(|(on, _)| on == leg.id));
                let part: Vec<MessageId> = on_leg.map(|it| it.said.id).collect();
                if part.len() == known.message_count() {
                    return Err(Rejected::NothingToSplit);
                }
                let promised = self.commitments(from);
                let promised =
                    promised.filter(|it| it.message.is_some_and(|it| part.contains(&it)));
                moved.commitments = promised.map(|it| it.id).collect();
                moved.messages = part.into_iter().map(|message| (message, new_leg)).collect();
                legs.push(Leg::new(new_leg, new, leg.touchpoint, leg.channel.clone(), leg.thread));
                Some(view.said.at)
            }
        };
        Ok(Self::part_of(known, (new, known.customer), (moved, legs), since.unwrap_or(now), now))
    }

    /// The events by which a part of a conversation becomes one of its own. It stands where the
    /// other stands, with the same agent, priority and legal holds.
    pub(super) fn part_of(
        known: &Conversation,
        (into, customer): (ConversationId, CustomerId),
        (moved, legs): (Moved, Vec<Leg>),
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Vec<EventBody> {
        let (conversation, from) = (into, known.id);
        let mut bodies = vec![EventBody::ConversationOpened { conversation, customer, since }];
        bodies.extend(legs.into_iter().map(EventBody::LegOpened));
        bodies.push(EventBody::ConversationSplit { from, into, moved });
        let to = match known.status.kind() {
            StatusKind::Closed => Status::Resolved,
            _ => known.status,
        };
        if to != Status::New {
            let from = Status::New;
            let since = now.max(since);
            bodies.push(EventBody::StatusChanged { conversation, from, to, since });
        }
        if known.agent.is_some() {
            bodies.push(EventBody::Assigned { conversation, to: known.agent });
        }
        if known.priority() != Priority::default() {
            let priority = known.priority();
            bodies.push(EventBody::PrioritySet { conversation, priority });
        }
        let holds = known.matters().iter().cloned();
        bodies.extend(holds.map(|matter| EventBody::LegalHoldPlaced { conversation, matter }));
        bodies
    }

    pub(super) fn unsplit(&self, into: ConversationId) -> Result<Vec<EventBody>, Rejected> {
        let part = self.known(into)?;
        let parted = part.parted().ok_or(Rejected::NothingToUndo)?;
        let from = parted.from;
        let whole = self.known(from)?;
        if part.customer != whole.customer {
            return Err(Rejected::OtherCustomer);
        }
        Self::not_held(part)?;
        self.all_in(&parted.moved.legs, into)?;
        let legs = self.leg_ids(into);
        // A leg that was made for the split goes, with all that was said on it since.
        let made = |leg: LegId| {
            let to = |&(_, to): &(MessageId, LegId)| to == leg;
            let is_made = !parted.moved.legs.contains(&leg) && legs.contains(&leg);
            let place = parted.moved.messages.iter().position(to).filter(|_| is_made)?;
            Some(parted.were.get(place)?.1)
        };
        let mut moved = Moved {
            legs: legs.iter().copied().filter(|leg| made(*leg).is_none()).collect(),
            messages: Vec::new(),
            commitments: part.commitments.to_vec(),
            handovers: part.handovers.to_vec(),
        };
        for message in self.messages(into) {
            let leg = message.place.map(|(leg, _)| leg);
            if let Some(back) = leg.and_then(made) {
                moved.messages.push((message.said.id, back));
            }
        }
        // A note that had to stay goes back to where it was noted.
        for ((message, to), (_, was)) in parted.moved.messages.iter().zip(&parted.were) {
            let stands = self.message(*message).and_then(|message| message.place);
            if made(*to).is_none() && stands.is_some_and(|(leg, _)| leg == *to) {
                moved.messages.push((*message, *was));
            }
        }
        Ok(vec![EventBody::ConversationUnsplit { from, into, moved }])
    }

    /// The promises that were made in messages of these legs.
    pub(super) fn said_on<'a>(
        &'a self,
        known: &'a Conversation,
        legs: &'a [LegId],
    ) -> impl Iterator<Item = CommitmentId> + 'a {
        let promised = self.commitments(known.id).filter(|promise| {
            let message = promise.message.and_then(|message| self.message(message));
            let leg = message.and_then(|message| message.place).map(|(leg, _)| leg);
            leg.is_some_and(|leg| legs.contains(&leg))
        });
        promised.map(|promise| promise.id)
    }

    pub(super) fn first_said_on(
        &self,
        known: &Conversation,
        legs: &[LegId],
    ) -> Option<DateTime<Utc>> {
        let on = |place: Option<(LegId, _)>| place.is_some_and(|(leg, _)| legs.contains(&leg));
        self.messages(known.id).find(|message| on(message.place)).map(|message| message.said.at)
    }

    fn all_in(&self, legs: &[LegId], home: ConversationId) -> Result<(), Rejected> {
        let mut elsewhere =
            legs.iter().filter_map(|leg| self.leg(*leg)).map(|leg| leg.conversation);
        match elsewhere.find(|it| *it != home) {
            Some(conversation) => Err(Rejected::UndoFirst { conversation }),
            None => Ok(()),
        }
    }

    pub(super) fn is_free(&self, new: ConversationId) -> Result<(), Rejected> {
        match self.conversation(new) {
            Some(_) => Err(Rejected::IdTaken { what: "conversation" }),
            None => Ok(()),
        }
    }

    pub(super) fn not_held(known: &Conversation) -> Result<(), Rejected> {
        match known.matters().first() {
            Some(matter) => {
                Err(Rejected::LegalHold { conversation: known.id, matter: matter.clone() })
            }
            None => Ok(()),
        }
    }
}
