use crate::history::{Intern, Names};
use kontak_types::{CustomerId, TouchpointId};
use smallvec::SmallVec;

/// Most have a handful, which lies where it is looked for.
type Few = SmallVec<[u32; 4]>;

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
    members: Vec<Few>,
    /// Customers, some of them several times.
    dirty: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Account {
    /// 0 before the touchpoint was first seen.
    customer: u32,
    said: Option<u64>,
    erased: bool,
    conversations: Few,
}

impl People {
    /// Gives a conversation to a touchpoint.
    pub(super) fn add(&mut self, touchpoint: u32, conversation: u32, names: &Names) {
        if touchpoint != 0 {
            let customer = self.account(touchpoint, names).customer;
            self.accounts[touchpoint as usize].conversations.push(conversation);
            self.dirty.push(customer);
        }
    }

    pub(super) fn remove(&mut self, touchpoint: u32, conversation: u32) {
        if let Some(account) = self.accounts.get_mut(touchpoint as usize) {
            account.conversations.retain(|held| *held != conversation);
            self.dirty.push(account.customer);
        }
    }

    /// A touchpoint of which nothing is here, and something may be away.
    pub(super) fn know(&mut self, touchpoint: u32, names: &Names) {
        let customer = self.account(touchpoint, names).customer;
        self.dirty.push(customer);
    }

    /// A conversation of the touchpoint is away: nothing has changed.
    pub(super) fn part_with(&mut self, touchpoint: u32, conversation: u32) {
        if let Some(account) = self.accounts.get_mut(touchpoint as usize) {
            account.conversations.retain(|held| *held != conversation);
        }
    }

    /// It is here again.
    pub(super) fn take_back(&mut self, touchpoint: u32, conversation: u32) {
        if let Some(account) = self.accounts.get_mut(touchpoint as usize) {
            account.conversations.push(conversation);
        }
    }

    /// A conversation is in another place.
    pub(super) fn moved(&mut self, touchpoint: u32, from: u32, to: u32) {
        if let Some(account) = self.accounts.get_mut(touchpoint as usize) {
            let held = account.conversations.iter_mut();
            held.filter(|held| **held == from).for_each(|held| *held = to);
        }
    }

    /// A conversation of the touchpoint has changed.
    pub(super) fn touch(&mut self, touchpoint: u32) {
        if let Some(account) = self.accounts.get(touchpoint as usize).filter(|it| it.customer != 0)
        {
            self.dirty.push(account.customer);
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
            self.members[old as usize].retain(|member| *member != touchpoint);
            self.join(touchpoint, new);
            self.dirty.extend([old, new]);
        }
        true
    }

    pub(super) fn erase(&mut self, touchpoint: u32, names: &Names) {
        let customer = self.account(touchpoint, names).customer;
        self.accounts[touchpoint as usize].erased = true;
        self.dirty.push(customer);
    }

    /// Each customer of whom something has changed, once.
    pub(super) fn take_dirty(&mut self) -> Vec<u32> {
        let mut dirty = std::mem::take(&mut self.dirty);
        dirty.sort_unstable();
        dirty.dedup();
        dirty
    }

    /// The touchpoints of a customer: whether they still may be told together, and their conversations.
    pub(super) fn conversations(&self, customer: u32) -> impl Iterator<Item = (bool, &[u32])> {
        self.members(customer).iter().map(|member| {
            let account = &self.accounts[*member as usize];
            (!account.erased, account.conversations.as_slice())
        })
    }

    /// The touchpoints of a customer.
    pub(super) fn members(&self, customer: u32) -> &[u32] {
        self.members.get(customer as usize).map_or(&[][..], Few::as_slice)
    }

    pub(super) fn customer_of(&self, touchpoint: u32) -> Option<CustomerId> {
        self.customers.name(self.number_of(touchpoint)?).copied()
    }

    /// The number of a touchpoint's customer; `None` for one never seen, and for one erased.
    pub(super) fn number_of(&self, touchpoint: u32) -> Option<u32> {
        let account = self.accounts.get(touchpoint as usize).filter(|account| !account.erased)?;
        (account.customer != 0).then_some(account.customer)
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

    fn join(&mut self, touchpoint: u32, customer: u32) {
        let place = customer as usize;
        if self.members.len() <= place {
            self.members.resize(place + 1, Few::new());
        }
        self.members[place].push(touchpoint);
    }

    fn account(&mut self, touchpoint: u32, names: &Names) -> &Account {
        let place = touchpoint as usize;
        if self.accounts.len() <= place {
            let unseen =
                Account { customer: 0, said: None, erased: false, conversations: Few::new() };
            self.accounts.resize(place + 1, unseen);
        }
        if self.accounts[place].customer == 0
            && let Some(id) = names.touchpoints.name(touchpoint)
        {
            let customer = self.customers.add(&CustomerId::from(*id));
            self.accounts[place].customer = customer;
            self.join(touchpoint, customer);
        }
        &self.accounts[place]
    }
}
