use super::Conversations;
use crate::{Actor, ContextBrief, HandoverId};
use kontak_content::Written;
use kontak_types::{ChannelKind, ConversationId, Language};

impl Conversations {
    /// What somebody who takes the conversation over needs. Nothing if there is no such
    /// conversation.
    #[must_use]
    pub fn brief(&self, id: ConversationId, wants: Option<Written>) -> Option<ContextBrief> {
        let conversation = self.conversations.get(&id)?;
        let mut languages: Vec<Language> = Vec::new();
        let mut reply_on = None;
        for message in self.messages(id).rev() {
            if !matches!(message.said.author, Actor::Customer(_)) {
                continue;
            }
            if let Some(language) = message.said.language
                && !languages.contains(language)
            {
                languages.push(language.clone());
            }
            if reply_on.is_none() {
                let leg = message.place.and_then(|(leg, _)| self.legs.get(&leg));
                reply_on = leg.map(|leg| leg.channel.clone());
            }
        }
        Some(ContextBrief {
            wants,
            answers: conversation.answers.to_vec(),
            commitments: self
                .commitments(id)
                .filter(|commitment| commitment.state.is_outstanding())
                .cloned()
                .collect(),
            languages,
            reply_on,
            messages: u32::try_from(conversation.messages.len()).unwrap_or(u32::MAX),
        })
    }

    /// What whoever takes a handover should know: the brief with which it was offered, without what
    /// has gone into another conversation since, or was erased. Nothing if there is no such handover.
    #[must_use]
    pub fn handed(&self, id: HandoverId) -> Option<ContextBrief> {
        let handover = self.handover(id)?;
        let home = handover.conversation;
        let speaks_on = |channel: &ChannelKind| self.legs(home).any(|leg| leg.channel == *channel);
        let mut brief = handover.brief.clone();
        brief.answers.retain(|answer| self.home_of(answer.message) == Some(home));
        brief.commitments.retain(|promise| {
            self.commitment(promise.id).is_some_and(|promise| promise.conversation == home)
        });
        brief.reply_on = brief.reply_on.filter(speaks_on);
        Some(brief)
    }
}
