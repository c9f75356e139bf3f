//! What comes due by itself.

use super::action::stands_elsewhere;
use super::{Notice, Step, Tenant};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_conversation::{Event, EventBody};
use kontak_routing::Input;

impl Tenant {
    /// When something comes due next: a promise, a service level, an offer, a hold, a lease, the time
    /// in which a customer may come back.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        let deadlines = [
            self.conversations.next_deadline(),
            self.routing.next_deadline(),
            self.numbers_deadline(),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// When time alone changes a number: right after the time in which somebody may come back.
    fn numbers_deadline(&self) -> Option<DateTime<Utc>> {
        self.metrics.next_deadline()?.checked_add_signed(TimeDelta::microseconds(1))
    }

    /// Does what is due by `now`.
    pub fn handle_timeout(&mut self, step: &mut Step<'_>) {
        if self.conversations.next_deadline().is_some_and(|due| due <= step.now) {
            for event in self.conversations.handle_timeout(step.now) {
                self.notice(&event, step);
                let moved = stands_elsewhere(&event.body);
                self.record_events(vec![event], step);
                for conversation in moved {
                    self.follow_status(conversation, step);
                }
            }
        }
        let deadlines = [self.routing.next_deadline(), self.numbers_deadline()];
        if deadlines.into_iter().flatten().any(|due| due <= step.now) {
            // Time is never refused. Metrics learn from the same record what time it is.
            let _ = self.tell_routing(Input::Timeout, step);
        }
    }

    fn notice(&self, event: &Event, step: &mut Step<'_>) {
        let notice = match &event.body {
            EventBody::PromiseBroken { commitment, .. } => {
                let known = self.conversations.commitment(*commitment);
                known.map(|known| Notice::PromiseBroken {
                    commitment: *commitment,
                    conversation: known.conversation,
                })
            }
            EventBody::SlaBreached { conversation, breach } => Some(Notice::ServiceLevelMissed {
                conversation: *conversation,
                target: breach.target.to_string(),
            }),
            _ => None,
        };
        step.work.notices.extend(notice);
    }
}
