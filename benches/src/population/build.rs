mod traces;

use super::{GeneratorConfig, Identifier, Make, Person, Population, Stream, Touchpoint};
use crate::channel::{CHANNELS, STORE, shares};
use crate::market::Line;
use crate::random::Draws;
use crate::random::of_item;
use crate::{Market, Random, placeholder};
use std::ops::Range;

const DAY: u32 = 86_400;
/// Four years of 365¼ days.
const SPAN: u32 = 4 * 1_461 * DAY / 4;
/// Indonesia re-issues a number sixty days after it expired.
const REISSUE: u32 = 60 * DAY;
const NOBODY: u32 = u32::MAX;
/// How often a random draw is repeated that may not fit.
const LOOKS: u32 = 64;
const HOUSEHOLD_SIZES: [(u32, u32); 3] = [(2, 5), (3, 3), (4, 2)];
const PHONES: [(usize, u32); 4] = [(0, 2), (1, 66), (2, 25), (3, 7)];
const MAILBOXES: [(u32, u32); 4] = [(0, 4), (1, 62), (2, 27), (3, 7)];

/// Draws a population person by person, household by household.
pub(super) struct Builder {
    config: GeneratorConfig,
    random: Random,
    population: Population,
    stores: Vec<Store>,
    /// Stores of each market.
    stores_of: [Vec<u32>; Market::ALL.len()],
    /// Numbers that their owner gave up, with the second from which they may be issued again.
    given_up: [Vec<(u32, u32)>; Market::ALL.len()],
    issued: [[u32; 2]; Market::ALL.len()],
    /// The phone that somebody gives when asked today, by person.
    usual_phone: Vec<u32>,
    mailboxes: u32,
    role_mailboxes: Vec<u32>,
    junk_phones: [Vec<u32>; Market::ALL.len()],
    junk_mail: Vec<u32>,
    households: u32,
    odds: Odds,
}

/// Probabilities that give the asked shares.
struct Odds {
    /// Of somebody else's phone, where an agent types a phone.
    bridging: f64,
    /// Of a placeholder, where an agent types.
    placeholder: f64,
    /// Of the clerk's phone, where a store has such a clerk.
    clerk: f64,
    /// Of a number that had an owner, for somebody who gets one.
    recycled: f64,
}

struct Store {
    market: Market,
    phone: Option<u32>,
    clerk: Option<Clerk>,
}

/// An employee who types the own phone, for `left` more customers.
struct Clerk {
    phone: u32,
    left: u32,
}

/// What a person has while the touchpoints are drawn.
struct Traits {
    index: u32,
    household: u32,
    market: Market,
    /// From the first second to the last.
    customer: Range<u32>,
    phones: Vec<(u32, Range<u32>)>,
    mail: Vec<u32>,
    shared: Shared,
}

/// What a household has together, the phone from some second on.
#[derive(Clone, Copy, Default)]
struct Shared {
    phone: Option<(u32, u32)>,
    mail: Option<u32>,
}

/// Whether somebody may be without a phone, and may go and give the number back.
#[derive(Clone, Copy, PartialEq)]
enum Tie {
    Loose,
    /// Others use the phone as well.
    Settled,
}

impl Odds {
    fn new(config: &GeneratorConfig, touchpoints_per_store: f64) -> Self {
        let phones: f64 = shares().map(|(habit, share)| share * habit.phone).sum();
        let typed: f64 = shares()
            .filter(|(habit, _)| habit.typed_by_agent)
            .map(|(habit, share)| share * habit.phone)
            .sum();
        let in_store: f64 = shares()
            .filter(|(habit, _)| habit.name == CHANNELS[STORE as usize].name)
            .map(|(_, share)| share * touchpoints_per_store)
            .sum();
        Self {
            bridging: config.bridging / typed,
            placeholder: config.placeholders * phones / typed,
            // Twice what the longest list needs, so that nearly all are filled.
            clerk: (120.0 / in_store).min(0.5),
            // Fewer than half leave a trace under both owners.
            recycled: 2.2 * config.recycled,
        }
    }
}

impl Builder {
    pub(super) fn new(config: GeneratorConfig) -> Self {
        let expected = config.expected_touchpoints();
        let stores = ((expected / 5_000.0) as u32).max(40);
        let mut builder = Self {
            random: of_item(config.seed, Stream::Build as u64, 0),
            odds: Odds::new(&config, expected / f64::from(stores)),
            population: Population {
                config: config.clone(),
                people: Vec::with_capacity(config.people as usize),
                touchpoints: Vec::new(),
                sightings: Vec::new(),
                identifiers: Vec::new(),
            },
            config,
            stores: Vec::new(),
            stores_of: Default::default(),
            given_up: Default::default(),
            issued: Default::default(),
            usual_phone: Vec::new(),
            mailboxes: 0,
            role_mailboxes: Vec::new(),
            junk_phones: Default::default(),
            junk_mail: Vec::new(),
            households: 0,
        };
        builder.open_stores(stores);
        builder.list_placeholders();
        builder
    }

