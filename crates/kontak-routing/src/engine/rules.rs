//! Whether this agent may have this contact now, told one by one and without the index: for
//! explanations, and to check the index against.

use super::Engine;
use super::instant::{Micros, instant};
use super::item::{AgentIndex, ItemIndex, State};
use super::queueing::Opening;
use crate::centre::seconds;
use crate::{Hold, Presence, Requirement};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The first rule that keeps a contact from an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhyNot {
    /// They are on a break, gone, or did not answer.
    Presence(Presence),
    /// No sign of life for too long.
    LeaseLapsed,
    /// Their shift is not on.
    OffShift,
    /// They do not serve the channel.
    Channel,
    /// They do not meet this part of what is asked.
    Requirement(Requirement),
    /// They had it before, and it must not go back.
    PreviousOwner,
    /// They declined or missed it.
    Declined {
        /// Until when that is remembered.
        until: DateTime<Utc>,
    },
    /// They have just come on duty, and work comes slowly.
    Damper {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// It would not be done before their shift ends.
    ShiftEnds {
        /// When.
        at: DateTime<Utc>,
    },
    /// As many of this channel as they may have.
    ChannelFull {
        /// How many.
        most: u16,
    },
    /// Something that allows nothing beside it, or it allows nothing beside itself.
    Exclusive,
    /// Not enough of their capacity is left.
    Capacity {
        /// Units left.
        left: u32,
        /// Units needed.
        needed: u32,
    },
    /// It waits for something else.
    Held(Hold),
    /// It is with somebody already.
    Taken,
    /// Nothing: they could have it.
    Nothing,
}

impl Engine {
    /// Why this contact does not go to this agent now. `None` where nothing is in the way.
    pub(super) fn why_not(&self, index: ItemIndex, agent: AgentIndex) -> Option<WhyNot> {
        self.why_not_able(index, agent).or_else(|| self.why_not_now(index, agent))
    }

    fn why_not_able(&self, index: ItemIndex, agent: AgentIndex) -> Option<WhyNot> {
        let (item, seat) = (self.item(index), self.seat(agent));
        if seat.removed || seat.presence != Presence::Available {
            let gone = if seat.removed { Presence::Offline } else { seat.presence };
            return Some(WhyNot::Presence(gone));
        }
        if seat.lapsed {
            return Some(WhyNot::LeaseLapsed);
        }
        if !seat.shift_open {
            return Some(WhyNot::OffShift);
        }
        let channel = self.market.channel(item.shape);
        if seat.agent.channels.get(channel).is_none_or(|most| *most == 0) {
            return Some(WhyNot::Channel);
        }
        let for_them = matches!(item.state, State::Held { hold: Hold::ForAgent(id), .. } if id == seat.agent.id);
        let by_name = for_them && item.rare.as_ref().is_some_and(|rare| rare.by_name);
        if !by_name {
            let asked = self.asked(item.queue, item.own, item.step);
            if let Some(part) = asked.first_unmet(&seat.agent) {
                return Some(WhyNot::Requirement(part.clone()));
            }
        }
        let bar = item.barred().iter().find(|bar| bar.agent == agent)?;
        Some(match bar.until {
            None => WhyNot::PreviousOwner,
            Some(until) => WhyNot::Declined { until: instant(until) },
        })
    }

    fn why_not_now(&self, index: ItemIndex, agent: AgentIndex) -> Option<WhyNot> {
        let (item, seat) = (self.item(index), self.seat(agent));
        if let Some(until) = seat.damped_until {
            return Some(WhyNot::Damper { until: instant(until) });
        }
        if let Some(at) = self.shift_ends_before(index, agent) {
            return Some(WhyNot::ShiftEnds { at: instant(at) });
        }
        let channel = self.market.channel(item.shape);
        let cost = self.centre.channel(channel);
        let most = seat.agent.channels.get(channel).copied().unwrap_or(0);
        if seat.load.count(item.shape) >= most {
            return Some(WhyNot::ChannelFull { most });
        }
        if seat.load.exclusive > 0
            || cost.exclusive && !cost.interruptible && seat.load.hard_count > 0
        {
            return Some(WhyNot::Exclusive);
        }
        let taken = match cost.interruptible {
            true => seat.load.hard + seat.load.soft,
            false => seat.load.hard,
        };
        let left = seat.agent.capacity.saturating_sub(taken);
        if cost.units > left {
            return Some(WhyNot::Capacity { left, needed: cost.units });
        }
        match item.state {
            State::Waiting => None,
            State::Held { hold: Hold::ForAgent(id), .. } if id == seat.agent.id => None,
            State::Held { hold, .. } => Some(WhyNot::Held(hold)),
            _ => Some(WhyNot::Taken),
        }
    }

    fn shift_ends_before(&self, index: ItemIndex, agent: AgentIndex) -> Option<Micros> {
        let rules = self.queue(self.item(index).queue);
        let closes = self.seat(agent).shift_close?;
        let takes = seconds(rules.expected_seconds);
        (rules.finish_before_close && self.now + takes > closes).then_some(closes)
    }

    /// Whether a queue serves now.
    pub(super) fn serves_now(&self, queue: u32) -> bool {
        self.queues[queue as usize].opening == Opening::Open
    }
}
