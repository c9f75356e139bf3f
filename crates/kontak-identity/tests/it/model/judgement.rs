//! Which holders of one value it may join: tenancies, then names.

use super::{Fact, Model};
use kontak_identity::chrono::{DateTime, Duration, Utc};
use kontak_identity::name::{NameMatch, PersonName};
use kontak_identity::{
    EvidenceId, IdentifierClass, IdentifierKind, IdentifierValue, KindPolicy, Policy,
    WithheldReason,
};
use kontak_types::TouchpointKey;
use std::collections::{BTreeMap, BTreeSet};

/// Smaller is better: trust, first sighting, id.
pub(super) type Rank = (usize, DateTime<Utc>, EvidenceId);

/// The touchpoints that one value joins, for all that the value itself can tell.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) value: IdentifierValue,
    pub(super) holders: BTreeMap<TouchpointKey, Rank>,
}

#[derive(Debug, Default)]
pub(super) struct Judgement {
    pub(super) nodes: Vec<Node>,
    pub(super) withheld: BTreeMap<(TouchpointKey, IdentifierValue), WithheldReason>,
}

#[derive(Clone, Debug)]
struct Holder {
    touchpoint: TouchpointKey,
    rank: Rank,
    from: DateTime<Utc>,
    /// `None`: for ever.
    to: Option<DateTime<Utc>>,
    names: BTreeSet<String>,
}

impl Model {
    pub(super) fn judge(&self, live: &[Fact]) -> Judgement {
        let mut judgement = Judgement::default();
        let values: BTreeSet<&IdentifierValue> = live.iter().map(|fact| &fact.value).collect();
        for value in values {
            let of_value: Vec<&Fact> = live.iter().filter(|fact| fact.value == *value).collect();
            let holders = self.holders(&of_value, live);
            if let Some(reason) = self.barred(value, &of_value) {
                judgement.withhold(value, &holders, reason);
                continue;
            }
            for tenancy in tenancies(holders) {
                if tenancy.len() > self.kind(value.kind()).holders as usize {
                    judgement.withhold(value, &tenancy, WithheldReason::Quarantined);
                } else {
                    self.judge_names(value, tenancy, &mut judgement);
                }
            }
        }
        judgement
    }

    pub(super) fn kind(&self, kind: IdentifierKind) -> &KindPolicy {
        match kind {
            IdentifierKind::Phone => &self.policy.phone,
            IdentifierKind::Email => &self.policy.email,
            _ => unreachable!("a third kind needs a third policy"),
        }
    }

    fn barred(&self, value: &IdentifierValue, of_value: &[&Fact]) -> Option<WithheldReason> {
        let text = value.to_string();
        let is_never = |class: &IdentifierClass| self.policy.never_join.contains(class);
        if self.policy.blocked.iter().any(|pattern| matches(pattern.as_bytes(), text.as_bytes())) {
            Some(WithheldReason::Blocked)
        } else if of_value.iter().any(|fact| is_never(&fact.class)) {
            Some(WithheldReason::NeverPersonal)
        } else {
            None
        }
    }

    /// Best known first.
    fn holders(&self, of_value: &[&Fact], live: &[Fact]) -> Vec<Holder> {
        let touchpoints: BTreeSet<&TouchpointKey> =
            of_value.iter().map(|fact| &fact.touchpoint).collect();
        let mut holders: Vec<Holder> = touchpoints
            .into_iter()
            .map(|touchpoint| {
                let own = || of_value.iter().filter(|fact| fact.touchpoint == *touchpoint);
                let ends: Vec<Option<DateTime<Utc>>> = own().map(|fact| self.end(fact)).collect();
                Holder {
                    touchpoint: touchpoint.clone(),
                    rank: own().map(|fact| rank(&self.policy, fact)).min().unwrap(),
                    from: own().map(|fact| fact.first).min().unwrap(),
                    to: ends
                        .iter()
                        .copied()
                        .collect::<Option<Vec<_>>>()
                        .and_then(|ends| ends.into_iter().max()),
                    names: live
                        .iter()
                        .filter(|fact| fact.touchpoint == *touchpoint)
                        .filter_map(|fact| fact.name.clone())
                        .filter(|name| PersonName::parse(name).is_some())
                        .collect(),
                }
            })
            .collect();
        holders.sort_by_key(|holder| holder.rank);
        holders
    }

    fn end(&self, fact: &Fact) -> Option<DateTime<Utc>> {
        let validity = self.kind(fact.value.kind()).validity_days;
        let at_least = fact.last + Duration::microseconds(1);
        let end = fact.until.or_else(|| Some(fact.last + Duration::days(validity?.into())));
        end.map(|end| end.max(at_least))
    }

