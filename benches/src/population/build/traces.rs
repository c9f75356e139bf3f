use super::{Builder, LOOKS, NOBODY, Traits};
use crate::channel::{CHANNELS, STORE, draw_channel};
use crate::population::{Relation, Sighting, Touchpoint};
use crate::random::Draws;

const STORE_HABIT: f64 = 0.45;
const SECOND_PHONE: f64 = 0.25;
const SECOND_MAIL: f64 = 0.2;
/// Accounts of one person; more would be a bot.
const LARGEST: u32 = 150;
const BRANDS: [(u32, u32); 4] = [(0, 6), (1, 3), (2, 2), (3, 1)];
const SHARED: f64 = 0.35;

impl Builder {
    /// What one person leaves behind.
    pub(super) fn touchpoints(&mut self, person: &Traits) {
        // The floor of a variable with a mean of a half more.
        let scale = 3.0 * (self.config.mean_touchpoints - 0.5);
        let count = 1 + (self.random.heavy_tail(scale) as u32).min(LARGEST - 1);
        for _ in 0..count {
            let seconds = self.random.between(person.customer.start, person.customer.end);
            self.touchpoint(person, seconds);
        }
    }

    fn touchpoint(&mut self, person: &Traits, seconds: u32) {
        let has_phone = !person.phones.is_empty() || person.shared.phone.is_some();
        let has_mail = !person.mail.is_empty() || person.shared.mail.is_some();
        let channel = draw_channel(&mut self.random, has_phone, has_mail);
        let habit = &CHANNELS[channel as usize];
        let scope = if channel == STORE {
            self.random.pick(&self.stores_of[person.market as usize])
        } else {
            self.random.weighted(&BRANDS)
        };
        let verification = habit.verification(&mut self.random);
        let first_sighting = self.population.sightings.len();
        if self.random.chance(habit.phone) {
            let store = (channel == STORE).then_some(scope as usize);
            let phone = self.phone(person, store, habit.typed_by_agent, seconds);
            self.sight(first_sighting, phone);
            if habit.form && self.random.chance(SECOND_PHONE) {
                let second = self.own_phone(person, seconds);
                self.sight(first_sighting, second);
            }
        }
        if self.random.chance(habit.mail) {
            let mail = self.mail(person, habit.typed_by_agent);
            self.sight(first_sighting, mail);
            if habit.form && self.random.chance(SECOND_MAIL) {
                let second = self.own_mail(person);
                self.sight(first_sighting, second);
            }
        }
        self.population.touchpoints.push(Touchpoint {
            person: person.index,
            seconds,
            first_sighting: first_sighting as u32,
            scope: scope as u16,
            channel,
            verification,
        });
    }

    fn sight(&mut self, first_sighting: usize, value: Option<(u32, Relation)>) {
        let Some((identifier, relation)) = value else { return };
        let seen = &self.population.sightings[first_sighting..];
        if seen.iter().all(|sighting| sighting.identifier != identifier) {
            self.population.sightings.push(Sighting { identifier, relation });
        }
    }

    fn phone(
        &mut self,
        person: &Traits,
        store: Option<usize>,
        typed_by_agent: bool,
        seconds: u32,
    ) -> Option<(u32, Relation)> {
        if typed_by_agent {
            if self.random.chance(self.odds.bridging) {
                return self.somebody_elses(person).map(|phone| (phone, Relation::Bridging));
            }
            if self.random.chance(self.odds.placeholder) {
                let junk = self.random.pick(&self.junk_phones[person.market as usize]);
                return Some((junk, Relation::Placeholder));
            }
        }
        if let Some(store) = store {
            let store = &mut self.stores[store];
            if let Some(phone) = store.phone.filter(|_| self.random.chance(STORE_HABIT)) {
                return Some((phone, Relation::Store));
            }
            let willing = self.random.chance(self.odds.clerk);
            if let Some(clerk) = store.clerk.as_mut().filter(|clerk| willing && clerk.left > 0) {
                clerk.left -= 1;
                return Some((clerk.phone, Relation::Staff));
            }
        }
        self.own_phone(person, seconds)
    }

    fn own_phone(&mut self, person: &Traits, seconds: u32) -> Option<(u32, Relation)> {
        let mut held = person.phones.iter().filter(|(_, held)| held.contains(&seconds));
        let shared = person.shared.phone.filter(|(_, from)| seconds >= *from);
        let shared = shared.map(|(phone, _)| (phone, Relation::Household));
        let latest = held.next_back().map(|(phone, _)| (*phone, Relation::Own));
        match shared {
            Some(_) if latest.is_none() || self.random.chance(SHARED) => return shared,
            _ => {}
        }
        let other = held.next().map(|(phone, _)| (*phone, Relation::Own));
        if other.is_some() && self.random.chance(0.25) { other } else { latest }
    }

    /// Of somebody known by then in the same market, if a few looks find one.
    fn somebody_elses(&mut self, person: &Traits) -> Option<u32> {
        for _ in 0..LOOKS {
            let other = self.random.below(person.index);
            let of = &self.population.people.get(other as usize)?;
            let phone = self.usual_phone[other as usize];
            if of.market == person.market && of.household != person.household && phone != NOBODY {
                return Some(phone);
            }
        }
        None
    }

    fn mail(&mut self, person: &Traits, typed_by_agent: bool) -> Option<(u32, Relation)> {
        if typed_by_agent && self.random.chance(self.odds.placeholder) {
            return Some((self.random.pick(&self.junk_mail), Relation::Placeholder));
        }
        if self.random.chance(self.config.role_mailboxes) {
            return Some((self.random.pick(&self.role_mailboxes), Relation::Role));
        }
        self.own_mail(person)
    }

    fn own_mail(&mut self, person: &Traits) -> Option<(u32, Relation)> {
        let shared = person.shared.mail.map(|mail| (mail, Relation::Household));
        match (shared, person.mail.as_slice()) {
            (None, []) => None,
            (Some(_), []) => shared,
            (Some(_), _) if self.random.chance(SHARED) => shared,
            (_, [only]) => Some((*only, Relation::Own)),
            (_, [usual, others @ ..]) => {
                let usually = self.random.chance(0.75);
                let mail = if usually { *usual } else { self.random.pick(others) };
                Some((mail, Relation::Own))
            }
        }
    }
}
