//! Handing a contact on.

use super::Engine;
use super::item::{AgentIndex, ItemIndex, Rare, State};
use super::queueing::Stage;
use crate::centre::seconds;
use crate::{Decision, Refusal, ReturnRule, TransferMode, TransferTarget};
use kontak_types::WorkItemId;

impl Engine {
    pub(super) fn transfer(
        &mut self,
        id: WorkItemId,
        to: TransferTarget,
        mode: TransferMode,
        may_return: bool,
    ) -> Result<(), Refusal> {
        let index = self.item_index(id)?;
        let State::Active { agent: giver, .. } = self.item(index).state else {
            return Err(Refusal::State(self.item(index).state.kind()));
        };
        let hops = self.item(index).rare.as_ref().map_or(0, |rare| rare.hops);
        if hops >= self.centre.transfers.most_hops {
            return Err(Refusal::HopLimit(hops));
        }
        if let TransferMode::Consult { with } = mode {
            return self.consult(index, giver, to, with);
        }
        let may_return =
            may_return || self.centre.transfers.return_to_previous == ReturnRule::Allow;
        let (queue, named) = self.target(index, to)?;
        if named.is_some_and(|named| {
            named == giver || !may_return && self.item(index).owners().any(|owner| owner == named)
        }) {
            return Err(Refusal::Return);
        }

        match mode {
            // The giver's part stays as it is, and is let go when somebody else has it.
            TransferMode::Warm => self.item_mut(index).rare().giver = Some(giver),
            _ => self.let_go(index, giver),
        }
        self.item_mut(index).rare().hops += 1;
        self.forbid_return(index, giver, may_return);
        if queue != self.item(index).queue {
            self.decisions.push(Decision::Moved {
                item: id,
                from: self.queue(self.item(index).queue).id,
                to: self.queue(queue).id,
            });
        }
        self.enter(index, queue);
        self.item_mut(index).rare().by_name = named.is_some();
        // Who was preferred before knows it no better than the one who asks for somebody else.
        self.item_mut(index).rare().preferred.clear();
        match named {
            Some(named) => {
                let wait = seconds(self.centre.transfers.wait_for_named_seconds);
                self.hold_for(index, named, wait);
            }
            None => self.go_on(index, Stage::Hours),
        }
        Ok(())
    }

    fn target(
        &self,
        index: ItemIndex,
        to: TransferTarget,
    ) -> Result<(u32, Option<AgentIndex>), Refusal> {
        Ok(match to {
            TransferTarget::Queue(queue) => {
                (*self.queue_of.get(&queue).ok_or(Refusal::NoQueue)?, None)
            }
            TransferTarget::Agent(agent) => {
                (self.item(index).queue, Some(self.agent_index(agent)?))
            }
        })
    }

    fn forbid_return(&mut self, index: ItemIndex, giver: AgentIndex, may_return: bool) {
        self.bar(index, giver, None);
        let owners: Vec<AgentIndex> = self.item(index).owners().collect();
        for owner in owners.into_iter().filter(|owner| *owner != giver) {
            if may_return {
                let rare = self.item_mut(index).rare();
                rare.barred.retain(|bar| bar.agent != owner || bar.until.is_some());
            } else {
                self.bar(index, owner, None);
            }
        }
    }

    /// A contact of its own asks somebody else; the one it is about stays where it is.
    fn consult(
        &mut self,
        about: ItemIndex,
        giver: AgentIndex,
        to: TransferTarget,
        with: WorkItemId,
    ) -> Result<(), Refusal> {
        if self.find_item(with).is_some() {
            return Err(Refusal::Duplicate);
        }
        let (queue, named) = self.target(about, to)?;
        if named == Some(giver) {
            return Err(Refusal::Return);
        }
        let mut work = self.described(about);
        work.id = with;
        work.queue = self.queue(queue).id;
        work.preferred.clear();
        let rare = Rare {
            asks_about: Some(self.item(about).id),
            by_name: named.is_some(),
            ..Rare::default()
        };
        let index = self.create(work, Some(Box::new(rare)))?;
        self.bar(index, giver, None);
        // An id that was used before, and is over, names the new one by now.
        let before = self.item_mut(about).rare().consult.replace(with);
        let before = before.filter(|before| *before != with);
        if let Some(before) = before.and_then(|before| self.find_item(before)) {
            self.end(before, Some(crate::Leaving::FlowOut));
        }
        match named {
            Some(named) => {
                let wait = seconds(self.centre.transfers.wait_for_named_seconds);
                self.hold_for(index, named, wait);
            }
            None => self.go_on(index, Stage::Hours),
        }
        Ok(())
    }
}
