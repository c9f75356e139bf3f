//! The stubs of one customer, as bytes.

use super::bytes::{Bytes, put_number, put_signed};
use super::names::Names;
use super::stub::{Shelved, Stub};
use super::table::Identified;
use crate::retention::Classes;
use chrono::{DateTime, Utc};
use kontak_types::uuid::Uuid;
use kontak_types::{ChannelKind, ConversationId, CustomerId, TouchpointId};
use std::ops::Range;
use thin_vec::ThinVec;

/// The stubs of a customer, in the order in which they began.
#[derive(Clone, Debug)]
pub(super) struct Pack {
    customer: CustomerId,
    /// The accounts that they name, but the one that the customer is called after. One that none of
    /// them names any more stays for as long as there is a stub.
    accounts: ThinVec<TouchpointId>,
    /// Each with its length before it.
    stubs: Box<[u8]>,
}

impl Identified for Pack {
    type Id = CustomerId;

    const UUID: fn(&CustomerId) -> &Uuid = CustomerId::as_uuid;

    fn id(&self) -> CustomerId {
        self.customer
    }
}

/// So many bytes are an id.
const ID: usize = 16;

const CLOSED: u8 = 1;
const HELD: u8 = 1 << 1;
/// From this bit on the classes of which something is kept.
const KEEPS: u32 = 2;
/// It has one leg, as most.
const ONE_LEG: u8 = 1 << 7;

/// A time is not of whole microseconds.
const FINE: u8 = 1;
const SAID: u8 = 1 << 1;
/// Nothing was said after what began it.
const SAID_ONCE: u8 = 1 << 2;
const HAD: u8 = 1 << 3;
const ABOUT: u8 = 1 << 4;

/// 2030: what is within nine years of it takes seven bytes.
const EPOCH: DateTime<Utc> = DateTime::from_timestamp(1_893_456_000, 0).unwrap();

impl Pack {
    pub(super) fn new(customer: CustomerId) -> Self {
        Self { customer, accounts: ThinVec::new(), stubs: Box::default() }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.stubs.is_empty()
    }

    pub(super) fn stubs<'a>(&'a self, names: &'a Names) -> impl Iterator<Item = Packed<'a>> {
        self.records().map(|(_, record)| Packed { pack: self, names, record })
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = ConversationId> {
        self.records().map(|(_, mut record)| record.id())
    }

    pub(super) fn put(&mut self, stub: &Stub, names: &mut Names) {
        let written = self.write(stub, names);
        let records: Vec<_> = self.records().collect();
        let next = records.partition_point(|(_, record)| record.began() < stub.began());
        let at = records.get(next).map_or(self.stubs.len(), |(place, _)| place.start);
        let (before, after) = self.stubs.split_at(at);
        self.stubs = [before, &written, after].concat().into();
    }

    pub(super) fn take(&mut self, id: ConversationId, names: &Names) -> Option<Stub> {
        let (place, record) = self.record(id)?;
        let stub = Packed { pack: self, names, record }.read().to_stub();
        self.stubs = [&self.stubs[..place.start], &self.stubs[place.end..]].concat().into();
        Some(stub)
    }

    fn record(&self, id: ConversationId) -> Option<(Range<usize>, Bytes<'_>)> {
        self.records().find(|(_, record)| { *record }.id() == id)
    }

    /// Where each stands, with its length, and what it is.
    fn records(&self) -> impl Iterator<Item = (Range<usize>, Bytes<'_>)> {
        let mut rest = Bytes(&self.stubs);
        let place = |rest: Bytes<'_>| self.stubs.len() - rest.0.len();
        std::iter::from_fn(move || {
            let start = place(rest);
            let record = (!rest.0.is_empty()).then(|| rest.number())?;
            let record = Bytes(rest.take(record as usize));
            Some((start..place(rest), record))
        })
    }

    /// A stub, after its length.
    fn write(&mut self, stub: &Stub, names: &mut Names) -> Vec<u8> {
        let times = [Some(stub.since), Some(stub.opened_at), stub.last_message];
        let is_fine = times.iter().flatten().any(|at| micros(at.timestamp_micros()) != *at);
        let said_once = stub.last_message == Some(stub.opened_at);
        let flags = |all: &[(bool, u8)]| all.iter().filter(|(is, _)| *is).map(|(_, it)| it).sum();
        let state: u8 = flags(&[
            (stub.is_closed, CLOSED),
            (stub.is_held, HELD),
            (stub.legs.len() == 1, ONE_LEG),
        ]);
        let form = flags(&[
            (is_fine, FINE),
            (stub.last_message.is_some(), SAID),
            (said_once, SAID_ONCE),
            (stub.agent.is_some(), HAD),
            (stub.topic.is_some(), ABOUT),
        ]);
        let mut record = Vec::with_capacity(64);
        record.extend(stub.id.as_uuid().as_bytes());
        record.extend([state | stub.keeps.bits() << KEEPS, form]);
        let mut after = EPOCH;
        for at in times.iter().flatten().take(if said_once { 2 } else { 3 }) {
            if is_fine {
                put_signed(&mut record, at.timestamp());
                put_number(&mut record, at.timestamp_subsec_nanos().into());
            } else {
                let before = after.timestamp_micros().wrapping_sub(at.timestamp_micros());
                put_signed(&mut record, before);
                after = stub.since;
            }
        }
        stub.agent.iter().for_each(|it| put_number(&mut record, names.agents.place(it)));
        stub.topic.iter().for_each(|it| put_number(&mut record, names.topics.place(it)));
        if stub.legs.len() != 1 {
            put_number(&mut record, stub.legs.len() as u64);
        }
        for (touchpoint, channel) in &stub.legs {
            put_number(&mut record, self.place(*touchpoint));
            put_number(&mut record, names.channels.place(channel));
        }
        for touchpoint in &stub.reacted {
            put_number(&mut record, self.place(*touchpoint));
        }
        let mut written = Vec::with_capacity(record.len() + 2);
        put_number(&mut written, record.len() as u64);
        written.extend(record);
        written
    }

    fn place(&mut self, account: TouchpointId) -> u64 {
        if account.as_uuid() == self.customer.as_uuid() {
            return 0;
        }
        let known = self.accounts.iter().position(|one| *one == account);
        let place = known.unwrap_or_else(|| {
            self.accounts.reserve_exact(1);
            self.accounts.push(account);
            self.accounts.len() - 1
        });
        place as u64 + 1
    }

    fn account(&self, place: u64) -> TouchpointId {
        match place {
            0 => TouchpointId::new(*self.customer.as_uuid()),
            place => self.accounts[place as usize - 1],
        }
    }
}

/// A stub of which only that is read which is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Packed<'a> {
    pack: &'a Pack,
    names: &'a Names,
    record: Bytes<'a>,
}

