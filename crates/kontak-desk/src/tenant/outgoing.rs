//! What goes out: planned for its channel, and what became of it.

use super::work::{SendId, SendReport, Sending, Unsent};
use super::{ActionError, Notice, ReachRecord, Record, Step, Tenant};
use crate::Accounts;
use kontak_channel::{
    Action, ConsentScope, IdempotencyKey, Outbound, PlanMode, ProviderId, Voice, Window, plan,
};
use kontak_content::Content;
use kontak_conversation::{
    Actor, Command, Delivery, DeliveryStatus, LegId, MessageChange, Relation,
};
use kontak_types::{MessageId, TouchpointKey};

impl Tenant {
    /// The requests that say this on a leg.
    pub(super) fn plan_sends(
        &self,
        actor: &Actor,
        (leg, key): (LegId, TouchpointKey),
        message: MessageId,
        content: &Content,
        accounts: &Accounts,
        step: &mut Step<'_>,
    ) -> Result<Vec<Sending>, ActionError> {
        let leg = self.conversations.leg(leg).ok_or(ActionError::NoLeg)?;
        let channel = || leg.channel.to_string();
        let reach = self.reaches.of(leg.touchpoint);
        if reach.is_some_and(|reach| reach.refused.contains(&ConsentScope::Everything)) {
            return Err(ActionError::OptedOut { channel: channel() });
        }
        let named = reach.and_then(|reach| reach.account.as_deref());
        let account = accounts
            .towards(&key, named)
            .ok_or_else(|| ActionError::NoAccount { channel: channel() })?;
        let codec = account.codec();
        let rule = codec.capabilities(Window::Unlimited).window;
        let window = match (&rule, reach) {
            (None, _) => Window::Unlimited,
            (Some(rule), Some(reach)) => reach.window.window(rule, step.now),
            (Some(rule), None) => Window::NeverOpened { reopened_by: rule.reopened_by },
        };
        let content = content.clone().without_internal();
        let plan = plan(&content, &codec.capabilities(window), PlanMode::Lenient)
            .map_err(|source| ActionError::Plan { channel: channel(), source })?;
        let voice = match actor {
            Actor::Agent(_) | Actor::Supervisor(_) => Voice::Agent,
            _ => Voice::Machine,
        };
        let sends = plan.messages.into_iter().zip(0..).map(|(content, part)| {
            let id = SendId { message, part };
            let key_of_send = IdempotencyKey::new(format!("{message}/{part}"))
                .expect("an id and a number are a key");
            let mut outbound =
                Outbound::new(key.clone(), key_of_send, Action::Say(content)).with_voice(voice);
            if let Some(reach) = reach {
                outbound.references.extend(reach.references.iter().cloned());
                outbound.thread.clone_from(&reach.thread);
            }
            let account = codec.descriptor().account.clone();
            Sending { row: step.id(), id, account, touchpoint: leg.touchpoint, outbound }
        });
        Ok(sends.collect())
    }

    /// What became of a request.
    pub fn report(&mut self, report: &SendReport, step: &mut Step<'_>) {
        let (message, touchpoint) = (report.id.message, report.touchpoint);
        let in_doubt = matches!(&report.outcome, Err(unsent) if unsent.ambiguous);
        if in_doubt && report.id.part == 0 && self.went_out(message) {
            let (rows, went_out) = (vec![report.row], true);
            step.work.settled.push((report.row, went_out));
            let _ = self.keep(Record::Reach(ReachRecord::Reconciled { rows, went_out }), step);
            return;
        }
        let (record, status) = match &report.outcome {
            Ok(ids) => {
                let (account, ids) = (report.account.clone(), ids.clone());
                let (id, row) = (report.id, report.row);
                let record = match self.is_erased(touchpoint) {
                    // It went out all the same, and nothing of them is kept any more.
                    true => {
                        let name = |id: &ProviderId| self.native(&account, id.as_str());
                        let names = ids.iter().map(name).collect();
                        ReachRecord::Named { id, row, names }
                    }
                    false => ReachRecord::Sent { touchpoint, account, id, row, ids },
                };
                (record, Some(DeliveryStatus::Sent))
            }
            Err(Unsent { ambiguous, why }) => {
                let (ambiguous, why) = (*ambiguous, why.clone());
                step.work.notices.push(Notice::Unsent { message, ambiguous });
                let (id, row) = (report.id, report.row);
                let record = ReachRecord::Unsent { id, row, ambiguous, why, at: step.now };
                (record, (!ambiguous).then_some(DeliveryStatus::Failed))
            }
        };
        let _ = self.keep(Record::Reach(record), step);
        if let Some(status) = status {
            self.delivered(message, status, step);
        }
        // A receipt may be faster than the answer to the request.
        let ids = report.outcome.iter().flatten();
        let early: Vec<_> = ids
            .filter_map(|id| {
                let native = self.native(&report.account, id.as_str());
                Some(self.conversations.reported_of(native)?.status)
            })
            .collect();
        for status in early {
            self.delivered(message, status, step);
        }
    }

    /// Somebody has looked up whether an ambiguous message went out.
    pub fn reconcile(&mut self, message: MessageId, went_out: bool, step: &mut Step<'_>) {
        self.reconcile_part((message, None), went_out, step);
    }

    /// Of a message that was sent in parts, one may have gone out and another not.
    pub(super) fn reconcile_part(
        &mut self,
        (message, part): (MessageId, Option<u32>),
        went_out: bool,
        step: &mut Step<'_>,
    ) {
        let asked = |id: &SendId| id.message == message && part.is_none_or(|part| part == id.part);
        let rows = self.reaches.ambiguous().iter().filter(|(id, _)| asked(id));
        let rows: Vec<_> = rows.map(|(_, row)| *row).collect();
        if rows.is_empty() {
            return;
        }
        step.work.settled.extend(rows.iter().map(|row| (*row, went_out)));
        let _ = self.keep(Record::Reach(ReachRecord::Reconciled { rows, went_out }), step);
        let status = if went_out { DeliveryStatus::Sent } else { DeliveryStatus::Failed };
        self.delivered(message, status, step);
    }

    /// Whether a receipt has told so already.
    fn went_out(&self, message: MessageId) -> bool {
        let delivery = self.conversations.message(message).and_then(|message| message.delivery());
        delivery.is_some_and(|delivery| {
            use DeliveryStatus::{Delivered, Read, Sent};
            matches!(delivery.status, Sent | Delivered | Read)
        })
    }

    fn delivered(&mut self, message: MessageId, status: DeliveryStatus, step: &mut Step<'_>) {
        let change = MessageChange::Delivered(Delivery::new(0, status));
        let relation = Relation::new(self.own_native(message), step.now, change);
        // Refused only where nothing is known of the message any more.
        let _ = self.decide(&Actor::System, Command::Relate(Box::new(relation)), step);
    }
}
