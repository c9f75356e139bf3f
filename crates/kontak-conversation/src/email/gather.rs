use super::{BaseSubject, MailHeaders, forest::Forest};
use std::collections::BTreeMap;

/// RFC 5256, REFERENCES step 5: brings threads of one base subject under one root.
pub(super) fn gather(mails: &[MailHeaders], forest: Forest) -> Forest {
    let mut threads: Vec<Root> =
        forest.roots.iter().filter_map(|&root| Root::new(mails, &forest, root)).collect();
    threads.sort_unstable_by_key(|thread| (mails[thread.oldest].sent_at, thread.oldest));

    let mut by_subject: BTreeMap<&str, Root> = BTreeMap::new();
    for thread in &threads {
        by_subject
            .entry(thread.subject.key())
            .and_modify(|holder| {
                if holder.yields_to(thread) {
                    *holder = thread.clone();
                }
            })
            .or_insert_with(|| thread.clone());
    }

    let mut parent = forest.into_parents();
    for thread in &threads {
        let Some(holder) = by_subject.get_mut(thread.subject.key()) else { continue };
        if holder.node == thread.node {
            continue;
        }
        if holder.is_missing || thread.is_answer() && !holder.is_answer() {
            // A missing thread root dissolves here: its answers become the holder's.
            parent[thread.node] = Some(holder.node);
            continue;
        }
        let joint = parent.len();
        parent.push(None);
        parent[holder.node] = Some(joint);
        parent[thread.node] = Some(joint);
        holder.node = joint;
        holder.is_missing = true;
    }
    Forest::new(mails, parent)
}

#[derive(Clone)]
struct Root {
    node: usize,
    is_missing: bool,
    oldest: usize,
    subject: BaseSubject,
}

impl Root {
    /// `None` where the thread has no subject to be gathered by.
    fn new(mails: &[MailHeaders], forest: &Forest, root: usize) -> Option<Self> {
        let oldest = forest.oldest(root);
        let subject = BaseSubject::new(mails[oldest].subject.as_deref()?);
        let node = forest.promoted(root);
        (!subject.key().is_empty()).then(|| Self {
            node,
            is_missing: forest.is_missing(node),
            oldest,
            subject,
        })
    }

    const fn is_answer(&self) -> bool {
        self.subject.is_reply_or_forward()
    }

    /// A missing root comes first, then a mail that is no answer, then the oldest.
    const fn yields_to(&self, other: &Self) -> bool {
        !self.is_missing && (other.is_missing || self.is_answer() && !other.is_answer())
    }
}
