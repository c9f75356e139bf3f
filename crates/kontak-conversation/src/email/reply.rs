use super::{MailHeaders, MessageId, ReplyKeys};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What an inbound mail says it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplyRef<'a> {
    /// It was sent to a reply address of ours: its token names the conversation.
    Address {
        /// The conversation that we signed for.
        conversation: Uuid,
    },
    /// It refers to a mail of ours, whose Message-ID carries a token.
    OwnMail {
        /// The conversation that we signed for.
        conversation: Uuid,
        /// The mail that it refers to.
        message_id: &'a MessageId,
    },
    /// It refers to a mail; look the id up among those of the conversations.
    Mail {
        /// The mail that it refers to.
        message_id: &'a MessageId,
    },
}

/// What one inbound mail answers, most trusted first: the token in an address it was sent to, the tokens
/// in our own Message-IDs, then every other id it refers to.
///
/// Within a kind the mail that was answered comes before its ancestors: the last of `References`, then
/// `In-Reply-To`, then the rest of `References` from newest to oldest. Each id comes once. The mail's own
/// id never comes: no mail answers itself.
///
/// `delivered_to` takes the addresses that the mail reached us at (`To`, `Cc`, `Delivered-To`), without
/// names. Tokens that do not verify are passed over like any other address.
///
/// None of this says who wrote: whoever was forwarded a mail can answer it. Before the mail joins a
/// conversation, its sender has to be a party of that thread or a touchpoint of that customer.
///
/// O(n log n) in the number of ids.
///
/// ```
/// use chrono::DateTime;
/// use kontak_conversation::email::{MailHeaders, ReplyKeys, ReplyRef, reply_candidates};
/// use uuid::Uuid;
///
/// let keys = ReplyKeys::new(b"32 bytes or more from the secrets")?;
/// let conversation = Uuid::from_u128(7);
/// let address = keys.sign(conversation).reply_address("reply", "toko.example")?;
/// let mail = MailHeaders::new(DateTime::UNIX_EPOCH).with_references("<a@rumah.example> <b@rumah.example>");
///
/// let found = reply_candidates(&mail, [address.as_str()], &keys);
/// assert_eq!(found[0], ReplyRef::Address { conversation });
/// assert_eq!(found[1], ReplyRef::Mail { message_id: &mail.references[1] });
/// assert_eq!(found.len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn reply_candidates<'a>(
    mail: &'a MailHeaders,
    delivered_to: impl IntoIterator<Item = &'a str>,
    keys: &ReplyKeys,
) -> Vec<ReplyRef<'a>> {
    let mut conversations = BTreeSet::new();
    let mut found: Vec<_> = delivered_to
        .into_iter()
        .filter_map(|address| keys.verify_address(address).ok())
        .map(|token| token.conversation())
        .filter(|&conversation| conversations.insert(conversation))
        .map(|conversation| ReplyRef::Address { conversation })
        .collect();

    let mut seen: BTreeSet<&MessageId> = mail.message_id.iter().collect();
    let mut others = Vec::new();
    let ancestors = mail.references.iter().rev();
    let answered = ancestors.clone().take(1);
    for message_id in answered.chain(&mail.in_reply_to).chain(ancestors) {
        if !seen.insert(message_id) {
            continue;
        }
        match keys.verify_message_id(message_id) {
            Ok(token) => {
                found.push(ReplyRef::OwnMail { conversation: token.conversation(), message_id });
            }
            Err(_) => others.push(ReplyRef::Mail { message_id }),
        }
    }
    found.append(&mut others);
    found
}