    fn judge_names(
        &self,
        value: &IdentifierValue,
        tenancy: Vec<Holder>,
        judgement: &mut Judgement,
    ) {
        let named: Vec<&Holder> =
            tenancy.iter().filter(|holder| !holder.names.is_empty()).collect();
        let all_agree =
            named.iter().all(|holder| holder.names.len() == 1 && holder.names == named[0].names);
        if !self.policy.compare_names || all_agree {
            judgement.join(value, tenancy);
            return;
        }
        let mut groups = groups(&named);
        let nameless = tenancy.iter().filter(|holder| holder.names.is_empty());
        if let [only] = &mut groups[..] {
            only.extend(nameless.cloned());
        } else {
            for holder in nameless {
                judgement.withhold(
                    value,
                    std::slice::from_ref(holder),
                    WithheldReason::NameUnclear,
                );
                judgement.join(value, vec![holder.clone()]);
            }
        }
        for (place, group) in groups.into_iter().enumerate() {
            if place > 0 {
                judgement.withhold(value, &group, WithheldReason::NamesDiffer);
            }
            judgement.join(value, group);
        }
    }
}

impl Judgement {
    fn withhold(&mut self, value: &IdentifierValue, holders: &[Holder], reason: WithheldReason) {
        for holder in holders {
            self.withheld.insert((holder.touchpoint.clone(), value.clone()), reason);
        }
    }

    fn join(&mut self, value: &IdentifierValue, holders: Vec<Holder>) {
        let holders = holders.into_iter().map(|holder| (holder.touchpoint, holder.rank)).collect();
        self.nodes.push(Node { value: value.clone(), holders });
    }
}

fn rank(policy: &Policy, fact: &Fact) -> Rank {
    let place = policy.trust.iter().position(|way| *way == fact.verification).unwrap();
    (place * 2 + usize::from(fact.weaker), fact.first, fact.id)
}

/// Those who held the value at a time, transitively.
fn tenancies(mut holders: Vec<Holder>) -> Vec<Vec<Holder>> {
    holders.sort_by_key(|holder| holder.from);
    let mut tenancies: Vec<Vec<Holder>> = Vec::new();
    for holder in holders {
        let overlaps = |held: &Holder| held.to.is_none_or(|to| holder.from < to);
        match tenancies.last_mut() {
            Some(tenancy) if tenancy.iter().any(overlaps) => tenancy.push(holder),
            _ => tenancies.push(vec![holder]),
        }
    }
    for tenancy in &mut tenancies {
        tenancy.sort_by_key(|holder| holder.rank);
    }
    tenancies
}

fn groups(named: &[&Holder]) -> Vec<Vec<Holder>> {
    let mut groups: Vec<Vec<Holder>> = Vec::new();
    for &holder in named {
        let suits = |group: &&mut Vec<Holder>| {
            let verdicts: Vec<NameMatch> =
                group.iter().map(|member| compare(member, holder)).collect();
            !verdicts.contains(&NameMatch::Differs) && verdicts.contains(&NameMatch::Compatible)
        };
        match groups.iter_mut().find(suits) {
            Some(group) => group.push(holder.clone()),
            None => groups.push(vec![holder.clone()]),
        }
    }
    let mut united: Vec<Vec<Holder>> = Vec::new();
    for group in groups {
        let differs = |a: &Holder| group.iter().any(|b| compare(a, b) == NameMatch::Differs);
        let mut suitable: Vec<&mut Vec<Holder>> =
            united.iter_mut().filter(|earlier| !earlier.iter().any(differs)).collect();
        match &mut suitable[..] {
            [one] => one.extend(group),
            _ => united.push(group),
        }
    }
    united
}

/// What the names of two touchpoints say; `Same` counts as `Compatible`.
fn compare(a: &Holder, b: &Holder) -> NameMatch {
    let mut verdicts = Vec::new();
    for a in a.names.iter().filter_map(|name| PersonName::parse(name)) {
        for b in b.names.iter().filter_map(|name| PersonName::parse(name)) {
            verdicts.push(a.compare(&b));
        }
    }
    if verdicts.contains(&NameMatch::Same) || verdicts.contains(&NameMatch::Compatible) {
        NameMatch::Compatible
    } else if verdicts.contains(&NameMatch::CannotTell) {
        NameMatch::CannotTell
    } else {
        NameMatch::Differs
    }
}

/// `*` stands for any text.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|at| matches(rest, &text[at..])),
        Some((first, rest)) => {
            text.split_first().is_some_and(|(c, text)| c == first && matches(rest, text))
        }
    }
}
