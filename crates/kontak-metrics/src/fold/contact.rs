//! Contacts of one customer, beside each other: did they come back?

use super::conversion::{Conversion, Credit};
use super::journey::Journey;
use super::timeline::Timeline;
use crate::Direction;
use crate::definition::{
    About, Attribution, Compiled, ContactBase, Counts, FirstContactRule, Measure, Placement,
};
use crate::fact::{Fact, Outcome, Reason, Share};
use serde::{Deserialize, Serialize};

/// What the other contacts of a customer need to know of one, and what tells its facts apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) start: i64,
    pub(crate) resolved: Option<i64>,
    pub(crate) touchpoint: u32,
    pub(crate) issue: u32,
    pub(crate) resolver: u32,
    pub(crate) owner: u32,
    pub(crate) channel: u16,
    pub(crate) language: u16,
    pub(crate) segment: u16,
    pub(crate) direction: Option<Direction>,
    pub(crate) several_channels: bool,
}

/// All contacts of one customer, in the order of their start, and what is credited to them together.
#[derive(Clone, Copy)]
pub(crate) struct Beside<'a> {
    pub(crate) contacts: &'a [Contact],
    pub(crate) credits: &'a [Credit],
}

impl Contact {
    pub(super) fn of(timeline: &Timeline) -> Self {
        let resolved = timeline.resolved_now();
        let channel = timeline.first_channel();
        Self {
            start: timeline.created,
            resolved: resolved.map(|resolved| resolved.at),
            touchpoint: timeline.touchpoint,
            issue: timeline.issue,
            resolver: resolved.map_or(0, |resolved| resolved.agent),
            owner: timeline.last_owner(),
            channel,
            language: timeline.language,
            segment: timeline.segment,
            direction: timeline.direction,
            several_channels: timeline.channels.iter().any(|(_, other)| *other != channel),
        }
    }

    /// From when on a further contact is a return.
    fn anchor(&self) -> i64 {
        self.resolved.unwrap_or(self.start)
    }
}

/// The joined facts of one contact among all of its customer, which are in the order of their start. `None` for
/// the contacts of nobody known. They are written to `facts`; what is returned is when time alone may change them.
pub(crate) fn join(
    beside: Option<Beside<'_>>,
    place: usize,
    contact: &Contact,
    journey: &Journey,
    compiled: &Compiled,
    now: i64,
    facts: &mut Vec<Fact>,
) -> Option<i64> {
    facts.clear();
    let mut deadline: Option<i64> = None;
    for &measure in &compiled.joined {
        let definition = compiled.definition(measure);
        let direction = definition.population.direction;
        if !compiled.is_about(measure, contact.channel)
            || direction.is_some_and(|wanted| contact.direction != Some(wanted))
        {
            continue;
        }
        if let Some(rule) = definition.measure.conversion() {
            let conversion = Conversion { definition, rule, measure, contact, now };
            let credits = beside.map(|beside| beside.credits);
            let later = conversion.facts(journey, credits, place, facts);
            deadline = deadline.into_iter().chain(later).min();
            continue;
        }
        if contact.direction != Some(Direction::Inbound) {
            continue;
        }
        let contacts = beside.map(|beside| beside.contacts);
        let (outcome, reason, value) = match (contacts, &definition.measure) {
            (None, _) => (Outcome::Excluded, Reason::UnknownCustomer, 0),
            (Some(contacts), Measure::FirstContact(rule)) => {
                first_contact(rule, contacts, place, now, &mut deadline)
            }
            (Some(contacts), Measure::RepeatContact { within, about }) => {
                match is_return(contacts, place, within.micros(), *about) {
                    true => (Outcome::Value, Reason::IsReturn, 1),
                    false => (Outcome::Value, Reason::IsNoReturn, 0),
                }
            }
            (Some(_), _) => continue,
        };
        let ends_at_resolution = matches!(&definition.measure, Measure::FirstContact(rule) if rule.of == ContactBase::Resolved);
        let at = match (definition.placement, outcome) {
            (Placement::End, Outcome::Value) if ends_at_resolution => contact.anchor(),
            _ => contact.start,
        };
        let agent = match definition.attribution {
            Attribution::Actor if contact.resolver != 0 => contact.resolver,
            _ => contact.owner,
        };
        facts.push(Fact {
            measure,
            outcome,
            share: Share::WHOLE,
            reason,
            channel: contact.channel,
            queue: 0,
            agent,
            at,
            value,
        });
    }
    facts.sort_unstable();
    deadline
}

fn first_contact(
    rule: &FirstContactRule,
    contacts: &[Contact],
    place: usize,
    now: i64,
    deadline: &mut Option<i64>,
) -> (Outcome, Reason, u64) {
    let contact = &contacts[place];
    let within = rule.within.micros();
    let anchor = match rule.of {
        ContactBase::All => contact.start,
        ContactBase::Resolved => match contact.resolved {
            Some(resolved) => resolved,
            None => return (Outcome::Open, Reason::NotResolved, 0),
        },
    };
    if rule.returns != Counts::Success && is_return(contacts, place, within, rule.about) {
        let outcome =
            if rule.returns == Counts::Excluded { Outcome::Excluded } else { Outcome::Value };
        return (outcome, Reason::IsReturn, 0);
    }
    if contact.several_channels && rule.several_channels != Counts::Success {
        let excluded = rule.several_channels == Counts::Excluded;
        let outcome = if excluded { Outcome::Excluded } else { Outcome::Value };
        return (outcome, Reason::SeveralChannels, 0);
    }
    let limit = anchor.saturating_add(within);
    let mut later = contacts[place + 1..].iter().take_while(|later| later.start <= limit);
    if later.any(|later| is_same(rule.about, contact, later)) {
        (Outcome::Value, Reason::CameBack, 0)
    } else if now <= limit {
        *deadline = Some(deadline.map_or(limit, |earlier| earlier.min(limit)));
        (Outcome::Open, Reason::MayComeBack, 0)
    } else {
        (Outcome::Value, Reason::DidNotComeBack, 1)
    }
}

fn is_return(contacts: &[Contact], place: usize, within: i64, about: About) -> bool {
    let contact = &contacts[place];
    let earlier = contacts[..place].iter().rev();
    earlier
        .filter(|earlier| is_same(about, contact, earlier))
        .any(|earlier| contact.start.saturating_sub(earlier.anchor()) <= within)
}

fn is_same(about: About, one: &Contact, other: &Contact) -> bool {
    match about {
        About::Anything => true,
        About::SameIssue => one.issue == other.issue || one.issue == 0 || other.issue == 0,
    }
}
