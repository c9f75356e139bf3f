//! The rules in force, which are part of the journal: replayed, it decides by those that were in
//! force then.

use super::{ActionError, IdentityRecord, Step, Tenant};
use crate::Settings;
use kontak_conversation::{Actor, Command, Rejected};
use kontak_routing::Input;

impl Tenant {
    /// Puts these rules in force, as far as they differ from those that are. Metrics keep theirs.
    ///
    /// # Errors
    /// Where the settings cannot be used, or contacts wait in a queue that they lack. Nothing has
    /// changed then.
    pub fn set_rules(
        &mut self,
        settings: Settings,
        step: &mut Step<'_>,
    ) -> Result<(), ActionError> {
        settings.check()?;
        let policy = Command::SetPolicy(Box::new(settings.conversation.clone()));
        if let Some(id) = self.conversations.needs(&policy).first() {
            return Err(Rejected::Evicted(*id).into());
        }
        let centre = settings.numbered();
        if *self.routing.centre() != centre {
            self.tell_routing(Input::SetCentre(Box::new(centre)), step)?;
        }
        if *self.conversations.policy() != settings.conversation {
            self.decide(&Actor::System, policy, step)?;
        }
        if *self.identity.policy() != settings.identity {
            let policy = Box::new(settings.identity.clone());
            self.change_identity(IdentityRecord::PolicySet(policy), step);
        }
        self.settings = settings;
        Ok(())
    }
}
