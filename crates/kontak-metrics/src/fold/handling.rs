use super::{Draft, Subject};
use crate::definition::HandlingPart;
use crate::fact::Reason;
use std::collections::BTreeSet;

impl Subject<'_> {
    pub(super) fn handling(&mut self, parts: &BTreeSet<HandlingPart>) {
        let timeline = self.timeline;
        for handling in &timeline.handlings {
            let draft = match handling.until {
                None => Draft::open(Reason::StillWaiting).over(handling.from, handling.from),
                Some(until) => {
                    let connected = until.saturating_sub(handling.from).max(0) as u64;
                    let after =
                        handling.wrapped.map_or(0, |wrapped| (wrapped - until).max(0) as u64);
                    let of = |part| match part {
                        HandlingPart::Talk => connected.saturating_sub(handling.held),
                        HandlingPart::Hold => handling.held,
                        HandlingPart::WrapUp => after,
                    };
                    let worked = parts.iter().map(|part| of(*part)).sum();
                    let end = handling.wrapped.unwrap_or(until);
                    Draft::value(worked, Reason::Measured).over(handling.from, end)
                }
            };
            self.say(draft.on(handling.channel).by(handling.agent, handling.owner));
        }
    }
}
