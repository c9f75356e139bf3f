use super::WebUrl;
use crate::vocabulary::vocabulary;
use crate::{BlobId, ProviderRef};
use serde::{Deserialize, Serialize};

/// Where the channel keeps a medium.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Remote {
    /// Under a reference that only its own interface can read.
    Provider(ProviderRef),
    /// At an address on the web.
    Url(WebUrl),
}

/// Where a medium lies, and how far fetching it has come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MediaPlace {
    /// Only with the channel: not fetched yet.
    Remote(Remote),
    /// In the product's own storage.
    Stored {
        /// Where there.
        blob: BlobId,
        /// Where it was fetched from; nothing for what arrived with its message or is ours.
        remote: Option<Remote>,
    },
    /// Only with the channel, and it could not be fetched.
    Failed {
        /// Where it was to be fetched from.
        remote: Remote,
        /// Why it was not.
        reason: FetchFailure,
    },
}

impl MediaPlace {
    /// The product's own copy.
    #[must_use]
    pub fn blob(&self) -> Option<&BlobId> {
        match self {
            Self::Stored { blob, .. } => Some(blob),
            Self::Remote(_) | Self::Failed { .. } => None,
        }
    }

    /// Where the channel keeps it, or kept it.
    #[must_use]
    pub fn remote(&self) -> Option<&Remote> {
        match self {
            Self::Remote(remote) | Self::Failed { remote, .. } => Some(remote),
            Self::Stored { remote, .. } => remote.as_ref(),
        }
    }

    pub(super) fn into_remote(self) -> Option<Remote> {
        match self {
            Self::Remote(remote) | Self::Failed { remote, .. } => Some(remote),
            Self::Stored { remote, .. } => remote,
        }
    }
}

vocabulary! {
    /// Why a medium could not be fetched.
    FetchFailure {
        /// The channel no longer has it.
        Gone = "gone",
        /// The channel does not let us.
        Forbidden = "forbidden",
        /// It is larger than the product takes.
        TooLarge = "too_large",
        /// It is of a type that the product does not take.
        TypeRefused = "type_refused",
        /// Its address points into a private network.
        AddressRefused = "address_refused",
        /// The channel did not answer, or not in time.
        Unreachable = "unreachable",
    }
}

impl FetchFailure {
    /// Whether trying again may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        *self == Self::Unreachable
    }
}
