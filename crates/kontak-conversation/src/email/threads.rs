use super::{BaseSubject, MailHeaders, forest::Forest, gather::gather, link::link};
use std::fmt;

/// Mails arranged in threads, each mail under the one that it answers.
///
/// Mails are named by their index in the slice they came in. Their order in that slice counts: of two
/// mails with one Message-ID the first keeps it, and of two with the same time the first is the older.
/// The order of arrival is the one to use.
///
/// Where RFC 5256 leaves room, this follows Dovecot. No call recurses; a chain may be of any length.
///
/// `Display` writes the threads as IMAP does, counting mails from 1.
#[derive(Clone, PartialEq, Eq)]
pub struct Threads {
    /// Each entry is followed by everything under it.
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry {
    mail: Option<usize>,
    /// After the last entry under this one.
    end: usize,
}

/// A mail and everything under it, seen from [`Threads`].
#[derive(Clone, Copy)]
pub struct Thread<'a> {
    entries: &'a [Entry],
    at: usize,
}

impl Threads {
    /// `THREAD=REFERENCES` of RFC 5256: by `References` and `In-Reply-To`, then threads of the same base
    /// subject are brought together. The oldest thread comes first.
    ///
    /// O(n log n) in the number of ids mentioned.
    ///
    /// Strangers who write under the same subject land in one thread. To find the conversation of an
    /// inbound mail, use [`reply_candidates`](super::reply_candidates).
    #[must_use]
    pub fn references(mails: &[MailHeaders]) -> Self {
        let forest = gather(mails, Forest::new(mails, link(mails)));
        let mut roots = forest.roots.clone();
        roots.sort_unstable_by_key(|&root| {
            let oldest = forest.oldest(root);
            (mails[oldest].sent_at, oldest)
        });
        Self::emit(&forest, &roots)
    }

    /// `THREAD=REFS` (draft-ietf-morg-inthread): by `References` and `In-Reply-To` alone. The thread
    /// whose newest mail is the oldest comes first.
    ///
    /// O(n log n) in the number of ids mentioned.
    #[must_use]
    pub fn refs(mails: &[MailHeaders]) -> Self {
        let forest = Forest::new(mails, link(mails));
        let mut roots: Vec<_> = forest
            .roots
            .iter()
            .map(|&root| {
                let mut newest = mails[forest.oldest(root)].sent_at;
                let mut below = vec![root];
                while let Some(node) = below.pop() {
                    below.extend(forest.children(node));
                    if !forest.is_missing(node) {
                        newest = newest.max(mails[node].sent_at);
                    }
                }
                // Dovecot puts a missing root before the others of the same time.
                (newest, !forest.is_missing(root), root)
            })
            .collect();
        roots.sort_unstable();
        let roots: Vec<_> = roots.into_iter().map(|(_, _, root)| root).collect();
        Self::emit(&forest, &roots)
    }

    /// `THREAD=ORDEREDSUBJECT` of RFC 5256: by base subject alone; every later mail of a subject stands
    /// under its first. Mails without a subject share one thread.
    ///
    /// O(n log n).
    #[must_use]
    pub fn ordered_subject(mails: &[MailHeaders]) -> Self {
        let subjects: Vec<_> = mails
            .iter()
            .map(|mail| BaseSubject::new(mail.subject.as_deref().unwrap_or_default()))
            .collect();
        let key = |mail: usize| subjects[mail].key();
        let mut order: Vec<usize> = (0..mails.len()).collect();
        order.sort_unstable_by_key(|&mail| (key(mail), mails[mail].sent_at, mail));
        let mut threads: Vec<&[usize]> = order.chunk_by(|&a, &b| key(a) == key(b)).collect();
        threads.sort_unstable_by_key(|thread| (mails[thread[0]].sent_at, thread[0]));

        let mut entries = Vec::with_capacity(mails.len());
        for thread in threads {
            let end = entries.len() + thread.len();
            entries.push(Entry { mail: Some(thread[0]), end });
            for &mail in &thread[1..] {
                entries.push(Entry { mail: Some(mail), end: entries.len() + 1 });
            }
        }
        Self { entries }
    }

    /// The threads, each by its root.
    pub fn iter(&self) -> impl Iterator<Item = Thread<'_>> {
        siblings(&self.entries, 0, self.entries.len())
    }

    fn emit(forest: &Forest, roots: &[usize]) -> Self {
        enum Step {
            Enter(usize),
            Leave(usize),
        }
        let mut entries = Vec::new();
        let mut steps: Vec<Step> =
            roots.iter().rev().map(|&root| Step::Enter(forest.promoted(root))).collect();
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(node) => {
                    steps.push(Step::Leave(entries.len()));
                    steps.extend(
                        forest.children(node).iter().rev().map(|&child| Step::Enter(child)),
                    );
                    entries
                        .push(Entry { mail: (!forest.is_missing(node)).then_some(node), end: 0 });
                }
                Step::Leave(entry) => entries[entry].end = entries.len(),
            }
        }
        Self { entries }
    }
}

impl<'a> Thread<'a> {
    /// The index of the mail; `None` for a root that is missing but has several answers, or that only
    /// holds threads of one subject together.
    #[must_use]
    pub const fn mail(&self) -> Option<usize> {
        self.entries[self.at].mail
    }

    /// The answers to this mail, oldest first.
    pub fn replies(&self) -> impl Iterator<Item = Self> + use<'a> {
        siblings(self.entries, self.at + 1, self.entries[self.at].end)
    }

    /// All mails here: this one, then everything under each answer in turn.
    pub fn mails(&self) -> impl Iterator<Item = usize> + use<'a> {
        self.entries[self.at..self.entries[self.at].end].iter().filter_map(|entry| entry.mail)
    }
}

fn siblings(entries: &[Entry], first: usize, end: usize) -> impl Iterator<Item = Thread<'_>> {
    let mut at = first;
    std::iter::from_fn(move || {
        (at < end).then(|| {
            let thread = Thread { entries, at };
            at = entries[at].end;
            thread
        })
    })
}

impl fmt::Display for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut open_until: Vec<usize> = Vec::new();
        let mut before: Option<&Entry> = None;
        for (at, entry) in self.entries.iter().enumerate() {
            while open_until.pop_if(|end| *end <= at).is_some() {
                f.write_str(")")?;
            }
            let parent = before.filter(|before| before.end > at);
            if parent.is_some_and(|parent| parent.mail.is_some()) {
                f.write_str(" ")?;
            }
            if parent.is_none_or(|parent| parent.end != entry.end) {
                f.write_str("(")?;
                open_until.push(entry.end);
            }
            if let Some(mail) = entry.mail {
                write!(f, "{}", mail + 1)?;
            }
            before = Some(entry);
        }
        open_until.iter().try_for_each(|_| f.write_str(")"))
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Threads({self})")
    }
}

impl fmt::Debug for Thread<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thread")
            .field("mail", &self.mail())
            .field("mails", &self.mails().count())
            .finish()
    }
}
