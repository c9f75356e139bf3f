use crate::state::{Conversations, Deadline};
use crate::{Actor, Event, EventBody, Status};
use chrono::{DateTime, Utc};
use kontak_types::ConversationId;

impl Conversations {
    /// What has come due by `now`: promises that were not kept, conversations that wake up, service
    /// levels that were missed, what was kept long enough. A promise is broken and a service level
    /// missed at the instant at which the time ran out, however late this is called.
    ///
    /// Complexity: O(what is due), and O(messages) for each conversation whose service levels or
    /// retention are due.
    #[must_use]
    pub fn handle_timeout(&self, now: DateTime<Utc>) -> Vec<Event> {
        let due = self.deadlines.iter().take_while(|(at, _)| *at <= now);
        let bodies = due.flat_map(|(at, deadline)| match *deadline {
            Deadline::Commitment(commitment) => {
                vec![EventBody::PromiseBroken { commitment, due: *at }]
            }
            Deadline::Snooze(conversation) => {
                let from = self.conversation(conversation).map(|known| known.status);
                let woken = from.map(|from| {
                    let (to, since) = (Status::Open, *at);
                    EventBody::StatusChanged { conversation, from, to, since }
                });
                woken.into_iter().collect()
            }
            Deadline::Sla(conversation) => self.missed(conversation, now),
            Deadline::Retention(conversation) => self.kept_long_enough(conversation, now),
        });
        bodies.map(|body| Event::new(now, Actor::System, body)).collect()
    }

    fn missed(&self, conversation: ConversationId, now: DateTime<Utc>) -> Vec<EventBody> {
        let Some(known) = self.conversation(conversation) else { return Vec::new() };
        let missed = self.policy.sla.breaches(self, known, now);
        let cleared = known.breaches().iter().filter(|breach| !missed.contains(breach));
        let cleared =
            cleared.map(|breach| EventBody::SlaCleared { conversation, breach: breach.clone() });
        let new = missed.iter().filter(|breach| !known.breaches().contains(breach));
        let new = new.map(|breach| EventBody::SlaBreached { conversation, breach: breach.clone() });
        cleared.chain(new).collect()
    }

    fn kept_long_enough(&self, conversation: ConversationId, now: DateTime<Utc>) -> Vec<EventBody> {
        let known = self.conversation(conversation);
        let due = known.into_iter().flat_map(|known| {
            let due = self.retentions(known).filter(|(at, _)| *at <= now);
            due.map(|(at, class)| self.retention_ended(known, class, at))
        });
        due.collect()
    }
}
