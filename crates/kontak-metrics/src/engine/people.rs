use crate::history::{Intern, Names};
use kontak_types::{CustomerId, TouchpointId};
use std::collections::{BTreeMap, BTreeSet};

/// Which conversations are whose.
///
/// A touchpoint is its own customer until it is said to belong to another. Of what is said of it the highest
/// revision counts, so what is said may come late, twice and shuffled.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    customers: Intern<CustomerId>,
    /// By touchpoint.
    accounts: Vec<Account>,
    /// By customer: its touchpoints.
    members: BTreeMap<u32, Vec<u32>>,
    dirty: BTreeSet<u32>,
}

#[derive(Clone, Debug)]
struct Account {
    /// 0 before the touchpoint was first seen.
    customer: u32,
    said: Option<u64>,
    erased: bool,
    conversations: Vec<u32>,
}

impl People {
    /// Gives a conversation to a touchpoint.
    pub(super) fn add(&mut self, touchpoint: u32, conversation: u32, names: &Names) {
        if touchpoint != 0 {
            let customer = self.account(touchpoint, names).customer;
            self.accounts[touchpoint as usize].conversations.push(conversation);
            self.dirty.insert(customer);
        }
    }

    pub(super) fn remove(&mut self, touchpoint: u32, conversation: u32) {
        if let Some(account) = self.accounts.get_mut(touchpoint as usize) {
            account.conversations.retain(|held| *held != conversation);
            self.dirty.insert(account.customer);
        }
    }

    /// A conversation of the touchpoint has changed.
    pub(super) fn touch(&mut self, touchpoint: u32) {
        if let Some(account) = self.accounts.get(touchpoint as usize).filter(|it| it.customer != 0)
        {
            self.dirty.insert(account.customer);
        }
    }

    /// Whether it was news.
    pub(super) fn say(
        &mut self,
        touchpoint: u32,
        customer: CustomerId,
        revision: u64,
        names: &Names,
    ) -> bool {
        let held = self.account(touchpoint, names);
        let (old, said) = (held.customer, held.said);
        let spoken =
            said.map(|said| (said, *self.customers.name(old).expect("an account has a customer")));
        if spoken >= Some((revision, customer)) {
            return false;
        }
        let new = self.customers.add(&customer);
        self.accounts[touchpoint as usize].said = Some(revision);
        if new != old {
            self.accounts[touchpoint as usize].customer = new;
            if let Some(members) = self.members.get_mut(&old) {
                members.retain(|member| *member != touchpoint);
            }
            self.members.entry(new).or_default().push(touchpoint);
            self.dirty.extend([old, new]);
        }
        true
    }

    pub(super) fn erase(&mut self, touchpoint: u32, names: &Names) {
        let customer = self.account(touchpoint, names).customer;
        self.accounts[touchpoint as usize].erased = true;
        self.dirty.insert(customer);
    }

    pub(super) fn take_dirty(&mut self) -> BTreeSet<u32> {
        std::mem::take(&mut self.dirty)
    }

    /// The touchpoints of a customer: whether they still may be told together, and their conversations.
    pub(super) fn conversations(&self, customer: u32) -> impl Iterator<Item = (bool, &[u32])> {
        let members = self.members.get(&customer).map_or(&[][..], Vec::as_slice);
        members.iter().map(|member| {
            let account = &self.accounts[*member as usize];
            (!account.erased, account.conversations.as_slice())
        })
    }

    pub(super) fn customer_of(&self, touchpoint: u32) -> Option<CustomerId> {
        let account = self.accounts.get(touchpoint as usize).filter(|account| !account.erased)?;
        self.customers.name(account.customer).copied()
    }

    /// All that was said, by touchpoint: `(touchpoint, customer, revision)`.
    pub(super) fn said<'a>(
        &'a self,
        names: &'a Names,
    ) -> impl Iterator<Item = (TouchpointId, CustomerId, u64)> + 'a {
        let accounts = (0_u32..).zip(&self.accounts);
        accounts.filter_map(|(touchpoint, account)| {
            let touchpoint = *names.touchpoints.name(touchpoint)?;
            Some((touchpoint, *self.customers.name(account.customer)?, account.said?))
        })
    }

    pub(super) fn erased<'a>(
        &'a self,
        names: &'a Names,
    ) -> impl Iterator<Item = TouchpointId> + 'a {
        let accounts = (0_u32..).zip(&self.accounts).filter(|(_, account)| account.erased);
        accounts.filter_map(|(touchpoint, _)| names.touchpoints.name(touchpoint).copied())
    }

    fn account(&mut self, touchpoint: u32, names: &Names) -> &Account {
        let place = touchpoint as usize;
        if self.accounts.len() <= place {
            let unseen =
                Account { customer: 0, said: None, erased: false, conversations: Vec::new() };
            self.accounts.resize(place + 1, unseen);
        }
        if self.accounts[place].customer == 0
            && let Some(id) = names.touchpoints.name(touchpoint)
        {
            let customer = self.customers.add(&CustomerId::from(*id));
            self.accounts[place].customer = customer;
            self.members.entry(customer).or_default().push(touchpoint);
        }
        &self.accounts[place]
    }
}