    pub(super) fn population(mut self) -> Population {
        let clerks = (0..self.stores.len() as u32).filter(|&store| self.has_clerk(store));
        for store in clerks.collect::<Vec<_>>() {
            if self.people_left() > 0 {
                self.employ(store);
            }
        }
        while self.people_left() > 0 {
            self.household();
        }
        self.population.in_order_of_time()
    }

    fn open_stores(&mut self, stores: u32) {
        let role_mailboxes = self.config.people / 400 + 1;
        for serial in 0..role_mailboxes {
            let mailbox = self.identifier(Make::Role, Market::Id, serial, NOBODY);
            self.role_mailboxes.push(mailbox);
        }
        for store in 0..stores {
            // One in every market, so that everybody has somewhere to go.
            let market = match Market::ALL.get(store as usize) {
                Some(market) => *market,
                None => self.market(),
            };
            let types_own_phone = is_every(store, self.config.store_phones);
            let phone = types_own_phone.then(|| {
                let line = if self.random.chance(0.5) { Line::Landline } else { Line::Mobile };
                self.issue(market, line, NOBODY)
            });
            self.stores_of[market as usize].push(store);
            self.stores.push(Store { market, phone, clerk: None });
        }
    }

    fn list_placeholders(&mut self) {
        for market in Market::ALL {
            for serial in 0..placeholder::phones(market).len() as u32 {
                let junk = self.identifier(Make::JunkPhone, market, serial, NOBODY);
                self.junk_phones[market as usize].push(junk);
            }
        }
        for serial in 0..placeholder::MAIL.len() as u32 {
            let junk = self.identifier(Make::JunkMail, Market::Id, serial, NOBODY);
            self.junk_mail.push(junk);
        }
    }

    fn has_clerk(&self, store: u32) -> bool {
        is_every(store, self.config.staff_phones)
    }

    fn people_left(&self) -> u32 {
        self.config.people - self.population.people.len() as u32
    }

    fn market(&mut self) -> Market {
        self.random.weighted(&Market::WEIGHTS)
    }

    fn employ(&mut self, store: u32) {
        let market = self.stores[store as usize].market;
        let person = self.person(market, Shared::default(), Tie::Settled);
        let left = self.random.between(15, 61);
        let clerk = Clerk { phone: self.usual_phone[person.index as usize], left };
        self.stores[store as usize].clerk = Some(clerk);
        self.touchpoints(&person);
        self.households += 1;
    }

    /// One person alone, or several who share a phone, a mailbox or both.
    fn household(&mut self) {
        let market = self.market();
        // Mean size 2.7: so many of the households, for the asked share of the people.
        let share = self.config.households;
        let sharing = self.random.chance(share / (2.7 - 1.7 * share));
        let size = if sharing { self.random.weighted(&HOUSEHOLD_SIZES) } else { 1 };
        let (by_phone, by_mail) = match self.random.below(10) {
            0..6 => (true, false),
            6..8 => (false, true),
            _ => (true, true),
        };
        let at_home = sharing && by_phone && self.random.chance(0.4);
        let home = at_home.then(|| self.issue(market, Line::Landline, NOBODY));
        let mut shared = Shared { phone: home.map(|phone| (phone, 0)), mail: None };
        for member in 0..size.min(self.people_left()) {
            let head = sharing && member == 0;
            let tie = if head { Tie::Settled } else { Tie::Loose };
            let person = self.person(market, shared, tie);
            if head {
                // The others use hers.
                let hers = person.phones.last().map(|(phone, held)| (*phone, held.start));
                shared.phone = shared.phone.or_else(|| hers.filter(|_| by_phone));
                shared.mail = person.mail.first().copied().filter(|_| by_mail);
            }
            self.touchpoints(&person);
        }
        self.households += 1;
    }