impl<'a> Packed<'a> {
    pub(crate) fn id(self) -> ConversationId {
        { self.record }.id()
    }

    pub(crate) fn is_closed(self) -> bool {
        self.state() & CLOSED != 0
    }

    pub(crate) fn is_held(self) -> bool {
        self.state() & HELD != 0
    }

    pub(crate) fn keeps(self) -> Classes {
        Classes::from_bits(self.state() >> KEEPS)
    }

    fn state(self) -> u8 {
        self.record.0[ID]
    }

    pub(crate) fn since(mut self) -> DateTime<Utc> {
        self.record.take_head().since
    }

    /// Since when, in microseconds since 1970: quicker than a date.
    pub(crate) fn since_micros(self) -> i64 {
        let mut record = self.record;
        record.take(ID + 1);
        match record.byte() & FINE {
            0 => EPOCH.timestamp_micros().wrapping_sub(record.signed()),
            _ => self.since().timestamp_micros(),
        }
    }

    pub(crate) fn read(self) -> Shelved<'a> {
        let Self { pack, names, mut record } = self;
        let Head { id, state, form, since } = record.take_head();
        let has = |flag| form & flag != 0;
        let opened_at = record.time(form, since);
        let last_message = match has(SAID_ONCE) {
            true => Some(opened_at),
            false => has(SAID).then(|| record.time(form, since)),
        };
        let agent = has(HAD).then(|| *names.agents.at(record.number()));
        let topic = has(ABOUT).then(|| &**names.topics.at(record.number()));
        let legs = if state & ONE_LEG != 0 { 1 } else { record.number() };
        Shelved {
            id,
            customer: pack.customer,
            opened_at,
            since,
            last_message,
            agent,
            is_closed: state & CLOSED != 0,
            is_held: state & HELD != 0,
            keeps: Classes::from_bits(state >> KEEPS),
            topic,
            sides: Sides { pack, names, legs, record },
        }
    }
}

/// How every stub begins.
struct Head {
    id: ConversationId,
    state: u8,
    form: u8,
    since: DateTime<Utc>,
}

/// Who takes part in a conversation whose stub it is.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pack: &'a Pack,
    names: &'a Names,
    legs: u64,
    record: Bytes<'a>,
}

impl<'a> Sides<'a> {
    pub(super) fn legs(self) -> impl Iterator<Item = (TouchpointId, &'a ChannelKind)> {
        let Self { pack, names, legs, mut record } = self;
        (0..legs).map(move |_| (pack.account(record.number()), names.channels.at(record.number())))
    }

    pub(super) fn reacted(self) -> impl Iterator<Item = TouchpointId> {
        let Self { pack, legs, mut record, .. } = self;
        (0..2 * legs).for_each(|_| _ = record.number());
        std::iter::from_fn(move || (!record.0.is_empty()).then(|| pack.account(record.number())))
    }
}

impl Bytes<'_> {
    fn id(&mut self) -> ConversationId {
        let mut id = [0; ID];
        id.copy_from_slice(self.take(ID));
        ConversationId::new(Uuid::from_bytes(id))
    }

    /// A time as it is written: in microseconds before another, unless it is finer.
    fn time(&mut self, form: u8, after: DateTime<Utc>) -> DateTime<Utc> {
        if form & FINE != 0 {
            let (seconds, nanos) = (self.signed(), self.number());
            return DateTime::from_timestamp(seconds, nanos as u32).unwrap_or_default();
        }
        micros(after.timestamp_micros().wrapping_sub(self.signed()))
    }

    fn take_head(&mut self) -> Head {
        let id = self.id();
        let (state, form) = (self.byte(), self.byte());
        Head { id, state, form, since: self.time(form, EPOCH) }
    }

    fn began(mut self) -> (DateTime<Utc>, ConversationId) {
        let Head { id, form, since, .. } = self.take_head();
        (self.time(form, since), id)
    }
}

fn micros(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at).unwrap_or_default()
}
