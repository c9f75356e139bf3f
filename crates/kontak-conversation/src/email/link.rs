use super::{MailHeaders, MessageId, ancestry::Ancestry};
use std::collections::BTreeMap;

/// RFC 5256, REFERENCES step 1: the parent of every mail and of every mail that is only referred to.
///
/// Nodes below `mails.len()` are the mails; those above were mentioned and are missing, in the order of
/// their first mention.
pub(super) fn link(mails: &[MailHeaders]) -> Vec<Option<usize>> {
    let mut named = BTreeMap::new();
    for (node, mail) in mails.iter().enumerate() {
        if let Some(id) = &mail.message_id {
            // A later mail with the same id keeps its place but not the name: nobody can refer to it.
            named.entry(id).or_insert(node);
        }
    }
    let mut links = Links::new(mails.len());
    for (node, mail) in mails.iter().enumerate() {
        let mut above = None;
        for id in mail.ancestors() {
            let mentioned = links.node(&mut named, id);
            if let Some(above) = above {
                links.connect(above, mentioned);
            }
            above = Some(mentioned);
        }
        links.settle(node, above);
    }
    links.parent
}

struct Links {
    parent: Vec<Option<usize>>,
    /// Once a parent, perhaps no longer.
    has_had_children: Vec<bool>,
    ancestry: Ancestry,
}

impl Links {
    fn new(count: usize) -> Self {
        let mut links =
            Self { parent: Vec::new(), has_had_children: Vec::new(), ancestry: Ancestry::new() };
        (0..count).for_each(|_| links.add());
        links
    }

    fn add(&mut self) {
        self.parent.push(None);
        self.has_had_children.push(false);
        self.ancestry.add();
    }

    fn node<'a>(&mut self, named: &mut BTreeMap<&'a MessageId, usize>, id: &'a MessageId) -> usize {
        *named.entry(id).or_insert_with(|| {
            self.add();
            self.parent.len() - 1
        })
    }

    /// What one mail says of two others: taken where it contradicts nothing said before and makes no loop.
    fn connect(&mut self, above: usize, child: usize) {
        if above == child || self.parent[child].is_some() {
            return;
        }
        if self.has_had_children[child] && self.ancestry.root(above) == child {
            return;
        }
        self.parent[child] = Some(above);
        self.has_had_children[above] = true;
        self.ancestry.link(child, above);
    }

    /// What a mail says of itself overrides what others said of it, also where it says nothing.
    fn settle(&mut self, mail: usize, above: Option<usize>) {
        if self.parent[mail].is_some() && self.parent[mail] != above {
            self.parent[mail] = None;
            self.ancestry.cut(mail);
        }
        if let Some(above) = above {
            self.connect(above, mail);
        }
    }
}
