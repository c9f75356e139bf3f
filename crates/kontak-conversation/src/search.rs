use crate::state::Conversations;
use crate::{MessageView, email};
use kontak_types::{CustomerId, MessageId};

impl Conversations {
    /// The messages of a customer that hold these words, whatever the case, the latest of each
    /// conversation first. What was taken back, or taken out, is not found.
    ///
    /// Complexity: O(text of the customer). For a search over all customers keep an index of your
    /// own, which follows the journal.
    pub fn search<'a>(
        &'a self,
        customer: CustomerId,
        words: &str,
    ) -> impl Iterator<Item = MessageView<'a>> + use<'a> {
        let words = words.to_lowercase();
        let messages = self.of_customer(customer).flat_map(|one| self.messages(one.id).rev());
        messages.filter(move |message| {
            let content = message.content();
            content.is_some_and(|content| {
                let subject = content.subject.as_ref().map_or("", |subject| subject.as_str());
                subject.to_lowercase().contains(&words)
                    || content.plain_text().to_lowercase().contains(&words)
            })
        })
    }

    /// Whether a message has a subject, and another one than the message that it answers, or than
    /// the last before it on its leg: a reply that begins another matter. See
    /// [`SplitBy::From`](crate::rearrange::SplitBy::From).
    ///
    /// Complexity: O(messages of the conversation).
    #[must_use]
    pub fn changes_subject<'a>(&'a self, id: MessageId) -> bool {
        let subject =
            |message: &MessageView<'a>| Some(message.said.content.subject.as_ref()?.as_str());
        let Some(message) = self.message(id) else { return false };
        let (Some(new), Some((leg, _))) = (subject(&message), message.place) else { return false };
        let before = || {
            let home = self.leg(leg)?.conversation;
            let earlier = self.messages(home).take_while(|other| other.said.id != id);
            earlier.filter(|other| other.place.is_some_and(|(on, _)| on == leg)).last()
        };
        let old = message.answers().or_else(before).and_then(|old| subject(&old));
        old.is_some_and(|old| email::starts_new_topic(old, new))
    }
}
