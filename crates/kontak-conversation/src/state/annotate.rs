use super::Conversations;
use crate::{Case, Event, EventBody, Participant, Preference, StatedPreference};

impl Conversations {
    /// What is recorded beside what was said.
    pub(super) fn apply_annotation(&mut self, event: &Event) {
        let at = event.at;
        match &event.body {
            EventBody::Labelled { conversation, labelling } => {
                if let Some(known) = self.conversations.get_mut(conversation) {
                    known.change(|facets| facets.labels.push(labelling.clone()));
                }
            }
            EventBody::PrioritySet { conversation, priority } => {
                if let Some(known) = self.conversations.get_mut(conversation) {
                    known.change(|facets| facets.priority = *priority);
                }
                self.reschedule(*conversation);
            }
            EventBody::ParticipantJoined { conversation, who } => {
                if let Some(known) = self.conversations.get_mut(conversation) {
                    let joined = Participant { who: who.clone(), joined: at, left: None };
                    known.change(|facets| facets.let_in.push(joined));
                }
            }
            EventBody::ParticipantLeft { conversation, who } => {
                if let Some(known) = self.conversations.get_mut(conversation) {
                    known.change(|facets| {
                        let here = |one: &&mut Participant| one.who == *who && one.left.is_none();
                        match facets.let_in.iter_mut().find(here) {
                            Some(one) => one.left = Some(at),
                            None => facets.let_in.push(Participant {
                                who: who.clone(),
                                joined: at,
                                left: Some(at),
                            }),
                        }
                    });
                }
            }
            EventBody::Linked { one, other, kind } => {
                self.links.insert((*one, *other, *kind));
                self.links.insert((*other, *one, *kind));
            }
            EventBody::Unlinked { one, other, kind } => {
                self.links.remove(&(*one, *other, *kind));
                self.links.remove(&(*other, *one, *kind));
            }
            EventBody::CaseOpened { case, title } => {
                let opened = Case {
                    id: *case,
                    title: title.clone(),
                    opened_at: at,
                    closed_at: None,
                    conversations: Vec::new(),
                };
                self.cases.insert(*case, opened);
            }
            EventBody::CaseClosed { case } => {
                if let Some(known) = self.cases.get_mut(case) {
                    known.closed_at = Some(at);
                }
            }
            EventBody::CaseJoined { case, conversation } => {
                let home = self.conversations.get_mut(conversation);
                if let (Some(known), Some(home)) = (self.cases.get_mut(case), home) {
                    known.conversations.push(*conversation);
                    home.change(|facets| facets.cases.push(*case));
                }
            }
            EventBody::CaseLeft { case, conversation } => {
                if let Some(known) = self.cases.get_mut(case) {
                    known.conversations.retain(|one| one != conversation);
                }
                if let Some(home) = self.conversations.get_mut(conversation) {
                    home.change(|facets| facets.cases.retain(|one| one != case));
                }
            }
            EventBody::PreferenceStated { touchpoint, preference, message } => {
                let stated = StatedPreference {
                    touchpoint: *touchpoint,
                    preference: preference.clone(),
                    message: *message,
                    at,
                };
                let known = self.preferences.entry(*touchpoint).or_default();
                let is_channel = |one: &Preference| matches!(one, Preference::Channel(_));
                // A later one takes the place of one of its kind.
                known.retain(|one| is_channel(&one.preference) != is_channel(preference));
                known.push(stated);
            }
            EventBody::SlaBreached { conversation, breach } => {
                if let Some(known) = self.conversations.get_mut(conversation) {
                    known.change(|facets| facets.breaches.push(breach.clone()));
                }
                self.reschedule(*conversation);
            }
            EventBody::SlaCleared { conversation, breach } => {
                if let Some(known) = self.conversations.get_mut(conversation) {
                    known.change(|facets| facets.breaches.retain(|one| one != breach));
                }
                self.reschedule(*conversation);
            }
            _ => {}
        }
    }
}
