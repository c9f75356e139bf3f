use super::timeline::Visit;
use super::{Draft, Subject};
use crate::QueueEnd;
use crate::definition::{Counts, OfferEnd, QueueRule};
use crate::fact::Reason;
use std::collections::BTreeSet;

impl Subject<'_> {
    pub(super) fn queue_share(&mut self, rules: &[QueueRule]) {
        let timeline = self.timeline;
        for visit in &timeline.visits {
            let Some(left) = visit.left else {
                self.say_of_visit(visit, Draft::open(Reason::StillWaiting));
                continue;
            };
            let wait = (left.at - visit.from).max(0);
            let fits = |rule: &QueueRule| rule.ends.contains(&left.end) && rule.wait.holds(wait);
            let rule = rules.iter().position(fits);
            let reason = rule.map_or(Reason::NoRule, |rule| Reason::Rule(rule.min(255) as u8));
            let draft = match rule.map_or(Counts::Excluded, |rule| rules[rule].counts) {
                Counts::Success => Draft::value(1, reason),
                Counts::Failure => Draft::value(0, reason),
                Counts::Excluded => Draft::excluded(reason),
            };
            self.say_of_visit(visit, draft);
        }
    }

    pub(super) fn queue_time(&mut self, ends: &BTreeSet<QueueEnd>) {
        let timeline = self.timeline;
        for visit in &timeline.visits {
            match visit.left {
                None => self.say_of_visit(visit, Draft::open(Reason::StillWaiting)),
                Some(left) if ends.contains(&left.end) => {
                    let waited = self.clock(&BTreeSet::new()).ran(visit.from, left.at);
                    self.say_of_visit(visit, Draft::value(waited, Reason::Measured));
                }
                Some(_) => {}
            }
        }
    }

    pub(super) fn queue_outcome(&mut self) {
        let timeline = self.timeline;
        for visit in &timeline.visits {
            let draft = match visit.left {
                None => Draft::open(Reason::StillWaiting),
                Some(left) => Draft::value(left.end.code(), Reason::Happened),
            };
            self.say_of_visit(visit, draft);
        }
    }

    fn say_of_visit(&mut self, visit: &Visit, draft: Draft) {
        let (end, agent) = visit.left.map_or((visit.from, 0), |left| (left.at, left.agent));
        let draft = draft.over(visit.from, end).on(visit.channel).by(agent, visit.owner);
        self.say(Draft { queue: visit.queue, ..draft });
    }

    pub(super) fn offers(&mut self, ends: &BTreeSet<OfferEnd>) {
        let timeline = self.timeline;
        for offer in &timeline.offers {
            let draft = match offer.ended {
                None => Draft::open(Reason::StillWaiting).over(offer.from, offer.from),
                Some((at, end)) => Draft::happened(ends.contains(&end)).over(offer.from, at),
            };
            self.say(draft.on(offer.channel).by(offer.agent, offer.agent));
        }
    }
}
