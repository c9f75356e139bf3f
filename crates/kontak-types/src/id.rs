use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that the caller made; version 7 keeps ids in the order of recording.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id! {
    /// One account of somebody on a channel. Given by the caller when the account is first recorded.
    TouchpointId
}

id! {
    /// A customer: the id of its touchpoint that was recorded first, retyped.
    CustomerId
}

id! {
    /// A person who serves customers.
    AgentId
}

id! {
    /// A place where work waits for somebody able to do it.
    QueueId
}

id! {
    /// One piece of work for one agent: a conversation, a call, a mail that waits to be served.
    WorkItemId
}

id! {
    /// One conversation with a customer, over all its channels.
    ConversationId
}

id! {
    /// One message, call or note of a conversation.
    MessageId
}

id! {
    /// One touchpoint's part in a conversation, on its channel.
    LegId
}

id! {
    /// A matter that takes several conversations.
    CaseId
}

id! {
    /// Something that was promised to a customer.
    CommitmentId
}

id! {
    /// A conversation on its way from one hand to another.
    HandoverId
}

impl From<TouchpointId> for CustomerId {
    /// Every touchpoint is the founder of a customer until it joins an older one.
    fn from(founder: TouchpointId) -> Self {
        Self(founder.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_as_text_and_as_bytes() {
        let id: TouchpointId = "0192f0c1-2345-7abc-8def-0123456789ab".parse().unwrap();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"0192f0c1-2345-7abc-8def-0123456789ab\"");
        assert_eq!(serde_json::from_str::<TouchpointId>(&json).unwrap(), id);
        let bytes = postcard::to_allocvec(&id).unwrap();
        assert_eq!(postcard::from_bytes::<TouchpointId>(&bytes).unwrap(), id);
        assert_eq!(CustomerId::from(id).as_uuid(), id.as_uuid());
    }
}
