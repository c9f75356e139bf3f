//! Which purchases are credited to which conversation, and under which state.

use super::Contact;
use super::journey::{Journey, Journeys, Step};
use crate::InteractionState;
use crate::definition::{
    Attribution, Compiled, ConversionRule, Definition, Measure, Placement, WhichState,
    WhosePurchases,
};
use crate::fact::{Fact, Outcome, Reason, Share};

/// A purchase, and the one conversation that it is credited to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credit {
    measure: u16,
    /// Among the contacts of the customer.
    contact: usize,
    at: i64,
    amount: u64,
}

/// A step into a state that the rule tells apart, and since when it was in that state.
#[derive(Clone, Copy)]
struct Reached {
    step: Step,
    since: i64,
}

/// A conversation as one rule sees it.
pub(super) struct Conversion<'a> {
    pub(super) definition: &'a Definition,
    pub(super) rule: &'a ConversionRule,
    pub(super) measure: u16,
    pub(super) contact: &'a Contact,
    pub(super) now: i64,
}

/// Credits the purchases of a customer by the rules that look at all contacts; `places` are those of their journeys.
pub(crate) fn credit(
    places: &[u32],
    journeys: &Journeys,
    compiled: &Compiled,
    credits: &mut Vec<Credit>,
) {
    credits.clear();
    for (measure, rule) in rules(compiled) {
        if rule.purchases != WhosePurchases::Customer {
            continue;
        }
        for bought_in in places {
            for (at, amount) in &journeys.get(*bought_in).purchases {
                let touched = places.iter().enumerate().filter_map(|(contact, place)| {
                    let reached = before(journeys.get(*place), rule, *at)?;
                    Some((reached.since, contact))
                });
                if let Some((since, contact)) = touched.max()
                    && *at - since <= rule.within.micros()
                {
                    credits.push(Credit { measure, contact, at: *at, amount: *amount });
                }
            }
        }
    }
    credits.sort_unstable_by_key(|credit| (credit.measure, credit.contact, credit.at));
}

fn rules(compiled: &Compiled) -> impl Iterator<Item = (u16, &ConversionRule)> {
    compiled.joined.iter().filter_map(|measure| {
        let rule = compiled.definition(*measure).measure.conversion()?;
        Some((*measure, rule))
    })
}

/// What it reached, by time.
fn reached<'a>(journey: &'a Journey, rule: &'a ConversionRule) -> impl Iterator<Item = Reached> {
    let told_apart = journey.steps.iter().filter(|step| rule.states.contains(&step.state));
    told_apart.scan(None::<Reached>, |last, step| {
        let since = match *last {
            Some(last) if last.step.state == step.state => last.since,
            _ => step.at,
        };
        *last = Some(Reached { step: *step, since });
        *last
    })
}

/// Where it stood at an instant.
fn before(journey: &Journey, rule: &ConversionRule, at: i64) -> Option<Reached> {
    reached(journey, rule).take_while(|reached| reached.step.at <= at).last()
}

