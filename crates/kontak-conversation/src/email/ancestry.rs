const NONE: usize = usize::MAX;

/// A forest under link and cut that knows the root of any node: a link-cut tree (Sleator and Tarjan
/// 1983), amortised O(log n) for each call.
///
/// Walking up to the root instead takes time quadratic in the number of mails when somebody writes
/// headers to that end.
///
/// Each path of the forest that is held together is a splay tree, ordered from the root downwards; `up`
/// of a splay root is the forest parent of the path's top.
pub(super) struct Ancestry {
    nodes: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    up: usize,
    above: usize,
    below: usize,
}

impl Ancestry {
    pub(super) const fn new() -> Self {
        Self { nodes: Vec::new() }
    }

    pub(super) fn add(&mut self) {
        self.nodes.push(Node { up: NONE, above: NONE, below: NONE });
    }

    pub(super) fn root(&mut self, node: usize) -> usize {
        self.expose(node);
        let mut top = node;
        while self.nodes[top].above != NONE {
            top = self.nodes[top].above;
        }
        // Pays for the descent.
        self.splay(top);
        top
    }

    /// `child` must be a root, and not that of `parent`.
    pub(super) fn link(&mut self, child: usize, parent: usize) {
        self.expose(child);
        self.nodes[child].up = parent;
    }

    /// Makes `child` a root.
    pub(super) fn cut(&mut self, child: usize) {
        self.expose(child);
        let above = std::mem::replace(&mut self.nodes[child].above, NONE);
        if above != NONE {
            self.nodes[above].up = NONE;
        }
    }

    /// Holds the path from the root to `node` together, ending there, with `node` as its splay root.
    fn expose(&mut self, node: usize) {
        self.splay(node);
        self.nodes[node].below = NONE;
        while self.nodes[node].up != NONE {
            let joint = self.nodes[node].up;
            self.splay(joint);
            self.nodes[joint].below = node;
            self.splay(node);
        }
    }

    fn splay(&mut self, node: usize) {
        while !self.is_splay_root(node) {
            let up = self.nodes[node].up;
            if !self.is_splay_root(up) {
                let grand = self.nodes[up].up;
                let same_side = (self.nodes[grand].above == up) == (self.nodes[up].above == node);
                self.rotate(if same_side { up } else { node });
            }
            self.rotate(node);
        }
    }

    fn is_splay_root(&self, node: usize) -> bool {
        let up = self.nodes[node].up;
        up == NONE || (self.nodes[up].above != node && self.nodes[up].below != node)
    }

    /// Lifts `node` over its splay parent.
    fn rotate(&mut self, node: usize) {
        let up = self.nodes[node].up;
        let grand = self.nodes[up].up;
        if !self.is_splay_root(up) {
            if self.nodes[grand].above == up {
                self.nodes[grand].above = node;
            } else {
                self.nodes[grand].below = node;
            }
        }
        let moved = if self.nodes[up].above == node {
            let moved = std::mem::replace(&mut self.nodes[node].below, up);
            self.nodes[up].above = moved;
            moved
        } else {
            let moved = std::mem::replace(&mut self.nodes[node].above, up);
            self.nodes[up].below = moved;
            moved
        };
        if moved != NONE {
            self.nodes[moved].up = up;
        }
        self.nodes[up].up = node;
        self.nodes[node].up = grand;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Any links and cuts leave every node with the root that walking up finds.
        #[test]
        fn roots_are_those_of_a_walk(steps in prop::collection::vec((0..24_usize, 0..24_usize, any::<bool>()), 0..200)) {
            let mut ancestry = Ancestry::new();
            let mut parent = [None; 24];
            (0..24).for_each(|_| ancestry.add());
            let walk = |parent: &[Option<usize>; 24], mut node: usize| {
                while let Some(up) = parent[node] {
                    node = up;
                }
                node
            };
            for (child, above, cuts) in steps {
                if cuts {
                    ancestry.cut(child);
                    parent[child] = None;
                } else if parent[child].is_none() && walk(&parent, above) != child {
                    ancestry.link(child, above);
                    parent[child] = Some(above);
                }
                prop_assert_eq!(ancestry.root(above), walk(&parent, above));
                prop_assert_eq!(ancestry.root(child), walk(&parent, child));
            }
        }
    }
}