    /// Phones one after the other over the time in which the person is a customer, and mailboxes.
    fn person(&mut self, market: Market, shared: Shared, tie: Tie) -> Traits {
        let index = self.population.people.len() as u32;
        let household = self.households;
        self.population.people.push(Person { household, market });
        let first = self.random.below(SPAN / 100 * 85);
        let last = self.random.between(first + 30 * DAY, SPAN);
        let phones = self.random.weighted(&PHONES).max(usize::from(tie == Tie::Settled));
        let mail = self.random.weighted(&MAILBOXES);

        let mut phones = self.phones(index, market, first..last, phones);
        let leaves = tie == Tie::Loose && last < SPAN - 360 * DAY && self.random.chance(0.3);
        if let Some((phone, held)) = phones.last_mut().filter(|_| leaves) {
            held.end = last + 1;
            let phone = (*phone, self.reissued_from(last));
            self.given_up[market as usize].push(phone);
        }
        phones.retain(|(_, held)| !held.is_empty());
        self.usual_phone.push(phones.last().map_or(NOBODY, |(phone, _)| *phone));
        let mail = (0..mail).map(|_| self.open_mailbox(index)).collect();
        Traits { index, household, market, customer: first..last, phones, mail, shared }
    }

    fn phones(
        &mut self,
        person: u32,
        market: Market,
        customer: Range<u32>,
        count: usize,
    ) -> Vec<(u32, Range<u32>)> {
        let mut starts = vec![customer.start];
        starts.extend((1..count).map(|_| self.random.between(customer.start, customer.end)));
        starts.truncate(count);
        starts.sort_unstable();
        let mut phones = Vec::with_capacity(count);
        for (i, &start) in starts.iter().enumerate() {
            let phone = self.next_phone(person, market, start);
            let keeps = self.random.chance(0.3);
            let end = match starts.get(i + 1) {
                Some(&next) if !keeps => {
                    let reissued = (phone, self.reissued_from(next));
                    self.given_up[market as usize].push(reissued);
                    next
                }
                _ => SPAN + 1,
            };
            phones.push((phone, start..end));
        }
        phones
    }

    fn reissued_from(&mut self, given_up: u32) -> u32 {
        given_up + REISSUE + self.random.below(540 * DAY)
    }

    /// A number that was free long enough, now and then; otherwise a new one.
    fn next_phone(&mut self, person: u32, market: Market, from: u32) -> u32 {
        let free = &mut self.given_up[market as usize];
        if !free.is_empty() && self.random.chance(self.odds.recycled) {
            for _ in 0..LOOKS {
                let at = self.random.below(free.len() as u32) as usize;
                let (phone, free_from) = free[at];
                let first_owner = self.population.identifiers[phone as usize].subject;
                if free_from <= from && first_owner != person {
                    free.swap_remove(at);
                    return phone;
                }
            }
        }
        self.issue(market, Line::Mobile, person)
    }

    fn issue(&mut self, market: Market, line: Line, subject: u32) -> u32 {
        let serial = self.issued[market as usize][line as usize];
        assert!(u64::from(serial) < market.capacity(line), "the numbering plan is used up");
        self.issued[market as usize][line as usize] += 1;
        let make = if line == Line::Landline { Make::Landline } else { Make::Mobile };
        self.identifier(make, market, serial, subject)
    }

    fn open_mailbox(&mut self, subject: u32) -> u32 {
        self.mailboxes += 1;
        self.identifier(Make::Personal, Market::Id, self.mailboxes, subject)
    }

    fn identifier(&mut self, make: Make, market: Market, serial: u32, subject: u32) -> u32 {
        self.population.identifiers.push(Identifier { serial, subject, make, market });
        self.population.identifiers.len() as u32 - 1
    }
}

/// `share` of the stores, evenly spread; at least one where the share is not 0.
fn is_every(store: u32, share: f64) -> bool {
    let upto = |store: u32| (f64::from(store) * share).ceil();
    upto(store) < upto(store + 1)
}

impl Population {
    /// Neighbours in a household become strangers in the journal, as they are in life.
    fn in_order_of_time(mut self) -> Self {
        let seconds = self.touchpoints.iter().map(|touchpoint| u64::from(touchpoint.seconds));
        let mut order: Vec<u64> = seconds.zip(0_u64..).map(|(at, i)| at << 32 | i).collect();
        order.sort_unstable();
        let mut touchpoints = Vec::with_capacity(self.touchpoints.len());
        let mut sightings = Vec::with_capacity(self.sightings.len());
        for index in order {
            let index = index as u32;
            let first_sighting = sightings.len() as u32;
            sightings.extend_from_slice(self.sightings(index));
            let touchpoint = self.touchpoints[index as usize];
            touchpoints.push(Touchpoint { first_sighting, ..touchpoint });
        }
        self.touchpoints = touchpoints;
        self.sightings = sightings;
        self
    }
}