impl Conversion<'_> {
    /// Its facts; `credits` are those of its customer, where that is known. What is returned is when time alone may
    /// change them.
    pub(super) fn facts(
        &self,
        journey: &Journey,
        credits: Option<&[Credit]>,
        place: usize,
        facts: &mut Vec<Fact>,
    ) -> Option<i64> {
        let own = journey.purchases.iter().filter_map(|(at, amount)| {
            let stood = before(journey, self.rule, *at)?;
            (*at - stood.since <= self.rule.within.micros()).then_some((*at, *amount))
        });
        let bought: Vec<(i64, u64)> = match (self.rule.purchases, credits) {
            (WhosePurchases::Conversation, _) => own.collect(),
            (WhosePurchases::Customer, Some(credits)) => credits
                .iter()
                .filter(|credit| (credit.measure, credit.contact) == (self.measure, place))
                .map(|credit| (credit.at, credit.amount))
                .collect(),
            (WhosePurchases::Customer, None) => {
                self.left_out(journey, facts);
                return None;
            }
        };
        if let Measure::ConversionValue(_) = self.definition.measure {
            for (at, amount) in bought {
                let Some(stood) = before(journey, self.rule, at) else { continue };
                let state = match self.rule.under {
                    WhichState::Each => stood.step.state,
                    WhichState::Furthest => self.furthest(journey, at),
                };
                facts.push(self.bought(stood, state, at, amount));
            }
            return None;
        }
        match self.rule.under {
            WhichState::Furthest => self.of_furthest(journey, &bought, facts),
            WhichState::Each => self.of_each(journey, &bought, facts),
        }
    }

    /// Of a customer who is not known.
    fn left_out(&self, journey: &Journey, facts: &mut Vec<Fact>) {
        if let Some(last) = reached(journey, self.rule).last()
            && let Measure::Conversion(_) = self.definition.measure
        {
            let fact = self.fact(last, Outcome::Excluded, Reason::UnknownCustomer, 0);
            facts.push(Fact { at: self.contact.start, ..fact });
        }
    }

    fn of_furthest(
        &self,
        journey: &Journey,
        bought: &[(i64, u64)],
        facts: &mut Vec<Fact>,
    ) -> Option<i64> {
        if let Some((at, _)) = bought.first() {
            let stood = before(journey, self.rule, *at)?;
            facts.push(self.bought(stood, self.furthest(journey, *at), *at, 1));
            return None;
        }
        let last = reached(journey, self.rule).last()?;
        let (fact, deadline) = self.not_bought(last, self.furthest(journey, i64::MAX), true);
        facts.push(fact);
        deadline
    }

    fn of_each(
        &self,
        journey: &Journey,
        bought: &[(i64, u64)],
        facts: &mut Vec<Fact>,
    ) -> Option<i64> {
        let last = reached(journey, self.rule).last()?;
        let bought: Vec<(i64, Reached)> = bought
            .iter()
            .filter_map(|(at, _)| Some((*at, before(journey, self.rule, *at)?)))
            .collect();
        let counted = bought.first().map_or(last.step.state, |(_, stood)| stood.step.state);
        let mut deadline = None;
        for state in &self.rule.states {
            let Some(here) =
                reached(journey, self.rule).filter(|it| it.step.state == *state).last()
            else {
                continue;
            };
            let fact = match bought.iter().find(|(_, stood)| stood.step.state == *state) {
                Some((at, stood)) => self.bought(*stood, *state, *at, 1),
                None => {
                    let (fact, until) = self.not_bought(here, *state, last.step.state == *state);
                    deadline = deadline.or(until);
                    fact
                }
            };
            let share = if *state == counted { Share::WHOLE } else { Share::FURTHER_STATE };
            facts.push(Fact { share, ..fact });
        }
        deadline
    }

    fn furthest(&self, journey: &Journey, until: i64) -> InteractionState {
        let so_far = reached(journey, self.rule).take_while(|reached| reached.step.at <= until);
        let far = |reached: &Reached| {
            self.rule.states.iter().position(|state| *state == reached.step.state)
        };
        so_far.max_by_key(far).map_or(InteractionState::Unanswered, |reached| reached.step.state)
    }

    fn bought(&self, stood: Reached, state: InteractionState, at: i64, value: u64) -> Fact {
        let fact = self.fact(stood, Outcome::Value, Reason::Bought(state), value);
        match self.definition.placement {
            Placement::End => Fact { at, ..fact },
            _ => fact,
        }
    }

    /// `may_buy` where it stands there still.
    fn not_bought(
        &self,
        stood: Reached,
        state: InteractionState,
        may_buy: bool,
    ) -> (Fact, Option<i64>) {
        let until = stood.since.saturating_add(self.rule.within.micros());
        if may_buy && self.now <= until {
            return (self.fact(stood, Outcome::Open, Reason::MayBuy(state), 0), Some(until));
        }
        let fact = self.fact(stood, Outcome::Value, Reason::DidNotBuy(state), 0);
        let fact = match self.definition.placement {
            // Until then it could have.
            Placement::End => Fact { at: until, ..fact },
            _ => fact,
        };
        (fact, None)
    }

    fn fact(&self, stood: Reached, outcome: Outcome, reason: Reason, value: u64) -> Fact {
        let Step { agent, queue, channel, .. } = stood.step;
        let agent = match self.definition.attribution {
            Attribution::Actor if agent != 0 => agent,
            _ => self.contact.owner,
        };
        let at = match self.definition.placement {
            Placement::ConversationStart => self.contact.start,
            _ => stood.since,
        };
        let (measure, share) = (self.measure, Share::WHOLE);
        Fact { measure, outcome, share, reason, channel, queue, agent, at, value }
    }
}
