use super::MailHeaders;

/// RFC 5256, REFERENCES step 3: the forest without missing mails, except where one holds the answers to
/// it together.
pub(super) struct Forest {
    /// The parent of each mail, then of each missing mail.
    parent: Vec<Option<usize>>,
    mails: usize,
    /// The children of `node` are `children[starts[node]..starts[node + 1]]`, oldest first.
    starts: Vec<usize>,
    children: Vec<usize>,
    /// In no particular order; a missing mail is among them when it has children.
    pub(super) roots: Vec<usize>,
}

impl Forest {
    /// O(n log n).
    pub(super) fn new(mails: &[MailHeaders], mut parent: Vec<Option<usize>>) -> Self {
        let count = mails.len();
        for mail in 0..count {
            if let Some(above) = parent[mail] {
                parent[mail] = Some(anchor(&mut parent, count, above));
            }
        }

        let mut by_age: Vec<usize> = (0..count).collect();
        by_age.sort_unstable_by_key(|&mail| (mails[mail].sent_at, mail));
        let mut starts = vec![0; parent.len() + 1];
        for &above in parent[..count].iter().flatten() {
            starts[above + 1] += 1;
        }
        for node in 0..parent.len() {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut children = vec![0; starts[parent.len()]];
        for mail in by_age {
            if let Some(above) = parent[mail] {
                children[next[above]] = mail;
                next[above] += 1;
            }
        }

        let roots = (0..parent.len())
            .filter(|&node| {
                parent[node].is_none() && (node < count || starts[node] < starts[node + 1])
            })
            .collect();
        Self { parent, mails: count, starts, children, roots }
    }

    pub(super) fn children(&self, node: usize) -> &[usize] {
        &self.children[self.starts[node]..self.starts[node + 1]]
    }

    pub(super) const fn is_missing(&self, node: usize) -> bool {
        node >= self.mails
    }

    /// The oldest mail at the top of a thread: the root, or the first answer to it where it is missing.
    pub(super) fn oldest(&self, root: usize) -> usize {
        if self.is_missing(root) { self.children(root)[0] } else { root }
    }

    /// A missing mail with a single answer holds nothing together: the answer takes its place.
    pub(super) fn promoted(&self, root: usize) -> usize {
        match self.children(root) {
            &[only] if self.is_missing(root) => only,
            _ => root,
        }
    }

    pub(super) fn into_parents(self) -> Vec<Option<usize>> {
        self.parent
    }
}

/// The nearest mail at or above `from` that is there, or else the topmost missing one. Shortens the way
/// it went, so that all look-ups together are linear.
fn anchor(parent: &mut [Option<usize>], mails: usize, from: usize) -> usize {
    let mut found = from;
    while found >= mails
        && let Some(above) = parent[found]
    {
        found = above;
    }
    let mut passed = from;
    while passed != found {
        match parent[passed].replace(found) {
            Some(above) => passed = above,
            None => break,
        }
    }
    found
}
