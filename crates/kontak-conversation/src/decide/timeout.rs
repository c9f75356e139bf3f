use crate::state::{Conversations, Deadline};
use crate::{Actor, Event, EventBody, Status};
use chrono::{DateTime, Utc};

impl Conversations {
    /// What has come due by `now`: promises that were not kept, conversations that wake up. A
    /// promise is broken at the instant at which it was due, however late this is called.
    ///
    /// Complexity: O(what is due).
    #[must_use]
    pub fn handle_timeout(&self, now: DateTime<Utc>) -> Vec<Event> {
        let due = self.deadlines.iter().take_while(|(at, _)| *at <= now);
        due.filter_map(|(at, deadline)| {
            let body = match *deadline {
                Deadline::Commitment(commitment) => {
                    EventBody::PromiseBroken { commitment, due: *at }
                }
                Deadline::Snooze(conversation) => {
                    let from = self.conversation(conversation)?.status;
                    EventBody::StatusChanged { conversation, from, to: Status::Open, since: *at }
                }
            };
            Some(Event::new(now, Actor::System, body))
        })
        .collect()
    }
}
