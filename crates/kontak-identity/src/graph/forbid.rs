//! What must not be linked.

use super::IdentityGraph;
use kontak_types::TouchpointId;

/// Why a pair was not forbidden or allowed. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The touchpoint was never recorded, or was erased.
    #[error("touchpoint {id} is not recorded here, or was erased")]
    Unknown {
        /// The id.
        id: TouchpointId,
    },
    /// A touchpoint cannot be kept apart from itself.
    #[error("touchpoint {id} cannot be kept apart from itself")]
    Same {
        /// The id.
        id: TouchpointId,
    },
}

impl IdentityGraph {
    /// Keeps two touchpoints out of one customer, whatever evidence there is or will be.
    ///
    /// A decision, not a fact: it stands until [`allow`](Self::allow). Where the evidence would
    /// join them, the weakest of it is withheld.
    ///
    /// # Errors
    /// If one of the two is not known.
    pub fn forbid(&mut self, a: TouchpointId, b: TouchpointId) -> Result<(), LinkError> {
        let (x, y) = self.pair(a, b)?;
        self.position += 1;
        if self.forbidden.insert((x, y)) && self.forbidden.insert((y, x)) && self.may_meet(x, y) {
            let contest = self.review_cluster_of(None, x);
            self.review_cluster_of(Some(contest), y);
        }
        self.finish_call();
        Ok(())
    }

    /// Takes a [`forbid`](Self::forbid) back.
    ///
    /// # Errors
    /// If one of the two is not known.
    pub fn allow(&mut self, a: TouchpointId, b: TouchpointId) -> Result<(), LinkError> {
        let (x, y) = self.pair(a, b)?;
        self.position += 1;
        if self.forbidden.remove(&(x, y)) && self.forbidden.remove(&(y, x)) && self.may_meet(x, y) {
            let contest = self.review_cluster_of(None, x);
            self.review_cluster_of(Some(contest), y);
        }
        self.finish_call();
        Ok(())
    }

    fn pair(&self, a: TouchpointId, b: TouchpointId) -> Result<(u32, u32), LinkError> {
        if a == b {
            return Err(LinkError::Same { id: a });
        }
        let find = |id| {
            let known = self.store.find_id(id).filter(|index| !self.store.is_erased(*index));
            known.ok_or(LinkError::Unknown { id })
        };
        Ok((find(a)?, find(b)?))
    }

    /// Whether the two are in one cluster.
    fn may_meet(&self, x: u32, y: u32) -> bool {
        let touchpoints = &self.store.touchpoints;
        let (x, y) = (touchpoints[x as usize], touchpoints[y as usize]);
        match (x.state.contest(), y.state.contest()) {
            (None, None) => x.founder == y.founder,
            (a, b) => a == b,
        }
    }
}
